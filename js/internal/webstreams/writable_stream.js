// `WritableStream` and `WritableStreamDefaultWriter`.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const {
  kValidateObjectAllowObjects, kValidateObjectAllowObjectsAndNull, validateFunction, validateObject,
} = require('internal/validators');
const {
  kControllerErrorFunction, kIsClosedPromise, kIsErrored, kIsWritable,
} = require('internal/streams/utils');
const {
  NativePromise, callAlgorithm, callWithChunk, describe, finishClass, highWaterMarkOf, kState, sizeOf,
  stateOf,
} = require('internal/webstreams/common');
const { WritableCore, WriterCore } = require('internal/webstreams/writable_core');
const { WritableController } = require('internal/webstreams/writable_controller');

const { kDeserialize, kTransfer, kTransferList, kTransferMode, kTransferable } = require('internal/transferable');
const { apply } = Reflect;

/** A sink made of the program's functions. */
class UserSink {
  #sink;
  #write;
  #close;
  #abort;
  #controller;

  constructor(sink) {
    this.#sink = sink;
    this.#abort = optionalMethod(sink, 'abort');
    this.#close = optionalMethod(sink, 'close');
    this.start = sink?.start;
    this.#write = optionalMethod(sink, 'write');
  }

  setController(controller) {
    this.#controller = controller;
  }

  write(chunk) {
    return this.#write === undefined ?
      undefined :
      callWithChunk(this.#write, this.#sink, chunk, this.#controller.owner);
  }

  close() {
    if (this.#close === undefined) return undefined;
    return callAlgorithm(() => apply(this.#close, this.#sink, []));
  }

  abort(reason) {
    return this.#abort === undefined ? undefined : callAlgorithm(this.#abort, this.#sink, reason);
  }
}

function optionalMethod(object, name) {
  const method = object?.[name];
  if (method !== undefined) validateFunction(method, `sink.${name}`);
  return method;
}

class WritableStream {
  /**
   * @param {{ start?: Function, write?: Function, close?: Function, abort?: Function }} [sink]
   * @param {{ highWaterMark?: number, size?: (chunk: unknown) => number }} [strategy]
   */
  constructor(sink = kEmptyObject, strategy = kEmptyObject) {
    validateObject(sink, 'sink', kValidateObjectAllowObjects);
    validateObject(strategy, 'strategy', kValidateObjectAllowObjectsAndNull);
    const { type } = sink;
    if (type !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('type', type);
    const size = sizeOf(strategy?.size);
    const highWaterMark = highWaterMarkOf(strategy?.highWaterMark, 1);
    const userSink = new UserSink(sink);
    const core = new WritableCore(this);
    this[kState] = core;
    this[kTransferMode] = kTransferable;
    const controller = new WritableController(core, userSink, highWaterMark, size);
    userSink.setController(controller);
    const { start } = userSink;
    controller.start(start === undefined ? undefined : apply(start, sink, [controller.owner]));
  }

  /** @returns {boolean} whether it has a writer */
  get locked() {
    return stateOf(this, WritableCore, streamName).locked;
  }

  /**
   * @param {unknown} [reason]
   * @returns {Promise<undefined>}
   */
  abort(reason = undefined) {
    try {
      const core = stateOf(this, WritableCore, streamName);
      if (core.locked) throw new ERR_INVALID_STATE.TypeError('WritableStream is locked');
      return core.abort(reason);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** @returns {Promise<undefined>} */
  close() {
    try {
      const core = stateOf(this, WritableCore, streamName);
      if (core.locked) throw new ERR_INVALID_STATE.TypeError('WritableStream is locked');
      if (core.isClosing || core.state === 'closed' || core.state === 'errored') {
        throw new ERR_INVALID_STATE.TypeError('Failure closing WritableStream');
      }
      return core.close();
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** @returns {WritableStreamDefaultWriter} */
  getWriter() {
    stateOf(this, WritableCore, streamName);
    return new WritableStreamDefaultWriter(this);
  }

  get [kIsErrored]() {
    return this[kState].state === 'errored';
  }

  get [kIsWritable]() {
    return this[kState].state === 'writable';
  }

  [kControllerErrorFunction](error) {
    this[kState].controller.errorIfNeeded(error);
  }

  get [kIsClosedPromise]() {
    return this[kState].ended;
  }

  [kTransferList]() {
    return require('internal/webstreams/transfer').openChannel(this);
  }

  [kTransfer]() {
    return require('internal/webstreams/transfer').transferWritable(this);
  }

  [kDeserialize](data) {
    require('internal/webstreams/transfer').arrive(this, data);
  }

  [customInspectSymbol](depth, options) {
    const { locked, state } = stateOf(this, WritableCore, streamName);
    return describe(this, depth, options, { locked, state });
  }
}
const streamName = 'WritableStream';
finishClass(WritableStream, ['locked', 'abort', 'close', 'getWriter']);

const writerName = 'WritableStreamDefaultWriter';

function notBound() {
  return new ERR_INVALID_STATE.TypeError('Writer is not bound to a WritableStream');
}

/** The inside of a writer, bound to a stream. */
function boundWriter(object) {
  const writer = stateOf(object, WriterCore, writerName);
  if (writer.stream === undefined) throw notBound();
  return writer;
}

class WritableStreamDefaultWriter {
  /** @param {WritableStream} stream */
  constructor(stream) {
    const core = stream?.[kState];
    if (!(core instanceof WritableCore)) throw new ERR_INVALID_ARG_TYPE('stream', 'WritableStream', stream);
    if (core.locked) throw new ERR_INVALID_STATE.TypeError('WritableStream is locked');
    this[kState] = new WriterCore(core);
  }

  /** @returns {Promise<undefined>} of the end of the stream */
  get closed() {
    try {
      return stateOf(this, WriterCore, writerName).closed.promise;
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** @returns {number | null} how much the queue has room for */
  get desiredSize() {
    return boundWriter(this).desiredSize;
  }

  /** @returns {Promise<undefined>} of room in the queue */
  get ready() {
    try {
      return stateOf(this, WriterCore, writerName).ready.promise;
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /**
   * @param {unknown} [reason]
   * @returns {Promise<undefined>}
   */
  abort(reason = undefined) {
    try {
      return boundWriter(this).stream.abort(reason);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** @returns {Promise<undefined>} */
  close() {
    try {
      const { stream } = boundWriter(this);
      if (stream.isClosing) throw new ERR_INVALID_STATE.TypeError('Failure to close WritableStream');
      if (stream.state === 'closed' || stream.state === 'errored') {
        throw new ERR_INVALID_STATE.TypeError('WritableStream is closed');
      }
      return stream.close();
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** Unlocks the stream. */
  releaseLock() {
    const writer = stateOf(this, WriterCore, writerName);
    if (writer.stream !== undefined) writer.release();
  }

  /**
   * @param {unknown} [chunk]
   * @returns {Promise<undefined>}
   */
  write(chunk = undefined) {
    const writer = this?.[kState];
    if (!(writer instanceof WriterCore) || writer.stream === undefined) {
      try {
        return boundWriter(this);
      } catch (error) {
        return NativePromise.reject(error);
      }
    }
    return writer.write(chunk);
  }

  [customInspectSymbol](depth, options) {
    const { stream, closed, ready } = stateOf(this, WriterCore, writerName);
    return describe(this, depth, options, {
      stream: stream?.owner,
      close: closed.promise,
      ready: ready.promise,
      desiredSize: stream === undefined ? null : this.desiredSize,
    });
  }
}
finishClass(WritableStreamDefaultWriter, [
  'closed', 'desiredSize', 'ready', 'abort', 'close', 'releaseLock', 'write',
]);

/**
 * A writable stream that is not made of the program's functions.
 * @param {{ write: Function, close: Function, abort: Function }} sink
 * @returns {WritableStream} to be started by `controller.start()`
 */
function createWritableStream(sink, highWaterMark, size) {
  const stream = Object.create(WritableStream.prototype);
  const core = new WritableCore(stream);
  stream[kState] = core;
  stream[kTransferMode] = kTransferable;
  new WritableController(core, sink, highWaterMark, size);
  return stream;
}

/** @returns {boolean} */
function isWritableStream(value) {
  return value?.[kState] instanceof WritableCore;
}

module.exports = { WritableStream, WritableStreamDefaultWriter, createWritableStream, isWritableStream };
