// The groups for Diffie-Hellman that have names: RFC 2409's and RFC 3526's.
'use strict';

const keys = internalBinding('crypto_keys');

/** How many bits the prime of each group has. */
const primeLengths = {
  __proto__: null,
  modp1: 768,
  modp2: 1024,
  modp5: 1536,
  modp14: 2048,
  modp15: 3072,
  modp16: 4096,
  modp17: 6144,
  modp18: 8192,
};

/**
 * @param {string} name  such as 'modp14', in either case
 * @returns {{ prime: Uint8Array, generator: Uint8Array } | undefined}
 */
function groupNumbers(name) {
  const length = primeLengths[name.toLowerCase()];
  if (length === undefined) return undefined;
  return { prime: keys.groupPrime(length), generator: Uint8Array.of(2) };
}

module.exports = { groupNumbers };
