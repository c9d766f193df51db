// Node's `tty`: whether a descriptor is a terminal. Its streams are not there yet.
'use strict';

const { notYet } = require('internal/not_yet');
const binding = internalBinding('stdio');

/** @returns {boolean} whether the descriptor `fd` is a terminal */
function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= 2147483647 && binding.isatty(fd);
}

module.exports = { isatty, ...notYet('tty', ['ReadStream', 'WriteStream']) };
