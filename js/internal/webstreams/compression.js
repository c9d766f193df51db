// `CompressionStream` and `DecompressionStream`: the streams of `zlib` as web streams.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const { describe, finishClass } = require('internal/webstreams/common');

const compressors = {
  '__proto__': null,
  'deflate': 'createDeflate',
  'deflate-raw': 'createDeflateRaw',
  'gzip': 'createGzip',
  'brotli': 'createBrotliCompress',
};

const decompressors = {
  '__proto__': null,
  'deflate': 'createInflate',
  'deflate-raw': 'createInflateRaw',
  'gzip': 'createGunzip',
  'brotli': 'createBrotliDecompress',
};

function methodFor(methods, format, name) {
  const method = methods[format];
  if (method !== undefined) return method;
  const error = new ERR_INVALID_ARG_VALUE('format', format);
  error.message = `Failed to construct '${name}': 1st argument '${format}' is not a valid enum value of type ` +
    'CompressionFormat.';
  throw error;
}

/** A pair of streams around a stream of `zlib`, whose errors are those of the web. */
function createPair(method, options = undefined) {
  const { toCompressible, toPair } = require('internal/webstreams/adapters');
  const { kEmptyObject } = require('internal/util');
  const stream = require('zlib')[method](options);
  return toPair(stream, kEmptyObject, { convert: toCompressible, toError: toWebError });
}

/** Errors of the data are TypeErrors here, with the code of the original one, which is the cause. */
function toWebError(error) {
  if (error == null || error instanceof TypeError || error.errno === undefined) return error;
  const converted = new TypeError(undefined, { cause: error });
  converted.code = error.code;
  return converted;
}

class CompressionStream {
  #transform;

  /** @param {'deflate' | 'deflate-raw' | 'gzip' | 'brotli'} format */
  constructor(format) {
    const method = methodFor(compressors, `${format}`, 'CompressionStream');
    this.#transform = createPair(method);
  }

  /** @returns {ReadableStream<Uint8Array>} */
  get readable() {
    return this.#transform.readable;
  }

  /** @returns {WritableStream<BufferSource>} */
  get writable() {
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    const { readable, writable } = this;
    return describe(this, depth, options, { readable, writable });
  }
}
finishClass(CompressionStream, ['readable', 'writable']);

class DecompressionStream {
  #transform;

  /** @param {'deflate' | 'deflate-raw' | 'gzip' | 'brotli'} format */
  constructor(format) {
    const method = methodFor(decompressors, `${format}`, 'DecompressionStream');
    this.#transform = createPair(method, { rejectGarbageAfterEnd: true });
  }

  /** @returns {ReadableStream<Uint8Array>} */
  get readable() {
    return this.#transform.readable;
  }

  /** @returns {WritableStream<BufferSource>} */
  get writable() {
    return this.#transform.writable;
  }

  [customInspectSymbol](depth, options) {
    const { readable, writable } = this;
    return describe(this, depth, options, { readable, writable });
  }
}
finishClass(DecompressionStream, ['readable', 'writable']);

module.exports = { CompressionStream, DecompressionStream };
