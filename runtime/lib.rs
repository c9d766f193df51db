//! Ironode: a Node-compatible JavaScript runtime to embed in Rust programs.
//!
//! ```no_run
//! # async fn run() -> Result<(), ironode::Error> {
//! let mut runtime = ironode::Runtime::builder().arg("report.js").inherit().build()?;
//! let exit = runtime.run_file("report.js").await?;
//! # let _ = exit; Ok(())
//! # }
//! ```
//!
//! Beside running programs, a runtime imports modules, calls their functions and gives them functions of Rust's:
//!
//! ```no_run
//! # async fn run() -> Result<(), ironode::Error> {
//! use std::time::Duration;
//!
//! let mut runtime = ironode::Runtime::builder()
//!     .cwd("/srv/app")
//!     .module("host:rates", |rates| {
//!         rates.value("base", "EUR").future("rate", |currency: String| async move {
//!             if currency == "EUR" { Ok(1.0) } else { Err(format!("no rate for {currency}")) }
//!         });
//!     })
//!     .build()?;
//! // The module may import { rate } from 'host:rates'.
//! let report = runtime.import("./report.mjs").await?;
//! let html: String =
//!     runtime.call_method(&report, "render", ("July", 2026)).deadline(Duration::from_secs(2)).await?;
//! # let _ = html; Ok(())
//! # }
//! ```
//!
//! A [`Runtime`] belongs to the thread that built it. A [`Remote`] is one on a thread of its own, which many threads
//! and tasks may call at once:
//!
//! ```no_run
//! # async fn run() -> Result<(), ironode::Error> {
//! let remote = ironode::Remote::spawn(|| ironode::Runtime::builder().cwd("/srv/app"))?;
//! let html: String = remote.call("./report.mjs", "render", ("July", 2026)).await?;
//! let exit = remote.close().await;
//! # let _ = (html, exit); Ok(())
//! # }
//! ```
//!
//! A [`Runtime`] has its own arguments, environment, working directory, standard streams and exit code;
//! nothing is shared with the process unless [`Builder::inherit`] asks for it. That keeps state apart,
//! it is no sandbox: a program can still reach what the process may reach.

mod bootstrap;
mod builder;
mod embed;
mod error;
mod event_loop;
mod isolate;
mod modules;
mod runtime;
mod single_executable;
mod snapshot;
mod stand_ins;
mod start_snapshot;
#[cfg(feature = "typescript")]
#[path = "modules/typescript.rs"]
mod typescript;
mod worker;

pub use builder::{Builder, Output};
pub use embed::Call;
pub use embed::host_module::{HostFunction, HostModule, Returned};
pub use embed::remote::Remote;
pub use embed::thrown::{Exception, Thrown};
pub use embed::value::{Arguments, Bytes, FromJs, Function, Json, Object, ToJs, Value};
pub use error::Error;
pub use ironode_ops::NODE_VERSION;
pub use ironode_ops::bind::state::{Exit, OptionValue, Options, ReadOptions};
pub use ironode_ops::sea::{Application, Extension, Main};
pub use ironode_ops::sys::dotenv::parse as parse_env;
pub use ironode_ops::sys::embedded;
pub use isolate::{accepts_v8_flag, print_v8_options};
pub use runtime::{Runtime, Source};
pub use single_executable::application;
pub use snapshot::{Built, Snapshot, Unfit};

use start_snapshot::build_tag;
#[cfg(not(debug_assertions))]
use start_snapshot::code_at;

/// The bindings that the start-up snapshot knows nothing of: they come after all that it refers to.
const LATE_BINDINGS: &[ironode_ops::bind::Binding] = &[
    #[cfg(feature = "typescript")]
    typescript::BINDING,
    worker::BINDING,
    embed::BINDING,
];
