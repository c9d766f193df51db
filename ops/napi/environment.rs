//! What an add-on can ask about where it is, and finalizers that it puts off.

use std::ffi::{c_char, c_void};

use super::abi::{Data, Finalize, NEWEST_VERSION, NodeVersion, Out, Status};
use super::addons;
use super::call::napi;
use super::env::Env;
use super::error::constant;

/// The version that is told, in numbers.
static VERSION: NodeVersion = {
    let [major, minor, patch] = numbers(crate::NODE_VERSION);
    NodeVersion { major, minor, patch, release: constant(c"node") }
};

/// The numbers of a version such as `v26.10.0`.
const fn numbers(version: &str) -> [u32; 3] {
    let bytes = version.as_bytes();
    let mut numbers = [0; 3];
    let (mut index, mut at) = (0, 1);
    while at < bytes.len() {
        if bytes[at] == b'.' {
            index += 1;
        } else {
            numbers[index] = numbers[index] * 10 + (bytes[at] - b'0') as u32;
        }
        at += 1;
    }
    numbers
}

napi! {
    basic napi_get_version(env, scope, result: Out<u32>) {
        result.set(NEWEST_VERSION as u32);
    }

    basic napi_get_node_version(env, scope, result: Out<*const NodeVersion>) {
        result.set(&raw const VERSION);
    }

    basic node_api_get_module_file_name(env, scope, result: Out<*const c_char>) {
        result.set(env.file.as_ptr());
    }

    basic napi_get_uv_event_loop(env, scope, result: Out<*mut c_void>) {
        // There is no libuv whose loop it could be.
        result.set(std::ptr::null_mut());
        Err(Status::GenericFailure)?;
    }

    basic node_api_post_finalizer(env, scope, finalize: Option<Finalize>, data: Data, hint: Data) {
        let finalize = finalize.ok_or(Status::InvalidArg)?;
        let address = env.address();
        env.host.begin_request();
        env.host.mailbox.post(move |scope| {
            if let Some(env) = Env::at(address) {
                env.enter(scope, |scope| addons::finalize(env, scope, finalize, data, hint));
            }
        });
    }
}
