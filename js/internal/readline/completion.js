// Methods of an Interface that complete the text before the cursor when the tab key is pressed.
'use strict';

const { getStringWidth } = require('internal/util/inspect/width');
const { commonPrefix } = require('internal/readline/text');
const {
  kBeforeEdit, kInsertString, kRefreshLine, kSetLine, kTabComplete, kTabCompleter, kWriteToOutput,
} = require('internal/readline/symbols');

/** @returns {string} the completions in columns; an empty one ends a group */
function layOut(completions, columns) {
  const widths = completions.map((completion) => getStringWidth(completion));
  const columnWidth = Math.max(...widths) + 2;
  const perRow = Math.floor(columns / columnWidth);
  const limit = perRow === 0 || perRow === Infinity ? 1 : perRow;
  let text = '\r\n';
  let inRow = 0;
  let padding = 0;
  for (let i = 0; i < completions.length; i++) {
    const completion = completions[i];
    if (completion === '' || inRow === limit) {
      text += '\r\n';
      inRow = 0;
      padding = 0;
    } else {
      text += ' '.repeat(padding);
    }
    if (completion === '') {
      text += '\r\n';
    } else {
      text += completion;
      padding = columnWidth - widths[i];
      inRow++;
    }
  }
  return inRow === 0 ? text : `${text}\r\n\r\n`;
}

const methods = {
  async [kTabComplete](lastKeypressWasTab) {
    this.pause();
    const text = this.line.slice(0, this.cursor);
    let value;
    try {
      value = await this.completer(text);
    } catch (error) {
      const { inspect } = require('internal/util/inspect');
      this[kWriteToOutput](`Tab completion error: ${inspect(error)}`);
      return;
    } finally {
      if (!this.closed) this.resume();
    }
    this[kTabCompleter](lastKeypressWasTab, value);
  },

  /** Inserts what the completions have in common, or shows them at the second tab. */
  [kTabCompleter](lastKeypressWasTab, { 0: completions, 1: completeOn }) {
    if (!completions || completions.length === 0) return;
    const prefix = commonPrefix(completions.filter((completion) => completion !== ''));
    if (prefix.startsWith(completeOn) && prefix.length > completeOn.length) {
      this[kInsertString](prefix.slice(completeOn.length));
      return;
    }
    if (!completeOn.startsWith(prefix)) {
      const start = this.cursor - completeOn.length;
      this[kSetLine](this.line.slice(0, start) + prefix + this.line.slice(this.cursor));
      this.cursor = start + prefix.length;
      this[kRefreshLine]();
      return;
    }
    if (!lastKeypressWasTab) return;
    this[kBeforeEdit](this.line, this.cursor);
    this[kWriteToOutput](layOut(completions, this.columns));
    this[kRefreshLine]();
  },
};

module.exports = { methods };
