// Keys as nothing but their bytes: the formats `raw-public`, `raw-private` and `raw-seed`.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS,
    ERR_CRYPTO_INVALID_CURVE,
    ERR_CRYPTO_OPERATION_FAILED,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateOneOf, validateString } = require('internal/validators');
const { akpNames, coordinateLength, okpNames, seeded, typeOfHandle } = require('internal/crypto/key_types');

const keys = internalBinding('crypto_keys');

const otherTypes = new Set(['rsa', 'rsa-pss', 'dsa', 'dh', 'ec']);

function invalidValue(message) {
  const error = new ERR_INVALID_ARG_VALUE('key', undefined);
  error.message = message;
  return error;
}

function incompatible() {
  const error = new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('', '');
  error.message = 'The selected key encoding is incompatible with the key type';
  return error;
}

/**
 * Makes a key of its bytes.
 * @param {Uint8Array} bytes
 * @param {'raw-public' | 'raw-private' | 'raw-seed'} format
 * @param {{ asymmetricKeyType: string, namedCurve?: string }} options
 * @returns {object} the handle
 */
function importRaw(bytes, format, options) {
  const { asymmetricKeyType: type, namedCurve } = options;
  validateString(type, 'key.asymmetricKeyType');
  if (type === 'ec') validateString(namedCurve, 'key.namedCurve');
  let handle;
  if (type === 'ec') {
    handle = importEc(bytes, format, namedCurve);
  } else if (type in okpNames || type in akpNames) {
    const isAllowed = format === 'raw-public' || (format === 'raw-seed') === seeded.has(type);
    if (!isAllowed) throw incompatible();
    const isPrivate = format !== 'raw-public';
    const name = { 'raw-public': 'pub', 'raw-private': 'priv', 'raw-seed': 'seed' }[format];
    handle = keys.fromParams(type, isPrivate, [name, 'b', bytes]);
  } else if (otherTypes.has(type)) {
    throw incompatible();
  } else {
    throw invalidValue(`Invalid asymmetricKeyType: ${type}`);
  }
  if (handle === undefined) throw invalidValue('Invalid key data');
  return handle;
}

function importEc(bytes, format, curve) {
  if (format === 'raw-seed') throw incompatible();
  if (keys.curveLength(curve) === 0) throw new ERR_CRYPTO_INVALID_CURVE();
  if (format === 'raw-private') return keys.curveKey(curve, bytes);
  return keys.fromParams('EC', false, ['group', 's', curve, 'pub', 'b', bytes]);
}

/**
 * @param {object} handle
 * @param {'raw-public' | 'raw-private' | 'raw-seed'} format
 * @param {{ type?: 'compressed' | 'uncompressed' }} options  how a point of an elliptic curve is written
 * @returns {Buffer}
 */
function exportRaw(handle, format, options) {
  const type = typeOfHandle(handle);
  if (type === 'ec' && format !== 'raw-seed') {
    return format === 'raw-public' ?
      exportPoint(handle, options.type) :
      bufferOf(keys.getNumber(handle, 'priv', coordinateLength(handle)));
  }
  if (!(type in okpNames) && !(type in akpNames)) throw incompatible();
  if (format === 'raw-public') return bufferOf(keys.getBytes(handle, 'pub'));
  if ((format === 'raw-seed') !== seeded.has(type)) throw incompatible();
  const bytes = keys.getBytes(handle, format === 'raw-seed' ? 'seed' : 'priv');
  if (bytes === undefined) throw new ERR_CRYPTO_OPERATION_FAILED('key does not have an available seed');
  return bufferOf(bytes);
}

function exportPoint(handle, form = 'uncompressed') {
  validateOneOf(form, 'options.type', ['compressed', 'uncompressed']);
  const length = coordinateLength(handle);
  const [x, y] = [keys.getNumber(handle, 'qx', length), keys.getNumber(handle, 'qy', length)];
  if (form === 'uncompressed') return Buffer.concat([Buffer.of(4), x, y]);
  return Buffer.concat([Buffer.of(2 + (y[length - 1] & 1)), x]);
}

function bufferOf(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

module.exports = { exportRaw, importRaw };
