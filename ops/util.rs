//! What `util.inspect` and its kin must ask the engine.

use v8::MapFnTo as _;

use crate::bind::convert::{internalized, string};
use crate::bind::{Binding, Host};
use crate::binding;
use crate::signals::set_trace_sig_int;

/// `internalBinding('util')`.
pub const BINDING: Binding = binding! {
    "util",
    sync: [parse_env],
    raw: [
        get_proxy_details, preview_entries, get_own_non_index_properties, get_promise_details,
        get_constructor_name, get_call_sites, get_external_value,
        set_trace_sig_int, define_lazy,
    ],
    references: references,
};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// The variables of an `.env` text, as a flat list of names and values.
fn parse_env(text: String) -> Vec<String> {
    let pairs = crate::sys::dotenv::parse(&text);
    pairs.into_iter().flat_map(|(name, value)| [name, value]).collect()
}

/// `getProxyDetails(value, withHandler = true)`: `undefined` for what is no proxy, else
/// `[target, handler]`, or the target alone.
fn get_proxy_details<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(proxy) = v8::Local::<v8::Proxy>::try_from(args.get(0)) else { return };
    let target = proxy.get_target(scope);
    if args.length() == 1 || args.get(1).is_true() {
        let handler = proxy.get_handler(scope);
        rv.set(v8::Array::new_with_elements(scope, &[target, handler]).into());
    } else {
        rv.set(target);
    }
}

/// `previewEntries(collection, isIterator)`: the entries of a map, set, weak collection or iterator
/// without running any of the program's code; `[entries, isKeyValue]` where the second argument is given.
fn preview_entries<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    let (Some(entries), is_key_value) = object.preview_entries(scope) else { return };
    if args.length() < 2 {
        rv.set(entries.into());
        return;
    }
    let is_key_value = v8::Boolean::new(scope, is_key_value).into();
    rv.set(v8::Array::new_with_elements(scope, &[entries.into(), is_key_value]).into());
}

/// `getOwnNonIndexProperties(object, filter)`: the own keys that are no array indexes; filter 0 is
/// all, 2 only the enumerable ones.
fn get_own_non_index_properties<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    let filter = match args.get(1).uint32_value(scope) {
        Some(2) => v8::PropertyFilter::ONLY_ENUMERABLE,
        _ => v8::PropertyFilter::ALL_PROPERTIES,
    };
    let options = v8::GetPropertyNamesArgsBuilder::new()
        .mode(v8::KeyCollectionMode::OwnOnly)
        .property_filter(filter)
        .index_filter(v8::IndexFilter::SkipIndices)
        .build();
    if let Some(names) = object.get_property_names(scope, options) {
        rv.set(names.into());
    }
}

/// `getPromiseDetails(promise)`: `[state, result]` with state 0 pending, 1 fulfilled, 2 rejected.
fn get_promise_details<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(promise) = v8::Local::<v8::Promise>::try_from(args.get(0)) else { return };
    let pending = promise.state() == v8::PromiseState::Pending;
    let state = v8::Integer::new(scope, promise.state() as i32).into();
    let details = if pending { vec![state] } else { vec![state, promise.result(scope)] };
    rv.set(v8::Array::new_with_elements(scope, &details).into());
}

/// `getConstructorName(object)`: the name of the constructor that made it, without its prototype chain.
fn get_constructor_name<'s>(_: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) {
        rv.set(object.get_constructor_name().into());
    }
}

/// `getExternalValue(external)`: the address that it holds, as a BigInt.
fn get_external_value<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Ok(external) = v8::Local::<v8::External>::try_from(args.get(0)) {
        rv.set(v8::BigInt::new_from_u64(scope, external.value().addr() as u64).into());
    }
}

/// `getCallSites(count)`: the callers, innermost first, as objects without a prototype that have
/// `functionName`, `scriptId`, `scriptName`, `lineNumber`, `columnNumber` and `column`.
fn get_call_sites<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let count = args.get(0).uint32_value(scope).unwrap_or(8) as usize;
    let Some(stack) = v8::StackTrace::current_stack_trace(scope, count + 1) else { return };
    let names = ["functionName", "scriptId", "scriptName", "lineNumber", "columnNumber", "column"];
    let names = names.map(|name| internalized(scope, name).into());
    let empty = v8::String::empty(scope);
    let prototype = v8::null(scope).into();
    let mut sites = Vec::new();
    for index in 1..stack.get_frame_count() {
        let Some(frame) = stack.get_frame(scope, index) else { continue };
        let column = v8::Number::new(scope, frame.get_column() as f64).into();
        let values = [
            frame.get_function_name(scope).unwrap_or(empty).into(),
            string(scope, &frame.get_script_id().to_string()).into(),
            frame.get_script_name_or_source_url(scope).unwrap_or(empty).into(),
            v8::Number::new(scope, frame.get_line_number() as f64).into(),
            column,
            column,
        ];
        sites.push(v8::Object::with_prototype_and_properties(scope, prototype, &names, &values).into());
    }
    rv.set(v8::Array::new_with_elements(scope, &sites).into());
}

/// `defineLazy(object, name, place)`: a data property whose value is what `place` says, `id:export` of a file of the
/// JavaScript layer, which is loaded when the property is first read. A program that is kept in a snapshot has all values
/// at once.
fn define_lazy<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    let Ok(name) = v8::Local::<v8::Name>::try_from(args.get(1)) else { return };
    if Host::of(scope).config.builds_snapshot {
        if let Some(value) = read_place(scope, args.get(2)) {
            object.create_data_property(scope, name, value);
        }
        return;
    }
    object.set_lazy_data_property_with_data(
        scope,
        name,
        read_lazy,
        args.get(2),
        v8::PropertyAttribute::NONE,
        v8::SideEffectType::HasSideEffect,
        v8::SideEffectType::HasSideEffect,
    );
}

/// The first read of a lazy property.
fn read_lazy<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _: v8::Local<'s, v8::Name>,
    args: v8::PropertyCallbackArguments<'s>,
    mut rv: Return<'_>,
) {
    if let Some(value) = read_place(scope, args.data()) {
        rv.set(value);
    }
}

/// What a place, `id:export`, says. It is a string, because what such a property refers to in a snapshot must belong to
/// no context.
fn read_place<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    place: v8::Local<'s, v8::Value>,
) -> Option<v8::Local<'s, v8::Value>> {
    let place = place.to_rust_string_lossy(scope);
    let (id, name) = place.split_once(':')?;
    let host = Host::of(scope);
    let read = v8::Local::new(scope, &host.hooks()?.read_export);
    let args = [internalized(scope, id).into(), internalized(scope, name).into()];
    let receiver = v8::undefined(scope).into();
    read.call(scope, receiver, &args)
}

fn references() -> Vec<v8::ExternalReference> {
    let read: v8::AccessorNameGetterCallback = read_lazy.map_fn_to();
    vec![v8::ExternalReference { pointer: read as *mut std::ffi::c_void }]
}
