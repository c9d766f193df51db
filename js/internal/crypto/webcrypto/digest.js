// Digests in Web Crypto.
'use strict';

const { findDigest } = require('internal/crypto/util');
const { operationOn } = require('internal/crypto/webcrypto/job');

function digest({ name, outputLength, ...params }, data) {
  if (outputLength === undefined) return operationOn(data, 'hashWhole', findDigest(name).number, data, -1);
  return require('internal/crypto/webcrypto/extendable').digest(name, outputLength, params, data);
}

module.exports = { digest };
