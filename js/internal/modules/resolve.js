// From a request to a file: the folders of `node_modules`, package.json, extensions, links.
'use strict';

const path = require('path');
const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { isPublic } = require('internal/bootstrap/loader');
const { getOptionValue } = require('internal/options');
const binding = internalBinding('modules');

const { parse } = JSON;
const { create } = Object;
const FILE = 0;
const FOLDER = 1;

/** Under this symbol a module knows who required it first. */
const kParent = Symbol('kParent');

let Module;
let stats = null;

function stat(file) {
  stats ??= new Map();
  let result = stats.get(file);
  if (result === undefined) {
    result = binding.stat(file);
    // What does not exist yet may exist at the next look.
    if (result >= 0) stats.set(file, result);
  }
  return result;
}

/** Ends the life of the remembered kinds of files: with the outermost `require`. */
function forgetStats() {
  stats = null;
}

let realPaths = create(null);

/** @returns {string} the file without links */
function toRealPath(file) {
  return realPaths[file] ??= binding.realpath(file);
}

let manifests = new Map();

/** Forgets all that was found out about files. */
function forgetFiles() {
  stats = null;
  realPaths = create(null);
  manifests = new Map();
}

/**
 * @param {string} folder
 * @returns {{ folder, name, main, type, imports, exports } | undefined} its package.json
 */
function readPackage(folder) {
  let manifest = manifests.get(folder);
  if (manifest === undefined) {
    manifest = load(folder);
    manifests.set(folder, manifest);
  }
  return manifest === null ? undefined : manifest;
}

function load(folder) {
  const file = path.join(folder, 'package.json');
  const fields = binding.readPackageJson(file);
  if (fields === undefined) return null;
  if (typeof fields === 'string') throw badPackage(file);
  const [name, main, type, imports, exports] = fields;
  return {
    folder, name, main, type,
    imports: imports === undefined ? undefined : parse(imports),
    exports: exports === undefined ? undefined : parse(exports),
  };
}

function badPackage(file) {
  const error = new Error(`Invalid package config ${file}.`);
  error.code = 'ERR_INVALID_PACKAGE_CONFIG';
  return error;
}

/** @returns the package that `file` belongs to */
function findScope(file) {
  let folder = path.dirname(file);
  for (;;) {
    if (path.basename(folder) === 'node_modules') return undefined;
    const manifest = readPackage(folder);
    if (manifest !== undefined) return manifest;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** @returns {boolean} whether package.json makes the `.js` file an ECMAScript module */
function isEsm(filename) {
  return filename.endsWith('.js') && findScope(filename)?.type === 'module';
}

function esmError(filename) {
  const error = new Error(`ECMAScript modules are not there yet in Ironode: ${filename}`);
  error.code = 'ERR_METHOD_NOT_IMPLEMENTED';
  return error;
}

/** The longest extension of `filename` that somebody loads, `.js` where there is none. */
function longestExtension(filename) {
  const name = path.basename(filename);
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    if (dot === 0) continue;
    const extension = name.slice(dot);
    if (Module._extensions[extension]) return extension;
  }
  return '.js';
}

function tryFile(file, isMain) {
  if (stat(file) !== FILE) return false;
  return keepsLinks(isMain) ? path.resolve(file) : toRealPath(file);
}

function keepsLinks(isMain) {
  return isMain ? getOptionValue('--preserve-symlinks-main') : getOptionValue('--preserve-symlinks');
}

function tryExtensions(base, extensions, isMain) {
  for (const extension of extensions) {
    const file = tryFile(base + extension, isMain);
    if (file) return file;
  }
  return false;
}

function tryPackage(folder, extensions, isMain, request) {
  const main = readPackage(folder)?.main;
  if (!main) return tryExtensions(path.resolve(folder, 'index'), extensions, isMain);
  const file = path.resolve(folder, main);
  const found = tryFile(file, isMain) || tryExtensions(file, extensions, isMain) ||
    tryExtensions(path.resolve(file, 'index'), extensions, isMain);
  if (found) return found;
  const index = tryExtensions(path.resolve(folder, 'index'), extensions, isMain);
  const manifest = path.resolve(folder, 'package.json');
  if (!index) {
    const error = new Error(`Cannot find module '${file}'. Please verify that the package.json has a valid "main" entry`);
    error.code = 'MODULE_NOT_FOUND';
    error.path = manifest;
    error.requestPath = request;
    throw error;
  }
  process.emitWarning(`Invalid 'main' field in '${manifest}' of '${main}'. Please either fix that or report it to the module author`,
    'DeprecationWarning', 'DEP0128');
  return index;
}

const packageRequest = /^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/;

function resolveExportsOf(folder, request) {
  const [, name, rest = ''] = packageRequest.exec(request) ?? [];
  if (!name) return false;
  const manifest = readPackage(path.resolve(folder, name));
  if (manifest?.exports === undefined || manifest.exports === null) return false;
  const { resolveExports } = require('internal/modules/package_exports');
  return mustExist(resolveExports(manifest.folder, `.${rest}`, manifest.exports, undefined));
}

function mustExist(file) {
  if (stat(file) === FILE) return keepsLinks(false) ? file : toRealPath(file);
  const error = new Error(`Cannot find module '${file}'`);
  error.code = 'MODULE_NOT_FOUND';
  throw error;
}

function resolveSelf(parentFile, request) {
  if (!parentFile) return false;
  const manifest = findScope(parentFile);
  if (manifest?.exports === undefined || manifest.exports === null || manifest.name === undefined) return false;
  let subpath;
  if (request === manifest.name) subpath = '.';
  else if (request.startsWith(`${manifest.name}/`)) subpath = `.${request.slice(manifest.name.length)}`;
  else return false;
  const { resolveExports } = require('internal/modules/package_exports');
  return mustExist(resolveExports(manifest.folder, subpath, manifest.exports, parentFile));
}

function resolveImport(request, parent) {
  const parentFile = parent?.filename;
  const manifest = parentFile ? findScope(parentFile) : undefined;
  const { resolveImports } = require('internal/modules/package_exports');
  if (manifest?.imports === undefined || manifest.imports === null) return undefined;
  const resolved = resolveImports(manifest.folder, request, manifest.imports, parentFile);
  if (resolved.file !== undefined) return mustExist(resolved.file);
  return Module._resolveFilename(resolved.specifier, parent, false);
}

const isRelative = (request) => /^\.\.?(?:\/|\\|$)/.test(request);

function endsLikeFolder(request) {
  return /(?:^|\/)\.{0,2}$/.test(request) && (request.endsWith('/') || request.endsWith('.'));
}

function findPath(request, paths, isMain) {
  const isAbsolute = path.isAbsolute(request);
  if (isAbsolute) paths = [''];
  else if (!paths || paths.length === 0) return false;
  const cacheKey = `${request}\0${paths.length === 1 ? paths[0] : paths.join('\0')}`;
  const known = Module._pathCache[cacheKey];
  if (known) return known;
  const wantsFolder = endsLikeFolder(request);
  const relative = isRelative(request);
  let extensions;
  for (const folder of paths) {
    if (folder && stat(folder) !== FOLDER) continue;
    if (!isAbsolute && !relative) {
      const exported = resolveExportsOf(folder, request);
      if (exported) return exported;
    }
    const base = path.resolve(folder, request);
    const kind = stat(base);
    let file = false;
    if (!wantsFolder) {
      if (kind === FILE) file = tryFile(base, isMain);
      if (!file) file = tryExtensions(base, extensions ??= Object.keys(Module._extensions), isMain);
    }
    if (!file && kind === FOLDER) {
      file = tryPackage(base, extensions ??= Object.keys(Module._extensions), isMain, request);
    }
    if (file) {
      Module._pathCache[cacheKey] = file;
      return file;
    }
  }
  return false;
}

function nodeModulePaths(from) {
  from = path.resolve(from);
  const paths = [];
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (path.basename(folder) !== 'node_modules') {
      paths.push(folder === path.sep ? `${path.sep}node_modules` : path.join(folder, 'node_modules'));
    }
    if (path.dirname(folder) === folder) return paths;
  }
}

function resolveLookupPaths(request, parent) {
  if (request.startsWith('node:') || isPublic(request)) return null;
  if (!isRelative(request)) {
    return parent?.paths?.length ? [...parent.paths, ...Module.globalPaths] : [...Module.globalPaths];
  }
  if (!parent || !parent.id || !parent.filename) {
    return ['.', ...Module._nodeModulePaths('.'), ...Module.globalPaths];
  }
  return [path.dirname(parent.filename)];
}

function lookupPaths(request, parent, options) {
  if (typeof options !== 'object' || options === null) return Module._resolveLookupPaths(request, parent);
  if (!Array.isArray(options.paths)) {
    if (options.paths === undefined) return Module._resolveLookupPaths(request, parent);
    throw new ERR_INVALID_ARG_VALUE('options.paths', options.paths);
  }
  if (isRelative(request)) return options.paths;
  const paths = [];
  for (const from of options.paths) {
    const fake = new Module('', null);
    fake.paths = Module._nodeModulePaths(from);
    for (const folder of Module._resolveLookupPaths(request, fake)) {
      if (!paths.includes(folder)) paths.push(folder);
    }
  }
  return paths;
}

function resolveFilename(request, parent, isMain, options) {
  if (request.startsWith('node:') || isPublic(request)) return request;
  const paths = lookupPaths(request, parent, options);
  if (request[0] === '#' && parent?.filename) {
    const file = resolveImport(request, parent);
    if (file !== undefined) return file;
  }
  const self = isRelative(request) ? false : resolveSelf(parent?.filename, request);
  if (self) return self;
  const file = Module._findPath(request, paths, isMain);
  if (file) return file;
  const err = notFound(request, parent);
  throw err;
}

function notFound(request, parent) {
  const requireStack = [];
  for (let cursor = parent; cursor; cursor = cursor[kParent]) requireStack.push(cursor.filename || cursor.id);
  let message = `Cannot find module '${request}'`;
  if (requireStack.length > 0) message += `\nRequire stack:\n- ${requireStack.join('\n- ')}`;
  const error = new Error(message);
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = requireStack;
  return error;
}

function initPaths() {
  const { HOME, NODE_PATH } = process.env;
  const paths = [];
  if (HOME) paths.push(path.resolve(HOME, '.node_modules'), path.resolve(HOME, '.node_libraries'));
  paths.push(path.resolve(path.dirname(process.execPath), '..', 'lib', 'node'));
  if (NODE_PATH) paths.unshift(...NODE_PATH.split(path.delimiter).filter(Boolean));
  Module.globalPaths = paths;
}

/** Puts the functions of resolution on the class Module, where programs look for them and replace them. */
function install(target) {
  Module = target;
  Module._findPath = findPath;
  Module._initPaths = initPaths;
  Module._nodeModulePaths = nodeModulePaths;
  Module._resolveFilename = resolveFilename;
  Module._resolveLookupPaths = resolveLookupPaths;
}

module.exports = { esmError, findScope, forgetFiles, forgetStats, install, isEsm, kParent, longestExtension, notFound, readPackage, toRealPath };
