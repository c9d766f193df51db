// `FileHandle`: a file that `fs.promises.open` has opened, closed by the program and never by itself.
'use strict';

const EventEmitter = require('events');
const { toFlags, toPath } = require('internal/fs/arguments');
const io = require('internal/fs/handle_io');
const { promised, traced } = require('internal/fs/promised');
const { kRef, kUnref } = require('internal/fs/streams');
const {
  codes: { ERR_INTERNAL_ASSERTION, ERR_INVALID_STATE },
  hideFrame,
} = require('internal/errors');
const {
  kDeserialize,
  kTransfer,
  kTransferList,
  kTransferMode,
  kTransferable,
} = require('internal/transferable');
const { parseFileMode, validateBoolean, validateObject } = require('internal/validators');

const binding = internalBinding('fs');

const kHandle = Symbol('kHandle');
const kFd = Symbol('kFd');
const kRefs = Symbol('kRefs');
const kClosePromise = Symbol('kClosePromise');
const kCloseResolve = Symbol('kCloseResolve');
const kCloseReject = Symbol('kCloseReject');
const kCloseSync = Symbol('kCloseSync');
const kTransferred = Symbol('kTransferred');
const kLocked = Symbol('kLocked');

const kDefaultMode = 0o666;

let lastAsyncId = 0;

/** The open file behind a `FileHandle`, under whose name it is printed; a transfer hands it to another one. */
const { FileHandle: OpenFile } = { FileHandle: class {
  #fd;
  #path;
  #asyncId = ++lastAsyncId;

  constructor(fd, path) {
    this.#fd = fd;
    this.#path = path;
    watchForForgetting(this, fd, path);
  }

  static fdOf(file) {
    return file.#fd;
  }

  static asyncIdOf(file) {
    return file.#asyncId;
  }

  /** Gives up the descriptor; returns it with the path. */
  static release(file) {
    const released = { fd: file.#fd, path: file.#path };
    file.#fd = -1;
    forgotten.unregister(file);
    return released;
  }
} };

/** Closes files that a program let go without closing them, which is an error of the program's. */
let forgotten;

function watchForForgetting(file, fd, path) {
  forgotten ??= new FinalizationRegistry(closeForgotten);
  forgotten.register(file, { fd, path }, file);
}

function closeForgotten({ fd, path }) {
  binding.closeSync(fd);
  const name = path === undefined ? '' : ` (${path})`;
  const error = new Error('A FileHandle object was closed during garbage collection. This used to be allowed ' +
    'with a deprecation warning but is now considered an error. Please close FileHandle objects explicitly. ' +
    `File descriptor: ${fd}${name}`);
  error.code = 'ERR_INVALID_STATE';
  setImmediate(() => { throw hideFrame(error, closeForgotten); });
}

function warnOfType() {
  const message = 'A non-"bytes" options.type has no effect. A byte-oriented steam is always created.';
  process.emitWarning(message, 'ExperimentalWarning');
}

/** Begins the use of a handle; returns its descriptor. */
function begin(handle, syscall) {
  if (!(handle instanceof FileHandle)) {
    throw new ERR_INTERNAL_ASSERTION('handle must be an instance of FileHandle');
  }
  if (handle.fd === -1) {
    const error = new Error(handle[kTransferred] ? 'The FileHandle has been transferred' : 'file closed');
    error.code = 'EBADF';
    error.syscall = syscall;
    throw hideFrame(error, begin);
  }
  handle[kRef]();
  return handle.fd;
}

/** Lets the handle stay open until the operation is done. */
async function use(handle, syscall, operation, first, second, third, fourth) {
  const fd = begin(handle, syscall);
  try {
    return await operation(fd, first, second, third, fourth);
  } finally {
    handle[kUnref]();
  }
}

/** Closes the file; its descriptor is given up whatever the system answers. */
function closeFile(file) {
  const { fd } = OpenFile.release(file);
  return promised((done) => binding.close(fd, done));
}

/** An open file, as an object that is closed by `close()` or `await using`. */
class FileHandle extends EventEmitter {
  /** @param {object | undefined} file undefined in a handle that a transfer is about to fill */
  constructor(file) {
    super();
    this[kTransferMode] = kTransferable;
    this[kHandle] = file;
    this[kFd] = file ? OpenFile.fdOf(file) : -1;
    this[kRefs] = 1;
    this[kClosePromise] = null;
  }

  /** @returns {number} of the open file, for diagnostics */
  getAsyncId() {
    return OpenFile.asyncIdOf(this[kHandle]);
  }

  /** @returns {number} the descriptor; -1 once it is closed */
  get fd() {
    return this[kFd];
  }

  appendFile(data, options) {
    return use(this, 'appendFile', io.appendFile, data, options);
  }

  chmod(mode) {
    return use(this, 'fchmod', io.chmod, mode);
  }

  chown(uid, gid) {
    return use(this, 'fchown', io.chown, uid, gid);
  }

  datasync() {
    return use(this, 'fdatasync', io.datasync);
  }

  sync() {
    return use(this, 'fsync', io.sync);
  }

  read(buffer, offset, length, position) {
    return use(this, 'read', io.read, buffer, offset, length, position);
  }

  readv(buffers, position) {
    return use(this, 'readv', io.readv, buffers, position);
  }

  readFile(options) {
    return use(this, 'readFile', io.readFile, options);
  }

  readLines(options = undefined) {
    return require('readline').createInterface({
      input: this.createReadStream(options),
      crlfDelay: Infinity,
    });
  }

  stat(options) {
    return use(this, 'fstat', io.stat, options);
  }

  truncate(len = 0) {
    return use(this, 'ftruncate', io.truncate, len);
  }

  utimes(atime, mtime) {
    return use(this, 'futimes', io.utimes, atime, mtime);
  }

  write(buffer, offset, length, position) {
    return use(this, 'write', io.write, buffer, offset, length, position);
  }

  writev(buffers, position) {
    return use(this, 'writev', io.writev, buffers, position);
  }

  writeFile(data, options) {
    return use(this, 'writeFile', io.writeFile, data, options);
  }

  /**
   * Closes the file when nothing uses it any more.
   * @returns {Promise<void>}
   */
  close = () => {
    if (this[kFd] === -1) return Promise.resolve();
    if (this[kClosePromise]) return this[kClosePromise];
    this[kRefs]--;
    if (this[kRefs] === 0) {
      this[kFd] = -1;
      this[kClosePromise] = closeFile(this[kHandle]).finally(() => { this[kClosePromise] = undefined; });
    } else {
      this[kClosePromise] = new Promise((resolve, reject) => {
        this[kCloseResolve] = resolve;
        this[kCloseReject] = reject;
      }).finally(() => {
        this[kClosePromise] = undefined;
        this[kCloseReject] = undefined;
        this[kCloseResolve] = undefined;
      });
    }
    this.emit('close');
    return this[kClosePromise];
  };

  /** Closes the file at once, for what cannot wait. */
  [kCloseSync]() {
    if (this[kFd] === -1) return;
    if (this[kClosePromise]) throw new ERR_INVALID_STATE('The FileHandle is closing');
    this[kRefs]--;
    if (this[kRefs] === 0) {
      this[kFd] = -1;
      binding.closeSync(OpenFile.release(this[kHandle]).fd);
    }
    this.emit('close');
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }

  /**
   * @param {{ autoClose?: boolean }} [options]
   * @returns {ReadableStream} of the bytes from where the file stands
   */
  readableWebStream(options = {}) {
    if (this[kFd] === -1) throw new ERR_INVALID_STATE('The FileHandle is closed');
    if (this[kClosePromise]) throw new ERR_INVALID_STATE('The FileHandle is closing');
    if (this[kLocked]) throw new ERR_INVALID_STATE('The FileHandle is locked');
    validateObject(options, 'options');
    const { autoClose = false, type = 'bytes' } = options;
    validateBoolean(autoClose, 'options.autoClose');
    if (type !== 'bytes') warnOfType();
    this[kLocked] = true;
    return require('internal/fs/handle_web_stream').webStreamOf(this, autoClose);
  }

  /** @returns {ReadStream} which closes the handle at its end */
  createReadStream(options = undefined) {
    const { ReadStream } = require('internal/fs/streams');
    return new ReadStream(undefined, { ...options, fd: this });
  }

  /** @returns {WriteStream} which closes the handle at its end */
  createWriteStream(options = undefined) {
    const { WriteStream } = require('internal/fs/streams');
    return new WriteStream(undefined, { ...options, fd: this });
  }

  [kTransfer]() {
    if (this[kClosePromise] || this[kRefs] > 1) {
      const { lazyDOMException } = require('internal/util');
      throw lazyDOMException('Cannot transfer FileHandle while in use', 'DataCloneError');
    }
    const data = OpenFile.release(this[kHandle]);
    this[kFd] = -1;
    this[kTransferred] = true;
    this[kHandle] = null;
    this[kRefs] = 0;
    return { data, deserializeInfo: 'internal/fs/file_handle:FileHandle' };
  }

  [kTransferList]() {
    return [];
  }

  [kDeserialize]({ fd, path }) {
    this[kHandle] = new OpenFile(fd, path);
    this[kFd] = fd;
  }

  [kRef]() {
    this[kRefs]++;
  }

  [kUnref]() {
    this[kRefs]--;
    if (this[kRefs] !== 0) return;
    this[kFd] = -1;
    closeFile(this[kHandle]).then(this[kCloseResolve], this[kCloseReject]);
  }
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number} [flags]
 * @param {string | number} [mode] of a file that is created
 * @returns {Promise<FileHandle>}
 */
async function open(path, flags, mode) {
  path = toPath(path);
  const flagNumber = toFlags(flags);
  mode = parseFileMode(mode, 'mode', kDefaultMode);
  const fd = await traced((done) => binding.open(path, flagNumber, mode, done));
  return new FileHandle(new OpenFile(fd, path));
}

module.exports = { FileHandle, open };
