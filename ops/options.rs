//! The command-line options, for the JavaScript layer's `getOptionValue()`.

use std::rc::Rc;

use crate::bind::state::OptionValue;
use crate::bind::{Binding, Host, IntoJs};
use crate::binding;

/// `internalBinding('options')`.
pub const BINDING: Binding = binding! { "options", sync: [get] };

/// The value of the option `name` (with its dashes): a boolean, number, string or array of strings;
/// `undefined` where it was not given.
fn get(host: Rc<Host>, name: String) -> Option<OptionValue> {
    host.option(&name).cloned()
}

impl IntoJs for OptionValue {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            OptionValue::Flag(value) => value.into_js(scope),
            OptionValue::Number(value) => value.into_js(scope),
            OptionValue::Text(value) => value.into_js(scope),
            OptionValue::List(value) => value.into_js(scope),
        }
    }
}
