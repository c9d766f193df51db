// RSA in Web Crypto: RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP.
'use strict';

const { lazyDOMException } = require('internal/util');
const {
  RSA_PKCS1_OAEP_PADDING,
  RSA_PKCS1_PADDING,
  RSA_PKCS1_PSS_PADDING,
} = require('internal/crypto/constants');
const { findDigest } = require('internal/crypto/util');
const { dataError } = require('internal/crypto/webcrypto/job');
const { algorithmOf } = require('internal/crypto/webcrypto/key');
const { handleOfKey, operate, pairOperations } = require('internal/crypto/webcrypto/pairs');

const keys = internalBinding('crypto_keys');

const MIN_MODULUS = 512;
const MAX_EXPONENT = 0xffffffff;
const MIN_EXPONENT = 3;

/** How the names in JSON Web Keys begin. */
const jwkNames = { '__proto__': null, 'RSASSA-PKCS1-v1_5': 'RS', 'RSA-PSS': 'PS' };

function jwkName({ name, hash }) {
  const [family, size] = hash.name.split('-');
  if (family !== 'SHA') return undefined;
  if (name !== 'RSA-OAEP') return `${jwkNames[name]}${size}`;
  return size === '1' ? 'RSA-OAEP' : `RSA-OAEP-${size}`;
}

const encrypts = ({ name }) => name === 'RSA-OAEP';

const { exportKey, generatePair, importKey, importKeyObject } = pairOperations({
  keyType: () => 'rsa',
  publicUsages: (algorithm) => (encrypts(algorithm) ? ['encrypt', 'wrapKey'] : ['verify']),
  privateUsages: (algorithm) => (encrypts(algorithm) ? ['decrypt', 'unwrapKey'] : ['sign']),
  rawFormats: [],
  kty: 'RSA',
  members: ['n', 'e'],
  privateMember: 'd',
  use: (algorithm) => (encrypts(algorithm) ? 'enc' : 'sig'),
  checkMembers(jwk, algorithm) {
    const alg = jwkName(algorithm);
    if (jwk.alg !== undefined && alg !== undefined && jwk.alg !== alg) {
      throw dataError('JWK "alg" does not match the requested algorithm');
    }
  },
  jwkName,
  describe: (handle, { name, hash, publicExponent }) => ({
    name,
    modulusLength: keys.getInt(handle, 'bits'),
    publicExponent: new Uint8Array(publicExponent ?? keys.getNumber(handle, 'e', 0)),
    hash,
  }),
});

function generateKey(algorithm, extractable, usages) {
  const { modulusLength, publicExponent } = algorithm;
  const exponent = publicExponent.reduce((number, byte) => number * 256 + byte, 0);
  if (exponent > MAX_EXPONENT) {
    throw lazyDOMException('algorithm.publicExponent must fit in an unsigned 32-bit integer', 'OperationError');
  }
  if (exponent < MIN_EXPONENT) {
    throw lazyDOMException(`algorithm.publicExponent must be at least ${MIN_EXPONENT}`, 'OperationError');
  }
  if (modulusLength < MIN_MODULUS) {
    throw lazyDOMException(`algorithm.modulusLength must be at least ${MIN_MODULUS}`, 'OperationError');
  }
  const params = ['bits', 'u', modulusLength, 'e', 'n', publicExponent];
  return generatePair(['RSA', params, 'key', []], algorithm, extractable, usages);
}

function digestOf(key) {
  return findDigest(algorithmOf(key).hash.name).number;
}

function signatureParams({ name, saltLength }) {
  return name === 'RSA-PSS' ?
    ['pad-mode', 'i', RSA_PKCS1_PSS_PADDING, 'saltlen', 'i', saltLength] :
    ['pad-mode', 'i', RSA_PKCS1_PADDING];
}

function sign(algorithm, key, data) {
  return operate('sign', handleOfKey(key), digestOf(key), signatureParams(algorithm), data, false);
}

function verify(algorithm, key, signature, data) {
  return operate('verify', handleOfKey(key), digestOf(key), signatureParams(algorithm), data, signature, false);
}

function cipherParams({ label }, key) {
  const digest = keys.digestName(digestOf(key));
  const params = ['pad-mode', 'i', RSA_PKCS1_OAEP_PADDING, 'digest', 's', digest, 'mgf1-digest', 's', digest];
  if (label !== undefined && label.byteLength > 0) params.push('oaep-label', 'b', label);
  return params;
}

function encrypt(algorithm, key, data) {
  return operate('encrypt', handleOfKey(key), cipherParams(algorithm, key), data);
}

function decrypt(algorithm, key, data) {
  return operate('decrypt', handleOfKey(key), cipherParams(algorithm, key), data);
}

module.exports = { decrypt, encrypt, exportKey, generateKey, importKey, importKeyObject, sign, verify };
