//! A binding: the named list of functions that one `ops/NAME.rs` gives to the JavaScript layer.

use std::fmt::Write as _;

/// One exported function.
pub struct Exported {
    /// Its name in Rust: every start lists all functions, and few of them by name.
    pub name: &'static str,
    /// What V8 calls.
    pub callback: v8::FunctionCallback,
}

impl Exported {
    /// Its name in JavaScript.
    pub fn key<'s>(&self, scope: &v8::PinScope<'s, '_, ()>) -> v8::Local<'s, v8::String> {
        super::convert::internalized(scope, &camel_case(self.name))
    }
}

/// The interface of one native half, made by [`binding!`](crate::binding).
pub struct Binding {
    /// What `internalBinding()` is asked for.
    pub name: &'static str,
    /// The functions in a fixed order: the start-up snapshot refers to them by position.
    pub functions: &'static [Exported],
    /// Adds what is not a plain function (constants, handle classes) to the binding object.
    pub extend: Option<fn(&mut v8::PinScope<'_, '_>, v8::Local<'_, v8::Object>)>,
    /// What `extend` installs, for the snapshot's table of native addresses.
    pub references: fn() -> Vec<v8::ExternalReference>,
}

impl Binding {
    /// Makes the object that `internalBinding(self.name)` returns.
    pub fn instantiate<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Object> {
        let object = v8::Object::new(scope);
        for exported in self.functions {
            let key = exported.key(scope);
            let template = v8::FunctionTemplate::builder_raw(exported.callback)
                .constructor_behavior(v8::ConstructorBehavior::Throw)
                .build(scope);
            if let Some(function) = template.get_function(scope) {
                function.set_name(key);
                object.create_data_property(scope, key.into(), function.into());
            }
        }
        if let Some(extend) = self.extend {
            extend(scope, object);
        }
        object
    }

    /// Every native address that objects of this binding refer to, in a fixed order.
    pub fn external_references(&self) -> Vec<v8::ExternalReference> {
        let references =
            self.functions.iter().map(|exported| v8::ExternalReference { function: exported.callback });
        references.chain((self.references)()).collect()
    }
}

/// Turns `set_priority` into `setPriority`.
pub fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (index, word) in name.split('_').enumerate() {
        match word.chars().next() {
            Some(first) if index > 0 => {
                let _ = write!(out, "{}{}", first.to_ascii_uppercase(), &word[1..]);
            }
            _ => out.push_str(word),
        }
    }
    out
}

/// Declares a native half: `binding! { "os", sync: [hostname], both: [stat], raw: [write] }`.
///
/// - `sync`: a Rust function whose arguments implement [`Arg`](super::convert::Arg) and whose result
///   implements [`IntoJs`](super::IntoJs); it runs at once, and an `Err(SysError)` is thrown.
/// - `both`: such a function becomes `nameSync(args...)`, which runs at once, and
///   `name(args..., callback)`, which runs on the thread pool and calls `callback(error, value)`
///   from the event loop, never before it has returned.
/// - `raw`: a function with V8's own signature, for measured hot paths.
/// - `extend: function` and `references: function` add what is not a plain function.
#[macro_export]
macro_rules! binding {
    ($name:literal
     $(, sync: [$($sync:ident),* $(,)?])?
     $(, both: [$($both:ident),* $(,)?])?
     $(, raw: [$($raw:ident),* $(,)?])?
     $(, extend: $extend:path)?
     $(, references: $references:path)?
     $(,)?) => {
        $crate::bind::Binding {
            name: $name,
            functions: &[
                $($($crate::exported!(stringify!($sync), |scope, args, rv| {
                    let _span = $crate::trace_events::calls::sync($name, stringify!($sync));
                    $crate::bind::call::sync($sync, scope, args, rv)
                }),)*)?
                $($(
                    $crate::exported!(concat!(stringify!($both), "_sync"), |scope, args, rv| {
                        let _span = $crate::trace_events::calls::sync($name, stringify!($both));
                        $crate::bind::call::sync($both, scope, args, rv)
                    }),
                    $crate::exported!(stringify!($both), |scope, args, rv| {
                        let kind = $crate::bind::call::kind_of($name, stringify!($both));
                        $crate::bind::call::pooled($both, kind, scope, args, rv)
                    }),
                )*)?
                $($($crate::exported!(stringify!($raw), |scope, args, rv| {
                    $raw(scope, args, rv)
                }),)*)?
            ],
            extend: $crate::binding!(@option $($extend)?),
            references: $crate::binding!(@references $($references)?),
        }
    };
    (@option $value:path) => { Some($value) };
    (@option) => { None };
    (@references $value:path) => { $value };
    (@references) => { Vec::new };
}

/// Wraps a body in V8's calling convention with a guard that turns a panic into a JavaScript error.
#[macro_export]
macro_rules! exported {
    ($name:expr, |$scope:ident, $args:ident, $rv:ident| $body:block) => {{
        fn entry<'s>(
            $scope: &mut v8::PinScope<'s, '_>,
            $args: v8::FunctionCallbackArguments<'s>,
            $rv: v8::ReturnValue<'s, v8::Value>,
        ) {
            if const { !$crate::bind::outside::is_harmless(module_path!(), $name) } {
                $crate::bind::outside::note();
            }
            $crate::bind::call::guard_inside($scope, move |$scope| $body)
        }
        extern "C" fn callback(info: *const v8::FunctionCallbackInfo) {
            $crate::bind::call::enter(info, entry);
        }
        $crate::bind::Exported { name: $name, callback }
    }};
}

#[cfg(test)]
mod tests {
    use super::camel_case;

    #[test]
    fn rust_names_become_javascript_names() {
        assert_eq!(camel_case("hostname"), "hostname");
        assert_eq!(camel_case("set_priority"), "setPriority");
        assert_eq!(camel_case("read_utf8_sync"), "readUtf8Sync");
    }
}
