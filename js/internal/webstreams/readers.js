// `ReadableStreamDefaultReader` and `ReadableStreamBYOBReader`: take chunks out of a readable stream.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const { validateNumber, validateObject, kValidateObjectAllowObjectsAndNull } = require('internal/validators');
const { isDataView } = require('internal/util/types');
const {
  Deferred, Fifo, NativePromise, describe, finishClass, kState, stateOf,
} = require('internal/webstreams/common');
const { ReadableCore, ReaderCore } = require('internal/webstreams/readable_core');
const { ReadableByteController } = require('internal/webstreams/byte_controller');

/** A read whose outcome becomes a promise. */
class PromisedRead extends Deferred {
  chunk(value) {
    this.resolve({ done: false, value });
  }

  close(value) {
    this.resolve({ done: true, value });
  }

  error(reason) {
    this.reject(reason);
  }
}

/** Reads chunks as they come. A request has the methods `chunk(value)`, `close()` and `error(reason)`. */
class DefaultReaderCore extends ReaderCore {
  requests = new Fifo();

  get isDefault() {
    return true;
  }

  /** Whether reads of whole chunks wait; the other kind of reader says no. */
  get waits() {
    return this.requests.length > 0;
  }

  /** @returns {Promise<{ value: unknown, done: boolean }>} */
  read() {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'readable') {
      const { controller } = stream;
      if (controller.hasChunk) return NativePromise.resolve({ done: false, value: controller.takeChunk() });
      const request = new PromisedRead();
      controller.pullSteps(request);
      return request.promise;
    }
    if (stream.state === 'errored') return NativePromise.reject(stream.storedError);
    return NativePromise.resolve({ done: true, value: undefined });
  }

  /** Reads without a promise. */
  readInto(request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'readable') stream.controller.pullSteps(request);
    else if (stream.state === 'errored') request.error(stream.storedError);
    else request.close();
  }

  onClose() {
    if (this.requests.length === 0) return;
    for (const request of this.requests.takeAll()) request.close();
  }

  onError(reason) {
    if (this.requests.length === 0) return;
    for (const request of this.requests.takeAll()) request.error(reason);
  }

  onCancel() {}

  release(error = new ERR_INVALID_STATE.TypeError('Reader released')) {
    super.release(error);
    this.onError(new ERR_INVALID_STATE.TypeError('Releasing reader'));
  }
}

/** Reads bytes into memory that the reader brings. */
class ByobReaderCore extends ReaderCore {
  requests = new Fifo();

  get isDefault() {
    return false;
  }

  get waits() {
    return false;
  }

  /** @param {number} min in elements of the view */
  readInto(view, min, request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'errored') request.error(stream.storedError);
    else stream.controller.pullInto(view, min, request);
  }

  // Memory that is being filled is handed back first.
  onClose() {}

  onError(reason) {
    if (this.requests.length === 0) return;
    for (const request of this.requests.takeAll()) request.error(reason);
  }

  onCancel() {
    for (const request of this.requests.takeAll()) request.close(undefined);
  }

  release(error = new ERR_INVALID_STATE.TypeError('Reader released')) {
    super.release(error);
    this.onError(new ERR_INVALID_STATE.TypeError('Releasing reader'));
  }
}

function notAttached() {
  return NativePromise.reject(new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream'));
}

/** The internal half of the stream that a reader's constructor is given, which must not be locked. */
function unlockedStream(stream) {
  const core = stream?.[kState];
  if (!(core instanceof ReadableCore)) throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
  if (core.locked) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
  return core;
}

class ReadableStreamDefaultReader {
  /** @param {ReadableStream} stream */
  constructor(stream) {
    this[kState] = new DefaultReaderCore(unlockedStream(stream));
  }

  /** @returns {Promise<{ value: unknown, done: boolean }>} */
  read() {
    const reader = this[kState];
    if (!(reader instanceof DefaultReaderCore)) return rejectThis(this, DefaultReaderCore, readerName);
    if (reader.stream === undefined) return notAttached();
    return reader.read();
  }

  /** Unlocks the stream; pending reads are rejected. */
  releaseLock() {
    const reader = stateOf(this, DefaultReaderCore, readerName);
    if (reader.stream !== undefined) reader.release();
  }

  /** @returns {Promise<undefined>} of the end of the stream */
  get closed() {
    if (!(this?.[kState] instanceof DefaultReaderCore)) return rejectThis(this, DefaultReaderCore, readerName);
    return this[kState].closed.promise;
  }

  /**
   * @param {unknown} [reason]
   * @returns {Promise<undefined>}
   */
  cancel(reason = undefined) {
    const reader = this?.[kState];
    if (!(reader instanceof DefaultReaderCore)) return rejectThis(this, DefaultReaderCore, readerName);
    if (reader.stream === undefined) return notAttached();
    return reader.cancel(reason);
  }

  [customInspectSymbol](depth, options) {
    const { stream, requests, closed } = stateOf(this, DefaultReaderCore, readerName);
    return describe(this, depth, options, {
      stream: stream?.owner,
      readRequests: requests.length,
      close: closed.promise,
    });
  }
}
const readerName = 'ReadableStreamDefaultReader';
finishClass(ReadableStreamDefaultReader, ['read', 'releaseLock', 'closed', 'cancel']);

function rejectThis(object, Class, name) {
  try {
    return stateOf(object, Class, name);
  } catch (error) {
    return NativePromise.reject(error);
  }
}

class ReadableStreamBYOBReader {
  /** @param {ReadableStream} stream of bytes */
  constructor(stream) {
    const core = unlockedStream(stream);
    if (!(core.controller instanceof ReadableByteController)) {
      throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be a byte stream');
    }
    this[kState] = new ByobReaderCore(core);
  }

  /**
   * @param {ArrayBufferView} view whose memory is taken, filled and given back in the result
   * @param {{ min?: number }} [options] how many elements at least
   * @returns {Promise<{ value: ArrayBufferView, done: boolean }>}
   */
  read(view, options = kEmptyObject) {
    try {
      const reader = stateOf(this, ByobReaderCore, byobName);
      const min = checkRead(view, options);
      if (reader.stream === undefined) return notAttached();
      const request = new PromisedRead();
      reader.readInto(view, min, request);
      return request.promise;
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** Unlocks the stream; pending reads are rejected. */
  releaseLock() {
    const reader = stateOf(this, ByobReaderCore, byobName);
    if (reader.stream !== undefined) reader.release();
  }

  /** @returns {Promise<undefined>} of the end of the stream */
  get closed() {
    if (!(this?.[kState] instanceof ByobReaderCore)) return rejectThis(this, ByobReaderCore, byobName);
    return this[kState].closed.promise;
  }

  /**
   * @param {unknown} [reason]
   * @returns {Promise<undefined>}
   */
  cancel(reason = undefined) {
    const reader = this?.[kState];
    if (!(reader instanceof ByobReaderCore)) return rejectThis(this, ByobReaderCore, byobName);
    if (reader.stream === undefined) return notAttached();
    return reader.cancel(reason);
  }

  [customInspectSymbol](depth, options) {
    const { stream, requests, closed } = stateOf(this, ByobReaderCore, byobName);
    return describe(this, depth, options, {
      stream: stream?.owner,
      readIntoRequests: requests.length,
      close: closed.promise,
    });
  }
}
const byobName = 'ReadableStreamBYOBReader';
finishClass(ReadableStreamBYOBReader, ['read', 'releaseLock', 'closed', 'cancel']);

/** Checks the arguments of a read; returns how many elements it wants at least. */
function checkRead(view, options) {
  if (!ArrayBuffer.isView(view)) {
    throw new ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
  }
  validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
  if (view.byteLength === 0 || view.buffer.byteLength === 0) {
    throw new ERR_INVALID_STATE.TypeError('View or Viewed ArrayBuffer is zero-length or detached');
  }
  const min = options?.min ?? 1;
  validateNumber(min, 'options.min');
  if (!Number.isInteger(min)) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be an integer');
  if (min <= 0) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be greater than 0');
  if (isDataView(view)) {
    if (min > view.byteLength) throw new ERR_OUT_OF_RANGE('options.min', '<= view.byteLength', min);
  } else if (min > view.length) {
    throw new ERR_OUT_OF_RANGE('options.min', '<= view.length', min);
  }
  return min;
}

module.exports = {
  ByobReaderCore,
  DefaultReaderCore,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultReader,
};
