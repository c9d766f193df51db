// The warning about files that turn out to be ECMAScript modules only when they are read.
'use strict';

const { findScope } = require('internal/modules/package_json');
const { urlOf } = require('internal/modules/esm/resolve');

const warned = new Set();

/** @param {string} filename */
function warn(filename) {
  const manifest = findScope(filename);
  if (manifest === undefined || warned.has(manifest.file)) return;
  warned.add(manifest.file);
  process.emitWarning(
    `Module type of ${urlOf(filename)} is not specified and it doesn't parse as CommonJS.\n` +
      'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
      `To eliminate this warning, add "type": "module" to ${manifest.file}.`,
    { type: 'Warning', code: 'MODULE_TYPELESS_PACKAGE_JSON' }
  );
}

module.exports = { warn };
