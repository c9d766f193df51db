// How the REPL shows what was thrown.
'use strict';

const { Thrown, isErrorLike } = require('internal/repl/evaluate');

const firstErrorLine = /^\[?([A-Z][a-z0-9_]*)*Error/;

const frame = /^ {4}at /;
const enteredName = /^REPL\d+$/;
const enteredFrame = /^ {4}at .*\bREPL\d+:\d+:\d+\)?$/;
/** The frame of the entered code as a whole. */
const outermostFrame = /^ {4}at REPL\d+:\d+:\d+$/;

/** Without the frames of what has called the entered code, and without that of the code as a whole. */
function trimStack(stack) {
  const lines = stack.split('\n');
  const entered = lines.findLastIndex((line) => enteredFrame.test(line));
  if (entered === -1) return stack;
  const isInner = !frame.test(lines[entered + 1] ?? '');
  const end = outermostFrame.test(lines[entered]) && !isInner ? entered : entered + 1;
  let rest = entered + 1;
  while (rest < lines.length && frame.test(lines[rest])) rest++;
  return lines.slice(0, end).concat(lines.slice(rest)).join('\n');
}

/** The same of call sites, as a program's own `Error.prepareStackTrace` gets them. */
function trimFrames(frames) {
  const entered = frames.findLastIndex((site) => enteredName.test(site.getFileName() ?? ''));
  if (entered === -1) return frames;
  const isOutermost = entered + 1 < frames.length && frames[entered].getFunctionName() === null;
  return frames.slice(0, isOutermost ? entered : entered + 1);
}

// The text of a stack is made when it is read for the first time.
function readStack(error) {
  const prepare = Error.prepareStackTrace;
  if (typeof prepare !== 'function') return;
  Error.prepareStackTrace = (thrown, frames) => prepare.call(Error, thrown, trimFrames(frames));
  try {
    void error.stack;
  } catch {
    // Who shows it meets the same failure.
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

/** A syntax error shows where it is, but neither the name of the line nor a stack. */
function trimSyntaxError(stack) {
  return stack.replace(/^REPL\d+:\d+\r?\n/, '').replace(/^\s+at\s.*\n?/gm, '').trimEnd();
}

/**
 * @param {REPLServer} repl
 * @param {any} error
 * @returns {string} what is printed, with a line break at the end
 */
function describeThrown(repl, error) {
  if (error instanceof Thrown) error = error.value;
  let isSyntaxError = false;
  if (typeof error === 'object' && error !== null) readStack(error);
  if (isErrorLike(error) && typeof error.stack === 'string') {
    isSyntaxError = error.name === 'SyntaxError';
    try {
      error.stack = isSyntaxError ? trimSyntaxError(error.stack) : trimStack(error.stack);
    } catch {
      // It stays as it is.
    }
  }
  if (isSyntaxError && /^.*\n\s*\^/.test(error.stack)) return sayUncaught(repl, error.stack);
  const text = repl.writer(error);
  // An error without a stack is shown in brackets otherwise.
  const isBracketed = isErrorLike(error) && text.startsWith('[') && text.endsWith(']');
  return sayUncaught(repl, isBracketed ? text.slice(1, -1) : text);
}

function sayUncaught(repl, text) {
  const breakLength = repl.writer.options?.breakLength ?? 80;
  const lines = text.split(/(?<=\n)/);
  let result = '';
  let isSaid = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (!isSaid && firstErrorLine.test(line)) {
      result += breakLength >= line.length ? `Uncaught ${line}` : `Uncaught:\n${line}`;
      isSaid = true;
    } else {
      result += line;
    }
  }
  if (!isSaid) result = `Uncaught${lines.length === 1 ? ' ' : ':\n'}${result}`;
  return result.endsWith('\n') ? result : `${result}\n`;
}

module.exports = { describeThrown };
