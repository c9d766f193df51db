// Errors of running modules that have their cause in the format: what CommonJS has and ECMAScript modules do not.
'use strict';

const { arrayIncludes, regExpExec, startsWith } = require('internal/captured');
const { extensionOf } = require('internal/modules/esm/formats');
const { pathOf } = require('internal/modules/esm/resolve');
const { findScope } = require('internal/modules/package_json');

const COMMONJS_NAMES = ['require', 'module', 'exports', '__filename', '__dirname'];

/**
 * @param {any} error that a module has thrown
 * @param {ModuleRecord} record
 * @returns {any} the same, with a better text where there is one
 */
function explain(error, record) {
  if (error?.name !== 'ReferenceError' || typeof error.message !== 'string') return error;
  const name = regExpExec(/^(\w+) is not defined$/, error.message)?.[1];
  if (name === undefined || !arrayIncludes(COMMONJS_NAMES, name)) return error;
  if (record.wasDetected && name === 'require') return ambiguous(error, record);
  error.message += ' in ES module scope';
  if (name === 'require') error.message += ', you can use import instead';
  if (!startsWith(record.url, 'file:')) return error;
  const path = pathOf(record.url);
  const manifest = extensionOf(path) === '.js' ? findScope(path) : undefined;
  if (manifest?.type === 'module') {
    error.message +=
      "\nThis file is being treated as an ES module because it has a '.js' file extension and " +
      `'${manifest.file}' contains "type": "module". To treat it as a CommonJS script, rename it to use ` +
      "the '.cjs' file extension.";
  }
  return error;
}

function ambiguous(error, record) {
  if (!internalBinding('module_wrap').hasTopLevelAwait(record.wrap)) return error;
  error.message =
    "Cannot determine intended module format because both 'require' and top-level await are present. If the " +
    'code is intended to be CommonJS, wrap await in an async function. If the code is intended to be an ES ' +
    'module, replace require() with import.';
  error.code = 'ERR_AMBIGUOUS_MODULE_SYNTAX';
  return error;
}

module.exports = { explain };
