// What the algorithms of Web Crypto with public and private keys share: making, importing and exporting keys.
'use strict';

const { lazyDOMException } = require('internal/util');
const { PrivateKeyObject, PublicKeyObject } = require('internal/crypto/asymmetric_keys');
const { encodeKey } = require('internal/crypto/key_encoding');
const { handleOf, typeOf } = require('internal/crypto/keys');
const { exportJwk, importJwk } = require('internal/crypto/jwk');
const { importRaw } = require('internal/crypto/raw_keys');
const { operationError } = require('internal/crypto/webidl');
const { checkJwk, checkUsages, dataError } = require('internal/crypto/webcrypto/job');
const { algorithmOf, isExtractable, keyObjectOf, makeCryptoKey, usagesOf } = require('internal/crypto/webcrypto/key');

const keys = internalBinding('crypto_keys');
const operations = internalBinding('crypto_operations');

/**
 * A kind of keys. All functions are given the algorithm as it was normalized.
 * @typedef {object} Kind
 * @property {(algorithm: object) => string} keyType  Node's name of the type of keys
 * @property {(algorithm: object) => string[]} publicUsages
 * @property {(algorithm: object) => string[]} privateUsages
 * @property {string[]} rawFormats  of public keys
 * @property {boolean} [hasSeeds]  whether private keys may be seeds
 * @property {string} kty  of a JSON Web Key
 * @property {string[]} members  that a JSON Web Key of a public key has
 * @property {string} privateMember  that one of a private key has besides
 * @property {(algorithm: object) => 'sig' | 'enc'} use  of a JSON Web Key
 * @property {(jwk: object, algorithm: object) => void} checkMembers  refuses one that is for another algorithm
 * @property {(algorithm: object) => string | undefined} jwkName  what `alg` of a JSON Web Key says
 * @property {(handle: object, algorithm: object) => object} describe  the algorithm that the CryptoKey tells of;
 *   throws where the key is of another one
 */

/** @returns {Promise<any>} what a function of the binding gives; memory as an ArrayBuffer */
function operate(name, ...args) {
  return new Promise((resolve, reject) => {
    operations[name](...args, (error, result) => {
      if (error !== null) reject(operationError(error));
      else resolve(result instanceof Uint8Array ? result.buffer : result);
    });
  });
}

/** @returns {object} Rust's object for a CryptoKey */
function handleOfKey(key) {
  return handleOf(keyObjectOf(key));
}

// The key, once it is known to be of the right type and to be usable so.
function finish(kind, handle, isPrivate, algorithm, extractable, usages) {
  checkUsages(usages, isPrivate ? kind.privateUsages(algorithm) : kind.publicUsages(algorithm), algorithm.name);
  const object = isPrivate ? new PrivateKeyObject(handle) : new PublicKeyObject(handle);
  if (object.asymmetricKeyType !== kind.keyType(algorithm)) throw dataError('Invalid key type');
  return makeCryptoKey(object, kind.describe(handle, algorithm), usages, extractable);
}

function readable(read) {
  try {
    return read();
  } catch (cause) {
    throw dataError('Invalid keyData', cause);
  }
}

/**
 * `generateKey`, `importKey`, `importKeyObject` and `exportKey` for a kind of keys.
 * @param {Kind} kind
 * @returns {object}
 */
function pairOperations(kind) {
  /** `request` is what `generate` of the binding takes. */
  async function generatePair(request, algorithm, extractable, usages) {
    const publicUsages = kind.publicUsages(algorithm);
    const privateUsages = kind.privateUsages(algorithm);
    checkUsages(usages, [...publicUsages, ...privateUsages], algorithm.name);
    const handle = await new Promise((resolve, reject) => {
      keys.generate(...request, (error, result) => {
        if (error !== null) reject(operationError(error));
        else resolve(result);
      });
    });
    const described = kind.describe(handle, algorithm);
    const has = (allowed) => usages.filter((usage) => allowed.includes(usage));
    return {
      publicKey: makeCryptoKey(new PublicKeyObject(keys.toPublic(handle)), described, has(publicUsages), true),
      privateKey: makeCryptoKey(new PrivateKeyObject(handle), described, has(privateUsages), extractable),
    };
  }

  function importKey(format, keyData, algorithm, extractable, usages) {
    const { name } = algorithm;
    const isPublicRaw = kind.rawFormats.includes(format);
    const isSeed = format === 'raw-seed' && kind.hasSeeds === true;
    if (format === 'jwk') return importFromJwk(keyData, algorithm, extractable, usages);
    if (!isPublicRaw && !isSeed && format !== 'spki' && format !== 'pkcs8') {
      throw lazyDOMException(`Unable to import ${name} using ${format} format`, 'NotSupportedError');
    }
    const isPrivate = isSeed || format === 'pkcs8';
    checkUsages(usages, isPrivate ? kind.privateUsages(algorithm) : kind.publicUsages(algorithm), name);
    const handle = readable(() => {
      if (format === 'spki') return keys.parsePublic(keyData, 'spki');
      if (format === 'pkcs8') return keys.parsePrivate(keyData, 'pkcs8');
      const options = { asymmetricKeyType: kind.keyType(algorithm), namedCurve: algorithm.namedCurve };
      return importRaw(keyData, isSeed ? 'raw-seed' : 'raw-public', options);
    });
    return finish(kind, handle, isPrivate, algorithm, extractable, usages);
  }

  function importFromJwk(jwk, algorithm, extractable, usages) {
    if (!jwk.kty) throw dataError('Invalid keyData');
    const isPrivate = jwk[kind.privateMember] !== undefined;
    checkUsages(usages, isPrivate ? kind.privateUsages(algorithm) : kind.publicUsages(algorithm), algorithm.name);
    checkJwk(jwk, kind.kty, kind.use(algorithm), usages, extractable);
    if (kind.members.some((member) => typeof jwk[member] !== 'string')) throw dataError('Invalid keyData');
    kind.checkMembers(jwk, algorithm);
    const { handle } = readable(() => importJwk(jwk, isPrivate));
    return finish(kind, handle, isPrivate, algorithm, extractable, usages);
  }

  function importKeyObject(keyObject, algorithm, extractable, usages) {
    const isPrivate = typeOf(keyObject) === 'private';
    return finish(kind, handleOf(keyObject), isPrivate, algorithm, extractable, usages);
  }

  function exportKey(format, key) {
    const isPrivate = typeOf(keyObjectOf(key)) === 'private';
    const handle = handleOfKey(key);
    try {
      switch (format) {
        case 'spki':
          if (isPrivate) throw lazyDOMException('Key must be a public key', 'InvalidAccessError');
          return bytesOf(encodeKey(handle, false, { format: 'der', type: 'spki' }));
        case 'pkcs8':
          if (!isPrivate) throw lazyDOMException('Key must be a private key', 'InvalidAccessError');
          return bytesOf(encodeKey(handle, true, { format: 'der', type: 'pkcs8' }));
        case 'jwk':
          return exportToJwk(key, handle, isPrivate);
        case 'raw-seed':
          return isPrivate && kind.hasSeeds ? bytesOf(encodeKey(handle, true, { format })) : undefined;
        default:
          if (isPrivate || !kind.rawFormats.includes(format)) return undefined;
          return bytesOf(encodeKey(handle, false, { format: 'raw-public' }));
      }
    } catch (error) {
      throw error.name === 'InvalidAccessError' ? error : operationError(error);
    }
  }

  function exportToJwk(key, handle, isPrivate) {
    const alg = kind.jwkName(algorithmOf(key));
    return {
      key_ops: [...usagesOf(key)],
      ext: isExtractable(key),
      ...(alg === undefined ? undefined : { alg }),
      ...exportJwk(handle, isPrivate),
    };
  }

  return { exportKey, generatePair, importKey, importKeyObject };
}

// An ArrayBuffer that holds these bytes and no others.
function bytesOf(buffer) {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}

/** @returns {Array<unknown>} OpenSSL's parameters for what a signature is bound to */
function contextParams(context) {
  if (context === undefined || context.byteLength === 0) return [];
  return ['context-string', 'b', context];
}

/**
 * The secret that a private key and another's public key agree on, of which a program wants so many bits.
 * @param {{ name: string, public: CryptoKey }} algorithm
 * @param {CryptoKey} key
 * @param {number | null} length
 * @returns {Promise<ArrayBuffer>}
 */
async function agree(algorithm, key, length) {
  const other = algorithm.public;
  if (typeOf(keyObjectOf(key)) !== 'private') {
    throw lazyDOMException('baseKey must be a private key', 'InvalidAccessError');
  }
  if (algorithmOf(other).name !== algorithm.name) {
    throw lazyDOMException('key algorithm mismatch', 'InvalidAccessError');
  }
  if (typeOf(keyObjectOf(other)) !== 'public') {
    throw lazyDOMException('algorithm.public must be a public key', 'InvalidAccessError');
  }
  if (algorithmOf(other).namedCurve !== algorithmOf(key).namedCurve) {
    throw lazyDOMException('Named curve mismatch', 'InvalidAccessError');
  }
  const bits = await operate('derive', handleOfKey(key), handleOfKey(other), []);
  if (length === null) return bits;
  if (length > bits.byteLength * 8) throw lazyDOMException('derived bit length is too small', 'OperationError');
  const wanted = bits.slice(0, Math.ceil(length / 8));
  // The lowest bits of the last byte are more than was asked for.
  if (length % 8 !== 0) new Uint8Array(wanted)[wanted.byteLength - 1] &= 0xff << (8 - length % 8);
  return wanted;
}

module.exports = { agree, contextParams, handleOfKey, operate, pairOperations };
