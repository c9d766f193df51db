// Node's `crypto`: hashes, keys, ciphers, signatures and randomness, on OpenSSL. The start-up snapshot of large programs
// has what it exports.
'use strict';

const { getOptionValue } = require('internal/options');

// The memory for secrets is there before the first of them.
if (getOptionValue('--secure-heap')) require('internal/crypto/library');

module.exports = require('internal/crypto/exports');
