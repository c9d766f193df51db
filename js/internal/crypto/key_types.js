// What is known of each type of asymmetric keys beyond OpenSSL's generic functions.
'use strict';

const keys = internalBinding('crypto_keys');

/** The signature schemes and encapsulations whose private keys may be a seed. */
const seeded = new Set([
  'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87', 'ml-kem-512', 'ml-kem-768', 'ml-kem-1024',
]);

/** What `alg` in a JSON Web Key says, by type: the types that are told apart by it alone. */
const akpNames = {
  '__proto__': null,
  'ml-dsa-44': 'ML-DSA-44',
  'ml-dsa-65': 'ML-DSA-65',
  'ml-dsa-87': 'ML-DSA-87',
  'ml-kem-512': 'ML-KEM-512',
  'ml-kem-768': 'ML-KEM-768',
  'ml-kem-1024': 'ML-KEM-1024',
};
for (const hash of ['sha2', 'shake']) {
  for (const size of ['128s', '128f', '192s', '192f', '256s', '256f']) {
    akpNames[`slh-dsa-${hash}-${size}`] = `SLH-DSA-${hash.toUpperCase()}-${size}`;
  }
}

/** The types of keys on Edwards and Montgomery curves, with what `crv` in a JSON Web Key says. */
const okpNames = { '__proto__': null, 'ed25519': 'Ed25519', 'ed448': 'Ed448', 'x25519': 'X25519', 'x448': 'X448' };

/** The names in JSON Web Keys of elliptic curves. */
const jwkCurves = {
  __proto__: null,
  prime256v1: 'P-256',
  secp256k1: 'secp256k1',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/**
 * @param {object} handle
 * @returns {string} the type by Node's name
 */
function typeOfHandle(handle) {
  const name = keys.typeName(handle);
  return name === 'DHX' ? 'dh' : name.toLowerCase();
}

/** @returns {string} a digest's name as Node has it in the details of keys */
function plainDigestName(name) {
  return name.toLowerCase().replace(/^sha2-/, 'sha').replace('/', '-');
}

/**
 * The facts in which keys of a type differ.
 * @param {object} handle
 * @param {string} type
 * @returns {object}
 */
function detailsOf(handle, type) {
  switch (type) {
    case 'rsa':
    case 'rsa-pss': {
      const details = {
        modulusLength: keys.getInt(handle, 'bits'),
        publicExponent: BigInt(`0x${hex(keys.getNumber(handle, 'e', 1))}`),
      };
      if (type === 'rsa-pss') addPssDetails(details, handle);
      return details;
    }
    case 'dsa':
      return { modulusLength: bitLength(handle, 'p'), divisorLength: bitLength(handle, 'q') };
    case 'ec':
      return { namedCurve: keys.getText(handle, 'group') };
    default:
      return {};
  }
}

function addPssDetails(details, handle) {
  const saltLength = keys.getInt(handle, 'saltlen');
  if (saltLength === undefined) return;
  const hash = plainDigestName(keys.getText(handle, 'digest') ?? 'sha1');
  details.hashAlgorithm = hash;
  details.mgf1HashAlgorithm = plainDigestName(keys.getText(handle, 'mgf1-digest') ?? 'sha1');
  details.saltLength = saltLength;
}

function hex(bytes) {
  return require('buffer').Buffer.from(bytes.buffer).toString('hex');
}

function bitLength(handle, name) {
  const bytes = keys.getNumber(handle, name, 0);
  return bytes.length * 8 - Math.clz32(bytes[0]) + 24;
}

/** @returns {number} how many bytes the coordinates of a point of an elliptic curve take */
function coordinateLength(handle) {
  return (keys.getInt(handle, 'bits') + 7) >> 3;
}

module.exports = {
  akpNames,
  coordinateLength,
  detailsOf,
  jwkCurves,
  okpNames,
  seeded,
  typeOfHandle,
};
