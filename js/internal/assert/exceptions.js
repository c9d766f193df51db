// Checks what a function throws or a promise rejects with: `assert.throws` and its kin.

'use strict';

const {
  codes: { ERR_AMBIGUOUS_ARGUMENT, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_RETURN_VALUE },
} = require('internal/errors');
const { isError } = require('internal/util');
const { validateFunction } = require('internal/validators');
const { AssertionError } = require('internal/assert/assertion_error');

const types = internalBinding('types');

const kNothing = Symbol('nothing was thrown');

/** The properties of an error that are compared; its name heads the difference that is shown. */
class Comparison {
  constructor(object, keys, actual) {
    for (const key of keys) {
      if (!(key in object)) continue;
      this[key] = actual !== undefined && matchesKey(actual, object, key) ? actual[key] : object[key];
    }
  }
}

/** Whether a regular expression is expected for `key`, and matches. */
function matchesKey(actual, expected, key) {
  return typeof actual[key] === 'string' && types.isRegExp(expected[key]) &&
    RegExp.prototype.exec.call(expected[key], actual[key]) !== null;
}

/**
 * @param {Function} fn
 * @returns {unknown} What `fn` throws, or a mark that means nothing.
 */
function catchThrown(fn) {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return kNothing;
}

function isPromiseLike(value) {
  return types.isPromise(value) || (value !== null && typeof value === 'object' &&
    typeof value.then === 'function' && typeof value.catch === 'function');
}

/**
 * @param {Promise|(() => Promise)} promiseFn
 * @returns {Promise<unknown>} What the promise rejects with, or a mark that means nothing.
 */
async function catchRejected(promiseFn) {
  let promise = promiseFn;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isPromiseLike(promise)) {
      throw new ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
    }
  } else if (!isPromiseLike(promiseFn)) {
    throw new ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return kNothing;
}

/**
 * Fails unless `actual` was thrown and is as expected.
 * @param {Function} assertion `throws` or `rejects`.
 * @param {unknown} actual What `catchThrown` or `catchRejected` gave.
 * @param {ArrayLike<unknown>} args The arguments of the assertion: function, expected error, message.
 */
function expectException(assertion, actual, args) {
  let { 1: expected, 2: message } = args;
  if (typeof expected === 'string') {
    if (args.length > 2) throw wrongError(expected);
    rejectAmbiguity(actual, expected);
    message = expected;
    expected = undefined;
  } else if (expected != null && typeof expected !== 'object' && typeof expected !== 'function') {
    throw wrongError(expected);
  }
  if (actual === kNothing) {
    const kind = assertion.name === 'rejects' ? 'rejection' : 'exception';
    const name = expected?.name ? ` (${expected.name})` : '';
    throw new AssertionError({
      actual: undefined,
      expected,
      operator: assertion.name,
      message: `Missing expected ${kind}${name}${message ? `: ${message}` : '.'}`,
      stackStartFn: assertion,
    });
  }
  if (!expected) return;
  if (typeof expected === 'function') matchFunction(assertion, actual, expected, message);
  else if (types.isRegExp(expected)) matchRegExp(assertion, actual, expected, message);
  else matchObject(assertion, actual, expected, message);
}

function wrongError(expected) {
  return new ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], expected);
}

/** A string that equals what was thrown was probably meant to be compared with it. */
function rejectAmbiguity(actual, message) {
  if (typeof actual === 'object' && actual !== null) {
    if (actual.message !== message) return;
    throw new ERR_AMBIGUOUS_ARGUMENT('error/message',
      `The error message "${actual.message}" is identical to the message.`);
  }
  if (actual === message) {
    throw new ERR_AMBIGUOUS_ARGUMENT('error/message', `The error "${actual}" is identical to the message.`);
  }
}

function failMatch(assertion, actual, expected, message, makeMessage) {
  const error = new AssertionError({
    actual,
    expected,
    message: message || makeMessage(),
    operator: assertion.name,
    stackStartFn: assertion,
  });
  error.generatedMessage = !message;
  throw error;
}

function matchRegExp(assertion, actual, expected, message) {
  const text = String(actual);
  if (RegExp.prototype.exec.call(expected, text) !== null) return;
  failMatch(assertion, actual, expected, message, () => {
    const { inspect } = require('internal/util/inspect');
    const [pattern, input] = [inspect(expected), inspect(text)];
    return `The input did not match the regular expression ${pattern}. Input:\n\n${input}\n`;
  });
}

function matchFunction(assertion, actual, expected, message) {
  if (expected.prototype !== undefined && actual instanceof expected) return;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) {
    failMatch(assertion, actual, expected, message, () => instanceMessage(actual, expected));
  }
  const result = Reflect.apply(expected, {}, [actual]);
  if (result === true) return;
  failMatch(assertion, actual, expected, message, () => {
    const { inspect } = require('internal/util/inspect');
    const name = expected.name ? `"${expected.name}" ` : '';
    const caught = isError(actual) ? `\n\nCaught error:\n\n${actual}` : '';
    const received = inspect(result);
    return `The ${name}validation function is expected to return "true". Received ${received}${caught}`;
  });
}

function instanceMessage(actual, expected) {
  const { inspect } = require('internal/util/inspect');
  const start = `The error is expected to be an instance of "${expected.name}". Received `;
  if (!isError(actual)) return `${start}"${inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor?.name;
  const received = name === expected.name ?
    'an error with identical name but a different prototype.' :
    `"${name}"`;
  return `${start}${received}${actual.message ? `\n\nError message:\n\n${actual.message}` : ''}`;
}

function matchObject(assertion, actual, expected, message) {
  const stackStartFn = assertion;
  if (typeof actual !== 'object' || actual === null) {
    const operator = 'deepStrictEqual';
    const error = new AssertionError({ actual, expected, message, operator, stackStartFn });
    error.operator = assertion.name;
    throw error;
  }
  const keys = Object.keys(expected);
  if (expected instanceof Error) {
    keys.push('name', 'message');
  } else if (keys.length === 0) {
    throw new ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  }

  const { isDeepStrictEqual } = require('internal/util/comparisons');
  for (const key of keys) {
    if (matchesKey(actual, expected, key)) continue;
    if (key in actual && isDeepStrictEqual(actual[key], expected[key])) continue;
    if (message) {
      if (isError(message)) throw message;
      throw new AssertionError({ actual, expected, message, operator: assertion.name, stackStartFn });
    }
    const error = new AssertionError({
      actual: new Comparison(actual, keys),
      expected: new Comparison(expected, keys, actual),
      operator: 'deepStrictEqual',
      stackStartFn,
    });
    error.actual = actual;
    error.expected = expected;
    error.operator = assertion.name;
    throw error;
  }
}

/**
 * Fails if the error that was thrown is one that must not be, and passes on others.
 * @param {Function} assertion `doesNotThrow` or `doesNotReject`.
 * @param {unknown} actual What `catchThrown` or `catchRejected` gave.
 * @param {ArrayLike<unknown>} args The arguments of the assertion: function, unwanted error, message.
 */
function expectNoException(assertion, actual, args) {
  if (actual === kNothing) return;
  let { 1: expected, 2: message } = args;
  if (typeof expected === 'string') {
    message = expected;
    expected = undefined;
  }
  if (expected && !isUnwanted(actual, expected)) throw actual;
  const kind = assertion.name === 'doesNotReject' ? 'rejection' : 'exception';
  throw new AssertionError({
    actual,
    expected,
    operator: assertion.name,
    message: `Got unwanted ${kind}${message ? `: ${message}` : '.'}\nActual message: "${actual?.message}"`,
    stackStartFn: assertion,
  });
}

function isUnwanted(actual, expected) {
  if (typeof expected === 'function') {
    if (expected.prototype !== undefined && actual instanceof expected) return true;
    if (Object.prototype.isPrototypeOf.call(Error, expected)) return false;
    return Reflect.apply(expected, {}, [actual]) === true;
  }
  if (types.isRegExp(expected)) return RegExp.prototype.exec.call(expected, String(actual)) !== null;
  throw new ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
}

module.exports = { catchThrown, catchRejected, expectException, expectNoException };
