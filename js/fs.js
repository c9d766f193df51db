// Node's `fs`: files and directories, by callbacks and synchronously. The parts are in `internal/fs/`.
'use strict';

const { constants, toPath, toUnixTimestamp } = require('internal/fs/arguments');
const attributes = require('internal/fs/attributes');
const descriptors = require('internal/fs/descriptors');
const { Dir, opendir, opendirSync } = require('internal/fs/dir');
const directories = require('internal/fs/directories');
const { Dirent } = require('internal/fs/dirent');
const links = require('internal/fs/links');
const reading = require('internal/fs/read');
const readingFiles = require('internal/fs/read_file');
const { rm, rmSync } = require('internal/fs/rm');
const stating = require('internal/fs/stat');
const { Stats } = require('internal/fs/stats');
const writing = require('internal/fs/write');
const writingFiles = require('internal/fs/write_file');
const { deprecate } = require('internal/util');
const { validateObject, validateString } = require('internal/validators');

/** See `internal/fs/cp`, which is loaded when it is first used. */
function cp(src, dest, options, callback) {
  require('internal/fs/cp').cp(src, dest, options, callback);
}

/** See `internal/fs/cp`. */
function cpSync(src, dest, options) {
  require('internal/fs/cp').cpSync(src, dest, options);
}

/** What programs have put in the place of the stream classes. */
const replacements = {};

function streamClass(name, original) {
  return replacements[name] ?? require('internal/fs/streams')[original];
}

/** See `internal/fs/streams`, which is loaded when it is first used. */
function createReadStream(path, options) {
  return new (streamClass('ReadStream', 'ReadStream'))(path, options);
}

/** See `internal/fs/streams`. */
function createWriteStream(path, options) {
  return new (streamClass('WriteStream', 'WriteStream'))(path, options);
}

/** See `internal/fs/watch`, which is loaded when it is first used. */
function watch(filename, options, listener) {
  return require('internal/fs/watch').watch(filename, options, listener);
}

/** See `internal/fs/watch`. */
function watchFile(filename, options, listener) {
  return require('internal/fs/watch').watchFile(filename, options, listener);
}

/** See `internal/fs/watch`. */
function unwatchFile(filename, listener) {
  require('internal/fs/watch').unwatchFile(filename, listener);
}

/** See `internal/fs/glob`, which is loaded when it is first used. */
function glob(pattern, options, callback) {
  require('internal/fs/glob').glob(pattern, options, callback);
}

/** See `internal/fs/glob`. */
function globSync(pattern, options) {
  return require('internal/fs/glob').globSync(pattern, options);
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ type?: string }} [options]
 * @returns {Blob} whose contents are read from the file when they are needed
 */
function openAsBlobSync(path, options = {}) {
  validateObject(options, 'options');
  const { type = '' } = options;
  validateString(type, 'options.type');
  return require('internal/blob').createBlobFromFilePath(toPath(path), { type });
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ type?: string }} [options]
 * @returns {Promise<Blob>} whose contents are read from the file when they are needed
 */
function openAsBlob(path, options = {}) {
  return Promise.resolve(openAsBlobSync(path, options));
}

module.exports = {
  appendFile: writingFiles.appendFile,
  appendFileSync: writingFiles.appendFileSync,
  access: attributes.access,
  accessSync: attributes.accessSync,
  chown: attributes.chown,
  chownSync: attributes.chownSync,
  chmod: attributes.chmod,
  chmodSync: attributes.chmodSync,
  close: descriptors.close,
  closeSync: descriptors.closeSync,
  copyFile: links.copyFile,
  copyFileSync: links.copyFileSync,
  cp,
  cpSync,
  createReadStream,
  createWriteStream,
  exists: attributes.exists,
  existsSync: attributes.existsSync,
  fchown: attributes.fchown,
  fchownSync: attributes.fchownSync,
  fchmod: attributes.fchmod,
  fchmodSync: attributes.fchmodSync,
  fdatasync: descriptors.fdatasync,
  fdatasyncSync: descriptors.fdatasyncSync,
  fstat: stating.fstat,
  fstatSync: stating.fstatSync,
  fsync: descriptors.fsync,
  fsyncSync: descriptors.fsyncSync,
  ftruncate: descriptors.ftruncate,
  ftruncateSync: descriptors.ftruncateSync,
  futimes: attributes.futimes,
  futimesSync: attributes.futimesSync,
  glob,
  globSync,
  lchown: attributes.lchown,
  lchownSync: attributes.lchownSync,
  // Linux has no mode of a symbolic link that could be changed.
  lchmod: undefined,
  lchmodSync: undefined,
  link: links.link,
  linkSync: links.linkSync,
  lstat: stating.lstat,
  lstatSync: stating.lstatSync,
  lutimes: attributes.lutimes,
  lutimesSync: attributes.lutimesSync,
  mkdir: directories.mkdir,
  mkdirSync: directories.mkdirSync,
  mkdtemp: directories.mkdtemp,
  mkdtempSync: directories.mkdtempSync,
  mkdtempDisposableSync: directories.mkdtempDisposableSync,
  open: descriptors.open,
  openSync: descriptors.openSync,
  openAsBlob,
  openAsBlobSync,
  readdir: directories.readdir,
  readdirSync: directories.readdirSync,
  read: reading.read,
  readSync: reading.readSync,
  readv: reading.readv,
  readvSync: reading.readvSync,
  readFile: readingFiles.readFile,
  readFileSync: readingFiles.readFileSync,
  readlink: links.readlink,
  readlinkSync: links.readlinkSync,
  realpath: links.realpath,
  realpathSync: links.realpathSync,
  rename: links.rename,
  renameSync: links.renameSync,
  rm,
  rmSync,
  rmdir: directories.rmdir,
  rmdirSync: directories.rmdirSync,
  stat: stating.stat,
  statfs: stating.statfs,
  statSync: stating.statSync,
  statfsSync: stating.statfsSync,
  symlink: links.symlink,
  symlinkSync: links.symlinkSync,
  truncate: descriptors.truncate,
  truncateSync: descriptors.truncateSync,
  unwatchFile,
  unlink: links.unlink,
  unlinkSync: links.unlinkSync,
  utimes: attributes.utimes,
  utimesSync: attributes.utimesSync,
  watch,
  watchFile,
  writeFile: writingFiles.writeFile,
  writeFileSync: writingFiles.writeFileSync,
  write: writing.write,
  writeSync: writing.writeSync,
  writev: writing.writev,
  writevSync: writing.writevSync,
  Dirent,
  Stats: deprecate(Stats, 'fs.Stats constructor is deprecated.', 'DEP0180'),
};

/** The streams of files, which programs may replace. */
function defineReplaceable(name, original) {
  const { get, set } = Object.getOwnPropertyDescriptor({
    get [name]() { return streamClass(name, original); },
    set [name](value) { replacements[name] = value; },
  }, name);
  Object.defineProperty(module.exports, name, { get, set, enumerable: true, configurable: true });
}

defineReplaceable('ReadStream', 'ReadStream');
defineReplaceable('WriteStream', 'WriteStream');
defineReplaceable('FileReadStream', 'ReadStream');
defineReplaceable('FileWriteStream', 'WriteStream');

Object.defineProperties(module.exports, {
  Utf8Stream: {
    ...Object.getOwnPropertyDescriptor({ get Utf8Stream() { return require('internal/streams/utf8_stream').Utf8Stream; } }, 'Utf8Stream'),
  },
  _toUnixTimestamp: { value: toUnixTimestamp, writable: true, enumerable: true, configurable: true },
  Dir: { value: Dir, writable: true, enumerable: true, configurable: true },
  opendir: { value: opendir, writable: true, enumerable: true, configurable: true },
  opendirSync: { value: opendirSync, writable: true, enumerable: true, configurable: true },
  constants: { value: constants, writable: false, enumerable: true, configurable: false },
  promises: { get() { return require('fs/promises'); }, enumerable: true, configurable: true },
});

require('internal/modules/text').adopt(module.exports);
