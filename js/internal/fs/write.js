// `write`, `writeSync`, `writev` and `writevSync`: bytes and text into an open file.
'use strict';

const {
  checkedFd,
  toCallback,
  toFd,
  validateBufferArray,
  validateWriteRange,
} = require('internal/fs/arguments');
const { vectorPosition } = require('internal/fs/read');
const { codes: { ERR_INVALID_ARG_TYPE }, hideFrame, uvException } = require('internal/errors');
const { customPromisifyArgs, normalizeEncoding } = require('internal/util');
const { validateEncoding, validateInteger } = require('internal/validators');

const binding = internalBinding('fs');

/** @param {unknown} text */
function validateText(text) {
  if (typeof text !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], text);
  }
}

/** The part of a buffer to write and where to: each may be missing, or all be given as one object. */
function writeRange(buffer, offset, length, position) {
  if (typeof offset === 'object') {
    ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset ?? {});
  }
  if (offset == null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  if (typeof length !== 'number') length = buffer.byteLength - offset;
  validateWriteRange(offset, length, buffer.byteLength);
  return { offset, length, position: vectorPosition(position) };
}

/** Text as the native half writes it: as it is for UTF-8, else in bytes. */
function encodeText(text, encoding) {
  validateEncoding(text, encoding);
  const name = typeof encoding === 'string' ? normalizeEncoding(encoding) : undefined;
  if (name === undefined || name === 'utf8') return text;
  return require('buffer').Buffer.from(text, name);
}

/**
 * Writes a part of a buffer, or a text: also called as `writeSync(fd, text[, position[, encoding]])` and
 * `writeSync(fd, buffer[, { offset, length, position }])`.
 * @param {number} fd
 * @param {ArrayBufferView | string} buffer
 * @param {number | { offset?: number, length?: number, position?: number | null } | null} [offsetOrOptions]
 * @param {number | string} [length]
 * @param {number | null} [position] null: where the descriptor stands
 * @returns {number} how many bytes were written
 */
function writeSync(fd, buffer, offsetOrOptions, length, position) {
  if (ArrayBuffer.isView(buffer)) {
    const range = writeRange(buffer, offsetOrOptions, length, position);
    return writeBytesSync(fd, buffer, range.offset, range.length, range.position);
  }
  validateText(buffer);
  const data = encodeText(buffer, length);
  const textPosition = vectorPosition(offsetOrOptions);
  if (typeof data !== 'string') return writeBytesSync(fd, data, 0, data.byteLength, textPosition);
  try {
    return binding.writeTextSync(checkedFd(fd), data, textPosition);
  } catch (error) {
    throw writeSyncError(error);
  }
}

/** A failed `writeSync` with the properties in the order in which Node has them. */
function writeSyncError(error) {
  const { errno, syscall } = error;
  if (syscall === undefined) return error;
  return hideFrame(uvException({ errno, syscall }), writeSync);
}

function writeBytesSync(fd, bytes, offset, length, position) {
  try {
    return binding.writeSync(checkedFd(fd), bytes, offset, length, position);
  } catch (error) {
    throw writeSyncError(error);
  }
}

/**
 * Writes a part of a buffer, or a text: also called as `write(fd, text[, position[, encoding]], callback)`
 * and `write(fd, buffer[, { offset, length, position }], callback)`.
 * @param {number} fd
 * @param {ArrayBufferView | string} buffer
 * @param {number | { offset?: number, length?: number, position?: number | null } | null} offsetOrOptions
 * @param {number | string} length
 * @param {number | null} position
 * @param {(error: Error | null, bytesWritten?: number, buffer?: ArrayBufferView | string) => void} callback
 */
function write(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = toFd(fd);
  if (ArrayBuffer.isView(buffer)) {
    callback = toCallback(callback || position || length || offsetOrOptions);
    const offset = typeof offsetOrOptions === 'function' ? 0 : offsetOrOptions;
    const range = writeRange(buffer, offset, length, position);
    writeBytes(fd, buffer, range.offset, range.length, range.position, buffer, callback);
    return;
  }
  validateText(buffer);
  let encoding = length;
  if (typeof position !== 'function') {
    if (typeof offsetOrOptions === 'function') {
      position = offsetOrOptions;
      offsetOrOptions = null;
    } else {
      position = length;
    }
    encoding = 'utf8';
  }
  const data = encodeText(buffer, encoding);
  callback = toCallback(position);
  const textPosition = vectorPosition(offsetOrOptions);
  if (typeof data !== 'string') {
    writeBytes(fd, data, 0, data.byteLength, textPosition, buffer, callback);
    return;
  }
  binding.writeText(fd, data, textPosition, (error, bytesWritten) => {
    callback(error, bytesWritten || 0, buffer);
  });
}

/** Writes bytes and calls back with what the program gave. */
function writeBytes(fd, bytes, offset, length, position, given, callback) {
  binding.write(fd, bytes, offset, length, position, (error, bytesWritten) => {
    callback(error, bytesWritten || 0, given);
  });
}

Object.defineProperty(write, customPromisifyArgs, { value: ['bytesWritten', 'buffer'], enumerable: false });

/**
 * Writes buffers one after the other.
 * @param {number} fd
 * @param {ArrayBufferView[]} buffers
 * @param {number | null} [position]
 * @returns {number} how many bytes were written
 */
function writevSync(fd, buffers, position) {
  validateBufferArray(buffers);
  if (buffers.length === 0) return 0;
  return binding.writevSync(checkedFd(fd), buffers, vectorPosition(position));
}

/**
 * @param {number} fd
 * @param {ArrayBufferView[]} buffers
 * @param {number | null} [position]
 * @param {(error: Error | null, bytesWritten?: number, buffers?: ArrayBufferView[]) => void} callback
 */
function writev(fd, buffers, position, callback) {
  fd = toFd(fd);
  validateBufferArray(buffers);
  callback = toCallback(callback || position);
  if (buffers.length === 0) {
    process.nextTick(callback, null, 0, buffers);
    return;
  }
  binding.writev(fd, buffers, vectorPosition(position), (error, bytesWritten) => {
    callback(error, bytesWritten || 0, buffers);
  });
}

Object.defineProperty(writev, customPromisifyArgs, { value: ['bytesWritten', 'buffers'], enumerable: false });

module.exports = { encodeText, validateText, write, writeRange, writeSync, writev, writevSync };
