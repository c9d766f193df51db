// Subresource Integrity: whether content is what its hashes say.
'use strict';

const STRENGTHS = ['sha256', 'sha384', 'sha512'];
const item = /^(sha256|sha384|sha512)-((?:[A-Za-z0-9+/_-]+)={0,2})(?:\?.*)?$/i;

/**
 * @param {Uint8Array} bytes
 * @param {string} integrity hashes with spaces between them; the strongest kind counts
 * @returns {boolean}
 */
function matches(bytes, integrity) {
  const hashes = [];
  for (const text of integrity.split(/[\t\n\f\r ]+/)) {
    const match = item.exec(text);
    if (match !== null) hashes.push({ algorithm: match[1].toLowerCase(), value: match[2] });
  }
  if (hashes.length === 0) return true;
  const strength = Math.max(...hashes.map(({ algorithm }) => STRENGTHS.indexOf(algorithm)));
  const algorithm = STRENGTHS[strength];
  const actual = require('crypto').createHash(algorithm).update(bytes).digest();
  return hashes.some((hash) => hash.algorithm === algorithm && actual.equals(Buffer.from(hash.value, 'base64')));
}

module.exports = { matches };
