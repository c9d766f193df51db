// Hooks around each test count for all tests of the suite and below, wherever in the file they stand.
'use strict';
const assert = require('assert');
const { after, afterEach, beforeEach, describe, it, test } = require('node:test');

const order = [];
describe('a suite before the hooks', () => {
  it('a', () => order.push('a'));
  beforeEach(() => order.push('of the suite'));
});
test('b', async (t) => {
  order.push('b');
  await t.test('c', () => order.push('c'));
});
beforeEach(() => order.push('before'));
afterEach(() => order.push('after'));
after(() => {
  assert.deepStrictEqual(order, [
    'before', 'of the suite', 'a', 'after',
    'before', 'b', 'before', 'c', 'after', 'after',
  ]);
});
