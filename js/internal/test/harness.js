// The tests of this process: their root is made when the first one is.
'use strict';

const { resolve } = require('path');
const { getOptionValue } = require('internal/options');
const { currentTest } = require('internal/test/current');
const { callerLocation } = require('internal/test/location');
const { readConfig } = require('internal/test/config');
const { Root } = require('internal/test/root');

let root;

/** The hooks of files that are loaded before `--test` begins its run: those of a run in this process. */
const earlyHooks = [];

/** @returns {Root} the root of the tests of this process */
function processRoot() {
  if (root !== undefined) return root;
  const config = readConfig();
  const main = process.argv[1];
  root = new Root(config, {
    entryFile: main === undefined ? undefined : resolve(main),
    connect: require('internal/test/report_output').connectReporters,
  });
  root.watchProcess();
  return root;
}

/** Has the tests of this process belong to a run that `run()` has begun. */
function adoptRoot(other) {
  root = other;
  for (const hook of earlyHooks) root.addHook(...hook);
  earlyHooks.length = 0;
}

function isBeforeRun() {
  return root === undefined && getOptionValue('--test') === true && process.env.NODE_TEST_CONTEXT === undefined;
}

/** The test or suite that tests made now belong to. */
function surroundingTest() {
  const test = currentTest();
  return test === undefined ? processRoot() : test.owner ?? test;
}

function makeTest(type, name, options, fn, overrides, below) {
  const parent = surroundingTest();
  const test = parent.createSubtest(type, name, options, fn, overrides, callerLocation(below));
  if (parent.isSuite) return Promise.resolve();
  return parent.isRoot ? parent.startChild(test) : test.start();
}

/** @returns {Function} `test` or `describe`, with `skip`, `todo`, `only` and `expectFailure` */
function testFunction(type) {
  const test = (name, options, fn) => makeTest(type, name, options, fn, undefined, test);
  for (const option of ['expectFailure', 'skip', 'todo', 'only']) {
    // eslint-disable-next-line func-names
    test[option] = anonymous((name, options, fn, below) => (
      makeTest(type, name, options, fn, { __proto__: null, [option]: true }, below)));
  }
  return test;
}

function anonymous(make) {
  const holder = [function(name, options, fn) {
    return make(name, options, fn, holder[0]);
  }];
  return holder[0];
}

/** @returns {Function} `before`, `after`, `beforeEach` or `afterEach` */
function hookFunction(kind) {
  const holder = [function(fn, options) {
    const hook = [kind, fn, options, callerLocation(holder[0])];
    if (isBeforeRun()) earlyHooks.push(hook);
    else surroundingTest().addHook(...hook);
  }];
  return holder[0];
}

/** @returns {object | undefined} the context of the test that the running code belongs to */
function getTestContext() {
  return currentTest()?.context;
}

module.exports = { adoptRoot, getTestContext, hookFunction, processRoot, testFunction };
