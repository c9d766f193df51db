// Whether a test that must fail has failed as it must: the option `expectFailure`.
'use strict';

const { isFailure, kinds } = require('internal/test/failure');

/**
 * @param {{ match?: any }} expected
 * @param {Error} error  what the test failed with
 * @returns {Error | undefined} undefined where it is what was expected, else the error of `assert.throws`
 */
function matchExpectedFailure(expected, error) {
  if (expected.match === undefined) return undefined;
  const cause = isFailure(error) && error.failureType !== kinds.subtests ? error.cause : error;
  const { match } = expected;
  try {
    require('assert').throws(() => {
      throw cause;
    }, typeof match === 'function' && match.prototype === undefined ? named(match) : match);
    return undefined;
  } catch (mismatch) {
    return mismatch;
  }
}

// Messages of `assert` name the validation function.
function named(match) {
  return { expectFailure: (error) => match(error) }.expectFailure;
}

module.exports = { matchExpectedFailure };
