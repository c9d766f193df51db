// `Interface` of `readline` and `readline/promises`: lines of an input stream, and the editing of a line
// on a terminal. The methods that edit, show and complete a line are in the files beside this one.
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_USE_AFTER_CLOSE },
} = require('internal/errors');
const { validateAbortSignal, validateString, validateUint32 } = require('internal/validators');
const { StringDecoder } = require('string_decoder');
const { emitKeypressEvents } = require('internal/readline/keypress');
const { lineEnding } = require('internal/readline/text');
const {
  kAddHistory, kColorize, kDecoder, kIsMultiline, kKillRing, kKillRingCursor, kLastCommandErrored, kLine,
  kLineBuffer, kLineObjectStream, kMoveCursor, kNormalWrite, kOldPrompt, kOnLine, kPreviousCursorCols,
  kPreviousKey, kPrompt, kQuestion, kQuestionCallback, kQuestionCancel, kRedoStack, kRefreshLine,
  kSavePreviousState, kSawKeyPress, kSawReturnAt, kSetLine, kSetRawMode, kSubstringSearch, kTtyWrite,
  kUndoStack, kWriteToOutput,
} = require('internal/readline/symbols');

const ESCAPE_CODE_TIMEOUT = 500;
const MIN_CRLF_DELAY = 100;
const LINES_BEFORE_PAUSE = 1024;
const TAB_SIZE = 8;

/**
 * Both `(options)` and `(input, output, completer, terminal)`.
 * @returns {object} the options
 */
function readArguments(input, output, completer, terminal) {
  if (input?.input) return input;
  return {
    input, output, completer, terminal,
    history: input.history,
    historySize: input.historySize,
    removeHistoryDuplicates: input.removeHistoryDuplicates,
    isLegacy: true,
  };
}

/** What an Interface begins with, also for classes that call `readline.Interface` on their own objects. */
function InterfaceConstructor(input, output, completer, terminal) {
  this[kSawReturnAt] = 0;
  this.isCompletionEnabled = true;
  this[kSawKeyPress] = false;
  this[kColorize] = undefined;
  this[kPreviousKey] = null;
  this.escapeCodeTimeout = ESCAPE_CODE_TIMEOUT;
  this.tabSize = TAB_SIZE;
  EventEmitter.call(this);

  const options = readArguments(input, output, completer, terminal);
  let prompt = '> ';
  if (!options.isLegacy) {
    if (options.tabSize !== undefined) validateUint32(options.tabSize, 'tabSize', true);
    if (options.tabSize) this.tabSize = options.tabSize;
    if (options.prompt !== undefined) prompt = options.prompt;
    if (options.escapeCodeTimeout !== undefined) {
      if (!Number.isFinite(options.escapeCodeTimeout)) {
        throw new ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', this.escapeCodeTimeout);
      }
      this.escapeCodeTimeout = options.escapeCodeTimeout;
    }
    if (options.signal) validateAbortSignal(options.signal, 'options.signal');
  }
  this.setupHistoryManager(options);
  if (options.completer !== undefined && typeof options.completer !== 'function') {
    throw new ERR_INVALID_ARG_VALUE('completer', options.completer);
  }

  this.line = '';
  this[kIsMultiline] = false;
  this[kSubstringSearch] = null;
  this.output = options.output;
  this.input = options.input;
  this[kUndoStack] = [];
  this[kRedoStack] = [];
  this[kPreviousCursorCols] = -1;
  this[kKillRing] = [];
  this[kKillRingCursor] = 0;
  this.crlfDelay = options.crlfDelay ? Math.max(MIN_CRLF_DELAY, options.crlfDelay) : MIN_CRLF_DELAY;
  this.completer = options.completer;
  this.setPrompt(prompt);
  this.terminal = !!(options.terminal ?? this.output?.isTTY);
  this[kLineObjectStream] = undefined;
  if (this.terminal) listenToTerminal(this);
  else listenToText(this);
  if (options.signal) closeOnAbort(this, options.signal);
  // Set again for classes whose `input` listens to its own beginning.
  this.line = '';
  this.input.resume();
}
Object.setPrototypeOf(InterfaceConstructor.prototype, EventEmitter.prototype);
Object.setPrototypeOf(InterfaceConstructor, EventEmitter);
Object.defineProperty(InterfaceConstructor.prototype, 'constructor', { enumerable: false });

/** Lines of a stream that is no terminal. */
function listenToText(iface) {
  const { input } = iface;
  function onerror(error) {
    iface.emit('error', error);
  }
  function ondata(data) {
    iface[kNormalWrite](data);
  }
  function onend() {
    const rest = iface[kLineBuffer];
    if (typeof rest === 'string' && rest.length > 0) iface.emit('line', rest);
    iface.close();
  }
  function onSelfCloseWithoutTerminal() {
    input.removeListener('data', ondata);
    input.removeListener('error', onerror);
    input.removeListener('end', onend);
  }
  input.on('error', onerror);
  input.on('data', ondata);
  input.on('end', onend);
  iface.once('close', onSelfCloseWithoutTerminal);
  iface[kDecoder] = new StringDecoder('utf8');
}

/** Keys of a terminal. */
function listenToTerminal(iface) {
  const { input, output } = iface;
  function onerror(error) {
    iface.emit('error', error);
  }
  function onkeypress(text, key) {
    iface[kTtyWrite](text, key);
    if (key?.sequence) {
      // Half of a character may have been shown: show it whole.
      const unit = key.sequence.codePointAt(0);
      if (unit >= 0xd800 && unit <= 0xdfff) iface[kRefreshLine]();
    }
  }
  function ontermend() {
    if (typeof iface.line === 'string' && iface.line.length > 0) iface.emit('line', iface.line);
    iface.close();
  }
  function onresize() {
    iface[kRefreshLine]();
  }
  function onSelfCloseWithTerminal() {
    input.removeListener('keypress', onkeypress);
    input.removeListener('error', onerror);
    input.removeListener('end', ontermend);
    if (output !== null && output !== undefined) output.removeListener('resize', onresize);
  }
  input.on('error', onerror);
  emitKeypressEvents(input, iface);
  input.on('keypress', onkeypress);
  input.on('end', ontermend);
  iface[kSetRawMode](true);
  iface.terminal = true;
  iface.cursor = 0;
  if (output !== null && output !== undefined) output.on('resize', onresize);
  iface.once('close', onSelfCloseWithTerminal);
}

function closeOnAbort(iface, signal) {
  const onAborted = () => iface.close();
  if (signal.aborted) {
    process.nextTick(onAborted);
    return;
  }
  const { addAbortListener } = require('internal/events/abort_listener');
  const disposable = addAbortListener(signal, onAborted);
  iface.once('close', disposable[Symbol.dispose]);
}

/** Reads lines; on a terminal they can be edited while they are entered. */
class Interface extends InterfaceConstructor {
  constructor(...args) {
    super(...args);
  }

  /** @returns {number} the width of the output; Infinity where it has none */
  get columns() {
    if (this.output?.columns) return this.output.columns;
    return Infinity;
  }

  /** @param {string} prompt  what `prompt()` shows */
  setPrompt(prompt) {
    this[kPrompt] = prompt;
  }

  /** @returns {string} */
  getPrompt() {
    return this[kPrompt];
  }

  /** Makes the history that the properties `history`, `historyIndex` and `historySize` show. */
  setupHistoryManager(options) {
    const { ReplHistory } = require('internal/repl/history');
    const manager = new ReplHistory(this, options);
    this.historyManager = manager;
    if (options.onHistoryFileLoaded) manager.initialize(options.onHistoryFileLoaded);
    const property = (get, set) => ({ __proto__: null, get, set, enumerable: true, configurable: true });
    Object.defineProperties(this, {
      history: property(() => manager.history, (history) => {
        manager.history = history;
      }),
      historyIndex: property(() => manager.index, (index) => {
        manager.index = index;
      }),
      historySize: property(() => manager.size),
      isFlushing: property(() => manager.isFlushing),
    });
  }

  [kSetRawMode](mode) {
    const { input } = this;
    const wasInRawMode = input.isRaw;
    if (typeof input.setRawMode === 'function') input.setRawMode(mode);
    return wasInRawMode;
  }

  /** Shows the prompt and waits for a line. @param {boolean} [preserveCursor] */
  prompt(preserveCursor) {
    if (this.paused) this.resume();
    if (this.terminal && process.env.TERM !== 'dumb') {
      if (!preserveCursor) this.cursor = 0;
      this[kRefreshLine]();
    } else {
      this[kWriteToOutput](this[kPrompt]);
    }
  }

  [kQuestion](query, callback) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this[kQuestionCallback]) {
      this.prompt();
      return;
    }
    this[kOldPrompt] = this[kPrompt];
    this.setPrompt(query);
    this[kQuestionCallback] = callback;
    this.prompt();
  }

  [kSetLine](line = '') {
    this.line = line;
    this[kIsMultiline] = line.includes('\n');
  }

  [kOnLine](line) {
    const callback = this[kQuestionCallback];
    if (!callback) {
      this.emit('line', line);
      return;
    }
    this[kQuestionCallback] = null;
    this.setPrompt(this[kOldPrompt]);
    callback(line);
  }

  [kQuestionCancel]() {
    if (!this[kQuestionCallback]) return;
    this[kQuestionCallback] = null;
    this.setPrompt(this[kOldPrompt]);
    this.clearLine();
  }

  [kWriteToOutput](stringToWrite) {
    validateString(stringToWrite, 'stringToWrite');
    if (this.output !== null && this.output !== undefined) this.output.write(stringToWrite);
  }

  [kAddHistory]() {
    return this.historyManager.addHistory(this[kIsMultiline], this[kLastCommandErrored]);
  }

  /** Gives the input back. No lines follow, no key has an effect. */
  close() {
    if (this.closed) return;
    this.pause();
    if (this.terminal) this[kSetRawMode](false);
    this.closed = true;
    this.emit('close');
  }

  /** @returns {this} */
  pause() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) return this;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  }

  /** @returns {this} */
  resume() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (!this.paused) return this;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  }

  /**
   * Acts as if this had been entered.
   * @param {string | Buffer} data
   * @param {{ ctrl?: boolean, meta?: boolean, shift?: boolean, name?: string }} [key]  on a terminal
   */
  write(data, key) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) this.resume();
    if (this.terminal) this[kTtyWrite](data, key);
    else this[kNormalWrite](data);
  }

  [kNormalWrite](data) {
    if (data === undefined) return;
    let text = this[kDecoder].write(data);
    if (this[kSawReturnAt] && Date.now() - this[kSawReturnAt] <= this.crlfDelay) {
      // The second half of a line ending.
      if (text.charCodeAt(0) === 10) text = text.slice(1);
      this[kSawReturnAt] = 0;
    }
    lineEnding.lastIndex = 0;
    let ending = lineEnding.exec(text);
    if (ending === null) {
      if (text) this[kLineBuffer] = this[kLineBuffer] ? this[kLineBuffer] + text : text;
      return;
    }
    this[kSawReturnAt] = text.endsWith('\r') ? Date.now() : 0;
    let start = 0;
    let begun = this[kLineBuffer];
    this[kLineBuffer] = null;
    const lines = [];
    do {
      const line = text.slice(start, ending.index);
      lines.push(begun ? begun + line : line);
      begun = null;
      start = lineEnding.lastIndex;
      ending = lineEnding.exec(text);
    } while (ending !== null);
    this[kLineBuffer] = text.slice(start);
    for (let i = 0; i < lines.length; i++) this[kOnLine](lines[i]);
  }

  [kLine]() {
    this[kSavePreviousState]();
    const line = this[kAddHistory]();
    this[kUndoStack] = [];
    this[kRedoStack] = [];
    this.clearLine();
    this[kOnLine](line);
  }

  /** Leaves the line that is being edited, and begins an empty one below it. */
  clearLine() {
    this[kMoveCursor](+Infinity);
    this[kWriteToOutput]('\r\n');
    this[kSetLine]();
    this.cursor = 0;
    this.prevRows = 0;
  }

  /** @returns {AsyncIterableIterator<string>} the lines */
  [Symbol.asyncIterator]() {
    if (this[kLineObjectStream] === undefined) {
      const { on, kFirstEventParam } = require('internal/events/async_iterator');
      this[kLineObjectStream] = on(this, 'line', {
        close: ['close'],
        highWaterMark: LINES_BEFORE_PAUSE,
        [kFirstEventParam]: true,
      });
    }
    return this[kLineObjectStream];
  }
}

/** Closes the Interface where a `using` declaration ends. */
Object.defineProperty(Interface.prototype, Symbol.dispose, {
  configurable: true,
  enumerable: true,
  writable: true,
  value: {
    [Symbol.dispose]() {
      this.close();
    },
  }[Symbol.dispose],
});

for (const id of ['editing', 'display', 'navigation', 'completion', 'keys']) {
  const methods = Object.getOwnPropertyDescriptors(require(`internal/readline/${id}`).methods);
  for (const name of Reflect.ownKeys(methods)) methods[name].enumerable = false;
  Object.defineProperties(Interface.prototype, methods);
}

module.exports = { Interface, InterfaceConstructor };
