// How a result is written for people: a line, and what the test failed with.
'use strict';

const { relative } = require('path');
const colors = require('internal/util/colors');
const { inspect } = require('internal/util/inspect');
const { isFailure } = require('internal/test/failure');

const symbols = {
  __proto__: null,
  'test:fail': '\u2716 ',
  'test:pass': '\u2714 ',
  'test:diagnostic': '\u2139 ',
  'test:coverage': '\u2139 ',
  'arrow:right': '\u25B6 ',
  'hyphen:minus': '\uFE63 ',
  'warning:alert': '\u26A0 ',
};

const typeColors = {
  __proto__: null,
  get 'test:fail'() { return colors.red; },
  get 'test:pass'() { return colors.green; },
  get 'test:diagnostic'() { return colors.blue; },
  get 'info'() { return colors.blue; },
  get 'warn'() { return colors.yellow; },
  get 'error'() { return colors.red; },
};

/** @returns {string} two blanks a level */
function indentation(nesting) {
  return '  '.repeat(nesting);
}

/** Shows a value; where its own inspection throws, without it. */
function show(value, options) {
  try {
    return inspect(value, options);
  } catch {
    return inspect(value, { ...options, customInspect: false });
  }
}

/** @returns {string} what a test failed with, indented, on lines of its own */
function formatError(error, indent) {
  if (!error) return '';
  const shown = isFailure(error) ? error.cause : error;
  const text = show(shown, { colors: colors.hasColors, breakLength: Infinity });
  return `\n${indent}  ${text.split(/\r?\n/).join(`\n${indent}  `)}\n`;
}

/**
 * @param {'test:pass' | 'test:fail'} type
 * @param {object} data  of the event
 * @param {{ indent?: string, withError?: boolean, hasChildren?: boolean }} [how]
 * @returns {string} the lines of a result
 */
function formatResult(type, data, { indent = '', withError = true } = {}) {
  let color = typeColors[type] ?? colors.white;
  let symbol = symbols[type];
  const { skip, todo, expectFailure } = data;
  const duration = data.details?.duration_ms;
  const time = duration === undefined ? '' : ` ${colors.gray}(${duration}ms)${colors.white}`;
  const passedOn = data.details?.passed_on_attempt;
  const again = passedOn === undefined ? '' : ` ${colors.gray}(passed on attempt ${passedOn})${colors.white}`;
  let title = `${data.name}${time}${again}`;
  if (skip !== undefined) {
    color = colors.gray;
    symbol = symbols['hyphen:minus'];
    title += reasonOr(skip, 'skip');
  } else if (todo !== undefined) {
    if (type === 'test:fail') {
      color = colors.yellow;
      symbol = symbols['warning:alert'];
    }
    title += reasonOr(todo, 'todo');
  } else if (expectFailure !== undefined) {
    title += reasonOr(undefined, 'expected failure');
  }
  const error = withError ? formatError(data.details?.error, indent) : '';
  return `${indent}${color}${symbol}${title}${colors.white}${error === '' ? '\n' : error}`;
}

function reasonOr(reason, kind) {
  return ` # ${typeof reason === 'string' && reason.length > 0 ? reason : kind.toUpperCase()}`;
}

/** @returns {string} where a test stands, as the lists of failed tests name it */
function formatPlace({ file, line, column }) {
  return file === undefined ? '' : `test at ${relative(process.cwd(), file)}:${line}:${column}\n`;
}

module.exports = { formatPlace, formatResult, indentation, show, symbols, typeColors };
