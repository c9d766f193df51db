// `assert.Assert`: assertions with options.
'use strict';

const assert = require('node:assert');
const { Assert, AssertionError } = assert;

function failure(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

assert.throws(() => Assert(), { code: 'ERR_CONSTRUCT_CALL_REQUIRED' });
assert.throws(() => new Assert({ diff: 'x' }), {
  code: 'ERR_INVALID_ARG_VALUE',
  message: "The property 'options.diff' must be one of: 'simple', 'full'. Received 'x'",
});

// Strict by default.
const strict = new Assert();
assert.strictEqual(strict.AssertionError, AssertionError);
assert.deepStrictEqual(Object.keys(strict), ['AssertionError', 'equal', 'deepEqual', 'notEqual', 'notDeepEqual']);
assert.strictEqual(strict.equal, assert.strictEqual);
assert.throws(() => strict.equal(1, '1'), AssertionError);
const loose = new Assert({ strict: false });
loose.equal(1, '1');
loose.deepEqual([1], ['1']);
assert.deepStrictEqual(Object.keys(loose), ['AssertionError']);

// Long values are shown whole on request.
const full = new Assert({ diff: 'full', strict: false });
const numbers = Array.from({ length: 60 }, (_, i) => i);
assert.strictEqual(failure(() => full.notDeepStrictEqual(numbers, numbers)).message.split('\n').length, 65);
assert.strictEqual(failure(() => assert.notDeepStrictEqual(numbers, numbers)).message.split('\n').length, 50);
assert.strictEqual(failure(() => full.deepEqual('a'.repeat(600), 1)).message.length, 675);
assert.strictEqual(failure(() => full.equal(1, 2)).diff, 'full');
assert.strictEqual(failure(() => loose.equal(1, 2)).diff, 'simple');
const { strictEqual } = full;
assert.strictEqual(failure(() => strictEqual(1, 2)).diff, 'simple');

// Prototypes left out.
class A {
  constructor(value) { this.value = value; }
}
class B extends A {}
const skipping = new Assert({ skipPrototype: true });
skipping.deepStrictEqual(new A(1), new B(1));
skipping.deepStrictEqual([new A(1)], [{ value: 1 }]);
assert.throws(() => skipping.deepStrictEqual(new A(1), new B(2)), AssertionError);
assert.throws(() => skipping.notDeepStrictEqual(new A(1), new B(1)), AssertionError);
assert.throws(() => strict.deepStrictEqual(new A(1), new B(1)), AssertionError);
