// Makes Node's streams of web streams: `Readable.fromWeb`, `Writable.fromWeb`, `Duplex.fromWeb`.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { Buffer } = require('buffer');
const { kEmptyObject } = require('internal/util');
const { validateBoolean, validateObject } = require('internal/validators');
const { destroyer } = require('internal/streams/destroy');
const { isReadableStream, isWritableStream } = require('internal/streams/utils');
const { NativePromise, kState, nop, promiseThen } = require('internal/webstreams/common');

/** What waits for this comes in a microtask. */
const settled = NativePromise.resolve();

/** Calls a callback of a stream's; what it throws is an uncaught exception, not a rejection. */
function callOutside(callback, error) {
  try {
    callback(error);
  } catch (thrown) {
    process.nextTick(() => { throw thrown; });
  }
}

/** The readable half of a Node stream. */
class WebReading {
  #reader;
  #core;
  #isClosed = false;

  constructor(readableStream) {
    this.#reader = readableStream.getReader();
    this.#core = this.#reader[kState];
  }

  /** Destroys the Node stream when the web stream fails. */
  watch(stream, onError = nop) {
    promiseThen(this.#reader.closed, () => this.forget(), (error) => {
      this.forget();
      onError();
      destroyer(stream, error);
    });
  }

  /** Nothing is left to cancel. */
  forget() {
    this.#isClosed = true;
  }

  read(stream) {
    const source = this.#core?.stream;
    if (source !== undefined && source.state === 'readable' && source.controller.hasChunk) {
      source.disturbed = true;
      const chunk = source.controller.takeChunk();
      promiseThen(settled, () => stream.push(chunk));
      return;
    }
    promiseThen(this.#reader.read(), ({ done, value }) => {
      stream.push(done ? null : value);
    }, (error) => destroyer(stream, error));
  }

  destroy(error, done) {
    if (this.#isClosed) done();
    else promiseThen(this.#reader.cancel(error), done, done);
  }
}

/** Who is told of some writes together: once, when all are done or one has failed. */
class WriteRequest {
  #left;
  #callback;

  constructor(count, callback) {
    this.#left = count;
    this.#callback = callback;
  }

  resolve() {
    if (--this.#left === 0) callOutside(this.#callback);
  }

  reject(error) {
    if (this.#left <= 0) return;
    this.#left = 0;
    // The web stream has not come to its end yet.
    promiseThen(settled, () => callOutside(this.#callback, error));
  }
}

/** The writable half of a Node stream. */
class WebWriting {
  #writer;
  #core;
  #isClosed = false;

  constructor(writableStream) {
    this.#writer = writableStream.getWriter();
    this.#core = this.#writer[kState];
  }

  /** Destroys the Node stream when the web stream fails or is closed under its hands. */
  watch(stream, onError = nop) {
    promiseThen(this.#writer.closed, () => {
      this.forget();
      if (!stream.writableEnded) destroyer(stream, prematureClose());
    }, (error) => {
      this.forget();
      onError();
      destroyer(stream, error);
    });
  }

  /** Nothing is left to close or abort. */
  forget() {
    this.#isClosed = true;
  }

  write(chunk, callback) {
    this.#core.request(chunk, new WriteRequest(1, callback));
  }

  writev(chunks, callback) {
    const request = new WriteRequest(chunks.length, callback);
    for (const { chunk } of chunks) this.#core.request(chunk, request);
  }

  final(callback) {
    if (this.#isClosed) {
      callback();
      return;
    }
    const done = (error) => callOutside(callback, error);
    promiseThen(this.#writer.close(), () => done(), done);
  }

  /** @param {boolean} aborts whether to abort although there is no error */
  destroy(error, aborts, done) {
    if (this.#isClosed) done();
    else if (error != null || aborts) promiseThen(this.#writer.abort(error), done, done);
    else promiseThen(this.#writer.close(), done, done);
  }
}

function prematureClose() {
  const { codes: { ERR_STREAM_PREMATURE_CLOSE } } = require('internal/errors');
  return new ERR_STREAM_PREMATURE_CLOSE();
}

function checkEncoding(encoding) {
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  }
}

/**
 * `Readable.fromWeb`
 * @param {ReadableStream} readableStream
 * @param {{ highWaterMark?: number, encoding?: string, objectMode?: boolean, signal?: AbortSignal }} [options]
 * @returns {import('stream').Readable}
 * @throws {ERR_INVALID_ARG_TYPE | ERR_INVALID_ARG_VALUE | ERR_INVALID_STATE}
 */
function fromReadableStream(readableStream, options = kEmptyObject) {
  if (!isReadableStream(readableStream)) {
    throw new ERR_INVALID_ARG_TYPE('readableStream', 'ReadableStream', readableStream);
  }
  validateObject(options, 'options');
  const { highWaterMark, encoding, objectMode = false, signal } = options;
  checkEncoding(encoding);
  validateBoolean(objectMode, 'options.objectMode');

  const Readable = require('internal/streams/readable');
  const reading = new WebReading(readableStream);
  const readable = new Readable({
    highWaterMark,
    encoding,
    objectMode,
    signal,
    read() {
      reading.read(this);
    },
    destroy(error, callback) {
      reading.destroy(error, () => callOutside(callback, error));
    },
  });
  reading.watch(readable);
  return readable;
}

/**
 * `Writable.fromWeb`
 * @param {WritableStream} writableStream
 * @param {{ highWaterMark?: number, decodeStrings?: boolean, objectMode?: boolean, signal?: AbortSignal }}
 *   [options]
 * @returns {import('stream').Writable}
 * @throws {ERR_INVALID_ARG_TYPE | ERR_INVALID_STATE}
 */
function fromWritableStream(writableStream, options = kEmptyObject) {
  if (!isWritableStream(writableStream)) {
    throw new ERR_INVALID_ARG_TYPE('writableStream', 'WritableStream', writableStream);
  }
  validateObject(options, 'options');
  const { highWaterMark, decodeStrings = true, objectMode = false, signal } = options;
  validateBoolean(objectMode, 'options.objectMode');
  validateBoolean(decodeStrings, 'options.decodeStrings');

  const Writable = require('internal/streams/writable');
  const writing = new WebWriting(writableStream);
  const writable = new Writable({
    highWaterMark,
    objectMode,
    decodeStrings,
    signal,
    write(chunk, encoding, callback) {
      writing.write(chunk, callback);
    },
    writev(chunks, callback) {
      writing.writev(chunks, callback);
    },
    final(callback) {
      writing.final(callback);
    },
    destroy(error, callback) {
      writing.destroy(error, false, () => callOutside(callback, error));
    },
  });
  writing.watch(writable);
  return writable;
}

/**
 * `Duplex.fromWeb`
 * @param {{ readable: ReadableStream, writable: WritableStream }} pair
 * @param {object} [options] those of both halves, and `allowHalfOpen`
 * @returns {import('stream').Duplex}
 * @throws {ERR_INVALID_ARG_TYPE | ERR_INVALID_ARG_VALUE | ERR_INVALID_STATE}
 */
function fromPair(pair = kEmptyObject, options = kEmptyObject) {
  validateObject(pair, 'pair');
  const { readable: readableStream, writable: writableStream } = pair;
  if (!isReadableStream(readableStream)) {
    throw new ERR_INVALID_ARG_TYPE('pair.readable', 'ReadableStream', readableStream);
  }
  if (!isWritableStream(writableStream)) {
    throw new ERR_INVALID_ARG_TYPE('pair.writable', 'WritableStream', writableStream);
  }
  validateObject(options, 'options');
  const {
    allowHalfOpen = false, objectMode = false, encoding, decodeStrings = true, highWaterMark, signal,
  } = options;
  validateBoolean(objectMode, 'options.objectMode');
  checkEncoding(encoding);

  const Duplex = require('internal/streams/duplex');
  const writing = new WebWriting(writableStream);
  const reading = new WebReading(readableStream);
  const duplex = new Duplex({
    allowHalfOpen,
    highWaterMark,
    objectMode,
    encoding,
    decodeStrings,
    signal,
    write(chunk, _encoding, callback) {
      writing.write(chunk, callback);
    },
    writev(chunks, callback) {
      writing.writev(chunks, callback);
    },
    final(callback) {
      writing.final(callback);
    },
    read() {
      reading.read(this);
    },
    destroy(error, callback) {
      let waiting = 2;
      const done = () => {
        if (--waiting === 0) callOutside(callback, error);
      };
      writing.destroy(error, true, done);
      reading.destroy(error, done);
    },
  });
  // When one half fails, the other is left alone.
  writing.watch(duplex, () => reading.forget());
  reading.watch(duplex, () => writing.forget());
  return duplex;
}

module.exports = { fromPair, fromReadableStream, fromWritableStream };
