// The encodings between text and bytes, and how they are looked up by their many names.
'use strict';

const {
  decodeAscii,
  decodeBase64,
  decodeBase64url,
  decodeHex,
  decodeLatin1,
  decodeUtf16,
  decodeUtf8,
} = require('internal/buffer/decode');
const {
  byteLengthBase64,
  byteLengthUtf8,
  encodeBase64,
  encodeHex,
  encodeLatin1,
  encodeUtf16,
  encodeUtf8,
} = require('internal/buffer/encode');

/**
 * @typedef {object} Encoding
 * @property {string} name
 * @property {(string: string) => number} byteLength an upper bound for hex and base64, else exact
 * @property {(buffer: Uint8Array, string: string, offset: number, length: number) => number} encode
 * @property {(buffer: Uint8Array, start: number, end: number) => string} decode
 */

const lengthOf = (string) => string.length;

/** @type {Encoding} */
const utf8 = { name: 'utf8', byteLength: byteLengthUtf8, encode: encodeUtf8, decode: decodeUtf8 };
/** @type {Encoding} */
const utf16le = {
  name: 'utf16le',
  byteLength: (string) => string.length * 2,
  encode: encodeUtf16,
  decode: decodeUtf16,
};
/** @type {Encoding} */
const latin1 = { name: 'latin1', byteLength: lengthOf, encode: encodeLatin1, decode: decodeLatin1 };
/** @type {Encoding} */
const ascii = { name: 'ascii', byteLength: lengthOf, encode: encodeLatin1, decode: decodeAscii };
/** @type {Encoding} */
const base64 = { name: 'base64', byteLength: byteLengthBase64, encode: encodeBase64, decode: decodeBase64 };
/** @type {Encoding} */
const base64url = {
  name: 'base64url',
  byteLength: byteLengthBase64,
  encode: encodeBase64,
  decode: decodeBase64url,
};
/** @type {Encoding} */
const hex = {
  name: 'hex',
  byteLength: (string) => string.length >>> 1,
  encode: encodeHex,
  decode: decodeHex,
};

function byExactName(name) {
  switch (name) {
    case 'utf8':
    case 'utf-8': return utf8;
    case 'hex': return hex;
    case 'base64': return base64;
    case 'latin1':
    case 'binary': return latin1;
    case 'ascii': return ascii;
    case 'base64url': return base64url;
    case 'utf16le':
    case 'utf-16le':
    case 'ucs2':
    case 'ucs-2': return utf16le;
  }
}

/**
 * @param {unknown} name in any mixture of cases
 * @returns {Encoding | undefined}
 */
function encodingOf(name) {
  return byExactName(name) ?? byExactName(`${name}`.toLowerCase());
}

module.exports = { ascii, encodingOf, latin1, utf16le, utf8 };
