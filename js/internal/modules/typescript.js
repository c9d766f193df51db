// TypeScript without its types: for files, for programs that are no file, and `module.stripTypeScriptTypes`.
'use strict';

const {
  codes: {
    ERR_INVALID_TYPESCRIPT_SYNTAX,
    ERR_NO_TYPESCRIPT,
    ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING,
    ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX,
  },
} = require('internal/errors');
const { includes, slice, startsWith } = require('internal/captured');
const { validateObject, validateOneOf, validateString } = require('internal/validators');

const { isArray } = Array;

let binding;

function refuse({ 0: isUnsupported, 1: message, 2: place }, filename) {
  const error =
    isUnsupported ? new ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX(message) : new ERR_INVALID_TYPESCRIPT_SYNTAX(message);
  error.stack = `${filename}${place}\n${error.stack}`;
  internalBinding('modules').hidePlace(error);
  throw error;
}

/**
 * @param {string} source
 * @param {string} filename for messages
 * @returns {string} the text with spaces in the place of types
 */
function strip(source, filename) {
  if (!process.features.typescript) throw new ERR_NO_TYPESCRIPT();
  binding ??= internalBinding('typescript');
  const stripped = binding.strip(source, filename);
  if (isArray(stripped)) refuse(stripped, filename);
  return stripped;
}

/**
 * @param {string} source
 * @param {string} name path or URL of a file
 * @returns {string}
 */
function stripFile(source, name) {
  if (includes(name, '/node_modules/')) throw new ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING(name);
  const url = startsWith(name, '/') ? require('internal/url').pathToFileURL(name).href : name;
  const cache = require('internal/modules/cjs').usedCompileCache();
  return cache === undefined ? strip(source, url) : cache.stripTypes(source, name, () => strip(source, url));
}

/**
 * @param {string} format such as 'module-typescript'
 * @returns {string | undefined} the format without types, '' where only the text can tell; undefined for others
 */
function formatWithoutTypes(format) {
  if (format === 'typescript') return '';
  if (format === 'module-typescript' || format === 'commonjs-typescript') return slice(format, 0, -11);
  return undefined;
}

/**
 * `module.stripTypeScriptTypes`.
 * @param {string} code
 * @param {{ mode?: 'strip', sourceMap?: false, sourceUrl?: string }} [options]
 * @returns {string}
 */
function stripTypeScriptTypes(code, options = { __proto__: null }) {
  require('internal/util').emitExperimentalWarning('stripTypeScriptTypes');
  validateString(code, 'code');
  validateObject(options, 'options');
  const { sourceMap, sourceUrl = '', mode = 'strip' } = options;
  validateOneOf(mode, 'options.mode', ['strip']);
  validateString(sourceUrl, 'options.sourceUrl');
  validateOneOf(sourceMap, 'options.sourceMap', [false, undefined]);
  const stripped = strip(code, sourceUrl);
  return sourceUrl === '' ? stripped : `${stripped}\n\n//# sourceURL=${sourceUrl}`;
}

module.exports = { formatWithoutTypes, strip, stripFile, stripTypeScriptTypes };
