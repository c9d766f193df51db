// Compares typed arrays, `DataView`s and array buffers, for deep equality.

'use strict';

const { getPrototypeOf, getOwnPropertyDescriptor, is } = Object;

/** The class name of a typed array, whatever its prototype says; undefined for other values. */
const typedArrayName = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/** From this many bytes on, one native comparison is faster than a loop. */
const kNativeFrom = 96;

/**
 * @param {ArrayBufferView} view
 * @returns {boolean} Whether it is a typed array and no `DataView`.
 */
exports.isTypedArray = function isTypedArray(view) {
  return typedArrayName.call(view) !== undefined;
};

/**
 * Compares two views by kind, length and elements.
 * @param {ArrayBufferView} a
 * @param {ArrayBufferView} b
 * @param {boolean} isPartial Whether `a` may have further elements between those of `b`.
 * @param {boolean} isLoose Whether 0 equals -0 and NaN equals nothing.
 * @returns {boolean}
 */
exports.viewsEqual = function viewsEqual(a, b, isPartial, isLoose) {
  const name = typedArrayName.call(a);
  if (name !== typedArrayName.call(b)) return false;
  if (name === undefined) return bytesEqual(bytesOf(a), bytesOf(b), isPartial);
  if (a.length !== b.length) return isPartial && a.length > b.length && isSubsequence(a, b);
  if (name.startsWith('Float')) return isLoose ? floatsLooselyEqual(a, b) : floatsEqual(a, b);
  if (a.byteLength >= kNativeFrom) return nativeEqual(bytesOf(a), bytesOf(b));
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
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
  return require('buffer').Buffer.compare(a, b) === 0;
}

function floatsEqual(a, b) {
  for (let i = 0; i < a.length; i++) {
    if (!is(a[i], b[i])) return false;
  }
  return true;
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
