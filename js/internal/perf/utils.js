// The clock of `performance` and of event time stamps.
'use strict';

/** @returns {number} milliseconds since the process began, with a fraction */
function now() {
  return process.uptime() * 1000;
}

module.exports = { now };
