// What a module is: from its URL, package.json and, where those do not say, its text; and whether that fits the
// import attributes.
'use strict';

const {
  codes: {
    ERR_IMPORT_ATTRIBUTE_MISSING,
    ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE,
    ERR_IMPORT_ATTRIBUTE_UNSUPPORTED,
    ERR_INVALID_URL,
    ERR_UNKNOWN_FILE_EXTENSION,
    ERR_UNKNOWN_MODULE_FORMAT,
  },
} = require('internal/errors');
const { includes, lastIndexOf, regExpExec, slice, startsWith } = require('internal/captured');
const { getOptionValue } = require('internal/options');
const { findScope } = require('internal/modules/package_json');
const { pathOf } = require('internal/modules/esm/resolve');
const binding = internalBinding('modules');

const { keys } = Object;

/** By extension; '.js' and '.ts' depend on package.json. */
const byExtension = {
  __proto__: null,
  '.mjs': 'module',
  '.cjs': 'commonjs',
  '.json': 'json',
  '.wasm': 'wasm',
  '.node': 'addon',
  '.mts': 'module-typescript',
  '.cts': 'commonjs-typescript',
};

const TYPESCRIPT = { '__proto__': null, '.ts': true, '.mts': true, '.cts': true };

const byMime = {
  __proto__: null,
  'text/javascript': 'module',
  'application/javascript': 'module',
  'application/json': 'json',
  'application/wasm': 'wasm',
};

/** The `type` attribute that a format needs; undefined for those that take none. */
const typeOf = {
  __proto__: null,
  builtin: undefined,
  commonjs: undefined,
  json: 'json',
  module: undefined,
  wasm: undefined,
  addon: undefined,
};

function extensionOf(path) {
  const slash = lastIndexOf(path, '/');
  const dot = lastIndexOf(path, '.');
  return dot > slash + 1 ? slice(path, dot) : '';
}

/**
 * @param {string} url
 * @param {boolean} [isStrict] whether an unknown extension is an error
 * @returns {string | undefined} the format, '' where only the text can tell; undefined where it is not known
 */
function formatOf(url, isStrict = true) {
  if (startsWith(url, 'node:')) return 'builtin';
  if (startsWith(url, 'file:')) return formatOfFile(url, isStrict);
  if (startsWith(url, 'data:')) {
    const { pathname } = new (require('web/url').URL)(url);
    if (isStrict && !includes(pathname, ',')) throw new ERR_INVALID_URL(url);
    const mime = regExpExec(/^ *([^/]+\/[^;,]+)[^,]*,/, pathname)?.[1].toLowerCase() ?? null;
    const format = byMime[mime];
    if (format === undefined && isStrict) throw new ERR_UNKNOWN_MODULE_FORMAT(mime, url);
    return format;
  }
  return undefined;
}

function formatOfFile(url, isStrict) {
  const path = pathOf(url);
  const extension = extensionOf(path);
  if (extension === '.js' || extension === '.ts') {
    const type = findScope(path)?.type;
    if (extension === '.js') return type === undefined || type === 'none' ? '' : type;
    if (!stripsTypes()) return unknown(extension, path, isStrict);
    return type === undefined || type === 'none' ? 'typescript' : `${type}-typescript`;
  }
  if (extension === '') {
    const type = findScope(path)?.type;
    if (type === 'commonjs') return 'commonjs';
    if (binding.isWasmFile(path)) return 'wasm';
    return type === 'module' ? 'module' : '';
  }
  const format = byExtension[extension];
  const isOff = format === 'addon' && getOptionValue('--experimental-addon-modules') === false;
  if (format === undefined || isOff || (TYPESCRIPT[extension] && !stripsTypes())) {
    return unknown(extension, path, isStrict);
  }
  return format;
}

function stripsTypes() {
  return process.features.typescript !== false;
}

function unknown(extension, path, isStrict) {
  if (isStrict) throw new ERR_UNKNOWN_FILE_EXTENSION(extension, path);
  return undefined;
}

/**
 * @param {string} url
 * @param {object | undefined} attributes
 * @throws {Error} where there is one that is not known
 */
function checkAttributeNames(url, attributes) {
  if (attributes === undefined) return;
  const names = keys(attributes);
  for (let i = 0; i < names.length; i++) {
    if (names[i] === 'type') continue;
    throw new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(names[i], attributes[names[i]], url);
  }
}

/**
 * @param {string} url
 * @param {string} format
 * @param {string | undefined} type of the import attributes
 * @throws {Error} where the format needs another
 */
function checkType(url, format, type) {
  const needed = typeOf[format];
  if (type === needed) return;
  if (type === undefined) throw new ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', needed);
  if (type !== 'json') throw new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, url);
  throw new ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);
}

/**
 * @param {string} source
 * @param {string} filename
 * @returns {'module' | 'commonjs'} what a file without any other sign is
 */
function detect(source, filename) {
  if (getOptionValue('--experimental-detect-module') === false) return 'commonjs';
  return binding.needsModuleSyntax(source, filename) ? 'module' : 'commonjs';
}

module.exports = { checkAttributeNames, checkType, detect, extensionOf, formatOf };
