// The reporter `tap`: the Test Anything Protocol, version 13.
'use strict';

const { inspect } = require('internal/util/inspect');
const { isError } = require('internal/util');
const { isDate } = require('internal/util/types');
const { isFailure } = require('internal/test/failure');
const { show } = require('internal/test/reporters/format');

const INDENT = '    ';
const lineBreak = /\n|\r\n/;
const frame = /^\s+at (.+)$/;

/** Writes each event as lines of the protocol. */
async function* tap(source) {
  yield 'TAP version 13\n';
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:fail': {
        yield testLine('not ok', data);
        const place = data.file === undefined ? undefined : `${data.file}:${data.line}:${data.column}`;
        yield details(data.nesting, data.details, place);
        break;
      }
      case 'test:pass':
        yield testLine('ok', data);
        yield details(data.nesting, data.details);
        break;
      case 'test:plan':
        yield `${indentation(data.nesting)}1..${data.count}\n`;
        break;
      case 'test:start':
        yield `${indentation(data.nesting)}# Subtest: ${escape(data.name)}\n`;
        break;
      case 'test:stderr':
      case 'test:stdout':
        for (const line of data.message.split(/\r?\n/)) {
          if (line !== '') yield `# ${escape(line)}\n`;
        }
        break;
      case 'test:log':
      case 'test:diagnostic':
        yield `${indentation(data.nesting)}# ${escape(data.message)}\n`;
        break;
      case 'test:coverage':
        yield require('internal/test/reporters/coverage_table').formatCoverage(data.summary, '# ');
        break;
      case 'test:interrupted':
        for (const test of data.tests) {
          const place = test.file === undefined ? '' : ` at ${test.file}:${test.line}:${test.column}`;
          yield `# Interrupted while running: ${escape(test.name)}${escape(place)}\n`;
        }
        break;
      default:
    }
  }
}

function indentation(nesting) {
  return INDENT.repeat(nesting);
}

function testLine(result, { name, nesting, testNumber, skip, todo, expectFailure }) {
  const title = name ? ` ${escape(`- ${name}`)}` : '';
  return `${indentation(nesting)}${result} ${testNumber}${title}${directive(skip, todo, expectFailure)}\n`;
}

function directive(skip, todo, expectFailure) {
  if (skip !== undefined) return directiveWith('skip', skip);
  if (todo !== undefined) return directiveWith('todo', todo);
  return expectFailure === undefined ? '' : directiveWith('expected failure', expectFailure);
}

function directiveWith(kind, reason) {
  const text = typeof reason === 'string' && reason !== '' ? ` ${escape(reason)}` : '';
  return ` # ${kind.toUpperCase()}${text}`;
}

/** Backslashes, hashes and control characters have a meaning of their own. */
function escape(text) {
  let escaped = String(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
  for (const [character, letter] of [
    ['\b', 'b'], ['\f', 'f'], ['\t', 't'], ['\n', 'n'], ['\r', 'r'], ['\v', 'v'],
  ]) {
    escaped = escaped.replaceAll(character, `\\\\${letter}`);
  }
  return escaped;
}

function details(nesting, { duration_ms: duration, type, error }, place) {
  const indent = `${indentation(nesting)}  `;
  let text = `${indent}---\n`;
  text += yaml(indent, 'duration_ms', duration);
  text += yaml(indent, 'type', type);
  if (place !== undefined) text += yaml(indent, 'location', place);
  if (error !== undefined) text += yaml(indent, null, error, new Set());
  return `${text}${indent}...\n`;
}

/** @returns {string} `name: value` in YAML, on one or more lines */
function yaml(indent, name, value, seen) {
  if (value === null) return `${indent}${name}: ~\n`;
  if (value === undefined) return '';
  const prefix = `${indent}${name}:`;
  if (typeof value !== 'object') {
    if (typeof value !== 'string') return `${prefix} ${show(value)}\n`;
    if (!lineBreak.test(value)) return `${prefix} ${show(value)}\n`;
    return block(prefix, indent, value);
  }
  if (seen.has(value)) return `${prefix} <Circular>\n`;
  seen.add(value);
  let text = '';
  const isErrorObject = isError(value);
  const propertyIndent = name === null ? indent : `${indent}  `;
  if (isDate(value)) return `${prefix} ${inspect(value)}\n`;
  if (name !== null) text += `${prefix}\n`;
  if (!(isErrorObject && isFailure(value))) {
    for (const key of Object.keys(value)) {
      if (isErrorObject && errorKeys.has(key)) continue;
      text += yaml(propertyIndent, key, value[key], seen);
    }
  }
  return isErrorObject ? text + errorText(indent, value) : text;
}

const errorKeys = new Set([
  'cause', 'code', 'failureType', 'actual', 'expected', 'operator', 'generatedMessage', 'diff',
]);

function block(prefix, indent, text) {
  let lines = `${prefix} |-\n`;
  for (const line of text.split(lineBreak)) lines += `${indent}  ${line}\n`;
  return lines;
}

function errorText(indent, error) {
  const { failureType } = error;
  let { code, name, message, stack, cause } = error;
  let isAssertion = false;
  let shown = error;
  if (isFailure(error)) {
    if (isError(cause)) {
      ({ message, name, stack } = cause);
      code = cause.code ?? code;
      shown = cause;
    } else {
      name = undefined;
    }
  }
  isAssertion = 'expected' in shown && 'actual' in shown;
  let text = '';
  if (failureType !== undefined) text += yaml(indent, 'failureType', failureType);
  if (error.exitCode !== undefined) {
    text += yaml(indent, 'exitCode', error.exitCode);
    text += yaml(indent, 'signal', error.signal);
  }
  text += yaml(indent, 'error', message);
  if (code) text += yaml(indent, 'code', code);
  if (name && name !== 'Error') text += yaml(indent, 'name', name);
  if (isAssertion) {
    text += yaml(indent, 'expected', shown.expected, new Set());
    text += yaml(indent, 'actual', shown.actual, new Set());
    if (shown.operator) text += yaml(indent, 'operator', shown.operator);
  }
  return text + stackText(indent, stack);
}

function stackText(indent, stack) {
  if (typeof stack !== 'string') return '';
  const frames = [];
  for (const line of stack.split(lineBreak)) {
    const match = frame.exec(line);
    if (match !== null) frames.push(match[1]);
  }
  return frames.length === 0 ? '' : block(`${indent}stack:`, indent, frames.join('\n'));
}

module.exports = { tap };
