// The inside of a writable stream: its state, and what its controller and its writer tell each other.
'use strict';

const { codes: { ERR_INVALID_STATE } } = require('internal/errors');
const { Deferred, Fifo, LazyPromise, NativePromise, react } = require('internal/webstreams/common');

class AbortRequest extends Deferred {
  constructor(reason, wasAlreadyErroring) {
    super();
    this.reason = reason;
    this.wasAlreadyErroring = wasAlreadyErroring;
  }
}

class WritableCore {
  /** @type {'writable' | 'erroring' | 'errored' | 'closed'} */
  state = 'writable';
  storedError = undefined;
  /** @type {WriterCore | undefined} */
  writer = undefined;
  controller = undefined;
  backpressure = false;
  /** What becomes of the writes that wait in the queue: objects with `resolve()` and `reject(reason)`. */
  writeRequests = new Fifo();
  /** The write that the sink is busy with. */
  inFlightWrite = undefined;
  /** A close that waits, and one that the sink is busy with. */
  closeRequest = undefined;
  inFlightClose = undefined;
  /** The stream as the program knows it. */
  owner;
  #pendingAbort = undefined;
  // For those who wait for the end without being writers; made when first asked for
  #ended = undefined;

  constructor(owner) {
    this.owner = owner;
  }

  get locked() {
    return this.writer !== undefined;
  }

  get isClosing() {
    return this.closeRequest !== undefined || this.inFlightClose !== undefined;
  }

  /** A promise of the end of the stream, for those who are not its writers. */
  get ended() {
    if (this.#ended === undefined) {
      this.#ended = new LazyPromise();
      if (this.state === 'closed') this.#ended.resolve();
      else if (this.state === 'errored') this.#ended.reject(this.storedError);
    }
    return this.#ended;
  }

  /** @returns {Promise<undefined>} */
  abort(reason) {
    if (this.state === 'closed' || this.state === 'errored') return NativePromise.resolve();
    this.controller.abortSignal(reason);
    // Listeners of the signal may have gone on.
    if (this.state === 'closed' || this.state === 'errored') return NativePromise.resolve();
    if (this.#pendingAbort !== undefined) return this.#pendingAbort.promise;
    const isErroring = this.state === 'erroring';
    const request = new AbortRequest(isErroring ? undefined : reason, isErroring);
    this.#pendingAbort = request;
    if (!isErroring) this.startErroring(reason);
    return request.promise;
  }

  /** @returns {Promise<undefined>} */
  close() {
    this.closeRequest = new Deferred();
    const { promise } = this.closeRequest;
    if (this.writer !== undefined && this.backpressure && this.state === 'writable') this.writer.onReady();
    this.controller.close();
    return promise;
  }

  dealWithRejection(error) {
    if (this.state === 'writable') this.startErroring(error);
    else this.finishErroring();
  }

  startErroring(reason) {
    this.state = 'erroring';
    this.storedError = reason;
    this.writer?.ready.forceReject(reason);
    if (this.inFlightWrite === undefined && this.inFlightClose === undefined && this.controller.started) {
      this.finishErroring();
    }
  }

  finishErroring() {
    this.state = 'errored';
    this.controller.errorSteps();
    for (const request of this.writeRequests.takeAll()) request.reject(this.storedError);
    const abort = this.#pendingAbort;
    if (abort === undefined) {
      this.#rejectCloseAndClosed();
      return;
    }
    this.#pendingAbort = undefined;
    if (abort.wasAlreadyErroring) {
      abort.reject(this.storedError);
      this.#rejectCloseAndClosed();
      return;
    }
    react(this.controller.abortSteps(abort.reason), () => {
      abort.resolve();
      this.#rejectCloseAndClosed();
    }, (error) => {
      abort.reject(error);
      this.#rejectCloseAndClosed();
    });
  }

  #rejectCloseAndClosed() {
    if (this.closeRequest !== undefined) {
      this.closeRequest.reject(this.storedError);
      this.closeRequest = undefined;
    }
    this.writer?.closed.reject(this.storedError);
    this.#ended?.reject(this.storedError);
  }

  finishWrite() {
    // Who is told may go on writing, which is for later while a write is in flight.
    this.inFlightWrite.resolve();
    this.inFlightWrite = undefined;
  }

  finishWriteWithError(error) {
    const request = this.inFlightWrite;
    this.inFlightWrite = undefined;
    request.reject(error);
    this.dealWithRejection(error);
  }

  finishClose() {
    const request = this.inFlightClose;
    this.inFlightClose = undefined;
    request.resolve();
    if (this.state === 'erroring') {
      // Closing was faster than the error.
      this.storedError = undefined;
      if (this.#pendingAbort !== undefined) {
        this.#pendingAbort.resolve();
        this.#pendingAbort = undefined;
      }
    }
    this.state = 'closed';
    this.writer?.closed.resolve();
    this.#ended?.resolve();
  }

  finishCloseWithError(error) {
    const request = this.inFlightClose;
    this.inFlightClose = undefined;
    request.reject(error);
    if (this.#pendingAbort !== undefined) {
      this.#pendingAbort.reject(error);
      this.#pendingAbort = undefined;
    }
    this.dealWithRejection(error);
  }

  updateBackpressure(backpressure) {
    if (backpressure !== this.backpressure) {
      this.backpressure = backpressure;
      if (this.writer !== undefined) {
        if (backpressure) this.writer.ready.renew();
        else this.writer.onReady();
      }
    }
  }
}

/** The inside of a writer. */
class WriterCore {
  /** @type {WritableCore | undefined} */
  stream;
  /** The end of the stream, or that it has been released. */
  closed = new LazyPromise();
  /** That there is room in the queue. */
  ready = new LazyPromise();

  constructor(stream) {
    this.stream = stream;
    stream.writer = this;
    const { state, storedError } = stream;
    if (state === 'writable') {
      if (stream.isClosing || !stream.backpressure) this.ready.resolve();
    } else if (state === 'erroring') {
      this.ready.reject(storedError);
    } else if (state === 'closed') {
      this.ready.resolve();
      this.closed.resolve();
    } else {
      this.ready.reject(storedError);
      this.closed.reject(storedError);
    }
  }

  /** There is room in the queue again. */
  onReady() {
    this.ready.resolve();
  }

  get desiredSize() {
    const { state, controller } = this.stream;
    if (state === 'errored' || state === 'erroring') return null;
    return state === 'closed' ? 0 : controller.desiredSize;
  }

  /** @returns {Promise<undefined>} */
  write(chunk) {
    const request = new Deferred();
    this.request(chunk, request);
    return request.promise;
  }

  /**
   * Writes, and tells `request` at once what becomes of it.
   * @param {unknown} chunk
   * @param {{ resolve: () => void, reject: (reason: unknown) => void }} request
   */
  request(chunk, request) {
    const { stream } = this;
    const { controller } = stream;
    const size = controller.measure(chunk);
    // The program's measure may have done anything.
    if (stream !== this.stream) {
      request.reject(new ERR_INVALID_STATE.TypeError('Mismatched WritableStreams'));
    } else if (stream.state === 'errored') {
      request.reject(stream.storedError);
    } else if (stream.isClosing || stream.state === 'closed') {
      request.reject(new ERR_INVALID_STATE.TypeError('WritableStream is closed'));
    } else if (stream.state === 'erroring') {
      request.reject(stream.storedError);
    } else {
      stream.writeRequests.push(request);
      controller.write(chunk, size);
    }
  }

  /** Closes the stream, unless it is closing or has failed anyway. */
  closeWithErrorPropagation() {
    const { stream } = this;
    if (stream.isClosing || stream.state === 'closed') return NativePromise.resolve();
    if (stream.state === 'errored') return NativePromise.reject(stream.storedError);
    return stream.close();
  }

  /** Unlocks the stream. */
  release() {
    const error = new ERR_INVALID_STATE.TypeError('Writer has been released');
    this.ready.forceReject(error);
    this.closed.forceReject(error);
    this.stream.writer = undefined;
    this.stream = undefined;
  }
}

module.exports = { WritableCore, WriterCore };
