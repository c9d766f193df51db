// Filling a range of a Buffer with a byte, a text or other bytes.
'use strict';

const {
  codes: {
    ERR_BUFFER_OUT_OF_BOUNDS,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { validateInteger } = require('internal/validators');
const { encodingOf, utf8 } = require('internal/buffer/encodings');
const { FastBuffer } = require('internal/buffer/memory');
const { byteLengthOf, bytesOf, checkView } = require('internal/buffer/views');

const fillBytes = Uint8Array.prototype.fill;
const copyWithin = Uint8Array.prototype.copyWithin;

/** Up to here a loop is faster than the call of a builtin function. */
const MAX_SHORT = 32;

/**
 * What `buf.fill(value, offset, end, encoding)` does, whose arguments may leave out `offset` or
 * `end` before an encoding.
 * @param {Uint8Array} buffer
 * @param {unknown} value string, view, or anything that becomes a number
 * @param {unknown} offset
 * @param {unknown} end
 * @param {unknown} encoding
 */
function fillRange(buffer, value, offset, end, encoding) {
  let kind = utf8;
  if (typeof value === 'string') {
    if (offset === undefined || typeof offset === 'string') {
      encoding = offset;
      offset = undefined;
    } else if (typeof end === 'string') {
      encoding = end;
      end = undefined;
    }
    if (encoding !== undefined && encoding !== null && encoding !== '') {
      if (typeof encoding !== 'string') throw new ERR_INVALID_ARG_TYPE('encoding', 'string', encoding);
      kind = encodingOf(encoding);
      if (kind === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    }
  }
  const length = buffer.length;
  if (offset === undefined) {
    offset = 0;
    end = length;
  } else {
    validateInteger(offset, 'offset', 0);
    if (end === undefined) end = length;
    else validateInteger(end, 'end', 0, length);
    if (offset >= end) return;
  }
  if (typeof value === 'string') checkView(buffer);
  if (end > byteLengthOf(buffer)) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  if (typeof value === 'string') {
    if (offset < end) fillWithString(bytesOf(buffer), value, offset, end, kind);
  } else if (ArrayBuffer.isView(value)) {
    if (offset < end) fillWithView(bytesOf(buffer), value, offset, end, value);
  } else {
    fillWithByte(buffer, value, offset, end);
  }
}

function fillWithByte(buffer, value, offset, end) {
  if (end - offset > MAX_SHORT || typeof value !== 'number') {
    fillBytes.call(buffer, value, offset, end);
    return;
  }
  for (let i = offset; i < end; i++) buffer[i] = value;
}

function fillWithString(buffer, string, offset, end, kind) {
  if (string.length === 0) {
    fillWithByte(buffer, 0, offset, end);
    return;
  }
  const size = kind.byteLength(string);
  if (size > end - offset) {
    // An encoder writes whole characters only, a fill stops anywhere.
    const bytes = new FastBuffer(size);
    fillWithView(buffer, bytes.subarray(0, kind.encode(bytes, string, 0, size)), offset, end, string);
    return;
  }
  const written = kind.encode(buffer, string, offset, size);
  if (written === 0) throw new ERR_INVALID_ARG_VALUE('value', string);
  repeat(buffer, offset, offset + written, end);
}

/** `given` is what the program passed, for the error about a value without bytes. */
function fillWithView(buffer, view, offset, end, given) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (bytes.length === 0) throw new ERR_INVALID_ARG_VALUE('value', given);
  const count = Math.min(bytes.length, end - offset);
  buffer.set(count === bytes.length ? bytes : bytes.subarray(0, count), offset);
  repeat(buffer, offset, offset + count, end);
}

/** Repeats the bytes from `start` to `filled` until `end`, twice as many at each step. */
function repeat(buffer, start, filled, end) {
  if (end - filled <= MAX_SHORT) {
    const period = filled - start;
    for (let i = filled; i < end; i++) buffer[i] = buffer[i - period];
    return;
  }
  while (filled < end) {
    const count = Math.min(filled - start, end - filled);
    copyWithin.call(buffer, filled, start, start + count);
    filled += count;
  }
}

module.exports = { fillRange };
