// `util.inspect` of errors: headings, properties, causes, frames.
'use strict';

const assert = require('node:assert');
const { inspect } = require('node:util');

const frames = ['a', 'b', 'c', 'd',
  'e'].map((name, line) => `    at ${name} (file.js:${line + 1}:1)`).join('\n');

function make(heading, message = 'message', ErrorClass = Error) {
  const error = new ErrorClass(message);
  error.stack = `${heading}\n${frames}`;
  return error;
}

function hide(object, key, value) {
  return Object.defineProperty(object, key, { value, enumerable: false, configurable: true });
}

class Odd extends Error {}
class OddError extends TypeError {}

function heading(error, options) {
  return inspect(error, options).split('\n')[0];
}
assert.strictEqual(inspect(make('Error: message')), `Error: message\n${frames}`);
assert.strictEqual(heading(make('Error: message', 'message', Odd)), 'Odd [Error]: message');
assert.strictEqual(heading(make('TypeError: message', 'message', OddError)), 'OddError [TypeError]: message');
assert.strictEqual(heading(make('Error: message', 'message', class OtherError extends Error {})),
  'OtherError: message');
assert.strictEqual(heading(hide(make('Error: message'), Symbol.toStringTag, 'Tag')), 'Error [Tag]: message');
assert.strictEqual(heading(Object.setPrototypeOf(make('Error: message'), null)),
  '[Error: null prototype]: message');
assert.strictEqual(inspect(Object.create(Odd.prototype)), '[Odd [Error]]');

// Without frames the text stands in brackets.
assert.strictEqual(inspect(hide(new Error('text'), 'stack', undefined)), '[Error: text]');
assert.strictEqual(inspect(hide(new Error('text'), 'stack', [1])), '[Error: text\n    [\n      1\n    ]]');

// Own properties, but not those that the stack shows.
assert.strictEqual(inspect(Object.assign(make('Error: message'), { code: 'E', name: 'Error' })),
  `Error: message\n${frames} {\n  code: 'E'\n}`);
assert.strictEqual(inspect({ error: make('Error: message') }),
  `{\n  error: Error: message\n${frames.replaceAll(/^/gm, '  ')}\n}`);

// Causes and aggregates.
{
  const outer = hide(make('Error: message'), 'cause', make('Error: inner', 'inner'));
  assert.strictEqual(inspect(outer), [
    'Error: message', '    at a (file.js:1:1)', '    ... 3 lines matching cause stack trace ...',
    '    at e (file.js:5:1) {', '  [cause]: Error: inner', frames.replaceAll(/^/gm, '  '), '}',
  ].join('\n'));
  assert.strictEqual(inspect(hide(make('Error: message'), 'cause', null)),
    `Error: message\n${frames} {\n  [cause]: null\n}`);
  const several = hide(make('Error: message'), 'errors', ['one', 2]);
  assert.strictEqual(inspect(several), `Error: message\n${frames} {\n  [errors]: [ 'one', 2 ]\n}`);
}

// Recursion.
{
  const error = new Error('deep');
  error.stack = `Error: deep\n${`${frames}\n`.repeat(4)}    at z (file.js:9:9)`;
  assert.strictEqual(inspect(error), [
    'Error: deep', frames, '    ... collapsed 15 duplicate lines matching above 5 lines 3 times...',
    '    at z (file.js:9:9)',
  ].join('\n'));
}

// Colours: the runtime's own frames and the working directory are grey, packages are underlined.
{
  const error = new Error('x');
  error.stack = [
    'Error: x', '    at f (node:events:1:2)', '    at g (/x/node_modules/@scope/pkg/a.js:1:2)',
    `    at h (${process.cwd()}/b.js:1:2)`, '    at i (node:no_such_module:1:2)',
  ].join('\n');
  assert.strictEqual(inspect(error, { colors: true }), [
    'Error: x', '\u001b[90m    at f (node:events:1:2)\u001b[39m',
    '    at g (/x/node_modules/\u001b[4m@scope/pkg\u001b[24m/a.js:1:2)',
    `    at h \u001b[90m(${process.cwd()}/\u001b[39mb.js:1:2\u001b[90m)\u001b[39m`,
    '    at i (node:no_such_module:1:2)',
  ].join('\n'));
}

// Properties that throw.
{
  const thrower = { get() { throw new Error('unreadable'); }, enumerable: true, configurable: true };
  const error = Object.defineProperties(new Error('x'), { stack: thrower, name: thrower });
  assert.strictEqual(inspect(error).split('\n')[0],
    '[object Error] { stack: [Getter/Setter], name: [Getter] }');
}
