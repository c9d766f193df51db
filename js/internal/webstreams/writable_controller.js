// `WritableStreamDefaultController`: the queue of a writable stream.
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const {
  NativePromise, SizedQueue, describe, finishClass, kConstruct, kState, measure, react, stateOf,
} = require('internal/webstreams/common');

/** In the queue after the last chunk. */
const CLOSE = Symbol('close');

/**
 * The internal half. Where chunks go is a sink: `write(chunk)`, `close()` and `abort(reason)`, which return a promise
 * or undefined.
 */
class WritableController {
  stream;
  started = false;
  #queue;
  #sink;
  #highWaterMark;
  // The program's measure; undefined if each chunk counts for one
  #size;
  #owner = undefined;
  #abortController = undefined;
  #aborted = false;
  #abortReason = undefined;
  #onWritten;
  #onWriteFailed;

  constructor(stream, sink, highWaterMark, size) {
    this.stream = stream;
    stream.controller = this;
    this.#sink = sink;
    this.#highWaterMark = highWaterMark;
    this.#size = size;
    this.#queue = new SizedQueue(size !== undefined);
    this.#onWritten = () => this.#afterWrite();
    this.#onWriteFailed = (error) => {
      if (this.stream.state === 'writable') this.#clearSink();
      this.stream.finishWriteWithError(error);
    };
    stream.updateBackpressure(this.#hasBackpressure());
  }

  /** To be called once, with what the sink's start returned. */
  start(result) {
    const promise = result === undefined ? undefined : new NativePromise((resolve) => resolve(result));
    react(promise, () => {
      this.started = true;
      this.#advance();
    }, (error) => {
      this.started = true;
      this.stream.dealWithRejection(error);
    });
  }

  /** @returns {WritableStreamDefaultController} as the program knows it */
  get owner() {
    return this.#owner ??= new WritableStreamDefaultController(kConstruct, this);
  }

  get desiredSize() {
    return this.#highWaterMark - this.#queue.total;
  }

  /** @returns {AbortSignal} */
  get signal() {
    if (this.#abortController === undefined) {
      this.#abortController = new (require('web/abort_controller').AbortController)();
      if (this.#aborted) this.#abortController.abort(this.#abortReason);
    }
    return this.#abortController.signal;
  }

  /** Says through the signal that the stream is being aborted. */
  abortSignal(reason) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abortReason = reason;
    this.#abortController?.abort(reason);
  }

  #hasBackpressure() {
    return this.desiredSize <= 0;
  }

  /** What a chunk counts for; 1 if that cannot be told, which is an error of the stream. */
  measure(chunk) {
    if (this.#size === undefined) return 1;
    try {
      return measure(this.#size, chunk);
    } catch (error) {
      this.errorIfNeeded(error);
      return 1;
    }
  }

  write(chunk, size) {
    const { stream } = this;
    this.#queue.push(chunk, size);
    if (!stream.isClosing && stream.state === 'writable') stream.updateBackpressure(this.#hasBackpressure());
    this.#advance();
  }

  close() {
    this.#queue.push(CLOSE, 0);
    this.#advance();
  }

  #advance() {
    const { stream } = this;
    if (!this.started || stream.inFlightWrite !== undefined) return;
    if (stream.state === 'erroring') {
      stream.finishErroring();
      return;
    }
    if (this.#queue.length === 0) return;
    const chunk = this.#queue.chunks.peek();
    if (chunk === CLOSE) this.#processClose();
    else this.#processWrite(chunk);
  }

  #processClose() {
    const { stream } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = undefined;
    this.#queue.shift();
    const sink = this.#sink;
    const result = sink.close();
    this.#clearSink();
    react(result, () => stream.finishClose(), (error) => stream.finishCloseWithError(error));
  }

  #processWrite(chunk) {
    const { stream } = this;
    stream.inFlightWrite = stream.writeRequests.shift();
    react(this.#sink.write(chunk), this.#onWritten, this.#onWriteFailed);
  }

  #afterWrite() {
    const { stream } = this;
    stream.finishWrite();
    this.#queue.shift();
    if (!stream.isClosing && stream.state === 'writable') stream.updateBackpressure(this.#hasBackpressure());
    this.#advance();
  }

  #clearSink() {
    this.#sink = null;
    this.#size = undefined;
  }

  abortSteps(reason) {
    const sink = this.#sink;
    this.#clearSink();
    return sink.abort(reason);
  }

  errorSteps() {
    this.#queue.clear();
  }

  errorIfNeeded(error) {
    if (this.stream.state !== 'writable') return;
    this.#clearSink();
    this.stream.startErroring(error);
  }
}

const controllerName = 'WritableStreamDefaultController';

class WritableStreamDefaultController {
  constructor(key = undefined, controller = undefined) {
    if (key !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kState] = controller;
  }

  /** @returns {AbortSignal} aborted when the stream is */
  get signal() {
    return stateOf(this, WritableController, controllerName).signal;
  }

  /** @param {unknown} [error] that every writer gets */
  error(error = undefined) {
    stateOf(this, WritableController, controllerName).errorIfNeeded(error);
  }

  [customInspectSymbol](depth, options) {
    const { stream } = stateOf(this, WritableController, controllerName);
    return describe(this, depth, options, { stream: stream.owner });
  }
}
finishClass(WritableStreamDefaultController, ['signal', 'error']);

module.exports = { WritableController, WritableStreamDefaultController };
