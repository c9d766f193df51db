// Node's `crypto`: hashes, keys, ciphers, signatures and randomness, on OpenSSL.
'use strict';

const { deprecate } = require('internal/util');
const { notYet } = require('internal/not_yet');
const constants = require('internal/crypto/constants');
const { Hash, Hmac, createHash, createHmac, getHashes, hash } = require('internal/crypto/hash');
const { createPrivateKey, createPublicKey } = require('internal/crypto/asymmetric_keys');
const {
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  createDiffieHellman,
  createDiffieHellmanGroup,
  createECDH,
  diffieHellman,
} = require('internal/crypto/diffiehellman');
const { decapsulate, encapsulate } = require('internal/crypto/kem');
const {
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
} = require('internal/crypto/rsa_cipher');
const { KeyObject, createSecretKey } = require('internal/crypto/keys');
const { getFips, secureHeapUsed, setEngine, setFips } = require('internal/crypto/library');
const {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  timingSafeEqual,
} = require('internal/crypto/random');
const { getCurves, generateKeyPair, generateKeyPairSync } = require('internal/crypto/key_pairs');
const { Sign, Verify, createSign, createVerify, signOneShot, verifyOneShot } = require('internal/crypto/sign');

module.exports = {
  createDiffieHellman,
  createDiffieHellmanGroup,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  createSign,
  createVerify,
  diffieHellman,
  getCurves,
  getDiffieHellman: createDiffieHellmanGroup,
  getHashes,
  generateKeyPair,
  generateKeyPairSync,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  sign: signOneShot,
  timingSafeEqual,
  setEngine,
  getFips,
  setFips,
  verify: verifyOneShot,
  hash,
  encapsulate,
  decapsulate,
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  Hash,
  Hmac,
  KeyObject,
  Sign,
  Verify,
  secureHeapUsed,
  ...notYet('crypto', [
    'argon2', 'argon2Sync', 'checkPrime', 'checkPrimeSync', 'createCipheriv', 'createDecipheriv',
    'createMac',     'generatePrime', 'generatePrimeSync', 'getCiphers', 'getCipherInfo', 'getMacs', 'hkdf',
    'hkdfSync', 'parsePKCS12', 'pbkdf2', 'pbkdf2Sync', 'generateKey', 'generateKeySync',     'scrypt', 'scryptSync',     'Certificate', 'Cipheriv', 'Decipheriv', 'X509Certificate',
  ]),
};

Object.defineProperty(module.exports, 'fips', {
  configurable: false,
  enumerable: false,
  get: deprecate(getFips, 'The crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
  set: deprecate(setFips, 'The crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
});

Object.defineProperty(module.exports, 'constants', { configurable: false, enumerable: true, value: constants });

// The older names of `randomBytes`, which a program may replace.
const oldNames = { pseudoRandomBytes: 'DEP0115', prng: 'DEP0115', rng: 'DEP0115' };
for (const [name, code] of Object.entries(oldNames)) {
  let value = randomBytes;
  if (require('internal/options').getOptionValue('--pending-deprecation')) {
    value = deprecate(randomBytes, `crypto.${name} is deprecated.`, code);
  }
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: false,
    get() {
      return value;
    },
    set(replacement) {
      value = replacement;
    },
  });
}
