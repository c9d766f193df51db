// What `pipeTo` does: moves chunks as long as there is room, and hands on ends and errors in both directions.
'use strict';

const { codes: { ERR_INVALID_STATE } } = require('internal/errors');
const { Deferred, NativePromise, nop, promiseThen, resolvedPromise } = require('internal/webstreams/common');
const { DefaultReaderCore } = require('internal/webstreams/readers');
const { WriterCore } = require('internal/webstreams/writable_core');

/** A writer that tells the pipe at once that there is room. */
class PipeWriter extends WriterCore {
  #pipe;

  constructor(stream, pipe) {
    super(stream);
    this.#pipe = pipe;
  }

  onReady() {
    super.onReady();
    this.#pipe.pump();
  }
}

/** Takes part in reading as a read request: `chunk`, `close`, `error`. */
class Pipe extends Deferred {
  #source;
  #dest;
  #options;
  #reader;
  #writer;
  #shuttingDown = false;
  // A read is under way
  #reading = false;
  // A chunk that has been read and will be written with the next microtask
  #hasChunk = false;
  #chunk = undefined;
  // Writes whose outcome is not known
  #unwritten = 0;
  #onWritten = undefined;
  #onAbort = undefined;
  #writeRequest;

  constructor(source, dest, options) {
    super();
    this.#source = source;
    this.#dest = dest;
    this.#options = options;
    this.#reader = new DefaultReaderCore(source);
    this.#writer = new PipeWriter(dest, this);
    source.disturbed = true;
    const settled = () => this.#onWriteSettled();
    this.#writeRequest = { resolve: settled, reject: settled };
    this.write = () => this.#write();
  }

  start() {
    const { signal } = this.#options;
    if (signal !== undefined) {
      this.#onAbort = () => this.#abort();
      if (signal.aborted) {
        this.#abort();
        return;
      }
      signal.addEventListener('abort', this.#onAbort);
    }
    const source = this.#source;
    const dest = this.#dest;
    if (source.state === 'errored') this.#onSourceErrored(source.storedError);
    else promiseThen(this.#reader.closed.promise, nop, (error) => this.#onSourceErrored(error));

    if (dest.state === 'errored') this.#onDestErrored(dest.storedError);
    else promiseThen(this.#writer.closed.promise, nop, (error) => this.#onDestErrored(error));

    if (source.state === 'closed') this.#onSourceClosed();
    else promiseThen(this.#reader.closed.promise, () => this.#onSourceClosed(), nop);

    if (dest.isClosing || dest.state === 'closed') this.#onDestClosed();
    this.pump();
  }

  /** Moves what lies ready, then waits for more chunks or more room. */
  pump() {
    while (!this.#shuttingDown && !this.#reading && !this.#hasChunk) {
      const source = this.#source;
      const dest = this.#dest;
      if (dest.state !== 'writable' || dest.isClosing || !(dest.controller.desiredSize > 0)) return;
      if (source.state !== 'readable') return;
      const { controller } = source;
      if (controller.hasChunk) {
        this.#chunk = controller.takeChunk();
        this.#write();
      } else {
        this.#reading = true;
        controller.pullSteps(this);
      }
    }
  }

  chunk(value) {
    // Writing must not run inside the source's `enqueue()`.
    this.#reading = false;
    this.#hasChunk = true;
    this.#chunk = value;
    promiseThen(resolvedPromise, this.write);
  }

  close() {
    this.#reading = false;
  }

  error() {
    this.#reading = false;
  }

  #write() {
    const dest = this.#dest;
    const wasDelayed = this.#hasChunk;
    const chunk = this.#chunk;
    this.#hasChunk = false;
    this.#chunk = undefined;
    if (dest.state === 'writable' && !dest.isClosing) {
      const size = dest.controller.measure(chunk);
      if (dest.state === 'writable') {
        this.#unwritten++;
        dest.writeRequests.push(this.#writeRequest);
        dest.controller.write(chunk, size);
      }
    }
    if (wasDelayed) {
      if (this.#shuttingDown) this.#whenAllWritten();
      else this.pump();
    }
  }

  #onWriteSettled() {
    this.#unwritten--;
    if (this.#shuttingDown) this.#whenAllWritten();
  }

  #whenAllWritten() {
    if (this.#onWritten === undefined || this.#unwritten > 0 || this.#hasChunk) return;
    const callback = this.#onWritten;
    this.#onWritten = undefined;
    promiseThen(resolvedPromise, callback);
  }

  #onSourceErrored(error) {
    if (this.#options.preventAbort) this.#shutdown(true, error);
    else this.#shutdown(true, error, () => this.#dest.abort(error));
  }

  #onDestErrored(error) {
    if (this.#options.preventCancel) this.#shutdown(true, error);
    else this.#shutdown(true, error, () => this.#source.cancel(error));
  }

  #onSourceClosed() {
    if (this.#options.preventClose) this.#shutdown(false);
    else this.#shutdown(false, undefined, () => this.#writer.closeWithErrorPropagation());
  }

  #onDestClosed() {
    const error = new ERR_INVALID_STATE.TypeError('Destination WritableStream is closed');
    if (this.#options.preventCancel) this.#shutdown(true, error);
    else this.#shutdown(true, error, () => this.#source.cancel(error));
  }

  #abort() {
    const { signal, preventAbort, preventCancel } = this.#options;
    const error = signal.reason;
    this.#shutdown(true, error, () => {
      const actions = [];
      if (!preventAbort && this.#dest.state === 'writable') actions.push(this.#dest.abort(error));
      if (!preventCancel && this.#source.state === 'readable') actions.push(this.#source.cancel(error));
      return NativePromise.all(actions);
    });
  }

  #shutdown(isError, error, action = undefined) {
    if (this.#shuttingDown) return;
    this.#shuttingDown = true;
    const proceed = () => {
      if (action === undefined) {
        this.#finalize(isError, error);
      } else {
        promiseThen(action(), () => this.#finalize(isError, error), (other) => this.#finalize(true, other));
      }
    };
    if (this.#dest.state === 'writable' && !this.#dest.isClosing) {
      this.#onWritten = proceed;
      this.#whenAllWritten();
    } else {
      proceed();
    }
  }

  #finalize(isError, error) {
    this.#writer.release();
    this.#reader.release();
    if (this.#onAbort !== undefined) this.#options.signal.removeEventListener('abort', this.#onAbort);
    if (isError) this.reject(error);
    else this.resolve();
  }
}

/**
 * @param {ReadableCore} source
 * @param {WritableCore} dest
 * @param {{ preventClose: boolean, preventAbort: boolean, preventCancel: boolean, signal?: AbortSignal }} options
 * @returns {Promise<undefined>}
 */
function pipeTo(source, dest, options) {
  const pipe = new Pipe(source, dest, options);
  pipe.start();
  return pipe.promise;
}

module.exports = { pipeTo };
