// `util.diff`: the differences between strings or arrays of strings.
'use strict';

const assert = require('node:assert');
const { diff } = require('node:util');

assert.deepStrictEqual(diff('abc', 'abc'), []);
assert.deepStrictEqual(diff('', 'a'), [[-1, 'a']]);
assert.deepStrictEqual(diff('abcd', 'axcy'), [
  [0, 'a'], [1, 'b'], [-1, 'x'], [0, 'c'], [1, 'd'], [-1, 'y'],
]);
assert.deepStrictEqual(diff(['1', '2', '3'], ['1', '3', '4']), [[0, '1'], [1, '2'], [0, '3'], [-1, '4']]);
assert.deepStrictEqual(diff(['a'], ['a']), [[0, 'a']]);
assert.deepStrictEqual(diff(['a,'], ['a']), [[1, 'a,'], [-1, 'a']]);
assert.deepStrictEqual(diff('a😀', 'a😁'), [[0, 'a'], [0, '\ud83d'], [1, '\ude00'], [-1, '\ude01']]);

for (const [actual, expected, name] of [[5, 'a', 'actual'], ['a', {}, 'expected'], [['a', 5], ['b'], 'actual[1]']]) {
  assert.throws(() => diff(actual, expected), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: new RegExp(`^The "${name.replace('[', '\\[')}" argument must be of type string`),
  });
}

// Every script leads from one to the other.
let seed = 1;
const random = (limit) => (seed = (seed * 48271) % 0x7fffffff) % limit;
for (let i = 0; i < 500; i++) {
  const make = () => Array.from({ length: random(12) }, () => 'abc'[random(3)]).join('');
  const actual = make();
  const expected = make();
  if (actual === expected) continue;
  const script = diff(actual, expected);
  const side = (left) => script.filter(([operation]) => operation !== left).map(([, item]) => item).join('');
  assert.strictEqual(side(-1), actual);
  assert.strictEqual(side(1), expected);
}
