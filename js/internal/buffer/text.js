// Functions about text that stand beside `Buffer`: transcode, isUtf8, isAscii, atob and btoa.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { lazyDOMException } = require('internal/util');
const { isAnyArrayBuffer, isTypedArray, isUint8Array } = require('internal/util/types');
const { encodingOf, utf16le, utf8 } = require('internal/buffer/encodings');
const { FastBuffer } = require('internal/buffer/memory');

const binding = internalBinding('buffer');

/** ICU's numbers of the errors that `transcode()` reports. */
const U_ILLEGAL_ARGUMENT_ERROR = 1;
const U_INVALID_CHAR_FOUND = 10;

const QUESTION_MARK = 0x3f;

/** What ICU leaves out where the target of a conversion lacks it, such as a byte order mark. */
const invisible = /^\p{Default_Ignorable_Code_Point}$/u;

/** What the native `atob` returns instead of a string. */
const INVALID_CHARACTER = 1;

function transcodeError(code, errno) {
  const error = new Error(`Unable to transcode Buffer [${code}]`);
  error.code = code;
  error.errno = errno;
  return error;
}

function invalidSource() {
  return transcodeError('U_INVALID_CHAR_FOUND', U_INVALID_CHAR_FOUND);
}

/** The encoding of an argument of `transcode()`, which knows only those of text. */
function textEncodingOf(name) {
  const kind = name === undefined || name === null || name === '' ? utf8 : encodingOf(name);
  switch (kind?.name) {
    case 'ascii':
    case 'latin1':
    case 'utf16le':
    case 'utf8':
      return kind;
    default:
      throw transcodeError('U_ILLEGAL_ARGUMENT_ERROR', U_ILLEGAL_ARGUMENT_ERROR);
  }
}

/**
 * Translates bytes from one encoding of text to another. What the target lacks becomes `?`; bytes
 * that the source does not allow become U+FFFD where the target is not the other Unicode encoding.
 * @param {Uint8Array} source
 * @param {string} fromEnc
 * @param {string} toEnc
 * @returns {Buffer}
 */
function transcode(source, fromEnc, toEnc) {
  if (!isUint8Array(source)) {
    throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  }
  if (source.length === 0) return new FastBuffer();
  const from = textEncodingOf(fromEnc);
  const to = textEncodingOf(toEnc);
  switch (to) {
    case utf16le: return encode(unitsOf(source, from), utf16le);
    case utf8: return encode(charactersOf(source, from), utf8);
    default: return encodeBytes(lenientText(source, from), to.name === 'ascii' ? 0x7f : 0xff);
  }
}

/** The text of `source` as what becomes UTF-16: bytes of ASCII are taken as they are. */
function unitsOf(source, from) {
  if (from === utf8) {
    if (!binding.isUtf8(source)) throw invalidSource();
    return utf8.decode(source, 0, source.length);
  }
  if (from !== utf16le) return encodingOf('latin1').decode(source, 0, source.length);
  const text = utf16le.decode(source, 0, source.length);
  // Half a unit after half a pair of surrogates is one error with it.
  const isCut = source.length % 2 !== 0 && !/[\ud800-\udbff]$/.test(text);
  return isCut ? `${text.toWellFormed()}\ufffd` : text.toWellFormed();
}

/** The text of `source` as what becomes UTF-8. */
function charactersOf(source, from) {
  const text = lenientText(source, from);
  if (from === utf16le && (text === '' || !text.isWellFormed())) throw invalidSource();
  return text;
}

function lenientText(source, from) {
  if (from.name !== 'ascii') return from.decode(source, 0, source.length);
  return encodingOf('latin1').decode(source, 0, source.length).replace(/[^\0-\x7f]/g, '\ufffd');
}

function encode(text, kind) {
  const bytes = new FastBuffer(kind.byteLength(text));
  kind.encode(bytes, text, 0, bytes.length);
  return bytes;
}

/** One byte a character; those beyond `max` become `?`, unless they are invisible anyway. */
function encodeBytes(text, max) {
  const codes = [];
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code <= max) codes.push(code);
    else if (!invisible.test(character)) codes.push(QUESTION_MARK);
  }
  const bytes = new FastBuffer(codes.length);
  bytes.set(codes);
  return bytes;
}

/** The bytes of an argument of `isUtf8()` and `isAscii()`; a detached buffer has none. */
function inputBytes(input) {
  if (isTypedArray(input)) return input;
  if (isAnyArrayBuffer(input)) return input.detached ? new FastBuffer() : new FastBuffer(input);
  throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
}

/**
 * @param {ArrayBuffer | SharedArrayBuffer | NodeJS.TypedArray} input
 * @returns {boolean} whether its bytes are valid UTF-8
 */
function isUtf8(input) {
  return binding.isUtf8(inputBytes(input));
}

/**
 * @param {ArrayBuffer | SharedArrayBuffer | NodeJS.TypedArray} input
 * @returns {boolean} whether its bytes are all below 128
 */
function isAscii(input) {
  return binding.isAscii(inputBytes(input));
}

/**
 * @param {string} input of characters up to U+00FF
 * @returns {string} base64
 */
function btoa(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const text = binding.btoa(`${input}`);
  if (text === undefined) throw lazyDOMException('Invalid character', 'InvalidCharacterError');
  return text;
}

/**
 * @param {string} input base64, in which white space is allowed
 * @returns {string} of characters up to U+00FF
 */
function atob(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const text = binding.atob(`${input}`);
  if (typeof text === 'string') return text;
  throw lazyDOMException(
    text === INVALID_CHARACTER ? 'Invalid character' : 'The string to be decoded is not correctly encoded.',
    'InvalidCharacterError',
  );
}

module.exports = { atob, btoa, isAscii, isUtf8, transcode };
