// `SubtleCrypto`: the operations of Web Crypto, which check what they are given and leave the rest to the algorithms.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { emitExperimentalWarning, lazyDOMException } = require('internal/util');
const { copyBytes } = require('internal/crypto/util');
const { typeOf } = require('internal/crypto/keys');
const { converters, requiredArguments } = require('internal/crypto/webidl');
const { algorithms, implementation } = require('internal/crypto/webcrypto/algorithms');
const { normalizeAlgorithm } = require('internal/crypto/webcrypto/normalize');
const {
  algorithmOf,
  isCryptoKey,
  isExtractable,
  keyObjectOf,
  usagesOf,
} = require('internal/crypto/webcrypto/key');

/** What the constructor is given by this module alone. */
const kConstruct = Symbol('kConstruct');

const ordinals = ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th'];

/** @param {string} operation  @returns {(type: string, value: unknown, index: number) => any} converts its arguments */
function argumentsOf(operation) {
  const prefix = `Failed to execute '${operation}' on 'SubtleCrypto'`;
  return (type, value, index) =>
    converters[type](value, { prefix, context: `${ordinals[index]} argument`, enforceRange: true });
}

function begin(receiver, operation, length, required) {
  if (receiver !== subtle) throw new ERR_INVALID_THIS('SubtleCrypto');
  requiredArguments(length, required, { prefix: `Failed to execute '${operation}' on 'SubtleCrypto'` });
  return argumentsOf(operation);
}

function invalidAccess(message) {
  return lazyDOMException(message, 'InvalidAccessError');
}

function checkAlgorithm({ name }, key, message = 'Key algorithm mismatch') {
  if (algorithmOf(key).name !== name) throw invalidAccess(message);
}

function checkUsage(key, usage) {
  if (!usagesOf(key).includes(usage)) throw invalidAccess(`Unable to use this key to ${usage}`);
}

// A private or secret key that nothing may be done with is of no use.
function checkNotUseless(result, action) {
  const key = isCryptoKey(result) ? result : result.privateKey;
  if (typeOf(keyObjectOf(key)) !== 'public' && usagesOf(key).length === 0) {
    const kind = isCryptoKey(result) && action === 'importing' ? `a ${typeOf(keyObjectOf(key))} key` : 'a key';
    throw lazyDOMException(`Usages cannot be empty when ${action} ${kind}.`, 'SyntaxError');
  }
  return result;
}

// What uses a key on bytes: `inputs` are the arguments behind the key.
function useKey(receiver, operation, length, algorithm, key, inputs) {
  const convert = begin(receiver, operation, length, 2 + inputs.length);
  algorithm = convert('AlgorithmIdentifier', algorithm, 0);
  key = convert('CryptoKey', key, 1);
  const copies = inputs.map((input, index) => copyBytes(convert('BufferSource', input, 2 + index)));
  const normalized = normalizeAlgorithm(algorithm, operation);
  checkAlgorithm(normalized, key);
  checkUsage(key, operation);
  return implementation(normalized.name)[operation](normalized, key, ...copies);
}

async function importInto(format, keyData, algorithm, extractable, usages) {
  const { importKey } = implementation(algorithm.name);
  return checkNotUseless(await importKey(format, keyData, algorithm, extractable, usages), 'importing');
}

// An algorithm for `deriveKey` and `encapsulateKey`: as it is imported.
function normalizeForImport(algorithm) {
  return normalizeAlgorithm(algorithm, 'importKey');
}

// Bytes become a secret key, in the format that its algorithm has for them.
function importSecret(bits, algorithm, extractable, usages) {
  return importInto('raw-secret', new Uint8Array(bits), algorithm, extractable, usages);
}

async function derive(algorithm, key, length) {
  return implementation(algorithm.name).deriveBits(algorithm, key, length);
}

async function exportAny(format, key) {
  const { name } = algorithmOf(key);
  if (algorithms[name].exportKey === undefined) {
    throw lazyDOMException(`${name} key export is not supported`, 'NotSupportedError');
  }
  if (!isExtractable(key)) throw invalidAccess('key is not extractable');
  const exported = await implementation(name).exportKey(format, key);
  if (exported === undefined) {
    const type = typeOf(keyObjectOf(key));
    throw lazyDOMException(`Unable to export ${name} ${type} key using ${format} format`, 'NotSupportedError');
  }
  return exported;
}

// Where an algorithm wraps keys in its own way that counts, otherwise it encrypts them.
function wrapping(algorithm, own, common) {
  try {
    return [normalizeAlgorithm(algorithm, own), own];
  } catch {
    return [normalizeAlgorithm(algorithm, common), common];
  }
}

// AES-KW takes multiples of eight bytes: JSON may have spaces behind it.
function jwkBytes(jwk, name) {
  let text = JSON.stringify(jwk);
  if (name === 'AES-KW') text = text.padEnd(text.length + ((8 - Buffer.byteLength(text) % 8) % 8), ' ');
  return new Uint8Array(Buffer.from(text));
}

function parseJwk(bytes) {
  try {
    return converters.JsonWebKey(JSON.parse(Buffer.from(bytes).toString()));
  } catch (cause) {
    throw lazyDOMException('Invalid wrapped JWK key', { name: 'DataError', cause });
  }
}

function warnOfMethod(name) {
  emitExperimentalWarning(`The ${name} Web Crypto API method`);
}

async function encapsulateWith(algorithm, key, usage) {
  const normalized = normalizeAlgorithm(algorithm, 'encapsulate');
  checkAlgorithm(normalized, key, 'key algorithm mismatch');
  if (!usagesOf(key).includes(usage)) throw invalidAccess(`encapsulationKey does not have ${usage} usage`);
  return implementation(normalized.name).encapsulate(key);
}

async function decapsulateWith(algorithm, key, ciphertext, usage) {
  const normalized = normalizeAlgorithm(algorithm, 'decapsulate');
  checkAlgorithm(normalized, key, 'key algorithm mismatch');
  if (!usagesOf(key).includes(usage)) throw invalidAccess(`decapsulationKey does not have ${usage} usage`);
  return implementation(normalized.name).decapsulate(key, ciphertext);
}

class SubtleCrypto {
  constructor(token = undefined) {
    if (token !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  static supports(operation, algorithm, lengthOrAdditionalAlgorithm = null) {
    if (this !== SubtleCrypto) throw new ERR_INVALID_THIS('SubtleCrypto constructor');
    const prefix = "Failed to execute 'supports' on 'SubtleCrypto'";
    requiredArguments(arguments.length, 2, { prefix });
    operation = converters.DOMString(operation, { prefix, context: '1st argument' });
    algorithm = converters.AlgorithmIdentifier(algorithm, { prefix, context: '2nd argument' });
    return require('internal/crypto/webcrypto/supports').supports(operation, algorithm, lengthOrAdditionalAlgorithm);
  }

  async encrypt(algorithm, key, data) {
    return useKey(this, 'encrypt', arguments.length, algorithm, key, [data]);
  }

  async decrypt(algorithm, key, data) {
    return useKey(this, 'decrypt', arguments.length, algorithm, key, [data]);
  }

  async sign(algorithm, key, data) {
    return useKey(this, 'sign', arguments.length, algorithm, key, [data]);
  }

  async verify(algorithm, key, signature, data) {
    return useKey(this, 'verify', arguments.length, algorithm, key, [signature, data]);
  }

  async digest(algorithm, data) {
    const convert = begin(this, 'digest', arguments.length, 2);
    algorithm = convert('AlgorithmIdentifier', algorithm, 0);
    data = copyBytes(convert('BufferSource', data, 1));
    const normalized = normalizeAlgorithm(algorithm, 'digest');
    return implementation(normalized.name).digest(normalized, data);
  }

  async generateKey(algorithm, extractable, keyUsages) {
    const convert = begin(this, 'generateKey', arguments.length, 3);
    algorithm = convert('AlgorithmIdentifier', algorithm, 0);
    extractable = convert('boolean', extractable, 1);
    const usages = convert('sequence<KeyUsage>', keyUsages, 2);
    const normalized = normalizeAlgorithm(algorithm, 'generateKey');
    const { generateKey } = implementation(normalized.name);
    return checkNotUseless(await generateKey(normalized, extractable, usages), 'creating');
  }

  async deriveKey(algorithm, baseKey, derivedKeyAlgorithm, extractable, keyUsages) {
    const convert = begin(this, 'deriveKey', arguments.length, 5);
    algorithm = convert('AlgorithmIdentifier', algorithm, 0);
    baseKey = convert('CryptoKey', baseKey, 1);
    derivedKeyAlgorithm = convert('AlgorithmIdentifier', derivedKeyAlgorithm, 2);
    extractable = convert('boolean', extractable, 3);
    const usages = convert('sequence<KeyUsage>', keyUsages, 4);
    const normalized = normalizeAlgorithm(algorithm, 'deriveBits');
    const derived = normalizeForImport(derivedKeyAlgorithm);
    const measured = normalizeAlgorithm(derivedKeyAlgorithm, 'getKeyLength');
    checkAlgorithm(normalized, baseKey);
    if (!usagesOf(baseKey).includes('deriveKey')) throw invalidAccess('baseKey does not have deriveKey usage');
    const length = implementation(measured.name).getKeyLength(measured);
    const bits = await derive(normalized, baseKey, length);
    return importSecret(bits, derived, extractable, usages);
  }

  async deriveBits(algorithm, baseKey, length = null) {
    const convert = begin(this, 'deriveBits', arguments.length, 2);
    algorithm = convert('AlgorithmIdentifier', algorithm, 0);
    baseKey = convert('CryptoKey', baseKey, 1);
    if (length !== null) length = convert('unsigned long', length, 2);
    const normalized = normalizeAlgorithm(algorithm, 'deriveBits');
    checkAlgorithm(normalized, baseKey);
    if (!usagesOf(baseKey).includes('deriveBits')) throw invalidAccess('baseKey does not have deriveBits usage');
    return derive(normalized, baseKey, length);
  }

  async importKey(format, keyData, algorithm, extractable, keyUsages) {
    const convert = begin(this, 'importKey', arguments.length, 5);
    format = convert('KeyFormat', format, 0);
    const isJwk = format === 'jwk';
    if (isJwk && (ArrayBuffer.isView(keyData) || keyData instanceof ArrayBuffer)) keyData = {};
    keyData = convert(isJwk ? 'JsonWebKey' : 'BufferSource', keyData, 1);
    if (!isJwk) keyData = copyBytes(keyData);
    algorithm = convert('AlgorithmIdentifier', algorithm, 2);
    extractable = convert('boolean', extractable, 3);
    const usages = convert('sequence<KeyUsage>', keyUsages, 4);
    return importInto(format, keyData, normalizeForImport(algorithm), extractable, usages);
  }

  async exportKey(format, key) {
    const convert = begin(this, 'exportKey', arguments.length, 2);
    format = convert('KeyFormat', format, 0);
    key = convert('CryptoKey', key, 1);
    return exportAny(format, key);
  }

  async wrapKey(format, key, wrappingKey, algorithm) {
    const convert = begin(this, 'wrapKey', arguments.length, 4);
    format = convert('KeyFormat', format, 0);
    key = convert('CryptoKey', key, 1);
    wrappingKey = convert('CryptoKey', wrappingKey, 2);
    algorithm = convert('AlgorithmIdentifier', algorithm, 3);
    const [normalized, operation] = wrapping(algorithm, 'wrapKey', 'encrypt');
    checkAlgorithm(normalized, wrappingKey);
    checkUsage(wrappingKey, 'wrapKey');
    const exported = await exportAny(format, key);
    const bytes = format === 'jwk' ? jwkBytes(exported, normalized.name) : new Uint8Array(exported);
    return implementation(normalized.name)[operation](normalized, wrappingKey, bytes);
  }

  async unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
    const convert = begin(this, 'unwrapKey', arguments.length, 7);
    format = convert('KeyFormat', format, 0);
    wrappedKey = copyBytes(convert('BufferSource', wrappedKey, 1));
    unwrappingKey = convert('CryptoKey', unwrappingKey, 2);
    unwrapAlgorithm = convert('AlgorithmIdentifier', unwrapAlgorithm, 3);
    unwrappedKeyAlgorithm = convert('AlgorithmIdentifier', unwrappedKeyAlgorithm, 4);
    extractable = convert('boolean', extractable, 5);
    const usages = convert('sequence<KeyUsage>', keyUsages, 6);
    const [normalized, operation] = wrapping(unwrapAlgorithm, 'unwrapKey', 'decrypt');
    const unwrapped = normalizeForImport(unwrappedKeyAlgorithm);
    checkAlgorithm(normalized, unwrappingKey);
    checkUsage(unwrappingKey, 'unwrapKey');
    const bytes = await implementation(normalized.name)[operation](normalized, unwrappingKey, wrappedKey);
    const keyData = format === 'jwk' ? parseJwk(bytes) : new Uint8Array(bytes);
    return importInto(format, keyData, unwrapped, extractable, usages);
  }

  async getPublicKey(key, keyUsages) {
    warnOfMethod('getPublicKey');
    const convert = begin(this, 'getPublicKey', arguments.length, 2);
    key = convert('CryptoKey', key, 0);
    const usages = convert('sequence<KeyUsage>', keyUsages, 1);
    const type = typeOf(keyObjectOf(key));
    if (type !== 'private') {
      const name = type === 'public' ? 'InvalidAccessError' : 'NotSupportedError';
      throw lazyDOMException('key must be a private key', name);
    }
    const { publicKeyOf } = implementation(algorithmOf(key).name);
    if (publicKeyOf !== undefined) return publicKeyOf(key, usages);
    const { createPublicKey } = require('internal/crypto/asymmetric_keys');
    return createPublicKey(keyObjectOf(key)).toCryptoKey(algorithmOf(key), true, usages);
  }

  async encapsulateBits(encapsulationAlgorithm, encapsulationKey) {
    warnOfMethod('encapsulateBits');
    const convert = begin(this, 'encapsulateBits', arguments.length, 2);
    encapsulationAlgorithm = convert('AlgorithmIdentifier', encapsulationAlgorithm, 0);
    encapsulationKey = convert('CryptoKey', encapsulationKey, 1);
    return encapsulateWith(encapsulationAlgorithm, encapsulationKey, 'encapsulateBits');
  }

  async encapsulateKey(encapsulationAlgorithm, encapsulationKey, sharedKeyAlgorithm, extractable, usages) {
    warnOfMethod('encapsulateKey');
    const convert = begin(this, 'encapsulateKey', arguments.length, 5);
    encapsulationAlgorithm = convert('AlgorithmIdentifier', encapsulationAlgorithm, 0);
    encapsulationKey = convert('CryptoKey', encapsulationKey, 1);
    sharedKeyAlgorithm = convert('AlgorithmIdentifier', sharedKeyAlgorithm, 2);
    extractable = convert('boolean', extractable, 3);
    usages = convert('sequence<KeyUsage>', usages, 4);
    const shared = normalizeForImport(sharedKeyAlgorithm);
    const { sharedKey, ciphertext } =
      await encapsulateWith(encapsulationAlgorithm, encapsulationKey, 'encapsulateKey');
    return { ciphertext, sharedKey: await importSecret(sharedKey, shared, extractable, usages) };
  }

  async decapsulateBits(decapsulationAlgorithm, decapsulationKey, ciphertext) {
    warnOfMethod('decapsulateBits');
    const convert = begin(this, 'decapsulateBits', arguments.length, 3);
    decapsulationAlgorithm = convert('AlgorithmIdentifier', decapsulationAlgorithm, 0);
    decapsulationKey = convert('CryptoKey', decapsulationKey, 1);
    ciphertext = copyBytes(convert('BufferSource', ciphertext, 2));
    return decapsulateWith(decapsulationAlgorithm, decapsulationKey, ciphertext, 'decapsulateBits');
  }

  async decapsulateKey(
    decapsulationAlgorithm, decapsulationKey, ciphertext, sharedKeyAlgorithm, extractable, usages,
  ) {
    warnOfMethod('decapsulateKey');
    const convert = begin(this, 'decapsulateKey', arguments.length, 6);
    decapsulationAlgorithm = convert('AlgorithmIdentifier', decapsulationAlgorithm, 0);
    decapsulationKey = convert('CryptoKey', decapsulationKey, 1);
    ciphertext = copyBytes(convert('BufferSource', ciphertext, 2));
    sharedKeyAlgorithm = convert('AlgorithmIdentifier', sharedKeyAlgorithm, 3);
    extractable = convert('boolean', extractable, 4);
    usages = convert('sequence<KeyUsage>', usages, 5);
    const shared = normalizeForImport(sharedKeyAlgorithm);
    const bits =
      await decapsulateWith(decapsulationAlgorithm, decapsulationKey, ciphertext, 'decapsulateKey');
    return importSecret(bits, shared, extractable, usages);
  }
}

for (const name of Object.getOwnPropertyNames(SubtleCrypto.prototype)) {
  if (name !== 'constructor') Object.defineProperty(SubtleCrypto.prototype, name, { enumerable: true });
}
Object.defineProperty(SubtleCrypto, 'supports', { enumerable: true });
Object.defineProperty(SubtleCrypto.prototype, Symbol.toStringTag, { configurable: true, value: 'SubtleCrypto' });

const lengths = { importKey: 5, wrapKey: 4 };
for (const [name, value] of Object.entries(lengths)) {
  Object.defineProperty(SubtleCrypto.prototype[name], 'length', { configurable: true, value });
}

const subtle = new SubtleCrypto(kConstruct);

module.exports = { SubtleCrypto, subtle };
