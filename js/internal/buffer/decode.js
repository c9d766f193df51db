// From bytes to text: what `buf.toString(encoding, start, end)` does, one function an encoding.
//
// Each takes a view and a range that lies inside it. A few bytes become a string faster here than
// by a call into the native half.
'use strict';

const binding = internalBinding('buffer');

const { fromCharCode } = String;

/** Up to here `textOf()` has a case; hexadecimal text has two characters a byte. */
const MAX_SHORT = 16;
const MAX_SHORT_HEX = 8;

const K_STRING_MAX_LENGTH = 0x1fffffe8;

/** The character codes of hexadecimal digits, by value. */
const hexDigits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

function tooLong() {
  const error = new Error(`Cannot create a string longer than 0x${K_STRING_MAX_LENGTH.toString(16)} characters`);
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
                          b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14], b[i + 15]);
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
  if (end <= start) return '';
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
  if (end <= start) return '';
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
  if (end <= start) return '';
  const text = binding.base64urlSlice(buffer, start, end);
  if (text === undefined) throw tooLong();
  return text;
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
