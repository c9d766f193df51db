//! Native half of `js/assert.js`: where in the source an error was made.

use crate::bind::Binding;
use crate::binding;

/// `internalBinding('assert')`.
pub const BINDING: Binding = binding! { "assert", raw: [call_source] };

/// `callSource(error)`: the source line of the frame that made it and its column from 0, as
/// `[line, column]`; `undefined` where the source is not known.
fn call_source<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let message = v8::Exception::create_message(scope, args.get(0));
    let Some(line) = message.get_source_line(scope) else { return };
    let column = v8::Number::new(scope, message.get_start_column() as f64).into();
    rv.set(v8::Array::new_with_elements(scope, &[line.into(), column]).into());
}
