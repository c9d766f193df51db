// `writeFile`, `appendFile` and their synchronous forms.
'use strict';

const { isFd, toCallback, toFd, toFlags, toOptions, toPath } = require('internal/fs/arguments');
const {
  AbortError,
  aggregateTwoErrors,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { parseFileMode, validateBoolean } = require('internal/validators');

const binding = internalBinding('fs');

const kDefaultMode = 0o666;
const kWriteDefaults = { encoding: 'utf8', mode: kDefaultMode, flag: 'w', flush: false };
const kAppendDefaults = { encoding: 'utf8', mode: kDefaultMode, flag: 'a', flush: false };

function writeOptions(options) {
  options = toOptions(options, kWriteDefaults);
  const flush = options.flush ?? false;
  validateBoolean(flush, 'options.flush');
  return options;
}

/** The data of `writeFile` as bytes. */
function toBytes(data, encoding) {
  if (ArrayBuffer.isView(data)) return data;
  if (typeof data !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  return require('buffer').Buffer.from(data, encoding || 'utf8');
}

function isUtf8Text(data, encoding) {
  return typeof data === 'string' && (encoding === 'utf8' || encoding === 'utf-8');
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor, which is written where it stands
 * @param {string | ArrayBufferView} data
 * @param {string | { encoding?: string | null, mode?: string | number, flag?: string | number,
 *   flush?: boolean }} [options] `flush` waits until the data is on the disk
 */
function writeFileSync(path, data, options) {
  options = writeOptions(options);
  const { encoding, flag, flush } = options;
  const mode = parseFileMode(options.mode, 'mode', kDefaultMode);
  const givenFd = isFd(path);
  if (!flush && isUtf8Text(data, encoding)) {
    const flags = toFlags(flag || 'w');
    binding.writeFileSync(givenFd ? path : toPath(path), flags, data, mode);
    return;
  }
  const bytes = toBytes(data, encoding);
  const { writeSync } = require('internal/fs/write');
  const fd = givenFd ? toFd(path) : require('fs').openSync(path, flag || 'w', mode);
  try {
    for (let done = 0; done < bytes.byteLength;) {
      done += writeSync(fd, bytes, done, bytes.byteLength - done);
    }
    if (flush) require('fs').fsyncSync(fd);
  } finally {
    if (!givenFd) require('fs').closeSync(fd);
  }
}

/** One `writeFile` on its way, step by step: with a signal that may end it, or flushed to disk. */
class Writing {
  #fd;
  #bytes;
  #done = 0;
  #givenFd;
  #options;
  #callback;

  constructor(bytes, givenFd, options, callback) {
    this.#bytes = bytes;
    this.#givenFd = givenFd;
    this.#options = options;
    this.#callback = callback;
  }

  open(path, flags, mode) {
    binding.open(path, flags, mode, (error, fd) => {
      if (error) this.#callback(error);
      else this.write(fd);
    });
  }

  write(fd) {
    this.#fd = fd;
    const { signal } = this.#options;
    if (signal?.aborted) {
      this.#close(new AbortError(undefined, { cause: signal.reason }));
      return;
    }
    const rest = this.#bytes.byteLength - this.#done;
    binding.write(fd, this.#bytes, this.#done, rest, -1, (error, count) => {
      if (error) {
        this.#close(error);
        return;
      }
      this.#done += count;
      if (this.#done < this.#bytes.byteLength) this.write(fd);
      else this.#flush();
    });
  }

  #flush() {
    if (this.#options.flush) require('fs').fsync(this.#fd, (error) => this.#close(error));
    else this.#close(null);
  }

  #close(error) {
    if (this.#givenFd) {
      this.#finish(error);
      return;
    }
    require('fs').close(this.#fd, (closeError) => this.#finish(aggregateTwoErrors(closeError, error)));
  }

  #finish(error) {
    this.#callback(error || null);
  }
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor, which is written where it stands
 * @param {string | ArrayBufferView} data
 * @param {string | { encoding?: string | null, mode?: string | number, flag?: string | number,
 *   flush?: boolean, signal?: AbortSignal }} [options]
 * @param {(error: Error | null) => void} callback
 */
function writeFile(path, data, options, callback) {
  callback = toCallback(callback || options);
  options = writeOptions(options);
  const { encoding, flag, flush, signal } = options;
  const mode = parseFileMode(options.mode, 'mode', kDefaultMode);
  const isText = isUtf8Text(data, encoding);
  const contents = isText ? data : toBytes(data, encoding);
  const givenFd = isFd(path);
  if (signal?.aborted) {
    callback(new AbortError(undefined, { cause: signal.reason }));
    return;
  }
  const target = givenFd ? toFd(path) : toPath(path);
  const flags = givenFd ? 0 : toFlags(flag || 'w');
  if (signal === undefined && !flush) {
    binding.writeFile(target, flags, contents, mode, callback);
    return;
  }
  const writing = new Writing(toBytes(contents, encoding), givenFd, options, callback);
  if (givenFd) writing.write(target);
  else writing.open(target, flags, mode);
}

/** The options of `writeFile` for those of `appendFile`: a copy, which is never the program's object. */
function appendOptions(path, options) {
  options = { ...toOptions(options, kAppendDefaults) };
  if (!options.flag || isFd(path)) options.flag = 'a';
  return options;
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor
 * @param {string | ArrayBufferView} data
 * @param {string | { encoding?: string | null, mode?: string | number, flag?: string | number,
 *   flush?: boolean }} [options]
 */
function appendFileSync(path, data, options) {
  require('fs').writeFileSync(path, data, appendOptions(path, options));
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor
 * @param {string | ArrayBufferView} data
 * @param {string | { encoding?: string | null, mode?: string | number, flag?: string | number,
 *   flush?: boolean, signal?: AbortSignal }} [options]
 * @param {(error: Error | null) => void} callback
 */
function appendFile(path, data, options, callback) {
  callback = toCallback(callback || options);
  require('fs').writeFile(path, data, appendOptions(path, options), callback);
}

module.exports = { appendFile, appendFileSync, kAppendDefaults, kWriteDefaults, writeFile, writeFileSync };
