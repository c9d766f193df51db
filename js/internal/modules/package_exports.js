// The `exports` and `imports` of package.json.
'use strict';

const { codes } = require('internal/errors');
const path = require('path');

const { ERR_INVALID_MODULE_SPECIFIER, ERR_INVALID_PACKAGE_CONFIG, ERR_INVALID_PACKAGE_TARGET,
        ERR_PACKAGE_IMPORT_NOT_DEFINED, ERR_PACKAGE_PATH_NOT_EXPORTED } = codes;

// A target may not lead out of its package or into another one.
const badSegment = /(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))(\\|\/|$)/i;
const badEncoding = /%2f|%5c/i;

const { hasOwn } = Object;

let conditions;

/** @returns {Set<string>} the conditions that hold for `require` */
function requireConditions() {
  if (conditions === undefined) {
    const { getOptionValue } = require('internal/options');
    conditions = new Set(['require', 'node', 'module-sync', ...(getOptionValue('--conditions') ?? [])]);
  }
  return conditions;
}

function isConditional(exports, folder, base) {
  if (typeof exports === 'string' || Array.isArray(exports)) return true;
  if (typeof exports !== 'object' || exports === null) return false;
  let isSugar;
  for (const key of Object.keys(exports)) {
    const isCondition = key === '' || key[0] !== '.';
    if (isSugar === undefined) {
      isSugar = isCondition;
    } else if (isSugar !== isCondition) {
      throw new ERR_INVALID_PACKAGE_CONFIG(path.join(folder, 'package.json'), base,
        '"exports" cannot contain some keys starting with \'.\' and some not. The exports object must either be ' +
        'an object of package subpath keys or an object of main entry condition name keys only.');
    }
  }
  return isSugar === true;
}

function patternKeyCompare(a, b) {
  const aStar = a.indexOf('*');
  const bStar = b.indexOf('*');
  const aLength = aStar === -1 ? a.length : aStar + 1;
  const bLength = bStar === -1 ? b.length : bStar + 1;
  if (aLength !== bLength) return bLength - aLength;
  if (aStar === -1) return 1;
  if (bStar === -1) return -1;
  return b.length - a.length;
}

/** The most specific key with a `*` that matches, and what the `*` stands for. */
function matchPattern(table, subpath) {
  let best = '';
  let match = '';
  for (const key of Object.keys(table)) {
    const star = key.indexOf('*');
    if (star === -1 || !subpath.startsWith(key.slice(0, star))) continue;
    const tail = key.slice(star + 1);
    if (subpath.length < key.length || !subpath.endsWith(tail) || key.indexOf('*', star + 1) !== -1) continue;
    if (best !== '' && patternKeyCompare(best, key) !== 1) continue;
    best = key;
    match = subpath.slice(star, subpath.length - tail.length);
  }
  return best === '' ? undefined : { key: best, match };
}

/** State that one resolution carries along. */
class Resolution {
  constructor(folder, key, base, isImports, conditions) {
    this.folder = folder;
    this.key = key;
    this.base = base;
    this.isImports = isImports;
    this.conditions = conditions;
  }

  invalidTarget(target) {
    return new ERR_INVALID_PACKAGE_TARGET(`${this.folder}/`, this.key, target, this.isImports, this.base);
  }

  resolveString(target, match, isPattern) {
    if (!target.startsWith('./')) {
      if (this.isImports && !target.startsWith('../') && !target.startsWith('/')) {
        return { specifier: isPattern ? target.replaceAll('*', () => match) : target + match };
      }
      throw this.invalidTarget(target);
    }
    if (badSegment.test(target.slice(2))) throw this.invalidTarget(target);
    if (match !== '' && badSegment.test(match)) {
      const request = isPattern ? this.key.replace('*', () => match) : this.key + match;
      throw new ERR_INVALID_MODULE_SPECIFIER(request,
        `request is not a valid match in pattern "${this.key}" for the "${this.isImports ? 'imports' : 'exports'}" ` +
        `resolution of ${path.join(this.folder, 'package.json')}`, this.base);
    }
    const file = isPattern ? target.replaceAll('*', () => match) : target;
    if (badEncoding.test(file)) {
      throw new ERR_INVALID_MODULE_SPECIFIER(file, 'must not include encoded "/" or "\\" characters', this.base);
    }
    return { file: path.join(this.folder, decodeURIComponent(file)) };
  }

  /** @returns {{ file: string } | { specifier: string } | null | undefined} */
  resolve(target, match, isPattern) {
    if (typeof target === 'string') return this.resolveString(target, match, isPattern);
    if (Array.isArray(target)) return this.resolveFirst(target, match, isPattern);
    if (target === null) return null;
    if (typeof target !== 'object') throw this.invalidTarget(target);
    for (const key of Object.keys(target)) {
      if (String(+key) === key && +key >= 0 && Number.isInteger(+key)) {
        throw new ERR_INVALID_PACKAGE_CONFIG(path.join(this.folder, 'package.json'), this.base,
          '"exports" cannot contain numeric property keys.');
      }
    }
    for (const [key, value] of Object.entries(target)) {
      if (key !== 'default' && !this.conditions.has(key)) continue;
      const resolved = this.resolve(value, match, isPattern);
      if (resolved !== undefined) return resolved;
    }
    return undefined;
  }

  resolveFirst(targets, match, isPattern) {
    if (targets.length === 0) return null;
    let failure;
    let resolved;
    for (const target of targets) {
      try {
        resolved = this.resolve(target, match, isPattern);
      } catch (error) {
        failure = error;
        if (error.code !== 'ERR_INVALID_PACKAGE_TARGET') throw error;
        continue;
      }
      if (resolved === undefined) continue;
      if (resolved !== null) return resolved;
      failure = undefined;
    }
    if (resolved === undefined || resolved === null) {
      if (failure !== undefined) throw failure;
      return resolved;
    }
    throw failure;
  }
}

/**
 * @param {string} folder  of the package
 * @param {string} subpath  `.` or `./…`
 * @param {any} exports  of package.json
 * @param {string | undefined} base  who asks
 * @returns {string} the file
 */
function resolveExports(folder, subpath, exports, base, conditions = requireConditions()) {
  const table = isConditional(exports, folder, base) ? { '.': exports } : exports;
  const notExported = () => new ERR_PACKAGE_PATH_NOT_EXPORTED(`${folder}/`, subpath, base);
  if (typeof table !== 'object' || table === null) throw notExported();
  if (hasOwn(table, subpath) && !subpath.includes('*') && !subpath.endsWith('/')) {
    const resolved = new Resolution(folder, subpath, base, false, conditions).resolve(table[subpath], '', false);
    if (resolved === null || resolved === undefined) throw notExported();
    return resolved.file;
  }
  const pattern = matchPattern(table, subpath);
  if (pattern === undefined) throw notExported();
  const { key, match } = pattern;
  const resolved = new Resolution(folder, key, base, false, conditions).resolve(table[key], match, true);
  if (resolved === null || resolved === undefined) throw notExported();
  return resolved.file;
}

/**
 * @param {string} folder  of the package
 * @param {string} name  `#…`
 * @param {any} imports  of package.json
 * @param {string | undefined} base  who asks
 * @returns {{ file: string } | { specifier: string }}
 */
function resolveImports(folder, name, imports, base, conditions = requireConditions()) {
  if (name === '#' || name.startsWith('#/') && imports === undefined) {
    throw new ERR_INVALID_MODULE_SPECIFIER(name, 'is not a valid internal imports specifier name', base);
  }
  if (typeof imports === 'object' && imports !== null) {
    let resolved;
    if (hasOwn(imports, name) && !name.includes('*')) {
      resolved = new Resolution(folder, name, base, true, conditions).resolve(imports[name], '', false);
    } else {
      const pattern = matchPattern(imports, name);
      if (pattern !== undefined) {
        const { key, match } = pattern;
        resolved = new Resolution(folder, key, base, true, conditions).resolve(imports[key], match, true);
      }
    }
    if (resolved !== null && resolved !== undefined) return resolved;
  }
  throw new ERR_PACKAGE_IMPORT_NOT_DEFINED(name, folder === undefined ? undefined : `${folder}/`, base);
}

module.exports = { requireConditions, resolveExports, resolveImports };
