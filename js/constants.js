// Node's `constants`: those of `os`, `fs` and `crypto` in one object.

'use strict';

const { os, fs } = internalBinding('constants');

module.exports = Object.freeze({
  ...os.dlopen,
  ...os.errno,
  ...os.priority,
  ...os.signals,
  ...fs,
  ...require('internal/crypto/constants'),
});
