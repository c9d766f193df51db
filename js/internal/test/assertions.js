// `t.assert`: the functions of `assert`, those that a program registers, and snapshots, counted by plans.
'use strict';

const assert = require('assert');
const { failTruth } = require('internal/assert/messages');
const { validateFunction, validateString } = require('internal/validators');

const OMITTED = new Set(['AssertionError', 'Assert', 'ok', 'options', 'strict', 'CallTracker']);

const registered = new Map();
for (const name of Object.keys(assert).sort()) {
  if (!OMITTED.has(name)) registered.set(name, assert[name]);
}

/**
 * Adds an assertion to every `t.assert`.
 * @param {string} name
 * @param {Function} fn  called with the context as `this`
 */
function register(name, fn) {
  validateString(name, 'name');
  validateFunction(fn, 'fn');
  registered.set(name, fn);
}

/**
 * @param {object} context  of the test
 * @param {object} test
 * @returns {Record<string, Function>} the value of `context.assert`
 */
function assertionsOf(context, test) {
  const assertions = { __proto__: null };
  const { manager } = require('internal/test/snapshot');
  const snapshots = manager(test.root);
  const all = new Map(registered);
  if (!all.has('snapshot')) all.set('snapshot', snapshots.createAssert());
  if (!all.has('fileSnapshot')) all.set('fileSnapshot', snapshots.createFileAssert());
  for (const [name, fn] of all) {
    assertions[name] = (...args) => {
      test.plan?.count();
      return Reflect.apply(fn, context, args);
    };
  }
  if (!all.has('ok')) assertions.ok = countedOk(test);
  return assertions;
}

// The message of `ok` quotes the call, so it must know which function was called.
function countedOk(test) {
  function ok(...args) {
    test.plan?.count();
    if (!args[0]) failTruth(args, ok);
  }
  return ok;
}

module.exports = { assertionsOf, register };
