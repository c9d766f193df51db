//! Whether a program may have heard of, or done, anything outside of itself: it can do so by native functions and by
//! events alone. What was found out about the disk since the last of these is as good as what would be found out now,
//! for all that the program can tell.

use std::cell::Cell;

thread_local! {
    /// How often this thread's programs have called out, or were called.
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// Functions that neither tell of the world nor change it, by their module's path and their name; all
/// functions of a module have the name `*`.
const HARMLESS: &[(&str, &str)] = &[
    ("ironode_ops::async_context", "*"),
    ("ironode_ops::options", "get"),
    ("ironode_ops::permission", "*"),
    ("ironode_ops::process", "cwd"),
    ("ironode_ops::process", "get_id"),
    ("ironode_ops::stdio", "isatty"),
    ("ironode_ops::stdio", "kind_of"),
    ("ironode_ops::types", "*"),
    ("ironode_ops::util", "define_lazy"),
    ("ironode::bootstrap", "*"),
    ("ironode::modules::cjs", "*"),
    ("ironode::modules::module_wrap", "*"),
];

/// Whether the function `name` of the Rust module `module` neither tells of the world nor changes it.
pub const fn is_harmless(module: &str, name: &str) -> bool {
    let mut at = 0;
    while at < HARMLESS.len() {
        let (known, function) = HARMLESS[at];
        if is_same(known, module) && (is_same(function, "*") || is_same(function, name)) {
            return true;
        }
        at += 1;
    }
    false
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Takes note that the program calls out, or is called.
#[inline]
pub fn note() {
    COUNT.set(COUNT.get().wrapping_add(1));
}

/// A number that changes whenever the program calls out, or is called.
pub fn count() -> u32 {
    COUNT.get()
}
