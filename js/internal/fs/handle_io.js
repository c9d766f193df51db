// What a `FileHandle` does with its descriptor: one function for each of its methods that ask the system.
'use strict';

const {
  checkedFd,
  toReadPosition,
  toUnixTimestamp,
  validateBufferArray,
} = require('internal/fs/arguments');
const { kMaxId } = require('internal/fs/attributes');
const { traced } = require('internal/fs/promised');
const { throwIfAborted } = require('internal/fs/promises/aborts');
const { readOpenFile, writeOpenFile } = require('internal/fs/promises/contents');
const { kDefaultSize, toOffset, validateRoom, vectorPosition } = require('internal/fs/read');
const { statsReceiver } = require('internal/fs/stats');
const { encodeText, validateText, writeRange } = require('internal/fs/write');
const { kAppendDefaults } = require('internal/fs/write_file');
const {
  kValidateObjectAllowNullable,
  parseFileMode,
  validateAbortSignal,
  validateBuffer,
  validateInteger,
  validateObject,
} = require('internal/validators');

const binding = internalBinding('fs');

/** The arguments of `read` in their three forms, as one object. */
function readArguments(buffer, offset, length, position) {
  if (!ArrayBuffer.isView(buffer)) {
    // Everything as one object, or nothing
    if (buffer !== undefined) validateObject(buffer, 'options', kValidateObjectAllowNullable);
    ({
      buffer = require('buffer').Buffer.alloc(kDefaultSize),
      offset = 0,
      length = buffer.byteLength - offset,
      position = null,
    } = buffer ?? {});
  } else if (offset !== null && typeof offset === 'object') {
    ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
  }
  validateBuffer(buffer);
  offset = toOffset(offset);
  return { buffer, offset, length: (length ?? buffer.byteLength - offset) | 0, position };
}

async function read(fd, buffer, offset, length, position) {
  ({ buffer, offset, length, position } = readArguments(buffer, offset, length, position));
  position = toReadPosition(position, length);
  if (length === 0) return { __proto__: null, bytesRead: 0, buffer };
  validateRoom(buffer, offset, length);
  const bytesRead = await traced((done) => binding.readChunk(fd, buffer, offset, length, position, done));
  return { __proto__: null, bytesRead, buffer };
}

async function readv(fd, buffers, position) {
  validateBufferArray(buffers);
  const bytesRead = await traced((done) => binding.readv(fd, buffers, vectorPosition(position), done));
  return { __proto__: null, bytesRead, buffers };
}

async function write(fd, buffer, offset, length, position) {
  if (buffer?.byteLength === 0) return { __proto__: null, bytesWritten: 0, buffer };
  let data = buffer;
  let range;
  if (ArrayBuffer.isView(buffer)) {
    range = writeRange(buffer, offset, length, position);
  } else {
    validateText(buffer);
    data = encodeText(buffer, length);
    const textPosition = vectorPosition(offset);
    if (typeof data === 'string') {
      const bytesWritten = await traced((done) => binding.writeText(fd, data, textPosition, done));
      return { __proto__: null, bytesWritten, buffer };
    }
    range = { offset: 0, length: data.byteLength, position: textPosition };
  }
  const bytesWritten = await traced((done) => {
    binding.write(fd, data, range.offset, range.length, range.position, done);
  });
  return { __proto__: null, bytesWritten, buffer };
}

async function writev(fd, buffers, position) {
  validateBufferArray(buffers);
  if (buffers.length === 0) return { __proto__: null, bytesWritten: 0, buffers };
  const bytesWritten = await traced((done) => binding.writev(fd, buffers, vectorPosition(position), done));
  return { __proto__: null, bytesWritten, buffers };
}

async function stat(fd, options = { bigint: false }) {
  const { bigint, signal } = options ?? {};
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  throwIfAborted(signal);
  return await traced((done) => binding.fstat(fd, Boolean(bigint), statsReceiver(done)));
}

async function truncate(fd, len = 0) {
  validateInteger(len, 'len');
  const length = Math.max(0, len);
  return await traced((done) => binding.ftruncate(checkedFd(fd), length, done));
}

async function sync(fd) {
  return await traced((done) => binding.fsync(fd, done));
}

async function datasync(fd) {
  return await traced((done) => binding.fdatasync(fd, done));
}

async function chmod(fd, mode) {
  mode = parseFileMode(mode, 'mode');
  return await traced((done) => binding.fchmod(fd, mode, done));
}

async function chown(fd, uid, gid) {
  validateInteger(uid, 'uid', -1, kMaxId);
  validateInteger(gid, 'gid', -1, kMaxId);
  return await traced((done) => binding.fchown(fd, uid, gid, done));
}

async function utimes(fd, atime, mtime) {
  atime = toUnixTimestamp(atime, 'atime');
  mtime = toUnixTimestamp(mtime, 'mtime');
  return await traced((done) => binding.futimes(fd, atime, mtime, done));
}

function appendFile(fd, data, options) {
  return writeOpenFile(fd, data, options, kAppendDefaults);
}

module.exports = {
  appendFile,
  chmod,
  chown,
  datasync,
  read,
  readFile: readOpenFile,
  readv,
  stat,
  sync,
  truncate,
  utimes,
  write,
  writeFile: writeOpenFile,
  writev,
};
