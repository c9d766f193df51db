// What `crypto` exports: hashes, keys, ciphers, signatures and randomness, on OpenSSL.
'use strict';

const { deprecate } = require('internal/util');
const constants = require('internal/crypto/constants');
const { Hash, Hmac, createHash, createHmac, getHashes, hash } = require('internal/crypto/hash');
const { KeyObject, createSecretKey } = require('internal/crypto/keys');
const {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  timingSafeEqual,
} = require('internal/crypto/random');
const { getOptionValue } = require('internal/options');

const binding = internalBinding('util');

/** What there is; where a name of a file stands, it is loaded when the program first asks. */
const parts = {
  argon2: 'kdf',
  argon2Sync: 'kdf',
  checkPrime: 'prime',
  checkPrimeSync: 'prime',
  createCipheriv: 'cipher',
  createDecipheriv: 'cipher',
  createDiffieHellman: 'diffiehellman',
  createDiffieHellmanGroup: 'diffiehellman',
  createECDH: 'diffiehellman',
  createHash,
  createHmac,
  createMac: 'mac',
  createPrivateKey: 'asymmetric_keys',
  createPublicKey: 'asymmetric_keys',
  createSecretKey,
  createSign: 'sign',
  createVerify: 'sign',
  diffieHellman: 'diffiehellman',
  generatePrime: 'prime',
  generatePrimeSync: 'prime',
  getCiphers: 'cipher',
  getCipherInfo: 'cipher',
  getCurves: 'key_pairs',
  getDiffieHellman: 'diffiehellman',
  getHashes,
  getMacs: 'mac',
  hkdf: 'kdf',
  hkdfSync: 'kdf',
  parsePKCS12: 'x509',
  pbkdf2: 'kdf',
  pbkdf2Sync: 'kdf',
  generateKeyPair: 'key_pairs',
  generateKeyPairSync: 'key_pairs',
  generateKey: 'secret_keygen',
  generateKeySync: 'secret_keygen',
  privateDecrypt: 'rsa_cipher',
  privateEncrypt: 'rsa_cipher',
  publicDecrypt: 'rsa_cipher',
  publicEncrypt: 'rsa_cipher',
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  scrypt: 'kdf',
  scryptSync: 'kdf',
  sign: 'sign',
  setEngine: 'library',
  timingSafeEqual,
  getFips: 'library',
  setFips: 'library',
  verify: 'sign',
  hash,
  encapsulate: 'kem',
  decapsulate: 'kem',
  Certificate: 'certificate',
  Cipheriv: 'cipher',
  Decipheriv: 'cipher',
  DiffieHellman: 'diffiehellman',
  DiffieHellmanGroup: 'diffiehellman',
  ECDH: 'diffiehellman',
  Hash,
  Hmac,
  KeyObject,
  Sign: 'sign',
  Verify: 'sign',
  X509Certificate: 'x509',
  secureHeapUsed: 'library',
};

/** What its file calls otherwise. */
const otherNames = {
  __proto__: null,
  getDiffieHellman: 'createDiffieHellmanGroup',
  sign: 'signOneShot',
  verify: 'verifyOneShot',
};

for (const [name, part] of Object.entries(parts)) {
  if (typeof part !== 'string') module.exports[name] = part;
  else binding.defineLazy(module.exports, name, `internal/crypto/${part}:${otherNames[name] ?? name}`);
}

Object.defineProperty(module.exports, 'fips', {
  configurable: false,
  enumerable: false,
  get: deprecate(() => require('internal/crypto/library').getFips(), 'The crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
  set: deprecate((value) => require('internal/crypto/library').setFips(value), 'The crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
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
  const define = (value) => {
    Object.defineProperty(module.exports, name, { configurable: true, enumerable: false, writable: true, value });
    return value;
  };
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: false,
    get() {
      const isTold = getOptionValue('--pending-deprecation');
      return define(isTold ? deprecate(randomBytes, `crypto.${name} is deprecated.`, code) : randomBytes);
    },
    set: define,
  });
}
