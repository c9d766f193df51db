// `assert.throws`, `rejects` and their opposites, with all forms of the expected error.
'use strict';

const assert = require('node:assert');

function messageOf(fn, isGenerated) {
  try {
    fn();
  } catch (error) {
    if (isGenerated !== undefined) assert.strictEqual(error.generatedMessage, isGenerated);
    return error.message;
  }
  throw new Error('nothing was thrown');
}

const nothing = () => {};
const thrower = (value) => () => { throw value; };
const failing = thrower(Object.assign(new TypeError('text'), { code: 404, info: { a: 1 } }));

// What passes.
assert.throws(failing);
assert.throws(failing, TypeError);
assert.throws(failing, Error);
assert.throws(failing, /^TypeError: text$/);
assert.throws(failing, (error) => error.code === 404);
assert.throws(failing, { name: 'TypeError', message: /ex/, code: 404, info: { a: 1 } });
assert.throws(failing, new TypeError('text'));
assert.throws(failing, 'message');
assert.throws(thrower(null), 'message');
assert.throws(thrower(Symbol('a')), /^Symbol\(a\)$/);
assert.doesNotThrow(nothing);
assert.throws(thrower([1]), [1]);

// Nothing thrown.
assert.strictEqual(messageOf(() => assert.throws(nothing), false), 'Missing expected exception.');
assert.strictEqual(messageOf(() => assert.throws(nothing, 'why')), 'Missing expected exception: why');
assert.strictEqual(messageOf(() => assert.throws(nothing, TypeError)), 'Missing expected exception (TypeError).');
assert.strictEqual(messageOf(() => assert.throws(nothing, TypeError, 'why')),
  'Missing expected exception (TypeError): why');

// Something else thrown.
assert.strictEqual(messageOf(() => assert.throws(failing, RangeError), true),
  'The error is expected to be an instance of "RangeError". Received "TypeError"\n\nError message:\n\ntext');
assert.strictEqual(messageOf(() => assert.throws(thrower(5), RangeError), true),
  'The error is expected to be an instance of "RangeError". Received "5"');
assert.strictEqual(messageOf(() => assert.throws(failing, /x$/), true),
  "The input did not match the regular expression /x$/. Input:\n\n'TypeError: text'\n");
assert.strictEqual(messageOf(() => assert.throws(failing, function check() { return 5; }), true),
  'The "check" validation function is expected to return "true". Received 5\n\nCaught error:\n\nTypeError: text');
assert.strictEqual(messageOf(() => assert.throws(failing, { code: 500, message: /x$/, more: undefined }), true),
  'Expected values to be strictly deep-equal:\n+ actual - expected\n\n  Comparison {\n+   code: 404,\n' +
  "+   message: 'text'\n-   code: 500,\n-   message: /x$/,\n-   more: undefined\n  }\n");
assert.strictEqual(messageOf(() => assert.throws(thrower(null), { code: 500 }), true),
  'Expected values to be strictly deep-equal:\n+ actual - expected\n\n+ null\n- {\n-   code: 500\n- }\n');
for (const expected of [RangeError, /x$/, () => false, { code: 500 }]) {
  assert.strictEqual(messageOf(() => assert.throws(failing, expected, 'why'), false), 'why');
}
assert.throws(() => assert.throws(failing, { code: 500 }, new RangeError('mine')), { name: 'RangeError' });
assert.throws(() => assert.throws(failing, () => { throw new RangeError('mine'); }), RangeError);

// The error tells what was compared.
assert.throws(() => assert.throws(failing, { code: 500 }), (error) => {
  assert.strictEqual(error.actual.code, 404);
  assert.deepStrictEqual(error.expected, { code: 500 });
  assert.strictEqual(error.operator, 'throws');
  return true;
});

// Bad arguments.
for (const value of [undefined, null, 'a', 5, {}]) {
  assert.throws(() => assert.throws(value), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "fn" argument/ });
}
for (const value of [5, true, Symbol('a')]) {
  assert.throws(() => assert.throws(failing, value), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "error" argument/ });
}
assert.throws(() => assert.throws(failing, 'a', 'b'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => assert.throws(failing, {}), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => assert.throws(failing, 'text'), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
assert.throws(() => assert.throws(thrower('text'), 'text'), { code: 'ERR_AMBIGUOUS_ARGUMENT' });
assert.throws(() => assert.doesNotThrow(failing, {}), { code: 'ERR_INVALID_ARG_TYPE' });

// doesNotThrow passes on what it is not about.
assert.strictEqual(messageOf(() => assert.doesNotThrow(failing)), 'Got unwanted exception.\nActual message: "text"');
assert.strictEqual(messageOf(() => assert.doesNotThrow(failing, 'why')),
  'Got unwanted exception: why\nActual message: "text"');
assert.strictEqual(messageOf(() => assert.doesNotThrow(failing, TypeError, 'why')),
  'Got unwanted exception: why\nActual message: "text"');
assert.throws(() => assert.doesNotThrow(failing, RangeError), TypeError);
assert.throws(() => assert.doesNotThrow(failing, /x$/), TypeError);

// Promises.
async function main() {
  const rejecting = async () => failing();
  await assert.rejects(rejecting);
  await assert.rejects(rejecting(), { code: 404 });
  await assert.rejects({ then: (resolve, reject) => reject(5), catch() {} }, (error) => error === 5);
  await assert.doesNotReject(async () => {});
  await assert.doesNotReject(Promise.resolve());

  await assert.rejects(assert.rejects(async () => {}), { message: 'Missing expected rejection.', operator: 'rejects' });
  await assert.rejects(assert.rejects(rejecting, RangeError), { code: 'ERR_ASSERTION', operator: 'rejects' });
  await assert.rejects(assert.doesNotReject(rejecting, 'why'), {
    message: 'Got unwanted rejection: why\nActual message: "text"',
    operator: 'doesNotReject',
  });
  await assert.rejects(assert.rejects(5), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "promiseFn" argument/ });
  await assert.rejects(assert.rejects(() => 5), { code: 'ERR_INVALID_RETURN_VALUE' });
  await assert.rejects(assert.rejects({ then() {} }), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(assert.rejects(() => { throw new RangeError('mine'); }), RangeError);
}

main();
