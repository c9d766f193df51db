// ML-KEM in Web Crypto.
'use strict';

const { latticeOperations } = require('internal/crypto/webcrypto/module_lattice');
const { handleOfKey, operate } = require('internal/crypto/webcrypto/pairs');

async function encapsulate(key) {
  const [secret, ciphertext] = await operate('encapsulate', handleOfKey(key), []);
  return { sharedKey: secret.buffer, ciphertext: ciphertext.buffer };
}

function decapsulate(key, ciphertext) {
  return operate('decapsulate', handleOfKey(key), [], ciphertext);
}

module.exports = {
  ...latticeOperations({
    publicUsages: ['encapsulateKey', 'encapsulateBits'],
    privateUsages: ['decapsulateKey', 'decapsulateBits'],
    use: 'enc',
  }),
  decapsulate,
  encapsulate,
};
