// The classes of `zlib`: deflate with zlib's wrapper, with gzip's and with none, Brotli and Zstandard.
'use strict';

const {
  codes: {
    ERR_BROTLI_INVALID_PARAM, ERR_INVALID_ARG_TYPE, ERR_ZLIB_INITIALIZATION_FAILED, ERR_ZSTD_INVALID_PARAM,
  },
  genericNodeError,
} = require('internal/errors');
const { deprecateInstantiation } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { checkRangesOrGetDefault } = require('internal/validators');
const { ZlibBase, assertOpen, binding, failureError } = require('internal/zlib/base');
const constants = require('internal/zlib/constants');

const {
  BROTLI_DECODE, BROTLI_ENCODE, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_PROCESS, DEFLATE,
  DEFLATERAW, GUNZIP, GZIP, INFLATE, INFLATERAW, UNZIP, Z_DEFAULT_LEVEL, Z_DEFAULT_MEMLEVEL, Z_DEFAULT_STRATEGY,
  Z_DEFAULT_WINDOWBITS, Z_FINISH, Z_FIXED, Z_FULL_FLUSH, Z_MAX_LEVEL, Z_MAX_MEMLEVEL, Z_MAX_WINDOWBITS, Z_MIN_LEVEL,
  Z_MIN_MEMLEVEL, Z_MIN_WINDOWBITS, Z_NO_FLUSH, Z_SYNC_FLUSH, ZSTD_COMPRESS, ZSTD_DECOMPRESS, ZSTD_e_continue,
  ZSTD_e_end, ZSTD_e_flush,
} = constants;

const ZLIB_FLUSHES = { flush: Z_NO_FLUSH, finishFlush: Z_FINISH, fullFlush: Z_FULL_FLUSH };
const BROTLI_FLUSHES = {
  flush: BROTLI_OPERATION_PROCESS, finishFlush: BROTLI_OPERATION_FINISH, fullFlush: BROTLI_OPERATION_FLUSH,
};
const ZSTD_FLUSHES = { flush: ZSTD_e_continue, finishFlush: ZSTD_e_end, fullFlush: ZSTD_e_flush };

// The dictionary of the options as a view of its bytes.
function dictionaryOf(opts) {
  const dictionary = opts?.dictionary;
  if (dictionary === undefined || isArrayBufferView(dictionary)) return dictionary;
  if (isAnyArrayBuffer(dictionary)) return new Uint8Array(dictionary);
  throw new ERR_INVALID_ARG_TYPE(
    'options.dictionary', ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], dictionary,
  );
}

function makeHandle(stream, mode) {
  stream._writeState = new Uint32Array(2);
  return new binding.Compressor(mode, stream._writeState);
}

function checkInitialized(failure) {
  if (failure === undefined) return;
  const [message, errno, code] = failure;
  if (code === 'ERR_ZLIB_INITIALIZATION_FAILED') throw new ERR_ZLIB_INITIALIZATION_FAILED(message);
  throw genericNodeError(message, { errno, code });
}

function inherit(Class, Base) {
  Object.setPrototypeOf(Class.prototype, Base.prototype);
  Object.setPrototypeOf(Class, Base);
}

// The deflate family.
function Zlib(opts, mode) {
  let windowBits = Z_DEFAULT_WINDOWBITS;
  let level = Z_DEFAULT_LEVEL;
  let memLevel = Z_DEFAULT_MEMLEVEL;
  let strategy = Z_DEFAULT_STRATEGY;
  let dictionary;
  if (opts) {
    const inflates = mode === INFLATE || mode === GUNZIP || mode === UNZIP;
    if ((opts.windowBits == null || opts.windowBits === 0) && inflates) {
      // As the data's header says.
      windowBits = 0;
    } else {
      // A gzip of 8 bits has a header that says 9, which decoders refuse.
      const least = Z_MIN_WINDOWBITS + (mode === GZIP ? 1 : 0);
      windowBits = checkRangesOrGetDefault(
        opts.windowBits, 'options.windowBits', least, Z_MAX_WINDOWBITS, Z_DEFAULT_WINDOWBITS,
      );
    }
    level = checkRangesOrGetDefault(opts.level, 'options.level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_LEVEL);
    memLevel = checkRangesOrGetDefault(
      opts.memLevel, 'options.memLevel', Z_MIN_MEMLEVEL, Z_MAX_MEMLEVEL, Z_DEFAULT_MEMLEVEL,
    );
    strategy = checkRangesOrGetDefault(
      opts.strategy, 'options.strategy', Z_DEFAULT_STRATEGY, Z_FIXED, Z_DEFAULT_STRATEGY,
    );
    dictionary = dictionaryOf(opts);
  }
  const handle = makeHandle(this, mode);
  ZlibBase.call(this, opts, mode, handle, ZLIB_FLUSHES);
  // The library has no windows of 8 bits; raw data of 9 is what it makes instead.
  const bits = mode === DEFLATERAW && windowBits === 8 ? 9 : windowBits;
  checkInitialized(handle.initDeflate(bits, level, memLevel, strategy, dictionary, this._rejectGarbageAfterEnd));
  this._level = level;
  this._strategy = strategy;
  this._mode = mode;
}
inherit(Zlib, ZlibBase);

/**
 * Changes level and strategy for what is written from now on; what was written before is flushed with the old
 * ones.
 * @param {number} level
 * @param {number} strategy
 * @param {() => void} callback
 */
Zlib.prototype.params = function params(level, strategy, callback) {
  checkRangesOrGetDefault(level, 'level', Z_MIN_LEVEL, Z_MAX_LEVEL);
  checkRangesOrGetDefault(strategy, 'strategy', Z_DEFAULT_STRATEGY, Z_FIXED);
  if (this._level === level && this._strategy === strategy) {
    process.nextTick(callback);
    return;
  }
  this.flush(Z_SYNC_FLUSH, () => {
    assertOpen(this);
    const failure = this._handle.params(level, strategy);
    if (failure !== undefined) {
      this.destroy(failureError(failure));
      return;
    }
    this._level = level;
    this._strategy = strategy;
    callback?.();
  });
};

function largest(prefix) {
  let most = 0;
  for (const name of Object.keys(constants)) {
    if (name.startsWith(prefix)) most = Math.max(most, constants[name]);
  }
  return most;
}

/** The greatest numbers of parameters; a Brotli decoder is asked about all that a compressor has. */
const MOST_BROTLI = largest('BROTLI_PARAM_');
const MOST_ZSTD_COMPRESS = largest('ZSTD_c_');
const MOST_ZSTD_DECOMPRESS = largest('ZSTD_d_');

// The parameters of the options as a list by their numbers, NaN for what is left to the library.
function paramList(params, greatest, InvalidParam) {
  const list = new Array(greatest + 1).fill(NaN);
  if (!params) return list;
  for (const key of Object.keys(params)) {
    const number = +key;
    if (Number.isNaN(number) || number < 0 || number > greatest || !Number.isNaN(list[number])) {
      throw new InvalidParam(key);
    }
    const value = params[key];
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    }
    list[number] = +value;
  }
  return list;
}

function Brotli(opts, mode) {
  const params = paramList(opts?.params, MOST_BROTLI, ERR_BROTLI_INVALID_PARAM);
  const dictionary = dictionaryOf(opts);
  const handle = makeHandle(this, mode);
  checkInitialized(handle.initBrotli(params, dictionary));
  ZlibBase.call(this, opts, mode, handle, BROTLI_FLUSHES);
}
inherit(Brotli, Zlib);

function Zstd(opts, mode) {
  const greatest = mode === ZSTD_COMPRESS ? MOST_ZSTD_COMPRESS : MOST_ZSTD_DECOMPRESS;
  const params = paramList(opts?.params, greatest, ERR_ZSTD_INVALID_PARAM);
  const dictionary = dictionaryOf(opts);
  const pledgedSize = opts?.pledgedSrcSize;
  if (mode === ZSTD_COMPRESS && pledgedSize !== undefined && typeof pledgedSize !== 'number') {
    const error = new TypeError('pledgedSrcSize must be a number');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  const handle = makeHandle(this, mode);
  checkInitialized(handle.initZstd(params, mode === ZSTD_COMPRESS ? pledgedSize : undefined, dictionary));
  ZlibBase.call(this, opts, mode, handle, ZSTD_FLUSHES);
}
inherit(Zstd, ZlibBase);

/** Compresses into zlib's format. */
function Deflate(opts) {
  if (!(this instanceof Deflate)) return deprecateInstantiation(Deflate, 'DEP0184', opts);
  Zlib.call(this, opts, DEFLATE);
}
inherit(Deflate, Zlib);

/** Decompresses zlib's format. */
function Inflate(opts) {
  if (!(this instanceof Inflate)) return deprecateInstantiation(Inflate, 'DEP0184', opts);
  Zlib.call(this, opts, INFLATE);
}
inherit(Inflate, Zlib);

/** Compresses into gzip's format. */
function Gzip(opts) {
  if (!(this instanceof Gzip)) return deprecateInstantiation(Gzip, 'DEP0184', opts);
  Zlib.call(this, opts, GZIP);
}
inherit(Gzip, Zlib);

/** Decompresses gzip's format. */
function Gunzip(opts) {
  if (!(this instanceof Gunzip)) return deprecateInstantiation(Gunzip, 'DEP0184', opts);
  Zlib.call(this, opts, GUNZIP);
}
inherit(Gunzip, Zlib);

/** Compresses into bare deflate data. */
function DeflateRaw(opts) {
  if (!(this instanceof DeflateRaw)) return deprecateInstantiation(DeflateRaw, 'DEP0184', opts);
  Zlib.call(this, opts, DEFLATERAW);
}
inherit(DeflateRaw, Zlib);

/** Decompresses bare deflate data. */
function InflateRaw(opts) {
  if (!(this instanceof InflateRaw)) return deprecateInstantiation(InflateRaw, 'DEP0184', opts);
  Zlib.call(this, opts, INFLATERAW);
}
inherit(InflateRaw, Zlib);

/** Decompresses zlib's or gzip's format, whichever the data have. */
function Unzip(opts) {
  if (!(this instanceof Unzip)) return deprecateInstantiation(Unzip, 'DEP0184', opts);
  Zlib.call(this, opts, UNZIP);
}
inherit(Unzip, Zlib);

/** Compresses into Brotli's format. */
function BrotliCompress(opts) {
  if (!(this instanceof BrotliCompress)) return deprecateInstantiation(BrotliCompress, 'DEP0184', opts);
  Brotli.call(this, opts, BROTLI_ENCODE);
}
inherit(BrotliCompress, Brotli);

/** Decompresses Brotli's format. */
function BrotliDecompress(opts) {
  if (!(this instanceof BrotliDecompress)) return deprecateInstantiation(BrotliDecompress, 'DEP0184', opts);
  Brotli.call(this, opts, BROTLI_DECODE);
}
inherit(BrotliDecompress, Brotli);

/** Compresses into Zstandard's format. */
class ZstdCompress extends Zstd {
  constructor(opts) {
    super(opts, ZSTD_COMPRESS);
  }
}

/** Decompresses Zstandard's format. */
class ZstdDecompress extends Zstd {
  constructor(opts) {
    super(opts, ZSTD_DECOMPRESS);
  }
}

module.exports = {
  Deflate,
  Inflate,
  Gzip,
  Gunzip,
  DeflateRaw,
  InflateRaw,
  Unzip,
  BrotliCompress,
  BrotliDecompress,
  ZstdCompress,
  ZstdDecompress,
};
