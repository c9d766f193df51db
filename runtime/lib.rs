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
//! A [`Runtime`] has its own arguments, environment, working directory, standard streams and exit code;
//! nothing is shared with the process unless [`Builder::inherit`] asks for it. That keeps state apart,
//! it is no sandbox: a program can still reach what the process may reach.

mod bootstrap;
mod builder;
mod error;
mod event_loop;
mod isolate;
mod modules;
mod runtime;
#[cfg(feature = "typescript")]
#[path = "modules/typescript.rs"]
mod typescript;
mod worker;

pub use builder::{Builder, Output};
pub use error::Error;
pub use ironode_ops::NODE_VERSION;
pub use ironode_ops::bind::state::{Exit, OptionValue, Options, ReadOptions};
pub use ironode_ops::sys::dotenv::parse as parse_env;
pub use isolate::{accepts_v8_flag, print_v8_options};
pub use runtime::{Runtime, Source};

use runtime::BUILD_TAG;
#[cfg(not(debug_assertions))]
use runtime::code_at;

/// The bindings that the start-up snapshot knows nothing of: they come after all that it refers to.
const LATE_BINDINGS: &[ironode_ops::bind::Binding] = &[
    #[cfg(feature = "typescript")]
    typescript::BINDING,
    worker::BINDING,
];
