//! What V8 compiles for the long run waits while a program starts: most of what is called often then is not called often
//! afterwards, and the start is over before it pays.
//!
//! A program that computes right away is not to wait long: after some time, or when much would have been compiled, it is
//! no start any more.

use std::ffi::c_void;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How much is put off at most: V8 asks again for what is still called often.
const MOST: u32 = 48;

/// How long a start takes at most.
const LONGEST: Duration = Duration::from_millis(100);

/// How much more is put off; 0 after the start.
static LEFT: AtomicU32 = AtomicU32::new(0);

/// When the start has begun.
static BEGAN: OnceLock<Instant> = OnceLock::new();

/// The process's program starts.
pub fn begin_start() {
    BEGAN.get_or_init(|| {
        LEFT.store(MOST, Ordering::Relaxed);
        Instant::now()
    });
}

/// The start is over.
pub fn end_start() {
    LEFT.store(0, Ordering::Relaxed);
}

/// Whether the program starts.
fn is_starting() -> bool {
    let is_over =
        LEFT.load(Ordering::Relaxed) == 0 || BEGAN.get().is_none_or(|began| began.elapsed() > LONGEST);
    if is_over {
        end_start();
    }
    !is_over
}

/// Whether what V8 asks for is put off.
fn is_put_off() -> bool {
    is_starting() && {
        LEFT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

unsafe extern "C" {
    #[link_name = "__real__ZN2v88internal10JSFunction19RequestOptimizationEPNS0_7IsolateENS0_8CodeKindENS0_15ConcurrencyModeE"]
    fn really_request_optimization(function: usize, isolate: *mut c_void, kind: u8, concurrency: u8);
    #[link_name = "__real__ZN2v88internal8baseline21BaselineBatchCompiler15EnqueueFunctionENS0_12DirectHandleINS0_10JSFunctionEEE"]
    fn really_enqueue_function(compiler: *mut c_void, function: usize);
    #[link_name = "__real__ZN2v88internal8baseline21BaselineBatchCompiler10EnqueueSFIENS0_6TaggedINS0_18SharedFunctionInfoEEE"]
    fn really_enqueue_shared(compiler: *mut c_void, function: usize);
}

/// Stands in for `v8::internal::JSFunction::RequestOptimization` (see `runtime/build.rs`).
#[unsafe(export_name = "__wrap__ZN2v88internal10JSFunction19RequestOptimizationEPNS0_7IsolateENS0_8CodeKindENS0_15ConcurrencyModeE")]
extern "C" fn request_optimization(function: usize, isolate: *mut c_void, kind: u8, concurrency: u8) {
    if !is_put_off() {
        // SAFETY: the arguments are those of V8's call.
        unsafe { really_request_optimization(function, isolate, kind, concurrency) };
    }
}

/// Stands in for `v8::internal::baseline::BaselineBatchCompiler::EnqueueFunction`.
#[unsafe(export_name = "__wrap__ZN2v88internal8baseline21BaselineBatchCompiler15EnqueueFunctionENS0_12DirectHandleINS0_10JSFunctionEEE")]
extern "C" fn enqueue_function(compiler: *mut c_void, function: usize) {
    if !is_starting() {
        // SAFETY: the arguments are those of V8's call.
        unsafe { really_enqueue_function(compiler, function) };
    }
}

/// Stands in for `v8::internal::baseline::BaselineBatchCompiler::EnqueueSFI`, which V8 calls for a function that it had
/// compiled when it wrote a code cache.
#[unsafe(export_name = "__wrap__ZN2v88internal8baseline21BaselineBatchCompiler10EnqueueSFIENS0_6TaggedINS0_18SharedFunctionInfoEEE")]
extern "C" fn enqueue_shared(compiler: *mut c_void, function: usize) {
    if !is_starting() {
        // SAFETY: the arguments are those of V8's call.
        unsafe { really_enqueue_shared(compiler, function) };
    }
}
