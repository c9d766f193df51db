//! Numbers about the engine's heap.

use super::{Args, Return, Scope};
use crate::bind::convert::string;

/// An array of numbers.
pub(super) fn numbers<'s>(scope: &mut Scope<'s, '_>, values: &[f64]) -> v8::Local<'s, v8::Value> {
    let values: Vec<_> = values.iter().map(|value| v8::Number::new(scope, *value).into()).collect();
    v8::Array::new_with_elements(scope, &values).into()
}

/// `heapStatistics()`: the numbers of `v8.getHeapStatistics()` in their order.
pub(super) fn heap_statistics<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let values = heap_numbers(scope);
    let values = numbers(scope, &values);
    rv.set(values);
}

/// The same, of the isolate of a scope.
pub fn heap_numbers(scope: &mut Scope<'_, '_>) -> Vec<f64> {
    let heap = scope.get_heap_statistics();
    vec![
        heap.total_heap_size() as f64,
        heap.total_heap_size_executable() as f64,
        heap.total_physical_size() as f64,
        heap.total_available_size() as f64,
        heap.used_heap_size() as f64,
        heap.heap_size_limit() as f64,
        heap.malloced_memory() as f64,
        heap.peak_malloced_memory() as f64,
        f64::from(u8::from(heap.does_zap_garbage())),
        heap.number_of_native_contexts() as f64,
        heap.number_of_detached_contexts() as f64,
        heap.total_global_handles_size() as f64,
        heap.used_global_handles_size() as f64,
        heap.external_memory() as f64,
        heap.total_allocated_bytes() as f64,
    ]
}

/// `heapSpaceStatistics()`: for each space its name, size, used size, available size and physical size.
pub(super) fn heap_space_statistics<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let mut spaces = Vec::new();
    for index in 0..scope.number_of_heap_spaces() {
        let Some(space) = scope.get_heap_space_statistics(index) else { continue };
        let sizes = [
            space.space_size(),
            space.space_used_size(),
            space.space_available_size(),
            space.physical_space_size(),
        ];
        let mut fields = vec![string(scope, &space.space_name().to_string_lossy()).into()];
        fields.extend(sizes.map(|size| v8::Local::<v8::Value>::from(v8::Number::new(scope, size as f64))));
        spaces.push(v8::Array::new_with_elements(scope, &fields).into());
    }
    rv.set(v8::Array::new_with_elements(scope, &spaces).into());
}

/// `heapCodeStatistics()`: the numbers of `v8.getHeapCodeStatistics()` in their order.
pub(super) fn heap_code_statistics<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let Some(code) = scope.get_heap_code_and_metadata_statistics() else { return };
    let sizes = [
        code.code_and_metadata_size(),
        code.bytecode_and_metadata_size(),
        code.external_script_source_size(),
        code.cpu_profiler_metadata_size(),
    ];
    let values = numbers(scope, &sizes.map(|size| size as f64));
    rv.set(values);
}
