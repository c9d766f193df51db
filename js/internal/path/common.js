// What the POSIX and the Windows form of `path` have in common.
'use strict';

const { charCodeAt, endsWith, lastIndexOf, slice } = require('internal/captured');
const { validateObject } = require('internal/validators');

const SLASH = 47;
const BACKSLASH = 92;
const DOT = 46;

// Whether the segment [start, end) is '.' (1) or '..' (2), else 0.
function dots(path, start, end) {
  if (end - start > 2 || charCodeAt(path, start) !== DOT) return 0;
  if (end - start === 1) return 1;
  return charCodeAt(path, start + 1) === DOT ? 2 : 0;
}

/**
 * The segments of `path` from index `from` on, without '.', '..' and empty ones where these can go.
 * @param {string} path
 * @param {number} from
 * @param {boolean} allowAbove whether '..' stays that has nothing before it
 * @param {'/' | '\\'} separator of the result; with '\\', both separate in `path`
 * @returns {string} without separators at its ends
 */
function normalizeSegments(path, from, allowAbove, separator) {
  const other = separator === '/' ? SLASH : BACKSLASH;
  const { length } = path;
  let start = from;
  let depth = 0;

  // As far as nothing has to change, the result is a part of `path`.
  let clean = from;
  while (start < length) {
    let end = start;
    let code = 0;
    while (end < length && (code = charCodeAt(path, end)) !== SLASH && code !== other) end++;
    if (end === start || dots(path, start, end) !== 0) break;
    depth++;
    clean = end;
    if (end < length && code !== other) break;
    start = end + 1;
  }
  let result = slice(path, from, clean);
  if (start >= length) return result;

  start = clean;
  while (start < length) {
    let end = start;
    let code = 0;
    while (end < length && (code = charCodeAt(path, end)) !== SLASH && code !== other) end++;
    if (end > start) {
      const kind = dots(path, start, end);
      if (kind === 0) {
        result = result.length === 0 ? slice(path, start, end) : result + separator + slice(path, start, end);
        depth++;
      } else if (kind === 2) {
        if (depth > 0) {
          depth--;
          const last = lastIndexOf(result, separator);
          result = last === -1 ? '' : slice(result, 0, last);
        } else if (allowAbove) {
          result = result.length === 0 ? '..' : `${result}${separator}..`;
        }
      }
    }
    start = end + 1;
  }
  return result;
}

/**
 * The extension of the name [start, end) in `path`: from its last dot on, unless that begins it.
 * @returns {number} the index of the dot, `end` where there is no extension
 */
function findExtension(path, start, end) {
  let dot = end - 1;
  while (dot > start && charCodeAt(path, dot) !== DOT) dot--;
  if (dot <= start || dots(path, start, end) === 2) return end;
  return dot;
}

/**
 * The last step of `path.basename`.
 * @param {string} path
 * @param {number} start of its last segment
 * @param {number} end of its last segment
 * @param {string | undefined} suffix
 * @returns {string} the segment without `suffix`, unless nothing would be left
 */
function lastSegment(path, start, end, suffix) {
  const base = slice(path, start, end);
  if (suffix === undefined || suffix.length === 0 || suffix.length > path.length) return base;
  if (suffix === path) return '';
  // As in Node, a segment that is but the end of `suffix` keeps the separators behind it.
  if (base.length < suffix.length) return endsWith(suffix, base) ? slice(path, start) : base;
  return base.length > suffix.length && endsWith(base, suffix) ? slice(base, 0, -suffix.length) : base;
}

/**
 * `path.format`.
 * @param {string} sep
 * @param {{ root?: string, dir?: string, base?: string, name?: string, ext?: string }} pathObject
 * @returns {string}
 */
function _format(sep, pathObject) {
  validateObject(pathObject, 'pathObject');
  const dir = pathObject.dir || pathObject.root;
  const base = pathObject.base || `${pathObject.name || ''}${withDot(pathObject.ext)}`;
  if (!dir) return base;
  return dir === pathObject.root ? `${dir}${base}` : `${dir}${sep}${base}`;
}

function withDot(ext) {
  if (!ext) return '';
  return ext[0] === '.' ? ext : `.${ext}`;
}

module.exports = { _format, findExtension, lastSegment, normalizeSegments };
