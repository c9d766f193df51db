// Compares typed arrays, `DataView`s and array buffers, for deep equality.

'use strict';

const { getPrototypeOf, getOwnPropertyDescriptor, is } = Object;

const nameGetter = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/** From this many elements on, one native comparison is faster than a loop. */
const kNativeFrom = 48;

let compare;

/**
 * @param {ArrayBufferView} view
 * @returns {string|undefined} The class of a typed array, whatever its prototype says; undefined for a
 *   `DataView`.
 */
exports.typedArrayName = function typedArrayName(view) {
  return nameGetter.call(view);
};

/**
 * Compares the elements of two typed arrays of the same class.
 * @param {TypedArray} a
 * @param {TypedArray} b
 * @param {string} name Their class.
 * @param {boolean} isPartial Whether `a` may have further elements between those of `b`.
 * @param {boolean} isLoose Whether 0 equals -0 and NaN equals nothing.
 * @returns {boolean}
 */
exports.typedArraysEqual = function typedArraysEqual(a, b, name, isPartial, isLoose) {
  const { length } = a;
  if (length !== b.length) return isPartial && length > b.length && isSubsequence(a, b);
  if (name !== 'Float64Array' && name !== 'Float32Array' && name !== 'Float16Array') {
    if (length >= kNativeFrom) return nativeEqual(a, b);
  } else if (isLoose) {
    return floatsLooselyEqual(a, b);
  } else if (length >= kNativeFrom && nativeEqual(a, b)) {
    return true;
  }
  for (let i = 0; i < length; i++) {
    if (!is(a[i], b[i])) return false;
  }
  return true;
};

/**
 * Compares the bytes of two `DataView`s.
 * @param {DataView} a
 * @param {DataView} b
 * @param {boolean} isPartial Whether `a` may have further bytes between those of `b`.
 * @returns {boolean}
 */
exports.dataViewsEqual = function dataViewsEqual(a, b, isPartial) {
  return bytesEqual(bytesOf(a), bytesOf(b), isPartial);
};

/**
 * Compares the bytes of two buffers.
 * @param {ArrayBuffer|SharedArrayBuffer} a
 * @param {ArrayBuffer|SharedArrayBuffer} b
 * @param {boolean} isPartial Whether `a` may have further bytes between those of `b`.
 * @returns {boolean}
 */
exports.arrayBuffersEqual = function arrayBuffersEqual(a, b, isPartial) {
  return bytesEqual(new Uint8Array(a), new Uint8Array(b), isPartial);
};

function bytesOf(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function bytesEqual(a, b, isPartial) {
  if (a.length !== b.length) return isPartial && a.length > b.length && isSubsequence(a, b);
  return nativeEqual(a, b);
}

function nativeEqual(a, b) {
  compare ??= require('buffer').Buffer.compare;
  return a instanceof Uint8Array && b instanceof Uint8Array ?
    compare(a, b) === 0 :
    compare(bytesOf(a), bytesOf(b)) === 0;
}

function floatsLooselyEqual(a, b) {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

function isSubsequence(a, b) {
  let matched = 0;
  for (let i = 0; i < a.length && matched < b.length; i++) {
    if (is(a[i], b[matched])) matched++;
  }
  return matched === b.length;
}
