//! The object by which V8 records its own trace events: `v8::TracingController`, for which the crate has no name.
//!
//! The layout is that of a C++ class without data whose functions are all virtual, by the ABI that every compiler for
//! these systems follows.

use std::ffi::{CStr, c_char, c_void};

use crate::trace_events::category::Category;
use crate::trace_events::event::{Event, quoted};
use crate::trace_events::log;

#[repr(C)]
struct Controller {
    functions: &'static Functions,
}

/// The arguments of an event: names, kinds and values.
type Names = *const *const c_char;

type Add = unsafe extern "C" fn(
    *const Controller,
    c_char,
    *const u8,
    *const c_char,
    *const c_char,
    u64,
    u64,
    i32,
    Names,
    *const u8,
    *const u64,
    *mut c_void,
    u32,
) -> u64;

type AddAt = unsafe extern "C" fn(
    *const Controller,
    c_char,
    *const u8,
    *const c_char,
    *const c_char,
    u64,
    u64,
    i32,
    Names,
    *const u8,
    *const u64,
    *mut c_void,
    u32,
    i64,
) -> u64;

/// The virtual functions in the order of their declaration.
#[repr(C)]
struct Functions {
    destroy: unsafe extern "C" fn(*const Controller),
    delete: unsafe extern "C" fn(*const Controller),
    category: unsafe extern "C" fn(*const Controller, *const c_char) -> *const u8,
    add: Add,
    add_at: AddAt,
    end: unsafe extern "C" fn(*const Controller, *const u8, *const c_char, u64),
    add_observer: unsafe extern "C" fn(*const Controller, *mut c_void),
    remove_observer: unsafe extern "C" fn(*const Controller, *mut c_void),
}

static FUNCTIONS: Functions = Functions {
    destroy,
    delete: destroy,
    category,
    add,
    add_at,
    end,
    add_observer: pass_over,
    remove_observer: pass_over,
};

static CONTROLLER: Controller = Controller { functions: &FUNCTIONS };

unsafe extern "C" {
    /// `v8::platform::DefaultPlatform::SetTracingController`, which takes its pointer as it is.
    #[link_name = "_ZN2v88platform15DefaultPlatform20SetTracingControllerENSt4__Cr10unique_ptrINS_17TracingControllerENS2_14default_deleteIS4_EEEE"]
    fn set_tracing_controller(platform: *mut c_void, controller: *const Controller);
}

/// Has V8 record its events here, before V8 is initialised with `platform`.
pub fn install(platform: &v8::Platform) {
    let platform = std::ptr::from_ref(platform).cast_mut().cast();
    // SAFETY: every platform of the crate is a `DefaultPlatform`, and nothing uses this one yet. The controller lives as
    // long as the process; what would delete it leaves it alone.
    unsafe { set_tracing_controller(platform, &raw const CONTROLLER) };
}

unsafe extern "C" fn destroy(_: *const Controller) {}

unsafe extern "C" fn pass_over(_: *const Controller, _: *mut c_void) {}

unsafe extern "C" fn category(_: *const Controller, name: *const c_char) -> *const u8 {
    // SAFETY: V8 names the group with a literal.
    log::category(unsafe { CStr::from_ptr(name) }).flag()
}

/// V8's marks on an event: that its name is to be copied, and that it has an id. Names are always copied.
const HAS_ID: u32 = 1 << 1;

unsafe extern "C" fn add(
    this: *const Controller,
    phase: c_char,
    category: *const u8,
    name: *const c_char,
    scope: *const c_char,
    id: u64,
    bind_id: u64,
    count: i32,
    names: Names,
    kinds: *const u8,
    values: *const u64,
    objects: *mut c_void,
    flags: u32,
) -> u64 {
    // SAFETY: what is passed on is what V8 passed.
    unsafe {
        add_at(
            this, phase, category, name, scope, id, bind_id, count, names, kinds, values, objects, flags, 0,
        )
    }
}

unsafe extern "C" fn add_at(
    _: *const Controller,
    phase: c_char,
    category: *const u8,
    name: *const c_char,
    _: *const c_char,
    id: u64,
    _: u64,
    count: i32,
    names: Names,
    kinds: *const u8,
    values: *const u64,
    _: *mut c_void,
    flags: u32,
    time: i64,
) -> u64 {
    // SAFETY: V8 got the address from `category`: it is that of a category, which lives as long as the process.
    let category = unsafe { &*category.cast::<Category>() };
    // SAFETY: V8 passes a terminated text.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned();
    let mut event = Event::new(char::from(phase.cast_unsigned()), category, name);
    if flags & HAS_ID != 0 {
        event = event.id(id);
    }
    if let Ok(time) = u64::try_from(time)
        && time > 0
    {
        event.time = time;
    }
    let pairs = (0..usize::try_from(count).unwrap_or(0)).map(|index| {
        // SAFETY: each of the three lists has `count` elements.
        let name = unsafe { *names.wrapping_add(index) };
        // SAFETY: as above.
        let kind = unsafe { *kinds.wrapping_add(index) };
        // SAFETY: as above.
        let value = unsafe { *values.wrapping_add(index) };
        // SAFETY: names are terminated texts.
        let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
        format!("{}:{}", quoted(&name), value_text(kind, value))
    });
    let pairs: Vec<_> = pairs.collect();
    log::record(event.args(format!("{{{}}}", pairs.join(","))))
}

unsafe extern "C" fn end(_: *const Controller, _: *const u8, _: *const c_char, number: u64) {
    log::end(number);
}

/// The JSON of an argument by V8's number for its kind.
fn value_text(kind: u8, value: u64) -> String {
    const BOOL: u8 = 1;
    const UINT: u8 = 2;
    const INT: u8 = 3;
    const DOUBLE: u8 = 4;
    const POINTER: u8 = 5;
    const STRING: u8 = 6;
    const COPIED_STRING: u8 = 7;
    match kind {
        BOOL => (value & 0xff != 0).to_string(),
        UINT => value.to_string(),
        INT => value.cast_signed().to_string(),
        DOUBLE => serde_json::Value::from(f64::from_bits(value)).to_string(),
        POINTER => format!("\"0x{value:x}\""),
        STRING | COPIED_STRING => {
            let text = value as *const c_char;
            if text.is_null() {
                return String::from("\"NULL\"");
            }
            // SAFETY: V8 says that the value is a terminated text.
            quoted(&unsafe { CStr::from_ptr(text) }.to_string_lossy())
        }
        // An object that can tell its own JSON only to C++.
        _ => String::from("{}"),
    }
}
