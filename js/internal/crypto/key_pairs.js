// New pairs of keys: `generateKeyPair`, `generateKeyPairSync`.
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_CURVE,
    ERR_CRYPTO_INVALID_DIGEST,
    ERR_CRYPTO_UNKNOWN_DH_GROUP,
    ERR_INCOMPATIBLE_OPTION_PAIR,
    ERR_INVALID_ARG_VALUE,
    ERR_MISSING_OPTION,
  },
} = require('internal/errors');
const { customPromisifyArgs } = require('internal/util');
const {
  validateBuffer,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUint32,
} = require('internal/validators');
const { PrivateKeyObject, PublicKeyObject } = require('internal/crypto/asymmetric_keys');
const { encodeKey, parseOutput } = require('internal/crypto/key_encoding');
const { akpNames, okpNames } = require('internal/crypto/key_types');
const { groupNumbers } = require('internal/crypto/dh_groups');
const { findDigest } = require('internal/crypto/util');

const keys = internalBinding('crypto_keys');

const MAX_INT32 = 2147483647;

/**
 * The arguments of `generate` of the binding for a new pair.
 * @typedef {[type: string, params: Array<unknown>, how: string, domain: Array<unknown>]} Request
 */

/** @returns {Request} */
function requestOf(type, options) {
  switch (type) {
    case 'rsa':
      return ['RSA', rsaParams(options), 'key', []];
    case 'rsa-pss':
      return ['RSA-PSS', [...rsaParams(options), ...pssParams(options)], 'key', []];
    case 'dsa':
      return dsaRequest(options);
    case 'ec':
      return ecRequest(options);
    case 'dh':
      return dhRequest(options);
    default:
      if (type in okpNames || type in akpNames) return [type, [], 'key', []];
      throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  }
}

function rsaParams(options) {
  validateObject(options, 'options');
  const { modulusLength, publicExponent = 0x10001 } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  validateUint32(publicExponent, 'options.publicExponent');
  const exponent = new Uint8Array(4);
  new DataView(exponent.buffer).setUint32(0, publicExponent);
  return ['bits', 'u', modulusLength, 'e', 'n', exponent];
}

function pssParams(options) {
  const { hash, mgf1Hash, hashAlgorithm, mgf1HashAlgorithm, saltLength } = options;
  if (saltLength !== undefined) validateInt32(saltLength, 'options.saltLength', 0);
  if (hashAlgorithm !== undefined) validateString(hashAlgorithm, 'options.hashAlgorithm');
  if (mgf1HashAlgorithm !== undefined) validateString(mgf1HashAlgorithm, 'options.mgf1HashAlgorithm');
  if (hash !== undefined) throw new ERR_INVALID_ARG_VALUE('options.hash', hash, 'is no longer supported');
  if (mgf1Hash !== undefined) throw new ERR_INVALID_ARG_VALUE('options.mgf1Hash', mgf1Hash, 'is no longer supported');

  const params = [];
  const digest = hashAlgorithm === undefined ? undefined : findDigest(hashAlgorithm);
  if (hashAlgorithm !== undefined) {
    if (digest === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(hashAlgorithm);
    params.push('digest', 's', keys.digestName(digest.number));
  }
  // The mask follows the hash, and the salt is as long as its result.
  const mask = mgf1HashAlgorithm ?? hashAlgorithm;
  if (mask !== undefined) {
    const maskDigest = findDigest(mask);
    if (maskDigest === undefined) throw invalidMask(mask);
    params.push('mgf1-digest', 's', keys.digestName(maskDigest.number));
  }
  const salt = saltLength ?? digest?.size;
  if (salt !== undefined) params.push('saltlen', 'i', salt);
  return params;
}

function invalidMask(name) {
  const error = new ERR_CRYPTO_INVALID_DIGEST(name);
  error.message = `Invalid MGF1 digest: ${name}`;
  return error;
}

function dsaRequest(options) {
  validateObject(options, 'options');
  const { modulusLength, divisorLength } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  const domain = ['pbits', 'u', modulusLength];
  if (divisorLength !== undefined && divisorLength !== null) {
    validateInt32(divisorLength, 'options.divisorLength', 0);
    domain.push('qbits', 'u', divisorLength);
  }
  return ['DSA', [], 'new domain', domain];
}

function ecRequest(options) {
  validateObject(options, 'options');
  const { namedCurve, paramEncoding } = options;
  validateString(namedCurve, 'options.namedCurve');
  if (paramEncoding !== undefined && paramEncoding !== null && paramEncoding !== 'named' &&
      paramEncoding !== 'explicit') {
    throw new ERR_INVALID_ARG_VALUE('options.paramEncoding', paramEncoding);
  }
  if (keys.curveLength(namedCurve) === 0) throw new ERR_CRYPTO_INVALID_CURVE();
  const encoding = paramEncoding === 'explicit' ? 'explicit' : 'named_curve';
  return ['EC', ['group', 's', namedCurve, 'encoding', 's', encoding], 'key', []];
}

function refusePair(options, first, second) {
  if (options[second] !== undefined && options[second] !== null) {
    throw new ERR_INCOMPATIBLE_OPTION_PAIR(first, second);
  }
}

function dhRequest(options) {
  validateObject(options, 'options');
  const { group, prime, primeLength, generator } = options;
  if (group !== undefined && group !== null) {
    for (const other of ['prime', 'primeLength', 'generator']) refusePair(options, 'group', other);
    validateString(group, 'options.group');
    const numbers = groupNumbers(group);
    if (numbers === undefined) throw new ERR_CRYPTO_UNKNOWN_DH_GROUP();
    return ['DH', [], 'domain', ['p', 'n', numbers.prime, 'g', 'n', numbers.generator]];
  }
  if (prime !== undefined && prime !== null) {
    refusePair(options, 'prime', 'primeLength');
    validateBuffer(prime, 'options.prime');
  } else if (primeLength !== undefined && primeLength !== null) {
    validateInt32(primeLength, 'options.primeLength', 0, MAX_INT32);
  } else {
    throw new ERR_MISSING_OPTION('At least one of the group, prime, or primeLength options');
  }
  if (generator !== undefined && generator !== null) validateInt32(generator, 'options.generator', 0);
  const base = generator ?? 2;
  if (prime !== undefined && prime !== null) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, base);
    return ['DH', [], 'domain', ['p', 'n', prime, 'g', 'n', bytes]];
  }
  const params = ['type', 's', 'generator', 'pbits', 'u', primeLength, 'safeprime-generator', 'i', base];
  return ['DH', [], 'new domain', params];
}

// How the halves are to be given: undefined for key objects.
function parseEncodings(type, options) {
  return {
    publicEncoding: parseEncoding(options, 'publicKeyEncoding', 'public', type),
    privateEncoding: parseEncoding(options, 'privateKeyEncoding', 'private', type),
  };
}

function parseEncoding(options, name, kind, type) {
  const encoding = options?.[name];
  if (encoding === undefined || encoding === null) return undefined;
  if (typeof encoding !== 'object') throw new ERR_INVALID_ARG_VALUE(`options.${name}`, encoding);
  return parseOutput(encoding, kind, type, `options.${name}`);
}

function publicResult(handle, encoding) {
  return encoding === undefined ? new PublicKeyObject(keys.toPublic(handle)) : encodeKey(handle, false, encoding);
}

function privateResult(handle, encoding) {
  return encoding === undefined ? new PrivateKeyObject(handle) : encodeKey(handle, true, encoding);
}

/**
 * @param {string} type  such as 'rsa' or 'ed25519'
 * @param {object} [options]  what the type needs, `publicKeyEncoding` and `privateKeyEncoding`
 * @param {(error: Error | null, publicKey?: unknown, privateKey?: unknown) => void} callback
 */
function generateKeyPair(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'callback');
  const { request, publicEncoding, privateEncoding } = prepare(type, options);
  keys.generate(...request, (error, handle) => {
    if (error !== null) {
      callback(error);
      return;
    }
    let publicKey;
    let privateKey;
    try {
      publicKey = publicResult(handle, publicEncoding);
      privateKey = privateResult(handle, privateEncoding);
    } catch (encodingError) {
      callback(encodingError);
      return;
    }
    callback(null, publicKey, privateKey);
  });
}
Object.defineProperty(generateKeyPair, customPromisifyArgs, {
  value: ['publicKey', 'privateKey'],
  enumerable: false,
});

/**
 * @param {string} type
 * @param {object} [options]
 * @returns {{ publicKey: unknown, privateKey: unknown }}
 */
function generateKeyPairSync(type, options) {
  const { request, publicEncoding, privateEncoding } = prepare(type, options);
  const handle = keys.generateSync(...request);
  return {
    publicKey: publicResult(handle, publicEncoding),
    privateKey: privateResult(handle, privateEncoding),
  };
}

function prepare(type, options) {
  if (options !== undefined) validateObject(options, 'options');
  validateString(type, 'type');
  const encodings = parseEncodings(type, options);
  return { request: requestOf(type, options), ...encodings };
}

/** @returns {string[]} the names of all elliptic curves */
function getCurves() {
  return [...new Set(keys.curves())].sort();
}

module.exports = { generateKeyPair, generateKeyPairSync, getCurves };
