// The algorithms of Web Crypto: for each the module that has its operations, and for each operation the
// dictionary that its parameters are, or null for a name alone.
//
// A module exports the operations by their names:
// - `generateKey(algorithm, extractable, usages)` gives a CryptoKey or a pair, or a promise of it;
// - `importKey(format, keyData, algorithm, extractable, usages)` gives a CryptoKey; `keyData` is bytes or a JWK;
// - `exportKey(format, key)` gives an ArrayBuffer or a JWK, and undefined for a format that it does not have;
// - `encrypt(algorithm, key, data)`, `decrypt`, `sign(algorithm, key, data)` and `deriveBits(algorithm, key, length)` give
//   promises of an ArrayBuffer, `verify(algorithm, key, signature, data)` one of a boolean, `digest(algorithm, data)`
//   an ArrayBuffer;
// - `getKeyLength(algorithm)` gives bits, or null;
// - `encapsulate(key)` gives `{ sharedKey, ciphertext }` of ArrayBuffers, `decapsulate(key, ciphertext)` an ArrayBuffer.
// Names, types and usages of keys have been checked before. What a module throws reaches the program, and OpenSSL's
// errors as cause of an OperationError where `operation()` of `internal/crypto/webcrypto/job` runs them.
'use strict';

const aes = (params, key = true) => ({
  module: 'aes',
  generateKey: 'AesKeyGenParams',
  importKey: null,
  exportKey: null,
  getKeyLength: 'AesDerivedKeyParams',
  ...(key ? { encrypt: params, decrypt: params } : { wrapKey: params, unwrapKey: params }),
});

const rsa = (operations) => ({
  module: 'rsa',
  generateKey: 'RsaHashedKeyGenParams',
  importKey: 'RsaHashedImportParams',
  exportKey: null,
  ...operations,
});

const curve25519 = (operations) => ({
  module: 'cfrg', generateKey: null, importKey: null, exportKey: null, ...operations,
});

const secret = (module, params, rest) => ({
  module, importKey: null, getKeyLength: null, deriveBits: params, ...rest,
});

const kmac = {
  module: 'kmac',
  generateKey: 'KmacKeyGenParams',
  importKey: 'KmacImportParams',
  exportKey: null,
  sign: 'KmacParams',
  verify: 'KmacParams',
  getKeyLength: 'KmacImportParams',
};

const digest = (params = null) => ({ module: 'digest', digest: params });
const experimental = (algorithm) => ({ ...algorithm, isExperimental: true });

const mlDsa = experimental({
  module: 'ml_dsa', generateKey: null, importKey: null, exportKey: null, sign: 'ContextParams', verify: 'ContextParams',
});
const mlKem = experimental({
  module: 'ml_kem', generateKey: null, importKey: null, exportKey: null, encapsulate: null, decapsulate: null,
});

const kemHybrid = { ...mlKem, module: 'kem_hybrid' };

/** @type {Record<string, { module: string, isExperimental?: boolean } & Record<string, string | null>>} */
const algorithms = {
  __proto__: null,
  'AES-CBC': aes('AesCbcParams'),
  'AES-CTR': aes('AesCtrParams'),
  'AES-GCM': aes('AeadParams'),
  'AES-KW': aes(null, false),
  'AES-OCB': experimental(aes('AeadParams')),
  'Argon2d': experimental(secret('derivation', 'Argon2Params')),
  'Argon2i': experimental(secret('derivation', 'Argon2Params')),
  'Argon2id': experimental(secret('derivation', 'Argon2Params')),
  'ChaCha20-Poly1305': experimental({
    module: 'chacha20',
    generateKey: null,
    importKey: null,
    exportKey: null,
    encrypt: 'AeadParams',
    decrypt: 'AeadParams',
    getKeyLength: null,
  }),
  'ECDH': {
    module: 'ec',
    generateKey: 'EcKeyGenParams',
    importKey: 'EcKeyImportParams',
    exportKey: null,
    deriveBits: 'EcdhKeyDeriveParams',
  },
  'ECDSA': {
    module: 'ec',
    generateKey: 'EcKeyGenParams',
    importKey: 'EcKeyImportParams',
    exportKey: null,
    sign: 'EcdsaParams',
    verify: 'EcdsaParams',
  },
  'Ed25519': curve25519({ sign: null, verify: null }),
  'Ed448': experimental(curve25519({ sign: 'ContextParams', verify: 'ContextParams' })),
  'HKDF': secret('derivation', 'HkdfParams'),
  'HMAC': {
    module: 'hmac',
    generateKey: 'HmacKeyGenParams',
    importKey: 'HmacImportParams',
    exportKey: null,
    sign: null,
    verify: null,
    getKeyLength: 'HmacImportParams',
  },
  'KMAC128': experimental(kmac),
  'KMAC256': experimental(kmac),
  'ML-DSA-44': mlDsa,
  'ML-DSA-65': mlDsa,
  'ML-DSA-87': mlDsa,
  'ML-KEM-512': mlKem,
  'ML-KEM-768': mlKem,
  'ML-KEM-1024': mlKem,
  'MLKEM768-P256': kemHybrid,
  'MLKEM768-X25519': kemHybrid,
  'MLKEM1024-P384': kemHybrid,
  'PBKDF2': secret('derivation', 'Pbkdf2Params'),
  'RSA-OAEP': rsa({ encrypt: 'RsaOaepParams', decrypt: 'RsaOaepParams' }),
  'RSA-PSS': rsa({ sign: 'RsaPssParams', verify: 'RsaPssParams' }),
  'RSASSA-PKCS1-v1_5': rsa({ sign: null, verify: null }),
  'SHA-1': digest(),
  'SHA-256': digest(),
  'SHA-384': digest(),
  'SHA-512': digest(),
  'SHA3-256': experimental(digest()),
  'SHA3-384': experimental(digest()),
  'SHA3-512': experimental(digest()),
  'cSHAKE128': experimental(digest('CShakeParams')),
  'cSHAKE256': experimental(digest('CShakeParams')),
  'TurboSHAKE128': experimental(digest('TurboShakeParams')),
  'TurboSHAKE256': experimental(digest('TurboShakeParams')),
  'KT128': experimental(digest('KangarooTwelveParams')),
  'KT256': experimental(digest('KangarooTwelveParams')),
  'X25519': curve25519({ deriveBits: 'EcdhKeyDeriveParams' }),
  'X448': experimental(curve25519({ deriveBits: 'EcdhKeyDeriveParams' })),
};

/** Programs write the names in any case. */
const byLowerCase = new Map(Object.keys(algorithms).map((name) => [name.toLowerCase(), name]));

/** @returns {string | undefined} the name as the specification writes it */
function canonicalName(name) {
  return byLowerCase.get(name.toLowerCase());
}

/** @returns {object} the operations of an algorithm */
function implementation(name) {
  return require(`internal/crypto/webcrypto/${algorithms[name].module}`);
}

module.exports = { algorithms, canonicalName, implementation };
