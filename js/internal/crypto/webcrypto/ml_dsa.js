// ML-DSA in Web Crypto.
'use strict';

const { latticeOperations } = require('internal/crypto/webcrypto/module_lattice');
const { contextParams, handleOfKey, operate } = require('internal/crypto/webcrypto/pairs');

function sign({ context }, key, data) {
  return operate('sign', handleOfKey(key), undefined, contextParams(context), data, false);
}

function verify({ context }, key, signature, data) {
  return operate('verify', handleOfKey(key), undefined, contextParams(context), data, signature, false);
}

module.exports = {
  ...latticeOperations({ publicUsages: ['verify'], privateUsages: ['sign'], use: 'sig' }),
  sign,
  verify,
};
