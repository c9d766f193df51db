// From a request to a file: the folders of `node_modules`, package.json, extensions, links.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_URL_SCHEME },
} = require('internal/errors');
const {
  arrayIncludes,
  arrayJoin,
  arrayPush,
  endsWith,
  indexOf,
  lastIndexOf,
  mapGet,
  mapSet,
  slice,
  split,
  startsWith,
  weakMapGet,
} = require('internal/captured');
const { getOptionValue } = require('internal/options');
const { builtinId } = require('internal/modules/builtins');
const {
  findScope,
  forgetManifests,
  parsePackageName,
  readPackage,
} = require('internal/modules/package_json');
const { basename, delimiter, dirname, isAbsolute, normalize, resolve: resolvePath } = require('path');
const binding = internalBinding('modules');

const { isArray } = Array;
const { keys } = Object;
const FILE = 0;
const FOLDER = 1;
/** What `binding.probe` adds to the kind where the name with `.js` is that of a file. */
const SCRIPT = 2;

/** Who required a module first. */
const parents = new WeakMap();

let Module;
let globalPaths = [];
let stats = null;
const ownStat = (file) => binding.stat(file);
let statFile = ownStat;

/**
 * @param {string} file
 * @returns {number} 0 for a file, 1 for a folder, else a negative error number
 */
function stat(file) {
  if (stats === null) return statFile(file);
  let result = mapGet(stats, file);
  if (result === undefined) {
    result = statFile(file);
    // What does not exist yet may exist at the next look.
    if (result >= 0) mapSet(stats, file, result);
  }
  return result;
}

/** Begins to remember the kinds of files, for as long as the outermost `require` lasts. */
function rememberStats() {
  stats = new Map();
}

/** Ends what `rememberStats` began. */
function forgetStats() {
  stats = null;
}

let realPaths = new Map();

/**
 * @param {string} file
 * @returns {string} its name without links
 */
function toRealPath(file) {
  let real = mapGet(realPaths, file);
  if (real === undefined) {
    real = binding.realpath(file);
    mapSet(realPaths, file, real);
  }
  return real;
}

/** Forgets all that was found out about files. */
function forgetFiles() {
  stats = null;
  realPaths = new Map();
  forgetManifests();
}

function keepsLinks(isMain) {
  return getOptionValue(isMain ? '--preserve-symlinks-main' : '--preserve-symlinks') === true;
}

function tryFile(file, isMain) {
  if (stat(file) !== FILE) return false;
  return keepsLinks(isMain) ? resolvePath(file) : toRealPath(file);
}

function tryExtensions(base, extensions, isMain, first = 0) {
  for (let i = first; i < extensions.length; i++) {
    const file = tryFile(base + extensions[i], isMain);
    if (file) return file;
  }
  return false;
}

function tryPackage(folder, extensions, isMain, request) {
  const main = readPackage(folder)?.main;
  if (!main) return tryExtensions(resolvePath(folder, 'index'), extensions, isMain);
  const file = resolvePath(folder, main);
  let found =
    tryFile(file, isMain) ||
    tryExtensions(file, extensions, isMain) ||
    tryExtensions(resolvePath(file, 'index'), extensions, isMain);
  if (!found) {
    const manifest = resolvePath(folder, 'package.json');
    found = tryExtensions(resolvePath(folder, 'index'), extensions, isMain);
    if (!found) {
      const err = new Error(
        `Cannot find module '${file}'. Please verify that the package.json has a valid "main" entry`
      );
      err.code = 'MODULE_NOT_FOUND';
      err.path = manifest;
      err.requestPath = request;
      throw err;
    }
    process.emitWarning(
      `Invalid 'main' field in '${manifest}' of '${main}'. ` +
        'Please either fix that or report it to the module author',
      'DeprecationWarning',
      'DEP0128'
    );
  }
  return found;
}

function createEsmNotFoundErr(request, path) {
  const error = new Error(`Cannot find module '${request}'`);
  error.code = 'MODULE_NOT_FOUND';
  if (path !== undefined) error.path = path;
  return error;
}

// What `exports` or `imports` gave has to be a file: no extension is tried.
function finalizeEsmResolution(file, path) {
  const actual = tryFile(file, false);
  if (actual) return actual;
  throw createEsmNotFoundErr(file, path);
}

function resolveExports(folder, request, conditions) {
  const { name, subpath, isValid } = parsePackageName(request);
  if (!isValid) return false;
  const manifest = readPackage(resolvePath(folder, name));
  if (manifest?.exports === undefined) return false;
  const packageExports = require('internal/modules/package_exports');
  return finalizeEsmResolution(packageExports.resolveExports(manifest, subpath, undefined, conditions), manifest.folder);
}

// A module may ask for its own package by name.
function trySelf(parentPath, request, conditions) {
  if (!parentPath) return false;
  const manifest = findScope(parentPath);
  if (manifest?.exports === undefined || manifest.name === undefined) return false;
  const { name } = manifest;
  if (request !== name && !startsWith(request, `${name}/`)) return false;
  const packageExports = require('internal/modules/package_exports');
  const subpath = `.${slice(request, name.length)}`;
  const file = packageExports.resolveExports(manifest, subpath, parentPath, conditions);
  return finalizeEsmResolution(file, manifest.folder);
}

// A name of `imports`; undefined where the package has none.
function tryImports(parentPath, request, conditions) {
  const manifest = findScope(parentPath);
  if (manifest?.imports === undefined) return undefined;
  const packageExports = require('internal/modules/package_exports');
  let found;
  try {
    found = packageExports.resolveImports(manifest, request, parentPath, conditions);
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') throw createEsmNotFoundErr(request);
    throw error;
  }
  // As in Node, `require` does not get built-in modules this way.
  if (startsWith(found, 'node:')) throw new ERR_INVALID_URL_SCHEME('file');
  return finalizeEsmResolution(found, manifest.file);
}

function isRelative(request) {
  if (request[0] !== '.') return false;
  const rest = request[1] === '.' ? 2 : 1;
  return request.length === rest || request[rest] === '/';
}

function endsLikeFolder(request) {
  return (
    endsWith(request, '/') ||
    request === '.' ||
    request === '..' ||
    endsWith(request, '/.') ||
    endsWith(request, '/..')
  );
}

/**
 * `Module._findPath`: looks for `request` in `paths`.
 * @param {string} request
 * @param {string[] | null} paths
 * @param {boolean} [isMain]
 * @param {Set<string>} [conditions] of `exports`, where they are not those of `require`
 * @returns {string | false} the file
 */
function _findPath(request, paths, isMain, conditions) {
  const absolute = isAbsolute(request);
  if (absolute) paths = [''];
  else if (!paths || paths.length === 0) return false;

  const cacheKey = `${request}\0${arrayJoin(paths, '\0')}`;
  const known = Module._pathCache[cacheKey];
  if (known) return known;

  const wantsFolder = endsLikeFolder(request);
  // Only what lies inside a folder needs that folder.
  const isInside = !isRelative(request) || !startsWith(normalize(request), '..');
  let extensions;
  for (let i = 0; i < paths.length; i++) {
    const folder = paths[i];
    if (typeof folder !== 'string') throw new ERR_INVALID_ARG_TYPE('paths', 'array of strings', paths);
    if (isInside && folder && stat(folder) !== FOLDER) continue;
    if (!absolute) {
      const exported = resolveExports(folder, request, conditions);
      if (exported) return exported;
    }
    const base = resolvePath(folder, request);
    let file = false;
    let kind;
    if (wantsFolder) {
      kind = stat(base);
    } else {
      extensions ??= keys(Module._extensions);
      // Most requests are for a script, with its extension or without: one look at the system for both.
      const isProbed = statFile === ownStat && extensions[0] === '.js';
      const probed = isProbed ? binding.probe(base) : stat(base);
      kind = probed & ~SCRIPT;
      if (probed === FILE) file = keepsLinks(isMain) ? resolvePath(base) : toRealPath(base);
      else if (probed >= SCRIPT) file = keepsLinks(isMain) ? resolvePath(`${base}.js`) : toRealPath(`${base}.js`);
      else file = tryExtensions(base, extensions, isMain, isProbed ? 1 : 0);
    }
    if (!file && kind === FOLDER) {
      extensions ??= keys(Module._extensions);
      file = tryPackage(base, extensions, isMain, request);
    }
    if (file) {
      if (Module._pathCache[cacheKey] === undefined) ownPaths++;
      Module._pathCache[cacheKey] = file;
      return file;
    }
  }
  return false;
}

/** How many entries of `Module._pathCache` are from here. */
let ownPaths = 0;

/** Whether the program has a say in how files are found. */
function isChanged() {
  if (Module._findPath !== _findPath || Module._resolveLookupPaths !== _resolveLookupPaths) return true;
  if (statFile !== ownStat || keys(Module._pathCache).length !== ownPaths) return true;
  const extensions = keys(Module._extensions);
  return extensions.length !== 3 || extensions[0] !== '.js' || extensions[1] !== '.json' || extensions[2] !== '.node';
}

/**
 * `Module._nodeModulePaths`: the `node_modules` folders from `from` up to the root.
 * @param {string} from
 * @returns {string[]}
 */
function _nodeModulePaths(from) {
  from = resolvePath(from);
  const paths = [];
  for (let end = from.length; end > 1;) {
    const slash = lastIndexOf(from, '/', end - 1);
    if (slice(from, slash + 1, end) !== 'node_modules') arrayPush(paths, `${slice(from, 0, end)}/node_modules`);
    end = slash;
  }
  arrayPush(paths, '/node_modules');
  return paths;
}

function concat(first, second) {
  const all = [];
  for (let i = 0; i < first.length; i++) all[i] = first[i];
  for (let i = 0; i < second.length; i++) arrayPush(all, second[i]);
  return all;
}

/**
 * `Module._resolveLookupPaths`: where to look for `request`.
 * @param {string} request
 * @param {Module} [parent]
 * @returns {string[] | null} null for what is looked for nowhere
 */
function _resolveLookupPaths(request, parent) {
  if (builtinId(request) !== undefined) return null;
  if (!isRelative(request)) {
    const paths = concat(parent?.paths?.length ? parent.paths : [], globalPaths);
    return paths.length > 0 ? paths : null;
  }
  return parent?.id && parent.filename ? [dirname(parent.filename)] : ['.'];
}

function lookupPaths(request, parent, options) {
  const given = typeof options === 'object' && options !== null ? options.paths : undefined;
  if (given === undefined) return Module._resolveLookupPaths(request, parent);
  if (!isArray(given)) throw new ERR_INVALID_ARG_VALUE('options.paths', given);
  if (isRelative(request)) return given;
  const paths = [];
  for (let i = 0; i < given.length; i++) {
    const fakeParent = new Module('', null);
    fakeParent.paths = Module._nodeModulePaths(given[i]);
    const folders = Module._resolveLookupPaths(request, fakeParent);
    for (let k = 0; k < folders.length; k++) {
      if (!arrayIncludes(paths, folders[k])) arrayPush(paths, folders[k]);
    }
  }
  return paths;
}

// The file on whose behalf a module without one asks for packages.
function parentPathOf(parent) {
  if (!parent) return undefined;
  if (parent.filename) return parent.filename;
  if (parent.id !== '<repl>' && parent.id !== 'internal/preload') return undefined;
  try {
    return `${process.cwd()}/`;
  } catch {
    // A directory that is gone has no packages.
    return undefined;
  }
}

/**
 * `Module._resolveFilename`.
 * @param {string} request
 * @param {Module} [parent]
 * @param {boolean} [isMain]
 * @param {{ paths?: string[], conditions?: Set<string> }} [options]
 * @returns {string} the file, or the name of a built-in module
 */
function _resolveFilename(request, parent, isMain, options) {
  if (builtinId(request) !== undefined) return request;
  if (options === undefined && !isMain && parent?.id && parent.filename && !isChanged()) {
    const file = binding.findPlainly(request, parent.filename, parent.paths);
    if (file !== undefined) return file;
  }
  const paths = lookupPaths(request, parent, options);
  const conditions = options?.conditions;
  const parentPath = parentPathOf(parent);
  if (request[0] === '#' && parentPath !== undefined) {
    const file = tryImports(parentPath, request, conditions);
    if (file !== undefined) return file;
  }
  const file = trySelf(parentPath, request, conditions) || Module._findPath(request, paths, isMain, conditions);
  if (file) return file;

  const requireStack = [];
  for (let cursor = parent; cursor; cursor = weakMapGet(parents, cursor)) {
    arrayPush(requireStack, cursor.filename || cursor.id);
  }
  let message = `Cannot find module '${request}'`;
  if (requireStack.length > 0) message += `\nRequire stack:\n- ${arrayJoin(requireStack, '\n- ')}`;
  const err = new Error(message);
  err.code = 'MODULE_NOT_FOUND';
  err.requireStack = requireStack;
  throw err;
}

/** `Module._initPaths`: reads where to look for packages that are in no `node_modules`. */
function _initPaths() {
  const { HOME, NODE_PATH } = process.env;
  const paths = [];
  if (NODE_PATH) {
    const given = split(NODE_PATH, delimiter);
    for (let i = 0; i < given.length; i++) {
      if (given[i] !== '') arrayPush(paths, given[i]);
    }
  }
  if (HOME) arrayPush(paths, resolvePath(HOME, '.node_modules'), resolvePath(HOME, '.node_libraries'));
  arrayPush(paths, resolvePath(process.execPath, '..', '..', 'lib', 'node'));
  globalPaths = paths;
  Module.globalPaths = concat(paths, []);
}

/**
 * @param {string} filename
 * @returns {string} its longest extension that `Module._extensions` has, '.js' where there is none
 */
function findLongestRegisteredExtension(filename) {
  const name = basename(filename);
  for (let dot = indexOf(name, '.', 1); dot !== -1; dot = indexOf(name, '.', dot + 1)) {
    const extension = slice(name, dot);
    if (Module._extensions[extension]) return extension;
  }
  return '.js';
}

/** Puts the functions of resolution on the class Module, where programs look for them and replace them. */
function install(target) {
  Module = target;
  Module._findPath = _findPath;
  Module._initPaths = _initPaths;
  Module._nodeModulePaths = _nodeModulePaths;
  Module._resolveFilename = _resolveFilename;
  Module._resolveLookupPaths = _resolveLookupPaths;
  Object.defineProperty(Module, '_stat', {
    __proto__: null,
    get: () => stat,
    set(replacement) {
      require('internal/util').emitExperimentalWarning('Module._stat');
      statFile = replacement;
    },
    configurable: true,
  });
}

module.exports = {
  findLongestRegisteredExtension,
  findScope,
  forgetFiles,
  forgetStats,
  install,
  parents,
  rememberStats,
  stat,
  toRealPath,
};
