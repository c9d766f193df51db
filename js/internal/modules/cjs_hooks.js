// What the hooks of `module.registerHooks` mean for `require`: they work with URLs, CommonJS with file names.
'use strict';

const { slice, startsWith } = require('internal/captured');
const { builtinId } = require('internal/modules/builtins');
const hooks = require('internal/modules/hooks');
const { requireConditions } = require('internal/modules/package_exports');
const { kURL } = require('internal/modules/helpers');
const { readTextFile } = require('internal/modules/text');
const { fileURLToPath, pathToFileURL } = require('internal/url');

/** The URLs of what was resolved, with what a file name does not have, such as a query. */
const urls = new Map();
/** What hooks have said of the formats of the same. */
const formats = new Map();
/** What hooks have put in the place of built-in modules that are about to be loaded, by file name. */
const replaced = new Map();

function toURL(filename) {
  if (builtinId(filename) !== undefined) return startsWith(filename, 'node:') ? filename : `node:${filename}`;
  return filename[0] === '/' ? pathToFileURL(filename).href : filename;
}

function toFilename(url) {
  if (startsWith(url, 'file://')) return fileURLToPath(url);
  return builtinId(url) !== undefined && startsWith(url, 'node:') ? slice(url, 5) : url;
}

/**
 * @param {string} request
 * @param {Module | undefined} parent
 * @param {(specifier: string, conditions: Set<string>) => string} own resolution
 * @returns {string} a file name; the name of a built-in module; a URL where it is neither
 */
function resolve(request, parent, own) {
  let parentURL = parent?.[kURL];
  if (parentURL === undefined && parent?.filename) {
    parentURL = toURL(parent.filename);
    parent[kURL] = parentURL;
  }
  let ownURL;
  let ownFilename;
  const resolveByDefault = (specifier, context) => {
    ownFilename = own(specifier, hooks.conditionsOf(context, 'context.conditions', requireConditions));
    ownURL = toURL(ownFilename);
    return { __proto__: null, url: ownURL, format: undefined, importAttributes: undefined };
  };
  const conditions = [...requireConditions()];
  const { url, format } = hooks.resolve(request, parentURL, undefined, conditions, resolveByDefault);
  // What the loader has found itself keeps the name that it was found by, with or without `node:`.
  const filename = url === ownURL ? ownFilename : toFilename(url);
  urls.set(filename, url);
  if (format) formats.set(filename, format);
  return filename;
}

/**
 * `require.resolve`.
 * @param {string} request
 * @param {Module} module whose `require` it is
 * @param {{ paths?: string[] }} [options]
 * @returns {string}
 */
function resolveForRequireResolve(request, module, options) {
  const paths = options?.paths;
  return resolve(request, module, (specifier, conditions) =>
    module.constructor._resolveFilename(specifier, module, false, { __proto__: null, paths, conditions })
  );
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
  return { __proto__: null, source: readTextFile(toFilename(url)), format };
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
  const loaded = replaced.get(filename) ?? loadWithHooks(urlOfModule(filename), format);
  replaced.delete(filename);
  const source = hooks.textOf(loaded.source) ?? readTextFile(filename);
  return { source, format: loaded.format };
}

/**
 * @param {string} id of a built-in module
 * @param {string} filename that it was resolved to
 * @returns {boolean} false where a hook has put something in its place
 */
function staysBuiltin(id, filename) {
  const loaded = loadWithHooks(`node:${id}`, 'builtin');
  if (loaded.format === 'builtin') return true;
  replaced.set(filename, loaded);
  return false;
}

module.exports = { formatOfModule, load, resolve, resolveForRequireResolve, staysBuiltin, urlOfModule };
