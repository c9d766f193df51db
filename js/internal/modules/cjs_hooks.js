// What the hooks of `module.registerHooks` mean for `require`: they work with URLs, CommonJS with file names.
'use strict';

const { startsWith } = require('internal/captured');
const { builtinId } = require('internal/modules/builtins');
const hooks = require('internal/modules/hooks');
const { requireConditions } = require('internal/modules/package_exports');
const { fileURLToPath, pathToFileURL } = require('internal/url');
const binding = internalBinding('modules');

/** The URLs of what was resolved, with what a file name does not have, such as a query. */
const urls = new Map();
/** What hooks have said of the formats of the same. */
const formats = new Map();

function toURL(filename) {
  if (builtinId(filename) !== undefined) return startsWith(filename, 'node:') ? filename : `node:${filename}`;
  return filename[0] === '/' ? pathToFileURL(filename).href : filename;
}

function toFilename(url) {
  if (startsWith(url, 'file://')) return fileURLToPath(url);
  return url;
}

/**
 * @param {string} request
 * @param {Module | undefined} parent
 * @param {(specifier: string) => string} own resolution
 * @returns {string} a file name; a URL where it is no file
 */
function resolve(request, parent, own) {
  const { kURL } = require('internal/modules/cjs');
  let parentURL = parent?.[kURL];
  if (parentURL === undefined && parent?.filename) {
    parentURL = toURL(parent.filename);
    parent[kURL] = parentURL;
  }
  const { url, format } = hooks.resolve(request, parentURL, undefined, [...requireConditions()], (specifier) => ({
    __proto__: null,
    url: toURL(own(specifier)),
    format: undefined,
    importAttributes: undefined,
  }));
  const filename = toFilename(url);
  urls.set(filename, url);
  if (format) formats.set(filename, format);
  return filename;
}

/**
 * @param {string} filename
 * @returns {string | undefined} its format, where a hook has told it
 */
function formatOfModule(filename) {
  return formats.get(filename);
}

/**
 * @param {string} filename
 * @returns {string} the URL that it was resolved to
 */
function urlOfModule(filename) {
  return urls.get(filename) ?? toURL(filename);
}

function loadByDefault(url, { format }) {
  const id = builtinId(url);
  if (id !== undefined && startsWith(url, 'node:')) return { __proto__: null, source: null, format: 'builtin' };
  return { __proto__: null, source: binding.readTextFile(toFilename(url)), format };
}

function loadWithHooks(url, format) {
  return hooks.load(url, format, undefined, [...requireConditions()], loadByDefault);
}

/**
 * @param {string} filename
 * @param {string | undefined} format
 * @returns {{ source: string, format: string | undefined }}
 */
function load(filename, format) {
  const loaded = loadWithHooks(urlOfModule(filename), format);
  const source = hooks.textOf(loaded.source) ?? binding.readTextFile(filename);
  return { source, format: loaded.format };
}

/**
 * @param {string} id of a built-in module
 * @returns {boolean} false where a hook has put something in its place
 */
function staysBuiltin(id) {
  return loadWithHooks(`node:${id}`, 'builtin').format === 'builtin';
}

module.exports = { formatOfModule, load, resolve, staysBuiltin, urlOfModule };
