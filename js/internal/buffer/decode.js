// From bytes to text: what `buf.toString(encoding, start, end)` does, one function an encoding.
//
// Each takes a view and a range that lies inside it. A few bytes become a string faster here than
// by a call into the native half.
'use strict';

const binding = internalBinding('buffer');

const { FastBuffer } = require('internal/buffer/memory');

const { fromCharCode } = String;
// V8 adds this function to a context that comes from a snapshot only after the snapshot.
let toHex;

/** Up to here `textOf()` has a case. */
const MAX_SHORT = 16;

/** So many bytes make at most `MAX_SHORT` characters of base64. */
const MAX_SHORT_BASE64 = 12;

/** Up to here V8's own `toHex()` is faster than the native half. */
const MAX_TO_HEX = 1024;

const MAX_STRING_LENGTH = 0x1fffffe8;

const codesOf = (text) => Array.from(text, (character) => character.charCodeAt(0));
const base64Codes = codesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const base64urlCodes = codesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const PADDING = 0x3d;

/** Where the characters of a short text are put together. */
const scratch = new Uint8Array(MAX_SHORT);

function tooLong() {
  const limit = `0x${MAX_STRING_LENGTH.toString(16)}`;
  const error = new Error(`Cannot create a string longer than ${limit} characters`);
  error.code = 'ERR_STRING_TOO_LONG';
  return error;
}

/** The string whose character codes are the `n` bytes from `i` on; `n` is 1 to `MAX_SHORT`. */
function textOf(b, i, n) {
  switch (n) {
    case 1: return fromCharCode(b[i]);
    case 2: return fromCharCode(b[i], b[i + 1]);
    case 3: return fromCharCode(b[i], b[i + 1], b[i + 2]);
    case 4: return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3]);
    case 5: return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4]);
    case 6: return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5]);
    case 7: return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6]);
    case 8:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7]);
    case 9:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8]);
    case 10:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9]);
    case 11:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9], b[i + 10]);
    case 12:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9], b[i + 10], b[i + 11]);
    case 13:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12]);
    case 14:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13]);
    case 15:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14]);
    default:
      return fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
                          b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14],
                          b[i + 15]);
  }
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} with invalid sequences replaced by U+FFFD
 */
function decodeUtf8(buffer, start, end) {
  const length = end - start;
  if (length <= MAX_SHORT) {
    if (length <= 0) return '';
    let bits = 0;
    for (let i = start; i < end; i++) bits |= buffer[i];
    if (bits < 0x80) return textOf(buffer, start, length);
  }
  const text = binding.utf8Slice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} with one character a byte
 */
function decodeLatin1(buffer, start, end) {
  const length = end - start;
  if (length <= MAX_SHORT) return length <= 0 ? '' : textOf(buffer, start, length);
  const text = binding.latin1Slice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} with one character a byte, of which the high bit is ignored
 */
function decodeAscii(buffer, start, end) {
  const length = end - start;
  if (length <= MAX_SHORT) {
    if (length <= 0) return '';
    let bits = 0;
    for (let i = start; i < end; i++) bits |= buffer[i];
    if (bits < 0x80) return textOf(buffer, start, length);
  }
  const text = binding.asciiSlice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} with one character for two bytes; an odd last byte is left out
 */
function decodeUtf16(buffer, start, end) {
  if (end - start < 2) return '';
  const text = binding.ucs2Slice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} two lower-case hexadecimal digits a byte
 */
function decodeHex(buffer, start, end) {
  const length = end - start;
  if (length <= 0) return '';
  // Programs that are to be kept in a snapshot do not have it.
  toHex ??= Uint8Array.prototype.toHex;
  if (length <= MAX_TO_HEX && buffer instanceof Uint8Array && toHex !== undefined) {
    if (length === buffer.length) return toHex.call(buffer);
    return toHex.call(new FastBuffer(buffer.buffer, buffer.byteOffset + start, length));
  }
  const text = binding.hexSlice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} padded to a multiple of four characters
 */
function decodeBase64(buffer, start, end) {
  const length = end - start;
  if (length <= MAX_SHORT_BASE64) {
    if (length <= 0) return '';
    let count = putBase64(buffer, start, end, base64Codes);
    while (count % 4 !== 0) scratch[count++] = PADDING;
    return textOf(scratch, 0, count);
  }
  const text = binding.base64Slice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/**
 * @param {Uint8Array} buffer
 * @param {number} start
 * @param {number} end
 * @returns {string} in the alphabet of URLs, without padding
 */
function decodeBase64url(buffer, start, end) {
  const length = end - start;
  if (length <= MAX_SHORT_BASE64) {
    return length <= 0 ? '' : textOf(scratch, 0, putBase64(buffer, start, end, base64urlCodes));
  }
  const text = binding.base64urlSlice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
}

/** Puts the characters of a few bytes into `scratch`, and returns how many there are. */
function putBase64(buffer, start, end, codes) {
  let count = 0;
  let i = start;
  for (; i + 2 < end; i += 3) {
    const bits = buffer[i] << 16 | buffer[i + 1] << 8 | buffer[i + 2];
    scratch[count] = codes[bits >> 18];
    scratch[count + 1] = codes[bits >> 12 & 0x3f];
    scratch[count + 2] = codes[bits >> 6 & 0x3f];
    scratch[count + 3] = codes[bits & 0x3f];
    count += 4;
  }
  if (i === end) return count;
  const isPair = i + 2 === end;
  const bits = buffer[i] << 16 | (isPair ? buffer[i + 1] << 8 : 0);
  scratch[count++] = codes[bits >> 18];
  scratch[count++] = codes[bits >> 12 & 0x3f];
  if (isPair) scratch[count++] = codes[bits >> 6 & 0x3f];
  return count;
}

module.exports = {
  decodeAscii,
  decodeBase64,
  decodeBase64url,
  decodeHex,
  decodeLatin1,
  decodeUtf16,
  decodeUtf8,
};
