// Answers of the native half as promises.
'use strict';

/**
 * The callback for a function of the native half that answers to a promise.
 * @template T
 * @param {(value: T) => void} resolve
 * @param {(error: Error) => void} reject
 * @returns {(error: Error | null, value?: T) => void}
 */
function settler(resolve, reject) {
  return (error, value) => {
    if (error) reject(error);
    else resolve(value);
  };
}

/**
 * Has an asynchronous function of the native half answer to a promise.
 * @template T
 * @param {(done: (error: Error | null, value?: T) => void) => void} start calls the function
 * @returns {Promise<T>}
 */
function promised(start) {
  return new Promise((resolve, reject) => {
    start(settler(resolve, reject));
  });
}

/** Gives an error of the system the stack of those who wait for it. What is refused has that of the call. */
function traceRejection(error) {
  if (error.code === 'ERR_ACCESS_DENIED') throw error;
  Error.captureStackTrace(error, traceRejection);
  throw error;
}

/**
 * As `promised`; a failure has the stack of the functions that wait for the answer.
 * @template T
 * @param {(done: (error: Error | null, value?: T) => void) => void} start calls the function
 * @returns {Promise<T>}
 */
function traced(start) {
  return promised(start).then(undefined, traceRejection);
}

module.exports = { promised, settler, traceRejection, traced };
