//! Loading add-ons: shared objects that register themselves, by a symbol or while they are loaded.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::{CStr, CString, OsString, c_char, c_int, c_uint, c_void};
use std::os::unix::ffi::OsStringExt;
use std::sync::{LazyLock, Mutex};

use super::abi::{DEFAULT_VERSION, EXPERIMENTAL, NEWEST_VERSION, Scope, Value};
use super::addons::{Addons, Tools};
use super::env::Env;
use crate::bind::Host;
use crate::bind::convert::{internalized, string};
use crate::bind::path::{Names, PathArg};
use crate::bind::permission;
use crate::bind::task::lock;

/// `napi_addon_register_func`.
type Register = unsafe extern "C" fn(*mut Env, Value) -> Value;

/// `napi_module`.
#[repr(C)]
pub(super) struct Module {
    version: c_int,
    flags: c_uint,
    file: *const c_char,
    register: Option<Register>,
    name: *const c_char,
    private: *mut c_void,
    reserved: [*mut c_void; 4],
}

thread_local! {
    /// What has registered itself since the thread began to load an object.
    static REGISTERED: Cell<Option<Option<Register>>> = const { Cell::new(None) };
}

/// The functions of the objects that have registered themselves, by the handle: an object does so only when it is
/// loaded for the first time in the process.
static KNOWN: LazyLock<Mutex<HashMap<usize, Option<Register>>>> = LazyLock::new(Mutex::default);

/// Called by an object that is being loaded.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_module_register(module: *const Module) {
    // SAFETY: the object keeps its description for ever.
    let Some(module) = (unsafe { module.as_ref() }) else { return };
    REGISTERED.set(Some(module.register));
}

/// Why an add-on cannot be loaded.
enum Failure {
    /// The system's words, or ours in their place.
    Text(String),
    /// It names no function to be started by.
    NoEntry,
    /// Its code has thrown.
    Thrown,
}

fn text(failure: impl Into<String>) -> Failure {
    Failure::Text(failure.into())
}

/// Loads a shared object and finds what it is to be started by, and the version that it wants.
fn open(file: &CStr, flags: i32) -> Result<(Register, i32), Failure> {
    REGISTERED.set(None);
    // What an add-on needs that is not there shall be known now, and not end the process later.
    let is_lazy = flags & libc::RTLD_LAZY != 0;
    let flags = if is_lazy { flags & !libc::RTLD_LAZY | libc::RTLD_NOW } else { flags };
    // SAFETY: `file` is a terminated string. The object's initialisers run, as the program asked.
    let handle = unsafe { libc::dlopen(file.as_ptr(), flags) };
    if handle.is_null() {
        // SAFETY: after a failed `dlopen` the call returns a string or null.
        let error = unsafe { libc::dlerror() };
        if error.is_null() {
            return Err(text(""));
        }
        // SAFETY: the string is terminated and stays until the next call of this family on this thread.
        return Err(text(unsafe { CStr::from_ptr(error) }.to_string_lossy()));
    }
    if let Some(register) = REGISTERED.take() {
        lock(&KNOWN).insert(handle.addr(), register);
    }
    if let Some(register) = symbol(handle, c"napi_register_module_v1") {
        // SAFETY: the symbol of this name is such a function.
        let register = unsafe { std::mem::transmute::<*mut c_void, Register>(register) };
        let version =
            symbol(handle, c"node_api_module_get_api_version_v1").map_or(DEFAULT_VERSION, |version| {
                // SAFETY: the symbol of this name is such a function.
                let version = unsafe { std::mem::transmute::<*mut c_void, extern "C" fn() -> i32>(version) };
                version()
            });
        return Ok((register, version));
    }
    let name = file.to_string_lossy();
    match lock(&KNOWN).get(&handle.addr()) {
        Some(Some(register)) => Ok((*register, DEFAULT_VERSION)),
        Some(None) => Err(Failure::NoEntry),
        None => Err(text(format!("Module did not self-register: '{name}'."))),
    }
}

fn symbol(handle: *mut c_void, name: &CStr) -> Option<*mut c_void> {
    // SAFETY: the handle is open, and add-ons are never closed.
    let address = unsafe { libc::dlsym(handle, name.as_ptr()) };
    (!address.is_null()).then_some(address)
}

/// Loads `file` and starts it with the exports of `module`, which it may replace.
fn start<'s>(
    scope: &mut Scope<'s, '_>,
    [module, exports]: [v8::Local<'s, v8::Object>; 2],
    file: CString,
    url: CString,
    flags: i32,
) -> Result<(), Failure> {
    let (register, version) = open(&file, flags)?;
    if version > NEWEST_VERSION && version != EXPERIMENTAL {
        return Err(text(format!(
            "{} requires Node-API version {version}, but this version of Node.js only supports version \
             {NEWEST_VERSION} add-ons.",
            url.to_string_lossy()
        )));
    }
    let env = Env::new(scope, version.max(DEFAULT_VERSION), url);
    let addons = Host::of(scope).extension::<Addons>();
    // SAFETY: an environment stays until its runtime goes.
    let env = unsafe { &*addons.keep(env) };
    let mut has_thrown = false;
    let into = || {
        // SAFETY: the object has given the function for this call.
        unsafe { register(env.address(), Value::from(exports)) }
    };
    let result = env.call(scope, into, |_, scope, exception| {
        has_thrown = true;
        scope.throw_exception(exception);
    });
    if has_thrown {
        return Err(Failure::Thrown);
    }
    if let Some(value) = result.optional(scope)
        && !value.strict_equals(exports.into())
    {
        let key = internalized(scope, "exports").into();
        module.set(scope, key, value).ok_or(Failure::Thrown)?;
    }
    Ok(())
}

/// `load(module, file, url, flags, exports)`: starts an add-on. Returns what is said against it, if anything is.
pub(super) fn load<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let (Ok(module), Ok(exports)) =
        (v8::Local::<v8::Object>::try_from(args.get(0)), v8::Local::<v8::Object>::try_from(args.get(4)))
    else {
        return;
    };
    let resource = args.get(1).to_rust_string_lossy(scope);
    let file = match permission::require(scope, permission::Scope::Addon, &resource) {
        Ok(()) => PathArg::<Names>::from_js(scope, args.get(1)),
        Err(denied) => Err(denied),
    };
    let file = match file {
        Ok(file) => file,
        Err(denied) => return denied.throw(scope),
    };
    let file = CString::new(OsString::from(file.path()).into_vec()).unwrap_or_default();
    let url = CString::new(args.get(2).to_rust_string_lossy(scope)).unwrap_or_default();
    let flags = args.get(3).int32_value(scope).unwrap_or(libc::RTLD_LAZY);
    match start(scope, [module, exports], file, url, flags) {
        Ok(()) | Err(Failure::Thrown) => {}
        Err(Failure::Text(text)) => rv.set(string(scope, &text).into()),
        Err(Failure::NoEntry) => {
            let message = string(scope, "Module has no declared entry point.");
            let error = v8::Exception::error(scope, message);
            scope.throw_exception(error);
        }
    }
}

/// `equip(bufferPrototype, { begin, before, after, end, tagExternal, tagOfExternal, warn })`: what add-ons need of
/// JavaScript.
pub(super) fn equip<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let (Ok(prototype), Ok(functions)) =
        (v8::Local::<v8::Object>::try_from(args.get(0)), v8::Local::<v8::Object>::try_from(args.get(1)))
    else {
        return;
    };
    let buffer_prototype = v8::Global::new(scope, prototype);
    if let Some(tools) = tools(scope, buffer_prototype, functions) {
        let host = Host::of(scope);
        host.extension::<Addons>().set_tools(&host, tools);
    }
}

fn tools<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    buffer_prototype: v8::Global<v8::Object>,
    functions: v8::Local<'s, v8::Object>,
) -> Option<Tools> {
    let function = |name| {
        let function = functions.get(scope, internalized(scope, name).into())?;
        let function = v8::Local::<v8::Function>::try_from(function).ok()?;
        Some(v8::Global::new(scope, function))
    };
    Some(Tools {
        buffer_prototype,
        begin: function("begin")?,
        before: function("before")?,
        after: function("after")?,
        end: function("end")?,
        tag_external: function("tagExternal")?,
        tag_of_external: function("tagOfExternal")?,
        warn: function("warn")?,
    })
}
