// What errors with a code look like: names, properties, stacks and the wording of arguments.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const util = require('node:util');

function caught(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

// Shape
{
  const error = caught(() => Buffer.alloc('x'));
  const text = 'The "size" argument must be of type number. Received type string (\'x\')';
  assert.strictEqual(error.name, 'TypeError');
  assert.strictEqual(error.constructor, TypeError);
  assert.ok(error instanceof TypeError);
  assert.notStrictEqual(Object.getPrototypeOf(error), TypeError.prototype);
  assert.deepStrictEqual(Object.keys(error), ['code']);
  assert.deepStrictEqual(Object.getOwnPropertyNames(error), ['stack', 'code', 'message']);
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(error, 'code'), {
    value: 'ERR_INVALID_ARG_TYPE', writable: true, enumerable: true, configurable: true,
  });
  assert.strictEqual(String(error), `TypeError [ERR_INVALID_ARG_TYPE]: ${text}`);
  assert.strictEqual(error.stack.split('\n')[0], `TypeError [ERR_INVALID_ARG_TYPE]: ${text}`);
  const shown = util.inspect(error);
  assert.ok(shown.startsWith('TypeError [ERR_INVALID_ARG_TYPE]: The "size" argument'), shown);
  assert.ok(shown.endsWith(' {\n  code: \'ERR_INVALID_ARG_TYPE\'\n}'), shown);
}

// A program's own changes show.
{
  const error = caught(() => Buffer.alloc('x'));
  error.message = 'changed';
  assert.strictEqual(String(error), 'TypeError [ERR_INVALID_ARG_TYPE]: changed');
  error.name = 'Own';
  assert.strictEqual(String(error), 'Own [ERR_INVALID_ARG_TYPE]: changed');
}

// The frames of validators are hidden.
{
  const error = caught(() => fs.statSync(5));
  assert.match(error.stack.split('\n')[1], /at (Object|Module)?\.?statSync /);
}

// What was received
{
  class Foo {}
  const received = (value) => caught(() => util.promisify(value)).message.split('Received ')[1];
  assert.strictEqual(received(undefined), 'undefined');
  assert.strictEqual(received(null), 'null');
  assert.strictEqual(received(true), 'type boolean (true)');
  assert.strictEqual(received(-0), 'type number (-0)');
  assert.strictEqual(received(10n), 'type bigint (10n)');
  assert.strictEqual(received(Symbol('s')), 'type symbol (Symbol(s))');
  assert.strictEqual(received('it\'s'), 'type string ("it\'s")');
  assert.strictEqual(received('x'.repeat(28)), `type string ('${'x'.repeat(28)}')`);
  assert.strictEqual(received('x'.repeat(29)), `type string ('${'x'.repeat(25)}...')`);
  assert.strictEqual(received(new Foo()), 'an instance of Foo');
  assert.strictEqual(received([]), 'an instance of Array');
  assert.strictEqual(received({ __proto__: null }), '[Object: null prototype] {}');
  const inspected = caught(() => Buffer.from(() => {})).message;
  assert.ok(inspected.endsWith('Received function '), inspected);
}

// What was expected
{
  assert.strictEqual(
    caught(() => fs.readFileSync({})).message,
    'The "path" argument must be of type string or an instance of Buffer or URL. ' +
    'Received an instance of Object');
  assert.strictEqual(
    caught(() => Buffer.from(5)).message,
    'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an ' +
    'Array-like Object. Received type number (5)');
  assert.strictEqual(
    caught(() => util.styleText('red', 'x', { validateStream: 1 })).message,
    'The "options.validateStream" property must be of type boolean. Received type number (1)');
}

// Ranges and values
{
  const range = caught(() => Buffer.alloc(10).readUInt8(2 ** 33));
  assert.strictEqual(range.name, 'RangeError');
  assert.strictEqual(
    range.message,
    'The value of "offset" is out of range. It must be >= 0 and <= 9. Received 8_589_934_592');
  const value = caught(() => util.styleText(['red', { a: { b: { c: {} } } }], 'x')).message;
  assert.ok(value.endsWith('. Received { a: { b: { c: {} } } }'), value);
}

// Failed system calls
{
  const error = caught(() => fs.readFileSync('/does/not/exist'));
  assert.strictEqual(error.message, 'ENOENT: no such file or directory, open \'/does/not/exist\'');
  assert.deepStrictEqual({ ...error }, {
    errno: -2, code: 'ENOENT', syscall: 'open', path: '/does/not/exist',
  });
  const wrapped = caught(() => fs.rmSync(__dirname));
  assert.strictEqual(wrapped.name, 'SystemError');
  assert.strictEqual(wrapped.code, 'ERR_FS_EISDIR');
  assert.strictEqual(
    wrapped.message,
    `Path is a directory: rm returned EISDIR (is a directory) ${__dirname}`);
  assert.deepStrictEqual(Object.keys(wrapped), ['code', 'info', 'errno', 'syscall', 'path']);
  assert.strictEqual(wrapped.info.code, 'EISDIR');
  wrapped.errno = 99;
  assert.strictEqual(wrapped.info.errno, 99);
}

// Error.prepareStackTrace
{
  assert.strictEqual(typeof Error.prepareStackTrace, 'function');
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, callSites) => `${error.code} ${callSites.length > 0}`;
  assert.strictEqual(caught(() => Buffer.alloc('x')).stack, 'ERR_INVALID_ARG_TYPE true');
  Error.prepareStackTrace = before;
  assert.match(new Error('plain').stack, /^Error: plain\n {4}at /);
  assert.strictEqual(before(new TypeError('t'), []), 'TypeError: t');
}
