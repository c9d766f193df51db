// `util.styleText`.
'use strict';

const assert = require('node:assert');
const { inspect, styleText } = require('node:util');

const style = (format, text) => styleText(format, text, { validateStream: false });

assert.strictEqual(style('red', 'x'), '\u001b[31mx\u001b[39m');
assert.strictEqual(style(['bold', 'red'], 'x'), '\u001b[1m\u001b[31mx\u001b[39m\u001b[22m');
assert.strictEqual(style('none', 'x'), 'x');
assert.strictEqual(style([], 'x'), 'x');
assert.strictEqual(style('#f00', 'x'), '\u001b[38;2;255;0;0mx\u001b[39m');
assert.strictEqual(style('#0A0bff', 'x'), '\u001b[38;2;10;11;255mx\u001b[39m');

// An outer style goes on after an inner one.
assert.strictEqual(style('red', `a${style('blue', 'b')}c`), '\u001b[31ma\u001b[34mb\u001b[31mc\u001b[39m');
assert.strictEqual(
  style('dim', `a${style('bold', 'b')}c`),
  '\u001b[2ma\u001b[1mb\u001b[22m\u001b[2mc\u001b[22m');
assert.strictEqual(style('red', `a${style('blue', 'b')}`), '\u001b[31ma\u001b[34mb\u001b[39m\u001b[39m');

assert.throws(() => styleText('nope', 'x'), (error) => {
  const names = Object.getOwnPropertyNames(inspect.colors).map((name) => `'${name}'`).join(', ');
  assert.strictEqual(error.code, 'ERR_INVALID_ARG_VALUE');
  assert.strictEqual(error.message, `The argument 'format' must be one of: ${names}. Received 'nope'`);
  return true;
});
assert.throws(() => styleText('#ff', 'x'), {
  message: 'The argument \'format\' must be a valid hex color (#RGB or #RRGGBB). Received \'#ff\'',
});
assert.throws(() => styleText('red', 5), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => styleText('red', 'x', { stream: {} }), {
  message: 'The "stream" argument must be an instance of ReadableStream, WritableStream, or Stream. ' +
    'Received an instance of Object',
});
