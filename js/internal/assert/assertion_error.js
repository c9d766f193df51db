// `assert.AssertionError`: what assertions throw.

'use strict';

const { inspect } = require('internal/util/inspect');
const { isError } = require('internal/util');
const { validateObject } = require('internal/validators');

/** Lines of a string shown when the error is inspected. */
const kMaxShownLines = 10;
const kMaxShownLength = 512;

/** Makes an error that is shown without its stack, as the stacks of compared errors always differ. */
function withoutStack(error) {
  const copy = Object.assign({ __proto__: Object.getPrototypeOf(error) }, error);
  Object.defineProperty(copy, 'message', { __proto__: null, value: error.message });
  if (Object.hasOwn(error, 'cause')) {
    const cause = isError(error.cause) ? withoutStack(error.cause) : error.cause;
    Object.defineProperty(copy, 'cause', { __proto__: null, value: cause });
  }
  return copy;
}

function describe(actual, expected, operator, diff) {
  const { unequalMessage, bothValuesMessage, diffMessage } = require('internal/assert/diff_message');
  if (isError(actual) && isError(expected)) {
    actual = withoutStack(actual);
    expected = withoutStack(expected);
  }
  switch (operator) {
    case 'deepStrictEqual':
    case 'strictEqual':
    case 'partialDeepStrictEqual':
      return diffMessage(actual, expected, operator, undefined, diff);
    case 'notDeepStrictEqual':
    case 'notStrictEqual':
      return unequalMessage(actual, operator, diff);
    default:
      return bothValuesMessage(actual, expected, operator, diff);
  }
}

function customMessage(message, actual, expected, operator, diff) {
  if (operator !== 'deepStrictEqual' && operator !== 'strictEqual' && operator !== 'partialDeepStrictEqual') {
    return String(message);
  }
  const { diffMessage } = require('internal/assert/diff_message');
  return diffMessage(actual, expected, operator, message || undefined, diff);
}

/** Shortens a string that is shown as a property of the error. */
function shortened(value) {
  if (typeof value !== 'string') return value;
  const lines = value.split('\n', kMaxShownLines + 1);
  if (lines.length > kMaxShownLines) {
    lines.length = kMaxShownLines;
    return `${lines.join('\n')}\n...`;
  }
  return value.length > kMaxShownLength ? `${value.slice(kMaxShownLength)}...` : value;
}

class AssertionError extends Error {
  /**
   * @param {object} options
   * @param {string} [options.message] Without it the message is made of the values and the operator.
   * @param {unknown} [options.actual]
   * @param {unknown} [options.expected]
   * @param {string} [options.operator]
   * @param {Function} [options.stackStartFn] The stack begins below it.
   * @param {'simple'|'full'} [options.diff] Whether long values are shortened in the message.
   */
  constructor(options) {
    validateObject(options, 'options');
    const {
      message,
      operator,
      stackStartFn,
      details,
      stackStartFunction, // The former name of stackStartFn.
      diff = 'simple',
    } = options;
    const { actual, expected } = options;

    const text = message != null ?
      customMessage(message, actual, expected, operator, diff) :
      describe(actual, expected, operator, diff);
    // The stack is captured below.
    const limit = Error.stackTraceLimit;
    const isLimited = Reflect.set(Error, 'stackTraceLimit', 0);
    super(text);
    if (isLimited) Error.stackTraceLimit = limit;

    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', {
      __proto__: null,
      value: 'AssertionError [ERR_ASSERTION]',
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.code = 'ERR_ASSERTION';
    if (details) {
      this.actual = undefined;
      this.expected = undefined;
      this.operator = undefined;
      for (let i = 0; i < details.length; i++) {
        this[`message ${i}`] = details[i].message;
        this[`actual ${i}`] = details[i].actual;
        this[`expected ${i}`] = details[i].expected;
        this[`operator ${i}`] = details[i].operator;
        this[`stack trace ${i}`] = details[i].stack;
      }
    } else {
      this.actual = actual;
      this.expected = expected;
      this.operator = operator;
    }
    this.diff = diff;
    Error.captureStackTrace(this, stackStartFn || stackStartFunction);
    // The code is to stand in the stack and not in the name, so the stack is made while it is in the name.
    void this.stack;
    this.name = 'AssertionError';
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [inspect.custom](recurseTimes, context) {
    const { actual, expected } = this;
    this.actual = shortened(actual);
    this.expected = shortened(expected);
    const result = inspect(this, { ...context, customInspect: false, depth: 0 });
    this.actual = actual;
    this.expected = expected;
    return result;
  }
}

module.exports = { AssertionError };
