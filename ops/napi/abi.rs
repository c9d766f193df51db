//! The types of Node-API as C sees them, and what makes them safe to use from the functions that are exported.

use std::ffi::{CStr, c_char, c_void};

use super::env::Env;

/// What every function of Node-API returns: `napi_status`.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    InvalidArg,
    ObjectExpected,
    StringExpected,
    NameExpected,
    FunctionExpected,
    NumberExpected,
    BooleanExpected,
    ArrayExpected,
    GenericFailure,
    PendingException,
    Cancelled,
    EscapeCalledTwice,
    HandleScopeMismatch,
    CallbackScopeMismatch,
    QueueFull,
    Closing,
    BigintExpected,
    DateExpected,
    ArraybufferExpected,
    DetachableArraybufferExpected,
    #[expect(dead_code, reason = "a number that is no longer used")]
    WouldDeadlock,
    #[expect(dead_code, reason = "external memory is always allowed")]
    NoExternalBuffersAllowed,
    CannotRunJs,
}

/// The texts of `napi_get_last_error_info`, by the number of the status; none for success.
pub(super) const MESSAGES: [Option<&CStr>; 24] = [
    None,
    Some(c"Invalid argument"),
    Some(c"An object was expected"),
    Some(c"A string was expected"),
    Some(c"A string or symbol was expected"),
    Some(c"A function was expected"),
    Some(c"A number was expected"),
    Some(c"A boolean was expected"),
    Some(c"An array was expected"),
    Some(c"Unknown failure"),
    Some(c"An exception is pending"),
    Some(c"The async work item was cancelled"),
    Some(c"napi_escape_handle already called on scope"),
    Some(c"Invalid handle scope usage"),
    Some(c"Invalid callback scope usage"),
    Some(c"Thread-safe function queue is full"),
    Some(c"Thread-safe function handle is closing"),
    Some(c"A bigint was expected"),
    Some(c"A date was expected"),
    Some(c"An arraybuffer was expected"),
    Some(c"A detachable arraybuffer was expected"),
    Some(c"Main thread would deadlock"),
    Some(c"External buffers are not allowed"),
    Some(c"Cannot run JavaScript"),
];

/// How the body of an exported function ends.
pub(super) type Outcome = Result<(), Status>;

/// The scope in which an exported function works: it opens no handle scope of its own, since what it returns
/// lives in the caller's.
pub(super) type Scope<'s, 'i> = v8::PinScope<'s, 'i>;

/// A parameter of an exported function that may be refused before the function does anything.
pub(super) trait Param {
    fn check(&self) -> Outcome {
        Ok(())
    }
}

/// A JavaScript value: `napi_value`. It is the address of a handle, which lives as long as the innermost handle
/// scope that was open when it was made.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value(*const c_void);

impl Value {
    /// No value at all.
    pub(super) const NONE: Value = Value(std::ptr::null());

    pub(super) fn from_address(address: *const c_void) -> Self {
        Value(address)
    }

    pub(super) fn address(self) -> *const c_void {
        self.0
    }

    /// The handle.
    pub(super) fn local<'s>(self, scope: &Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Status> {
        self.optional(scope).ok_or(Status::InvalidArg)
    }

    /// The handle; `None` where the caller has given null.
    pub(super) fn optional<'s>(self, _: &Scope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
        // SAFETY: a handle is the address of its slot and never null; that the slot is alive is what Node-API
        // asks of its callers.
        unsafe { std::mem::transmute::<*const c_void, Option<v8::Local<'s, v8::Value>>>(self.0) }
    }

    /// The handle of an object that is one already.
    pub(super) fn object<'s>(self, scope: &Scope<'s, '_>) -> Result<v8::Local<'s, v8::Object>, Status> {
        self.local(scope)?.try_into().map_err(|_| Status::InvalidArg)
    }

    /// The handle of the object that the value is or becomes.
    pub(super) fn to_object<'s>(self, scope: &Scope<'s, '_>) -> Result<v8::Local<'s, v8::Object>, Status> {
        let value = self.local(scope)?;
        match value.try_into() {
            Ok(object) => Ok(object),
            Err(_) => value.to_object(scope).ok_or(Status::ObjectExpected),
        }
    }

    /// The handle of a function.
    pub(super) fn function<'s>(self, scope: &Scope<'s, '_>) -> Result<v8::Local<'s, v8::Function>, Status> {
        self.local(scope)?.try_into().map_err(|_| Status::InvalidArg)
    }

    /// The handle of a string.
    pub(super) fn string<'s>(self, scope: &Scope<'s, '_>) -> Result<v8::Local<'s, v8::String>, Status> {
        self.local(scope)?.try_into().map_err(|_| Status::StringExpected)
    }

    /// The handle of a string or symbol.
    pub(super) fn name<'s>(self, scope: &Scope<'s, '_>) -> Result<v8::Local<'s, v8::Name>, Status> {
        self.local(scope)?.try_into().map_err(|_| Status::NameExpected)
    }
}

/// The handles of several values, none of which may be null.
pub(super) fn locals<'s, 'a>(
    _: &Scope<'s, '_>,
    values: &'a [Value],
) -> Result<&'a [v8::Local<'s, v8::Value>], Status> {
    if values.iter().any(|value| value.0.is_null()) {
        return Err(Status::InvalidArg);
    }
    // SAFETY: a handle is the address of its slot, and none of these is null.
    Ok(unsafe { std::mem::transmute::<&'a [Value], &'a [v8::Local<'s, v8::Value>]>(values) })
}

impl<T> From<v8::Local<'_, T>> for Value {
    fn from(local: v8::Local<'_, T>) -> Self {
        Value(std::ptr::from_ref(&*local).cast())
    }
}

impl Param for Value {
    fn check(&self) -> Outcome {
        if self.0.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

/// A value that may be left out.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct MaybeValue(pub(super) Value);

impl Param for MaybeValue {}

/// Where a result goes.
#[repr(transparent)]
pub(super) struct Out<T>(*mut T);

impl<T: Copy> Out<T> {
    pub(super) fn set(&self, value: T) {
        // SAFETY: it is not null, which `check` has seen, and what it points to is the caller's room for a result.
        unsafe { self.0.write(value) };
    }
}

impl Out<Value> {
    pub(super) fn put<T>(&self, value: v8::Local<'_, T>) {
        self.set(Value::from(value));
    }
}

impl<T> Param for Out<T> {
    fn check(&self) -> Outcome {
        if self.0.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

/// Where a result goes, if the caller wants it; some hold what the caller wants first.
#[repr(transparent)]
pub(super) struct MaybeOut<T>(*mut T);

impl<T: Copy> MaybeOut<T> {
    pub(super) fn is_wanted(&self) -> bool {
        !self.0.is_null()
    }

    pub(super) fn set(&self, value: T) {
        if self.is_wanted() {
            // SAFETY: what is not null is the caller's room for a result.
            unsafe { self.0.write(value) };
        }
    }

    /// What the caller has put there.
    pub(super) fn get(&self) -> Option<T> {
        // SAFETY: what is not null has been initialised by the caller, whom Node-API asks to.
        self.is_wanted().then(|| unsafe { self.0.read() })
    }

    /// The room for `length` results; empty where none is wanted.
    pub(super) fn slice<'a>(&self, length: usize) -> &'a mut [T] {
        if self.0.is_null() || length == 0 {
            return &mut [];
        }
        // SAFETY: the caller says that there is room for as many, and nobody else uses it during the call.
        unsafe { std::slice::from_raw_parts_mut(self.0, length) }
    }
}

impl<T> Param for MaybeOut<T> {}

/// Items that the caller lends for the call: characters, arguments, descriptors.
#[repr(transparent)]
pub(super) struct Items<T>(*const T);

/// The length of a text that ends with a zero.
const AUTO_LENGTH: usize = usize::MAX;

impl<T> Items<T> {
    pub(super) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    pub(super) fn address(&self) -> *mut T {
        self.0.cast_mut()
    }

    /// The items. Null stands for none of them.
    pub(super) fn slice<'a>(&self, length: usize) -> Result<&'a [T], Status> {
        if self.0.is_null() || length == 0 {
            return if length == 0 { Ok(&[]) } else { Err(Status::InvalidArg) };
        }
        // SAFETY: the caller says that there are as many, and keeps them during the call.
        Ok(unsafe { std::slice::from_raw_parts(self.0, length) })
    }
}

impl<T: Copy + Default + PartialEq> Items<T> {
    /// The characters of a text of a length that may be found out.
    pub(super) fn text<'a>(&self, length: usize) -> Result<&'a [T], Status> {
        if self.0.is_null() {
            return if length == 0 { Ok(&[]) } else { Err(Status::InvalidArg) };
        }
        match length {
            AUTO_LENGTH => self.slice(self.length()),
            length if length <= i32::MAX as usize => self.slice(length),
            _ => Err(Status::InvalidArg),
        }
    }

    /// The number of characters before a zero.
    fn length(&self) -> usize {
        let mut length = 0;
        loop {
            // SAFETY: the text ends with a zero, which is not passed.
            let next = unsafe { self.0.add(length) };
            // SAFETY: as above.
            if unsafe { next.read() } == T::default() {
                return length;
            }
            length += 1;
        }
    }
}

impl<T> Param for Items<T> {}

/// A text that ends with a zero and must be there.
#[repr(transparent)]
pub(super) struct Text(*const c_char);

impl Text {
    pub(super) fn bytes<'a>(&self) -> &'a [u8] {
        // SAFETY: it is not null, which `check` has seen, and ends with a zero.
        unsafe { CStr::from_ptr(self.0) }.to_bytes()
    }
}

impl Param for Text {
    fn check(&self) -> Outcome {
        if self.0.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

/// A text that ends with a zero, if it is there.
#[repr(transparent)]
pub(super) struct MaybeText(*const c_char);

impl MaybeText {
    pub(super) fn bytes<'a>(&self) -> Option<&'a [u8]> {
        // SAFETY: what is not null ends with a zero.
        (!self.0.is_null()).then(|| unsafe { CStr::from_ptr(self.0) }.to_bytes())
    }
}

impl Param for MaybeText {}

/// An address that means something to the add-on alone.
pub(super) type Data = *mut c_void;

/// `napi_callback`.
pub(super) type Callback = unsafe extern "C" fn(*mut Env, *mut c_void) -> Value;
/// `napi_finalize`.
pub(super) type Finalize = unsafe extern "C" fn(*mut Env, Data, Data);
/// `node_api_noenv_finalize`.
pub(super) type FinalizeAnywhere = unsafe extern "C" fn(Data, Data);
/// `napi_async_execute_callback`.
pub(super) type Execute = unsafe extern "C" fn(*mut Env, Data);
/// `napi_async_complete_callback`.
pub(super) type Complete = unsafe extern "C" fn(*mut Env, Status, Data);
/// `napi_threadsafe_function_call_js`.
pub(super) type CallJs = unsafe extern "C" fn(*mut Env, Value, Data, Data);
/// `napi_cleanup_hook`.
pub(super) type CleanupHook = unsafe extern "C" fn(Data);
/// `napi_async_cleanup_hook`.
pub(super) type AsyncCleanupHook = unsafe extern "C" fn(*mut c_void, Data);

macro_rules! plain_params {
    ($($type:ty),*) => { $(impl Param for $type {})* };
}

plain_params!(
    bool,
    i32,
    u32,
    i64,
    u64,
    f64,
    usize,
    Data,
    *const c_void,
    Option<Callback>,
    Option<Finalize>,
    Option<FinalizeAnywhere>,
    Option<Execute>,
    Option<Complete>,
    Option<CallJs>,
    Option<CleanupHook>
);

/// `napi_property_descriptor`.
#[repr(C)]
pub(super) struct Property {
    pub(super) text: MaybeText,
    pub(super) name: Value,
    pub(super) method: Option<Callback>,
    pub(super) getter: Option<Callback>,
    pub(super) setter: Option<Callback>,
    pub(super) value: Value,
    pub(super) attributes: u32,
    pub(super) data: Data,
}

/// The bits of [`Property::attributes`].
pub(super) const WRITABLE: u32 = 1;
pub(super) const ENUMERABLE: u32 = 1 << 1;
pub(super) const CONFIGURABLE: u32 = 1 << 2;
pub(super) const STATIC: u32 = 1 << 10;

/// `napi_extended_error_info`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct ErrorInfo {
    pub(super) message: *const c_char,
    pub(super) engine_reserved: Data,
    pub(super) engine_code: u32,
    pub(super) status: Status,
}

/// `napi_type_tag`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct TypeTag {
    pub(super) lower: u64,
    pub(super) upper: u64,
}

/// `napi_node_version`.
#[repr(C)]
pub(super) struct NodeVersion {
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) patch: u32,
    pub(super) release: *const c_char,
}

// SAFETY: the only address is that of a constant text.
unsafe impl Sync for NodeVersion {}

/// The version of Node-API that experimental add-ons say they want.
pub(super) const EXPERIMENTAL: i32 = i32::MAX;
/// The version of those that say nothing.
pub(super) const DEFAULT_VERSION: i32 = 8;
/// The newest version there is.
pub(super) const NEWEST_VERSION: i32 = 10;
