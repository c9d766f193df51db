// `Dir`: a directory that is read entry by entry; `opendir` and `opendirSync`.
'use strict';

const { decodeName, needsBytes, toOptions, toPath } = require('internal/fs/arguments');
const { Dirent } = require('internal/fs/dirent');
const { promised } = require('internal/fs/promised');
const {
  codes: { ERR_DIR_CLOSED, ERR_DIR_CONCURRENT_OPERATION, ERR_MISSING_ARGS },
} = require('internal/errors');
const { validateFunction, validateUint32 } = require('internal/validators');

const binding = internalBinding('fs');

const kDefaults = { encoding: 'utf8' };
const kDefaultBufferSize = 32;

/** An open directory: its descriptor, and the entries that were read and not yet taken. */
class Handle {
  #names = [];
  #types = [];
  #next = 0;
  #ended = false;

  /**
   * @param {number} fd
   * @param {string | Buffer} path the `parentPath` of its entries
   */
  constructor(fd, path) {
    this.fd = fd;
    this.path = path;
  }

  /** Whether more has to be read before `count` entries can be taken. */
  needsMore(count) {
    return !this.#ended && this.#names.length - this.#next < count;
  }

  /** Adds what the native half read: nothing at the end of the directory. */
  add([names, types]) {
    if (names.length === 0) this.#ended = true;
    this.#names = this.#names.slice(this.#next).concat(names);
    this.#types = [...this.#types.slice(this.#next), ...types];
    this.#next = 0;
  }

  /** The next `count` entries, fewer at the end. */
  take(count, encoding) {
    const entries = [];
    for (; entries.length < count && this.#next < this.#names.length; this.#next++) {
      const name = decodeName(this.#names[this.#next], encoding);
      entries.push(new Dirent(name, this.#types[this.#next], this.path));
    }
    return entries;
  }
}

/** Closes directories that a program let go without closing them. */
let forgotten;

function watchForForgetting(dir, handle) {
  forgotten ??= new FinalizationRegistry(({ fd }) => {
    binding.closeSync(fd);
    process.emitWarning('Closing directory handle on garbage collection');
  });
  forgotten.register(dir, handle, handle);
}

function openBelow(entry) {
  return require('path').join(entry.parentPath.toString(), entry.name.toString());
}

/** An open directory. */
class Dir {
  #handle;
  #path;
  #bufferSize;
  #encoding;
  #recursive;
  #closed = false;
  /** Entries to give out next. */
  #buffered = [];
  /** Directories below, found and not yet read to their end. */
  #below = [];
  /** The asynchronous operations that are under way, which run one after the other. */
  #pending = 0;
  #last = null;

  /**
   * @param {Handle} handle
   * @param {string | Buffer} path
   * @param {{ encoding?: string, bufferSize?: number, recursive?: boolean }} [options]
   */
  constructor(handle, path, options) {
    if (handle == null) throw new ERR_MISSING_ARGS('handle');
    const { encoding, bufferSize, recursive } =
      { bufferSize: kDefaultBufferSize, ...toOptions(options, kDefaults) };
    validateUint32(bufferSize, 'options.bufferSize', true);
    this.#handle = handle;
    this.#path = path;
    this.#bufferSize = bufferSize;
    this.#encoding = encoding;
    this.#recursive = Boolean(recursive);
    if (handle instanceof Handle) watchForForgetting(this, handle);
  }

  /** @returns {string | Buffer} as it was given to `opendir` */
  get path() {
    return this.#path;
  }

  /** Takes the next entry, if one is buffered. */
  #takeBuffered() {
    return this.#buffered.length > 0 ? this.#buffered.shift() : null;
  }

  /** The directory to go on with: one below, if there is one. */
  #current() {
    return this.#below.length > 0 ? this.#below[0] : this.#handle;
  }

  #mustDescend(entry) {
    return this.#recursive && entry.isDirectory();
  }

  #refuseWhilePending() {
    if (this.#closed) throw new ERR_DIR_CLOSED();
    if (this.#pending > 0) throw new ERR_DIR_CONCURRENT_OPERATION();
  }

  /** @returns {Dirent | null} null at the end */
  readSync() {
    this.#refuseWhilePending();
    while (this.#buffered.length === 0) {
      const handle = this.#current();
      while (handle.needsMore(this.#bufferSize)) {
        handle.add(binding.readEntriesSync(handle.fd, needsBytes(this.#encoding)));
      }
      this.#buffered = handle.take(this.#bufferSize, this.#encoding);
      if (this.#buffered.length > 0) break;
      if (handle === this.#handle) return null;
      binding.closeSync(this.#below.shift().fd);
    }
    const entry = this.#takeBuffered();
    if (this.#mustDescend(entry)) {
      const path = openBelow(entry);
      this.#below.push(new Handle(binding.opendirSync(path, true), path));
    }
    return entry;
  }

  async #readNext() {
    while (this.#buffered.length === 0) {
      const handle = this.#current();
      while (handle.needsMore(this.#bufferSize)) {
        const asBytes = needsBytes(this.#encoding);
        handle.add(await promised((done) => binding.readEntries(handle.fd, asBytes, done)));
      }
      this.#buffered = handle.take(this.#bufferSize, this.#encoding);
      if (this.#buffered.length > 0) break;
      if (handle === this.#handle) return null;
      const { fd } = this.#below.shift();
      await promised((done) => binding.close(fd, done));
    }
    const entry = this.#takeBuffered();
    if (this.#mustDescend(entry)) {
      const path = openBelow(entry);
      const fd = await promised((done) => binding.opendir(path, true, done));
      this.#below.push(new Handle(fd, path));
    }
    return entry;
  }

  /** Runs an asynchronous operation after those that are under way. */
  async #enqueue(operation) {
    const previous = this.#last;
    this.#pending++;
    let finish;
    this.#last = new Promise((resolve) => { finish = resolve; });
    try {
      await previous;
      return await operation();
    } finally {
      this.#pending--;
      finish();
    }
  }

  /**
   * @param {(error: Error | null, entry?: Dirent | null) => void} [callback]
   * @returns {Promise<Dirent | null> | undefined} a promise where there is no callback; null at the end
   */
  read(callback) {
    if (callback === undefined) {
      if (this.#closed) return Promise.reject(new ERR_DIR_CLOSED());
      return this.#enqueue(() => this.#readNext());
    }
    validateFunction(callback, 'callback');
    if (this.#closed) throw new ERR_DIR_CLOSED();
    deliver(this.#enqueue(() => this.#readNext()), callback);
    return undefined;
  }

  /** Marks as closed; returns the descriptors to close. */
  #release() {
    if (this.#closed) throw new ERR_DIR_CLOSED();
    this.#closed = true;
    forgotten?.unregister(this.#handle);
    return [...this.#below.splice(0), this.#handle];
  }

  /** Closes the directory at once. */
  closeSync() {
    this.#refuseWhilePending();
    for (const { fd } of this.#release()) binding.closeSync(fd);
  }

  #closeNow() {
    if (this.#pending > 0) return this.#enqueue(() => this.#closeHandles(this.#release()));
    try {
      const handles = this.#release();
      return this.#enqueue(() => this.#closeHandles(handles));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #closeHandles(handles) {
    for (const { fd } of handles) await promised((done) => binding.close(fd, done));
  }

  /**
   * @param {(error: Error | null) => void} [callback]
   * @returns {Promise<void> | undefined} a promise where there is no callback
   */
  close(callback) {
    if (callback === undefined) return this.#closeNow();
    validateFunction(callback, 'callback');
    deliver(this.#closeNow(), callback);
    return undefined;
  }

  /** All entries that have not been read; the directory is closed at the end. */
  async* entries() {
    try {
      for (let entry; (entry = await this.read()) !== null;) yield entry;
    } finally {
      await this.close();
    }
  }

  [Symbol.dispose]() {
    if (!this.#closed) this.closeSync();
  }

  async [Symbol.asyncDispose]() {
    if (!this.#closed) await this.close();
  }
}

Object.defineProperty(Dir.prototype, Symbol.asyncIterator, {
  value: Dir.prototype.entries,
  enumerable: false,
  writable: true,
  configurable: true,
});

/** Gives the outcome of a promise to a callback, whose exceptions are the program's own. */
function deliver(promise, callback) {
  promise.then(
    (value) => {
      if (value === undefined) process.nextTick(callback, null);
      else process.nextTick(callback, null, value);
    },
    (error) => process.nextTick(callback, error),
  );
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string, bufferSize?: number, recursive?: boolean }} [options]
 * @param {(error: Error | null, dir?: Dir) => void} callback
 */
function opendir(path, options, callback) {
  callback = typeof options === 'function' ? options : callback;
  validateFunction(callback, 'callback');
  path = toPath(path);
  options = toOptions(options, kDefaults);
  binding.opendir(path, true, (error, fd) => {
    if (error) callback(error);
    else callback(null, new Dir(new Handle(fd, path), path, options));
  });
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string, bufferSize?: number, recursive?: boolean }} [options]
 * @returns {Dir}
 */
function opendirSync(path, options) {
  path = toPath(path);
  options = toOptions(options, kDefaults);
  const fd = binding.opendirSync(path, false);
  return new Dir(new Handle(fd, path), path, options);
}

module.exports = { Dir, opendir, opendirSync };
