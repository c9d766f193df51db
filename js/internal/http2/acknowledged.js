// What waits for an answer of the other side: pings and settings.
'use strict';

const { scopeOf } = require('internal/http/parser_scope');

const NANOSECONDS_A_MILLISECOND = 1e6;

class Acknowledged {
  /**
   * @param {string} type as asynchronous hooks name it
   * @param {(error: Error | null, duration: number, payload?: Buffer) => void} callback
   */
  constructor(type, callback) {
    this.scope = scopeOf(type, this);
    this.callback = callback;
    this.start = process.hrtime();
  }

  #tell(args) {
    const { scope, callback } = this;
    if (scope === null) {
      callback(...args);
      return;
    }
    scope.run(callback, undefined, args);
    scope.end();
  }

  /** The answer has come. */
  done(payload) {
    const [seconds, nanoseconds] = process.hrtime(this.start);
    this.#tell([null, seconds * 1e3 + nanoseconds / NANOSECONDS_A_MILLISECOND, payload]);
  }

  /** It never will. */
  cancel(error) {
    this.#tell([error]);
  }
}

module.exports = { Acknowledged };
