// The standard streams of a worker: streams whose other side is in another thread.
'use strict';

const { Readable, Writable } = require('stream');
const { types } = require('internal/worker/messages');

/** How many streams of a port wait for the other side. */
const waiting = new WeakMap();

function beginWaiting(port) {
  const count = waiting.get(port) ?? 0;
  waiting.set(port, count + 1);
  if (count === 0) port.ref();
}

function endWaiting(port) {
  const count = waiting.get(port) - 1;
  waiting.set(port, count);
  if (count === 0) port.unref();
}

/** The side that is written to. */
class WritableWorkerStdio extends Writable {
  #port;
  #name;
  #callback = null;

  constructor(port, name) {
    super({ decodeStrings: false });
    this.#port = port;
    this.#name = name;
  }

  _writev(chunks, callback) {
    const items = chunks.map(({ chunk, encoding }) => ({ chunk, encoding }));
    this.#port.postMessage({ type: types.OUTPUT, stream: this.#name, chunks: items });
    if (process._exiting) {
      callback();
      return;
    }
    this.#callback = callback;
    beginWaiting(this.#port);
  }

  _final(callback) {
    this.#port.postMessage({ type: types.OUTPUT, stream: this.#name, chunks: [{ chunk: null, encoding: '' }] });
    callback();
  }

  /** The other side has taken what was written last. */
  continueWriting() {
    const callback = this.#callback;
    if (callback === null) return;
    this.#callback = null;
    callback();
    endWaiting(this.#port);
  }
}

/** The side that is read. */
class ReadableWorkerStdio extends Readable {
  #port;
  #name;
  #isInput;
  #hasStarted = false;

  /**
   * @param {object} port
   * @param {string} name
   * @param {boolean} [isInput]  whether waiting for more keeps the thread alive
   */
  constructor(port, name, isInput = false) {
    super();
    this.#port = port;
    this.#name = name;
    this.#isInput = isInput;
  }

  _read() {
    if (!this.#hasStarted && this.#isInput) {
      this.#hasStarted = true;
      beginWaiting(this.#port);
    }
    this.#port.postMessage({ type: types.WANTS_MORE, stream: this.#name });
  }

  push(chunk, encoding) {
    if (chunk === null && this.#hasStarted) {
      this.#hasStarted = false;
      endWaiting(this.#port);
    }
    if (chunk === null) this.isEnded = true;
    return super.push(chunk, encoding);
  }

  /** Pipes into a stream that others pipe into as well. */
  forward(destination) {
    const before = destination.getMaxListeners?.() ?? 0;
    destination.setMaxListeners?.(Infinity);
    this.pipe(destination);
    destination.setMaxListeners?.(before);
  }
}

module.exports = { ReadableWorkerStdio, WritableWorkerStdio };
