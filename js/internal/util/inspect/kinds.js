// What an object is to `inspect`: the numbers that the binding's `classify` answers with.
'use strict';

/** Keep in step with the table in the native half of `internalBinding('inspect')`. */
module.exports = {
  ORDINARY: 0,
  PROXY: 1,
  FUNCTION: 2,
  ASYNC_FUNCTION: 3,
  GENERATOR_FUNCTION: 4,
  ASYNC_GENERATOR_FUNCTION: 5,
  ARRAY: 6,
  MAP: 7,
  SET: 8,
  TYPED_ARRAY: 9,
  MAP_ITERATOR: 10,
  SET_ITERATOR: 11,
  ARGUMENTS: 12,
  REGEXP: 13,
  DATE: 14,
  ERROR: 15,
  ARRAY_BUFFER: 16,
  SHARED_ARRAY_BUFFER: 17,
  DATA_VIEW: 18,
  PROMISE: 19,
  WEAK_SET: 20,
  WEAK_MAP: 21,
  MODULE_NAMESPACE: 22,
  BOXED_PRIMITIVE: 23,
  EXTERNAL: 24,
  // Not an answer of `classify`: the buffer listed below a view, shown without its contents.
  BUFFER_OF_VIEW: 25,
};
