// `module.findPackageJSON`: the package.json that a module belongs to.
'use strict';

const {
  codes: {
    ERR_INVALID_MODULE_SPECIFIER,
    ERR_INVALID_URL_SCHEME,
    ERR_MISSING_ARGS,
    ERR_MODULE_NOT_FOUND,
    ERR_UNSUPPORTED_RESOLVE_REQUEST,
  },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const { findScope, folderOf, parsePackageName } = require('internal/modules/package_json');
const { dirname, isAbsolute } = require('path');
const { fileURLToPath, pathToFileURL, URL } = require('url');
const binding = internalBinding('modules');

const FOLDER = 1;
/** The base of those who give none: nothing is relative to it. */
const NO_BASE = 'data:';

function toURL(base) {
  if (typeof base === 'object' && base !== null && typeof base.href === 'string') return base.href;
  validateString(base, 'base');
  return isAbsolute(base) ? pathToFileURL(base).href : base;
}

/** The URL of a file or folder that a path or a URL means. */
function locate(specifier, base) {
  try {
    return require('internal/modules/esm/resolve').resolve(specifier, base);
  } catch (error) {
    if (error.code !== 'ERR_UNSUPPORTED_DIR_IMPORT') throw error;
    return error.url;
  }
}

function findOfFile(specifier, base) {
  const url = locate(specifier, base);
  if (!url.startsWith('file:')) throw new ERR_INVALID_URL_SCHEME('file');
  const path = fileURLToPath(url);
  return findScope(path)?.file ?? path;
}

function findOfPackage(specifier, base) {
  const from = fileURLToPath(base === NO_BASE ? new URL(specifier, base) : base);
  const { name, isValid } = parsePackageName(specifier);
  if (!isValid) throw new ERR_INVALID_MODULE_SPECIFIER(specifier, 'is not a valid package name', from);
  const self = findScope(from);
  if (self?.exports !== undefined && self.name === name) return self.file;
  for (let folder = folderOf(from); ; folder = dirname(folder)) {
    const candidate = `${folder === '/' ? '' : folder}/node_modules/${name}`;
    if (binding.stat(candidate) === FOLDER) return `${candidate}/package.json`;
    if (folder === '/') throw new ERR_MODULE_NOT_FOUND(name, from);
  }
}

/**
 * @param {string | URL} specifier of a package or of a file in it
 * @param {string | URL} [base] the file, as path or URL, that `specifier` is relative to
 * @returns {string | undefined} the path of package.json
 */
function findPackageJSON(specifier, base = NO_BASE) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('specifier');
  const text = `${specifier}`;
  const from = toURL(base);
  if (URL.canParse(text)) return findOfFile(text, from);
  if (!/^(?:\.{0,2}\/|\.{1,2}$)/.test(text)) return findOfPackage(text, from);
  if (from === NO_BASE) throw new ERR_UNSUPPORTED_RESOLVE_REQUEST(text, from);
  return findOfFile(text, from);
}

module.exports = { findPackageJSON };
