//! Compiled scripts kept inside JavaScript objects, where the garbage collector sees them, and what they are
//! compiled from.

use v8::script_compiler::{CachedData, CompileOptions, Source};

/// The internal field of an object that holds its script.
const FIELD: usize = 0;

/// A class whose objects hold a script each: its methods refuse other receivers.
pub fn class_template<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    construct: v8::FunctionCallback,
) -> v8::Local<'s, v8::FunctionTemplate> {
    let template = v8::FunctionTemplate::builder_raw(construct).build(scope);
    template.instance_template(scope).set_internal_field_count(FIELD + 1);
    template
}

/// A method of the class of `template`.
pub fn method<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    template: v8::Local<'s, v8::FunctionTemplate>,
    callback: v8::FunctionCallback,
) -> v8::Local<'s, v8::FunctionTemplate> {
    v8::FunctionTemplate::builder_raw(callback)
        .signature(v8::Signature::new(scope, template))
        .constructor_behavior(v8::ConstructorBehavior::Throw)
        .build(scope)
}

/// Keeps `script` in `object`, which was made by a [`class_template`].
pub fn keep(object: v8::Local<'_, v8::Object>, script: v8::Local<'_, v8::UnboundScript>) {
    object.set_internal_field(FIELD, script.into());
}

/// The script of the receiver of a [`method`]; `None` where the constructor has thrown.
pub fn kept<'s>(
    scope: &v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
) -> Option<v8::Local<'s, v8::UnboundScript>> {
    let data = object.get_internal_field(scope, FIELD)?;
    if v8::Local::<v8::Value>::try_from(data).is_ok() {
        return None;
    }
    // SAFETY: V8 has checked the receiver's class, whose field holds a value until `keep` puts a script there.
    Some(unsafe { v8::Local::<v8::UnboundScript>::cast_unchecked(data) })
}

/// The bytes of an earlier compilation, if `value` is a view of some.
pub fn cached_data(value: v8::Local<'_, v8::Value>) -> Option<Vec<u8>> {
    value.is_array_buffer_view().then(|| super::buffer::with_bytes(value, <[u8]>::to_vec))
}

/// What to compile and how: with what an earlier compilation has left, if it is given.
pub fn source(
    text: v8::Local<'_, v8::String>,
    origin: &v8::ScriptOrigin<'_>,
    cache: Option<&Vec<u8>>,
) -> (Source, CompileOptions) {
    match cache {
        Some(cache) => {
            let source = Source::new_with_cached_data(text, Some(origin), CachedData::new(cache));
            (source, CompileOptions::ConsumeCodeCache)
        }
        None => (Source::new(text, Some(origin)), CompileOptions::NoCompileOptions),
    }
}
