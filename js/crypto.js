// Node's `crypto`: hashes, keys, ciphers, signatures and randomness, on OpenSSL.
'use strict';

const { deprecate } = require('internal/util');
const constants = require('internal/crypto/constants');
const { createPrivateKey, createPublicKey } = require('internal/crypto/asymmetric_keys');
const { Certificate } = require('internal/crypto/certificate');
const {
  Cipheriv,
  Decipheriv,
  createCipheriv,
  createDecipheriv,
  getCipherInfo,
  getCiphers,
} = require('internal/crypto/cipher');
const {
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  createDiffieHellman,
  createDiffieHellmanGroup,
  createECDH,
  diffieHellman,
} = require('internal/crypto/diffiehellman');
const { Hash, Hmac, createHash, createHmac, getHashes, hash } = require('internal/crypto/hash');
const {
  argon2,
  argon2Sync,
  hkdf,
  hkdfSync,
  pbkdf2,
  pbkdf2Sync,
  scrypt,
  scryptSync,
} = require('internal/crypto/kdf');
const { decapsulate, encapsulate } = require('internal/crypto/kem');
const { getCurves, generateKeyPair, generateKeyPairSync } = require('internal/crypto/key_pairs');
const { KeyObject, createSecretKey } = require('internal/crypto/keys');
const { getFips, secureHeapUsed, setEngine, setFips } = require('internal/crypto/library');
const { createMac, getMacs } = require('internal/crypto/mac');
const { checkPrime, checkPrimeSync, generatePrime, generatePrimeSync } = require('internal/crypto/prime');
const {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  timingSafeEqual,
} = require('internal/crypto/random');
const {
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
} = require('internal/crypto/rsa_cipher');
const { generateKey, generateKeySync } = require('internal/crypto/secret_keygen');
const { Sign, Verify, createSign, createVerify, signOneShot, verifyOneShot } = require('internal/crypto/sign');
const { X509Certificate, parsePKCS12 } = require('internal/crypto/x509');

module.exports = {
  argon2,
  argon2Sync,
  checkPrime,
  checkPrimeSync,
  createCipheriv,
  createDecipheriv,
  createDiffieHellman,
  createDiffieHellmanGroup,
  createECDH,
  createHash,
  createHmac,
  createMac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  createSign,
  createVerify,
  diffieHellman,
  generatePrime,
  generatePrimeSync,
  getCiphers,
  getCipherInfo,
  getCurves,
  getDiffieHellman: createDiffieHellmanGroup,
  getHashes,
  getMacs,
  hkdf,
  hkdfSync,
  parsePKCS12,
  pbkdf2,
  pbkdf2Sync,
  generateKeyPair,
  generateKeyPairSync,
  generateKey,
  generateKeySync,
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
  scrypt,
  scryptSync,
  sign: signOneShot,
  setEngine,
  timingSafeEqual,
  getFips,
  setFips,
  verify: verifyOneShot,
  hash,
  encapsulate,
  decapsulate,
  Certificate,
  Cipheriv,
  Decipheriv,
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  Hash,
  Hmac,
  KeyObject,
  Sign,
  Verify,
  X509Certificate,
  secureHeapUsed,
};

Object.defineProperty(module.exports, 'fips', {
  configurable: false,
  enumerable: false,
  get: deprecate(getFips, 'The crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
  set: deprecate(setFips, 'The crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
});

Object.defineProperty(module.exports, 'constants', { configurable: false, enumerable: true, value: constants });

/** Web Crypto is loaded when it is used. */
const webcrypto = () => require('internal/crypto/webcrypto/crypto').crypto;

/** `crypto.webcrypto.getRandomValues`, on any receiver. */
function getRandomValues(array) {
  return webcrypto().getRandomValues(array);
}

Object.defineProperties(module.exports, {
  webcrypto: { configurable: false, enumerable: true, get: () => webcrypto() },
  subtle: { configurable: false, enumerable: true, get: () => webcrypto().subtle },
  getRandomValues: { configurable: false, enumerable: true, get: () => getRandomValues },
});

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
