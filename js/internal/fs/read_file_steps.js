// `readFile` step by step: with a signal that may end it, or into a buffer of the program's.
'use strict';

const { kMaxFileSize, toFd, toFlags, toPath } = require('internal/fs/arguments');
const {
  AbortError,
  aggregateTwoErrors,
  codes: { ERR_FS_FILE_TOO_LARGE, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
  uvException,
} = require('internal/errors');

const { S_IFMT, S_IFREG } = internalBinding('constants').fs;
const binding = internalBinding('fs');

/** How much is read at once of a file whose size is known, so that a signal is noticed in time. */
const kChunkSize = 512 * 1024;
/** How much is read at once of a file whose size is not known. */
const kUnknownChunkSize = 64 * 1024;
/** Where the numbers of `fstat` have the mode and the size. */
const kModeIndex = 1;
const kSizeIndex = 8;

/** The size of a regular file; 0 for what tells its size only by being read. */
function knownSize(stats) {
  const size = (stats[kModeIndex] & S_IFMT) === S_IFREG ? stats[kSizeIndex] : 0;
  if (size > kMaxFileSize) throw new ERR_FS_FILE_TOO_LARGE(size);
  return size;
}

function bufferFrom(view, length) {
  return require('buffer').Buffer.from(view.buffer, view.byteOffset, length);
}

/** What has been read of a file, and where the next bytes go. */
class Contents {
  #userBuffer;
  #userBufferName = 'options.buffer';
  #size;
  #buffer;
  #chunks = [];
  #length = 0;
  #overflow;

  /**
   * @param {number} size 0 where it is not known
   * @param {ArrayBufferView | ((size: number) => ArrayBufferView) | undefined} userBuffer
   */
  constructor(size, userBuffer) {
    this.#size = size;
    this.#userBuffer = userBuffer !== undefined;
    if (userBuffer !== undefined) this.#buffer = this.#checkUserBuffer(userBuffer);
    else if (size > 0) this.#buffer = require('buffer').Buffer.allocUnsafeSlow(size);
  }

  #checkUserBuffer(buffer) {
    if (typeof buffer === 'function') {
      buffer = buffer(this.#size);
      this.#userBufferName = 'options.buffer()';
      if (!ArrayBuffer.isView(buffer)) {
        throw new ERR_INVALID_ARG_TYPE(this.#userBufferName, ['Buffer', 'TypedArray', 'DataView'], buffer);
      }
    }
    if (buffer.byteLength < this.#size) {
      throw this.#tooSmall(buffer, `is smaller than the file size of ${this.#size} bytes`);
    }
    return bufferFrom(buffer, buffer.byteLength);
  }

  #tooSmall(buffer, reason) {
    return new ERR_INVALID_ARG_VALUE(`${this.#userBufferName}.byteLength`, buffer.byteLength, reason);
  }

  /** Where to read to next: a buffer, an offset and a length. */
  next() {
    if (this.#buffer === undefined) {
      return { buffer: require('buffer').Buffer.allocUnsafeSlow(kUnknownChunkSize), offset: 0,
               length: kUnknownChunkSize };
    }
    const end = this.#size || this.#buffer.byteLength;
    const length = Math.min(end - this.#length, kChunkSize);
    if (length > 0) return { buffer: this.#buffer, offset: this.#length, length };
    this.#overflow ??= require('buffer').Buffer.allocUnsafeSlow(1);
    return { buffer: this.#overflow, offset: 0, length: 1 };
  }

  /**
   * Takes note of what was read.
   * @returns {boolean} whether that was all
   */
  add(buffer, count) {
    if (count === 0) return true;
    if (buffer === this.#overflow) {
      throw this.#tooSmall(this.#buffer, 'is too small to contain the entire file');
    }
    this.#length += count;
    if (this.#buffer === undefined) {
      if (this.#length > kMaxFileSize) throw new ERR_FS_FILE_TOO_LARGE(this.#length);
      this.#chunks.push(count === buffer.length ? buffer : buffer.subarray(0, count));
      return false;
    }
    return this.#size !== 0 && this.#length === this.#size;
  }

  /** Everything that was read, as text where an encoding is given. */
  result(encoding) {
    const { Buffer } = require('buffer');
    const whole = this.#buffer === undefined ?
      Buffer.concat(this.#chunks, this.#length) :
      this.#buffer.subarray(0, this.#length);
    return encoding ? whole.toString(encoding) : whole;
  }
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor
 * @param {boolean} givenFd which of them it is
 * @param {{ encoding?: string, flag?: string | number,
 *   buffer: ArrayBufferView | ((size: number) => ArrayBufferView) }} options
 * @returns {string | Buffer}
 */
function readFileSync(path, givenFd, options) {
  const fd = givenFd ? toFd(path) : require('internal/fs/descriptors').openSync(path, options.flag);
  try {
    const stats = new Float64Array(18);
    binding.fstatInto(fd, stats);
    const contents = new Contents(knownSize(stats), options.buffer);
    for (let done = false; !done;) {
      const { buffer, offset, length } = contents.next();
      done = length === 0 || contents.add(buffer, binding.readSync(fd, buffer, offset, length, -1));
    }
    return contents.result(options.encoding);
  } finally {
    if (!givenFd) binding.closeSync(fd);
  }
}

/** One `readFile` on its way: opened, measured, read piece by piece, closed. */
class Reading {
  #givenFd;
  #options;
  #callback;
  #path;
  #fd;
  #contents;

  constructor(givenFd, options, callback) {
    this.#givenFd = givenFd;
    this.#options = options;
    this.#callback = callback;
  }

  open(path, flags) {
    this.#path = path;
    binding.open(path, flags, 0o666, (error, fd) => {
      if (error) this.#callback(error);
      else this.measure(fd);
    });
  }

  measure(fd) {
    this.#fd = fd;
    if (this.#isAborted()) return;
    binding.fstat(fd, false, (error, stats) => {
      if (error) {
        this.#close(error);
        return;
      }
      this.#attempt(() => {
        this.#contents = new Contents(knownSize(stats), this.#options.buffer);
        this.#read();
      });
    });
  }

  #read() {
    if (this.#isAborted()) return;
    const { buffer, offset, length } = this.#contents.next();
    binding.read(this.#fd, buffer, offset, length, -1, (error, count) => {
      if (error) {
        this.#close(this.#readError(error));
        return;
      }
      this.#attempt(() => {
        if (this.#contents.add(buffer, count)) this.#close(null);
        else this.#read();
      });
    });
  }

  /** A failed read names the file, unless it was to fill a buffer of the program's. */
  #readError(error) {
    if (this.#givenFd || this.#options.buffer !== undefined) return error;
    const { errno, syscall } = error;
    return uvException({ errno, syscall, path: this.#path });
  }

  /** Runs a step; what it throws ends the reading. */
  #attempt(step) {
    try {
      step();
    } catch (error) {
      this.#close(error);
    }
  }

  #isAborted() {
    const { signal } = this.#options;
    if (!signal?.aborted) return false;
    this.#close(new AbortError(undefined, { cause: signal.reason }));
    return true;
  }

  #close(error) {
    if (this.#givenFd) process.nextTick(() => this.#finish(error));
    else binding.close(this.#fd, (closeError) => this.#finish(aggregateTwoErrors(closeError, error)));
  }

  #finish(error) {
    if (error) {
      this.#callback(error);
      return;
    }
    let data;
    try {
      data = this.#contents.result(this.#options.encoding);
    } catch (decodingError) {
      this.#callback(decodingError);
      return;
    }
    this.#callback(null, data);
  }
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor
 * @param {boolean} givenFd which of them it is
 * @param {{ encoding?: string, flag?: string | number, signal?: AbortSignal,
 *   buffer?: ArrayBufferView | ((size: number) => ArrayBufferView) }} options
 * @param {(error: Error | null, data?: string | Buffer) => void} callback
 */
function readFile(path, givenFd, options, callback) {
  const { signal } = options;
  if (signal?.aborted) {
    callback(new AbortError(undefined, { cause: signal.reason }));
    return;
  }
  const reading = new Reading(givenFd, options, callback);
  if (givenFd) {
    process.nextTick(() => reading.measure(path));
    return;
  }
  const flags = toFlags(options.flag);
  reading.open(toPath(path), flags);
}

module.exports = { readFile, readFileSync };
