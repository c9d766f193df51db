//! What an object is to `util.inspect`, in one question.

use crate::bind::Binding;
use crate::binding;

/// `internalBinding('inspect')`.
pub const BINDING: Binding = binding! { "inspect", raw: [classify] };

/// `classify(value)`: a number of `js/internal/util/inspect/kinds.js`.
fn classify<'s>(
    _: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    rv.set_int32(kind(args.get(0)));
}

fn kind(value: v8::Local<'_, v8::Value>) -> i32 {
    if value.is_proxy() {
        return 1;
    }
    if value.is_function() {
        return 2 + i32::from(value.is_async_function()) + 2 * i32::from(value.is_generator_function());
    }
    let checks: [fn(&v8::Value) -> bool; 19] = [
        v8::Value::is_array,
        v8::Value::is_map,
        v8::Value::is_set,
        v8::Value::is_typed_array,
        v8::Value::is_map_iterator,
        v8::Value::is_set_iterator,
        v8::Value::is_arguments_object,
        v8::Value::is_reg_exp,
        v8::Value::is_date,
        v8::Value::is_native_error,
        v8::Value::is_array_buffer,
        v8::Value::is_shared_array_buffer,
        v8::Value::is_data_view,
        v8::Value::is_promise,
        v8::Value::is_weak_set,
        v8::Value::is_weak_map,
        v8::Value::is_module_namespace_object,
        is_boxed,
        v8::Value::is_external,
    ];
    let found = checks.iter().position(|check| check(&value));
    found.map_or(0, |index| 6 + index as i32)
}

fn is_boxed(value: &v8::Value) -> bool {
    value.is_number_object()
        || value.is_string_object()
        || value.is_boolean_object()
        || value.is_big_int_object()
        || value.is_symbol_object()
}
