// From text to bytes: what `buf.write(string, offset, length, encoding)` does, one function an encoding.
//
// Each takes a range that lies inside the view and returns how many bytes it wrote: whole
// characters only, as many as fit. A few characters are written faster here than by a call into the
// native half.
'use strict';

const binding = internalBinding('buffer');

/** So many characters are encoded here, and so few only counted. */
const MAX_SHORT = 12;
const MAX_SHORT_LATIN1 = 6;
const MAX_SHORT_COUNT = 6;

/** What the tables have for characters that stand for nothing, and for base64's padding. */
const NONE = -1;
const PADDING = -2;

/** The value of each character of `digits` by its code; the first 256 codes are in the table. */
function valuesOf(digits) {
  const values = new Array(256).fill(NONE);
  for (let value = 0; value < digits.length; value++) values[digits.charCodeAt(value)] = value;
  return values;
}

const hexValues = valuesOf('0123456789abcdef');
for (let value = 10; value < 16; value++) hexValues[value.toString(16).toUpperCase().charCodeAt(0)] = value;

const base64Values = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
base64Values['-'.charCodeAt(0)] = 62;
base64Values['_'.charCodeAt(0)] = 63;
base64Values['='.charCodeAt(0)] = PADDING;

/**
 * @param {Uint8Array} buffer
 * @param {string} string unpaired surrogates become U+FFFD
 * @param {number} offset
 * @param {number} length how many bytes may be written
 * @returns {number} how many were
 */
function encodeUtf8(buffer, string, offset, length) {
  const count = string.length;
  if (count <= MAX_SHORT && count <= length) {
    let i = 0;
    for (; i < count; i++) {
      const code = string.charCodeAt(i);
      if (code > 0x7f) return binding.utf8Write(buffer, string, offset, length);
      buffer[offset + i] = code;
    }
    return count;
  }
  return binding.utf8Write(buffer, string, offset, length);
}

/**
 * @param {Uint8Array} buffer
 * @param {string} string of whose characters the low byte is written
 * @param {number} offset
 * @param {number} length how many bytes may be written
 * @returns {number} how many were
 */
function encodeLatin1(buffer, string, offset, length) {
  const count = string.length < length ? string.length : length;
  if (count <= MAX_SHORT_LATIN1) {
    for (let i = 0; i < count; i++) buffer[offset + i] = string.charCodeAt(i);
    return count;
  }
  return binding.latin1Write(buffer, string, offset, length);
}

/**
 * @param {Uint8Array} buffer
 * @param {string} string
 * @param {number} offset
 * @param {number} length how many bytes may be written
 * @returns {number} how many were, an even number
 */
function encodeUtf16(buffer, string, offset, length) {
  const room = length >>> 1;
  const count = string.length < room ? string.length : room;
  if (count <= MAX_SHORT) {
    for (let i = 0; i < count; i++) {
      const code = string.charCodeAt(i);
      buffer[offset + 2 * i] = code;
      buffer[offset + 2 * i + 1] = code >>> 8;
    }
    return 2 * count;
  }
  return binding.ucs2Write(buffer, string, offset, length);
}

/**
 * @param {Uint8Array} buffer
 * @param {string} string pairs of hexadecimal digits; what follows the first other character is ignored
 * @param {number} offset
 * @param {number} length how many bytes may be written
 * @returns {number} how many were
 */
function encodeHex(buffer, string, offset, length) {
  const pairs = string.length >>> 1;
  const count = pairs < length ? pairs : length;
  if (2 * count <= MAX_SHORT) {
    for (let i = 0; i < count; i++) {
      const high = hexValues[string.charCodeAt(2 * i) & 0xff];
      const low = hexValues[string.charCodeAt(2 * i + 1) & 0xff];
      const byte = high << 4 | low;
      if (byte < 0) return i;
      buffer[offset + i] = byte;
    }
    return count;
  }
  return binding.hexWrite(buffer, string, offset, length);
}

/**
 * @param {Uint8Array} buffer
 * @param {string} string in either alphabet of base64; other characters are skipped
 * @param {number} offset
 * @param {number} length how many bytes may be written
 * @returns {number} how many were
 */
function encodeBase64(buffer, string, offset, length) {
  const count = string.length;
  if (count <= MAX_SHORT) {
    const end = offset + length;
    let filled = offset;
    let bits = 0;
    let width = 0;
    for (let i = 0; i < count; i++) {
      const value = base64Values[string.charCodeAt(i) & 0xff];
      if (value === PADDING) break;
      if (value === NONE) continue;
      bits = bits << 6 | value;
      width += 6;
      if (width < 8) continue;
      if (filled === end) break;
      width -= 8;
      buffer[filled++] = bits >> width;
    }
    return filled - offset;
  }
  return binding.base64Write(buffer, string, offset, length);
}

/**
 * @param {string} string
 * @returns {number} how many bytes it has as UTF-8
 */
function byteLengthUtf8(string) {
  const count = string.length;
  if (count <= MAX_SHORT_COUNT) {
    let i = 0;
    while (i < count && string.charCodeAt(i) < 0x80) i++;
    if (i === count) return count;
  }
  return binding.byteLengthUtf8(string);
}

/**
 * @param {string} string
 * @returns {number} how many bytes it has as base64, if none of its characters is skipped
 */
function byteLengthBase64(string) {
  let count = string.length;
  if (count > 0 && string.charCodeAt(count - 1) === 0x3d) count--;
  if (count > 1 && string.charCodeAt(count - 1) === 0x3d) count--;
  return Math.floor(count * 3 / 4);
}

module.exports = {
  byteLengthBase64,
  byteLengthUtf8,
  encodeBase64,
  encodeHex,
  encodeLatin1,
  encodeUtf16,
  encodeUtf8,
};
