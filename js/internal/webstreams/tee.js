// What `tee` does with a stream of values: two branches that get the same chunks.
'use strict';

const { Deferred, promiseThen, resolvedPromise } = require('internal/webstreams/common');
const { DefaultReaderCore } = require('internal/webstreams/readers');

class DefaultTee {
  #stream;
  #reader;
  #cloneForBranch2;
  #reading = false;
  #readAgain = false;
  #canceled1 = false;
  #canceled2 = false;
  #reason1;
  #reason2;
  #cancelled = new Deferred();
  #branch1;
  #branch2;

  constructor(stream, cloneForBranch2) {
    this.#stream = stream;
    this.#reader = new DefaultReaderCore(stream);
    this.#cloneForBranch2 = cloneForBranch2;
  }

  /** @returns {[ReadableStream, ReadableStream]} */
  branches() {
    const { createReadableStream, coreOf } = require('internal/webstreams/readable_stream');
    const create = (cancel) => createReadableStream({
      canPull: true,
      pull: () => this.#pull(),
      cancel,
    }, 1);
    const first = create((reason) => {
      this.#canceled1 = true;
      this.#reason1 = reason;
      return this.#afterCancel();
    });
    const second = create((reason) => {
      this.#canceled2 = true;
      this.#reason2 = reason;
      return this.#afterCancel();
    });
    this.#branch1 = coreOf(first).controller;
    this.#branch2 = coreOf(second).controller;
    this.#branch1.start();
    this.#branch2.start();
    promiseThen(this.#reader.closed.promise, undefined, (error) => {
      this.#branch1.error(error);
      this.#branch2.error(error);
      if (!this.#canceled1 || !this.#canceled2) this.#cancelled.resolve();
    });
    return [first, second];
  }

  #pull() {
    if (this.#reading) {
      this.#readAgain = true;
      return undefined;
    }
    this.#reading = true;
    this.#reader.readInto(this);
    return undefined;
  }

  #afterCancel() {
    if (this.#canceled1 && this.#canceled2) {
      this.#cancelled.resolve(this.#stream.cancel([this.#reason1, this.#reason2]));
    }
    return this.#cancelled.promise;
  }

  chunk(value) {
    // An error of the stream that is known by now shall reach the branches first.
    promiseThen(resolvedPromise, () => this.#deliver(value));
  }

  #deliver(value) {
    this.#readAgain = false;
    let second = value;
    if (!this.#canceled2 && this.#cloneForBranch2) {
      try {
        second = structuredClone(value);
      } catch (error) {
        this.#branch1.error(error);
        this.#branch2.error(error);
        this.#cancelled.resolve(this.#stream.cancel(error));
        return;
      }
    }
    if (!this.#canceled1) tryEnqueue(this.#branch1, value);
    if (!this.#canceled2) tryEnqueue(this.#branch2, second);
    this.#reading = false;
    if (this.#readAgain) this.#pull();
  }

  close() {
    this.#reading = false;
    if (!this.#canceled1 && this.#branch1.canCloseOrEnqueue) this.#branch1.close();
    if (!this.#canceled2 && this.#branch2.canCloseOrEnqueue) this.#branch2.close();
    if (!this.#canceled1 || !this.#canceled2) this.#cancelled.resolve();
  }

  error() {
    this.#reading = false;
  }
}

function tryEnqueue(controller, chunk) {
  if (controller.canCloseOrEnqueue) controller.enqueue(chunk);
}

/**
 * @param {ReadableCore} stream
 * @param {boolean} [cloneForBranch2] whether the second branch gets copies
 * @returns {[ReadableStream, ReadableStream]}
 */
function tee(stream, cloneForBranch2 = false) {
  if (stream.controller.supportsBYOB) return require('internal/webstreams/byte_tee').teeBytes(stream);
  return new DefaultTee(stream, cloneForBranch2).branches();
}

module.exports = { tee };
