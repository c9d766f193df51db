// The inside of a readable stream: its state, and what its controller and its reader tell each other.
'use strict';

const { LazyPromise, NativePromise, nop, react } = require('internal/webstreams/common');

class ReadableCore {
  /** @type {'readable' | 'closed' | 'errored'} */
  state = 'readable';
  storedError = undefined;
  /** Whether it has been read from or cancelled. */
  disturbed = false;
  /** @type {import('internal/webstreams/readers').ReaderCore | undefined} */
  reader = undefined;
  /** A default or a byte controller. */
  controller = undefined;
  /** The stream as the program knows it. */
  owner;
  // For those who wait for the end without being readers; made when first asked for
  #ended = undefined;

  constructor(owner) {
    this.owner = owner;
  }

  get locked() {
    return this.reader !== undefined;
  }

  /** A promise of the end of the stream, for those who are not its readers. */
  get ended() {
    if (this.#ended === undefined) {
      this.#ended = new LazyPromise();
      if (this.state === 'closed') this.#ended.resolve();
      else if (this.state === 'errored') this.#ended.reject(this.storedError);
    }
    return this.#ended;
  }

  close() {
    this.state = 'closed';
    this.#ended?.resolve();
    const { reader } = this;
    if (reader !== undefined) {
      reader.closed.resolve();
      reader.onClose();
    }
  }

  error(reason) {
    this.state = 'errored';
    this.storedError = reason;
    this.#ended?.reject(reason);
    const { reader } = this;
    if (reader !== undefined) {
      reader.closed.reject(reason);
      reader.onError(reason);
    }
  }

  /**
   * @param {unknown} reason
   * @returns {Promise<undefined>}
   */
  cancel(reason) {
    this.disturbed = true;
    if (this.state === 'closed') return NativePromise.resolve();
    if (this.state === 'errored') return NativePromise.reject(this.storedError);
    const { reader } = this;
    this.close();
    reader?.onCancel();
    return react(this.controller.cancelSteps(reason), nop);
  }
}

/** What the readers of both kinds share: the stream they have locked, and the promise of its end. */
class ReaderCore {
  /** @type {ReadableCore | undefined} */
  stream;
  /** The end of the stream, or that it has been released. */
  closed = new LazyPromise();

  constructor(stream) {
    this.stream = stream;
    stream.reader = this;
    if (stream.state === 'closed') this.closed.resolve();
    else if (stream.state === 'errored') this.closed.reject(stream.storedError);
  }

  /** Unlocks the stream. */
  release(error) {
    const { stream } = this;
    this.closed.forceReject(error);
    stream.controller.releaseSteps();
    stream.reader = undefined;
    this.stream = undefined;
  }

  /** @returns {Promise<undefined>} */
  cancel(reason) {
    return this.stream.cancel(reason);
  }
}

module.exports = { ReadableCore, ReaderCore };
