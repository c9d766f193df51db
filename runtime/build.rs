//! Makes the start-up snapshots of release builds, and the compiled form of the files that are not in them.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs, io};

#[path = "bootstrap.rs"]
#[allow(dead_code, reason = "the snapshot needs a part of it")]
mod bootstrap;
#[path = "isolate.rs"]
#[allow(dead_code, unreachable_pub, reason = "the snapshot needs a part of it")]
mod isolate;
#[path = "modules/mod.rs"]
mod modules;
#[path = "stand_ins.rs"]
mod stand_ins;

/// What only the library has.
const LATE_BINDINGS: &[ironode_ops::bind::Binding] = &[];

/// The library has what is made here.
fn build_tag() -> u32 {
    0
}

/// The compiled form of the files, once it has been made.
static CODE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();

#[cfg(not(debug_assertions))]
fn code_at(position: usize) -> Option<&'static [u8]> {
    CODE.get()?.get(position).map(Vec::as_slice).filter(|code| !code.is_empty())
}

/// Functions that ours stand in for: those of V8 in `stand_ins.rs` and `ops/sys/tiering.rs`, that of the system in
/// `ops/sys/stack.rs`.
const REPLACED: [&str; 16] = [
    "pthread_getattr_np",
    "_Znwm",
    "_Znam",
    "_ZdlPv",
    "_ZdlPvm",
    "_ZdaPv",
    "_ZdaPvm",
    "_ZN4absl13base_internal19NominalCPUFrequencyEv",
    "_ZN2v84base6Thread5StartEv",
    "_ZN2v88platform16DelayedTaskQueue6AppendENSt4__Cr10unique_ptrINS_4TaskENS2_14default_deleteIS4_EEEE",
    "_ZN2v88platform16DelayedTaskQueue13AppendDelayedENSt4__Cr10unique_ptrINS_4TaskENS2_14default_deleteIS4_EEEEd",
    "_ZN2v88internal12IsolateGroup17SetupReadOnlyHeapEPNS0_7IsolateEPNS0_12SnapshotDataEb",
    "_ZN2v84base2OS8AllocateEPvmmNS1_16MemoryPermissionENSt4__Cr8optionalINS_18SharedMemoryHandleEEE",
    "_ZN2v88internal10JSFunction19RequestOptimizationEPNS0_7IsolateENS0_8CodeKindENS0_15ConcurrencyModeE",
    "_ZN2v88internal8baseline21BaselineBatchCompiler15EnqueueFunctionENS0_12DirectHandleINS0_10JSFunctionEEE",
    "_ZN2v88internal8baseline21BaselineBatchCompiler10EnqueueSFIENS0_6TaggedINS0_18SharedFunctionInfoEEE",
];

fn main() -> io::Result<()> {
    for file in ["build.rs", "bootstrap.rs", "isolate.rs", "modules", "stand_ins.rs"] {
        println!("cargo::rerun-if-changed={file}");
    }
    // An executable at a fixed address needs no relocations at start-up, as the official build of Node.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    for function in REPLACED {
        println!("cargo::rustc-link-arg-bins=-Wl,--wrap={function}");
    }
    // One library less to be loaded.
    println!("cargo::rustc-link-lib=dylib:+verbatim=libgcc_eh.a");
    order_functions();
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let out = Path::new(&out);
    export_for_add_ons(out)?;
    if env::var("CARGO_CFG_DEBUG_ASSERTIONS").is_ok() {
        return Ok(());
    }
    // Sockets want one.
    let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _entered = reactor.enter();
    let small: &'static [u8] = bootstrap::snapshot().map_err(io::Error::other)?.leak();
    let code = bootstrap::code(small).map_err(io::Error::other)?;
    write(out, "small", small, &code)?;
    // It takes over what has been compiled for the small one.
    let _ = CODE.set(code);
    let large: &'static [u8] = bootstrap::large_snapshot(small).map_err(io::Error::other)?.leak();
    write(out, "large", large, &bootstrap::code(large).map_err(io::Error::other)?)
}

/// Writes a snapshot, a number that stands for it, and what has been compiled with it.
fn write(out: &Path, name: &str, snapshot: &[u8], code: &[Vec<u8>]) -> io::Result<()> {
    fs::write(out.join(format!("{name}.snapshot")), snapshot)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(snapshot);
    fs::write(out.join(format!("{name}_tag.rs")), (hasher.finish() as u32).to_string())?;
    write_code(out, name, code)
}

/// Has the linker put together what programs run as they start: less of the executable is mapped then. Other linkers
/// than the one of this platform do not know how.
fn order_functions() {
    const ORDER: &str = "third_party/v8/start_order.txt";
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace's folder");
    let order = root.join(ORDER);
    println!("cargo::rerun-if-changed={}", order.display());
    if env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={}", order.display());
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
        // Only the last segment is larger in memory than in the file then, and tools find room behind it.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,common-page-size=1");
    }
}

/// Has the executable export the functions of Node-API, and nothing else: were V8's C++ library visible, add-ons would
/// take it for theirs, and the first exception in one would end the process.
fn export_for_add_ons(out: &Path) -> io::Result<()> {
    let names = ironode_ops::napi::SYMBOLS.join(";\n");
    let (list, script) = (out.join("exports.list"), out.join("exports.version"));
    fs::write(&list, format!("{{\n{names};\n}};\n"))?;
    fs::write(&script, format!("{{\nglobal:\n{names};\nlocal:\n*;\n}};\n"))?;
    println!("cargo::rustc-link-arg-bins=-Wl,--export-dynamic-symbol-list={}", list.display());
    println!("cargo::rustc-link-arg-bins=-Wl,--version-script={}", script.display());
    Ok(())
}

/// V8 copies what does not begin at a multiple of this.
const ALIGNMENT: usize = 8;

/// Writes the compiled files one after another, and where each of them is.
fn write_code(out: &Path, name: &str, files: &[Vec<u8>]) -> io::Result<()> {
    let mut code = Vec::new();
    let mut index = String::from("&[\n");
    for bytes in files {
        code.resize(code.len().next_multiple_of(ALIGNMENT), 0);
        let _ = writeln!(index, "    ({}, {}),", code.len(), bytes.len());
        code.extend_from_slice(bytes);
    }
    index.push(']');
    fs::write(out.join(format!("{name}.code")), code)?;
    fs::write(out.join(format!("{name}_code.rs")), index)
}
