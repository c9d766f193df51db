// What all streams of `zlib` do: feed a native compressor step by step and push what comes out.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_BUFFER_TOO_LARGE, ERR_INTERNAL_ASSERTION, ERR_OUT_OF_RANGE, ERR_TRAILING_JUNK_AFTER_STREAM_END,
  },
  genericNodeError,
} = require('internal/errors');
const { checkRangesOrGetDefault, validateBoolean, validateFiniteNumber } = require('internal/validators');
const { finished, Transform } = require('stream');
const {
  BROTLI_DECODE, BROTLI_ENCODE, BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH,
  BROTLI_OPERATION_PROCESS, Z_BLOCK, Z_DEFAULT_CHUNK, Z_FINISH, Z_FULL_FLUSH, Z_MIN_CHUNK, Z_NO_FLUSH,
  Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, ZSTD_COMPRESS, ZSTD_DECOMPRESS, ZSTD_e_continue, ZSTD_e_end, ZSTD_e_flush,
} = require('internal/zlib/constants');

const binding = internalBinding('zlib');

/** How long outputs may be: `buffer.kMaxLength`, as it was when the program loaded `zlib`. */
let longest;

/** Called by `zlib` when it is loaded. */
function setLongest(length) {
  longest = length;
}

/** On an empty chunk: the kind of flush that it stands for. */
const kFlushFlag = Symbol('kFlushFlag');
/** What is being written: see `startStep`. */
const kJob = Symbol('kJob');
const kOnStep = Symbol('kOnStep');
const kError = Symbol('kError');

// The kinds of flushes by strength, for each family: a stronger one takes the place of a weaker.
const FLUSH_ORDER_ZLIB = [Z_NO_FLUSH, Z_BLOCK, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH];
const FLUSH_ORDER_BROTLI = [
  BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_FINISH,
];
const FLUSH_ORDER_ZSTD = [ZSTD_e_continue, ZSTD_e_flush, ZSTD_e_end];
const FAMILIES = [
  { order: FLUSH_ORDER_ZLIB, greatest: Z_BLOCK },
  { order: FLUSH_ORDER_BROTLI, greatest: BROTLI_OPERATION_EMIT_METADATA },
  { order: FLUSH_ORDER_ZSTD, greatest: ZSTD_e_end },
];

function familyOf(mode) {
  if (mode === BROTLI_DECODE || mode === BROTLI_ENCODE) return 1;
  return mode === ZSTD_COMPRESS || mode === ZSTD_DECOMPRESS ? 2 : 0;
}

function strongerFlush(order, one, other) {
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

/** The error for what the native side reports: `[message, errno, code]`. */
function failureError(failure) {
  return genericNodeError(failure[0], { errno: failure[1], code: failure[2] });
}

// Empty chunks that stand for flushes, by family and kind: one that is still queued merges with the next.
function flushMarker(kind) {
  const marker = Buffer.alloc(0);
  marker[kFlushFlag] = kind;
  return marker;
}

/**
 * A stream over a native compressor.
 * @param {object | undefined} opts options of the format and of streams
 * @param {number} mode the number of the format and the direction
 * @param {object} handle the native compressor
 * @param {{ flush: number, finishFlush: number, fullFlush: number }} defaults the kinds of flushes
 */
function ZlibBase(opts, mode, handle, { flush, finishFlush, fullFlush }) {
  let chunkSize = Z_DEFAULT_CHUNK;
  let maxOutputLength = longest;
  let rejectGarbageAfterEnd = false;
  const family = familyOf(mode);
  let streamOptions;
  if (opts) {
    if (validateFiniteNumber(opts.chunkSize, 'options.chunkSize')) {
      chunkSize = opts.chunkSize;
      if (chunkSize < Z_MIN_CHUNK) throw new ERR_OUT_OF_RANGE('options.chunkSize', `>= ${Z_MIN_CHUNK}`, chunkSize);
    }
    const { greatest } = FAMILIES[family];
    flush = checkRangesOrGetDefault(opts.flush, 'options.flush', 0, greatest, flush);
    finishFlush = checkRangesOrGetDefault(opts.finishFlush, 'options.finishFlush', 0, greatest, finishFlush);
    maxOutputLength = checkRangesOrGetDefault(
      opts.maxOutputLength, 'options.maxOutputLength', 1, longest, longest,
    );
    if (opts.rejectGarbageAfterEnd !== undefined) {
      validateBoolean(opts.rejectGarbageAfterEnd, 'options.rejectGarbageAfterEnd');
      rejectGarbageAfterEnd = opts.rejectGarbageAfterEnd;
    }
    streamOptions = opts;
    if (opts.encoding || opts.objectMode || opts.writableObjectMode) {
      streamOptions = { ...opts, encoding: null, objectMode: false, writableObjectMode: false };
    }
  }

  Transform.call(this, { autoDestroy: true, ...streamOptions });
  this[kError] = null;
  this[kJob] = null;
  this[kOnStep] = null;
  this.bytesWritten = 0;
  this._handle = handle;
  this._outBuffer = Buffer.allocUnsafe(chunkSize);
  this._outOffset = 0;
  this._chunkSize = chunkSize;
  this._defaultFlushFlag = flush;
  this._finishFlushFlag = finishFlush;
  this._defaultFullFlushFlag = fullFlush;
  this._flushBoundIdx = family;
  this._info = opts?.info;
  this._maxOutputLength = maxOutputLength;
  this._rejectGarbageAfterEnd = rejectGarbageAfterEnd;
}
Object.setPrototypeOf(ZlibBase.prototype, Transform.prototype);
Object.setPrototypeOf(ZlibBase, Transform);

Object.defineProperty(ZlibBase.prototype, '_closed', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return !this._handle;
  },
});

function assertOpen(stream) {
  if (!stream._handle) throw new ERR_INTERNAL_ASSERTION('zlib binding closed');
}

/** Begins anew with the same parameters. */
ZlibBase.prototype.reset = function reset() {
  assertOpen(this);
  const failure = this._handle.reset();
  if (failure !== undefined) this.destroy(failureError(failure));
};

/** What a Transform calls after the last chunk: there is nothing left to push, for the last chunk ended it. */
ZlibBase.prototype._flush = function _flush(callback) {
  this._transform(Buffer.alloc(0), '', callback);
};

ZlibBase.prototype._final = function _final(callback) {
  callback();
};

/**
 * Flushes what the compressor holds back.
 * @param {number} [kind] by default a full flush
 * @param {() => void} [callback]
 */
ZlibBase.prototype.flush = function flush(kind, callback) {
  if (typeof kind === 'function' || (kind === undefined && !callback)) {
    callback = kind;
    kind = this._defaultFullFlushFlag;
  }
  const { greatest } = FAMILIES[this._flushBoundIdx];
  kind = checkRangesOrGetDefault(kind, 'kind', 0, greatest, this._defaultFullFlushFlag);
  if (this.writableFinished) {
    if (callback) process.nextTick(callback);
  } else if (this.writableEnded) {
    if (callback) this.once('end', callback);
  } else {
    this.write(flushMarker(kind), '', callback);
  }
};

/**
 * Closes the stream.
 * @param {() => void} [callback] called when it is closed
 */
ZlibBase.prototype.close = function close(callback) {
  if (callback) finished(this, callback);
  this.destroy();
};

ZlibBase.prototype._destroy = function _destroy(error, callback) {
  closeHandle(this);
  callback(error);
};

function closeHandle(stream) {
  stream._handle?.close();
  stream._handle = null;
}

ZlibBase.prototype._transform = function _transform(chunk, encoding, callback) {
  let flushFlag = this._defaultFlushFlag;
  if (typeof chunk[kFlushFlag] === 'number') {
    flushFlag = chunk[kFlushFlag];
  } else if (this.writableEnded && this.writableLength === chunk.byteLength) {
    // The last chunk, which ends the compressed data too.
    flushFlag = strongerFlush(FAMILIES[this._flushBoundIdx].order, flushFlag, this._finishFlushFlag);
  }
  processChunk(this, chunk, flushFlag, callback);
};

/**
 * Feeds a chunk: at once, returning the output, or with a callback on the thread pool.
 * @param {Uint8Array} chunk
 * @param {number} flushFlag
 * @param {(error?: Error) => void} [callback]
 */
ZlibBase.prototype._processChunk = function _processChunk(chunk, flushFlag, callback) {
  if (typeof callback !== 'function') return processChunkSync(this, chunk, flushFlag);
  processChunk(this, chunk, flushFlag, callback);
  return undefined;
};

// Takes what the last step has left in the output buffer, and a new buffer when that one is full.
function takeOutput(stream, length) {
  const start = stream._outOffset;
  const output = stream._outBuffer.subarray(start, start + length);
  stream._outOffset = start + length;
  return output;
}

function renewOutput(stream) {
  if (stream._outOffset < stream._chunkSize) return;
  stream._outOffset = 0;
  stream._outBuffer = Buffer.allocUnsafe(stream._chunkSize);
}

function processChunkSync(stream, chunk, flushFlag) {
  assertOpen(stream);
  const handle = stream._handle;
  const state = stream._writeState;
  const outputs = [];
  let length = 0;
  let offset = 0;
  let left = chunk.byteLength;
  for (;;) {
    const room = stream._chunkSize - stream._outOffset;
    const failure = handle.writeSync(
      flushFlag, chunk, offset, left, stream._outBuffer, stream._outOffset, room,
    );
    if (failure !== undefined) {
      closeHandle(stream);
      throw failureError(failure);
    }
    const [roomLeft, inputLeft] = state;
    stream.bytesWritten += left - inputLeft;
    offset += left - inputLeft;
    left = inputLeft;
    if (room > roomLeft) {
      outputs.push(takeOutput(stream, room - roomLeft));
      length += room - roomLeft;
      if (length > stream._maxOutputLength) {
        closeHandle(stream);
        throw new ERR_BUFFER_TOO_LARGE(stream._maxOutputLength);
      }
    }
    renewOutput(stream);
    if (roomLeft > 0) break;
  }
  if (left > 0 && stream._rejectGarbageAfterEnd) {
    closeHandle(stream);
    throw new ERR_TRAILING_JUNK_AFTER_STREAM_END();
  }
  closeHandle(stream);
  return outputs.length === 1 ? outputs[0] : Buffer.concat(outputs, length);
}

function processChunk(stream, chunk, flushFlag, callback) {
  if (!stream._handle) {
    process.nextTick(callback);
    return;
  }
  stream[kOnStep] ??= (failure) => afterStep(stream, failure);
  stream[kJob] = { chunk, flushFlag, offset: 0, left: chunk.byteLength, room: 0, callback };
  startStep(stream);
}

function startStep(stream) {
  const job = stream[kJob];
  job.room = stream._chunkSize - stream._outOffset;
  stream._handle.write(
    job.flushFlag, job.chunk, job.offset, job.left, stream._outBuffer, stream._outOffset, job.room, stream[kOnStep],
  );
}

function endJob(stream, error) {
  const { callback } = stream[kJob];
  stream[kJob] = null;
  callback(error);
}

function afterStep(stream, failure) {
  const job = stream[kJob];
  if (stream.destroyed) {
    endJob(stream);
    return;
  }
  if (failure !== undefined) {
    stream[kError] = failureError(failure);
    stream.destroy(stream[kError]);
    return;
  }
  const [roomLeft, inputLeft] = stream._writeState;
  stream.bytesWritten += job.left - inputLeft;
  job.offset += job.left - inputLeft;
  job.left = inputLeft;

  let isFull = false;
  if (job.room > roomLeft) isFull = !stream.push(takeOutput(stream, job.room - roomLeft));
  // Whoever takes the data may have ended the stream.
  if (stream.destroyed) {
    endJob(stream);
    return;
  }
  renewOutput(stream);

  if (roomLeft === 0) {
    if (!isFull) {
      startStep(stream);
      return;
    }
    // The output is full: there may be more, which waits until it is asked for.
    const read = stream._read;
    stream._read = (size) => {
      stream._read = read;
      startStep(stream);
      stream._read(size);
    };
    return;
  }
  if (inputLeft > 0) {
    // The data have ended before the input.
    if (stream._rejectGarbageAfterEnd) {
      const error = new ERR_TRAILING_JUNK_AFTER_STREAM_END();
      stream.destroy(error);
      endJob(stream, error);
      return;
    }
    stream.push(null);
  }
  endJob(stream);
}

module.exports = { ZlibBase, assertOpen, binding, failureError, processChunkSync, setLongest };
