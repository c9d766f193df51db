// `fs.ReadStream` and `fs.WriteStream`.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED, ERR_OUT_OF_RANGE, ERR_STREAM_DESTROYED,
    ERR_SYSTEM_ERROR,
  },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateBoolean, validateFunction, validateInteger } = require('internal/validators');
const { toOptions, toPath } = require('internal/fs/arguments');
const { read, readForStream } = require('internal/fs/read');
const { Readable, Writable, finished } = require('stream');
const { errorOrDestroy } = require('internal/streams/destroy');

const kFs = Symbol('kFs');
const kHandle = Symbol('kHandle');
const kIsPerformingIO = Symbol('kIsPerformingIO');
/** Emitted when the read or write that destroy() waits for is over. */
const kIoDone = Symbol('kIoDone');

/** Methods by which a stream holds on to a FileHandle; what has the first is one. */
const kRef = Symbol('kRef');
const kUnref = Symbol('kUnref');

const DEFAULT_HIGH_WATER_MARK = 64 * 1024;
// A descriptor that takes nothing so often in a row is given up.
const MAX_RETRIES = 5;

// A file opened with fs.promises.open(), as the callback functions that the streams use.
function handleOperations(handle) {
  return {
    read(fd, buffer, offset, length, position, callback) {
      handle.read(buffer, offset, length, position).then(
        (result) => callback(null, result.bytesRead, result.buffer),
        (error) => callback(error, 0, buffer),
      );
    },
    write(fd, buffer, offset, length, position, callback) {
      handle.write(buffer, offset, length, position).then(
        (result) => callback(null, result.bytesWritten, result.buffer),
        (error) => callback(error, 0, buffer),
      );
    },
    writev(fd, buffers, position, callback) {
      handle.writev(buffers, position).then(
        (result) => callback(null, result.bytesWritten, result.buffers),
        (error) => callback(error, 0, buffers),
      );
    },
    fsync(fd, callback) {
      handle.sync().then(() => callback(), callback);
    },
    close(fd, callback) {
      handle[kUnref]();
      handle.close().then(() => callback(), callback);
    },
  };
}

// All properties, also inherited ones, as options objects may come from a class.
function copyOptions(options) {
  const copy = {};
  for (const key in options) copy[key] = options[key];
  copy.highWaterMark ??= DEFAULT_HIGH_WATER_MARK;
  copy.autoDestroy = options.autoClose === undefined ? true : options.autoClose;
  return copy;
}

// What the stream works on: a path that it opens, a descriptor or a FileHandle.
function setTarget(stream, path, options, defaultFlags) {
  if (options.fd == null) {
    stream.fd = null;
    stream[kFs] = options.fs || require('fs');
    validateFunction(stream[kFs].open, 'options.fs.open');
    stream.path = toPath(path);
    stream.flags = options.flags === undefined ? defaultFlags : options.flags;
    stream.mode = options.mode === undefined ? 0o666 : options.mode;
  } else if (typeof options.fd === 'number') {
    validateInteger(options.fd, 'fd', 0, 2147483647);
    stream.fd = options.fd;
    stream[kFs] = options.fs || require('fs');
  } else if (typeof options.fd === 'object' && typeof options.fd[kRef] === 'function') {
    if (options.fs) throw new ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
    const handle = options.fd;
    validateInteger(handle.fd, 'fd', 0, 2147483647);
    stream.fd = handle.fd;
    stream[kHandle] = handle;
    stream[kFs] = handleOperations(handle);
    handle[kRef]();
    handle.on('close', stream.close.bind(stream));
  } else {
    throw new ERR_INVALID_ARG_TYPE('options.fd', ['number', 'FileHandle'], options.fd);
  }
}

function _construct(callback) {
  if (typeof this.fd === 'number') {
    callback();
  } else if (typeof this.open === 'function') {
    constructWithOpen(this, callback);
  } else {
    this[kFs].open(this.path, this.flags, this.mode, (error, fd) => {
      if (error) {
        callback(error);
        return;
      }
      this.fd = fd;
      callback();
      this.emit('open', fd);
      this.emit('ready');
    });
  }
}

// Programs of old have their own open(), which tells by events.
function constructWithOpen(stream, callback) {
  const { emit } = stream;
  stream.emit = function(...args) {
    if (args[0] === 'open') {
      this.emit = emit;
      callback();
      return emit.apply(this, args);
    }
    if (args[0] === 'error') {
      this.emit = emit;
      callback(args[1]);
      return true;
    }
    return emit.apply(this, args);
  };
  stream.open();
}

// Closes the descriptor, after a read or write that is under way: it must not hit another file.
function destroy(error, callback) {
  if (this[kIsPerformingIO]) {
    this.once(kIoDone, (ioError) => close(this, error || ioError, callback));
  } else {
    close(this, error, callback);
  }
}

function close(stream, error, callback) {
  if (typeof stream.fd !== 'number') {
    callback(error);
    return;
  }
  if (stream.flush) stream[kFs].fsync(stream.fd, (flushError) => closeNow(stream, flushError || error, callback));
  else closeNow(stream, error, callback);
}

function closeNow(stream, error, callback) {
  stream[kFs].close(stream.fd, (closeError) => callback(closeError || error));
  stream.fd = null;
}

function defineStreamProperties({ name, prototype }, stateName) {
  function stateOf(stream) {
    const state = stream?.[stateName];
    if (state === undefined) throw new ERR_INVALID_THIS(name);
    return state;
  }
  Object.defineProperties(prototype, {
    autoClose: {
      get() { return stateOf(this).autoDestroy; },
      set(value) { stateOf(this).autoDestroy = value; },
    },
    pending: {
      get() { return this.fd === null; },
      configurable: true,
    },
  });
}

/**
 * @param {string | Buffer | URL} path Ignored if there is `options.fd`.
 * @param {string | object} [options] See the documentation of `fs.createReadStream()`.
 */
function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);

  options = copyOptions(toOptions(options, kEmptyObject));
  setTarget(this, path, options, 'r');
  if (options.fs) {
    validateFunction(this[kFs].read, 'options.fs.read');
    validateFunction(this[kFs].close, 'options.fs.close');
  }

  this.start = options.start;
  this.end = options.end ?? Infinity;
  // Where the next read begins; undefined: where the descriptor stands
  this.pos = undefined;
  this.bytesRead = 0;
  this[kIsPerformingIO] = false;

  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  if (options.end === null) validateInteger(null, 'end', 0);
  if (this.end !== Infinity) {
    validateInteger(this.end, 'end', 0);
    if (this.start !== undefined && this.start > this.end) {
      throw new ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
    }
  }

  Readable.call(this, options);
  if (options.encoding) this.setEncoding(options.encoding);
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

ReadStream.prototype._construct = _construct;

ReadStream.prototype._read = function(amount) {
  const position = this.pos;
  const left = position !== undefined ? this.end - position + 1 : this.end - this.bytesRead + 1;
  const size = Math.min(left, amount);
  if (size <= 0) {
    this.push(null);
    return;
  }

  this[kIsPerformingIO] = true;
  const done = (error, bytesRead, buffer) => {
    this[kIsPerformingIO] = false;
    if (this.destroyed) this.emit(kIoDone, error);
    else if (error) errorOrDestroy(this, error);
    else finishRead(this, bytesRead, buffer);
  };
  const fs = this[kFs];
  const memory = Buffer.allocUnsafeSlow(size);
  const isPlain = fs.read === read && Number.isInteger(this.fd) && Number.isSafeInteger(position ?? 0);
  if (isPlain) readForStream(this.fd, memory, position, done);
  else fs.read(this.fd, memory, 0, size, position, done);
};

function finishRead(stream, bytesRead, buffer) {
  if (bytesRead <= 0) {
    stream.push(null);
    return;
  }
  if (stream.pos !== undefined) stream.pos += bytesRead;
  stream.bytesRead += bytesRead;

  if (bytesRead !== buffer.length) {
    // A small chunk must not keep a large buffer alive.
    const chunk = Buffer.allocUnsafeSlow(bytesRead);
    buffer.copy(chunk, 0, 0, bytesRead);
    buffer = chunk;
  }
  stream.push(buffer);
}

ReadStream.prototype._destroy = destroy;

/** @param {(error?: Error) => void} [callback] Called when the file is closed. */
ReadStream.prototype.close = function(callback) {
  if (typeof callback === 'function') finished(this, callback);
  this.destroy();
};

defineStreamProperties(ReadStream, '_readableState');

/**
 * @param {string | Buffer | URL} path Ignored if there is `options.fd`.
 * @param {string | object} [options] See the documentation of `fs.createWriteStream()`.
 */
function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);

  options = copyOptions(toOptions(options, kEmptyObject));
  options.decodeStrings = true;
  setTarget(this, path, options, 'w');

  this.flush = options.flush ?? false;
  validateBoolean(this.flush, 'options.flush');
  if (options.fs) takeWriteFunctions(this);

  this.start = options.start;
  this.pos = undefined;
  this.bytesWritten = 0;
  this[kIsPerformingIO] = false;

  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }

  Writable.call(this, options);
  if (options.encoding) this.setDefaultEncoding(options.encoding);
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);

// A custom `fs` may leave out one of write and writev.
function takeWriteFunctions(stream) {
  const custom = stream[kFs];
  if (!custom.write && !custom.writev) validateFunction(custom.write, 'options.fs.write');
  if (custom.write) validateFunction(custom.write, 'options.fs.write');
  if (custom.writev) validateFunction(custom.writev, 'options.fs.writev');
  validateFunction(custom.close, 'options.fs.close');
  if (stream.flush) validateFunction(custom.fsync, 'options.fs.fsync');

  if (!custom.write) stream._write = null;
  if (!custom.writev) stream._writev = null;
}

WriteStream.prototype._construct = _construct;

WriteStream.prototype._write = function(data, encoding, callback) {
  const position = this.pos;
  if (position !== undefined) this.pos = position + data.length;
  this[kIsPerformingIO] = true;
  writeAll(this, data, position, 0, (error) => finishWrite(this, error, callback));
};

WriteStream.prototype._writev = function(data, callback) {
  const buffers = data.map(({ chunk }) => chunk);
  const size = buffers.reduce((sum, { length }) => sum + length, 0);
  const position = this.pos;
  if (position !== undefined) this.pos = position + size;
  this[kIsPerformingIO] = true;
  writevAll(this, buffers, size, position, 0, (error) => finishWrite(this, error, callback));
};

function finishWrite(stream, error, callback) {
  stream[kIsPerformingIO] = false;
  callback(error);
  if (stream.destroyed) stream.emit(kIoDone, error);
}

function writeAll(stream, data, position, retries, callback) {
  stream[kFs].write(stream.fd, data, 0, data.length, position, (error, bytesWritten) => {
    const written = checkProgress(stream, error, bytesWritten, retries, callback, 'write failed');
    if (written === -1) return;
    if (written === data.length) {
      callback();
    } else {
      const rest = written === 0 ? data : data.subarray(written);
      writeAll(stream, rest, advance(position, written), written === 0 ? retries + 1 : 0, callback);
    }
  });
}

function writevAll(stream, buffers, size, position, retries, callback) {
  stream[kFs].writev(stream.fd, buffers, position, (error, bytesWritten) => {
    const written = checkProgress(stream, error, bytesWritten, retries, callback, 'writev failed');
    if (written === -1) return;
    if (written === size) {
      callback();
    } else {
      const rest = written === 0 ? buffers : [Buffer.concat(buffers).subarray(written)];
      const next = advance(position, written);
      writevAll(stream, rest, size - written, next, written === 0 ? retries + 1 : 0, callback);
    }
  });
}

// How many bytes have been written; -1 if that was the end of it and the callback has been called.
function checkProgress(stream, error, bytesWritten, retries, callback, failure) {
  // A descriptor that does not block may have no room now.
  if (error?.code === 'EAGAIN') {
    error = null;
    bytesWritten = 0;
  }
  if (error || stream.destroyed) {
    callback(error || new ERR_STREAM_DESTROYED('write'));
    return -1;
  }
  stream.bytesWritten += bytesWritten;
  if (bytesWritten === 0 && retries >= MAX_RETRIES) {
    callback(new ERR_SYSTEM_ERROR(failure));
    return -1;
  }
  return bytesWritten;
}

function advance(position, count) {
  return position === undefined ? undefined : position + count;
}

WriteStream.prototype._destroy = destroy;

/**
 * Ends the stream and closes the file.
 * @param {() => void} [callback] Called when the file is closed.
 */
WriteStream.prototype.close = function(callback) {
  if (callback) {
    if (this.closed) {
      process.nextTick(callback);
      return;
    }
    this.on('close', callback);
  }
  // Also where the end does not close it
  if (!this.autoClose) this.on('finish', this.destroy);
  this.end();
};

WriteStream.prototype.destroySoon = WriteStream.prototype.end;

defineStreamProperties(WriteStream, '_writableState');

module.exports = { ReadStream, WriteStream, kRef, kUnref };
