// `DOMException` and `QuotaExceededError`.
'use strict';

const assert = require('node:assert');
const util = require('node:util');

const exception = new DOMException('gone', 'AbortError');
assert.strictEqual(exception.name, 'AbortError');
assert.strictEqual(exception.message, 'gone');
assert.strictEqual(exception.code, DOMException.ABORT_ERR);
assert.strictEqual(exception.code, 20);
assert.ok(exception instanceof Error && util.types.isNativeError(exception));
assert.deepStrictEqual(Reflect.ownKeys(exception), ['stack']);
assert.match(exception.stack, /^AbortError: gone\n {4}at /);
assert.strictEqual(String(exception), 'AbortError: gone');
assert.strictEqual(Object.prototype.toString.call(exception), '[object DOMException]');
assert.match(util.inspect(exception), /^DOMException \[AbortError\]: gone\n/);

assert.strictEqual(new DOMException().name, 'Error');
assert.strictEqual(new DOMException('x', 'Custom').code, 0);
assert.strictEqual('cause' in new DOMException('x'), false);
const caused = new DOMException('x', { name: 'NotFoundError', cause: 1 });
assert.deepStrictEqual(Object.getOwnPropertyDescriptor(caused, 'cause'), {
  value: 1, writable: true, enumerable: false, configurable: true,
});
assert.strictEqual(caused.code, 8);
assert.throws(() => { exception.name = 'x'; }, TypeError);

assert.deepStrictEqual(Object.getOwnPropertyDescriptor(DOMException, 'DATA_CLONE_ERR'), {
  value: 25, writable: false, enumerable: true, configurable: false,
});
assert.strictEqual(exception.DATA_CLONE_ERR, 25);
assert.strictEqual(Object.getPrototypeOf(DOMException), Function.prototype);

const { get } = Object.getOwnPropertyDescriptor(DOMException.prototype, 'name');
assert.throws(() => get.call({}), {
  name: 'TypeError',
  code: 'ERR_INVALID_THIS',
  message: 'Value of "this" must be of DOMException',
});

class Own extends DOMException {
  constructor() {
    super('own', 'OwnError');
    this.extra = 1;
  }
}
const own = new Own();
assert.ok(own instanceof Own && own instanceof DOMException);
assert.strictEqual(own.stack.split('\n')[0], 'OwnError: own');

const quota = new QuotaExceededError('full', { quota: 1, requested: 2 });
assert.ok(quota instanceof DOMException);
assert.deepStrictEqual(
  [quota.name, quota.code, quota.quota, quota.requested],
  ['QuotaExceededError', 22, 1, 2]);
assert.strictEqual(new QuotaExceededError('full').quota, null);
assert.throws(() => new QuotaExceededError('full', { quota: 3, requested: 2 }), RangeError);
assert.throws(() => new QuotaExceededError('full', { quota: -1 }), {
  name: 'RangeError',
  message: 'options.quota must not be negative',
});
