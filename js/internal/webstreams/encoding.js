// `TextEncoderStream` and `TextDecoderStream`: text to UTF-8 bytes and bytes to text, chunk by chunk.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } } = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const { NativePromise, describe } = require('internal/webstreams/common');
const { createTransformStream } = require('internal/webstreams/transform_stream');

/** A transformer whose methods may throw. */
class SafeTransformer {
  core;

  setCore(core) {
    this.core = core;
  }

  transform(chunk) {
    try {
      this.put(this.convert(chunk));
      return undefined;
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  flush() {
    try {
      this.put(this.end());
      return undefined;
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  cancel() {}

  put(result) {
    if (result.length > 0) this.core.enqueue(result);
  }
}

class Encoding extends SafeTransformer {
  #encoder = new TextEncoder();
  // The first half of a pair whose second half comes with the next chunk
  #pending = '';

  convert(chunk) {
    const text = `${chunk}`;
    if (text.length === 0) return text;
    const whole = this.#pending + text;
    const last = whole.charCodeAt(whole.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#pending = whole[whole.length - 1];
      return this.#encoder.encode(whole.slice(0, -1));
    }
    this.#pending = '';
    return this.#encoder.encode(whole);
  }

  end() {
    const rest = this.#pending;
    return rest === '' ? rest : this.#encoder.encode(rest);
  }
}

class Decoding extends SafeTransformer {
  #decoder;

  constructor(decoder) {
    super();
    this.#decoder = decoder;
  }

  convert(chunk) {
    if (chunk === undefined) throw undefinedChunk();
    return this.#decoder.decode(chunk, { stream: true });
  }

  end() {
    return this.#decoder.decode();
  }
}

function undefinedChunk() {
  return new ERR_INVALID_ARG_TYPE(
    'input', ['SharedArrayBuffer', 'ArrayBuffer', 'ArrayBufferView'], undefined);
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

class TextEncoderStream {
  #handle;
  #transform;

  constructor() {
    this.#handle = 'utf-8';
    this.#transform = createTransformStream(new Encoding());
  }

  /** @returns {'utf-8'} */
  get encoding() {
    return this.#handle;
  }

  /** @returns {ReadableStream<Uint8Array>} */
  get readable() {
    return this.#transform.readable;
  }

  /** @returns {WritableStream<string>} */
  get writable() {
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    if (!isObject(this) || !(#handle in this)) throw new ERR_INVALID_THIS('TextEncoderStream');
    const { encoding, readable, writable } = this;
    return describe(this, depth, options, { encoding, readable, writable });
  }
}

class TextDecoderStream {
  #handle;
  #transform;

  /**
   * @param {string} [encoding]
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options] those of `TextDecoder`
   */
  constructor(encoding = 'utf-8', options = kEmptyObject) {
    this.#handle = new TextDecoder(encoding, options);
    this.#transform = createTransformStream(new Decoding(this.#handle));
  }

  /** @returns {string} */
  get encoding() {
    return this.#handle.encoding;
  }

  /** @returns {boolean} */
  get fatal() {
    return this.#handle.fatal;
  }

  /** @returns {boolean} */
  get ignoreBOM() {
    return this.#handle.ignoreBOM;
  }

  /** @returns {ReadableStream<string>} */
  get readable() {
    return this.#transform.readable;
  }

  /** @returns {WritableStream<BufferSource>} */
  get writable() {
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    if (!isObject(this) || !(#handle in this)) throw new ERR_INVALID_THIS('TextDecoderStream');
    const { encoding, fatal, ignoreBOM, readable, writable } = this;
    return describe(this, depth, options, { encoding, fatal, ignoreBOM, readable, writable });
  }
}

for (const [Class, members] of [
  [TextEncoderStream, ['encoding', 'readable', 'writable']],
  [TextDecoderStream, ['encoding', 'fatal', 'ignoreBOM', 'readable', 'writable']],
]) {
  for (const name of members) Object.defineProperty(Class.prototype, name, { enumerable: true });
}

module.exports = { TextDecoderStream, TextEncoderStream };
