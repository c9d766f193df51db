// Node's `node:test`: tests, suites, hooks, mocks and the runner of test files.
'use strict';

const { getTestContext, hookFunction, testFunction } = require('internal/test/harness');

const test = testFunction('test');
const suite = testFunction('suite');

function run() {
  return require('internal/test/runner').run(...arguments);
}

module.exports = test;
Object.assign(test, {
  after: hookFunction('after'),
  afterEach: hookFunction('afterEach'),
  before: hookFunction('before'),
  beforeEach: hookFunction('beforeEach'),
  describe: suite,
  getTestContext,
  it: test,
  run,
  suite,
  test,
});

function lazy(name, load) {
  let value;
  Object.defineProperty(test, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return value ??= load();
    },
  });
}

lazy('mock', () => new (require('internal/test/mock/tracker').MockTracker)());
lazy('snapshot', () => require('internal/test/snapshot').settings());
lazy('assert', () => ({ __proto__: null, register: require('internal/test/assertions').register }));
