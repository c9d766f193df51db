// `fs.Utf8Stream`: writes text to a file, gathered into large writes, at once or through the pool.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_STATE,
    ERR_OPERATION_FAILED,
  },
} = require('internal/errors');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateUint32,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');

/** How much one write has at most, where the pieces are not longer themselves. */
const kMaxWrite = 16 * 1024;
/** From here on `write()` asks for patience. */
const kHighWaterMark = kMaxWrite + 3;
/** How long a write that found no room waits for its next try, in milliseconds. */
const kRetryDelay = 100;

function isTransient(error) {
  return error.code === 'EAGAIN' || error.code === 'EBUSY';
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** What is left of a text or of bytes after a write; a character that was cut is written again. */
function restAfter(data, written) {
  if (typeof data !== 'string') return data.subarray(written);
  const bytes = require('buffer').Buffer.from(data);
  if (written >= bytes.length) return '';
  while ((bytes[written] & 0xC0) === 0x80) written--;
  return bytes.toString('utf8', written);
}

/** The pieces that wait, joined to such as are worth a write. */
class Pieces {
  #pieces = [];
  #empty;
  #maxWrite;
  length = 0;

  constructor(empty, maxWrite) {
    this.#empty = empty;
    this.#maxWrite = maxWrite;
  }

  /** Adds to the last piece, unless that would become too long. */
  push(data) {
    const last = this.#pieces.length - 1;
    if (last < 0 || this.#pieces[last].length + data.length > this.#maxWrite) this.#pieces.push(data);
    else if (typeof data === 'string') this.#pieces[last] += data;
    else this.#pieces[last] = require('buffer').Buffer.concat([this.#pieces[last], data]);
    this.length += data.length;
  }

  shift() {
    const piece = this.#pieces.shift() ?? this.#empty;
    this.length -= piece.length;
    return piece;
  }

  /** Puts back what could not be written. */
  unshift(piece) {
    this.#pieces.unshift(piece);
    this.length += piece.length;
  }
}

class Utf8Stream extends EventEmitter {
  #fs;
  #fd = -1;
  #file = null;
  #options;
  #pieces;
  #highWaterMark;
  /** What is being written, or could not be. */
  #current;
  #empty;
  #writing = false;
  #opening = false;
  #reopening = false;
  #flushing = false;
  #ending = false;
  #destroyed = false;
  #drainScheduled = false;
  #timer;

  /**
   * @param {{ fd?: number | string, dest?: string, append?: boolean, contentMode?: 'utf8' | 'buffer',
   *   fs?: object, fsync?: boolean, maxLength?: number, maxWrite?: number, minLength?: number,
   *   mkdir?: boolean, mode?: string | number, periodicFlush?: number,
   *   retryEAGAIN?: (error: Error, writing: number, waiting: number) => boolean, sync?: boolean }} options
   */
  constructor(options = kEmptyObject) {
    super();
    validateObject(options, 'options');
    const {
      fd, dest, append = true, contentMode = 'utf8', fs = kEmptyObject, fsync = false, maxLength = 0,
      maxWrite = kMaxWrite, minLength = 0, mkdir = false, mode, periodicFlush = 0,
      retryEAGAIN = () => true, sync = false,
    } = options;
    const target = fd ?? dest;
    if (typeof target !== 'number' && typeof target !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'string'], target);
    }
    validateObject(fs, 'options.fs');
    validateBoolean(append, 'options.append');
    validateOneOf(contentMode, 'options.contentMode', ['buffer', 'utf8']);
    validateBoolean(fsync, 'options.fsync');
    validateBoolean(mkdir, 'options.mkdir');
    validateBoolean(sync, 'options.sync');
    validateFunction(retryEAGAIN, 'options.retryEAGAIN');
    validateUint32(periodicFlush, 'options.periodicFlush');
    this.#highWaterMark = Math.max(minLength, kHighWaterMark);
    validateInteger(this.#highWaterMark, 'options.hwm');
    validateUint32(maxLength, 'options.maxLength');
    validateUint32(maxWrite, 'options.maxWrite');
    if (minLength >= maxWrite) {
      throw new ERR_INVALID_ARG_VALUE('minLength', minLength, `should be smaller than maxWrite (${maxWrite})`);
    }
    this.#fs = { ...require('fs'), ...fs };
    this.#options = {
      append, contentMode, fsync, maxLength, minLength, mkdir, mode, periodicFlush, retryEAGAIN, sync,
    };
    this.#empty = contentMode === 'utf8' ? '' : require('buffer').Buffer.alloc(0);
    this.#current = this.#empty;
    this.#pieces = new Pieces(this.#empty, maxWrite);
    if (typeof target === 'number') {
      this.#fd = target;
      process.nextTick(() => this.emit('ready'));
    } else {
      this.#open(target);
    }
    if (periodicFlush > 0) {
      this.#timer = setInterval(() => this.flush(), periodicFlush);
      this.#timer.unref();
    }
  }

  get mode() { return this.#options.mode; }
  get file() { return this.#file; }
  get fd() { return this.#fd; }
  get minLength() { return this.#options.minLength; }
  get maxLength() { return this.#options.maxLength; }
  get writing() { return this.#writing; }
  get sync() { return this.#options.sync; }
  get fsync() { return this.#options.fsync; }
  get append() { return this.#options.append; }
  get periodicFlush() { return this.#options.periodicFlush; }
  get contentMode() { return this.#options.contentMode; }
  get mkdir() { return this.#options.mkdir; }

  #refuseDestroyed() {
    if (this.#destroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
  }

  /** How much waits, with what is being written. */
  get #length() {
    return this.#current.length + this.#pieces.length;
  }

  #validateData(data) {
    const isText = this.#options.contentMode === 'utf8';
    if (isText ? typeof data === 'string' : require('buffer').Buffer.isBuffer(data)) return;
    throw new ERR_INVALID_ARG_TYPE('data', isText ? 'string' : 'Buffer', data);
  }

  /**
   * @param {string | Buffer} data
   * @returns {boolean} false: wait for `drain`
   */
  write(data) {
    this.#refuseDestroyed();
    this.#validateData(data);
    const { maxLength, minLength } = this.#options;
    if (maxLength > 0 && this.#length + data.length > maxLength) {
      this.emit('drop', data);
      return this.#length < this.#highWaterMark;
    }
    this.#pieces.push(data);
    if (!this.#writing && !this.#opening && this.#length >= minLength) this.#writeNext();
    return this.#length < this.#highWaterMark;
  }

  /**
   * Writes what waits, however little it is.
   * @param {(error?: Error | null) => void} [callback]
   */
  flush(callback) {
    if (callback != null) validateFunction(callback, 'cb');
    if (this.#destroyed) {
      callback?.(new ERR_INVALID_STATE('Utf8Stream is destroyed'));
      return;
    }
    if (this.#options.minLength <= 0) {
      callback?.();
      return;
    }
    if (callback) this.#callOnDrain(callback);
    this.#flushing = true;
    if (!this.#writing && !this.#opening) this.#writeNext();
  }

  #callOnDrain(callback) {
    const onDrain = () => {
      this.removeListener('error', onError);
      if (this.#options.fsync) {
        callback(null);
        return;
      }
      // A file that has been closed meanwhile was flushed before.
      this.#fs.fsync(this.#fd, (error) => callback(error && error.code !== 'EBADF' ? error : null));
    };
    const onError = (error) => {
      this.removeListener('drain', onDrain);
      callback(error);
    };
    this.once('drain', onDrain);
    this.once('error', onError);
  }

  /** Writes what waits before it returns. */
  flushSync() {
    this.#refuseDestroyed();
    if (this.#fd < 0) throw new ERR_INVALID_STATE('Invalid file descriptor');
    if (!this.#writing && this.#current.length > 0) {
      this.#pieces.unshift(this.#current);
      this.#current = this.#empty;
    }
    while (this.#pieces.length > 0) {
      let piece = this.#pieces.shift();
      try {
        while (piece.length > 0) piece = restAfter(piece, this.#writePieceSync(piece));
      } catch (error) {
        this.#pieces.unshift(piece);
        if (!this.#mayRetry(error, piece)) throw error;
        sleep(kRetryDelay);
      }
    }
    try {
      this.#fs.fsyncSync(this.#fd);
    } catch {
      // What cannot be flushed to a disk, such as a pipe, is written all the same.
    }
  }

  /** Writes once; returns how many bytes were written. */
  #writePieceSync(piece) {
    const written = typeof piece === 'string' ?
      this.#fs.writeSync(this.#fd, piece, null, 'utf8') :
      this.#fs.writeSync(this.#fd, piece);
    return written === undefined ? Infinity : written;
  }

  #mayRetry(error, piece) {
    const waiting = piece === this.#current ? this.#pieces.length : this.#length - piece.length;
    return isTransient(error) && this.#options.retryEAGAIN(error, piece.length, waiting);
  }

  #writeNext() {
    this.#writing = true;
    if (this.#current.length === 0) this.#current = this.#pieces.shift();
    if (this.#options.sync) this.#writeSync();
    else this.#writeLater();
  }

  #writeSync() {
    for (;;) {
      let written;
      try {
        written = this.#current.length > 0 ? this.#writePieceSync(this.#current) : 0;
      } catch (error) {
        if (!this.#mayRetry(error, this.#current)) {
          this.#fail(error);
          return;
        }
        sleep(kRetryDelay);
        continue;
      }
      this.#noteWritten(written);
      if (this.#current.length === 0) break;
    }
    this.#finishWrite();
  }

  #writeLater() {
    const done = (error, written) => this.#onWritten(error, written);
    if (this.#current.length === 0) process.nextTick(done, null, 0);
    else if (typeof this.#current === 'string') this.#fs.write(this.#fd, this.#current, null, 'utf8', done);
    else this.#fs.write(this.#fd, this.#current, done);
  }

  #onWritten(error, written = Infinity) {
    if (error) {
      if (this.#mayRetry(error, this.#current)) setTimeout(() => this.#writeLater(), kRetryDelay);
      else this.#fail(error);
      return;
    }
    this.#noteWritten(written);
    if (this.#current.length > 0) this.#writeLater();
    else this.#finishWrite();
  }

  #noteWritten(written) {
    if (this.#current.length === 0) return;
    this.emit('write', written);
    this.#current = restAfter(this.#current, written);
  }

  #fail(error) {
    this.#writing = false;
    this.#flushing = false;
    this.emit('error', error);
    if (this.#destroyed) this.#close();
    else if (this.#ending && !this.#writing && this.#length === 0) this.#close();
  }

  /** Goes on after a write: with another one, another file, or the end. */
  #finishWrite() {
    const { fsync, minLength, sync } = this.#options;
    if (fsync && this.#fd >= 0) this.#fs.fsyncSync(this.#fd);
    const length = this.#pieces.length;
    if (this.#destroyed) {
      this.#writing = false;
      this.emit('drain');
      this.#close();
    } else if (this.#reopening) {
      this.#writing = false;
      this.#reopening = false;
      this.reopen();
    } else if (length > 0 && (this.#ending || this.#flushing || length > minLength)) {
      this.#writeNext();
    } else if (this.#ending) {
      this.#writing = false;
      this.#close();
    } else {
      this.#writing = false;
      this.#flushing = false;
      if (sync) this.#scheduleDrain();
      else this.emit('drain');
    }
  }

  #scheduleDrain() {
    if (this.#drainScheduled) return;
    this.#drainScheduled = true;
    process.nextTick(() => {
      this.#drainScheduled = false;
      this.emit('drain');
    });
  }

  #open(file) {
    const { append, mkdir, mode, sync } = this.#options;
    this.#opening = true;
    this.#writing = true;
    const flags = append ? 'a' : 'w';
    const folder = require('path').dirname(file);
    if (sync) {
      let fd;
      try {
        if (mkdir) this.#fs.mkdirSync(folder, { recursive: true });
        fd = this.#fs.openSync(file, flags, mode ?? 0o666);
      } catch (error) {
        this.#onOpened(error);
        throw error;
      }
      this.#onOpened(null, fd, file);
      return;
    }
    const open = () => {
      this.#fs.open(file, flags, mode ?? 0o666, (error, fd) => this.#onOpened(error, fd, file));
    };
    if (!mkdir) {
      open();
      return;
    }
    this.#fs.mkdir(folder, { recursive: true }, (error) => {
      if (error) this.#onOpened(error);
      else open();
    });
  }

  #onOpened(error, fd, file) {
    const { minLength, sync } = this.#options;
    const isReopened = this.#fd !== -1;
    this.#opening = false;
    this.#writing = false;
    this.#reopening = false;
    if (error) {
      if (!sync) this.emit('error', error);
      else process.nextTick(() => { if (this.listenerCount('error') > 0) this.emit('error', error); });
      return;
    }
    const before = this.#fd;
    this.#fd = fd;
    this.#file = file;
    if (isReopened && before !== fd) this.#fs.close(before, (failure) => failure && this.emit('error', failure));
    if (sync) process.nextTick(() => this.emit('ready'));
    else this.emit('ready');
    if (this.#destroyed || this.#opening || this.#writing) return;
    if (this.#flushing || (this.#length > 0 && this.#length >= minLength)) this.#writeNext();
    else if (isReopened) process.nextTick(() => this.emit('drain'));
  }

  /**
   * Goes on in a file that is opened anew: the same, after it was moved away, or another.
   * @param {string} [file]
   */
  reopen(file) {
    this.#refuseDestroyed();
    if (this.#opening) {
      this.once('ready', () => this.reopen(file));
      return;
    }
    if (this.#ending) return;
    if (!file && this.#file === null) {
      const reason = 'Unable to reopen a file descriptor, you must pass a file to SonicBoom';
      throw new ERR_OPERATION_FAILED(reason);
    }
    if (file) this.#file = file;
    this.#reopening = true;
    if (!this.#writing) this.#open(this.#file);
  }

  /** Writes what waits and closes the file; the events `finish` and `close` follow. */
  end() {
    this.#refuseDestroyed();
    if (this.#opening) {
      this.once('ready', () => { if (!this.#destroyed) this.end(); });
      return;
    }
    if (this.#ending) return;
    this.#ending = true;
    if (this.#writing || this.#fd < 0) return;
    if (this.#length > 0) this.#writeNext();
    else this.#close();
  }

  /** Closes the file; what waits is dropped. */
  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (this.#opening) this.once('ready', () => this.#close());
    else if (!this.#writing) this.#close();
  }

  #close() {
    this.#destroyed = true;
    clearInterval(this.#timer);
    const finished = (error) => {
      if (error) {
        this.emit('error', error);
        return;
      }
      if (this.#ending && !this.#writing) this.emit('finish');
      this.emit('close');
    };
    const close = () => {
      // The standard streams belong to the process.
      if (this.#fd === 1 || this.#fd === 2) finished();
      else this.#fs.close(this.#fd, finished);
    };
    if (this.#fd < 0) process.nextTick(finished);
    else if (this.#options.fsync) setImmediate(close);
    else this.#fs.fsync(this.#fd, close);
  }

  [Symbol.dispose]() {
    this.destroy();
  }
}

module.exports = { Utf8Stream };
