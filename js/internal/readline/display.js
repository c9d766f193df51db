// Methods of an Interface that show the line on a terminal and place the cursor in it.
'use strict';

const { getStringWidth, stripVTControlCharacters } = require('internal/util/inspect/width');
const { clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');
const {
  kColorize, kGetDisplayPos, kIsMultiline, kMoveCursor, kMultilinePrompt, kPrompt, kRefreshLine,
  kWriteToOutput,
} = require('internal/readline/symbols');

const multilinePrompt = kMultilinePrompt.description;

const methods = {
  [kRefreshLine]() {
    const end = this[kGetDisplayPos](this[kPrompt] + this.line);
    const position = this.getCursorPos();

    // From the row of the cursor to the first row of the line.
    const rowsAbove = this.prevRows || 0;
    if (rowsAbove > 0) moveCursor(this.output, 0, -rowsAbove);
    cursorTo(this.output, 0);
    clearScreenDown(this.output);

    const shown = this[kColorize] === undefined ? this.line : this[kColorize](this.line);
    if (this[kIsMultiline]) {
      const lines = shown.split('\n');
      this[kWriteToOutput](this[kPrompt] + lines[0]);
      for (let i = 1; i < lines.length; i++) this[kWriteToOutput](`\n${multilinePrompt}${lines[i]}`);
    } else {
      this[kWriteToOutput](this[kPrompt] + shown);
    }

    // A terminal begins the next row only when there is something to put there.
    if (end.cols === 0) this[kWriteToOutput](' ');
    cursorTo(this.output, position.cols);
    if (end.rows > position.rows) moveCursor(this.output, 0, position.rows - end.rows);
    this.prevRows = position.rows;
  },

  /** @returns {{ cols: number, rows: number }} where the cursor is after `text` */
  [kGetDisplayPos](text) {
    const { columns, tabSize } = this;
    const indentation = this[kIsMultiline] ? multilinePrompt.length : 0;
    let offset = 0;
    let rows = 0;
    for (const character of stripVTControlCharacters(text)) {
      if (character >= ' ' && character <= '~') {
        offset++;
      } else if (character === '\n') {
        rows += Math.ceil(offset / columns) || 1;
        offset = indentation;
      } else if (character === '\t') {
        offset += tabSize - (offset % tabSize);
      } else {
        const width = getStringWidth(character, false);
        // A wide character does not fit into the last column.
        if (width === 2 && (offset + 1) % columns === 0) offset++;
        offset += width;
      }
    }
    const cols = offset % columns;
    rows += (offset - cols) / columns;
    return { cols, rows };
  },

  /** @returns {{ cols: number, rows: number }} where the cursor is, from the beginning of the prompt */
  getCursorPos() {
    return this[kGetDisplayPos](this[kPrompt] + this.line.slice(0, this.cursor));
  },

  [kMoveCursor](distance) {
    if (distance === 0) return;
    const oldPosition = this.getCursorPos();
    this.cursor = Math.min(Math.max(this.cursor + distance, 0), this.line.length);
    const newPosition = this.getCursorPos();
    const distanceShown = newPosition.cols - oldPosition.cols;
    if (oldPosition.rows === newPosition.rows) moveCursor(this.output, distanceShown, 0);
    else this[kRefreshLine]();
  },
};

module.exports = { methods };
