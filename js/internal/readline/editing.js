// Methods of an Interface that change the line: insertion, deletion, the kill ring, undo and redo.
'use strict';

const {
  charLengthAt, charLengthLeft, deletableAfter, wordAfter, wordLengthBefore,
} = require('internal/readline/text');
const {
  kBeforeEdit, kColorize, kDeleteLeft, kDeleteLineLeft, kDeleteLineRight, kDeleteRight, kDeleteWordLeft,
  kDeleteWordRight, kInsertString, kKillRing, kKillRingCursor, kMoveCursor, kPushToKillRing,
  kPushToUndoStack, kRedo, kRedoStack, kRefreshLine, kSetLine, kUndo, kUndoStack, kWordLeft, kWordRight,
  kWriteToOutput, kYank, kYankPop, kYanking,
} = require('internal/readline/symbols');

const MAX_UNDO_STEPS = 2048;
const MAX_KILLS = 32;

const methods = {
  [kBeforeEdit](oldText, oldCursor) {
    this[kPushToUndoStack](oldText, oldCursor);
  },

  [kInsertString](text) {
    this[kBeforeEdit](this.line, this.cursor);
    const { line, cursor } = this;
    if (cursor < line.length) {
      this[kSetLine](line.slice(0, cursor) + text + line.slice(cursor));
      this.cursor += text.length;
      // In the middle of what was pasted, the line is not shown anew for each character.
      if (this.isCompletionEnabled) this[kRefreshLine]();
      else this[kWriteToOutput](text);
      return;
    }
    const oldPosition = this.getCursorPos();
    this.line += text;
    this.cursor += text.length;
    const newPosition = this.getCursorPos();
    // At the end of the line the text is simply added to what is shown.
    const beginsRow = oldPosition.rows < newPosition.rows && this.isCompletionEnabled;
    if (beginsRow || this[kColorize] !== undefined) this[kRefreshLine]();
    else this[kWriteToOutput](text);
  },

  [kWordLeft]() {
    if (this.cursor > 0) this[kMoveCursor](-wordLengthBefore(this.line, this.cursor));
  },

  [kWordRight]() {
    if (this.cursor >= this.line.length) return;
    this[kMoveCursor](wordAfter.exec(this.line.slice(this.cursor))[0].length);
  },

  [kDeleteLeft]() {
    if (this.cursor === 0 || this.line.length === 0) return;
    this[kBeforeEdit](this.line, this.cursor);
    const length = charLengthLeft(this.line, this.cursor);
    this.line = this.line.slice(0, this.cursor - length) + this.line.slice(this.cursor);
    this.cursor -= length;
    this[kRefreshLine]();
  },

  [kDeleteRight]() {
    if (this.cursor >= this.line.length) return;
    this[kBeforeEdit](this.line, this.cursor);
    const length = charLengthAt(this.line, this.cursor);
    this.line = this.line.slice(0, this.cursor) + this.line.slice(this.cursor + length);
    this[kRefreshLine]();
  },

  [kDeleteWordLeft]() {
    if (this.cursor === 0) return;
    this[kBeforeEdit](this.line, this.cursor);
    const start = this.cursor - wordLengthBefore(this.line, this.cursor);
    this.line = this.line.slice(0, start) + this.line.slice(this.cursor);
    this.cursor = start;
    this[kRefreshLine]();
  },

  [kDeleteWordRight]() {
    if (this.cursor >= this.line.length) return;
    this[kBeforeEdit](this.line, this.cursor);
    const rest = this.line.slice(this.cursor);
    this.line = this.line.slice(0, this.cursor) + rest.slice(deletableAfter.exec(rest)[0].length);
    this[kRefreshLine]();
  },

  [kDeleteLineLeft]() {
    this[kBeforeEdit](this.line, this.cursor);
    const killed = this.line.slice(0, this.cursor);
    this[kSetLine](this.line.slice(this.cursor));
    this.cursor = 0;
    this[kPushToKillRing](killed);
    this[kRefreshLine]();
  },

  [kDeleteLineRight]() {
    this[kBeforeEdit](this.line, this.cursor);
    const killed = this.line.slice(this.cursor);
    this[kSetLine](this.line.slice(0, this.cursor));
    this[kPushToKillRing](killed);
    this[kRefreshLine]();
  },

  [kPushToKillRing](text) {
    const ring = this[kKillRing];
    if (!text || text === ring[0]) return;
    ring.unshift(text);
    this[kKillRingCursor] = 0;
    while (ring.length > MAX_KILLS) ring.pop();
  },

  [kYank]() {
    if (this[kKillRing].length === 0) return;
    this[kYanking] = true;
    this[kInsertString](this[kKillRing][this[kKillRingCursor]]);
  },

  [kYankPop]() {
    const ring = this[kKillRing];
    if (!this[kYanking] || ring.length <= 1) return;
    const last = ring[this[kKillRingCursor]];
    this[kKillRingCursor]++;
    if (this[kKillRingCursor] >= ring.length) this[kKillRingCursor] = 0;
    const head = this.line.slice(0, this.cursor - last.length) + ring[this[kKillRingCursor]];
    this[kSetLine](head + this.line.slice(this.cursor));
    this.cursor = head.length;
    this[kRefreshLine]();
  },

  [kPushToUndoStack](text, cursor) {
    if (this[kUndoStack].push({ text, cursor }) > MAX_UNDO_STEPS) this[kUndoStack].shift();
  },

  [kUndo]() {
    if (this[kUndoStack].length === 0) return;
    this[kRedoStack].push({ text: this.line, cursor: this.cursor });
    const entry = this[kUndoStack].pop();
    this[kSetLine](entry.text);
    this.cursor = entry.cursor;
    this[kRefreshLine]();
  },

  [kRedo]() {
    if (this[kRedoStack].length === 0) return;
    this[kUndoStack].push({ text: this.line, cursor: this.cursor });
    const entry = this[kRedoStack].pop();
    this[kSetLine](entry.text);
    this.cursor = entry.cursor;
    this[kRefreshLine]();
  },
};

module.exports = { methods };
