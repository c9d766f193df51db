// Digests in Web Crypto.
'use strict';

const { findDigest } = require('internal/crypto/util');
const { operation } = require('internal/crypto/webcrypto/job');

function digest({ name, outputLength, ...params }, data) {
  if (outputLength === undefined) return operation('hashWhole', findDigest(name).number, data, -1);
  return require('internal/crypto/webcrypto/extendable').digest(name, outputLength, params, data);
}

module.exports = { digest };
