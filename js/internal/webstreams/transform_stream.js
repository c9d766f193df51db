// `TransformStream` and `TransformStreamDefaultController`.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const {
  kValidateObjectAllowObjects, kValidateObjectAllowObjectsAndNull, validateFunction, validateObject,
} = require('internal/validators');
const {
  Deferred, NativePromise, callAlgorithm, callWithChunk, describe, finishClass, highWaterMarkOf, kConstruct,
  kState, promiseThen, react, sizeOf, stateOf,
} = require('internal/webstreams/common');
const { coreOf, createReadableStream } = require('internal/webstreams/readable_stream');
const { createWritableStream } = require('internal/webstreams/writable_stream');

const { kDeserialize, kTransfer, kTransferList, kTransferMode, kTransferable } = require('internal/transferable');

const { apply } = Reflect;

/** A transformer made of the program's functions. */
class UserTransformer {
  #transformer;
  #transform;
  #flush;
  #cancel;
  #core;

  constructor(transformer) {
    this.#transformer = transformer;
    this.#cancel = optionalMethod(transformer, 'cancel');
    this.#flush = optionalMethod(transformer, 'flush');
    this.#transform = optionalMethod(transformer, 'transform');
  }

  setCore(core) {
    this.#core = core;
  }

  transform(chunk) {
    if (this.#transform !== undefined) {
      return callWithChunk(this.#transform, this.#transformer, chunk, this.#core.controller);
    }
    try {
      this.#core.enqueue(chunk);
      return undefined;
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  flush() {
    return this.#flush === undefined ?
      undefined :
      callAlgorithm(this.#flush, this.#transformer, this.#core.controller);
  }

  cancel(reason) {
    if (this.#cancel === undefined) return undefined;
    const result = callAlgorithm(this.#cancel, this.#transformer, reason);
    // Not before the streams have started.
    return result === undefined ? undefined : new NativePromise((resolve) => resolve(result));
  }
}

function optionalMethod(object, name) {
  const method = object[name];
  if (method !== undefined) validateFunction(method, `transformer.${name}`);
  return method;
}

/** The inside of a transform stream: the sink of its writable side and the source of its readable side. */
class TransformCore {
  canPull = true;
  backpressure = true;
  /** The sides, as the program knows them. */
  readable;
  writable;
  /** The stream itself, as the program knows it. */
  owner;
  #readable;
  #writable;
  // null once nothing is transformed any more
  #transformer;
  // Settled when backpressure changes, and then another one; made when somebody waits for it
  #backpressureChange = undefined;
  // The outcome of closing, aborting or cancelling, whichever came first
  #finish = undefined;
  #onTransformFailed = (error) => {
    this.error(error);
    throw error;
  };
  #face = undefined;

  constructor(transformer, writableHighWaterMark, writableSize, readableHighWaterMark, readableSize) {
    this.#transformer = transformer;
    this.writable = createWritableStream(this, writableHighWaterMark, writableSize);
    this.readable = createReadableStream(this, readableHighWaterMark, readableSize);
    this.#writable = this.writable[kState];
    this.#readable = coreOf(this.readable);
  }

  start(result) {
    this.#writable.controller.start(result);
    this.#readable.controller.start(result);
  }

  /** @returns {TransformStreamDefaultController} as the program knows it */
  get controller() {
    return this.#face ??= new TransformStreamDefaultController(kConstruct, this);
  }

  get desiredSize() {
    return this.#readable.controller.desiredSize;
  }

  enqueue(chunk) {
    const { controller } = this.#readable;
    if (!controller.canCloseOrEnqueue) throw new ERR_INVALID_STATE.TypeError('Unable to enqueue');
    try {
      controller.enqueue(chunk);
    } catch (error) {
      this.#errorWritable(error);
      throw this.#readable.storedError;
    }
    if (!controller.shouldPull && !this.backpressure) this.#setBackpressure(true);
  }

  error(reason) {
    this.#readable.controller.error(reason);
    this.#errorWritable(reason);
  }

  terminate() {
    const { controller } = this.#readable;
    if (controller.canCloseOrEnqueue) controller.close();
    this.#errorWritable(new ERR_INVALID_STATE.TypeError('TransformStream has been terminated'));
  }

  #errorWritable(reason) {
    this.#transformer = null;
    this.#writable.controller.errorIfNeeded(reason);
    this.#unblockWrite();
  }

  #unblockWrite() {
    if (this.backpressure) this.#setBackpressure(false);
  }

  #setBackpressure(backpressure) {
    this.backpressure = backpressure;
    this.#backpressureChange?.resolve();
    this.#backpressureChange = undefined;
  }

  #nextBackpressureChange() {
    return (this.#backpressureChange ??= new Deferred()).promise;
  }

  // The source of the readable side

  pull() {
    this.#setBackpressure(false);
    return this.#nextBackpressureChange();
  }

  // The sink of the writable side

  write(chunk) {
    if (!this.backpressure) return this.#transform(chunk);
    return promiseThen(this.#nextBackpressureChange(), () => {
      if (this.#writable.state === 'erroring') throw this.#writable.storedError;
      return this.#transform(chunk);
    });
  }

  #transform(chunk) {
    // A chunk that comes while the readable side is being cancelled is dropped.
    if (this.#transformer === null) return undefined;
    const result = this.#transformer.transform(chunk);
    return result === undefined ? undefined : promiseThen(result, undefined, this.#onTransformFailed);
  }

  close() {
    if (this.#finish !== undefined) return this.#finish.promise;
    const finish = this.#finish = new Deferred();
    const readable = this.#readable;
    const transformer = this.#takeTransformer();
    react(transformer.flush(), () => {
      if (readable.state === 'errored') {
        finish.reject(readable.storedError);
      } else {
        if (readable.controller.canCloseOrEnqueue) readable.controller.close();
        finish.resolve();
      }
    }, (error) => {
      readable.controller.error(error);
      finish.reject(error);
    });
    return finish.promise;
  }

  abort(reason) {
    if (this.#finish !== undefined) return this.#finish.promise;
    const finish = this.#finish = new Deferred();
    const readable = this.#readable;
    react(this.#takeTransformer().cancel(reason), () => {
      if (readable.state === 'errored') {
        finish.reject(readable.storedError);
      } else {
        readable.controller.error(reason);
        finish.resolve();
      }
    }, (error) => {
      readable.controller.error(error);
      finish.reject(error);
    });
    return finish.promise;
  }

  cancel(reason) {
    if (this.#finish !== undefined) return this.#finish.promise;
    const finish = this.#finish = new Deferred();
    const writable = this.#writable;
    react(this.#takeTransformer().cancel(reason), () => {
      if (writable.state === 'errored') {
        finish.reject(writable.storedError);
      } else {
        writable.controller.errorIfNeeded(reason);
        this.#unblockWrite();
        finish.resolve();
      }
    }, (error) => {
      writable.controller.errorIfNeeded(error);
      this.#unblockWrite();
      finish.reject(error);
    });
    return finish.promise;
  }

  #takeTransformer() {
    const transformer = this.#transformer;
    this.#transformer = null;
    return transformer ?? nothingToDo;
  }
}

const nothingToDo = { flush() {}, cancel() {} };

class TransformStream {
  /**
   * @param {{ start?: Function, transform?: Function, flush?: Function, cancel?: Function }} [transformer]
   * @param {{ highWaterMark?: number, size?: (chunk: unknown) => number }} [writableStrategy]
   * @param {{ highWaterMark?: number, size?: (chunk: unknown) => number }} [readableStrategy]
   */
  constructor(transformer = kEmptyObject, writableStrategy = kEmptyObject, readableStrategy = kEmptyObject) {
    validateObject(transformer, 'transformer', kValidateObjectAllowObjects);
    validateObject(writableStrategy, 'writableStrategy', kValidateObjectAllowObjectsAndNull);
    validateObject(readableStrategy, 'readableStrategy', kValidateObjectAllowObjectsAndNull);
    const { readableType, start, writableType } = transformer;
    if (readableType !== undefined) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.readableType', readableType);
    }
    if (writableType !== undefined) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.writableType', writableType);
    }
    const userTransformer = new UserTransformer(transformer);
    const readableHighWaterMark = highWaterMarkOf(readableStrategy?.highWaterMark, 0);
    const readableSize = sizeOf(readableStrategy?.size);
    const writableHighWaterMark = highWaterMarkOf(writableStrategy?.highWaterMark, 1);
    const writableSize = sizeOf(writableStrategy?.size);

    const core = new TransformCore(
      userTransformer, writableHighWaterMark, writableSize, readableHighWaterMark, readableSize);
    userTransformer.setCore(core);
    core.owner = this;
    this[kState] = core;
    this[kTransferMode] = kTransferable;
    const started = new Deferred();
    core.start(started.promise);
    started.resolve(start === undefined ? undefined : apply(start, transformer, [core.controller]));
  }

  /** @returns {ReadableStream} */
  get readable() {
    return stateOf(this, TransformCore, streamName).readable;
  }

  /** @returns {WritableStream} */
  get writable() {
    return stateOf(this, TransformCore, streamName).writable;
  }

  [customInspectSymbol](depth, options) {
    const { readable, writable, backpressure } = stateOf(this, TransformCore, streamName);
    return describe(this, depth, options, { readable, writable, backpressure });
  }

  [kTransferList]() {
    return [this.readable, this.writable];
  }

  [kTransfer]() {
    const { readable, writable } = this;
    const deserializeInfo = 'internal/webstreams/transform_stream:ArrivedTransformStream';
    return { data: { readable, writable }, deserializeInfo };
  }

  [kDeserialize]({ readable, writable }) {
    const core = Object.create(TransformCore.prototype, { readable: { value: readable }, writable: { value: writable } });
    core.owner = this;
    this[kState] = core;
  }
}

/** A transform stream whose two sides are in another thread. */
function ArrivedTransformStream() {
  const stream = Object.create(TransformStream.prototype);
  stream[kTransferMode] = kTransferable;
  return stream;
}

const streamName = 'TransformStream';
finishClass(TransformStream, ['readable', 'writable']);

/**
 * A transform stream that is not made of the program's functions.
 * @param {{ transform: Function, flush: Function, cancel: Function, setCore: Function }} transformer
 * @returns {TransformStream}
 */
function createTransformStream(transformer, writableHighWaterMark = 1, readableHighWaterMark = 0) {
  const stream = Object.create(TransformStream.prototype);
  const core = new TransformCore(
    transformer, writableHighWaterMark, undefined, readableHighWaterMark, undefined);
  core.owner = stream;
  stream[kState] = core;
  stream[kTransferMode] = kTransferable;
  transformer.setCore(core);
  core.start(undefined);
  return stream;
}

const controllerName = 'TransformStreamDefaultController';

class TransformStreamDefaultController {
  constructor(key = undefined, core = undefined) {
    if (key !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kState] = core;
  }

  /** @returns {number | null} how much the readable side has room for */
  get desiredSize() {
    return stateOf(this, TransformCore, controllerName).desiredSize;
  }

  /** @param {unknown} [chunk] for the readable side */
  enqueue(chunk = undefined) {
    stateOf(this, TransformCore, controllerName).enqueue(chunk);
  }

  /** @param {unknown} [reason] of which both sides fail */
  error(reason = undefined) {
    stateOf(this, TransformCore, controllerName).error(reason);
  }

  /** Closes the readable side and fails the writable one. */
  terminate() {
    stateOf(this, TransformCore, controllerName).terminate();
  }

  [customInspectSymbol](depth, options) {
    return describe(this, depth, options, { stream: stateOf(this, TransformCore, controllerName).owner });
  }
}
finishClass(TransformStreamDefaultController, ['desiredSize', 'enqueue', 'error', 'terminate']);

module.exports = { ArrivedTransformStream, TransformStream, TransformStreamDefaultController, createTransformStream };
