// Methods of an Interface that go through the history, and through the lines of an entry of several lines.
'use strict';

const {
  kAddNewLineOnTTY, kBeforeEdit, kGetDisplayPos, kHistoryNext, kHistoryPrev, kIsMultiline,
  kMoveCursor, kMoveDownOrHistoryNext, kMoveUpOrHistoryPrev, kMultilineMove, kMultilinePrompt,
  kPreviousCursor, kPreviousCursorCols, kPreviousLine, kPreviousPrevRows, kPrompt, kRefreshLine,
  kRestorePreviousState,
  kSavePreviousState, kSetLine, kSubstringSearch, kWriteToOutput,
} = require('internal/readline/symbols');
const { moveCursor } = require('internal/readline/cursor');

const multilinePrompt = kMultilinePrompt.description;

const methods = {
  [kSavePreviousState]() {
    this[kPreviousLine] = this.line;
    this[kPreviousCursor] = this.cursor;
    this[kPreviousPrevRows] = this.prevRows;
  },

  [kRestorePreviousState]() {
    this[kSetLine](this[kPreviousLine]);
    this.cursor = this[kPreviousCursor];
    this.prevRows = this[kPreviousPrevRows];
  },

  /** Goes on editing the line that was just entered, with a line break where the cursor was. */
  [kAddNewLineOnTTY]() {
    this[kRestorePreviousState]();
    const originalLine = this.line;
    this[kSetLine](`${this.line.slice(0, this.cursor)}\n${this.line.slice(this.cursor)}`);
    const isAtEnd = this.cursor === originalLine.length;
    this.cursor++;
    if (isAtEnd) {
      this[kWriteToOutput](multilinePrompt);
      this.prevRows = this.getCursorPos().rows;
      return;
    }
    // `clearLine` has gone one row below the end of what was shown.
    const rows = this[kGetDisplayPos](this[kPrompt] + originalLine).rows + 1;
    moveCursor(this.output, 0, -rows);
    this.prevRows = 0;
    this[kRefreshLine]();
  },

  /**
   * Moves the cursor one line up (-1) or down (1), to the column it is in. Behind the end of a shorter line
   * it stays at that end, and the column is remembered for longer lines that follow.
   */
  [kMultilineMove](direction, lines, { rows, cols }) {
    const current = lines[rows];
    const target = lines[rows + direction];
    const column = cols - multilinePrompt.length;
    let distance;
    if (cols > target.length + 1) {
      if (this[kPreviousCursorCols] === -1) this[kPreviousCursorCols] = cols;
      distance = direction === 1 ? current.length - column + 1 + target.length : 1 - cols;
    } else {
      distance = direction === 1 ? current.length + 1 : -target.length - 1;
      const remembered = this[kPreviousCursorCols];
      if (remembered > target.length) {
        distance += target.length - column;
      } else if (remembered !== -1) {
        distance += remembered - cols;
        this[kPreviousCursorCols] = -1;
      }
    }
    this[kMoveCursor](distance);
  },

  [kMoveDownOrHistoryNext]() {
    const position = this.getCursorPos();
    const lines = this.line.split('\n');
    if (this[kIsMultiline] && position.rows < lines.length - 1) {
      this[kMultilineMove](1, lines, position);
      return;
    }
    this[kPreviousCursorCols] = -1;
    this[kHistoryNext]();
  },

  [kMoveUpOrHistoryPrev]() {
    const position = this.getCursorPos();
    if (this[kIsMultiline] && position.rows > 0) {
      this[kMultilineMove](-1, this.line.split('\n'), position);
      return;
    }
    this[kPreviousCursorCols] = -1;
    this[kHistoryPrev]();
  },

  [kHistoryNext]() {
    if (!this.historyManager.canNavigateToNext()) return;
    this[kBeforeEdit](this.line, this.cursor);
    this[kSetLine](this.historyManager.navigateToNext(this[kSubstringSearch] ?? ''));
    this.cursor = this.line.length;
    this[kRefreshLine]();
  },

  [kHistoryPrev]() {
    if (!this.historyManager.canNavigateToPrevious()) return;
    this[kBeforeEdit](this.line, this.cursor);
    this[kSetLine](this.historyManager.navigateToPrevious(this[kSubstringSearch] ?? ''));
    this.cursor = this.line.length;
    this[kRefreshLine]();
  },
};

module.exports = { methods };
