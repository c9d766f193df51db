// How the REPL shows what was thrown.
'use strict';

const { Thrown, isErrorLike } = require('internal/repl/evaluate');

const firstErrorLine = /^\[?([A-Z][a-z0-9_]*)*Error/;

/** Without the frames of the runtime, and without that of the entered line itself. */
function trimStack(stack) {
  const lines = stack.split('\n');
  const isFrame = (line) => /^ {4}at /.test(line);
  const first = lines.findIndex((line) => isFrame(line) && /\(node:|^ {4}at node:|^ {4}at async node:/.test(line));
  let end = first === -1 ? lines.length : first;
  // The frame of the script as a whole.
  if (first > 0 && /^ {4}at REPL\d+:\d+:\d+$/.test(lines[end - 1])) end--;
  let last = lines.length;
  while (last > end && isFrame(lines[last - 1])) last--;
  return [...lines.slice(0, end), ...(first === -1 ? [] : lines.slice(first).filter((line) => !isFrame(line)))].join('\n');
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
  for (const line of lines) {
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
