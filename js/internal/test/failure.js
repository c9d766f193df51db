// Why a test failed: ERR_TEST_FAILURE with the kinds that reporters tell apart.
'use strict';

const { codes: { ERR_TEST_FAILURE }, formatStack, overrideStack } = require('internal/errors');

/** The values of `failureType`. */
const kinds = {
  aborted: 'testAborted',
  callbackAndPromise: 'callbackAndPromisePresent',
  calledTwice: 'multipleCallbackInvocations',
  cancelledByParent: 'cancelledByParent',
  expectedFailure: 'expectedFailure',
  hook: 'hookFailed',
  parentFinished: 'parentAlreadyFinished',
  subtests: 'subtestsFailed',
  testCode: 'testCodeFailure',
  timeout: 'testTimeoutFailure',
  uncaughtException: 'uncaughtException',
  unhandledRejection: 'unhandledRejection',
};

const ownFrame = /^\s+at (?:.*\()?node:/;

/**
 * @param {unknown} cause  what went wrong: an error or a text
 * @param {string} kind  one of `kinds`
 * @returns {Error} with the program's own frames alone
 */
function failure(cause, kind) {
  const error = new ERR_TEST_FAILURE(cause, kind);
  overrideStack(error, withoutOwnFrames);
  return error;
}

function withoutOwnFrames(error, callSites) {
  return formatStack(error, callSites).split('\n').filter((line) => !ownFrame.test(line)).join('\n');
}

/** @returns {boolean} whether `failure` made it */
function isFailure(error) {
  return error?.code === 'ERR_TEST_FAILURE' && typeof error.failureType === 'string';
}

module.exports = { failure, isFailure, kinds };
