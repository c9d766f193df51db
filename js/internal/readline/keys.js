// The method of an Interface that says what each key does.
'use strict';

const { clearScreenDown, cursorTo } = require('internal/readline/cursor');
const { charLengthAt, charLengthLeft, lineEnding } = require('internal/readline/text');
const {
  kDeleteLeft, kDeleteLineLeft, kDeleteLineRight, kDeleteRight, kDeleteWordLeft, kDeleteWordRight,
  kHistoryNext, kHistoryPrev, kInsertString, kIsMultiline, kLine, kMoveCursor, kMoveDownOrHistoryNext,
  kMoveUpOrHistoryPrev, kPreviousCursorCols, kPreviousKey, kRedo, kRefreshLine, kSawReturnAt,
  kSetRawMode, kSubstringSearch, kTabComplete, kTtyWrite, kUndo, kWordLeft, kWordRight, kWriteToOutput, kYank,
  kYankPop, kYanking,
} = require('internal/readline/symbols');

const UNDO = '\x1f';
const REDO = '\x1e';

function isPlainUpOrDown(key) {
  return (key.name === 'up' || key.name === 'down') && !key.ctrl && !key.meta && !key.shift;
}

/** Up and down search for entries that begin with what stood before the cursor at the first of them. */
function updateSubstringSearch(iface, key) {
  if (isPlainUpOrDown(key)) {
    if (iface[kSubstringSearch] === null && !iface[kIsMultiline]) {
      iface[kSubstringSearch] = iface.line.slice(0, iface.cursor);
    }
  } else if (iface[kSubstringSearch] !== null) {
    iface[kSubstringSearch] = null;
    if (iface.history.length === iface.historyIndex) iface.historyIndex = -1;
  }
}

/** Puts the process to sleep, and sets the terminal up again when it goes on. */
function suspend(iface) {
  if (process.platform === 'win32') return;
  if (iface.listenerCount('SIGTSTP') > 0) {
    iface.emit('SIGTSTP');
    return;
  }
  process.once('SIGCONT', () => {
    // Where the program has paused the Interface by itself, the input stays as it is.
    if (!iface.paused) {
      iface.pause();
      iface.emit('SIGCONT');
    }
    iface[kSetRawMode](true);
    iface[kRefreshLine]();
  });
  iface[kSetRawMode](false);
  process.kill(process.pid, 'SIGTSTP');
}

function writeControl(iface, key) {
  switch (key.name) {
    case 'c':
      if (iface.listenerCount('SIGINT') > 0) iface.emit('SIGINT');
      else iface.close();
      break;
    case 'h':
      iface[kDeleteLeft]();
      break;
    case 'd':
      if (iface.cursor === 0 && iface.line.length === 0) iface.close();
      else if (iface.cursor < iface.line.length) iface[kDeleteRight]();
      break;
    case 'u':
      iface[kDeleteLineLeft]();
      break;
    case 'k':
      iface[kDeleteLineRight]();
      break;
    case 'a':
      iface[kMoveCursor](-Infinity);
      break;
    case 'e':
      iface[kMoveCursor](+Infinity);
      break;
    case 'b':
      iface[kMoveCursor](-charLengthLeft(iface.line, iface.cursor));
      break;
    case 'f':
      iface[kMoveCursor](+charLengthAt(iface.line, iface.cursor));
      break;
    case 'l':
      cursorTo(iface.output, 0, 0);
      clearScreenDown(iface.output);
      iface[kRefreshLine]();
      break;
    case 'n':
      iface[kHistoryNext]();
      break;
    case 'p':
      iface[kHistoryPrev]();
      break;
    case 'z':
      suspend(iface);
      break;
    case 'w':
    case 'backspace':
      iface[kDeleteWordLeft]();
      break;
    case 'delete':
      iface[kDeleteWordRight]();
      break;
    case 'left':
      iface[kWordLeft]();
      break;
    case 'right':
      iface[kWordRight]();
      break;
    case 'y':
      iface[kYank]();
      break;
  }
}

function writeMeta(iface, key) {
  switch (key.name) {
    case 'b':
      iface[kWordLeft]();
      break;
    case 'f':
      iface[kWordRight]();
      break;
    case 'd':
    case 'delete':
      iface[kDeleteWordRight]();
      break;
    case 'backspace':
      iface[kDeleteWordLeft]();
      break;
    case 'y':
      iface[kYankPop]();
      break;
  }
}

function writePlain(iface, text, key, previousKey) {
  if (iface[kSawReturnAt] && key.name !== 'enter') iface[kSawReturnAt] = 0;
  switch (key.name) {
    case 'return':
      iface[kSawReturnAt] = Date.now();
      iface[kLine]();
      break;
    case 'enter':
      // The second half of `\r\n` ends nothing.
      if (iface[kSawReturnAt] === 0 || Date.now() - iface[kSawReturnAt] > iface.crlfDelay) iface[kLine]();
      iface[kSawReturnAt] = 0;
      break;
    case 'backspace':
      iface[kDeleteLeft]();
      break;
    case 'delete':
      iface[kDeleteRight]();
      break;
    case 'left':
      iface[kMoveCursor](-charLengthLeft(iface.line, iface.cursor));
      break;
    case 'right':
      iface[kMoveCursor](+charLengthAt(iface.line, iface.cursor));
      break;
    case 'home':
      iface[kMoveCursor](-Infinity);
      break;
    case 'end':
      iface[kMoveCursor](+Infinity);
      break;
    case 'up':
      iface[kMoveUpOrHistoryPrev]();
      break;
    case 'down':
      iface[kMoveDownOrHistoryNext]();
      break;
    case 'tab':
      if (typeof iface.completer === 'function' && iface.isCompletionEnabled) {
        iface[kTabComplete](previousKey && previousKey.name === 'tab');
        break;
      }
      // Falls through: a tab like any character.
    default:
      if (typeof text === 'string' && text) writeText(iface, text);
  }
}

function writeText(iface, text) {
  lineEnding.lastIndex = 0;
  let ending = lineEnding.exec(text);
  if (ending === null) {
    iface[kInsertString](text);
    return;
  }
  // Found before any line is given to the program, which may use the same expression.
  const pieces = [];
  let start = 0;
  do {
    pieces.push(text.slice(start, ending.index));
    start = lineEnding.lastIndex;
    ending = lineEnding.exec(text);
  } while (ending !== null);
  for (let i = 0; i < pieces.length; i++) {
    iface[kInsertString](pieces[i]);
    iface[kLine]();
  }
  iface[kInsertString](text.slice(start));
}

const methods = {
  [kTtyWrite](text, key) {
    const previousKey = this[kPreviousKey];
    key ||= {};
    this[kPreviousKey] = key;
    if (!key.meta || key.name !== 'y') this[kYanking] = false;
    updateSubstringSearch(this, key);
    if (typeof key.sequence === 'string') {
      if (key.sequence[0] === UNDO) {
        this[kUndo]();
        return;
      }
      if (key.sequence[0] === REDO) {
        this[kRedo]();
        return;
      }
    }
    if (key.name === 'escape') return;
    if (!isPlainUpOrDown(key)) this[kPreviousCursorCols] = -1;
    if (key.ctrl && key.shift) {
      if (key.name === 'backspace') this[kDeleteLineLeft]();
      else if (key.name === 'delete') this[kDeleteLineRight]();
    } else if (key.ctrl) {
      writeControl(this, key);
    } else if (key.meta) {
      writeMeta(this, key);
    } else {
      writePlain(this, text, key, previousKey);
    }
  },
};

/**
 * What keys do on a terminal that cannot move its cursor: called on an Interface.
 * @param {string | undefined} text
 * @param {object} [key]
 */
function writeToDumbTerminal(text, key) {
  key ??= {};
  if (key.name === 'escape') return;
  if (this[kSawReturnAt] && key.name !== 'enter') this[kSawReturnAt] = 0;
  if (key.ctrl) {
    if (key.name === 'c') {
      if (this.listenerCount('SIGINT') > 0) this.emit('SIGINT');
      else this.close();
      return;
    }
    if (key.name === 'd') {
      this.close();
      return;
    }
  }
  if (key.name === 'return') {
    this[kSawReturnAt] = Date.now();
    this[kLine]();
  } else if (key.name === 'enter') {
    if (this[kSawReturnAt] === 0 || Date.now() - this[kSawReturnAt] > this.crlfDelay) this[kLine]();
    this[kSawReturnAt] = 0;
  } else if (typeof text === 'string' && text) {
    this.line += text;
    this.cursor += text.length;
    this[kWriteToOutput](text);
  }
}

module.exports = { methods, writeToDumbTerminal };
