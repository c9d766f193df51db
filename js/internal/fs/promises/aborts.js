// Signals that end the functions of `fs.promises` between two steps.
'use strict';

/**
 * Throws the error of an aborted signal.
 * @param {AbortSignal | undefined} signal
 */
function throwIfAborted(signal) {
  if (!signal?.aborted) return;
  const { AbortError } = require('internal/errors');
  throw new AbortError(undefined, { cause: signal.reason });
}

module.exports = { throwIfAborted };
