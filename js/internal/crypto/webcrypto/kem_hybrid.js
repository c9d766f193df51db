// Secrets wrapped for the owner of a hybrid key in Web Crypto: ML-KEM together with an exchange in a group, so that
// whoever breaks one of them has nothing. Private keys are seeds, from which both keys are made.
'use strict';

const { Buffer } = require('buffer');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { lazyDOMException } = require('internal/util');
const { KeyObject, handleOf, kComposite, setHandle, typeOf } = require('internal/crypto/keys');
const { randomFillSync } = require('internal/crypto/random');
const { exportRaw, importRaw } = require('internal/crypto/raw_keys');
const { binding, findDigest } = require('internal/crypto/util');
const { operationError } = require('internal/crypto/webidl');
const { checkJwk, checkUsages, dataError } = require('internal/crypto/webcrypto/job');
const { algorithmOf, isExtractable, keyObjectOf, makeCryptoKey, usagesOf } = require('internal/crypto/webcrypto/key');
const { operate } = require('internal/crypto/webcrypto/pairs');

/** The sizes of private keys and of the seeds of ML-KEM, in bytes. */
const SEED_SIZE = 32;
const LATTICE_SEED_SIZE = 64;

const publicUsages = ['encapsulateKey', 'encapsulateBits'];
const privateUsages = ['decapsulateKey', 'decapsulateBits'];

/**
 * The sizes, in bytes, are those of ML-KEM's public keys and ciphertexts, of elements of the group, of its scalars,
 * and of the seeds that these are made of.
 * @typedef {{ lattice: string, publicSize: number, ciphertextSize: number, group: object, elementSize: number,
 *   scalarSize: number, scalarSeedSize: number, order?: bigint, label: string }} Kind
 */

/** @type {Record<string, Kind>} */
const kinds = {
  '__proto__': null,
  'MLKEM768-P256': {
    lattice: 'ml-kem-768',
    publicSize: 1184,
    ciphertextSize: 1088,
    group: { asymmetricKeyType: 'ec', namedCurve: 'P-256' },
    elementSize: 65,
    scalarSize: 32,
    scalarSeedSize: 128,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    label: 'MLKEM768-P256',
  },
  'MLKEM768-X25519': {
    lattice: 'ml-kem-768',
    publicSize: 1184,
    ciphertextSize: 1088,
    group: { asymmetricKeyType: 'x25519' },
    elementSize: 32,
    scalarSize: 32,
    scalarSeedSize: 32,
    label: '\\.//^\\',
  },
  'MLKEM1024-P384': {
    lattice: 'ml-kem-1024',
    publicSize: 1568,
    ciphertextSize: 1568,
    group: { asymmetricKeyType: 'ec', namedCurve: 'P-384' },
    elementSize: 97,
    scalarSize: 48,
    scalarSeedSize: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    label: 'MLKEM1024-P384',
  },
};

/** Two keys as one. Its handle is `{ bytes, seed }`: the public keys, and what a private one is made of. */
class HybridKeyObject extends KeyObject {
  constructor(type, handle) {
    super(type, handle);
    this[kTransferMode] = kCloneable;
  }

  get [kComposite]() {
    return true;
  }

  [kClone]() {
    const name = typeOf(this) === 'public' ? 'ClonedPublicKey' : 'ClonedPrivateKey';
    return { data: handleOf(this), deserializeInfo: `internal/crypto/webcrypto/kem_hybrid:${name}` };
  }

  [kDeserialize](handle) {
    setHandle(this, handle);
  }
}

/** Makes a public key without a handle, which `[kDeserialize]()` gives it. */
function ClonedPublicKey() {
  return new HybridKeyObject('public', {});
}

/** The same for a private key. */
function ClonedPrivateKey() {
  return new HybridKeyObject('private', {});
}

function hash(name, bytes, length) {
  return Buffer.from(binding.hash(findDigest(name).number, bytes, 0, length));
}

// The private key of the group that a seed stands for: the first scalar in it that is one.
function groupKey({ group, scalarSize, order }, seed) {
  for (let at = 0; at < seed.length; at += scalarSize) {
    const scalar = seed.subarray(at, at + scalarSize);
    const number = order === undefined ? undefined : BigInt(`0x${scalar.toString('hex')}`);
    if (number === undefined || (number > 0n && number < order)) return importRaw(scalar, 'raw-private', group);
  }
  throw operationError();
}

/** Both private keys of a seed. */
function privateKeys(kind, seed) {
  const expanded = hash('shake256', seed, LATTICE_SEED_SIZE + kind.scalarSeedSize);
  return {
    lattice: importRaw(expanded.subarray(0, LATTICE_SEED_SIZE), 'raw-seed', { asymmetricKeyType: kind.lattice }),
    group: groupKey(kind, expanded.subarray(LATTICE_SEED_SIZE)),
  };
}

function element(kind, bytes) {
  try {
    return importRaw(bytes, 'raw-public', kind.group);
  } catch (cause) {
    throw dataError('Invalid keyData', cause);
  }
}

/** Both public keys of their bytes. */
function publicKeys(kind, bytes) {
  if (bytes.length !== kind.publicSize + kind.elementSize) throw dataError('Invalid keyData');
  try {
    const lattice = importRaw(bytes.subarray(0, kind.publicSize), 'raw-public', { asymmetricKeyType: kind.lattice });
    return { lattice, group: element(kind, bytes.subarray(kind.publicSize)) };
  } catch (cause) {
    throw dataError('Invalid keyData', cause);
  }
}

function publicBytes(kind, seed) {
  const { lattice, group } = privateKeys(kind, seed);
  return Buffer.concat([exportRaw(lattice, 'raw-public', {}), exportRaw(group, 'raw-public', {})]);
}

// The secret that both secrets make, bound to what was sent and to whom.
function combine(kind, latticeSecret, groupSecret, sent, own) {
  const parts = [Buffer.from(latticeSecret), Buffer.from(groupSecret), sent, own, Buffer.from(kind.label)];
  return hash('sha3-256', Buffer.concat(parts), -1).buffer;
}

function makeKey(type, handle, name, usages, extractable) {
  return makeCryptoKey(new HybridKeyObject(type, handle), { name }, usages, extractable);
}

function generateKey({ name }, extractable, usages) {
  checkUsages(usages, [...publicUsages, ...privateUsages], name);
  const seed = randomFillSync(Buffer.alloc(SEED_SIZE));
  const bytes = publicBytes(kinds[name], seed);
  const has = (allowed) => usages.filter((usage) => allowed.includes(usage));
  return {
    publicKey: makeKey('public', { bytes }, name, has(publicUsages), true),
    privateKey: makeKey('private', { bytes, seed }, name, has(privateUsages), extractable),
  };
}

function importSeed(seed, name, extractable, usages) {
  if (seed.length !== SEED_SIZE) throw dataError('Invalid keyData');
  return makeKey('private', { bytes: publicBytes(kinds[name], seed), seed }, name, usages, extractable);
}

function importPublic(bytes, name, extractable, usages) {
  publicKeys(kinds[name], bytes);
  return makeKey('public', { bytes }, name, usages, extractable);
}

function importKey(format, keyData, { name }, extractable, usages) {
  if (format === 'jwk') return importFromJwk(keyData, name, extractable, usages);
  if (format !== 'raw-public' && format !== 'raw-seed') {
    throw lazyDOMException(`Unable to import ${name} using ${format} format`, 'NotSupportedError');
  }
  checkUsages(usages, format === 'raw-public' ? publicUsages : privateUsages, name);
  const bytes = Buffer.from(keyData);
  return format === 'raw-public' ?
    importPublic(bytes, name, extractable, usages) :
    importSeed(bytes, name, extractable, usages);
}

function importFromJwk(jwk, name, extractable, usages) {
  if (!jwk.kty) throw dataError('Invalid keyData');
  const isPrivate = jwk.priv !== undefined;
  checkUsages(usages, isPrivate ? privateUsages : publicUsages, name);
  checkJwk(jwk, 'AKP', 'enc', usages, extractable);
  if (typeof jwk.alg !== 'string' || typeof jwk.pub !== 'string') throw dataError('Invalid keyData');
  if (jwk.alg !== name) throw dataError('JWK "alg" Parameter and algorithm name mismatch');
  const bytes = Buffer.from(jwk.pub, 'base64url');
  if (!isPrivate) return importPublic(bytes, name, extractable, usages);
  const key = importSeed(Buffer.from(jwk.priv, 'base64url'), name, extractable, usages);
  if (!bytes.equals(handleOf(keyObjectOf(key)).bytes)) throw dataError('Invalid keyData');
  return key;
}

function copyOf(bytes) {
  return Uint8Array.from(bytes).buffer;
}

function exportKey(format, key) {
  const { bytes, seed } = handleOf(keyObjectOf(key));
  switch (format) {
    case 'raw-public':
      return seed === undefined ? copyOf(bytes) : undefined;
    case 'raw-seed':
      return seed === undefined ? undefined : copyOf(seed);
    case 'jwk':
      return {
        kty: 'AKP',
        alg: algorithmOf(key).name,
        pub: bytes.toString('base64url'),
        key_ops: [...usagesOf(key)],
        ext: isExtractable(key),
        ...(seed === undefined ? undefined : { priv: seed.toString('base64url') }),
      };
    default:
      return undefined;
  }
}

/**
 * @param {CryptoKey} key  private
 * @param {string[]} usages
 * @returns {CryptoKey} its public half
 */
function publicKeyOf(key, usages) {
  const { name } = algorithmOf(key);
  checkUsages(usages, publicUsages, name);
  return makeKey('public', { bytes: handleOf(keyObjectOf(key)).bytes }, name, usages, true);
}

async function encapsulate(key) {
  const kind = kinds[algorithmOf(key).name];
  const { bytes, seed } = handleOf(keyObjectOf(key));
  if (seed !== undefined) throw lazyDOMException('Key must be a public key', 'InvalidAccessError');
  const { lattice, group } = publicKeys(kind, bytes);
  const [latticeSecret, latticeCiphertext] = await operate('encapsulate', lattice, []);
  const own = groupKey(kind, randomFillSync(Buffer.alloc(kind.scalarSeedSize)));
  const sent = exportRaw(own, 'raw-public', {});
  const groupSecret = await operate('derive', own, group, []);
  const sharedKey = combine(kind, latticeSecret, groupSecret, sent, bytes.subarray(kind.publicSize));
  return { sharedKey, ciphertext: copyOf(Buffer.concat([latticeCiphertext, sent])) };
}

async function decapsulate(key, ciphertext) {
  const kind = kinds[algorithmOf(key).name];
  const { bytes, seed } = handleOf(keyObjectOf(key));
  if (seed === undefined) throw lazyDOMException('Key must be a private key', 'InvalidAccessError');
  if (ciphertext.length !== kind.ciphertextSize + kind.elementSize) throw operationError();
  const sent = ciphertext.subarray(kind.ciphertextSize);
  try {
    const { lattice, group } = privateKeys(kind, seed);
    const latticeSecret = await operate('decapsulate', lattice, [], ciphertext.subarray(0, kind.ciphertextSize));
    const groupSecret = await operate('derive', group, element(kind, sent), []);
    return combine(kind, latticeSecret, groupSecret, sent, bytes.subarray(kind.publicSize));
  } catch (cause) {
    throw operationError(cause);
  }
}

module.exports = {
  ClonedPrivateKey,
  ClonedPublicKey,
  decapsulate,
  encapsulate,
  exportKey,
  generateKey,
  importKey,
  publicKeyOf,
};
