// `TextEncoder` and `TextDecoder`: text to UTF-8 bytes, and bytes of any web encoding to text.
'use strict';

const {
  codes: {
    ERR_ENCODING_INVALID_ENCODED_DATA,
    ERR_ENCODING_NOT_SUPPORTED,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_THIS,
  },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject, kEnumerableProperty } = require('internal/util');
const { isAnyArrayBuffer, isUint8Array } = require('internal/util/types');
const {
  kValidateObjectAllowObjectsAndNull,
  validateObject,
} = require('internal/validators');

const binding = internalBinding('encoding');

const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);

/** Receives the counts of `encodeInto`: UTF-16 units read, bytes written. */
let counts;

class TextEncoder {
  #encoding = 'utf-8';

  #encode(input) {
    return input === '' ? new Uint8Array(0) : binding.encodeUtf8(input);
  }

  #encodeInto(source, destination) {
    counts ??= new Uint32Array(2);
    binding.encodeUtf8Into(source, destination, counts);
    return { read: counts[0], written: counts[1] };
  }

  /** @returns {'utf-8'} */
  get encoding() {
    return this.#encoding;
  }

  /**
   * @param {string} [input] lone surrogates become U+FFFD
   * @returns {Uint8Array}
   */
  encode(input = '') {
    return this.#encode(`${input}`);
  }

  /**
   * Writes as many whole characters as there is room for.
   * @param {string} src
   * @param {Uint8Array} dest
   * @returns {{ read: number, written: number }} UTF-16 units read and bytes written
   */
  encodeInto(src, dest) {
    if (typeof src !== 'string') throw new ERR_INVALID_ARG_TYPE('src', 'string', src);
    if (!isUint8Array(dest)) throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', dest);
    return this.#encodeInto(src, dest);
  }

  [customInspectSymbol](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    return inspect({ encoding: this.#encoding }, options);
  }
}

Object.defineProperties(TextEncoder.prototype, {
  encoding: kEnumerableProperty,
  encode: kEnumerableProperty,
  encodeInto: kEnumerableProperty,
  [Symbol.toStringTag]: { configurable: true, value: 'TextEncoder' },
});

const singleByteEncoding = /^(?:ibm|iso-8859-|koi8-|mac|windows-|x-)/;

function invalidData(encoding) {
  if (singleByteEncoding.test(encoding)) return new ERR_ENCODING_INVALID_ENCODED_DATA(encoding, undefined);
  const error = new TypeError(`The encoded data was not valid for encoding ${encoding}`);
  error.code = 'ERR_ENCODING_INVALID_ENCODED_DATA';
  return error;
}

/** Says of a wrong input what the decoder of that encoding says of it in Node. */
function invalidInput(encoding, input) {
  if (singleByteEncoding.test(encoding)) {
    return new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'ArrayBufferView'], input);
  }
  const name = encoding === 'utf-8' ? 'list' : 'input';
  const error = new TypeError(
    `The "${name}" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.`);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;

  /** Keeps what a streaming call has left over; undefined between streams. */
  #decoder;

  /**
   * @param {string} [encoding] a label of the Encoding Standard
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options] whether bad bytes throw; whether a byte order
   *   mark is kept
   */
  constructor(encoding = 'utf-8', options = kEmptyObject) {
    const label = `${encoding}`;
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    const name = label === 'utf-8' ? label : binding.findEncoding(label);
    if (name === undefined) throw new ERR_ENCODING_NOT_SUPPORTED(label);
    this.#encoding = name;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  static #check(receiver) {
    if (typeof receiver !== 'object' || receiver === null || !(#encoding in receiver)) {
      throw new ERR_INVALID_THIS('TextDecoder');
    }
  }

  /**
   * @param {ArrayBuffer | SharedArrayBuffer | ArrayBufferView} [input]
   * @param {{ stream?: boolean }} [options] whether more bytes follow in another call
   * @returns {string}
   */
  decode(input, options = kEmptyObject) {
    TextDecoder.#check(this);
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    const isLast = !options?.stream;
    if (input !== undefined && !ArrayBuffer.isView(input) && !isAnyArrayBuffer(input)) {
      throw invalidInput(this.#encoding, input);
    }

    const text = isLast && this.#decoder === undefined ?
      this.#decodeWhole(input) :
      this.#decodePart(input, isLast);
    if (text === undefined) throw invalidData(this.#encoding);
    return text;
  }

  #decodeWhole(input) {
    if (input === undefined) return '';
    if (this.#encoding === 'utf-8') return binding.decodeUtf8(input, this.#ignoreBOM, this.#fatal);
    return binding.decode(this.#encoding, input, this.#ignoreBOM, this.#fatal);
  }

  #decodePart(input, isLast) {
    this.#decoder ??= new binding.Decoder(this.#encoding, this.#ignoreBOM, this.#fatal);
    const text = this.#decoder.decode(input ?? new Uint8Array(0), isLast);
    if (isLast || text === undefined) this.#decoder = undefined;
    return text;
  }

  /** @returns {string} the name of the encoding in lower case */
  get encoding() {
    TextDecoder.#check(this);
    return this.#encoding;
  }

  /** @returns {boolean} */
  get fatal() {
    TextDecoder.#check(this);
    return this.#fatal;
  }

  /** @returns {boolean} */
  get ignoreBOM() {
    TextDecoder.#check(this);
    return this.#ignoreBOM;
  }

  [customInspectSymbol](depth, options) {
    TextDecoder.#check(this);
    const name = Object.getPrototypeOf(this)?.constructor?.name || 'TextDecoder';
    if (typeof depth === 'number' && depth < 0) return options.stylize(`[${name}]`, 'special');
    const Shown = Object.defineProperty(class {}, 'name', { value: name });
    return inspect(Object.assign(new Shown(), {
      encoding: this.#encoding,
      fatal: this.#fatal,
      ignoreBOM: this.#ignoreBOM,
    }));
  }
}

Object.defineProperties(TextDecoder.prototype, {
  decode: kEnumerableProperty,
  encoding: kEnumerableProperty,
  fatal: kEnumerableProperty,
  ignoreBOM: kEnumerableProperty,
  [Symbol.toStringTag]: { configurable: true, value: 'TextDecoder' },
});

module.exports = { TextEncoder, TextDecoder };
