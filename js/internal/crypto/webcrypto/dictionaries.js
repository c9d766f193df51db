// The dictionaries of Web Crypto: their members in the order in which they are read, with the limits that
// concern one member alone.
'use strict';

const { Buffer } = require('buffer');
const { lazyDOMException } = require('internal/util');

function operationError(message) {
  return lazyDOMException(message, 'OperationError');
}

const optional = (key, type, rest) => ({ key, type, required: false, ...rest });
const required = (key, type, rest) => ({ key, type, required: true, ...rest });
const number = { enforceRange: true };

const name = required('name', 'DOMString');
const hash = required('hash', 'HashAlgorithmIdentifier');

function exactly(member, size) {
  return {
    check(bytes) {
      if (bytes.byteLength !== size) throw operationError(`algorithm.${member} must contain exactly ${size} bytes`);
    },
  };
}

function checkAesLength(length) {
  if (length !== 128 && length !== 192 && length !== 256) {
    throw operationError('AES key length must be 128, 192, or 256 bits');
  }
}

function checkTagLength(length, { name: algorithm }) {
  const lengths = {
    'AES-GCM': [32, 64, 96, 104, 112, 120, 128], 'AES-OCB': [64, 96, 128], 'ChaCha20-Poly1305': [128],
  };
  const valid = Object.entries(lengths).find(([key]) => key.toLowerCase() === algorithm.toLowerCase());
  if (valid !== undefined && !valid[1].includes(length)) {
    throw operationError(`${length} is not a valid ${valid[0]} tag length`);
  }
}

function checkAeadIv(iv, { name: algorithm }) {
  switch (algorithm.toLowerCase()) {
    case 'chacha20-poly1305':
      exactly('iv', 12).check(iv);
      break;
    case 'aes-ocb':
      if (iv.byteLength > 15) throw operationError('AES-OCB algorithm.iv must be no more than 15 bytes');
      break;
  }
}

/** The functions of NIST's that are made of cSHAKE. */
const functionNames = ['', 'KMAC', 'TupleHash', 'ParallelHash'];

function checkFunctionName(bytes) {
  const view = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
  if (!functionNames.includes(Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('latin1'))) {
    throw lazyDOMException('Unsupported CShakeParams functionName', 'NotSupportedError');
  }
}

function notNought(message, name = 'OperationError') {
  return { check(value) {
    if (value === 0) throw lazyDOMException(message, name);
  } };
}

function wholeBytes(params) {
  return { check(length) {
    if (length === 0 || length % 8 !== 0) throw operationError(`Invalid ${params} outputLength`);
  } };
}

const hashedKey = (key, error) => [
  name, hash, optional('length', 'unsigned long', { ...number, ...notNought(`${key}.length cannot be 0`, error) }),
];
const rsaKeyGen = [
  name,
  required('modulusLength', 'unsigned long', number),
  required('publicExponent', 'BigInteger'),
];

/** @type {Record<string, { key: string, type: string, required: boolean, enforceRange?: boolean,
 *   check?: (value: any, dictionary: object) => void }[]>} */
const dictionaries = {
  Algorithm: [name],
  AeadParams: [
    name,
    optional('additionalData', 'BufferSource'),
    required('iv', 'BufferSource', { check: checkAeadIv }),
    optional('tagLength', 'octet', { ...number, check: checkTagLength }),
  ],
  AesCbcParams: [name, required('iv', 'BufferSource', exactly('iv', 16))],
  AesCtrParams: [
    name,
    required('counter', 'BufferSource', exactly('counter', 16)),
    required('length', 'octet', { ...number, check(length) {
      if (length === 0 || length > 128) throw operationError('AES-CTR algorithm.length must be between 1 and 128');
    } }),
  ],
  AesDerivedKeyParams: [name, required('length', 'unsigned short', { ...number, check: checkAesLength })],
  AesKeyGenParams: [name, required('length', 'unsigned short', { ...number, check: checkAesLength })],
  Argon2Params: [
    name,
    optional('associatedData', 'BufferSource'),
    required('memory', 'unsigned long', { ...number, check(memory, { parallelism }) {
      if (memory < 8 * (parallelism ?? 1)) {
        throw operationError('memory must be at least 8 times the degree of parallelism');
      }
    } }),
    required('nonce', 'BufferSource', { check(nonce) {
      if (nonce.byteLength < 8) throw operationError('nonce must be at least 8 bytes');
    } }),
    required('parallelism', 'unsigned long', { ...number, check(parallelism, { memory }) {
      if (parallelism === 0 || parallelism > 2 ** 24 - 1) {
        throw operationError('parallelism must be > 0 and <= 16777215');
      }
      if (memory < 8 * parallelism) {
        throw operationError('memory must be at least 8 times the degree of parallelism');
      }
    } }),
    required('passes', 'unsigned long', { ...number, ...notNought('passes must be > 0') }),
    optional('secretValue', 'BufferSource'),
    optional('version', 'octet', { ...number, check(version) {
      if (version !== 0x13) throw operationError(`${version} is not a valid Argon2 version`);
    } }),
  ],
  ContextParams: [name, optional('context', 'BufferSource', { check(context) {
    if (context.byteLength > 255) throw operationError('ContextParams.context must be at most 255 bytes');
  } })],
  CShakeParams: [
    name,
    optional('customization', 'BufferSource'),
    optional('functionName', 'BufferSource', { check: checkFunctionName }),
    required('outputLength', 'unsigned long', number),
  ],
  EcdhKeyDeriveParams: [name, required('public', 'CryptoKey')],
  EcdsaParams: [name, hash],
  EcKeyGenParams: [name, required('namedCurve', 'NamedCurve')],
  EcKeyImportParams: [name, required('namedCurve', 'NamedCurve')],
  HkdfParams: [
    name,
    hash,
    required('info', 'BufferSource', { check(info) {
      if (info.byteLength > 1024) throw operationError('algorithm.info must be at most 1024 bytes');
    } }),
    required('salt', 'BufferSource'),
  ],
  HmacImportParams: hashedKey('HmacImportParams', 'DataError'),
  HmacKeyGenParams: hashedKey('HmacKeyGenParams'),
  KangarooTwelveParams: [
    name,
    optional('customization', 'BufferSource'),
    required('outputLength', 'unsigned long', { ...number, ...wholeBytes('KangarooTwelveParams') }),
  ],
  KmacImportParams: [name, optional('length', 'unsigned long', number)],
  KmacKeyGenParams: [name, optional('length', 'unsigned long', number)],
  KmacParams: [
    name,
    optional('customization', 'BufferSource'),
    required('outputLength', 'unsigned long', number),
  ],
  Pbkdf2Params: [
    name,
    hash,
    required('iterations', 'unsigned long', { ...number, ...notNought('iterations cannot be zero') }),
    required('salt', 'BufferSource'),
  ],
  RsaHashedImportParams: [name, hash],
  RsaHashedKeyGenParams: [...rsaKeyGen, hash],
  RsaKeyGenParams: rsaKeyGen,
  RsaOaepParams: [name, optional('label', 'BufferSource')],
  RsaPssParams: [name, required('saltLength', 'unsigned long', number)],
  TurboShakeParams: [
    name,
    optional('domainSeparation', 'octet', { ...number, check(domain) {
      if (domain < 1 || domain > 0x7f) throw operationError('TurboShakeParams.domainSeparation must be in range 0x01-0x7f');
    } }),
    required('outputLength', 'unsigned long', { ...number, ...wholeBytes('TurboShakeParams') }),
  ],
  RsaOtherPrimesInfo: ['d', 'r', 't'].map((key) => optional(key, 'DOMString')),
  JsonWebKey: [
    optional('kty', 'DOMString'),
    optional('use', 'DOMString'),
    optional('key_ops', 'sequence<DOMString>'),
    optional('alg', 'DOMString'),
    optional('ext', 'boolean'),
    ...['crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi'].map((key) => optional(key, 'DOMString')),
    optional('oth', 'sequence<RsaOtherPrimesInfo>'),
    ...['k', 'pub', 'priv'].map((key) => optional(key, 'DOMString')),
  ],
};

module.exports = { dictionaries };
