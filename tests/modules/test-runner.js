// `node:test`: results, order, hooks, mocks and plans, as its own events tell them.
'use strict';

const assert = require('assert');
const test = require('node:test');
const { describe, it, mock } = test;

assert.throws(() => require('test'), { code: 'MODULE_NOT_FOUND' });
assert.deepStrictEqual(Object.keys(require('node:test/reporters')), ['dot', 'junit', 'spec', 'tap', 'lcov']);

const order = [];
test.before(() => order.push('before'));
test.after(() => {
  order.push('after');
  assert.deepStrictEqual(order, [
    'before', 'suite', 'first', 'inner', 'beforeEach', 'in suite', 'afterEach', 'callback', 'after',
  ]);
});

test('first', async (t) => {
  order.push('first');
  assert.strictEqual(t.fullName, 'first');
  assert.strictEqual(test.getTestContext(), t);
  await t.test('inner', (inner) => {
    order.push('inner');
    inner.plan(2);
    inner.assert.ok(true);
    inner.assert.strictEqual(inner.fullName, 'first > inner');
  });
});

describe('suite', () => {
  order.push('suite');
  test.beforeEach(() => order.push('beforeEach'));
  test.afterEach(() => order.push('afterEach'));
  it('in suite', () => order.push('in suite'));
  it.skip('skipped', () => assert.fail());
});

test('callback', (t, done) => {
  order.push('callback');
  setImmediate(done);
});

test('fails as expected', { expectFailure: /boom/ }, () => {
  throw new Error('boom');
});

test('an uncaught exception belongs to its test', { expectFailure: /later/ }, () => new Promise(() => {
  setTimeout(() => {
    throw new Error('later');
  });
}));

test('mocks', (t) => {
  const object = { add: (a, b) => a + b, value: 1 };
  const add = t.mock.method(object, 'add', () => 7);
  assert.strictEqual(object.add(1, 2), 7);
  assert.deepStrictEqual(add.mock.calls[0].arguments, [1, 2]);
  assert.strictEqual(add.mock.calls[0].this, object);
  add.mock.restore();
  assert.strictEqual(object.add(1, 2), 3);
  const property = t.mock.property(object, 'value', 5);
  assert.strictEqual(object.value, 5);
  assert.strictEqual(property.mock.accessCount(), 1);
  t.mock.restoreAll();
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(object, 'value').value, 1);
});

test('a mocked clock', () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'], now: 100 });
  const seen = [];
  setTimeout(() => seen.push('timeout'), 10);
  setInterval(() => seen.push('interval'), 4);
  setImmediate(() => seen.push('immediate'));
  mock.timers.tick(10);
  assert.strictEqual(Date.now(), 110);
  mock.timers.reset();
  assert.notStrictEqual(Date.now(), 110);
  assert.deepStrictEqual(seen, ['immediate', 'interval', 'interval', 'timeout']);
});
