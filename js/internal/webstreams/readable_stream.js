// `ReadableStream`.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const {
  kValidateObjectAllowObjects, kValidateObjectAllowObjectsAndNull, validateAbortSignal, validateFunction,
  validateObject,
} = require('internal/validators');
const {
  kControllerErrorFunction, kIsClosedPromise, kIsDisturbed, kIsErrored, kIsReadable,
} = require('internal/streams/utils');
const {
  NativePromise, callAlgorithm, describe, finishClass, highWaterMarkOf, kState, silence, sizeOf,
  stateOf,
} = require('internal/webstreams/common');
const { ReadableCore } = require('internal/webstreams/readable_core');
const { ReadableDefaultController } = require('internal/webstreams/default_controller');
const { ReadableByteController } = require('internal/webstreams/byte_controller');
const { faces } = require('internal/webstreams/byte_stream_controller');
const { ReadableStreamBYOBReader, ReadableStreamDefaultReader } = require('internal/webstreams/readers');
const { isWritableStream } = require('internal/webstreams/writable_stream');

const { kDeserialize, kTransfer, kTransferList, kTransferMode, kTransferable } = require('internal/transferable');
const { apply } = Reflect;

/** A source made of the program's functions. */
class UserSource {
  canPull;
  #source;
  #pull;
  #cancel;

  constructor(source, cancel, pull) {
    this.#source = source;
    this.#cancel = cancel;
    this.#pull = pull;
    this.canPull = pull !== undefined;
  }

  pull(controller) {
    return callAlgorithm(this.#pull, this.#source, controller.owner);
  }

  cancel(reason) {
    if (this.#cancel === undefined) return undefined;
    const result = callAlgorithm(this.#cancel, this.#source, reason);
    return result === undefined ? undefined : new NativePromise((resolve) => resolve(result));
  }
}

function optionalMethod(object, name) {
  const method = object[name];
  if (method !== undefined) validateFunction(method, `source.${name}`);
  return method;
}

class ReadableStream {
  /**
   * @param {{ start?: Function, pull?: Function, cancel?: Function, type?: 'bytes',
   *   autoAllocateChunkSize?: number }} [source]
   * @param {{ highWaterMark?: number, size?: (chunk: unknown) => number }} [strategy]
   */
  constructor(source = kEmptyObject, strategy = kEmptyObject) {
    validateObject(source, 'source', kValidateObjectAllowObjects);
    validateObject(strategy, 'strategy', kValidateObjectAllowObjectsAndNull);
    const size = strategy?.size;
    const givenHighWaterMark = strategy?.highWaterMark;
    const { autoAllocateChunkSize } = source;
    const cancel = optionalMethod(source, 'cancel');
    const pull = optionalMethod(source, 'pull');
    const { start, type } = source;
    const core = new ReadableCore(this);
    this[kState] = core;
    this[kTransferMode] = kTransferable;
    const userSource = new UserSource(source, cancel, pull);
    let controller;
    if (type === undefined) {
      const measure = sizeOf(size);
      const highWaterMark = highWaterMarkOf(givenHighWaterMark, 1);
      controller = new ReadableDefaultController(core, userSource, highWaterMark, measure);
    } else if (`${type}` === 'bytes') {
      if (size !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.size', size);
      const highWaterMark = highWaterMarkOf(givenHighWaterMark, 0);
      controller = new ReadableByteController(
        core, userSource, highWaterMark, chunkSizeOf(autoAllocateChunkSize), faces);
    } else {
      throw new ERR_INVALID_ARG_VALUE('source.type', type);
    }
    controller.start(start === undefined ? undefined : apply(start, source, [controller.owner]));
  }

  /**
   * @param {AsyncIterable | Iterable} iterable
   * @returns {ReadableStream}
   */
  static from(iterable) {
    return require('internal/webstreams/readable_from').readableFrom(iterable);
  }

  /** @returns {boolean} whether it has a reader */
  get locked() {
    return coreOf(this).locked;
  }

  /**
   * @param {unknown} [reason]
   * @returns {Promise<undefined>}
   */
  cancel(reason = undefined) {
    try {
      const core = coreOf(this);
      if (core.locked) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
      return core.cancel(reason);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /**
   * @param {{ mode?: 'byob' }} [options]
   * @returns {ReadableStreamDefaultReader | ReadableStreamBYOBReader}
   */
  getReader(options = kEmptyObject) {
    coreOf(this);
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    const mode = options?.mode;
    if (mode === undefined) return new ReadableStreamDefaultReader(this);
    if (`${mode}` !== 'byob') throw new ERR_INVALID_ARG_VALUE('options.mode', mode);
    return new ReadableStreamBYOBReader(this);
  }

  /**
   * @param {{ readable: ReadableStream, writable: WritableStream }} transform
   * @param {object} [options] those of `pipeTo`
   * @returns {ReadableStream} that of the transform
   */
  pipeThrough(transform, options = kEmptyObject) {
    const core = coreOf(this);
    const readable = transform?.readable;
    if (!isReadableStream(readable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.readable', 'ReadableStream', readable);
    }
    const writable = transform?.writable;
    if (!isWritableStream(writable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', writable);
    }
    const pipeOptions = readPipeOptions(options);
    checkUnlocked(core, writable[kState]);
    silence(pipe(core, writable[kState], pipeOptions));
    return readable;
  }

  /**
   * @param {WritableStream} destination
   * @param {{ preventAbort?: boolean, preventCancel?: boolean, preventClose?: boolean, signal?: AbortSignal }}
   *   [options]
   * @returns {Promise<undefined>}
   */
  pipeTo(destination, options = kEmptyObject) {
    try {
      const core = coreOf(this);
      if (!isWritableStream(destination)) {
        throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', destination);
      }
      const pipeOptions = readPipeOptions(options);
      checkUnlocked(core, destination[kState]);
      return pipe(core, destination[kState], pipeOptions);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  /** @returns {[ReadableStream, ReadableStream]} two streams with the same chunks */
  tee() {
    const core = coreOf(this);
    if (core.locked) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
    return require('internal/webstreams/tee').tee(core);
  }

  /**
   * @param {{ preventCancel?: boolean }} [options] whether a loop that is left early leaves the stream as it is
   * @returns {AsyncIterator}
   */
  values(options = kEmptyObject) {
    const core = coreOf(this);
    validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
    const preventCancel = Boolean(options?.preventCancel);
    if (core.locked) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
    return require('internal/webstreams/readable_iterator').createIterator(core, preventCancel);
  }

  [kTransferList]() {
    return require('internal/webstreams/transfer').openChannel(this);
  }

  [kTransfer]() {
    return require('internal/webstreams/transfer').transferReadable(this);
  }

  [kDeserialize](data) {
    require('internal/webstreams/transfer').arrive(this, data);
  }

  get [kIsDisturbed]() {
    return this[kState].disturbed;
  }

  get [kIsErrored]() {
    return this[kState].state === 'errored';
  }

  get [kIsReadable]() {
    return this[kState].state === 'readable';
  }

  [kControllerErrorFunction](error) {
    this[kState].controller.error(error);
  }

  get [kIsClosedPromise]() {
    return this[kState].ended;
  }

  [customInspectSymbol](depth, options) {
    const { locked, state, controller } = coreOf(this);
    return describe(this, depth, options, { locked, state, supportsBYOB: controller.supportsBYOB });
  }
}
const streamName = 'ReadableStream';
finishClass(ReadableStream, ['locked', 'cancel', 'getReader', 'pipeThrough', 'pipeTo', 'tee', 'values']);
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  configurable: true, enumerable: false, writable: true, value: ReadableStream.prototype.values,
});
Object.defineProperty(ReadableStream, 'from', { enumerable: true });

function coreOf(object) {
  return stateOf(object, ReadableCore, streamName);
}

/** @returns {boolean} */
function isReadableStream(value) {
  return value?.[kState] instanceof ReadableCore;
}

function chunkSizeOf(value) {
  if (value === undefined) return undefined;
  const size = Math.trunc(+value);
  if (!(size > 0 && size <= Number.MAX_SAFE_INTEGER)) {
    throw new ERR_INVALID_ARG_VALUE('source.autoAllocateChunkSize', value);
  }
  return size;
}

function checkUnlocked(readable, writable) {
  if (readable.locked) throw new ERR_INVALID_STATE.TypeError('The ReadableStream is locked');
  if (writable.locked) throw new ERR_INVALID_STATE.TypeError('The WritableStream is locked');
}

function readPipeOptions(options) {
  validateObject(options, 'options', kValidateObjectAllowObjectsAndNull);
  const preventAbort = Boolean(options?.preventAbort);
  const preventCancel = Boolean(options?.preventCancel);
  const preventClose = Boolean(options?.preventClose);
  const signal = options?.signal;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return { preventAbort, preventCancel, preventClose, signal };
}

function pipe(source, dest, options) {
  return require('internal/webstreams/pipe').pipeTo(source, dest, options);
}

function createCore() {
  const stream = Object.create(ReadableStream.prototype);
  stream[kState] = new ReadableCore(stream);
  stream[kTransferMode] = kTransferable;
  return stream;
}

/**
 * A stream that is not made of the program's functions.
 * @param {{ canPull: boolean, pull: Function, cancel: Function }} source
 * @param {number} highWaterMark
 * @param {(chunk: unknown) => number} [size]
 * @returns {ReadableStream} to be started by `controller.start()`
 */
function createReadableStream(source, highWaterMark, size = undefined) {
  const stream = createCore();
  new ReadableDefaultController(stream[kState], source, highWaterMark, size);
  return stream;
}

/** As `createReadableStream`, of bytes. */
function createReadableByteStream(source, highWaterMark, autoAllocateChunkSize = undefined) {
  const stream = createCore();
  new ReadableByteController(stream[kState], source, highWaterMark, autoAllocateChunkSize, faces);
  return stream;
}

/**
 * `tee` with copies for the second branch.
 * @param {ReadableStream} stream
 * @param {boolean} [cloneForBranch2]
 * @returns {[ReadableStream, ReadableStream]}
 */
function ReadableStreamTee(stream, cloneForBranch2 = undefined) {
  return require('internal/webstreams/tee').tee(coreOf(stream), Boolean(cloneForBranch2));
}
Object.defineProperty(ReadableStreamTee, 'length', { value: 1 });

module.exports = {
  ReadableStream,
  ReadableStreamTee,
  coreOf,
  createReadableByteStream,
  createReadableStream,
  isReadableStream,

};
