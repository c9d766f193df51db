// Objects that must not be transferred to another thread: marked by `worker_threads`, and the pool.
'use strict';

const binding = internalBinding('buffer');

let marked;

/**
 * Makes `postMessage()` refuse to transfer an object, and an `ArrayBuffer` undetachable.
 * @param {unknown} value anything but an object is ignored
 */
function markAsUntransferable(value) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
  marked ??= new WeakSet();
  marked.add(value);
  if (value instanceof ArrayBuffer) binding.forbidDetach(value);
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function isMarkedAsUntransferable(value) {
  return marked !== undefined && marked.has(value);
}

module.exports = { isMarkedAsUntransferable, markAsUntransferable };
