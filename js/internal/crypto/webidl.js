// Web IDL for Web Crypto: how arguments become the types that the specification names.
'use strict';

const { lazyDOMException } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView, isSharedArrayBuffer } = require('internal/util/types');
const keyChecks = require('internal/util/key_checks');
const { dictionaries } = require('internal/crypto/webcrypto/dictionaries');

function codedError(message, code) {
  const error = new TypeError(message);
  error.code = code;
  return error;
}

function describe({ prefix, context }, text) {
  return `${prefix ? `${prefix}: ` : ''}${context ?? 'Value'} ${text}`;
}

function wrongType(options, text) {
  return codedError(describe(options, text), 'ERR_INVALID_ARG_TYPE');
}

/**
 * Counts the arguments of a call.
 * @param {number} length  how many there are
 * @param {number} required  how many there must be
 * @param {{ prefix?: string }} [options]
 */
function requiredArguments(length, required, { prefix } = {}) {
  if (length >= required) return;
  const noun = required === 1 ? 'argument' : 'arguments';
  const message = `${prefix ? `${prefix}: ` : ''}${required} ${noun} required, but only ${length} present.`;
  throw codedError(message, 'ERR_MISSING_ARGS');
}

function toNumber(value, options) {
  if (typeof value === 'bigint') throw wrongType(options, 'is a BigInt and cannot be converted to a number.');
  if (typeof value === 'symbol') throw wrongType(options, 'is a Symbol and cannot be converted to a number.');
  return Number(value);
}

function integerConverter(bits) {
  const max = 2 ** bits - 1;
  return (value, options = {}) => {
    const number = toNumber(value, options);
    if (options.enforceRange) {
      if (!Number.isFinite(number)) throw wrongType(options, 'is not a finite number.');
      const integer = Math.trunc(number);
      if (integer < 0 || integer > max) {
        throw codedError(describe(options, `is outside the expected range of 0 to ${max}.`), 'ERR_OUT_OF_RANGE');
      }
      return integer + 0;
    }
    if (!Number.isFinite(number)) return 0;
    const integer = Math.trunc(number) % (max + 1);
    return integer < 0 ? integer + max + 1 : integer + 0;
  };
}

const converters = {
  __proto__: null,

  any: (value) => value,

  boolean: (value) => Boolean(value),

  octet: integerConverter(8),
  'unsigned short': integerConverter(16),
  'unsigned long': integerConverter(32),

  DOMString(value, options = {}) {
    if (typeof value === 'string') return value;
    if (typeof value === 'symbol') throw wrongType(options, 'is a Symbol and cannot be converted to a string.');
    return String(value);
  },

  object(value, options = {}) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
      throw wrongType(options, 'is not an object.');
    }
    return value;
  },

  Uint8Array(value, options = {}) {
    if (!ArrayBuffer.isView(value) || value[Symbol.toStringTag] !== 'Uint8Array') {
      throw wrongType(options, 'is not an Uint8Array object.');
    }
    return notShared(value, options);
  },

  BufferSource(value, options = {}) {
    if (isAnyArrayBuffer(value) && !isSharedArrayBuffer(value)) return value;
    if (!isArrayBufferView(value)) {
      throw wrongType(options, 'is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.');
    }
    return notShared(value, options);
  },

  CryptoKey(value, options = {}) {
    if (!keyChecks.isCryptoKey(value)) throw wrongType(options, 'is not of type CryptoKey.');
    return value;
  },

  AlgorithmIdentifier(value, options = {}) {
    if (typeof value === 'object' && value !== null) return value;
    if (typeof value === 'function') return value;
    return converters.DOMString(value, options);
  },

  HashAlgorithmIdentifier(value, options = {}) {
    return converters.AlgorithmIdentifier(value, options);
  },

  KeyFormat: enumConverter('KeyFormat', [
    'raw', 'raw-public', 'raw-seed', 'raw-secret', 'raw-private', 'pkcs8', 'spki', 'jwk',
  ]),

  KeyUsage: enumConverter('KeyUsage', [
    'encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey',
    'encapsulateBits', 'decapsulateBits', 'encapsulateKey', 'decapsulateKey',
  ]),

  BigInteger(value, options = {}) {
    return converters.Uint8Array(value, options);
  },

  NamedCurve(value, options = {}) {
    return converters.DOMString(value, options);
  },
};

function notShared(view, options) {
  if (isSharedArrayBuffer(view.buffer)) {
    throw wrongType(options, 'is a view on a SharedArrayBuffer, which is not allowed.');
  }
  return view;
}

function enumConverter(name, values) {
  const known = new Set(values);
  return (value, options = {}) => {
    const text = converters.DOMString(value, options);
    if (known.has(text)) return text;
    const message = describe(options, `'${text}' is not a valid enum value of type ${name}.`);
    throw codedError(message, 'ERR_INVALID_ARG_VALUE');
  };
}

function sequenceConverter(convert) {
  return (value, options = {}) => {
    const iterate = (typeof value === 'object' || typeof value === 'function') && value !== null ?
      value[Symbol.iterator] :
      undefined;
    if (typeof iterate !== 'function') throw wrongType(options, 'cannot be converted to sequence.');
    const items = [];
    for (const item of { [Symbol.iterator]: () => Reflect.apply(iterate, value, []) }) {
      items.push(convert(item, { ...options, context: `${options.context ?? 'Value'}[${items.length}]` }));
    }
    return items;
  };
}

converters['sequence<DOMString>'] = sequenceConverter(converters.DOMString);
converters['sequence<KeyUsage>'] = sequenceConverter(converters.KeyUsage);

function dictionaryConverter(name, members) {
  return (value, options = {}) => {
    const isMissing = value === undefined || value === null;
    if (!isMissing && typeof value !== 'object' && typeof value !== 'function') {
      throw wrongType(options, 'cannot be converted to a dictionary');
    }
    const dictionary = {};
    for (const { key, type, required, enforceRange, check } of members) {
      const given = isMissing ? undefined : value[key];
      if (given !== undefined) {
        const context = `${key} in ${options.context ?? 'Value'}`;
        const converted = converters[type](given, { prefix: options.prefix, context, enforceRange });
        check?.(converted, dictionary);
        dictionary[key] = converted;
      } else if (required) {
        const verb = options.verb ?? 'can not be converted';
        const text = `${verb} to '${name}' because '${key}' is required in '${name}'.`;
        throw codedError(describe(options, text), 'ERR_MISSING_OPTION');
      }
    }
    return dictionary;
  };
}

for (const [name, members] of Object.entries(dictionaries)) converters[name] = dictionaryConverter(name, members);
converters['sequence<RsaOtherPrimesInfo>'] = sequenceConverter(converters.RsaOtherPrimesInfo);

/** An operation that failed, with what made it fail as cause. */
function operationError(cause) {
  return lazyDOMException(
    'The operation failed for an operation-specific reason', { name: 'OperationError', cause },
  );
}

module.exports = { converters, operationError, requiredArguments };
