// Answers of the native half as promises.
'use strict';

/**
 * Has an asynchronous function of the native half answer to a promise.
 * @template T
 * @param {(done: (error: Error | null, value?: T) => void) => void} start calls the function
 * @returns {Promise<T>}
 */
function promised(start) {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

module.exports = { promised };
