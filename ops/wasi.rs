//! Native half of `js/wasi.js`: the functions of WASI's preview 1, which WebAssembly programs call.

mod abi;
mod files;
mod paths;
mod poll;
mod process;
mod sandbox;
mod sockets;
mod table;

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use crate::bind::convert::{FromJs, internalized, set, string};
use crate::bind::guest::Guest;
use crate::bind::object::{self, State};
use crate::bind::{Binding, Bytes, Host};
use crate::binding;

use abi::Errno;
use table::{Entry, Table};

/// `internalBinding('wasi')`: the class `WASI`, whose methods are the functions of WASI.
///
/// `begin(wasi, args, env, stdio, preopens)` gives an instance what the program may have: texts, the descriptors of
/// three streams, and directories as a list of names and paths in turn. It returns `undefined` or a failure,
/// `[errno, name]`. `setMemory(wasi, memory)` gives it the memory of the program.
pub const BINDING: Binding =
    binding! { "wasi", raw: [begin, set_memory], extend: install, references: references };

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// What a function of WASI comes to.
type Answer = Result<(), Errno>;

/// What one program may have.
struct Wasi {
    args: Vec<Vec<u8>>,
    env: Vec<Vec<u8>>,
    table: RefCell<Table>,
    host: Weak<Host>,
}

impl Wasi {
    /// The descriptor `fd`, if all of `rights` are there.
    fn get(&self, fd: u32, rights: u64) -> Result<Rc<Entry>, Errno> {
        self.table.borrow().get(fd, rights)
    }
}

/// The state of an instance, which is there when it has begun.
#[derive(Default)]
struct Instance(OnceCell<Wasi>);

impl State for Instance {}

/// Where an instance keeps the memory.
const MEMORY: usize = 0;

fn constructor() -> v8::FunctionCallback {
    let exported = crate::exported!("WASI", |scope, args, rv| {
        let _ = rv;
        object::construct(Instance::default, scope, &args);
    });
    exported.callback
}

/// Puts the class on the binding object. Its methods have WASI's own names, and tell how many parameters they have.
fn install(scope: &mut Scope<'_, '_>, binding: v8::Local<'_, v8::Object>) {
    let template = v8::FunctionTemplate::builder_raw(constructor()).build(scope);
    template.set_class_name(internalized(scope, "WASI"));
    template.instance_template(scope).set_internal_field_count(1);
    let prototype = template.prototype_template(scope);
    for Method { name, length, callback } in methods() {
        let method = v8::FunctionTemplate::builder_raw(callback)
            .length(length)
            .constructor_behavior(v8::ConstructorBehavior::Throw)
            .build(scope);
        prototype.set(internalized(scope, name).into(), method.into());
    }
    if let Some(constructor) = template.get_function(scope) {
        let binding = v8::Local::new(scope, binding);
        set(scope, binding, "WASI", constructor.into());
    }
}

fn references() -> Vec<v8::ExternalReference> {
    let callbacks = std::iter::once(constructor()).chain(methods().into_iter().map(|method| method.callback));
    callbacks.map(|function| v8::ExternalReference { function }).collect()
}

/// An argument of a function of WASI.
trait Word: Sized {
    /// The value; `None` where it is of another type.
    fn take(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Option<Self>;
}

impl Word for u32 {
    fn take(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Option<Self> {
        // WebAssembly hands over what is beyond 2^31 as a negative number.
        if value.is_uint32() || value.is_int32() { value.uint32_value(scope) } else { None }
    }
}

impl Word for u64 {
    fn take(_: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Option<Self> {
        v8::Local::<v8::BigInt>::try_from(value).ok().map(|value| value.u64_value().0)
    }
}

/// A function of WASI. `Parameters` is the tuple of their types.
trait Function<Parameters> {
    /// How many parameters it has.
    const LENGTH: i32;
    /// Takes the arguments of a call; `None` where they are others than the parameters.
    fn take(scope: &mut Scope<'_, '_>, args: &Args<'_>) -> Option<Parameters>;
    /// Calls it.
    fn call(&self, wasi: &Wasi, guest: &mut Guest<'_>, parameters: Parameters) -> Answer;
}

macro_rules! function {
    ($($index:literal $word:ident),*) => {
        #[allow(non_snake_case, reason = "one name serves as type and value")]
        #[allow(unused_variables, clippy::unused_unit, reason = "a function without parameters uses neither")]
        impl<Func, $($word),*> Function<($($word,)*)> for Func
        where
            Func: Fn(&Wasi, &mut Guest<'_>, $($word),*) -> Answer,
            $($word: Word,)*
        {
            const LENGTH: i32 = 0 $(+ { let _ = $index; 1 })*;
            fn take(scope: &mut Scope<'_, '_>, args: &Args<'_>) -> Option<($($word,)*)> {
                if args.length() != Self::LENGTH {
                    return None;
                }
                Some(($($word::take(scope, args.get($index))?,)*))
            }
            fn call(&self, wasi: &Wasi, guest: &mut Guest<'_>, ($($word,)*): ($($word,)*)) -> Answer {
                self(wasi, guest, $($word),*)
            }
        }
    };
}

function!();
function!(0 A);
function!(0 A, 1 B);
function!(0 A, 1 B, 2 C);
function!(0 A, 1 B, 2 C, 3 D);
function!(0 A, 1 B, 2 C, 3 D, 4 E);
function!(0 A, 1 B, 2 C, 3 D, 4 E, 5 F);
function!(0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G);
function!(0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H);
function!(0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H, 8 I);

fn length<Parameters, F: Function<Parameters>>(_: F) -> i32 {
    F::LENGTH
}

/// Answers a call from a program.
fn answer<Parameters, F: Function<Parameters>>(
    function: F,
    scope: &mut Scope<'_, '_>,
    args: &Args<'_>,
    mut rv: Return<'_>,
) {
    let this = args.this();
    let Some(instance) = object::state::<Instance>(scope, this) else {
        let message = string(scope, "Illegal invocation");
        let error = v8::Exception::type_error(scope, message);
        scope.throw_exception(error);
        return;
    };
    let Some(parameters) = F::take(scope, args) else { return rv.set_uint32(Errno::INVAL.0.into()) };
    let memory = this.get_internal_field(scope, MEMORY);
    let memory = memory.and_then(|memory| v8::Local::<v8::WasmMemoryObject>::try_from(memory).ok());
    let (Some(wasi), Some(memory)) = (instance.0.get(), memory) else {
        return throw_not_started(scope);
    };
    let answer = function.call(wasi, &mut Guest::new(memory), parameters);
    rv.set_uint32(answer.map_or_else(|errno| errno.0.into(), |()| 0));
}

fn throw_not_started(scope: &mut Scope<'_, '_>) {
    let message = string(scope, "wasi.start() has not been called");
    let error = v8::Exception::error(scope, message);
    if let Ok(object) = v8::Local::<v8::Object>::try_from(error) {
        let code = internalized(scope, "ERR_WASI_NOT_STARTED").into();
        set(scope, object, "code", code);
    }
    scope.throw_exception(error);
}

macro_rules! functions {
    ($($module:ident: [$($name:ident),* $(,)?])*) => {
        vec![$($(
            Method {
                name: stringify!($name),
                length: length($module::$name),
                callback: crate::exported!(stringify!($name), |scope, args, rv| {
                    answer($module::$name, scope, &args, rv);
                })
                .callback,
            },
        )*)*]
    };
}

/// A function of WASI, as JavaScript has it.
struct Method {
    name: &'static str,
    length: i32,
    callback: v8::FunctionCallback,
}

/// The functions, under the names and in the order that Node has.
fn methods() -> Vec<Method> {
    functions! {
        process: [args_get, args_sizes_get, clock_res_get, clock_time_get, environ_get, environ_sizes_get]
        files: [
            fd_advise, fd_allocate, fd_close, fd_datasync, fd_fdstat_get, fd_fdstat_set_flags, fd_fdstat_set_rights,
            fd_filestat_get, fd_filestat_set_size, fd_filestat_set_times, fd_pread, fd_prestat_get,
            fd_prestat_dir_name, fd_pwrite, fd_read, fd_readdir, fd_renumber, fd_seek, fd_sync, fd_tell, fd_write,
        ]
        paths: [
            path_create_directory, path_filestat_get, path_filestat_set_times, path_link, path_open, path_readlink,
            path_remove_directory, path_rename, path_symlink, path_unlink_file,
        ]
        poll: [poll_oneoff]
        process: [proc_exit, proc_raise, random_get, sched_yield]
        sockets: [sock_accept, sock_recv, sock_send, sock_shutdown]
    }
}

/// `begin(wasi, args, env, stdio, preopens)`.
fn begin<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    let Some(instance) = object::state::<Instance>(scope, object) else { return };
    let mut texts = |index| -> Vec<Vec<u8>> {
        Vec::<Bytes>::from_js(scope, args.get(index)).into_iter().map(|bytes| bytes.0).collect()
    };
    let (arguments, env, preopens) = (texts(1), texts(2), texts(4));
    let stdio = Vec::<i32>::from_js(scope, args.get(3));
    let preopens: Vec<_> =
        preopens.chunks_exact(2).map(|pair| (c_text(&pair[0]), c_text(&pair[1]))).collect();
    let host = Host::of(scope);
    let table = match (stdio.try_into(), host.cwd()) {
        (Ok(stdio), Ok(cwd)) => Table::new(stdio, &cwd, &preopens),
        (_, Err(_)) => Err(Errno::NOENT),
        _ => Err(Errno::INVAL),
    };
    match table {
        Ok(table) => {
            let [args, env] = [arguments, env].map(|texts| texts.iter().map(|text| c_text(text)).collect());
            let _ =
                instance.0.set(Wasi { args, env, table: RefCell::new(table), host: Rc::downgrade(&host) });
        }
        Err(errno) => {
            let number = v8::Integer::new(scope, errno.0.into()).into();
            let name = string(scope, errno.name()).into();
            rv.set(v8::Array::new_with_elements(scope, &[number, name]).into());
        }
    }
}

/// What C sees of a text: all before its first NUL.
fn c_text(text: &[u8]) -> Vec<u8> {
    text.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()
}

/// `setMemory(wasi, memory)`: whether it is a memory.
fn set_memory<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let memory = args.get(1);
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    rv.set_bool(memory.is_wasm_memory_object() && object.set_internal_field(MEMORY, memory.into()));
}
