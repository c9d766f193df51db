// Node's `console`, for the time until its own file is here.
'use strict';
const binding = internalBinding('stdio');
const { formatWithOptions } = require('internal/util/inspect');
module.exports = {
  log(...args) { binding.write(1, `${formatWithOptions({}, ...args)}\n`); },
  error(...args) { binding.write(2, `${formatWithOptions({}, ...args)}\n`); },
};
