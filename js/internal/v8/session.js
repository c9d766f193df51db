// The engine's protocol for tools, as a function call: `post` returns what the engine answers.
'use strict';

const binding = internalBinding('v8');

/** An open session. It must be closed. */
class ToolSession {
  #session = new binding.Session();
  #ids = 0;

  constructor() {
    this.#session.open();
  }

  /**
   * @param {string} method such as `Profiler.start`
   * @param {object} [params]
   * @param {(params: object) => void} [onNotification] gets what else the engine says meanwhile
   * @returns {object} the result
   */
  post(method, params = {}, onNotification = undefined) {
    const id = ++this.#ids;
    let result;
    for (const text of this.#session.post(JSON.stringify({ id, method, params }))) {
      const message = JSON.parse(text);
      if (message.id !== id) {
        onNotification?.(message.params);
      } else if (message.error !== undefined) {
        throw new Error(message.error.message);
      } else {
        result = message.result;
      }
    }
    return result;
  }

  /**
   * @param {string} objectId
   * @returns {any} the value itself
   */
  unwrap(objectId) {
    return this.#session.unwrap(objectId);
  }

  close() {
    this.#session.close();
  }
}

module.exports = { ToolSession };
