// The clock of `performance` and of event time stamps.
'use strict';

/** The native half, which a start-up snapshot cannot hold. */
let binding;

/** What the native clock showed when the runtime began, in nanoseconds. */
let origin;

/** @returns {number} milliseconds since the runtime began, with a fraction */
function now() {
  if (origin === undefined) {
    binding = internalBinding('perf_hooks');
    origin = binding.clockOrigin();
  }
  return (binding.clock() - origin) / 1e6;
}

module.exports = { now };
