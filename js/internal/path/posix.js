// `path.posix`: file paths with slashes.
'use strict';

const { charCodeAt, endsWith, slice } = require('internal/captured');
const { validateString } = require('internal/validators');
const { _format, findExtension, lastSegment, normalizeSegments } = require('internal/path/common');

const SLASH = 47;

// Where the path ends without its trailing slashes, which a root keeps.
function endWithoutSlashes(path) {
  let end = path.length;
  while (end > 1 && charCodeAt(path, end - 1) === SLASH) end--;
  return end;
}

/**
 * Makes an absolute path out of `args`, each as seen from those before it and the working directory.
 * @param {...string} args
 * @returns {string}
 */
function resolve(...args) {
  if (args.length === 1 && typeof args[0] === 'string' && charCodeAt(args[0], 0) === SLASH) {
    return resolveAbsolute(args[0]);
  }
  let resolved = '';
  let absolute = false;
  for (let i = args.length - 1; i >= 0 && !absolute; i--) {
    const path = args[i];
    validateString(path, `paths[${i}]`);
    if (path.length === 0) continue;
    resolved = resolved === '' ? path : `${path}/${resolved}`;
    absolute = charCodeAt(path, 0) === SLASH;
  }
  if (!absolute) {
    const cwd = process.cwd();
    resolved = resolved === '' ? cwd : `${cwd}/${resolved}`;
    absolute = charCodeAt(cwd, 0) === SLASH;
  }
  if (absolute) return resolveAbsolute(resolved);
  return normalizeSegments(resolved, 0, true, '/') || '.';
}

/**
 * @param {string} path
 * @returns {string} without '.', '..' and repeated slashes where these can go
 */
function normalize(path) {
  validateString(path, 'path');
  const { length } = path;
  if (length === 0) return '.';
  const absolute = charCodeAt(path, 0) === SLASH;
  const trailing = charCodeAt(path, length - 1) === SLASH;
  let tail = normalizeSegments(path, absolute ? 1 : 0, !absolute, '/');
  if (tail.length === 0) {
    if (absolute) return '/';
    return trailing ? './' : '.';
  }
  if (trailing) tail += '/';
  return absolute ? `/${tail}` : tail;
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isAbsolute(path) {
  validateString(path, 'path');
  return path.length > 0 && charCodeAt(path, 0) === SLASH;
}

/**
 * Joins `args` with slashes, and normalizes the result.
 * @param {...string} args
 * @returns {string}
 */
function join(...args) {
  let joined = '';
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    validateString(arg, 'path');
    if (arg.length > 0) joined = joined === '' ? arg : `${joined}/${arg}`;
  }
  return joined === '' ? '.' : normalize(joined);
}

/**
 * @param {string} from a directory
 * @param {string} to
 * @returns {string} the path of `to` as seen from `from`
 */
function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  from = resolve(from);
  to = resolve(to);
  if (from === to) return '';

  // The root's slash is in front of all segments, and behind none.
  const fromEnd = from.length === 1 ? 0 : from.length;
  const toEnd = to.length === 1 ? 0 : to.length;
  const shorter = Math.min(fromEnd, toEnd);
  let i = 0;
  let common = 0;
  while (i < shorter && charCodeAt(from, i) === charCodeAt(to, i)) {
    if (charCodeAt(from, i) === SLASH) common = i;
    i++;
  }
  if (i === shorter && isBoundary(from, i, fromEnd) && isBoundary(to, i, toEnd)) common = i;

  let up = '';
  for (let k = common; k < fromEnd; k++) {
    if (charCodeAt(from, k) === SLASH) up += up === '' ? '..' : '/..';
  }
  if (common >= toEnd) return up;
  const rest = slice(to, common + 1);
  return up === '' ? rest : `${up}/${rest}`;
}

/** Does nothing: Windows alone has namespaced paths. */
function toNamespacedPath(path) {
  return path;
}

/**
 * @param {string} path
 * @returns {string} what is in front of its last segment
 */
function dirname(path) {
  validateString(path, 'path');
  if (path.length === 0) return '.';
  let end = endWithoutSlashes(path);
  while (end > 0 && charCodeAt(path, end - 1) !== SLASH) end--;
  if (end === 0) return '.';
  if (end === 1) return '/';
  // More slashes between directory and name count as the directory's, save one.
  if (end === 2 && charCodeAt(path, 0) === SLASH) return charCodeAt(path, 1) === SLASH ? '//' : '/';
  return slice(path, 0, end - 1);
}

/**
 * @param {string} path
 * @param {string} [suffix] removed from the end, unless nothing would be left
 * @returns {string} its last segment
 */
function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  let end = path.length;
  while (end > 0 && charCodeAt(path, end - 1) === SLASH) end--;
  let start = end;
  while (start > 0 && charCodeAt(path, start - 1) !== SLASH) start--;
  return lastSegment(path, start, end, suffix);
}

/**
 * @param {string} path
 * @returns {string} from the last dot of its last segment on, '' if that begins with it
 */
function extname(path) {
  validateString(path, 'path');
  let end = path.length;
  while (end > 0 && charCodeAt(path, end - 1) === SLASH) end--;
  let start = end;
  while (start > 0 && charCodeAt(path, start - 1) !== SLASH) start--;
  return slice(path, findExtension(path, start, end), end);
}

/**
 * @param {string} path
 * @returns {{ root: string, dir: string, base: string, ext: string, name: string }}
 */
function parse(path) {
  validateString(path, 'path');
  const parsed = { root: '', dir: '', base: '', ext: '', name: '' };
  if (path.length === 0) return parsed;
  const absolute = charCodeAt(path, 0) === SLASH;
  const rootEnd = absolute ? 1 : 0;
  parsed.root = absolute ? '/' : '';
  let end = path.length;
  while (end > rootEnd && charCodeAt(path, end - 1) === SLASH) end--;
  let start = end;
  while (start > rootEnd && charCodeAt(path, start - 1) !== SLASH) start--;
  // As in Node, '..' right behind the root has the extension '.'.
  const isRootParent = absolute && start === 1 && end === 3 && endsWith(path, '..', 3);
  const dot = isRootParent ? 2 : findExtension(path, start, end);
  parsed.base = slice(path, start, end);
  parsed.name = slice(path, start, dot);
  parsed.ext = slice(path, dot, end);
  if (start > rootEnd) parsed.dir = slice(path, 0, start - 1);
  else if (absolute) parsed.dir = '/';
  return parsed;
}

/**
 * @param {string} path
 * @param {string} pattern a glob
 * @returns {boolean}
 */
function matchesGlob(path, pattern) {
  return require('internal/glob').matchGlobPattern(path, pattern, false);
}

function resolveAbsolute(path) {
  const tail = normalizeSegments(path, 1, false, '/');
  // Normalizing only shortens: what is as long is the same.
  return tail.length === path.length - 1 ? path : `/${tail}`;
}

function isBoundary(path, index, end) {
  return index === end || charCodeAt(path, index) === SLASH;
}

module.exports = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath,
  dirname,
  basename,
  extname,
  format: _format.bind(null, '/'),
  parse,
  matchesGlob,
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};
