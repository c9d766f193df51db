// Node's `assert`: assertion functions that throw an `AssertionError` which shows what was wrong.

'use strict';

const {
  codes: { ERR_CONSTRUCT_CALL_REQUIRED, ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { isError } = require('internal/util');
const { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual } = require('internal/util/comparisons');
const { inspect } = require('internal/util/inspect');
const { validateOneOf } = require('internal/validators');
const { AssertionError } = require('internal/assert/assertion_error');
const {
  catchThrown,
  catchRejected,
  expectException,
  expectNoException,
} = require('internal/assert/exceptions');
const { resolveMessage, failComparison, failTruth } = require('internal/assert/messages');

const types = internalBinding('types');

const kOptions = Symbol('options');

/** The options of the `Assert` a function was called on; undefined for the functions of `assert` itself. */
function optionsOf(receiver) {
  return receiver === assert || receiver === strict ? undefined : receiver?.[kOptions];
}

function diffOf(receiver) {
  return optionsOf(receiver)?.diff;
}

function missingValues() {
  return new ERR_MISSING_ARGS('actual', 'expected');
}

// `length` counts neither `value` nor the message and its placeholders' values.

/**
 * Fails unless `value` is truthy.
 * @param {unknown} [value]
 */
function ok(value = undefined) {
  if (!value) failTruth(arguments, ok);
}

function assert(value = undefined) {
  if (!value) failTruth(arguments, assert);
}

/**
 * Fails always.
 * @param {string|Error} [message] An error is thrown as it is.
 */
function fail(message) {
  if (isError(message)) throw message;
  const isGenerated = message === undefined;
  const error = new AssertionError({
    message: isGenerated ? 'Failed' : message,
    operator: 'fail',
    stackStartFn: fail,
    diff: diffOf(this),
  });
  if (isGenerated) error.generatedMessage = true;
  throw error;
}

/** Fails unless the values are equal by `==` or both NaN. */
function equal(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (actual == expected || (actual !== actual && expected !== expected)) return;
  failComparison(arguments, '==', equal, diffOf(this));
}

/** Fails if the values are equal by `==` or both NaN. */
function notEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (actual == expected || (actual !== actual && expected !== expected)) {
    failComparison(arguments, '!=', notEqual, diffOf(this));
  }
}

/** Fails unless the values have the same structure and parts equal by `==`. */
function deepEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (!isDeepEqual(actual, expected)) failComparison(arguments, 'deepEqual', deepEqual, diffOf(this));
}

/** Fails if `deepEqual` would not. */
function notDeepEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (isDeepEqual(actual, expected)) failComparison(arguments, 'notDeepEqual', notDeepEqual, diffOf(this));
}

/** Fails unless the values have the same structure, prototypes and parts that are the same values. */
function deepStrictEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (Object.is(actual, expected)) return;
  const options = optionsOf(this);
  if (!isDeepStrictEqual(actual, expected, options?.skipPrototype)) {
    failComparison(arguments, 'deepStrictEqual', deepStrictEqual, options?.diff);
  }
}

/** Fails if `deepStrictEqual` would not. */
function notDeepStrictEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  const options = optionsOf(this);
  if (isDeepStrictEqual(actual, expected, options?.skipPrototype)) {
    failComparison(arguments, 'notDeepStrictEqual', notDeepStrictEqual, options?.diff);
  }
}

/** Fails unless the values are the same by `Object.is`. */
function strictEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (!Object.is(actual, expected)) failComparison(arguments, 'strictEqual', strictEqual, diffOf(this));
}

/** Fails if the values are the same by `Object.is`. */
function notStrictEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (Object.is(actual, expected)) failComparison(arguments, 'notStrictEqual', notStrictEqual, diffOf(this));
}

/** Fails unless everything in `expected` is in `actual` too. */
function partialDeepStrictEqual(actual, expected) {
  if (arguments.length < 2) throw missingValues();
  if (!isPartialStrictEqual(actual, expected)) {
    failComparison(arguments, 'partialDeepStrictEqual', partialDeepStrictEqual, diffOf(this));
  }
}

/**
 * Fails unless `fn` throws.
 * @param {() => unknown} fn
 * @param {RegExp|Function|object|Error|string} [error] What it is to throw; a string is the message.
 * @param {string} [message]
 */
function throws(fn) {
  expectException(throws, catchThrown(fn), arguments);
}

/**
 * `throws` for a promise or an async function.
 * @param {(() => Promise)|Promise} promiseFn
 * @param {RegExp|Function|object|Error|string} [error]
 * @param {string} [message]
 * @returns {Promise<undefined>}
 */
async function rejects(promiseFn) {
  expectException(rejects, await catchRejected(promiseFn), arguments);
}

/**
 * Fails if `fn` throws.
 * @param {() => unknown} fn
 * @param {RegExp|Function|string} [error] Only this fails, others pass through; a string is the message.
 * @param {string} [message]
 */
function doesNotThrow(fn) {
  expectNoException(doesNotThrow, catchThrown(fn), arguments);
}

/**
 * `doesNotThrow` for a promise or an async function.
 * @param {(() => Promise)|Promise} promiseFn
 * @param {RegExp|Function|string} [error]
 * @param {string} [message]
 * @returns {Promise<undefined>}
 */
async function doesNotReject(promiseFn) {
  expectNoException(doesNotReject, await catchRejected(promiseFn), arguments);
}

/**
 * Fails unless `err` is null or undefined, as the first argument of callbacks is to be.
 * @param {unknown} err
 */
function ifError(err) {
  if (err === null || err === undefined) return;
  const error = new AssertionError({
    actual: err,
    expected: null,
    operator: 'ifError',
    message: `ifError got unwanted exception: ${describeError(err)}`,
    stackStartFn: ifError,
    diff: diffOf(this),
  });
  if (typeof err.stack === 'string') error.stack = joinStacks(error.stack, err.stack);
  throw error;
}

function describeError(err) {
  if (typeof err !== 'object' || typeof err.message !== 'string') return inspect(err);
  return err.message.length === 0 && err.constructor ? err.constructor.name : err.message;
}

/** Appends the frames of the original stack, dropping from the new one those that both have. */
function joinStacks(stack, original) {
  const start = original.indexOf('\n    at');
  if (start === -1) return stack;
  const originalFrames = original.slice(start + 1).split('\n');
  let lines = stack.split('\n');
  for (const frame of originalFrames) {
    const common = lines.indexOf(frame);
    if (common !== -1) {
      lines = lines.slice(0, common);
      break;
    }
  }
  return `${lines.join('\n')}\n${originalFrames.join('\n')}`;
}

function checkMatch(assertion, args, isExpected, explanation) {
  const { 0: string, 1: regexp } = args;
  if (!types.isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  const isString = typeof string === 'string';
  if (isString && (RegExp.prototype.exec.call(regexp, string) !== null) === isExpected) return;

  const isGenerated = args.length < 3;
  const messages = [...args].slice(2);
  messages[0] ||= isString ?
    `${explanation} ${inspect(regexp)}. Input:\n\n${inspect(string)}\n` :
    new ERR_INVALID_ARG_TYPE('string', 'string', string).message;
  const error = new AssertionError({
    actual: string,
    expected: regexp,
    message: resolveMessage(messages, 0, string, regexp),
    operator: assertion.name,
    stackStartFn: assertion,
  });
  error.generatedMessage = isGenerated;
  throw error;
}

/** Fails unless `regexp` matches `string`. */
function match(string, regexp) {
  checkMatch(match, arguments, true, 'The input did not match the regular expression');
}

/** Fails if `regexp` matches `string`. */
function doesNotMatch(string, regexp) {
  checkMatch(doesNotMatch, arguments, false, 'The input was expected to not match the regular expression');
}

/**
 * The functions of `assert` with options.
 * @param {object} [options]
 * @param {'simple'|'full'} [options.diff='simple'] Whether long values are shortened in messages.
 * @param {boolean} [options.strict=true] Whether `equal` is `strictEqual` and so on.
 * @param {boolean} [options.skipPrototype=false] Whether strict deep comparisons leave out prototypes.
 */
function Assert(options) {
  if (!new.target) throw new ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  const settings = { __proto__: null, strict: true, skipPrototype: false, ...options };
  if (options?.diff !== undefined) validateOneOf(options.diff, 'options.diff', ['simple', 'full']);

  this.AssertionError = AssertionError;
  Object.defineProperty(this, kOptions, { __proto__: null, value: settings });
  if (settings.strict) {
    this.equal = strictEqual;
    this.deepEqual = deepStrictEqual;
    this.notEqual = notStrictEqual;
    this.notDeepEqual = notDeepStrictEqual;
  }
}

Object.assign(Assert.prototype, {
  fail,
  ok,
  equal,
  notEqual,
  deepEqual,
  notDeepEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  strictEqual,
  notStrictEqual,
  partialDeepStrictEqual,
  throws,
  rejects,
  doesNotThrow,
  doesNotReject,
  ifError,
  match,
  doesNotMatch,
});

/** `assert` in which `equal` is `strictEqual` and so on. */
function strict(value = undefined) {
  if (!value) failTruth(arguments, strict);
}

const functions = {
  AssertionError,
  ok,
  fail,
  equal,
  notEqual,
  deepEqual,
  notDeepEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  strictEqual,
  notStrictEqual,
  partialDeepStrictEqual,
  match,
  doesNotMatch,
  throws,
  rejects,
  doesNotThrow,
  doesNotReject,
  ifError,
};

Object.assign(strict, functions, {
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual,
  Assert,
  strict,
});

module.exports = Object.assign(assert, functions, { strict, Assert });
