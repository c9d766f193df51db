// The thread that hooks of `module.register` and `--experimental-loader` run on, as it is seen by the thread whose
// modules it finds and reads: each has its own. A request is answered by a message; who cannot wait for messages sleeps on a shared
// counter of answers until one has come.
'use strict';

const {
  codes: { ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED },
} = require('internal/errors');
const { MessageChannel, receiveMessageOnPort } = require('internal/messaging');
const { decode } = require('internal/worker/error_codec');

/** What the shared memory holds: how many answers there are; one more than the exit code of the thread. */
const ANSWERS = 0;
const EXIT = 1;

/** How a request may be answered. */
const kinds = { VALUE: 0, ERROR: 1, NEVER: 2, UNCAUGHT: 3 };

/** The means to ask. */
class HooksClient {
  #port;
  #shared;
  #lastId = 0;
  /** The requests that nobody waits for on the stack. */
  #pending = new Map();

  /**
   * @param {MessagePort} port to the thread of hooks
   * @param {Int32Array} shared
   */
  constructor(port, shared) {
    this.#port = port;
    this.#shared = shared;
    port.on('message', (answer) => this.#settle(answer));
    port.on('close', () => this.#exitWithThread());
    port.unref();
  }

  /**
   * @param {'resolve' | 'load' | 'register' | 'takeCoverage'} method
   * @param {any[]} args
   * @param {object[]} [transferList]
   * @returns {any} the answer
   * @throws {Error} ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED, or what a hook has thrown
   */
  requestSync(method, args, transferList) {
    const id = this.#send(method, args, transferList);
    for (;;) {
      const seen = Atomics.load(this.#shared, ANSWERS);
      for (let received; (received = receiveMessageOnPort(this.#port)) !== undefined; ) {
        const answer = received.message;
        if (answer.id === id) return valueOf(answer);
        this.#settle(answer);
      }
      this.#exitWithThread();
      Atomics.wait(this.#shared, ANSWERS, seen);
    }
  }

  /**
   * @param {'resolve' | 'load'} method
   * @param {any[]} args
   * @returns {Promise<any>} the answer; it is never settled where the hook never settles
   */
  request(method, args) {
    return new Promise((resolve, reject) => {
      const id = this.#send(method, args);
      if (this.#pending.size === 0) this.#port.ref();
      this.#pending.set(id, { resolve, reject });
    });
  }

  #send(method, args, transferList) {
    const id = ++this.#lastId;
    this.#port.postMessage({ id, method, args }, transferList);
    return id;
  }

  #settle(answer) {
    if (answer.kind === kinds.UNCAUGHT) throw decode(answer.error);
    const request = this.#pending.get(answer.id);
    if (request === undefined) return;
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#port.unref();
    if (answer.kind === kinds.VALUE) request.resolve(answer.value);
    else if (answer.kind === kinds.ERROR) request.reject(decode(answer.error));
  }

  /** A hook that ends its thread ends the process. */
  #exitWithThread() {
    const exit = Atomics.load(this.#shared, EXIT);
    if (exit !== 0) process.exit(exit - 1);
  }
}

function valueOf(answer) {
  if (answer.kind === kinds.VALUE) return answer.value;
  if (answer.kind === kinds.NEVER) throw new ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED();
  throw decode(answer.error);
}

/**
 * Starts the thread.
 * @returns {HooksClient}
 */
function start() {
  const { startHooksWorker } = require('internal/worker/worker');
  const { port1, port2 } = new MessageChannel();
  const shared = new Int32Array(new SharedArrayBuffer(8));
  startHooksWorker({ port: port2, shared }, [port2]).unref();
  const client = new HooksClient(port1, shared);
  if (process.env.NODE_V8_COVERAGE) {
    require('internal/coverage').takeAlso(() => client.requestSync('takeCoverage', []));
  }
  return client;
}

module.exports = { ANSWERS, EXIT, kinds, start };
