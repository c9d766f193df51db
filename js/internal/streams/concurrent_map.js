// The engine of `readable.map` and what builds on it: several calls of a function at once, results in order.
'use strict';

const { AbortError } = require('internal/errors');

/** What the function resolves to for a chunk that has no result. */
const SKIP = Symbol('kEmpty');
const END = Symbol('kEof');

class ConcurrentMap {
  #source;
  #fn;
  #signal;
  #concurrency;
  #limit;
  // Promises of results, and END, in the order of the chunks
  #queue = [];
  #running = 0;
  #done = false;
  // Waiting for a result to be queued, and for room to start another call
  #wakeConsumer = null;
  #wakeProducer = null;

  /**
   * @param {AsyncIterable} source
   * @param {(chunk: unknown, options: { signal: AbortSignal }) => unknown} fn
   * @param {{ signal: AbortSignal, concurrency: number, limit: number }} options `concurrency` calls may be
   *   under way and `limit` results may wait.
   */
  constructor(source, fn, { signal, concurrency, limit }) {
    this.#source = source;
    this.#fn = fn;
    this.#signal = signal;
    this.#concurrency = concurrency;
    this.#limit = limit;
  }

  /** Reads the source from the first next() on. */
  async* results() {
    this.#produce();
    const queue = this.#queue;
    try {
      while (true) {
        while (queue.length > 0) {
          const value = await queue[0];
          if (value === END) return;
          if (this.#signal.aborted) throw new AbortError();
          if (value !== SKIP) yield value;
          queue.shift();
          this.#resumeProducer();
        }
        await new Promise((resolve) => { this.#wakeConsumer = resolve; });
      }
    } finally {
      this.#done = true;
      if (this.#wakeProducer) {
        this.#wakeProducer();
        this.#wakeProducer = null;
      }
    }
  }

  async #produce() {
    const queue = this.#queue;
    const fnOptions = { signal: this.#signal };
    const settled = () => {
      this.#running--;
      this.#resumeProducer();
    };
    const failed = () => {
      this.#done = true;
      settled();
    };

    try {
      for await (const chunk of this.#source) {
        if (this.#done) return;
        if (this.#signal.aborted) throw new AbortError();

        let result;
        try {
          result = this.#fn(chunk, fnOptions);
          if (result === SKIP) continue;
          result = Promise.resolve(result);
        } catch (error) {
          result = Promise.reject(error);
        }

        this.#running++;
        result.then(settled, failed);
        queue.push(result);
        this.#resumeConsumer();

        if (!this.#done && (queue.length >= this.#limit || this.#running >= this.#concurrency)) {
          await new Promise((resolve) => { this.#wakeProducer = resolve; });
        }
      }
      queue.push(END);
    } catch (error) {
      const failure = Promise.reject(error);
      failure.then(settled, failed);
      queue.push(failure);
    } finally {
      this.#done = true;
      this.#resumeConsumer();
    }
  }

  #resumeConsumer() {
    if (!this.#wakeConsumer) return;
    this.#wakeConsumer();
    this.#wakeConsumer = null;
  }

  #resumeProducer() {
    if (!this.#wakeProducer || this.#done) return;
    if (this.#running < this.#concurrency && this.#queue.length < this.#limit) {
      this.#wakeProducer();
      this.#wakeProducer = null;
    }
  }
}

module.exports = { ConcurrentMap, SKIP };
