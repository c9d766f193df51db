// `assert`: what the module is, the simple assertions, and what their errors hold.
'use strict';

const assert = require('node:assert');
const { inspect } = require('node:util');

function failure(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function fails(fn, message, isGenerated = true) {
  const error = failure(fn);
  assert.strictEqual(error.code, 'ERR_ASSERTION', error);
  assert.strictEqual(error.message, message);
  assert.strictEqual(error.generatedMessage, isGenerated);
  return error;
}

// The module.
assert.deepStrictEqual(Object.keys(assert), [
  'AssertionError', 'ok', 'fail', 'equal', 'notEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual',
  'notDeepStrictEqual', 'strictEqual', 'notStrictEqual', 'partialDeepStrictEqual', 'match', 'doesNotMatch', 'throws',
  'rejects', 'doesNotThrow', 'doesNotReject', 'ifError', 'strict', 'Assert',
]);
assert.strictEqual(require('node:assert/strict'), assert.strict);
assert.strictEqual(assert.strict.strict, assert.strict);
assert.strictEqual(assert.strict.equal, assert.strictEqual);
assert.strictEqual(assert.strict.notDeepEqual, assert.notDeepStrictEqual);
assert.notStrictEqual(assert.ok, assert);
assert.deepStrictEqual([assert.length, assert.ok.length, assert.equal.length, assert.throws.length], [0, 0, 2, 1]);

// What passes.
assert(1);
assert.ok('a', 'message');
assert.equal(1, '1');
assert.equal(NaN, NaN);
assert.notEqual(1, 2);
assert.strictEqual(NaN, NaN);
assert.notStrictEqual(0, -0);
assert.match('abc', /b/);
assert.doesNotMatch('abc', /x/);
assert.ifError(null);
assert.ifError(undefined);

// The properties of the error, and how it is shown.
const error = failure(() => assert.strictEqual(1, 2));
assert.deepStrictEqual(Reflect.ownKeys(error), [
  'stack', 'message', 'generatedMessage', 'name', 'code', 'actual', 'expected', 'operator', 'diff',
]);
assert.deepStrictEqual(Object.keys(error), ['generatedMessage', 'code', 'actual', 'expected', 'operator', 'diff']);
assert.strictEqual(error.name, 'AssertionError');
assert.ok(error instanceof assert.AssertionError && error instanceof Error);
assert.ok(error.stack.startsWith('AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n1 !== 2\n\n    at '));
assert.ok(!error.stack.includes('strictEqual ('));
assert.strictEqual(String(error), 'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n1 !== 2\n');
assert.ok(inspect(error).endsWith(`{
  generatedMessage: true,
  code: 'ERR_ASSERTION',
  actual: 1,
  expected: 2,
  operator: 'strictEqual',
  diff: 'simple'
}`));
assert.match(inspect(failure(() => assert.deepStrictEqual({ a: 1 }, [1]))), /actual: \[Object\],\n {2}expected: \[Array\],/);

// Messages of programs.
fails(() => assert.equal(1, 2, 'text'), 'text', false);
fails(() => assert.equal(1, 2, '%s and %d', 'a', 5), 'a and 5', false);
fails(() => assert.equal(1, 2, (actual, expected) => `${actual}, ${expected}`), '1, 2', false);
fails(() => assert.equal(1, 2, () => { throw new Error('ignored'); }), '1 == 2');
fails(() => assert.strictEqual(1, 2, 'text'), 'text\n\n1 !== 2\n', false);
fails(() => assert(0, 'text'), 'text', false);
fails(() => assert.fail('text'), 'text', false);
fails(() => assert.fail(), 'Failed');
const thrown = new RangeError('mine');
for (const fn of ['ok', 'equal', 'strictEqual', 'deepEqual', 'partialDeepStrictEqual']) {
  assert.strictEqual(failure(() => (fn === 'ok' ? assert.ok(0, thrown) : assert[fn](1, 2, thrown))), thrown);
}
assert.strictEqual(failure(() => assert.fail(thrown)), thrown);
assert.throws(() => assert.equal(1, 2, thrown, 1), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
assert.throws(() => assert.equal(1, 2, () => 'a', 1), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
for (const message of [5, {}, Symbol('a'), null]) {
  assert.throws(() => assert.equal(1, 2, message), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: /^The "message" argument must be one of type string or function\. Received /,
  });
}

// Missing arguments.
fails(() => assert(), 'No value argument passed to `assert.ok()`');
fails(() => assert.ok(), 'No value argument passed to `assert.ok()`');
for (const name of ['equal', 'notEqual', 'deepEqual', 'strictEqual', 'notDeepStrictEqual', 'partialDeepStrictEqual']) {
  assert.throws(() => assert[name](1), {
    code: 'ERR_MISSING_ARGS',
    message: 'The "actual" and "expected" arguments must be specified',
  });
}

// ifError.
fails(() => assert.ifError(0), 'ifError got unwanted exception: 0', false);
fails(() => assert.ifError(new Error('text')), 'ifError got unwanted exception: text', false);
fails(() => assert.ifError(new TypeError()), 'ifError got unwanted exception: TypeError', false);
fails(() => assert.ifError({ a: 1 }), 'ifError got unwanted exception: { a: 1 }', false);
const original = (function made() { return new Error('text'); })();
assert.match(failure(() => assert.ifError(original)).stack, /\n {4}at made /);

// match.
fails(() => assert.match('abc', /x/), "The input did not match the regular expression /x/. Input:\n\n'abc'\n");
fails(() => assert.doesNotMatch('abc', /b/),
  "The input was expected to not match the regular expression /b/. Input:\n\n'abc'\n");
fails(() => assert.match(5, /x/), 'The "string" argument must be of type string. Received type number (5)');
assert.throws(() => assert.match('abc', 'b'), { code: 'ERR_INVALID_ARG_TYPE' });

// The class.
assert.throws(() => new assert.AssertionError(5), { code: 'ERR_INVALID_ARG_TYPE' });
assert.strictEqual(new assert.AssertionError({ actual: 1, expected: 2, operator: 'op' }).message, '1 op 2');
