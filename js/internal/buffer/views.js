// Views of memory as the bytes that they cover, whatever their class and their prototype.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const { get: getLength } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'length');
const { get: getByteLength } = Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'byteLength');
const { isView } = ArrayBuffer;

/**
 * @param {unknown} array
 * @returns {number} its length in elements
 * @throws {TypeError} V8's own, if it is no typed array
 */
function lengthOf(array) {
  return getLength.call(array);
}

/**
 * @param {unknown} array
 * @returns {number} its length in bytes
 * @throws {TypeError} V8's own, if it is no typed array
 */
function byteLengthOf(array) {
  return getByteLength.call(array);
}

/**
 * @param {ArrayBufferView} view
 * @returns {Uint8Array}
 */
function bytesOf(view) {
  return view instanceof Uint8Array ? view : new FastBuffer(view.buffer, view.byteOffset, view.byteLength);
}

/** An error in the words of the native half: its stack does not show the code. */
function plainError(Base, code, message) {
  const error = new Base(message);
  error.code = code;
  return error;
}

/**
 * @param {unknown} view
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 */
function checkView(view) {
  if (!isView(view)) throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a buffer');
}

/**
 * @param {unknown} string
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 */
function checkString(string) {
  if (typeof string !== 'string') {
    throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
  }
}

module.exports = { byteLengthOf, bytesOf, checkString, checkView, lengthOf, plainError };
