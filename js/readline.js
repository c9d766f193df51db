// Node's `readline`: lines of a stream, questions, and the editing of lines on a terminal.
'use strict';

const { AbortError } = require('internal/errors');
const { kEmptyObject, promisify } = require('internal/util');
const { validateAbortSignal } = require('internal/validators');
const { clearLine, clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');
const { emitKeypressEvents } = require('internal/readline/keypress');
const { Interface: InternalInterface, InterfaceConstructor } = require('internal/readline/interface');
const { writeToDumbTerminal } = require('internal/readline/keys');
const symbols = require('internal/readline/symbols');

const { kQuestion, kQuestionCancel, kTabCompleter, kWriteToOutput } = symbols;

/**
 * Reads lines of a stream; may be called without `new`.
 * @class
 * @param {Readable | object} input  or the options
 * @param {Writable} [output]
 * @param {Function} [completer]
 * @param {boolean} [terminal]
 */
function Interface(input, output, completer, terminal) {
  if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);
  if (input?.input && typeof input.completer === 'function' && input.completer.length !== 2) {
    input = { ...input, completer: withCallback(input.completer) };
  } else if (typeof completer === 'function' && completer.length !== 2) {
    completer = withCallback(completer);
  }
  InterfaceConstructor.call(this, input, output, completer, terminal);
  if (process.env.TERM === 'dumb') this._ttyWrite = writeToDumbTerminal.bind(this);
}
Object.setPrototypeOf(Interface.prototype, InternalInterface.prototype);
Object.setPrototypeOf(Interface, InternalInterface);
Object.defineProperty(Interface.prototype, 'constructor', { enumerable: false });

function withCallback(completer) {
  return (text, callback) => callback(null, completer(text));
}

/**
 * Asks a question.
 * @param {string} query
 * @param {{ signal?: AbortSignal }} [options]
 * @param {(answer: string) => void} callback
 * @throws {Error} ERR_USE_AFTER_CLOSE
 */
Interface.prototype.question = function question(query, options, callback) {
  callback = typeof options === 'function' ? options : callback;
  const { signal } = options === null || typeof options !== 'object' ? kEmptyObject : options;
  if (signal) {
    validateAbortSignal(signal, 'options.signal');
    if (signal.aborted) return;
    const onAbort = () => this[kQuestionCancel]();
    const { addAbortListener } = require('internal/events/abort_listener');
    const disposable = addAbortListener(signal, onAbort);
    const answered = callback;
    callback = typeof answered === 'function' ? (answer) => {
      disposable[Symbol.dispose]();
      return answered(answer);
    } : disposable[Symbol.dispose];
  }
  if (typeof callback === 'function') this[kQuestion](query, callback);
};

Interface.prototype.question[promisify.custom] = function question(query, options) {
  const { signal } = options === null || typeof options !== 'object' ? kEmptyObject : options;
  const abortError = () => new AbortError(undefined, { cause: signal.reason });
  if (signal?.aborted) return Promise.reject(abortError());
  return new Promise((resolve, reject) => {
    let callback = resolve;
    if (signal) {
      const onAbort = () => reject(abortError());
      signal.addEventListener('abort', onAbort, { once: true });
      callback = (answer) => {
        signal.removeEventListener('abort', onAbort);
        resolve(answer);
      };
    }
    this.question(query, options, callback);
  });
};

/** As in the class, but with a completer that has a callback. */
function completeWithCallback(lastKeypressWasTab) {
  this.pause();
  this.completer(this.line.slice(0, this.cursor), (error, value) => {
    if (!this.closed) this.resume();
    if (error) {
      const { inspect } = require('internal/util/inspect');
      this[kWriteToOutput](`Tab completion error: ${inspect(error)}`);
      return;
    }
    this[kTabCompleter](lastKeypressWasTab, value);
  });
}
Object.defineProperty(completeWithCallback, 'name', { value: '', configurable: true });

/** State that programs reach under names with an underscore. */
for (const name of ['decoder', 'line_buffer', 'oldPrompt', 'previousKey', 'prompt', 'questionCallback',
  'sawKeyPress', 'sawReturnAt']) {
  const symbol = Object.values(symbols).find((one) => one.description === `_${name}`);
  Object.defineProperty(Interface.prototype, `_${name}`, {
    get() {
      return this[symbol];
    },
    set(value) {
      this[symbol] = value;
    },
  });
}

/**
 * Steps that programs call and replace under names with an underscore. The class calls them by symbols,
 * which therefore lead to whatever has that name.
 */
for (const name of ['setRawMode', 'onLine', 'writeToOutput', 'addHistory', 'refreshLine', 'normalWrite',
  'insertString', 'tabComplete', 'wordLeft', 'wordRight', 'deleteLeft', 'deleteRight', 'deleteWordLeft', 'deleteWordRight',
  'deleteLineLeft', 'deleteLineRight', 'line', 'historyNext', 'historyPrev', 'getDisplayPos', 'getCursorPos',
  'moveCursor', 'ttyWrite']) {
  const key = `_${name}`;
  const symbol = Object.values(symbols).find((one) => one.description === key);
  Interface.prototype[key] = symbol === undefined ? InternalInterface.prototype[name] :
    name === 'tabComplete' ? completeWithCallback : InternalInterface.prototype[symbol];
  if (symbol === undefined) continue;
  Object.defineProperty(Interface.prototype, symbol, {
    get() {
      return this[key];
    },
  });
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

module.exports = {
  Interface,
  clearLine,
  clearScreenDown,
  createInterface,
  cursorTo,
  emitKeypressEvents,
  moveCursor,
  promises: require('readline/promises'),
};
