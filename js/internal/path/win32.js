// `path.win32`: file paths with backslashes, drive letters and server shares.
'use strict';

const { validateString } = require('internal/validators');
const { _format, findExtension, lastSegment, normalizeSegments } = require('internal/path/common');

const SLASH = 47;
const BACKSLASH = 92;
const COLON = 58;
const DOT = 46;
const QUESTION_MARK = 63;

// Names of devices, which Windows finds in every directory. The superscript digits count as digits.
const reservedName = /^(?:CON|PRN|AUX|NUL|(?:COM|LPT)[1-9\u00b9\u00b2\u00b3])$/i;

function isSeparator(code) {
  return code === SLASH || code === BACKSLASH;
}

function isLetter(code) {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

function isDrive(path) {
  return path.length > 1 && path.charCodeAt(1) === COLON && isLetter(path.charCodeAt(0));
}

function skipSeparators(path, index) {
  while (index < path.length && isSeparator(path.charCodeAt(index))) index++;
  return index;
}

function skipName(path, index) {
  while (index < path.length && !isSeparator(path.charCodeAt(index))) index++;
  return index;
}

// Of `\\server\share...`: the ends of its parts, or undefined where one is missing.
function findShare(path) {
  if (path.length < 2 || !isSeparator(path.charCodeAt(1))) return undefined;
  const serverEnd = skipName(path, 2);
  if (serverEnd === 2 || serverEnd === path.length) return undefined;
  const shareStart = skipSeparators(path, serverEnd);
  if (shareStart === path.length) return undefined;
  return { server: path.slice(2, serverEnd), shareStart, end: skipName(path, shareStart) };
}

// Whether the part of `path` in front of the colon is a device. As in Node, a path without a colon is looked
// at without its last character.
function isReserved(path, colon) {
  return reservedName.test(path.slice(0, colon));
}

// What `path` begins with: `device` is a drive or share, `rootEnd` where the segments begin.
function readRoot(path) {
  if (path.length === 0) return { device: '', rootEnd: 0, absolute: false };
  if (isSeparator(path.charCodeAt(0))) {
    const share = findShare(path);
    if (share === undefined) return { device: '', rootEnd: 1, absolute: true };
    const { server, shareStart, end } = share;
    // `\\.\` and `\\?\` are followed by a name of the system's, not by a share.
    if (server === '.' || server === '?') return { device: `\\\\${server}`, rootEnd: 4, absolute: true };
    return { device: `\\\\${server}\\${path.slice(shareStart, end)}`, rootEnd: end, absolute: true };
  }
  if (!isDrive(path)) return { device: '', rootEnd: 0, absolute: false };
  const absolute = path.length > 2 && isSeparator(path.charCodeAt(2));
  return { device: path.slice(0, 2), rootEnd: absolute ? 3 : 2, absolute };
}

// The working directory of `drive`, as far as this process knows it.
function currentDirectory(drive) {
  if (drive === '') return process.cwd();
  const cwd = process.env[`=${drive}`] || process.cwd();
  const isOther = cwd.slice(0, 2).toLowerCase() !== drive.toLowerCase() && cwd.charCodeAt(2) === BACKSLASH;
  return isOther ? `${drive}\\` : cwd;
}

const win32 = {
  /**
   * Makes an absolute path out of `args`, each as seen from those before it and the working directory.
   * @param {...string} args
   * @returns {string}
   */
  resolve(...args) {
    let device = '';
    let tail = '';
    let absolute = false;

    for (let i = args.length - 1; i >= -1; i--) {
      let path;
      if (i >= 0) {
        path = args[i];
        validateString(path, `paths[${i}]`);
        if (path.length === 0) continue;
      } else {
        path = currentDirectory(device);
      }
      const root = readRoot(path);
      if (root.device.length > 0) {
        if (device.length === 0) device = root.device;
        // A path on another drive says nothing about this one.
        else if (root.device.toLowerCase() !== device.toLowerCase()) continue;
      }
      if (!absolute) {
        tail = `${path.slice(root.rootEnd)}\\${tail}`;
        absolute = root.absolute;
      }
      if (absolute && device.length > 0) break;
    }

    tail = normalizeSegments(tail, 0, !absolute, '\\');
    if (absolute) return `${device}\\${tail}`;
    return `${device}${tail}` || '.';
  },

  /**
   * @param {string} path
   * @returns {string} with backslashes, without '.', '..' and repeated separators where these can go
   */
  normalize(path) {
    validateString(path, 'path');
    const { length } = path;
    if (length === 0) return '.';
    if (length === 1) return path === '/' ? '\\' : path;
    const colon = path.indexOf(':');
    const { device, rootEnd, absolute } = withDevice(path, colon, readRoot(path));
    let tail = normalizeSegments(path, rootEnd, !absolute, '\\');
    if (tail.length === 0 && !absolute) tail = '.';
    if (tail.length > 0 && isSeparator(path.charCodeAt(length - 1))) tail += '\\';
    if (isReserved(path, colon)) return `.\\${device}${tail}`;
    if (!absolute && device === '' && path.includes(':') && mayNameDrive(path, tail)) return `.\\${tail}`;
    return absolute ? `${device}\\${tail}` : `${device}${tail}`;
  },

  /**
   * @param {string} path
   * @returns {boolean}
   */
  isAbsolute(path) {
    validateString(path, 'path');
    if (path.length === 0) return false;
    if (isSeparator(path.charCodeAt(0))) return true;
    return path.length > 2 && isDrive(path) && isSeparator(path.charCodeAt(2));
  },

  /**
   * Joins `args` with backslashes, and normalizes the result.
   * @param {...string} args
   * @returns {string}
   */
  join(...args) {
    let joined;
    let first;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      validateString(arg, 'path');
      if (arg.length === 0) continue;
      if (joined === undefined) joined = first = arg;
      else joined += `\\${arg}`;
    }
    if (joined === undefined) return '.';
    joined = withoutAccidentalShare(joined, first);
    return namesDevice(joined) ? joined.replaceAll('/', '\\') : win32.normalize(joined);
  },

  /**
   * @param {string} from a directory
   * @param {string} to
   * @returns {string} the path of `to` as seen from `from`; `to` itself when it is on another drive
   */
  relative(from, to) {
    validateString(from, 'from');
    validateString(to, 'to');
    if (from === to) return '';
    const fromAbsolute = win32.resolve(from);
    const toAbsolute = win32.resolve(to);
    if (fromAbsolute === toAbsolute) return '';
    return relativeAbsolute(fromAbsolute, toAbsolute);
  },

  /**
   * @param {string} path
   * @returns {string} the same file in the form that is not limited in length; what is no path comes back
   */
  toNamespacedPath(path) {
    if (typeof path !== 'string' || path.length === 0) return path;
    const resolved = win32.resolve(path);
    if (resolved.length <= 2) return path;
    if (resolved.charCodeAt(0) === BACKSLASH) {
      const code = resolved.charCodeAt(2);
      if (resolved.charCodeAt(1) === BACKSLASH && code !== QUESTION_MARK && code !== DOT) {
        return `\\\\?\\UNC\\${resolved.slice(2)}`;
      }
    } else if (isDrive(resolved) && resolved.charCodeAt(2) === BACKSLASH) {
      return `\\\\?\\${resolved}`;
    }
    return resolved;
  },

  /**
   * @param {string} path
   * @returns {string} what is in front of its last segment
   */
  dirname(path) {
    validateString(path, 'path');
    if (path.length === 0) return '.';
    const { rootEnd, floor, isRoot } = nameRoot(path);
    if (isRoot) return path;
    let end = path.length;
    while (end > floor && isSeparator(path.charCodeAt(end - 1))) end--;
    while (end > floor && !isSeparator(path.charCodeAt(end - 1))) end--;
    if (end > floor) return path.slice(0, end - 1);
    return rootEnd === -1 ? '.' : path.slice(0, rootEnd);
  },

  /**
   * @param {string} path
   * @param {string} [suffix] removed from the end, unless nothing would be left
   * @returns {string} its last segment
   */
  basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, 'suffix');
    validateString(path, 'path');
    const floor = isDrive(path) ? 2 : 0;
    let end = path.length;
    while (end > floor && isSeparator(path.charCodeAt(end - 1))) end--;
    let start = end;
    while (start > floor && !isSeparator(path.charCodeAt(start - 1))) start--;
    return lastSegment(path, start, end, suffix);
  },

  /**
   * @param {string} path
   * @returns {string} from the last dot of its last segment on, '' if that begins with it
   */
  extname(path) {
    validateString(path, 'path');
    const floor = isDrive(path) ? 2 : 0;
    let end = path.length;
    while (end > floor && isSeparator(path.charCodeAt(end - 1))) end--;
    let start = end;
    while (start > floor && !isSeparator(path.charCodeAt(start - 1))) start--;
    return path.slice(findExtension(path, start, end), end);
  },

  format: _format.bind(null, '\\'),

  /**
   * @param {string} path
   * @returns {{ root: string, dir: string, base: string, ext: string, name: string }}
   */
  parse(path) {
    validateString(path, 'path');
    const parsed = { root: '', dir: '', base: '', ext: '', name: '' };
    if (path.length === 0) return parsed;
    const { rootEnd, floor, isRoot } = nameRoot(path);
    parsed.root = path.slice(0, Math.max(rootEnd, 0));
    if (isRoot) {
      parsed.root = parsed.dir = path;
      return parsed;
    }
    let end = path.length;
    while (end > floor && isSeparator(path.charCodeAt(end - 1))) end--;
    let start = end;
    while (start > floor && !isSeparator(path.charCodeAt(start - 1))) start--;
    const dot = findExtension(path, start, end);
    parsed.base = path.slice(start, end);
    parsed.name = path.slice(start, dot);
    parsed.ext = path.slice(dot, end);
    parsed.dir = start > floor ? path.slice(0, start - 1) : parsed.root;
    return parsed;
  },

  /**
   * @param {string} path
   * @param {string} pattern a glob
   * @returns {boolean}
   */
  matchesGlob(path, pattern) {
    return require('internal/glob').matchGlobPattern(path, pattern, true);
  },

  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
};

// The root of a path that begins with the name of a device and a colon, which '..' does not get above.
function withDevice(path, colon, root) {
  const start = root.device === '\\\\.' || root.device === '\\\\?' ? 4 : 0;
  if (colon <= start || (start === 0 && root.rootEnd !== 0)) return root;
  if (!reservedName.test(path.slice(start, colon))) return root;
  const device = start === 0 ? path.slice(0, colon + 1) : `\\\\?\\${path.slice(start, colon + 1)}`;
  return { device, rootEnd: colon + 1, absolute: root.absolute };
}

// Whether something between backslashes is the name of a device followed by a colon.
function namesDevice(path) {
  if (!path.includes(':')) return false;
  return path.split('\\').some((segment) => {
    const colon = segment.indexOf(':');
    return colon !== -1 && isReserved(segment, colon);
  });
}

// Where names begin, for `dirname` and `parse`: the root as it is written, `floor` below which nothing is a
// name.
function nameRoot(path) {
  const { length } = path;
  if (isSeparator(path.charCodeAt(0))) {
    if (length === 1) return { rootEnd: 1, floor: 1, isRoot: true };
    const share = findShare(path);
    if (share === undefined) return { rootEnd: 1, floor: 1, isRoot: false };
    if (share.end === length) return { rootEnd: length, floor: length, isRoot: true };
    return { rootEnd: share.end + 1, floor: share.end + 1, isRoot: false };
  }
  if (!isDrive(path)) return { rootEnd: -1, floor: 0, isRoot: false };
  const rootEnd = length > 2 && isSeparator(path.charCodeAt(2)) ? 3 : 2;
  return { rootEnd, floor: rootEnd, isRoot: rootEnd === length };
}

// Whether the relative `tail` of `path` must not stand alone, because Windows would see a drive or device in
// it.
function mayNameDrive(path, tail) {
  if (isDrive(tail)) return true;
  let colon = path.indexOf(':');
  do {
    if (colon === path.length - 1 || isSeparator(path.charCodeAt(colon + 1))) return true;
    colon = path.indexOf(':', colon + 1);
  } while (colon !== -1);
  return false;
}

// Joined parts must not begin with two separators, save if the first part names a share that way.
function withoutAccidentalShare(joined, first) {
  if (!isSeparator(first.charCodeAt(0))) return joined;
  let leading = 1;
  let isShare = false;
  if (first.length > 1 && isSeparator(first.charCodeAt(1))) {
    leading = 2;
    if (first.length > 2) {
      if (isSeparator(first.charCodeAt(2))) leading = 3;
      else isShare = true;
    }
  }
  if (isShare) return joined;
  leading = skipSeparators(joined, leading);
  return leading >= 2 ? `\\${joined.slice(leading)}` : joined;
}

function withoutOuterBackslashes(path) {
  let start = 0;
  let end = path.length;
  while (start < end && path.charCodeAt(start) === BACKSLASH) start++;
  while (end > start + 1 && path.charCodeAt(end - 1) === BACKSLASH) end--;
  return path.slice(start, end);
}

function relativeAbsolute(from, to) {
  const lowerFrom = from.toLowerCase();
  const lowerTo = to.toLowerCase();
  if (lowerFrom === lowerTo) return '';
  if (lowerFrom.length !== from.length || lowerTo.length !== to.length) return relativeBySegments(from, to);

  const a = withoutOuterBackslashes(lowerFrom);
  const b = withoutOuterBackslashes(lowerTo);
  const target = withoutOuterBackslashes(to);
  const shorter = Math.min(a.length, b.length);
  let i = 0;
  let common = -1;
  while (i < shorter && a.charCodeAt(i) === b.charCodeAt(i)) {
    if (a.charCodeAt(i) === BACKSLASH) common = i;
    i++;
  }
  if (i < shorter) {
    // Another drive.
    if (common === -1) return to;
  } else {
    if (b.length > shorter) {
      if (b.charCodeAt(i) === BACKSLASH) return to.slice(to.indexOf(target) + i + 1);
      if (i === 2) return to.slice(to.indexOf(target) + i);
    } else if (a.length > shorter) {
      if (a.charCodeAt(i) === BACKSLASH) common = i;
      else if (i === 2) common = 3;
    }
    if (common === -1) common = 0;
  }

  let up = '';
  for (let k = common + 1; k <= a.length; k++) {
    if (k === a.length || a.charCodeAt(k) === BACKSLASH) up += up === '' ? '..' : '\\..';
  }
  if (up !== '') return up + target.slice(common);
  return target.slice(target.charCodeAt(common) === BACKSLASH ? common + 1 : common);
}

function isSame(a, b) {
  return a.toLowerCase() === b.toLowerCase();
}

// For text whose lower case is longer, so that positions say nothing.
function relativeBySegments(from, to) {
  const fromSegments = from.split('\\');
  const toSegments = to.split('\\');
  if (fromSegments.at(-1) === '') fromSegments.pop();
  if (toSegments.at(-1) === '') toSegments.pop();
  const shorter = Math.min(fromSegments.length, toSegments.length);
  let common = 0;
  while (common < shorter && isSame(fromSegments[common], toSegments[common])) common++;
  if (common === 0) return to;
  return [...fromSegments.slice(common).fill('..'), ...toSegments.slice(common)].join('\\');
}

module.exports = win32;
