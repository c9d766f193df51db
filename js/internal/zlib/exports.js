// What `zlib` exports: gzip, deflate, Brotli and Zstandard, as streams, with callbacks and at once.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_BUFFER_TOO_LARGE, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateFunction, validateUint32 } = require('internal/validators');
const { binding, processChunkSync } = require('internal/zlib/base');
const constants = require('internal/zlib/constants');
const formats = require('internal/zlib/formats');

// Collects the whole output of a stream that is fed one buffer.
function collect(engine, buffer, callback) {
  validateFunction(callback, 'callback');
  const chunks = [];
  let length = 0;
  engine.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > engine._maxOutputLength) {
      engine.close();
      callback(new ERR_BUFFER_TOO_LARGE(engine._maxOutputLength));
    }
  });
  engine.on('error', (error) => {
    engine.removeAllListeners('end');
    callback(error);
  });
  engine.on('end', () => {
    const output = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length);
    engine.close();
    callback(null, engine._info ? { buffer: output, engine } : output);
  });
  engine.end(buffer);
}

function runSync(engine, buffer) {
  if (typeof buffer === 'string') {
    buffer = Buffer.from(buffer);
  } else if (isAnyArrayBuffer(buffer)) {
    buffer = Buffer.from(buffer);
  } else if (!isArrayBufferView(buffer)) {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], buffer);
  }
  const output = processChunkSync(engine, buffer, engine._finishFlushFlag);
  return engine._info ? { buffer: output, engine } : output;
}

function makeConvenience(Format) {
  const run = function asyncBufferWrapper(buffer, opts, callback) {
    if (typeof opts === 'function') {
      callback = opts;
      opts = {};
    }
    // The stream takes the memory of an ArrayBuffer only as a view.
    if (isAnyArrayBuffer(buffer)) buffer = Buffer.from(buffer);
    return collect(new Format(opts), buffer, callback);
  };
  const runAtOnce = function syncBufferWrapper(buffer, opts) {
    return runSync(new Format(opts), buffer);
  };
  return [run, runAtOnce];
}

function makeCreator(Format, name) {
  const create = { [name]: function (opts) {
    return new Format(opts);
  } }[name];
  return { __proto__: null, configurable: true, enumerable: true, writable: false, value: create };
}

/**
 * The CRC-32 of the data, going on from an earlier sum.
 * @param {string | ArrayBufferView} data
 * @param {number} [value]
 * @returns {number}
 */
function crc32(data, value = 0) {
  if (typeof data !== 'string' && !isArrayBufferView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
  }
  validateUint32(value, 'value');
  return binding.crc32(data, value);
}

const CODE_NAMES = [
  'Z_OK', 'Z_STREAM_END', 'Z_NEED_DICT', 'Z_ERRNO', 'Z_STREAM_ERROR', 'Z_DATA_ERROR', 'Z_MEM_ERROR', 'Z_BUF_ERROR',
  'Z_VERSION_ERROR',
];
const codes = {};
for (const name of CODE_NAMES) codes[name] = constants[name];
for (const name of CODE_NAMES) codes[constants[name]] = name;

Object.freeze(constants);
module.exports = { crc32, ...formats };

for (const [name, format] of [
  ['deflate', 'Deflate'], ['gzip', 'Gzip'], ['deflateRaw', 'DeflateRaw'], ['unzip', 'Unzip'],
  ['inflate', 'Inflate'], ['gunzip', 'Gunzip'], ['inflateRaw', 'InflateRaw'], ['brotliCompress', 'BrotliCompress'],
  ['brotliDecompress', 'BrotliDecompress'], ['zstdCompress', 'ZstdCompress'], ['zstdDecompress', 'ZstdDecompress'],
]) {
  [module.exports[name], module.exports[`${name}Sync`]] = makeConvenience(formats[format]);
}

for (const name of Object.keys(formats)) {
  Object.defineProperty(module.exports, `create${name}`, makeCreator(formats[name], `create${name}`));
}

const fixed = (value) => ({ __proto__: null, configurable: false, enumerable: true, value });
Object.defineProperties(module.exports, { constants: fixed(constants), codes: fixed(Object.freeze(codes)) });

// The constants without `constants`, as programs of long ago have them.
for (const name of Object.keys(constants)) {
  if (name.startsWith('BROTLI')) continue;
  Object.defineProperty(module.exports, name, { ...fixed(constants[name]), enumerable: false });
}
