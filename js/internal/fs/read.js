// `read`, `readSync`, `readv` and `readvSync`: bytes of an open file into buffers.
'use strict';

const {
  checkedFd,
  toCallback,
  toFd,
  toReadPosition,
  validateBufferArray,
  validateReadRange,
} = require('internal/fs/arguments');
const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { customPromisifyArgs } = require('internal/util');
const {
  kValidateObjectAllowNullable,
  validateBuffer,
  validateInteger,
  validateObject,
} = require('internal/validators');

const binding = internalBinding('fs');

/** The size of the buffer that `read` makes where none is given, in bytes. */
const kDefaultSize = 16 * 1024;

/** Refuses a buffer without room before anything is read into it. */
function validateRoom(buffer, offset, length) {
  if (buffer.byteLength === 0) {
    throw new ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  }
  validateReadRange(offset, length, buffer.byteLength);
}

/**
 * The rest of `read` and `readSync`: `offset`, `length` and `position` as three values.
 *
 * They may be given by themselves or as an object; what is missing means the whole buffer, from where the
 * descriptor stands.
 */
function readOptions(buffer, options) {
  const { offset = 0, length = buffer?.byteLength - offset, position = null } = options ?? {};
  return { offset, length, position };
}

function toOffset(offset) {
  if (offset == null) return 0;
  validateInteger(offset, 'offset', 0);
  return offset;
}

/**
 * Reads into `buffer`; also called as `readSync(fd, buffer[, { offset, length, position }])`.
 * @param {number} fd
 * @param {ArrayBufferView} buffer
 * @param {number | { offset?: number, length?: number, position?: number | bigint | null }} [offsetOrOptions]
 * @param {number} [length]
 * @param {number | bigint | null} [position] null: where the descriptor stands
 * @returns {number} how many bytes were read; 0 at the end of the file
 */
function readSync(fd, buffer, offsetOrOptions, length, position) {
  validateBuffer(buffer);
  let offset = offsetOrOptions;
  if (arguments.length <= 3 || typeof offsetOrOptions === 'object') {
    if (offsetOrOptions !== undefined) {
      validateObject(offsetOrOptions, 'options', kValidateObjectAllowNullable);
    }
    ({ offset, length, position } = readOptions(buffer, offsetOrOptions));
  }
  offset = toOffset(offset);
  length |= 0;
  position = toReadPosition(position, length);
  if (length === 0) return 0;
  validateRoom(buffer, offset, length);
  return binding.readSync(checkedFd(fd), buffer, offset, length, position);
}

/**
 * Reads into `buffer`; also called as `read(fd, [buffer,] [{ buffer, offset, length, position },] callback)`.
 * @param {number} fd
 * @param {ArrayBufferView} buffer
 * @param {number} offset
 * @param {number} length
 * @param {number | bigint | null} position
 * @param {(error: Error | null, bytesRead?: number, buffer?: ArrayBufferView) => void} callback
 */
function read(fd, buffer, offset, length, position, callback) {
  fd = toFd(fd);
  if (arguments.length <= 4) {
    let options = null;
    if (arguments.length === 4) {
      options = offset;
      callback = length;
    } else if (arguments.length === 3) {
      callback = offset;
      if (!ArrayBuffer.isView(buffer)) {
        options = buffer;
        ({ buffer = require('buffer').Buffer.alloc(kDefaultSize) } = options ?? {});
      }
    } else {
      callback = buffer;
      buffer = require('buffer').Buffer.alloc(kDefaultSize);
    }
    if (options !== undefined) validateObject(options, 'options', kValidateObjectAllowNullable);
    ({ offset, length, position } = readOptions(buffer, options));
  }
  validateBuffer(buffer);
  toCallback(callback);
  offset = toOffset(offset);
  length |= 0;
  position = toReadPosition(position, length);
  if (length === 0) {
    process.nextTick(callback, null, 0, buffer);
    return;
  }
  validateRoom(buffer, offset, length);
  binding.readChunk(fd, buffer, offset, length, position, (error, bytesRead) => {
    callback(error, bytesRead || 0, buffer);
  });
}

/**
 * Reads into the whole of `buffer` for a stream, which lets nobody close the descriptor meanwhile.
 * @param {number} fd
 * @param {Buffer} buffer not empty
 * @param {number | undefined} position
 * @param {(error: Error | null, bytesRead: number, buffer: Buffer) => void} callback
 */
function readForStream(fd, buffer, position, callback) {
  binding.readChunk(fd, buffer, 0, buffer.length, position ?? -1, (error, bytesRead) => {
    callback(error, bytesRead || 0, buffer);
  }, true);
}

Object.defineProperty(read, customPromisifyArgs, { value: ['bytesRead', 'buffer'], enumerable: false });

/** A position of `readv` and `writev`: everything but a whole number means where the descriptor stands. */
function vectorPosition(position) {
  return Number.isSafeInteger(position) ? position : -1;
}

/**
 * Fills buffers one after the other.
 * @param {number} fd
 * @param {ArrayBufferView[]} buffers
 * @param {number | null} [position]
 * @returns {number} how many bytes were read
 */
function readvSync(fd, buffers, position) {
  validateBufferArray(buffers);
  return binding.readvSync(checkedFd(fd), buffers, vectorPosition(position));
}

/**
 * @param {number} fd
 * @param {ArrayBufferView[]} buffers
 * @param {number | null} [position]
 * @param {(error: Error | null, bytesRead?: number, buffers?: ArrayBufferView[]) => void} callback
 */
function readv(fd, buffers, position, callback) {
  fd = toFd(fd);
  validateBufferArray(buffers);
  callback = toCallback(callback || position);
  if (buffers.length === 0) {
    refuseNoBuffers(fd, buffers, callback);
    return;
  }
  binding.readv(fd, buffers, vectorPosition(position), (error, bytesRead) => {
    callback(error, bytesRead || 0, buffers);
  });
}

/** Reading into no buffer at all fails at once. */
function refuseNoBuffers(fd, buffers, callback) {
  let failure;
  try {
    binding.readvSync(fd, buffers, -1);
  } catch (error) {
    failure = error;
  }
  callback(failure, 0, buffers);
}

Object.defineProperty(readv, customPromisifyArgs, { value: ['bytesRead', 'buffers'], enumerable: false });

module.exports = {
  kDefaultSize, read, readForStream, readSync, readv, readvSync, toOffset, validateRoom, vectorPosition,
};
