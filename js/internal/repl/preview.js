// What the REPL shows below the line while it is entered: its value, as far as finding that out changes
// nothing.
'use strict';

const { clearLine, cursorTo, moveCursor } = require('internal/readline/cursor');
const { kGetDisplayPos, kPrompt } = require('internal/readline/symbols');
const { inspect } = require('internal/util/inspect');

const TIMEOUT = 333;
const MAX_WIDTH = 250;
/** Errors that may only mean that the line is not complete. */
const NO_NEWS = new Set(['EvalError', 'SyntaxError', 'ReferenceError']);

// In strict mode a name that nobody knows is told of.
const isStrict = () => process.execArgv.some((flag) => flag === '--use-strict' || flag === '--use_strict');

/** The text of a preview without side effects; undefined where there is none. */
function previewOf(repl, line) {
  const { evaluateWithoutSideEffects, syntaxError } = require('internal/repl/inspection');
  let expression = line;
  if (/^\s*{/.test(line) && !/;\s*$/.test(line)) {
    const wrapped = `(${line.trim()})`;
    if (syntaxError(wrapped) === undefined) expression = wrapped;
  }
  const outcome = evaluateWithoutSideEffects(repl.useGlobal ? undefined : repl.context, expression, TIMEOUT);
  if (outcome === undefined) return undefined;
  if (outcome.failed) {
    const isIncomplete = NO_NEWS.has(outcome.className) && !(isStrict() && outcome.className === 'ReferenceError');
    if (isIncomplete) return undefined;
    const { error } = outcome;
    return typeof error?.stack === 'string' ? `${error.name}: ${error.message}` : inspect(error, { depth: 1 });
  }
  if (outcome.value === undefined) return undefined;
  return inspect(outcome.value, { colors: false, depth: 1, compact: 3, breakLength: Infinity, showProxy: true });
}

/** The previews of one REPL. */
class Preview {
  #repl;
  #shown = false;
  #rows = 0;

  /** @param {REPLServer} repl */
  constructor(repl) {
    this.#repl = repl;
  }

  /** Takes away what is shown. */
  clear() {
    if (!this.#shown) return;
    const { output } = this.#repl;
    this.#shown = false;
    moveCursor(output, 0, this.#rows);
    clearLine(output, 0);
    moveCursor(output, 0, -this.#rows);
  }

  /** Shows the value of the line, if it has one that is not what the line says. */
  show() {
    const repl = this.#repl;
    const line = repl.line.trim();
    if (this.#shown || !repl.isCompletionEnabled || line === '' || line.startsWith('.') || repl.editorMode) return;
    if (!repl.useColors && line.length > 10_000) return;
    let text = previewOf(repl, repl.line);
    if (text === undefined || text === line) return;
    const width = Math.min(repl.columns, MAX_WIDTH);
    const lineBreak = text.indexOf('\n');
    if (lineBreak !== -1) text = `${text.slice(0, Math.min(lineBreak, width - 3))}...`;
    else if (text.length > width) text = `${text.slice(0, width - 3)}...`;
    const position = repl.getCursorPos();
    const end = repl[kGetDisplayPos](repl[kPrompt] + repl.line);
    const below = end.rows - position.rows;
    const { output } = repl;
    moveCursor(output, 0, below);
    output.write(repl.useColors ? `\n\x1b[90m${text}\x1b[39m` : `\n// ${text}`);
    cursorTo(output, position.cols);
    moveCursor(output, 0, -below - 1);
    this.#rows = below + 1;
    this.#shown = true;
  }
}

module.exports = { Preview };
