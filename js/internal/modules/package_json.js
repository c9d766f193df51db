// package.json files, as far as module loading wants to know them.
'use strict';

const { endsWith, mapGet, mapSet, slice } = require('internal/captured');
const { dirname } = require('path');
const binding = internalBinding('modules');

const { parse } = JSON;

/**
 * @typedef {object} Manifest
 * @property {string} folder of the package
 * @property {string} file its package.json
 * @property {string | undefined} name
 * @property {string | undefined} main
 * @property {'commonjs' | 'module' | 'none'} type
 * @property {object | undefined} imports
 * @property {string | object | undefined} exports
 */

let manifests = new Map();

function invalidPackageConfig(message) {
  const error = new Error(message);
  error.code = 'ERR_INVALID_PACKAGE_CONFIG';
  return error;
}

/** Why a package.json that is there gives nothing. */
function failure(file, reason, specifier, base) {
  if (typeof reason === 'number') {
    const { getSystemErrorMessage } = require('internal/util');
    return invalidPackageConfig(`Cannot read package config ${file}: ${getSystemErrorMessage(reason)}.`);
  }
  const importer = specifier === undefined ? '' : ` while importing "${specifier}" from ${base}`;
  return invalidPackageConfig(`Invalid package config ${file}${importer}.`);
}

function parseField(text) {
  const value = text === undefined ? undefined : parse(text);
  const isUsable = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return isUsable ? value : undefined;
}

function load(folder, specifier, base) {
  const file = folder === '/' ? '/package.json' : `${folder}/package.json`;
  const fields = binding.readPackageJson(file);
  if (fields === undefined) return null;
  if (typeof fields !== 'object') throw failure(file, fields, specifier, base);
  return {
    __proto__: null,
    folder,
    file,
    name: fields[0],
    main: fields[1],
    type: fields[2],
    imports: parseField(fields[3]),
    exports: parseField(fields[4]),
  };
}

/**
 * @param {string} folder absolute, without a slash at the end
 * @param {string} [specifier] what `import` looks for
 * @param {string} [base] the file that imports it
 * @returns {Manifest | undefined} undefined where there is no package.json
 * @throws {Error} ERR_INVALID_PACKAGE_CONFIG
 */
function readPackage(folder, specifier, base) {
  let manifest = mapGet(manifests, folder);
  if (manifest === undefined) {
    manifest = load(folder, specifier, base);
    mapSet(manifests, folder, manifest);
  }
  return manifest === null ? undefined : manifest;
}

/**
 * @param {string} path of a file, or of a folder with a slash at its end
 * @returns {string} the folder, without a slash at its end unless it is the root
 */
function folderOf(path) {
  return endsWith(path, '/') && path.length > 1 ? slice(path, 0, -1) : dirname(path);
}

/**
 * @param {string} path of a file
 * @returns {Manifest | undefined} of the package that the file belongs to
 */
function findScope(path) {
  for (let folder = folderOf(path); ; folder = dirname(folder)) {
    if (endsWith(folder, '/node_modules')) return undefined;
    const manifest = readPackage(folder);
    if (manifest !== undefined) return manifest;
    if (folder === '/' || folder === '.') return undefined;
  }
}

/**
 * Takes a specifier of a package apart.
 * @param {string} specifier
 * @returns {{ name: string, subpath: string, isValid: boolean }} `subpath` is '.' or begins with './'
 */
function parsePackageName(specifier) {
  let end = 0;
  let isValid = true;
  const { length } = specifier;
  const isScoped = specifier[0] === '@';
  while (end < length && specifier[end] !== '/') end++;
  if (isScoped) {
    if (end === length) isValid = false;
    else do end++; while (end < length && specifier[end] !== '/');
  }
  for (let i = 0; i < end; i++) {
    if (specifier[i] === '\\' || specifier[i] === '%') isValid = false;
  }
  if (specifier[0] === '.') isValid = false;
  return { name: slice(specifier, 0, end), subpath: `.${slice(specifier, end)}`, isValid };
}

/** Forgets all files that were read. */
function forgetManifests() {
  manifests = new Map();
}

module.exports = { findScope, folderOf, forgetManifests, parsePackageName, readPackage };
