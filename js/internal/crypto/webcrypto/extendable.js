// Digests of any length in Web Crypto: cSHAKE, TurboSHAKE, KangarooTwelve.
'use strict';

const { operationOn } = require('internal/crypto/webcrypto/job');

/** The sponge's rate in bytes, by the strength in bits. */
const rates = { 128: 168, 256: 136 };

const kinds = ['cSHAKE', 'TurboSHAKE', 'KT'];

/** The byte behind the input of TurboSHAKE, unless the program says otherwise. */
const DOMAIN = 0x1f;

/**
 * @param {string} name
 * @param {number} bits  of the result; those of its last byte that are too many are nought
 * @param {{ functionName?: Uint8Array, customization?: Uint8Array, domainSeparation?: number }} params
 * @param {Uint8Array} data
 * @returns {Promise<ArrayBuffer>}
 */
async function digest(name, bits, params, data) {
  const kind = kinds.findIndex((prefix) => name.startsWith(prefix));
  const { functionName = '', customization = '', domainSeparation = DOMAIN } = params;
  const length = Math.ceil(bits / 8);
  const result = await operationOn(
    data, 'extendableWhole', kind, rates[name.slice(-3)], functionName, customization, domainSeparation, data, length,
  );
  return clearSpareBits(result, bits);
}

/** Clears the bits behind the last one that was asked for. */
function clearSpareBits(buffer, bits) {
  if (bits % 8 !== 0) {
    const bytes = new Uint8Array(buffer);
    bytes[bytes.length - 1] &= 0xff << (8 - bits % 8);
  }
  return buffer;
}

module.exports = { clearSpareBits, digest };
