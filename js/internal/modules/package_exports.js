// The `exports` and `imports` of package.json: from a subpath or a name beginning with '#' to a file.
'use strict';

const {
  codes: {
    ERR_INVALID_MODULE_SPECIFIER,
    ERR_INVALID_PACKAGE_CONFIG,
    ERR_INVALID_PACKAGE_TARGET,
    ERR_MODULE_NOT_FOUND,
    ERR_PACKAGE_IMPORT_NOT_DEFINED,
    ERR_PACKAGE_PATH_NOT_EXPORTED,
  },
} = require('internal/errors');
const {
  endsWith,
  includes,
  indexOf,
  regExpExec,
  replaceAll,
  setAdd,
  setHas,
  slice,
  startsWith,
} = require('internal/captured');
const { builtinId } = require('internal/modules/builtins');
const { findScope, folderOf, parsePackageName, readPackage } = require('internal/modules/package_json');
const binding = internalBinding('modules');

const { hasOwn, keys } = Object;
const { isArray } = Array;

// Segments that lead out of the package or into another one. The first also finds empty ones.
const nodeModules =
  '(?:n|%6e|%4e)(?:o|%6f|%4f)(?:d|%64|%44)(?:e|%65|%45)(?:_|%5f)' +
  '(?:m|%6d|%4d)(?:o|%6f|%4f)(?:d|%64|%44)(?:u|%75|%55)(?:l|%6c|%4c)(?:e|%65|%45)(?:s|%73|%53)';
const suspiciousSegment = new RegExp(`(^|\\\\|/)((\\.|%2e)(\\.|%2e)?|${nodeModules})?(\\\\|/|$)`, 'i');
const forbiddenSegment = new RegExp(`(^|\\\\|/)((\\.|%2e)(\\.|%2e)?|${nodeModules})(\\\\|/|$)`, 'i');
const encodedSeparator = /%2f|%5c/i;
/** What a URL writes or reads otherwise than a path, or may. */
const notPlain = /[%?#\\\t\n\r]|\/\./;

const test = (expression, text) => regExpExec(expression, text) !== null;

const NUMERIC_KEYS = '"exports" cannot contain numeric property keys.';

let forRequire;
let forImport;

// In the order in which hooks see them.
function makeConditions(names) {
  const { getOptionValue } = require('internal/options');
  const isOn = {
    __proto__: null,
    'node-addons': getOptionValue('--addons') !== false && internalBinding('permission').isGranted('addon'),
    'module-sync':
      getOptionValue('--require-module') !== false && getOptionValue('--experimental-require-module') !== false,
  };
  const conditions = new Set();
  for (let i = 0; i < names.length; i++) {
    if (isOn[names[i]] !== false) setAdd(conditions, names[i]);
  }
  const given = getOptionValue('--conditions') ?? [];
  for (let i = 0; i < given.length; i++) setAdd(conditions, given[i]);
  return conditions;
}

/** @returns {Set<string>} the conditions that hold for `require` */
function requireConditions() {
  return (forRequire ??= makeConditions(['require', 'node', 'node-addons', 'module-sync']));
}

/** @returns {Set<string>} the conditions that hold for `import` */
function importConditions() {
  return (forImport ??= makeConditions(['node', 'import', 'module-sync', 'node-addons']));
}

const warned = new Set();

function deprecateOnce(key, message, code) {
  if (process.noDeprecation || setHas(warned, key)) return;
  setAdd(warned, key);
  process.emitWarning(message, 'DeprecationWarning', code);
}

function warnOfTrailingSlash(manifest, match, base) {
  deprecateOnce(
    `${manifest.file}|${match}`,
    `Use of deprecated trailing slash pattern mapping "${match}" in the "exports" field module ` +
      `resolution of the package at ${manifest.file}${base ? ` imported from ${base}` : ''}. ` +
      'Mapping specifiers ending in "/" is no longer supported.',
    'DEP0155'
  );
}

/** One resolution: what its steps have in common. */
class Resolution {
  /**
   * @param {Manifest} manifest
   * @param {string} key of `exports` or `imports`
   * @param {string} match what '*' in `key` stands for
   * @param {boolean} isPattern
   * @param {boolean} isImports
   * @param {string | undefined} base the file that asks
   * @param {Set<string>} holding the conditions
   */
  constructor(manifest, key, match, isPattern, isImports, base, holding) {
    this.manifest = manifest;
    this.key = key;
    this.match = match;
    this.isPattern = isPattern;
    this.isImports = isImports;
    this.base = base;
    this.holding = holding;
  }

  get field() {
    return this.isImports ? 'imports' : 'exports';
  }

  get request() {
    return this.isPattern ? replaceAll(this.key, '*', () => this.match) : this.key + this.match;
  }

  invalidTarget(target) {
    const shown = typeof target === 'object' && target !== null ? JSON.stringify(target) : `${target}`;
    const folder = `${this.manifest.folder}/`;
    return new ERR_INVALID_PACKAGE_TARGET(folder, this.key, shown, this.isImports, this.base);
  }

  insertMatch(target) {
    return this.isPattern ? replaceAll(target, '*', () => this.match) : target + this.match;
  }

  warnOfSegment(where, resolved) {
    const { manifest, key, request, base } = this;
    // The warning for the trailing slash itself is enough.
    if (this.isPattern && !this.isImports && endsWith(request, '/')) return;
    const isDouble = test(/\/\//, where);
    deprecateOnce(
      `${manifest.file}|${resolved}|${request}`,
      `Use of deprecated ${isDouble ? 'double slash' : 'leading or trailing slash matching'} resolving ` +
        `"${resolved}" for module request "${request}" ${request === key ? '' : `matched to "${key}" `}` +
        `in the "${this.field}" field module resolution of the package at ${manifest.file}` +
        `${base ? ` imported from ${base}` : ''}.`,
      'DEP0166'
    );
  }

  checkSegments(target) {
    const resolved = this.insertMatch(target);
    if (test(suspiciousSegment, slice(target, 2))) {
      if (test(forbiddenSegment, slice(target, 2))) throw this.invalidTarget(target);
      this.warnOfSegment(target, resolved);
    }
    if (this.match === '' || !test(suspiciousSegment, this.match)) return;
    if (test(forbiddenSegment, this.match)) {
      const reason =
        `request is not a valid match in pattern "${this.key}" for the "${this.field}" resolution of ` +
        this.manifest.file;
      throw new ERR_INVALID_MODULE_SPECIFIER(this.request, reason, this.base);
    }
    this.warnOfSegment(this.request, resolved);
  }

  resolveString(target) {
    if (!startsWith(target, './')) {
      const isPackage = this.isImports && !startsWith(target, '../') && !startsWith(target, '/');
      if (!isPackage || require('web/url').URL.canParse(target)) throw this.invalidTarget(target);
      return resolvePackage(this.insertMatch(target), this.manifest.file, this.holding);
    }
    this.checkSegments(target);
    return toFile(this.manifest.folder, this.insertMatch(target), this.base, this.holding);
  }

  /**
   * @param {unknown} target
   * @returns {string | null | undefined} a file; null where that is forbidden, undefined where there is none
   */
  resolve(target) {
    if (typeof target === 'string') return this.resolveString(target);
    if (isArray(target)) return this.resolveFirst(target);
    if (target === null) return null;
    if (typeof target !== 'object') throw this.invalidTarget(target);
    const names = keys(target);
    for (let i = 0; i < names.length; i++) {
      if (isArrayIndex(names[i])) throw invalidConfig(this.manifest, this.base, NUMERIC_KEYS);
    }
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (name !== 'default' && !setHas(this.holding, name)) continue;
      const resolved = this.resolve(target[name]);
      if (resolved !== undefined) return resolved;
    }
    return undefined;
  }

  resolveFirst(targets) {
    if (targets.length === 0) return null;
    let failure;
    for (let i = 0; i < targets.length; i++) {
      let resolved;
      try {
        resolved = this.resolve(targets[i]);
      } catch (error) {
        if (error.code !== 'ERR_INVALID_PACKAGE_TARGET') throw error;
        failure = error;
        continue;
      }
      if (resolved === undefined) continue;
      if (resolved !== null) return resolved;
      failure = null;
    }
    if (failure === undefined || failure === null) return failure;
    throw failure;
  }
}

function isArrayIndex(key) {
  const number = +key;
  return `${number}` === key && number >= 0 && number < 0xffff_ffff;
}

/** The mistake of a package.json, which names who asks by its URL. */
function invalidConfig(manifest, base, reason) {
  const importer = base === undefined ? undefined : require('internal/url').pathToFileURL(base).href;
  return new ERR_INVALID_PACKAGE_CONFIG(manifest.file, importer, reason);
}

// The file that `target`, a relative URL, means in `folder`; for `import` its URL, where that is more than a path.
function toFile(folder, target, base, holding) {
  if (!test(notPlain, target)) return `${folder}/${slice(target, 2)}`;
  const { fileURLToPath, pathToFileURL, URL } = require('url');
  const url = new URL(target, pathToFileURL(`${folder}/`));
  if (setHas(holding, 'import')) return url;
  if (test(encodedSeparator, url.pathname)) {
    throw new ERR_INVALID_MODULE_SPECIFIER(url.href, 'must not include encoded "/" or "\\" characters', base);
  }
  return fileURLToPath(url);
}

// Whether `exports` is the value of '.' itself.
function isMainOnly(manifest, base) {
  const { exports } = manifest;
  if (typeof exports === 'string' || isArray(exports)) return true;
  const names = keys(exports);
  let isConditions = false;
  for (let i = 0; i < names.length; i++) {
    const isCondition = names[i] === '' || names[i][0] !== '.';
    if (i === 0) {
      isConditions = isCondition;
    } else if (isConditions !== isCondition) {
      throw invalidConfig(
        manifest,
        base,
        '"exports" cannot contain some keys starting with \'.\' and some not. The exports object must ' +
          'either be an object of package subpath keys or an object of main entry condition name keys only.'
      );
    }
  }
  return isConditions;
}

// Whether pattern `a` is more specific than `b`: the text before the '*' counts, then the whole length.
function isMoreSpecific(a, b) {
  const before = indexOf(a, '*') - indexOf(b, '*');
  return before !== 0 ? before > 0 : a.length > b.length;
}

// The most specific key with a '*' that matches `name`, and what the '*' stands for.
function matchPattern(table, name, onTrailingSlash) {
  const names = keys(table);
  let best;
  let match = '';
  for (let i = 0; i < names.length; i++) {
    const key = names[i];
    const star = indexOf(key, '*');
    if (star === -1 || !startsWith(name, slice(key, 0, star))) continue;
    if (endsWith(name, '/')) onTrailingSlash?.();
    const tail = slice(key, star + 1);
    const fits = name.length >= key.length && endsWith(name, tail) && !includes(tail, '*');
    if (!fits || (best !== undefined && !isMoreSpecific(key, best))) continue;
    best = key;
    match = slice(name, star, name.length - tail.length);
  }
  return best === undefined ? undefined : { key: best, match };
}

/**
 * @param {Manifest} manifest with `exports`
 * @param {string} subpath '.' or './...'
 * @param {string | undefined} base the file that asks
 * @param {Set<string>} holding the conditions
 * @returns {string | URL} a file, which may not exist
 */
function resolveExports(manifest, subpath, base, holding = requireConditions()) {
  const table = isMainOnly(manifest, base) ? { '.': manifest.exports } : manifest.exports;
  let resolved;
  if (hasOwn(table, subpath) && !includes(subpath, '*') && !endsWith(subpath, '/')) {
    resolved = new Resolution(manifest, subpath, '', false, false, base, holding).resolve(table[subpath]);
  } else {
    const pattern = matchPattern(table, subpath, () => warnOfTrailingSlash(manifest, subpath, base));
    if (pattern !== undefined) {
      const { key, match } = pattern;
      resolved = new Resolution(manifest, key, match, true, false, base, holding).resolve(table[key]);
    }
  }
  if (resolved === undefined || resolved === null) {
    throw new ERR_PACKAGE_PATH_NOT_EXPORTED(`${manifest.folder}/`, subpath, base);
  }
  return resolved;
}

/**
 * @param {string} name '#...'
 * @param {string} base the file that asks
 * @throws {TypeError} where no package can define such a name
 */
function checkImportsName(name, base) {
  if (name !== '#' && !endsWith(name, '/')) return;
  throw new ERR_INVALID_MODULE_SPECIFIER(name, 'is not a valid internal imports specifier name', base);
}

/**
 * @param {Manifest | undefined} manifest of the package that asks
 * @param {string} name '#...'
 * @param {string} base the file that asks
 * @param {Set<string>} holding the conditions
 * @returns {string | URL} a file, which may not exist
 */
function resolveImports(manifest, name, base, holding = requireConditions()) {
  checkImportsName(name, base);
  const table = manifest?.imports;
  let resolved;
  if (table !== undefined) {
    if (hasOwn(table, name) && !includes(name, '*')) {
      resolved = new Resolution(manifest, name, '', false, true, base, holding).resolve(table[name]);
    } else {
      const pattern = matchPattern(table, name);
      if (pattern !== undefined) {
        const { key, match } = pattern;
        resolved = new Resolution(manifest, key, match, true, true, base, holding).resolve(table[key]);
      }
    }
  }
  if (resolved === undefined || resolved === null) {
    const folder = manifest === undefined ? undefined : `${manifest.folder}/`;
    throw new ERR_PACKAGE_IMPORT_NOT_DEFINED(name, folder, base);
  }
  return resolved;
}

const mainSuffixes = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node'];
const indexFiles = ['index.js', 'index.json', 'index.node'];

const isFile = (file) => binding.stat(file) === 0;

// The main file of a package without `exports`.
function findMain(folder, main, base) {
  if (main) {
    const inside = startsWith(main, './') ? slice(main, 2) : main;
    const named = startsWith(main, '/') ? main : `${folder}/${inside}`;
    for (let i = 0; i < mainSuffixes.length; i++) {
      const file = named + mainSuffixes[i];
      if (!isFile(file)) continue;
      if (i > 0) warnOfMain(folder, main, file, base);
      return file;
    }
  }
  for (let i = 0; i < indexFiles.length; i++) {
    const file = `${folder}/${indexFiles[i]}`;
    if (!isFile(file)) continue;
    warnOfMain(folder, main, file, base);
    return file;
  }
  const tried = require('path').join(folder, main ?? 'index.js');
  // Node's native half makes it: its stack does not begin with the code.
  const error = new Error(`Cannot find package '${tried}' imported from ${base}`);
  error.code = 'ERR_MODULE_NOT_FOUND';
  throw error;
}

// An ECMAScript module should be named in full by its package.
function warnOfMain(folder, main, file, base) {
  if (!endsWith(file, '.js') || findScope(file)?.type !== 'module') return;
  // A `main` that is absolute names its file in full, although it is looked for inside the package.
  if (main && require('path').resolve(folder, main) === file) return;
  const shown = slice(file, folder.length + 1);
  const text = main ?
    `Package ${folder}/ has a "main" field set to "${main}", excluding the full filename and extension to ` +
      `the resolved file at "${shown}", imported from ${base}.\n Automatic extension resolution of the "main" ` +
      'field is deprecated for ES modules.' :
    `No "main" or "exports" field defined in the package.json for ${folder}/ resolving the main entry point ` +
      `"${shown}", imported from ${base}.\nDefault "index" lookups for the main are deprecated for ES modules.`;
  process.emitWarning(text, 'DeprecationWarning', 'DEP0151');
}

/**
 * Finds a package as `import` does, without extensions to be tried.
 * @param {string} specifier
 * @param {string} base the file that asks
 * @param {Set<string>} holding the conditions
 * @returns {string | URL} a file, which may not exist, or `node:` and the name of a built-in module
 */
function resolvePackage(specifier, base, holding) {
  const id = builtinId(specifier);
  if (id !== undefined) return `node:${id}`;
  const { name, subpath, isValid } = parsePackageName(specifier);
  if (!isValid) throw new ERR_INVALID_MODULE_SPECIFIER(specifier, 'is not a valid package name', base);

  const self = findScope(base);
  if (self?.exports !== undefined && self.name === name) return resolveExports(self, subpath, base, holding);

  const { dirname } = require('path');
  for (let from = folderOf(base); ; from = dirname(from)) {
    if (!endsWith(from, '/node_modules')) {
      const folder = `${from === '/' ? '' : from}/node_modules/${name}`;
      if (binding.stat(folder) === 1) {
        const found = readPackage(folder, specifier, base);
        if (found?.exports !== undefined) return resolveExports(found, subpath, base, holding);
        return subpath === '.' ? findMain(folder, found?.main, base) : toFile(folder, subpath, base, holding);
      }
    }
    if (from === '/') throw new ERR_MODULE_NOT_FOUND(name, base);
  }
}

module.exports = {
  checkImportsName,
  importConditions,
  requireConditions,
  resolveExports,
  resolveImports,
  resolvePackage,
};
