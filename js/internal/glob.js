// Globs: patterns such as `src/**/*.{js,ts}`, and whether paths match them.
'use strict';

const { validateString } = require('internal/validators');
const { expandBraces } = require('internal/glob/braces');
const { parseSegment } = require('internal/glob/segment');

const MAX_PATTERN_LENGTH = 65_536;
const MAX_CACHED = 100;

/** In the place of a segment: any number of segments. */
const GLOBSTAR = Symbol('globstar');

const drive = /^[a-z]:$/i;

function splitAtSlashes(path, windows) {
  // The share of a Windows server begins with two.
  if (windows && /^\/\/[^/]+/.test(path)) return ['', ...path.split(/\/+/)];
  return path.split(/\/+/);
}

// Removes, in place, empty segments and '.' inside. Returns whether there were any.
function dropEmpty(segments) {
  let changed = false;
  for (let i = 1; i < segments.length - 1; i++) {
    const segment = segments[i];
    if (i === 1 && segment === '' && segments[0] === '') continue;
    if (segment === '.' || segment === '') {
      segments.splice(i--, 1);
      changed = true;
    }
  }
  if (segments.length === 2 && segments[0] === '.' && (segments[1] === '.' || segments[1] === '')) {
    segments.pop();
    changed = true;
  }
  return changed;
}

// Removes, in place, names followed by '..', but in paths of Windows not those of drives. Returns whether there
// were any.
function dropParents(segments, isPattern, keepsDrives) {
  let changed = false;
  for (let i = segments.indexOf('..', 1); i !== -1; i = segments.indexOf('..', Math.max(i, 0) + 1)) {
    const before = segments[i - 1];
    if (!before || before === '.' || before === '..' || (isPattern && before === '**')) continue;
    if (keepsDrives && drive.test(before)) continue;
    const keepDot = isPattern && i === 1 && segments[i + 1] === '**';
    segments.splice(i - 1, 2, ...(keepDot ? ['.'] : []));
    changed = true;
    i -= 2;
  }
  return changed;
}

function simplifyPath(segments, windows) {
  while (dropEmpty(segments) | dropParents(segments, false, windows));
  return segments.length === 0 ? [''] : segments;
}

function isName(segment) {
  return segment !== undefined && segment !== '' && segment !== '.' && segment !== '..';
}

// `**/..` before two names: either the globstar takes nothing, or it stays without the '..'.
function splitGlobstars(segments, variants) {
  let changed = false;
  for (let i = segments.indexOf('**'); i !== -1; i = segments.indexOf('**', i + 1)) {
    let last = i;
    while (segments[last + 1] === '**') last++;
    segments.splice(i + 1, last - i);
    if (segments[i + 1] !== '..' || !isName(segments[i + 2]) || !isName(segments[i + 3])) continue;
    changed = true;
    segments.splice(i, 1);
    const variant = segments.slice();
    variant[i] = '**';
    variants.push(variant);
    i--;
  }
  return changed;
}

function simplifyPatterns(variants) {
  for (let changed = true; changed; ) {
    changed = false;
    // Variants are added meanwhile, and looked at as well.
    for (const segments of variants) {
      const split = splitGlobstars(segments, variants);
      const dropped = dropEmpty(segments);
      if (dropParents(segments, true, false) || split || dropped) changed = true;
      if (segments.length === 0) segments.push('');
    }
  }
  return variants;
}

function matchesSegment(segment, expected) {
  return typeof expected === 'string' ? segment === expected : expected.test(segment);
}

// Where a path to a drive has the letter's index, as `C:` or as `\\?\C:`.
function driveIndex(segments) {
  if (typeof segments[0] === 'string' && drive.test(segments[0])) return 0;
  const isDevice = segments[0] === '' && segments[1] === '' && segments[2] === '?';
  return isDevice && typeof segments[3] === 'string' && drive.test(segments[3]) ? 3 : -1;
}

function matchFrom(path, pathIndex, pattern, patternIndex) {
  while (pathIndex < path.length && patternIndex < pattern.length) {
    const expected = pattern[patternIndex];
    if (expected === GLOBSTAR) return matchGlobstar(path, pathIndex, pattern, patternIndex + 1);
    if (!matchesSegment(path[pathIndex], expected)) return false;
    pathIndex++;
    patternIndex++;
  }
  if (patternIndex < pattern.length) return false;
  // A slash at the end of the path is allowed.
  return pathIndex === path.length || (pathIndex === path.length - 1 && path[pathIndex] === '');
}

function matchGlobstar(path, pathIndex, pattern, patternIndex) {
  const isLast = patternIndex === pattern.length;
  for (; pathIndex < path.length; pathIndex++) {
    if (!isLast && matchFrom(path, pathIndex, pattern, patternIndex)) return true;
    // Hidden names are taken only by what begins with a dot itself.
    if (path[pathIndex].startsWith('.')) return false;
  }
  return isLast;
}

/** A pattern, ready to be matched. */
class Glob {
  #windows;
  #patterns;
  #empty;

  /**
   * @param {string} pattern
   * @param {boolean} windows
   */
  constructor(pattern, windows) {
    if (pattern.length > MAX_PATTERN_LENGTH) throw new TypeError('pattern is too long');
    this.#windows = windows;
    this.#empty = pattern === '';
    const expanded = [...new Set(expandBraces(pattern.replaceAll('\\', '/')))];
    const variants = simplifyPatterns(expanded.map((text) => splitAtSlashes(text, windows)));
    this.#patterns = variants.map((segments) =>
      segments.map((segment) => (segment === '**' ? GLOBSTAR : parseSegment(segment)))
    );
  }

  /**
   * The segments of each pattern that the braces make.
   * @returns {(string | RegExp | symbol)[][]} names, expressions and GLOBSTAR
   */
  get alternatives() {
    return this.#patterns;
  }

  /**
   * @param {string} path
   * @returns {boolean}
   */
  matches(path) {
    if (this.#empty) return path === '';
    if (this.#windows) path = path.replaceAll('\\', '/');
    const segments = splitAtSlashes(path, this.#windows);
    return this.#patterns.some((pattern) => this.#matchesPattern(segments, pattern));
  }

  #matchesPattern(segments, pattern) {
    let path = segments.slice();
    if (this.#windows) {
      const pathDrive = driveIndex(path);
      const patternDrive = driveIndex(pattern);
      if (pathDrive !== -1 && patternDrive !== -1 && sameDrive(path[pathDrive], pattern[patternDrive])) {
        path[pathDrive] = pattern[patternDrive];
        if (patternDrive > pathDrive) pattern = pattern.slice(patternDrive);
        else if (pathDrive > patternDrive) path = path.slice(pathDrive);
      }
    }
    return matchFrom(simplifyPath(path, this.#windows), 0, pattern, 0);
  }
}

function sameDrive(a, b) {
  return a.toLowerCase() === b.toLowerCase();
}

const cache = new Map();

/** A pattern ready to be matched, kept for the next time. */
function globFor(pattern, windows) {
  const key = windows ? `w${pattern}` : `p${pattern}`;
  let glob = cache.get(key);
  if (glob === undefined) {
    glob = new Glob(pattern, windows);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, glob);
  }
  return glob;
}

/**
 * Whether `path` matches `pattern`, as `path.matchesGlob` does it.
 * @param {string} path
 * @param {string} pattern
 * @param {boolean} windows whether backslashes separate in `path`
 * @returns {boolean}
 */
function matchGlobPattern(path, pattern, windows) {
  validateString(path, 'path');
  validateString(pattern, 'pattern');
  return globFor(pattern, windows).matches(path);
}

module.exports = { GLOBSTAR, Glob, matchGlobPattern };
