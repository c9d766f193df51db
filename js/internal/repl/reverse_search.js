// The search through the history with Ctrl+R, backwards, and Ctrl+S, forwards.
'use strict';

const { clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');
const { kGetDisplayPos, kPrompt, kSetLine } = require('internal/readline/symbols');

const BACKWARD = 'bck';
const FORWARD = 'fwd';

/** The search of one REPL. */
class ReverseSearch {
  #repl;
  #direction = undefined;
  #input = '';
  #found = undefined;
  #index = -1;
  #tried = new Set();

  /** @param {REPLServer} repl */
  constructor(repl) {
    this.#repl = repl;
  }

  /**
   * @param {string | undefined} text
   * @param {object} key
   * @returns {boolean} whether the key was for the search
   */
  handle(text, key) {
    if (key.ctrl && !key.shift && !key.meta && (key.name === 'r' || key.name === 's')) {
      this.#start(key.name === 'r' ? BACKWARD : FORWARD);
      return true;
    }
    if (this.#direction === undefined) return false;
    if (key.ctrl || key.meta || ['return', 'enter', 'escape'].includes(key.name) || isMovement(key.name)) {
      this.#stop(key.name === 'escape' || (key.ctrl && (key.name === 'c' || key.name === 'g')));
      return key.ctrl && (key.name === 'c' || key.name === 'g');
    }
    if (key.name === 'backspace') {
      this.#input = this.#input.slice(0, -1);
      this.#begin();
    } else if (typeof text === 'string' && text !== '') {
      this.#input += text;
    } else {
      return true;
    }
    this.#search(true);
    return true;
  }

  #start(direction) {
    const isNew = this.#direction !== direction;
    this.#direction = direction;
    if (isNew) {
      this.#begin();
      this.#search(true);
      return;
    }
    this.#search(false);
  }

  #begin() {
    this.#index = -1;
    this.#tried.clear();
  }

  /** Looks for the next entry, the present one included where the text has changed. */
  #search(includesCurrent) {
    const { history } = this.#repl;
    const step = this.#direction === BACKWARD ? 1 : -1;
    if (this.#input !== '') {
      const first = step === 1 ? 0 : history.length - 1;
      const origin = this.#index === -1 ? first : this.#index + (includesCurrent ? 0 : step);
      for (let index = origin; index >= 0 && index < history.length; index += step) {
        const entry = history[index].split('\r').reverse().join('\n');
        const at = entry.indexOf(this.#input);
        if (at === -1 || (!includesCurrent && this.#tried.has(entry))) continue;
        this.#tried.add(entry);
        this.#index = index;
        this.#found = { entry, at };
        this.#draw(entry, at, true);
        return;
      }
    }
    this.#draw(this.#repl.line, this.#repl.cursor, this.#input === '');
  }

  #draw(line, cursor, isFound) {
    const repl = this.#repl;
    const { output } = repl;
    const start = repl[kGetDisplayPos](repl[kPrompt]);
    cursorTo(output, start.cols);
    clearScreenDown(output);
    const label = isFound ? `${this.#direction}-i-search: ` : `failed-${this.#direction}-i-search: `;
    output.write(`${line}\n${label}${this.#input}_`);
    moveCursor(output, 0, -1);
    cursorTo(output, repl[kGetDisplayPos](repl[kPrompt] + line.slice(0, cursor)).cols);
  }

  #stop(isCancelled) {
    const repl = this.#repl;
    const { output } = repl;
    this.#direction = undefined;
    cursorTo(output, repl[kGetDisplayPos](repl[kPrompt]).cols);
    clearScreenDown(output);
    if (!isCancelled && this.#found !== undefined) {
      repl[kSetLine](this.#found.entry);
      repl.cursor = this.#found.at;
      repl.historyIndex = this.#index;
    }
    this.#input = '';
    this.#found = undefined;
    this.#begin();
    repl._refreshLine();
  }
}

function isMovement(name) {
  return ['up', 'down', 'left', 'right', 'home', 'end', 'tab', 'delete', 'pageup', 'pagedown'].includes(name);
}

module.exports = { ReverseSearch };
