//! What Ironode's JavaScript layer cannot do by itself. Each file beside this one is the native half
//! of the Node module of its name; `bind` is the border with V8, `sys` the border with the system.

pub mod bind;
pub mod sys;

pub mod assert;
pub mod async_context;
pub mod buffer;
pub mod child_process;
pub mod constants;
pub mod crypto;
pub mod dgram;
pub mod dns;
pub mod encoding;
pub mod errno;
pub mod fs;
pub mod http;
pub mod http2;
pub mod inspect;
pub mod inspector;
pub mod messaging;
pub mod napi;
pub mod net;
pub mod options;
pub mod os;
pub mod perf_hooks;
pub mod permission;
pub mod process;
pub mod repl;
pub mod sea;
pub mod signals;
pub mod sqlite;
pub mod stdio;
pub mod structured_clone;
pub mod task_queue;
pub mod tls;
pub mod trace_events;
pub mod tty;
pub mod types;
pub mod url;
pub mod util;
pub mod v8;
pub mod vm;
pub mod wasi;
pub mod wasm_streaming;
pub mod zlib;

use bind::Binding;

/// The version of Node whose behaviour this is.
pub const NODE_VERSION: &str = "v26.10.0";

/// Every binding that `internalBinding()` can be asked for.
pub const BINDINGS: &[Binding] = &[
    assert::BINDING,
    async_context::BINDING,
    buffer::BINDING,
    buffer::FAST_BINDING,
    child_process::BINDING,
    constants::BINDING,
    crypto::BINDING,
    crypto::dh::BINDING,
    crypto::keys::BINDING,
    crypto::operations::BINDING,
    crypto::x509::BINDING,
    dgram::BINDING,
    dns::BINDING,
    encoding::BINDING,
    errno::BINDING,
    fs::BINDING,
    http::BINDING,
    http2::BINDING,
    inspect::BINDING,
    inspector::BINDING,
    messaging::BINDING,
    napi::BINDING,
    net::BINDING,
    options::BINDING,
    os::BINDING,
    perf_hooks::BINDING,
    perf_hooks::histogram::BINDING,
    permission::BINDING,
    process::BINDING,
    repl::BINDING,
    sea::BINDING,
    signals::BINDING,
    sqlite::BINDING,
    stdio::BINDING,
    structured_clone::BINDING,
    task_queue::BINDING,
    tls::BINDING,
    trace_events::BINDING,
    tty::BINDING,
    types::BINDING,
    url::BINDING,
    util::BINDING,
    v8::BINDING,
    vm::BINDING,
    wasi::BINDING,
    wasm_streaming::BINDING,
    zlib::BINDING,
];
