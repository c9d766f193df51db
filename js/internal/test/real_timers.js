// The timers that the test runner itself uses, whatever a program's mocks make of the public ones.
'use strict';

const { clearTimeout, setInterval, setTimeout, clearInterval } = require('timers');

module.exports = { clearInterval, clearTimeout, setInterval, setTimeout };
