// What programs pass as `message` to assertions, and how assertions fail with it.

'use strict';

const { codes: { ERR_AMBIGUOUS_ARGUMENT, ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { isError } = require('internal/util');
const { format } = require('internal/util/inspect');
const { AssertionError } = require('internal/assert/assertion_error');

const binding = internalBinding('assert');

/**
 * Makes the message of a failed assertion from its arguments: a string, perhaps with values for its
 * placeholders; a function that returns it; or an error, which is thrown at once.
 * @param {ArrayLike<unknown>} args All arguments of the assertion.
 * @param {number} start Where the message is among them.
 * @param {unknown} actual Given to the function.
 * @param {unknown} expected Likewise.
 * @returns {string|undefined}
 */
function resolveMessage(args, start, actual, expected) {
  const message = args[start];
  const hasMore = args.length > start + 1;
  if (args.length <= start) return undefined;
  if (typeof message === 'string') {
    return hasMore ? format(...Array.prototype.slice.call(args, start)) : message;
  }
  if (isError(message)) {
    if (!hasMore) throw message;
    throw new ERR_AMBIGUOUS_ARGUMENT(
      'message',
      `The error message was passed as error object "${Error.prototype.toString.call(message)}" ` +
      'has trailing arguments that would be ignored.',
    );
  }
  if (typeof message !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('message', ['string', 'function'], message);
  }
  if (hasMore) {
    throw new ERR_AMBIGUOUS_ARGUMENT(
      'message',
      `The error message with function "${message.name || 'anonymous'}" ` +
      'has trailing arguments that would be ignored.',
    );
  }
  return messageFrom(message, actual, expected);
}

function messageFrom(makeMessage, actual, expected) {
  try {
    const message = makeMessage(actual, expected);
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fails a comparison.
 * @param {ArrayLike<unknown>} args The arguments of the assertion: actual, expected and the message.
 * @param {string} operator
 * @param {Function} stackStartFn The assertion: the stack begins below it.
 * @param {'simple'|'full'} [diff]
 */
function failComparison(args, operator, stackStartFn, diff) {
  const { 0: actual, 1: expected } = args;
  const message = resolveMessage(args, 2, actual, expected);
  throw new AssertionError({ actual, expected, message, operator, stackStartFn, diff });
}

/**
 * Fails `assert.ok` and its kin.
 * @param {ArrayLike<unknown>} args The arguments of the assertion: value and message.
 * @param {Function} stackStartFn The assertion: the stack begins below it.
 */
function failTruth(args, stackStartFn) {
  const actual = args[0];
  let message;
  let isGenerated = true;
  if (args.length === 0) {
    message = 'No value argument passed to `assert.ok()`';
  } else if (args.length === 1 || args[1] == null) {
    message = falsyExpressionMessage(stackStartFn);
  } else {
    message = resolveMessage(args, 1, actual, true);
    isGenerated = false;
  }
  const error = new AssertionError({ actual, expected: true, message, operator: '==', stackStartFn });
  error.generatedMessage = isGenerated;
  throw error;
}

/** Quotes the call of `stackStartFn`; undefined if no program called it. */
function falsyExpressionMessage(stackStartFn) {
  const limit = Error.stackTraceLimit;
  const isLimited = Reflect.set(Error, 'stackTraceLimit', 1);
  const error = {};
  Error.captureStackTrace(error, stackStartFn);
  if (isLimited) Error.stackTraceLimit = limit;
  const place = binding.callSource(error);
  if (place === undefined) return undefined;
  const { callText } = require('internal/assert/call_source');
  return `The expression evaluated to a falsy value:\n\n  ${callText(place[0], place[1])}\n`;
}

module.exports = { resolveMessage, failComparison, failTruth };
