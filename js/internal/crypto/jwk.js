// JSON Web Keys: asymmetric keys out of them and into them.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_CRYPTO_INVALID_CURVE,
    ERR_CRYPTO_INVALID_JWK,
    ERR_CRYPTO_JWK_UNSUPPORTED_CURVE,
    ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE,
    ERR_CRYPTO_OPERATION_FAILED,
  },
} = require('internal/errors');
const {
  akpNames,
  coordinateLength,
  jwkCurves,
  okpNames,
  seeded,
  typeOfHandle,
} = require('internal/crypto/key_types');

const keys = internalBinding('crypto_keys');

/** OpenSSL's names of the numbers of an RSA key, by those of its JSON Web Key, in the order of the latter. */
const rsaNumbers = { n: 'n', e: 'e' };
const rsaPrivateNumbers = {
  d: 'd',
  p: 'rsa-factor1',
  q: 'rsa-factor2',
  dp: 'rsa-exponent1',
  dq: 'rsa-exponent2',
  qi: 'rsa-coefficient1',
};

function invalid(message) {
  return hasMessage(new ERR_CRYPTO_INVALID_JWK(), message);
}

// The code has one message of its own, and others where more is known.
function hasMessage(error, message) {
  error.message = message;
  return error;
}

function decode(text) {
  return Buffer.from(text, 'base64');
}

/** What a point with both coordinates begins with. */
const UNCOMPRESSED = 4;

function encode(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

function invert(names, wanted) {
  for (const name in names) if (names[name] === wanted) return name;
  return undefined;
}

/**
 * Makes a key of a JSON Web Key.
 * @param {object} jwk
 * @param {boolean} wantsPrivate  whether a key without its private half is an error
 * @returns {{ handle: object, isPrivate: boolean }}
 */
function importJwk(jwk, wantsPrivate) {
  const { kty } = jwk;
  if (typeof kty !== 'string') throw invalid('Invalid JWK format');
  let result;
  switch (kty) {
    case 'RSA':
      result = importRsa(jwk);
      break;
    case 'EC':
      result = importEc(jwk);
      break;
    case 'OKP':
      result = importOkp(jwk);
      break;
    case 'AKP':
      result = importAkp(jwk);
      break;
    default:
      throw invalid(`${kty} is not a supported JWK key type`);
  }
  if (result.handle === undefined) throw invalid(`Invalid JWK ${kty} key`);
  if (wantsPrivate && !result.isPrivate) throw invalid('JWK does not contain private key material');
  return result;
}

function importRsa(jwk) {
  const isPrivate = jwk.d !== undefined;
  const names = isPrivate ? { ...rsaNumbers, ...rsaPrivateNumbers } : rsaNumbers;
  const params = [];
  for (const name in names) {
    if (typeof jwk[name] !== 'string') throw invalid('Invalid JWK RSA key');
    params.push(names[name], 'n', decode(jwk[name]));
  }
  return { handle: keys.fromParams('RSA', isPrivate, params), isPrivate };
}

function importEc(jwk) {
  const { crv, x, y, d } = jwk;
  if (typeof crv !== 'string' || typeof x !== 'string' || typeof y !== 'string' ||
      (d !== undefined && typeof d !== 'string')) {
    throw invalid('Invalid JWK EC key');
  }
  const length = keys.curveLength(crv);
  if (length === 0) throw new ERR_CRYPTO_INVALID_CURVE();
  const [left, right] = [paddedTo(length, decode(x)), paddedTo(length, decode(y))];
  if (left === undefined || right === undefined) throw invalid('Invalid JWK EC key');
  const params = ['group', 's', crv, 'pub', 'b', Buffer.concat([Buffer.of(4), left, right])];
  const isPrivate = d !== undefined;
  if (isPrivate) params.push('priv', 'n', decode(d));
  const handle = keys.fromParams('EC', isPrivate, params);
  const fits = handle !== undefined && (!isPrivate || keys.isValidPair(handle));
  return { handle: fits ? handle : undefined, isPrivate };
}

function paddedTo(length, bytes) {
  if (bytes.length === length) return bytes;
  const significant = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  if (significant.length > length) return undefined;
  return Buffer.concat([Buffer.alloc(length - significant.length), significant]);
}

function importOkp(jwk) {
  const { crv, x, d } = jwk;
  const type = typeof crv === 'string' ? invert(okpNames, crv) : undefined;
  if (type === undefined || typeof x !== 'string' || (d !== undefined && typeof d !== 'string')) {
    throw invalid('Invalid JWK OKP key');
  }
  const isPrivate = d !== undefined;
  const params = isPrivate ? ['priv', 'b', decode(d)] : ['pub', 'b', decode(x)];
  const handle = keys.fromParams(type, isPrivate, params);
  const fits = handle !== undefined && (!isPrivate || decode(x).equals(keys.getBytes(handle, 'pub')));
  return { handle: fits ? handle : undefined, isPrivate };
}

function importAkp(jwk) {
  const { alg, pub, priv } = jwk;
  const type = typeof alg === 'string' ? invert(akpNames, alg) : undefined;
  if (type === undefined) throw invalid('Unsupported JWK AKP "alg"');
  if (typeof pub !== 'string' || (priv !== undefined && typeof priv !== 'string')) {
    throw invalid('Invalid JWK AKP key');
  }
  const isPrivate = priv !== undefined;
  const params = ['pub', 'b', decode(pub)];
  if (isPrivate) params.push(seeded.has(type) ? 'seed' : 'priv', 'b', decode(priv));
  return { handle: keys.fromParams(type, isPrivate, params), isPrivate };
}

/**
 * @param {object} handle
 * @param {boolean} isPrivate
 * @returns {object} the JSON Web Key
 */
function exportJwk(handle, isPrivate) {
  const type = typeOfHandle(handle);
  if (type === 'rsa') return exportRsa(handle, isPrivate);
  if (type === 'ec') return exportEc(handle, isPrivate);
  if (type in okpNames) {
    const jwk = { kty: 'OKP', crv: okpNames[type], x: encode(keys.getBytes(handle, 'pub')) };
    if (isPrivate) jwk.d = encode(keys.getBytes(handle, 'priv'));
    return jwk;
  }
  if (type in akpNames) return exportAkp(handle, type, isPrivate);
  throw new ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE();
}

function exportRsa(handle, isPrivate) {
  const jwk = { kty: 'RSA' };
  for (const name in rsaNumbers) jwk[name] = encode(keys.getNumber(handle, rsaNumbers[name], 0));
  if (isPrivate) {
    for (const name in rsaPrivateNumbers) {
      jwk[name] = encode(keys.getNumber(handle, rsaPrivateNumbers[name], 0));
    }
  }
  return jwk;
}

function exportEc(handle, isPrivate) {
  const curve = keys.getText(handle, 'group');
  const crv = jwkCurves[curve];
  if (crv === undefined) throw new ERR_CRYPTO_JWK_UNSUPPORTED_CURVE(curve);
  const length = coordinateLength(handle);
  // Both coordinates are computed at once for the encoding that most keys have.
  const point = keys.getBytes(handle, 'pub');
  const [x, y] = point?.[0] === UNCOMPRESSED ?
    [point.subarray(1, 1 + length), point.subarray(1 + length)] :
    [keys.getNumber(handle, 'qx', length), keys.getNumber(handle, 'qy', length)];
  const jwk = { kty: 'EC', x: encode(x), y: encode(y), crv };
  if (isPrivate) jwk.d = encode(keys.getNumber(handle, 'priv', length));
  return jwk;
}

function exportAkp(handle, type, isPrivate) {
  const jwk = { kty: 'AKP', alg: akpNames[type], pub: encode(keys.getBytes(handle, 'pub')) };
  if (isPrivate) {
    const priv = keys.getBytes(handle, seeded.has(type) ? 'seed' : 'priv');
    if (priv === undefined) throw new ERR_CRYPTO_OPERATION_FAILED('key does not have an available seed');
    jwk.priv = encode(priv);
  }
  return jwk;
}

module.exports = { exportJwk, importJwk };
