// `ReadableStreamDefaultController`: the queue of a readable stream whose chunks are values of any kind.
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_STATE } } = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const {
  NativePromise, SizedQueue, describe, finishClass, kConstruct, kState, measure, react,
} = require('internal/webstreams/common');

/**
 * The internal half. Where chunks come from is a source: `pull()` and `cancel(reason)`, which return a promise or
 * undefined, and null for `pull` where nothing is to be pulled.
 */
class ReadableDefaultController {
  stream;
  queue;
  closeRequested = false;
  #source;
  #highWaterMark;
  // The program's measure; undefined if each chunk counts for one
  #size;
  #started = false;
  #pulling = false;
  #pullAgain = false;
  #owner = undefined;
  #onPulled;
  #onPullFailed;

  constructor(stream, source, highWaterMark, size) {
    this.stream = stream;
    stream.controller = this;
    this.#source = source;
    this.#highWaterMark = highWaterMark;
    this.#size = size;
    this.queue = new SizedQueue(size !== undefined);
    this.#onPulled = () => {
      this.#pulling = false;
      if (this.#pullAgain) {
        this.#pullAgain = false;
        this.callPullIfNeeded();
      }
    };
    this.#onPullFailed = (reason) => this.error(reason);
  }

  /** To be called once, with what the source's start returned. */
  start(result) {
    const promise = result === undefined ? undefined : new NativePromise((resolve) => resolve(result));
    react(promise, () => {
      this.#started = true;
      this.callPullIfNeeded();
    }, this.#onPullFailed);
  }

  /** @returns {ReadableStreamDefaultController} as the program knows it */
  get owner() {
    return this.#owner ??= new ReadableStreamDefaultController(kConstruct, this);
  }

  get supportsBYOB() {
    return false;
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === 'errored') return null;
    if (state === 'closed') return 0;
    return this.#highWaterMark - this.queue.total;
  }

  get canCloseOrEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  /** Whether a chunk lies ready. */
  get hasChunk() {
    return this.queue.length > 0;
  }

  close() {
    this.closeRequested = true;
    if (this.queue.length === 0) {
      this.#clearSource();
      this.stream.close();
    }
  }

  enqueue(chunk) {
    const { reader } = this.stream;
    if (reader !== undefined && reader.waits) reader.requests.shift().chunk(chunk);
    else this.#push(chunk);
    this.callPullIfNeeded();
  }

  #push(chunk) {
    if (this.#size === undefined) {
      this.queue.push(chunk, 1);
      return;
    }
    let size;
    try {
      size = measure(this.#size, chunk);
    } catch (error) {
      this.error(error);
      throw error;
    }
    this.queue.push(chunk, size);
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.queue.clear();
    this.#clearSource();
    this.stream.error(reason);
  }

  #clearSource() {
    this.#source = null;
    this.#size = undefined;
  }

  cancelSteps(reason) {
    this.queue.clear();
    const source = this.#source;
    this.#clearSource();
    return source === null ? undefined : source.cancel(reason);
  }

  pullSteps(request) {
    if (this.queue.length > 0) {
      request.chunk(this.takeChunk());
    } else {
      this.stream.reader.requests.push(request);
      this.callPullIfNeeded();
    }
  }

  /** The chunk that lies ready. */
  takeChunk() {
    const chunk = this.queue.shift();
    if (this.closeRequested && this.queue.length === 0) {
      this.#clearSource();
      this.stream.close();
    } else {
      this.callPullIfNeeded();
    }
    return chunk;
  }

  releaseSteps() {}

  /** Whether more chunks are wanted now. */
  get shouldPull() {
    if (!this.#started || !this.canCloseOrEnqueue) return false;
    const { reader } = this.stream;
    return (reader !== undefined && reader.waits) || this.desiredSize > 0;
  }

  callPullIfNeeded() {
    const source = this.#source;
    if (source === null || !source.canPull || !this.shouldPull) return;
    if (this.#pulling) {
      this.#pullAgain = true;
      return;
    }
    this.#pulling = true;
    react(source.pull(this), this.#onPulled, this.#onPullFailed);
  }
}

function checkOpen(controller) {
  if (!controller.canCloseOrEnqueue) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
}

class ReadableStreamDefaultController {
  constructor(key = undefined, controller = undefined) {
    if (key !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kState] = controller;
  }

  /** @returns {number | null} how much the queue has room for */
  get desiredSize() {
    return this[kState].desiredSize;
  }

  /** No chunk comes after those that are queued. */
  close() {
    const controller = this[kState];
    checkOpen(controller);
    controller.close();
  }

  /** @param {unknown} [chunk] */
  enqueue(chunk = undefined) {
    const controller = this[kState];
    checkOpen(controller);
    controller.enqueue(chunk);
  }

  /** @param {unknown} [error] that every reader gets */
  error(error = undefined) {
    this[kState].error(error);
  }

  [customInspectSymbol](depth, options) {
    return describe(this, depth, options, {});
  }
}
finishClass(ReadableStreamDefaultController, ['desiredSize', 'close', 'enqueue', 'error']);

module.exports = { ReadableDefaultController, ReadableStreamDefaultController };
