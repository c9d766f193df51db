// `util.format` and `util.formatWithOptions`.
'use strict';

const assert = require('node:assert');
const { format, formatWithOptions } = require('node:util');

for (const [args, expected] of [
  [[], ''], [['%s'], '%s'], [['%%'], '%%'], [['%%', 1], '% 1'], [['%s %s', 'a'], 'a %s'],
  [['a', 'b', 1], 'a b 1'],
  [['%s', -0], '-0'], [['%s', 5n], '5n'], [['%s', Symbol('s')], 'Symbol(s)'], [['%s', null], 'null'],
  [['%s', { a: { b: 1 } }], '{ a: [Object] }'], [['%s', { toString: () => 'own' }], 'own'],
  [['%s', { [Symbol.toPrimitive]: (hint) => hint }], 'string'], [['%s', class A {}], 'class A {}'],
  [['%s', Object.create(null)], '[Object: null prototype] {}'],
  [['%s', new Date(0)], '1970-01-01T00:00:00.000Z'],
  [['%d', '0x10'], '16'], [['%d', '-0'], '-0'], [['%d', {}], 'NaN'], [['%d', 12n], '12n'],
  [['%d', Symbol()], 'NaN'],
  [['%i', '12.9abc'], '12'], [['%i', 1n], '1n'], [['%i', -0.5], '-0'], [['%f', '1.5abc'], '1.5'],
  [['%f', 'x'], 'NaN'],
  [['%j', { a: [1] }], '{"a":[1]}'], [['%j', undefined], 'undefined'], [['%c!', 'css'], '!'],
  [['%x', 1], '%x 1'],
  [['%O', { a: { b: { c: { d: 1 } } } }], '{ a: { b: { c: [Object] } } }'],
  [['%o', [1]], '[ 1, [length]: 1 ]'], [[1, '%s', 'a'], '1 %s a'], [['100%', 'x'], '100% x'],
  [['%s%%', 5], '5%'],
]) {
  assert.strictEqual(format(...args), expected);
}

const circle = {};
circle.circle = circle;
assert.strictEqual(format('%j', circle), '[Circular]');
assert.throws(() => format('%j', { toJSON() { throw new Error('own'); } }), { message: 'own' });

assert.strictEqual(formatWithOptions({ colors: true }, '%s %O', 1, [2], 3),
  '1 [ \u001b[33m2\u001b[39m ] \u001b[33m3\u001b[39m');
assert.strictEqual(formatWithOptions({ numericSeparator: true }, '%d %s %i', 12345, 12345n, '12345'),
  '12_345 12_345n 12_345');
assert.strictEqual(formatWithOptions({ depth: 0 }, { a: {}, b: [1] }), '{ a: {}, b: [Array] }');
for (const options of [undefined, null, 5, 'text', () => {}]) {
  assert.throws(() => formatWithOptions(options, 'x'),
    { code: 'ERR_INVALID_ARG_TYPE', message: /"inspectOptions"/ });
}
