// Node's `readline/promises`: questions that return promises, and cursor movements that are written together.
'use strict';

const { AbortError } = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateAbortSignal } = require('internal/validators');
const { Interface: InternalInterface } = require('internal/readline/interface');
const { Readline } = require('internal/readline/promises');
const { kQuestion, kQuestionCancel } = require('internal/readline/symbols');

/** Reads lines of a stream. */
class Interface extends InternalInterface {
  constructor(...args) {
    super(...args);
  }

  /**
   * @param {string} query
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<string>} the answer
   */
  question(query, options = kEmptyObject) {
    return new Promise((resolve, reject) => {
      let callback = resolve;
      const { signal } = options;
      if (signal) {
        validateAbortSignal(signal, 'options.signal');
        const abortError = () => new AbortError(undefined, { cause: signal.reason });
        if (signal.aborted) {
          reject(abortError());
          return;
        }
        const onAbort = () => {
          this[kQuestionCancel]();
          reject(abortError());
        };
        const { addAbortListener } = require('internal/events/abort_listener');
        const disposable = addAbortListener(signal, onAbort);
        callback = (answer) => {
          disposable[Symbol.dispose]();
          resolve(answer);
        };
      }
      this[kQuestion](query, callback);
    });
  }
}

/**
 * @param {Readable | object} input  or the options
 * @param {Writable} [output]
 * @param {Function} [completer]
 * @param {boolean} [terminal]
 * @returns {Interface}
 */
function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

module.exports = { Interface, Readline, createInterface };
