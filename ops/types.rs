//! The checks of `util.types` that only the engine can make.

use crate::bind::Binding;
use crate::binding;

/// `internalBinding('types')`.
pub const BINDING: Binding = binding! {
    "types",
    raw: [
        is_external, is_date, is_arguments_object, is_big_int_object, is_boolean_object, is_number_object,
        is_string_object, is_symbol_object, is_boxed_primitive, is_native_error, is_reg_exp,
        is_async_function, is_generator_function, is_generator_object, is_promise, is_map, is_set,
        is_map_iterator, is_set_iterator, is_weak_map, is_weak_set, is_array_buffer, is_data_view,
        is_shared_array_buffer, is_proxy, is_module_namespace_object, is_any_array_buffer,
    ],
};

macro_rules! checks {
    ($($name:ident => |$value:ident| $check:expr;)*) => {$(
        fn $name<'s>(
            _: &mut v8::PinScope<'s, '_>,
            args: v8::FunctionCallbackArguments<'s>,
            mut rv: v8::ReturnValue<'s, v8::Value>,
        ) {
            let $value = args.get(0);
            rv.set_bool($check);
        }
    )*};
}

checks! {
    is_external => |value| value.is_external();
    is_date => |value| value.is_date();
    is_arguments_object => |value| value.is_arguments_object();
    is_big_int_object => |value| value.is_big_int_object();
    is_boolean_object => |value| value.is_boolean_object();
    is_number_object => |value| value.is_number_object();
    is_string_object => |value| value.is_string_object();
    is_symbol_object => |value| value.is_symbol_object();
    is_boxed_primitive => |value| value.is_number_object() || value.is_string_object()
        || value.is_boolean_object() || value.is_big_int_object() || value.is_symbol_object();
    is_native_error => |value| value.is_native_error();
    is_reg_exp => |value| value.is_reg_exp();
    is_async_function => |value| value.is_async_function();
    is_generator_function => |value| value.is_generator_function();
    is_generator_object => |value| value.is_generator_object();
    is_promise => |value| value.is_promise();
    is_map => |value| value.is_map();
    is_set => |value| value.is_set();
    is_map_iterator => |value| value.is_map_iterator();
    is_set_iterator => |value| value.is_set_iterator();
    is_weak_map => |value| value.is_weak_map();
    is_weak_set => |value| value.is_weak_set();
    is_array_buffer => |value| value.is_array_buffer();
    is_data_view => |value| value.is_data_view();
    is_shared_array_buffer => |value| value.is_shared_array_buffer();
    is_proxy => |value| value.is_proxy();
    is_module_namespace_object => |value| value.is_module_namespace_object();
    is_any_array_buffer => |value| value.is_array_buffer() || value.is_shared_array_buffer();
}
