// Node's `string_decoder`: turns chunks of bytes into text and keeps what a chunk's end cuts in two.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_UNKNOWN_ENCODING },
} = require('internal/errors');
const { Buffer } = require('buffer');
const { encodingOf, utf8 } = require('internal/buffer/encodings');

/**
 * The state of a decoder, seven bytes: up to four bytes of a cut character, how many it still lacks,
 * how many there are, and the number of the encoding.
 */
const kNativeDecoder = Symbol('kNativeDecoder');
const STATE_SIZE = 7;
const MISSING = 4;
const BUFFERED = 5;
const ENCODING = 6;

const ASCII = 0;
const UTF8 = 1;
const BASE64 = 2;
const UTF16 = 3;
const LATIN1 = 4;
const HEX = 5;
const BASE64URL = 7;

const encodingNumbers = {
  __proto__: null,
  ascii: ASCII,
  utf8: UTF8,
  base64: BASE64,
  utf16le: UTF16,
  latin1: LATIN1,
  hex: HEX,
  base64url: BASE64URL,
};

/**
 * @class
 * @param {string} [encoding]
 */
function StringDecoder(encoding) {
  const kind = encoding === undefined || encoding === null || encoding === '' ? utf8 : encodingOf(encoding);
  if (kind === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  this.encoding = kind.name;
  // From the pool: memory of its own would cost more than all the rest.
  const state = Buffer.allocUnsafe(STATE_SIZE).fill(0);
  state[ENCODING] = encodingNumbers[kind.name];
  this[kNativeDecoder] = state;
}

/**
 * @param {string | ArrayBufferView} buf
 * @returns {string} the text that is complete by now; a string comes back as it is
 */
StringDecoder.prototype.write = function write(buf) {
  if (typeof buf === 'string') return buf;
  if (!ArrayBuffer.isView(buf)) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], buf);
  }
  const state = this[kNativeDecoder];
  if (state === undefined) throw new ERR_INVALID_THIS('StringDecoder');
  const bytes = buf instanceof Uint8Array ? buf : Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength);
  const { length } = bytes;
  const kind = encodingOf(this.encoding);
  switch (state[ENCODING]) {
    case UTF8:
      if (state[MISSING] === 0 && (length === 0 || bytes[length - 1] < 0x80)) {
        return kind.decode(bytes, 0, length);
      }
      break;
    case ASCII:
    case LATIN1:
    case HEX:
      return kind.decode(bytes, 0, length);
  }
  return decode(state, kind, bytes);
};

/**
 * @param {string | ArrayBufferView} [buf] a last chunk
 * @returns {string} its text, with what is left over
 */
StringDecoder.prototype.end = function end(buf) {
  const text = buf === undefined ? '' : this.write(buf);
  const state = this[kNativeDecoder];
  return state[BUFFERED] > 0 ? text + flush(state, encodingOf(this.encoding)) : text;
};

/**
 * Decodes without what earlier chunks have left.
 * @param {Buffer} buf
 * @param {number} [offset]
 * @returns {string}
 */
StringDecoder.prototype.text = function text(buf, offset) {
  const state = this[kNativeDecoder];
  state[MISSING] = 0;
  state[BUFFERED] = 0;
  return this.write(buf.slice(offset));
};

Object.defineProperties(StringDecoder.prototype, {
  lastChar: {
    configurable: true,
    enumerable: true,
    get() {
      return this[kNativeDecoder].subarray(0, MISSING);
    },
  },
  lastNeed: {
    configurable: true,
    enumerable: true,
    get() {
      return this[kNativeDecoder][MISSING];
    },
  },
  lastTotal: {
    configurable: true,
    enumerable: true,
    get() {
      return this[kNativeDecoder][BUFFERED] + this[kNativeDecoder][MISSING];
    },
  },
});

/** Decodes what is complete and keeps the rest. */
function decode(state, kind, bytes) {
  let start = 0;
  let head = '';
  if (state[MISSING] > 0) {
    start = complete(state, bytes);
    if (state[MISSING] > 0) return '';
    head = kind.decode(state, 0, state[BUFFERED]);
    state[BUFFERED] = 0;
  }
  let end = bytes.length;
  if (start === end) return head;
  end -= keepTail(state, bytes, start);
  return end > start ? head + kind.decode(bytes, start, end) : head;
}

/**
 * Moves bytes to the character that lacks some, until it is complete or, in UTF-8, until a byte
 * shows that it never will be.
 * @returns {number} where the bytes that belong to it end
 */
function complete(state, bytes) {
  const wanted = Math.min(state[MISSING], bytes.length);
  let i = 0;
  while (i < wanted) {
    if (state[ENCODING] === UTF8 && (bytes[i] & 0xc0) !== 0x80) {
      state[MISSING] = 0;
      return i;
    }
    state[state[BUFFERED]] = bytes[i];
    state[BUFFERED]++;
    state[MISSING]--;
    i++;
  }
  return i;
}

/** Keeps the bytes of a character that the end of `bytes` cuts, and returns how many. */
function keepTail(state, bytes, start) {
  const end = bytes.length;
  let kept = 0;
  let missing = 0;
  switch (state[ENCODING]) {
    case UTF8: {
      const width = cutCharacterWidth(bytes, start);
      if (width > 0) {
        while ((bytes[end - 1 - kept] & 0xc0) === 0x80) kept++;
        kept++;
        missing = width - kept;
      }
      break;
    }
    case UTF16:
      if ((end - start) % 2 === 1) kept = missing = 1;
      else if ((bytes[end - 1] & 0xfc) === 0xd8) kept = missing = 2;
      break;
    default:
      kept = (end - start) % 3;
      if (kept > 0) missing = 3 - kept;
  }
  for (let i = 0; i < kept; i++) state[i] = bytes[end - kept + i];
  state[BUFFERED] = kept;
  state[MISSING] = missing;
  return kept;
}

/** How many bytes the character should have that is cut by the end of `bytes`; 0 if none is. */
function cutCharacterWidth(bytes, start) {
  const end = bytes.length;
  for (let length = 1; length <= 4 && end - length >= start; length++) {
    const byte = bytes[end - length];
    if ((byte & 0xc0) === 0x80) continue;
    let width = 0;
    if ((byte & 0xe0) === 0xc0) width = 2;
    else if ((byte & 0xf0) === 0xe0) width = 3;
    else if ((byte & 0xf8) === 0xf0) width = 4;
    return width > length ? width : 0;
  }
  return 0;
}

/** The text of a character that was never completed; half a unit of UTF-16 is none. */
function flush(state, kind) {
  let length = state[BUFFERED];
  if (state[ENCODING] === UTF16) length -= length % 2;
  state[MISSING] = 0;
  state[BUFFERED] = 0;
  return kind.decode(state, 0, length);
}

module.exports = { StringDecoder };
