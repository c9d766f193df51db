// The lines that were entered before: kept in memory, and for the REPL in a file.
'use strict';

const { validateArray, validateNumber } = require('internal/validators');

const DEFAULT_SIZE = 30;
const MILLISECONDS_BEFORE_FLUSH = 15;

const NO_HOME = '\nError: Could not get the home directory.\nREPL session history will not be persisted.\n';
const NO_FILE = '\nError: Could not open history file.\nREPL session history will not be persisted.\n';
const DISABLED = '\nPersistent history support disabled. Set the NODE_REPL_HISTORY environment\n' +
  'variable to a valid, user-writable path to enable.\n';

const kContext = Symbol('_kContext');
const kHistory = Symbol('_kHistory');
const kHistoryHandle = Symbol('_kHistoryHandle');
const kHistoryPath = Symbol('_kHistoryPath');
const kIndex = Symbol('_kIndex');
const kIsFlushing = Symbol('_kIsFlushing');
const kPending = Symbol('_kPending');
const kRemoveHistoryDuplicates = Symbol('_kRemoveHistoryDuplicates');
const kSize = Symbol('_kSize');
const kTimer = Symbol('_kTimer');
const kWriting = Symbol('_kWriting');

/** The lines of an entry from last to first: how entries of several lines are kept. */
function reverseLines(text, from, to) {
  return text.split(from).reverse().join(to);
}

/** A device, like `/dev/null`, takes what is written although it cannot be made shorter. */
function ignoreUntruncatable(error) {
  if (error.code !== 'EINVAL') throw error;
}

/** Entries of an Interface, the newest first; an entry's lines are kept from last to first, by `\r`. */
class ReplHistory {
  /**
   * @param {Interface} context  whose lines are kept, and who emits `history`
   * @param {{ history?: string[], historySize?: number, size?: number, removeHistoryDuplicates?: boolean,
   *   filePath?: string }} options
   */
  constructor(context, options) {
    this[kHistoryPath] = options.filePath;
    this[kContext] = context;
    this[kTimer] = null;
    this[kWriting] = false;
    this[kPending] = false;
    this[kRemoveHistoryDuplicates] = options.removeHistoryDuplicates || false;
    this[kHistoryHandle] = null;
    this[kIsFlushing] = false;
    const { history = [] } = options;
    const size = options.size === undefined ? options.historySize : options.size;
    validateArray(history, 'history');
    if (size !== undefined) validateNumber(size, 'size', 0);
    this[kSize] = size ?? DEFAULT_SIZE;
    this[kHistory] = history;
    this[kIndex] = -1;
  }

  get history() {
    return this[kHistory];
  }

  set history(history) {
    this[kHistory] = history;
  }

  get index() {
    return this[kIndex];
  }

  set index(index) {
    this[kIndex] = index;
  }

  get size() {
    return this[kSize];
  }

  get isFlushing() {
    return this[kIsFlushing];
  }

  set isFlushing(isFlushing) {
    this[kIsFlushing] = isFlushing;
  }

  /**
   * Reads the file of the history and keeps it up to date from then on. A file that cannot be used is told
   * on the output of the context, and is no error.
   * @param {(error: Error | null, context: Interface) => void} callback
   */
  initialize(callback) {
    const context = this[kContext];
    const path = this.#resolvePath();
    if (path === undefined) {
      callback(null, context);
      return;
    }
    context.pause();
    this.#open(path).then(() => {
      // An open REPL may have been closed meanwhile.
      if (!context.closed) context.resume();
      callback(null, context);
    }, callback);
  }

  /** @returns {string | undefined} where the file is; undefined where there shall be, or can be, none */
  #resolvePath() {
    let path = this[kHistoryPath];
    if (typeof path === 'string') {
      path = path.trim();
      if (path === '') {
        this.#disable();
        return undefined;
      }
      return path;
    }
    try {
      path = require('path').join(require('os').homedir(), '.node_repl_history');
      this[kHistoryPath] = path;
      return path;
    } catch {
      this.#fail(NO_HOME);
      return undefined;
    }
  }

  /** Tells what is wrong, below the prompt. */
  #fail(message) {
    const context = this[kContext];
    context._writeToOutput(message);
    this.#disable();
    context._refreshLine?.();
  }

  /** Has the user told, where an older entry is asked for and none is there, how to get a history. */
  #disable() {
    const context = this[kContext];
    context._historyPrev = function() {
      if (this.historyManager.history.length === 0) {
        this._writeToOutput(DISABLED);
        this._refreshLine();
      }
      delete this._historyPrev;
      return this._historyPrev();
    };
  }

  async #open(path) {
    const { promises } = require('fs');
    let text;
    try {
      // Made where it is missing, for its owner alone.
      await (await promises.open(path, 'a+', 0o600)).close();
      text = await promises.readFile(path, 'utf8');
    } catch {
      this.#fail(NO_FILE);
      return;
    }
    this[kHistory] = text ? text.split(/\r?\n+/, this[kSize]) : [];
    let handle;
    try {
      handle = await promises.open(path, 'r+');
      await handle.truncate(0).catch(ignoreUntruncatable);
    } catch {
      await handle?.close();
      return;
    }
    this[kHistoryHandle] = handle;
    const context = this[kContext];
    const onLine = () => this.#scheduleFlush();
    context.on('line', onLine);
    context.once('exit', () => {
      context.off('line', onLine);
      this.closeHandle();
    });
    // What was read is written back, within the size.
    await this.#write();
  }

  #scheduleFlush() {
    this[kIsFlushing] = true;
    clearTimeout(this[kTimer]);
    this[kTimer] = setTimeout(() => this.#flush(), MILLISECONDS_BEFORE_FLUSH);
  }

  async #flush() {
    this[kTimer] = null;
    if (this[kWriting]) {
      this[kPending] = true;
      return;
    }
    this[kWriting] = true;
    await this.#write();
    this[kWriting] = false;
    if (this[kPending]) {
      this[kPending] = false;
      this.#scheduleFlush();
      return;
    }
    this[kIsFlushing] = this[kTimer] !== null;
    if (!this[kIsFlushing]) this[kContext].emit('flushHistory');
  }

  async #write() {
    const handle = this[kHistoryHandle];
    if (handle === null) return;
    try {
      await handle.truncate(0).catch(ignoreUntruncatable);
      await handle.write(this[kHistory].join(require('os').EOL), 0, 'utf8');
    } catch {
      // The history stays in memory.
    }
  }

  /** Closes the file once everything is in it. */
  closeHandle() {
    const handle = this[kHistoryHandle];
    if (handle === null) return;
    if (!this[kIsFlushing]) {
      this[kHistoryHandle] = null;
      handle.close();
      return;
    }
    this[kContext].once('flushHistory', () => {
      this[kHistoryHandle] = null;
      handle.close();
    });
  }

  /**
   * Adds the line of the context.
   * @param {boolean} isMultiline
   * @param {boolean} lastCommandErrored  whether the newest entry is the mistaken form of this line
   * @returns {string} the line
   */
  addHistory(isMultiline, lastCommandErrored) {
    const { line } = this[kContext];
    if (line.length === 0) return '';
    if (this[kHistory] === undefined || this[kSize] === 0) return line;
    if (line.trim().length === 0) return line;
    const entry = reverseLines(line, '\n', '\r');
    const history = this[kHistory];
    // What was entered of this line so far, or its mistaken form, gives way to it.
    if (isMultiline && (this[kIndex] === -1 || lastCommandErrored)) history.shift();
    if (history.length === 0 || history[0] !== entry) {
      if (this[kRemoveHistoryDuplicates]) {
        const index = history.indexOf(entry);
        if (index !== -1) history.splice(index, 1);
      }
      history.unshift(entry);
      if (history.length > this[kSize]) history.pop();
    }
    this[kIndex] = -1;
    const result = isMultiline ? reverseLines(history[0], '\r', '\r') : history[0];
    // A listener may take the line out again, which does not change what is entered.
    this[kContext].emit('history', history);
    return result;
  }

  /** @returns {boolean} whether there may be an older entry */
  canNavigateToPrevious() {
    return this[kHistory].length > 0 && this[kIndex] < this[kHistory].length;
  }

  /** @returns {boolean} whether there may be a newer entry, or the line that was being edited */
  canNavigateToNext() {
    return this[kHistory].length > 0 && this[kIndex] >= 0;
  }

  /** @returns {string} the next older entry that begins with `search`; `search` behind the oldest */
  navigateToPrevious(search = '') {
    return this.#navigate(1, search);
  }

  /** @returns {string} the next newer entry that begins with `search`; `search` before the newest */
  navigateToNext(search = '') {
    return this.#navigate(-1, search);
  }

  #navigate(step, search) {
    const history = this[kHistory];
    const { line } = this[kContext];
    for (let index = this[kIndex] + step; ; index += step) {
      const entry = index < 0 ? undefined : history[index];
      if (entry === undefined) {
        this[kIndex] = index < 0 ? -1 : history.length;
        return search;
      }
      if (entry.startsWith(search) && entry !== line) {
        this[kIndex] = index;
        return reverseLines(entry, '\r', '\n');
      }
    }
  }
}

module.exports = { ReplHistory };
