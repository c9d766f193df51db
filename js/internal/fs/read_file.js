// `readFile` and `readFileSync`: whole files, in one call of the native half where that is possible.
'use strict';

const {
  constants: { O_RDONLY },
  isFd,
  toCallback,
  toFd,
  toFlags,
  toOptions,
  toPath,
} = require('internal/fs/arguments');
const { FastBuffer, createUnsafeBuffer } = require('internal/buffer/memory');
const {
  codes: { ERR_FS_FILE_TOO_LARGE, ERR_INVALID_ARG_TYPE, ERR_STRING_TOO_LONG },
} = require('internal/errors');

const binding = internalBinding('fs');

const kDefaults = { flag: 'r' };
const kSlabSize = 64 * 1024;
/** Files up to this size have their contents in the slab, as the native half knows too. */
const kMaxSmall = 4096;

/** @returns {boolean} whether text in this encoding is made without a buffer in between */
function isUtf8(encoding) {
  return encoding === 'utf8' || encoding === 'utf-8';
}

/** The error for a file whose contents the native half could not return, told by its size in bytes. */
function tooLong(size, asText) {
  return asText ? new ERR_STRING_TOO_LONG() : new ERR_FS_FILE_TOO_LARGE(size);
}

/** The memory from which the native half cuts the contents of small files. */
let slab;

function renewSlab() {
  const bytes = createUnsafeBuffer(kSlabSize);
  slab = bytes.buffer;
  require('internal/buffer/untransferable').markAsUntransferable(slab);
  binding.useSlab(bytes);
}

require('internal/revival').whenRevived(() => {
  if (slab !== undefined) renewSlab();
});

/**
 * What the native half read, as a buffer.
 * @param {number | ArrayBuffer} result a place in the slab as start * 65536 + length, or memory of its own
 * @returns {Buffer}
 */
function toBuffer(result) {
  if (typeof result === 'number') return new FastBuffer(slab, result >>> 16, result & 0xFFFF);
  // Small contents with memory of their own are the sign that the slab is used up.
  if (result.byteLength <= kMaxSmall) renewSlab();
  return new FastBuffer(result);
}

function validateUserBuffer(buffer) {
  if (buffer === undefined || typeof buffer === 'function' || ArrayBuffer.isView(buffer)) return;
  const expected = ['Function', 'Buffer', 'TypedArray', 'DataView'];
  throw new ERR_INVALID_ARG_TYPE('options.buffer', expected, buffer);
}

function readOptions(options) {
  options = toOptions(options, kDefaults);
  validateUserBuffer(options.buffer);
  return options;
}

function readTextSync(target, flags) {
  const text = binding.readTextSync(target, flags);
  if (typeof text === 'number') throw tooLong(text, true);
  return text;
}

function readBufferSync(target, flags) {
  const memory = binding.readBytesSync(target, flags);
  if (typeof memory === 'number' && memory < 0) throw tooLong(-memory, false);
  return toBuffer(memory);
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor, which is read from where it stands
 * @param {string | { encoding?: string | null, flag?: string | number,
 *   buffer?: ArrayBufferView | ((size: number) => ArrayBufferView) }} [options]
 *   `buffer` is filled instead of a new one; the result is then a view of it
 * @returns {string | Buffer}
 */
function readFileSync(path, options) {
  if (typeof path === 'string' && (options === 'utf8' || options === undefined)) {
    path = toPath(path);
    return options === undefined ? readBufferSync(path, O_RDONLY) : readTextSync(path, O_RDONLY);
  }
  options = readOptions(options);
  const { buffer, encoding } = options;
  const givenFd = isFd(path);
  if (buffer !== undefined) {
    return require('internal/fs/read_file_steps').readFileSync(path, givenFd, options);
  }
  const flags = givenFd ? O_RDONLY : toFlags(options.flag);
  const target = givenFd ? path : toPath(path);
  if (isUtf8(encoding)) return readTextSync(target, flags);
  if (givenFd) toFd(target);
  const bytes = readBufferSync(target, flags);
  return encoding ? bytes.toString(encoding) : bytes;
}

/** Receives text from the native half for a program's callback. */
function textReceiver(callback) {
  return (error, text) => {
    if (error) callback(error);
    else if (typeof text === 'number') callback(tooLong(text, true));
    else callback(null, text);
  };
}

/** Receives bytes from the native half for a program's callback. */
function bufferReceiver(callback, encoding) {
  return (error, memory) => {
    if (error) {
      callback(error);
      return;
    }
    if (typeof memory === 'number' && memory < 0) {
      callback(tooLong(-memory, false));
      return;
    }
    let contents = toBuffer(memory);
    if (encoding) {
      try {
        contents = contents.toString(encoding);
      } catch (decodingError) {
        callback(decodingError);
        return;
      }
    }
    callback(null, contents);
  };
}

/**
 * @param {string | Buffer | URL | number} path or a file descriptor, which is read from where it stands
 * @param {string | { encoding?: string | null, flag?: string | number, signal?: AbortSignal,
 *   buffer?: ArrayBufferView | ((size: number) => ArrayBufferView) }} [options]
 * @param {(error: Error | null, data?: string | Buffer) => void} callback
 */
function readFile(path, options, callback) {
  callback = toCallback(callback || options);
  options = readOptions(options);
  const { buffer, encoding, signal } = options;
  const givenFd = isFd(path);
  if (signal !== undefined || buffer !== undefined) {
    require('internal/fs/read_file_steps').readFile(path, givenFd, options, callback);
    return;
  }
  const flags = givenFd ? O_RDONLY : toFlags(options.flag);
  const target = givenFd ? path : toPath(path);
  if (isUtf8(encoding)) binding.readText(target, flags, textReceiver(callback));
  else binding.readBytes(target, flags, bufferReceiver(callback, encoding));
}

module.exports = { bufferReceiver, isUtf8, readFile, readFileSync, readOptions, textReceiver };
