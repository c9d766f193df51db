// The copy of `process.env` that a message brings: an object like any other.
'use strict';

const { kDeserialize } = require('internal/transferable');

/** Makes a plain object that takes over the variables when they come. */
function Variables() {
  const copy = {};
  copy[kDeserialize] = function(variables) {
    delete copy[kDeserialize];
    Object.assign(copy, variables);
  };
  return copy;
}

module.exports = { Variables };
