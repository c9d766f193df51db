// `readFile`, `writeFile` and `appendFile` of `fs.promises` and of a `FileHandle`.
'use strict';

const {
  constants: { O_RDONLY, O_RDWR },
  checkedFd,
  toFlags,
  toOptions,
  toPath,
} = require('internal/fs/arguments');
const { promised, settler, traced } = require('internal/fs/promised');
const { throwIfAborted } = require('internal/fs/promises/aborts');
const { bufferReceiver, isUtf8, readOptions, textReceiver } = require('internal/fs/read_file');
const { kAppendDefaults, kWriteDefaults } = require('internal/fs/write_file');
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { parseFileMode, validateBoolean, validateInteger } = require('internal/validators');

const binding = internalBinding('fs');

const kDefaultMode = 0o666;
/** How much is written at once where a signal may end the writing, in bytes. */
const kChunkSize = 512 * 1024;

/** Reads all of a file, given by its path or its descriptor, in one call of the native half. */
function readWhole(target, flags, encoding) {
  return new Promise((resolve, reject) => {
    const settle = settler(resolve, reject);
    if (isUtf8(encoding)) binding.readText(target, flags, textReceiver(settle));
    else binding.readBytes(target, flags, bufferReceiver(settle, encoding));
  });
}

/** Reads a file step by step: with a signal or into a buffer of the program's. */
function readInSteps(target, givenFd, options) {
  const { readFile: read } = require('internal/fs/read_file_steps');
  return promised((done) => read(target, givenFd, options, done));
}

/**
 * The rest of an open file.
 * @param {number} fd
 * @param {string | object} [options] those of `readFile`
 * @returns {Promise<string | Buffer>}
 */
async function readOpenFile(fd, options) {
  options = readOptions(options);
  throwIfAborted(options.signal);
  fd = checkedFd(fd);
  if (options.signal !== undefined || options.buffer !== undefined) return await readInSteps(fd, true, options);
  const { encoding } = options;
  return await traced((done) => {
    if (isUtf8(encoding)) binding.readText(fd, O_RDONLY, textReceiver(done));
    else binding.readBytes(fd, O_RDONLY, bufferReceiver(done, encoding));
  });
}

/**
 * @param {string | Buffer | URL | FileHandle} path
 * @param {string | { encoding?: string | null, flag?: string | number, signal?: AbortSignal,
 *   buffer?: ArrayBufferView | ((size: number) => ArrayBufferView) }} [options]
 * @returns {Promise<string | Buffer>}
 */
async function readFile(path, options) {
  options = readOptions(options);
  if (isFileHandle(path)) return readOpenFile(path.fd, options);
  throwIfAborted(options.signal);
  const flags = toFlags(options.flag || 'r');
  path = toPath(path);
  if (options.signal !== undefined || options.buffer !== undefined) return readInSteps(path, false, options);
  return readWhole(path, flags, options.encoding);
}

function isFileHandle(value) {
  return typeof value === 'object' && value !== null &&
    value instanceof require('internal/fs/file_handle').FileHandle;
}

function isIterable(data) {
  return typeof data === 'object' && data !== null && !ArrayBuffer.isView(data) &&
    (data[Symbol.asyncIterator] !== undefined || data[Symbol.iterator] !== undefined);
}

/** The data of `writeFile` as bytes, unless it comes piece by piece. */
function toBytes(data, encoding) {
  if (ArrayBuffer.isView(data) || isIterable(data)) return data;
  if (typeof data === 'string') return require('buffer').Buffer.from(data, encoding || 'utf8');
  throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
}

/** Writes all bytes where the descriptor stands, in pieces if a signal may come. */
async function writeBytes(fd, bytes, signal) {
  let done = 0;
  do {
    throwIfAborted(signal);
    const rest = bytes.byteLength - done;
    const length = signal === undefined ? rest : Math.min(rest, kChunkSize);
    done += await traced((settle) => binding.write(fd, bytes, done, length, -1, settle));
  } while (done < bytes.byteLength);
}

/**
 * Writes to an open file, from where it stands.
 * @param {number} fd
 * @param {ArrayBufferView | Iterable | AsyncIterable} data
 * @param {AbortSignal | undefined} signal
 * @param {string | undefined} encoding of texts that an iterable yields
 */
async function writeAll(fd, data, signal, encoding) {
  throwIfAborted(signal);
  if (ArrayBuffer.isView(data)) {
    if (data.byteLength > 0) await writeBytes(fd, data, signal);
    return;
  }
  const { Buffer } = require('buffer');
  for await (const piece of data) {
    throwIfAborted(signal);
    const bytes = ArrayBuffer.isView(piece) ? piece : Buffer.from(piece, encoding || 'utf8');
    if (bytes.byteLength > 0) await writeBytes(fd, bytes, signal);
    throwIfAborted(signal);
  }
}

function writeOptions(options, defaults) {
  options = toOptions(options, defaults);
  validateBoolean(options.flush ?? false, 'options.flush');
  return options;
}

/**
 * @param {number} fd
 * @param {string | ArrayBufferView | Iterable | AsyncIterable} data
 * @param {string | object} [options] those of `writeFile`
 * @param {object} [defaults]
 */
async function writeOpenFile(fd, data, options, defaults = kWriteDefaults) {
  options = writeOptions(options, defaults);
  const bytes = toBytes(data, options.encoding);
  throwIfAborted(options.signal);
  await writeAll(checkedFd(fd), bytes, options.signal, options.encoding);
}

function isUtf8Text(data, encoding) {
  return typeof data === 'string' && (!encoding || isUtf8(encoding));
}

async function writeAndClose(path, flags, mode, data, { encoding, flush, signal }) {
  const fd = await traced((done) => binding.open(path, flags, mode, done));
  try {
    await writeAll(fd, data, signal, encoding);
    if (flush) await traced((done) => binding.fsync(fd, done));
  } finally {
    await promised((done) => binding.close(fd, done));
  }
}

/**
 * @param {string | Buffer | URL | FileHandle} path
 * @param {string | ArrayBufferView | Iterable | AsyncIterable} data
 * @param {string | { encoding?: string | null, mode?: string | number, flag?: string | number,
 *   flush?: boolean, signal?: AbortSignal }} [options]
 * @returns {Promise<void>}
 */
async function writeFile(path, data, options) {
  options = writeOptions(options, kWriteDefaults);
  const { encoding, flag, flush, signal } = options;
  const mode = parseFileMode(options.mode, 'mode', kDefaultMode);
  const contents = isUtf8Text(data, encoding) ? data : toBytes(data, encoding);
  if (isFileHandle(path)) return writeOpenFile(path.fd, data, options);
  throwIfAborted(signal);
  path = toPath(path);
  const flags = toFlags(flag || 'w');
  if (signal !== undefined || flush || isIterable(contents)) {
    return writeAndClose(path, flags, mode, toBytes(contents, encoding), options);
  }
  return promised((done) => binding.writeFile(path, flags, contents, mode, done));
}

/**
 * @param {string | Buffer | URL | FileHandle} path
 * @param {string | ArrayBufferView | Iterable | AsyncIterable} data
 * @param {string | { encoding?: string | null, mode?: string | number, flag?: string | number,
 *   flush?: boolean, signal?: AbortSignal }} [options]
 * @returns {Promise<void>}
 */
async function appendFile(path, data, options) {
  options = { ...toOptions(options, kAppendDefaults) };
  options.flag ||= 'a';
  return writeFile(path, data, options);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} [len]
 * @returns {Promise<void>}
 */
async function truncate(path, len = 0) {
  path = toPath(path);
  const fd = await traced((done) => binding.open(path, O_RDWR, kDefaultMode, done));
  try {
    validateInteger(len, 'len');
    await traced((done) => binding.ftruncate(fd, Math.max(0, len), done));
  } finally {
    await promised((done) => binding.close(fd, done));
  }
}

module.exports = { appendFile, readFile, readOpenFile, truncate, writeFile, writeOpenFile };
