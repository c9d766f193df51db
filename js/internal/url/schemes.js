// The schemes whose URLs have two slashes in front of a host.

'use strict';

const slashed = new Set([
  'http', 'http:', 'https', 'https:', 'ftp', 'ftp:', 'gopher', 'gopher:', 'file', 'file:', 'ws', 'ws:', 'wss',
  'wss:',
]);

/**
 * @param {string|null} scheme With or without its colon.
 * @returns {boolean}
 */
function hasSlashes(scheme) {
  return slashed.has(scheme);
}

module.exports = { hasSlashes };
