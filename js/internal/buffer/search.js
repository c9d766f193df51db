// Finding bytes in a Buffer: indexOf, lastIndexOf and includes.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_ENCODING },
} = require('internal/errors');
const { isUint8Array } = require('internal/util/types');
const { FastBuffer } = require('internal/buffer/memory');
const { bytesOf } = require('internal/buffer/views');
const { ascii, encodingOf, latin1, utf16le, utf8 } = require('internal/buffer/encodings');

const binding = internalBinding('buffer');

/** Ranges up to these lengths are searched here, longer ones by the native half. */
const MAX_SHORT_RANGE = 48;
const MAX_SHORT_BYTE_RANGE = 24;

/** What `indexOfString` of the native half is told about the string. */
const UTF8 = 0;
const LATIN1 = 1;
const UTF16 = 2;

/**
 * Where `value` begins in `buffer`, or -1.
 * @param {ArrayBufferView} buffer
 * @param {string | number | Uint8Array} value
 * @param {unknown} start where to begin, from the end if negative; or the encoding
 * @param {unknown} end where the searched range ends; or the encoding
 * @param {unknown} encoding of a `value` that is a string
 * @param {boolean} forward whether the first occurrence is wanted, else the last
 * @returns {number}
 */
function search(buffer, value, start, end, encoding, forward) {
  if (!ArrayBuffer.isView(buffer)) {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], buffer);
  }
  if (typeof start === 'string') {
    encoding = start;
    start = undefined;
    if (typeof end === 'string') end = undefined;
  } else if (typeof end === 'string') {
    encoding = end;
    end = undefined;
  }
  buffer = bytesOf(buffer);
  start = +start;
  let size = buffer.length;

  if (typeof value === 'number') {
    return searchByte(buffer, value & 0xff, startOf(start, size, forward), endOf(end, size), forward);
  }
  if (typeof value === 'string') {
    let kind = utf8;
    if (encoding !== undefined) {
      kind = encodingOf(encoding);
      if (kind === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
      if (kind === utf16le) size = wholeUnits(size);
    }
    return searchString(buffer, value, startOf(start, size, forward), endOf(end, size), kind, forward);
  }
  if (isUint8Array(value)) {
    const wide = encoding !== undefined && encodingOf(encoding) === utf16le;
    return searchBytes(buffer, value, startOf(start, size, forward), endOf(end, size), wide, forward);
  }
  throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
}

/** The size of as many 16-bit units as there are in `size` bytes. */
function wholeUnits(size) {
  return size - size % 2;
}

/** Where a search begins, never -0; what is still negative lies before the buffer. */
function startOf(start, size, forward) {
  if (start !== start) return forward ? 0 : size;
  start = Math.trunc(start) + 0;
  return start < 0 ? start + size : start;
}

/** Where a search ends: an `end` before 0, or that is no finite number, is 0. */
function endOf(end, size) {
  if (end === undefined) return size;
  end = Math.trunc(end);
  if (!(end > 0) || end === Infinity) return 0;
  return end < size ? end : size;
}

function searchByte(buffer, byte, start, length, forward) {
  if (forward) {
    if (start < 0) start = 0;
    if (length - start > MAX_SHORT_BYTE_RANGE) return binding.indexOfByte(buffer, byte, start, length, true);
    for (let i = start; i < length; i++) {
      if (buffer[i] === byte) return i;
    }
    return -1;
  }
  if (start < 0) return -1;
  if (start >= length) start = length - 1;
  if (start > MAX_SHORT_BYTE_RANGE) return binding.indexOfByte(buffer, byte, start, length, false);
  for (let i = start; i >= 0; i--) {
    if (buffer[i] === byte) return i;
  }
  return -1;
}

function searchString(buffer, string, start, length, kind, forward) {
  let code = LATIN1;
  if (kind === utf8) {
    code = UTF8;
  } else if (kind === utf16le) {
    code = UTF16;
    length = wholeUnits(length);
  } else if (kind !== latin1 && kind !== ascii) {
    const bytes = new FastBuffer(kind.byteLength(string));
    const count = kind.encode(bytes, string, 0, bytes.length);
    return searchBytes(buffer, bytes.subarray(0, count), start, length, false, forward);
  }
  if (string.length === 0) return nothingAt(start, length);
  if (start < 0) {
    if (!forward) return -1;
    start = 0;
  }
  if (forward && code !== UTF16 && length - start <= MAX_SHORT_RANGE) {
    const index = searchAscii(buffer, string, start, length);
    if (index !== undefined) return index;
  }
  return binding.indexOfString(buffer, string, start, length, code, forward);
}

/** The first occurrence of `string` in a short range; undefined if it is not plain ASCII. */
function searchAscii(buffer, string, start, length) {
  const first = string.charCodeAt(0);
  if (first > 0x7f) return undefined;
  const last = length - string.length;
  for (let i = start; i <= last; i++) {
    if (buffer[i] !== first) continue;
    let j = 1;
    for (; j < string.length; j++) {
      const code = string.charCodeAt(j);
      if (code > 0x7f) return undefined;
      if (buffer[i + j] !== code) break;
    }
    if (j === string.length) return i;
  }
  return -1;
}

function searchBytes(buffer, bytes, start, length, wide, forward) {
  if (wide) length = wholeUnits(length);
  if (bytes.length === 0) return nothingAt(start, length);
  if (start < 0) {
    if (!forward) return -1;
    start = 0;
  }
  return binding.indexOfBytes(buffer, bytes, start, length, wide, forward);
}

/** Nothing is found everywhere, up to the end. */
function nothingAt(start, length) {
  if (start < 0) return 0;
  return start < length ? start : length;
}

module.exports = { search };
