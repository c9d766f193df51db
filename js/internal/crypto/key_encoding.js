// Reading and writing asymmetric keys: the options that tell how, and what is done with them.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS, ERR_CRYPTO_UNKNOWN_CIPHER, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { seeded, typeOfHandle } = require('internal/crypto/key_types');
const { viewOf } = require('internal/crypto/util');

const keys = internalBinding('crypto_keys');

/** Which types of encodings there are for what. */
const structures = {
  __proto__: null,
  public: ['pkcs1', 'spki'],
  private: ['pkcs1', 'pkcs8', 'sec1'],
  any: ['pkcs1', 'spki', 'pkcs8', 'sec1'],
};

/** OpenSSL's names of the structures. */
const structureNames = {
  __proto__: null,
  pkcs1: 'type-specific',
  sec1: 'type-specific',
  pkcs8: 'PrivateKeyInfo',
  spki: 'SubjectPublicKeyInfo',
};

const rawFormats = new Set(['raw-public', 'raw-private', 'raw-seed']);

function option(name, object) {
  return object === undefined ? name : `${object}.${name}`;
}

function isPassphrase(value) {
  return typeof value === 'string' || isAnyArrayBuffer(value) || isArrayBufferView(value);
}

function bytesOf(value, encoding) {
  return typeof value === 'string' ? Buffer.from(value, encoding) : viewOf(value);
}

/**
 * Checks how a key that is given is written.
 * @param {object} options  `format`, `type`, `passphrase`, `encoding`
 * @param {'private' | 'any'} kind  which keys it may be
 * @param {string} name  of the options, for errors
 * @returns {{ format: string, structure: string, passphrase: Uint8Array | undefined }}
 */
function parseInput(options, kind, name) {
  const { format, type, passphrase, encoding } = options;
  if (rawFormats.has(format) && (kind === 'any' || format !== 'raw-public')) return { format };
  if (format === 'jwk') return { format };
  if (format !== undefined && format !== 'pem' && format !== 'der') {
    throw new ERR_INVALID_ARG_VALUE(option('format', name), format);
  }
  const isDer = format === 'der';
  if (isDer || type !== undefined && type !== null) checkType(type, structures[kind], name);
  if (passphrase !== undefined && passphrase !== null && !isPassphrase(passphrase)) {
    throw new ERR_INVALID_ARG_VALUE(option('passphrase', name), passphrase);
  }
  return {
    format: isDer ? 'der' : 'pem',
    structure: isDer ? type : 'pem',
    passphrase: passphrase === undefined || passphrase === null ? undefined : bytesOf(passphrase, encoding),
  };
}

function checkType(type, allowed, name) {
  if (!allowed.includes(type)) throw new ERR_INVALID_ARG_VALUE(option('type', name), type);
}

/**
 * Checks how a key is to be written, before it is there or afterwards.
 * @param {object} options
 * @param {'public' | 'private'} kind
 * @param {string} keyType  Node's name of the key's type
 * @param {string} [name]  of the options, for errors
 * @returns {object} what `encodeKey` takes
 */
function parseOutput(options, kind, keyType, name) {
  const { format, type, cipher, passphrase, encoding } = options;
  const isPrivate = kind === 'private';
  if (format === 'jwk') {
    if (isPrivate && (cipher !== undefined || passphrase !== undefined)) throw notEncrypted('jwk');
    return { format };
  }
  if (rawFormats.has(format)) {
    if ((format === 'raw-public') === isPrivate) throw new ERR_INVALID_ARG_VALUE(option('format', name), format);
    if (isPrivate && (cipher !== undefined || passphrase !== undefined)) throw notEncrypted(format);
    return { format, type };
  }
  if (format !== 'pem' && format !== 'der') throw new ERR_INVALID_ARG_VALUE(option('format', name), format);
  checkType(type, structures[kind], name);
  if (type === 'pkcs1' && keyType !== 'rsa') {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('pkcs1', 'can only be used for RSA keys');
  }
  if (type === 'sec1' && keyType !== 'ec') {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('sec1', 'can only be used for EC keys');
  }
  const encryption = isPrivate ? parseEncryption(cipher, passphrase, encoding, format, type, name) : undefined;
  return { format, type, ...encryption };
}

function parseEncryption(cipher, passphrase, encoding, format, type, name) {
  if (cipher === undefined || cipher === null) {
    if (passphrase === undefined) return undefined;
    throw new ERR_INVALID_ARG_VALUE(
      option('cipher', name),
      cipher,
      'is required when a passphrase is specified',
    );
  }
  if (typeof cipher !== 'string') throw new ERR_INVALID_ARG_VALUE(option('cipher', name), cipher);
  if (format === 'der' && type !== 'pkcs8') throw notEncrypted(type);
  if (!isPassphrase(passphrase)) throw new ERR_INVALID_ARG_VALUE(option('passphrase', name), passphrase);
  if (!keys.isCipher(cipher)) throw new ERR_CRYPTO_UNKNOWN_CIPHER();
  return { cipher, passphrase: bytesOf(passphrase, encoding) };
}

function notEncrypted(encoding) {
  return new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(encoding, 'does not support encryption');
}

/**
 * Writes a key.
 * @param {object} handle
 * @param {boolean} isPrivate  which half
 * @param {object} encoding  of `parseOutput`
 * @returns {string | Buffer | object}
 */
function encodeKey(handle, isPrivate, encoding) {
  const { format, type, cipher, passphrase } = encoding;
  if (format === 'jwk') return require('internal/crypto/jwk').exportJwk(handle, isPrivate);
  if (rawFormats.has(format)) return require('internal/crypto/raw_keys').exportRaw(handle, format, encoding);
  const bytes = type === 'pkcs8' && seeded.has(typeOfHandle(handle)) ?
    encodeSeed(handle, encoding) :
    keys.exportKey(handle, isPrivate, format.toUpperCase(), structureName(type, cipher), cipher, passphrase);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return format === 'pem' ? buffer.latin1Slice() : buffer;
}

function structureName(type, cipher) {
  return type === 'pkcs8' && cipher !== undefined ? 'EncryptedPrivateKeyInfo' : structureNames[type];
}

/** The last part of the object identifiers of ML-DSA, 2.16.840.1.101.3.4.3, and of ML-KEM, 2.16.840.1.101.3.4.4. */
const seedIdentifiers = {
  '__proto__': null,
  'ml-dsa-44': [3, 17],
  'ml-dsa-65': [3, 18],
  'ml-dsa-87': [3, 19],
  'ml-kem-512': [4, 1],
  'ml-kem-768': [4, 2],
  'ml-kem-1024': [4, 3],
};

// PKCS#8 with the seed alone, where OpenSSL would write all of the key; without a seed it is OpenSSL's.
function encodeSeed(handle, { format, cipher, passphrase }) {
  const seed = keys.getBytes(handle, 'seed');
  if (seed === undefined) {
    return keys.exportKey(
      handle, true, format.toUpperCase(), structureName('pkcs8', cipher), cipher, passphrase);
  }
  const length = seed.byteLength;
  const info = Buffer.from([
    0x30, 20 + length, 0x02, 1, 0, 0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
    ...seedIdentifiers[typeOfHandle(handle)], 0x04, length + 2, 0x80, length, ...seed,
  ]);
  return keys.exportSeed(info, format === 'pem', cipher, passphrase);
}

module.exports = { bytesOf, encodeKey, parseInput, parseOutput, rawFormats };
