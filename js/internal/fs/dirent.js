// `Dirent`: an entry of a directory with its type, and lists of entries from what the native half read.
'use strict';

const { decodeName, needsBytes } = require('internal/fs/arguments');

const {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  UV_DIRENT_BLOCK,
  UV_DIRENT_CHAR,
  UV_DIRENT_DIR,
  UV_DIRENT_FIFO,
  UV_DIRENT_FILE,
  UV_DIRENT_LINK,
  UV_DIRENT_SOCKET,
  UV_DIRENT_UNKNOWN,
} = internalBinding('constants').fs;

const kType = Symbol('type');

/** An entry of a directory. */
class Dirent {
  /**
   * @param {string | Buffer} name
   * @param {number} type one of the constants `UV_DIRENT_...`
   * @param {string | Buffer} parentPath the directory that holds it
   */
  constructor(name, type, parentPath) {
    this.name = name;
    this.parentPath = parentPath;
    this[kType] = type;
  }

  isDirectory() {
    return this[kType] === UV_DIRENT_DIR;
  }

  isFile() {
    return this[kType] === UV_DIRENT_FILE;
  }

  isBlockDevice() {
    return this[kType] === UV_DIRENT_BLOCK;
  }

  isCharacterDevice() {
    return this[kType] === UV_DIRENT_CHAR;
  }

  isSymbolicLink() {
    return this[kType] === UV_DIRENT_LINK;
  }

  isFIFO() {
    return this[kType] === UV_DIRENT_FIFO;
  }

  isSocket() {
    return this[kType] === UV_DIRENT_SOCKET;
  }
}

/**
 * The path of a directory below `root`: joined as paths are where both are text, else byte by byte.
 * @param {string | Uint8Array} root
 * @param {string} below as the native half gave it
 * @param {string} encoding
 * @returns {string | Buffer}
 */
function joinBelow(root, below, encoding) {
  if (typeof root === 'string' && encoding !== 'buffer') {
    return require('path').join(root, decodeName(below, encoding));
  }
  const { Buffer } = require('buffer');
  const start = Buffer.from(root);
  const separator = start.at(-1) === 0x2F ? '' : '/';
  const end = Buffer.from(below, needsBytes(encoding) ? 'latin1' : 'utf8');
  return Buffer.concat([start, Buffer.from(separator), end]);
}

/**
 * The entries of a directory.
 * @param {string | Buffer} path the directory, as the program wrote it
 * @param {string[]} names as the native half gave them
 * @param {Uint8Array} types of the names
 * @param {string} encoding for the program
 * @returns {Dirent[]}
 */
function listEntries(path, names, types, encoding) {
  const entries = new Array(names.length);
  for (let i = 0; i < names.length; i++) {
    entries[i] = new Dirent(decodeName(names[i], encoding), types[i], path);
  }
  return entries;
}

/**
 * The entries of a directory and of all those below it; the names are relative to the first.
 *
 * Shares one `parentPath` among the entries of one directory, which follow each other.
 * @param {string | Buffer} path the directory, as the program wrote it
 * @param {string[]} names as the native half gave them
 * @param {Uint8Array} types of the names
 * @param {string} encoding for the program
 * @returns {Dirent[]}
 */
function listEntriesBelow(path, names, types, encoding) {
  const entries = new Array(names.length);
  let lastParent = '';
  let parentPath = path;
  for (let i = 0; i < names.length; i++) {
    const slash = names[i].lastIndexOf('/');
    const name = names[i].slice(slash + 1);
    const parent = slash === -1 ? '' : names[i].slice(0, slash);
    if (parent !== lastParent) {
      lastParent = parent;
      parentPath = joinBelow(path, parent, encoding);
    }
    entries[i] = new Dirent(decodeName(name, encoding), types[i], parentPath);
  }
  return entries;
}

const kTypes = new Map([
  [S_IFREG, UV_DIRENT_FILE],
  [S_IFDIR, UV_DIRENT_DIR],
  [S_IFLNK, UV_DIRENT_LINK],
  [S_IFIFO, UV_DIRENT_FIFO],
  [S_IFSOCK, UV_DIRENT_SOCKET],
  [S_IFCHR, UV_DIRENT_CHAR],
  [S_IFBLK, UV_DIRENT_BLOCK],
]);

/**
 * @param {number} mode of a file, as `stat` gives it
 * @returns {number} one of the constants `UV_DIRENT_...`
 */
function typeOfMode(mode) {
  return kTypes.get(mode & S_IFMT) ?? UV_DIRENT_UNKNOWN;
}

module.exports = { Dirent, listEntries, listEntriesBelow, typeOfMode };
