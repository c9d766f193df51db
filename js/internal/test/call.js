// Calls the function of a test or hook in any of its three forms: synchronous, promise, callback.
'use strict';

const { failure, kinds } = require('internal/test/failure');
const { scopeOf } = require('internal/test/current');
const { isPromise } = require('internal/util/types');

/**
 * @param {object} test  what the function's asynchronous work belongs to
 * @param {Function} fn  takes the context, and `done` where its length says so
 * @param {object} context
 * @returns {Promise<void>}
 */
function callTestFunction(test, fn, context) {
  if (fn.length !== 2) return Promise.resolve(scopeOf(test).runInAsyncScope(fn, context, context));
  const { promise, done } = doneCallback();
  promise.catch(() => {});
  const result = scopeOf(test).runInAsyncScope(fn, context, context, done);
  if (!isPromise(result)) return promise;
  result.catch(() => {});
  return Promise.reject(failure('passed a callback but also returned a Promise', kinds.callbackAndPromise));
}

function doneCallback() {
  const { promise, resolve, reject } = Promise.withResolvers();
  let calls = 0;
  function done(error) {
    calls++;
    if (calls > 2) return;
    if (calls === 2) throw failure('callback invoked multiple times', kinds.calledTwice);
    if (error) reject(error);
    else resolve();
  }
  return { promise, done };
}

module.exports = { callTestFunction };
