//! Node-API: the C functions by which native add-ons use a runtime, and the loading of add-ons.
//!
//! A function is declared by the macro of `call.rs`, which says how it is entered; its parameters are types of
//! `abi.rs`, which are checked before its body and safe to use in it. The executable exports every name of
//! [`SYMBOLS`] and nothing else: V8's C++ library must not be taken for the add-ons' own.

#![allow(unsafe_code)]

mod abi;
mod addons;
mod async_context;
mod async_work;
mod call;
mod cleanup;
mod engine;
mod env;
mod environment;
mod error;
mod function;
mod memory;
mod module;
mod property;
mod reference;
mod scope;
mod text;
mod threadsafe;
mod value;
mod wrap;

pub use addons::close;

use crate::bind::Binding;
use crate::binding;
use module::{equip, load};

/// Native half of `js/internal/napi.js`.
pub const BINDING: Binding = binding! { "napi", raw: [equip, load] };

/// The address of an exported function.
struct Address(#[expect(dead_code, reason = "that it is there keeps the function")] *const ());

// SAFETY: nobody reads or writes there: the addresses are those of functions.
unsafe impl Sync for Address {}

macro_rules! exports {
    ($($file:ident: [$($name:ident),* $(,)?]),* $(,)?) => {
        /// The names that the executable exports for add-ons.
        pub const SYMBOLS: &[&str] = &[$($(stringify!($name)),*),*];

        /// Keeps the functions, which nothing in the executable calls.
        #[used]
        static EXPORTS: [Address; SYMBOLS.len()] = [$($(Address($file::$name as *const ())),*),*];
    };
}

exports! {
    async_context: [
        napi_async_init, napi_async_destroy, napi_make_callback, napi_open_callback_scope, napi_close_callback_scope,
    ],
    async_work: [
        napi_create_async_work, napi_delete_async_work, napi_queue_async_work, napi_cancel_async_work,
    ],
    cleanup: [
        napi_add_env_cleanup_hook, napi_remove_env_cleanup_hook, napi_add_async_cleanup_hook, napi_remove_async_cleanup_hook,
    ],
    environment: [
        napi_get_version, napi_get_node_version, node_api_get_module_file_name, napi_get_uv_event_loop, node_api_post_finalizer,
    ],
    error: [
        napi_create_error, napi_create_type_error, napi_create_range_error, node_api_create_syntax_error, napi_throw, napi_throw_error, napi_throw_type_error, napi_throw_range_error, node_api_throw_syntax_error, napi_is_error, napi_is_exception_pending, napi_get_and_clear_last_exception, napi_fatal_exception, napi_get_last_error_info, napi_fatal_error,
    ],
    function: [
        napi_create_function, napi_get_cb_info, napi_get_new_target, napi_call_function, napi_new_instance, napi_define_class,
    ],
    memory: [
        napi_is_arraybuffer, napi_create_arraybuffer, napi_create_external_arraybuffer, napi_get_arraybuffer_info, napi_detach_arraybuffer, napi_is_detached_arraybuffer, node_api_is_sharedarraybuffer, node_api_create_sharedarraybuffer, node_api_create_external_sharedarraybuffer, napi_is_typedarray, napi_create_typedarray, napi_get_typedarray_info, napi_create_dataview, napi_is_dataview, napi_get_dataview_info, napi_create_buffer, napi_create_buffer_copy, napi_create_external_buffer, node_api_create_buffer_from_arraybuffer, napi_is_buffer, napi_get_buffer_info, napi_adjust_external_memory,
    ],
    module: [
        napi_module_register,
    ],
    property: [
        napi_create_object, node_api_create_object_with_properties, napi_get_prototype, node_api_set_prototype, napi_get_property_names, napi_get_all_property_names, napi_set_property, napi_has_property, napi_get_property, napi_delete_property, napi_has_own_property, napi_set_named_property, napi_has_named_property, napi_get_named_property, napi_set_element, napi_has_element, napi_get_element, napi_delete_element, napi_define_properties, napi_object_freeze, napi_object_seal, napi_create_array, napi_create_array_with_length, napi_is_array, napi_get_array_length,
    ],
    reference: [
        napi_create_reference, napi_delete_reference, napi_reference_ref, napi_reference_unref, napi_get_reference_value,
    ],
    scope: [
        napi_open_handle_scope, napi_close_handle_scope, napi_open_escapable_handle_scope, napi_close_escapable_handle_scope, napi_escape_handle,
    ],
    text: [
        napi_create_string_latin1, napi_create_string_utf8, napi_create_string_utf16, node_api_create_property_key_latin1, node_api_create_property_key_utf8, node_api_create_property_key_utf16, node_api_create_external_string_latin1, node_api_create_external_string_utf16, napi_get_value_string_latin1, napi_get_value_string_utf8, napi_get_value_string_utf16, napi_create_symbol, node_api_symbol_for,
    ],
    threadsafe: [
        napi_create_threadsafe_function, napi_ref_threadsafe_function, napi_unref_threadsafe_function, napi_get_threadsafe_function_context, napi_call_threadsafe_function, napi_acquire_threadsafe_function, napi_release_threadsafe_function,
    ],
    value: [
        napi_get_undefined, napi_get_null, napi_get_global, napi_get_boolean, napi_create_double, napi_create_int32, napi_create_uint32, napi_create_int64, napi_create_bigint_int64, napi_create_bigint_uint64, napi_create_bigint_words, napi_typeof, napi_get_value_double, napi_get_value_int32, napi_get_value_uint32, napi_get_value_int64, napi_get_value_bool, napi_get_value_bigint_int64, napi_get_value_bigint_uint64, napi_get_value_bigint_words, napi_coerce_to_bool, napi_coerce_to_number, napi_coerce_to_object, napi_coerce_to_string, napi_strict_equals, napi_create_date, napi_is_date, napi_get_date_value, napi_create_promise, napi_resolve_deferred, napi_reject_deferred, napi_is_promise, napi_run_script,
    ],
    wrap: [
        napi_wrap, napi_unwrap, napi_remove_wrap, napi_type_tag_object, napi_check_object_type_tag, napi_add_finalizer, napi_create_external, napi_get_value_external, napi_instanceof, napi_set_instance_data, napi_get_instance_data,
    ],
}
