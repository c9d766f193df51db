// `net.Socket`: a duplex stream over a TCP socket, a local socket or a pipe.
'use strict';

const {
  AbortError,
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_HANDLE_TYPE, ERR_MISSING_ARGS, ERR_SOCKET_CLOSED,
    ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
  },
  errnoException,
  genericNodeError,
} = require('internal/errors');
const {
  validateAbortSignal, validateInt32, validateNumber, validateString,
} = require('internal/validators');
const { isUint8Array } = require('internal/util/types');
const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const Duplex = require('internal/streams/duplex');
const { clearTimeout } = require('internal/timers');
const { normalizeArgs, normalizedArgs } = require('internal/net/arguments');
const {
  PipeHandle, TcpHandle, UV_ECANCELED, UV_ENOTCONN, UV_EOF, UV_EPROTO, handleForDescriptor, kAdopt,
  kOwner,
} = require('internal/net/handles');
const { kTimeout, setStreamTimeout } = require('internal/net/timeouts');
const channels = require('internal/net/channels');

const kHandle = Symbol('kHandle');
const kLastWriteQueueSize = Symbol('lastWriteQueueSize');
const kBuffer = Symbol('kBuffer');
const kBufferCb = Symbol('kBufferCb');
const kBufferGen = Symbol('kBufferGen');
const kSetNoDelay = Symbol('kSetNoDelay');
const kSetKeepAlive = Symbol('kSetKeepAlive');
const kSetKeepAliveInitialDelay = Symbol('kSetKeepAliveInitialDelay');
const kSetTOS = Symbol('kSetTOS');
const kBytesRead = Symbol('kBytesRead');
const kBytesWritten = Symbol('kBytesWritten');
const kReinitializeHandle = Symbol('kReinitializeHandle');
const kWriteCallback = Symbol('kWriteCallback');

/** The encodings that handles write themselves. */
const NATIVE_ENCODINGS = {
  '__proto__': null,
  'utf8': 0,
  'utf-8': 0,
  'ascii': 1,
  'latin1': 1,
  'binary': 1,
  'ucs2': 2,
  'ucs-2': 2,
  'utf16le': 2,
  'utf-16le': 2,
};

/** What `socket.write` is after the other side has ended and we may not go on without it. */
function writeAfterFIN(chunk, encoding, callback) {
  if (!this.writableEnded) return Reflect.apply(Duplex.prototype.write, this, arguments);
  if (typeof encoding === 'function') callback = encoding;
  const error = genericNodeError('This socket has been ended by the other party', { code: 'EPIPE' });
  if (typeof callback === 'function') process.nextTick(callback, error);
  this.destroy(error);
  return false;
}

function onReadableStreamEnd() {
  if (!this.allowHalfOpen) this.write = writeAfterFIN;
}

/**
 * @param {object | number} [options]  `fd`, `handle`, `allowHalfOpen`, `readable`, `writable`, `onread`,
 *   `signal`, `noDelay`, `keepAlive`, `keepAliveInitialDelay`, `highWaterMark`, `blockList`
 */
function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  if (options?.objectMode) throw new ERR_INVALID_ARG_VALUE('options.objectMode', options.objectMode, 'is not supported');
  if (options?.readableObjectMode || options?.writableObjectMode) {
    throw new ERR_INVALID_ARG_VALUE(
      `options.${options.readableObjectMode ? 'readableObjectMode' : 'writableObjectMode'}`,
      options.readableObjectMode || options.writableObjectMode,
      'is not supported',
    );
  }
  if (typeof options?.keepAliveInitialDelay !== 'undefined') {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
  }

  this.connecting = false;
  this._hadError = false;
  this[kHandle] = null;
  this._parent = null;
  this._host = null;
  this[kLastWriteQueueSize] = 0;
  this[kTimeout] = null;
  this[kBuffer] = null;
  this[kBufferCb] = null;
  this[kBufferGen] = null;
  this._closeAfterHandlingError = false;

  if (typeof options === 'number') {
    options = { fd: options };
  } else {
    options = { ...options };
  }
  const { signal } = options;
  options.signal = undefined;
  options.allowHalfOpen = Boolean(options.allowHalfOpen);
  options.emitClose = false;
  options.autoDestroy = true;
  options.decodeStrings = false;
  Duplex.call(this, options);

  let canRead = !options.manualStart && options.readable !== false;
  if (options.handle) canRead = takeHandle(this, options.handle) && canRead;
  else if (options.fd !== undefined) openDescriptor(this, options.fd);

  const { onread } = options;
  if (onread !== null && typeof onread === 'object' &&
      (isUint8Array(onread.buffer) || typeof onread.buffer === 'function') && typeof onread.callback === 'function') {
    if (typeof onread.buffer === 'function') {
      this[kBuffer] = true;
      this[kBufferGen] = onread.buffer;
    } else {
      this[kBuffer] = onread.buffer;
    }
    this[kBufferCb] = onread.callback;
  }
  if (options.blockList) {
    const { BlockList } = require('internal/net/block_list');
    if (!BlockList.isBlockList(options.blockList)) {
      throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', options.blockList);
    }
    this.blockList = options.blockList;
  }

  this.on('end', onReadableStreamEnd);
  initSocketHandle(this);
  this._sockname = null;
  this._pendingData = null;
  this._pendingEncoding = '';

  if (this._handle && !options.connecting) {
    if (options.pauseOnCreate) {
      this._handle.reading = false;
      this._handle.readStop();
      this.readableFlowing = false;
    } else if (canRead) {
      this.read(0);
    }
  }

  this.server = null;
  this._server = null;
  this[kSetNoDelay] = Boolean(options.noDelay);
  this[kSetKeepAlive] = Boolean(options.keepAlive);
  this[kSetKeepAliveInitialDelay] = Math.max(0, ~~(options.keepAliveInitialDelay / 1000));
  this[kSetTOS] = options.typeOfService;
  if (options.typeOfService !== undefined) validateInt32(options.typeOfService, 'options.typeOfService', 0, 255);
  this[kBytesRead] = 0;
  this[kBytesWritten] = 0;
  if (signal) abortWith(this, signal);
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype);
Object.setPrototypeOf(Socket, Duplex);

/** Gives a socket its handle; whether it can be read from. */
function takeHandle(socket, handle) {
  if (typeof handle[kAdopt] !== 'function') {
    socket._handle = handle;
    return true;
  }
  // It is bound but not connected.
  socket._handle = handle[kAdopt]();
  return false;
}

function openDescriptor(socket, fd) {
  const handle = handleForDescriptor(fd);
  socket._handle = handle;
  const status = handle.open(fd);
  if (status) throw errnoException(status, 'open');
}

function abortWith(socket, signal) {
  validateAbortSignal(signal, 'signal');
  const onAborted = () => socket.destroy(new AbortError(undefined, { cause: signal.reason }));
  if (signal.aborted) {
    process.nextTick(onAborted);
    return;
  }
  const { addAbortListener } = require('internal/events/abort_listener');
  const subscription = addAbortListener(signal, onAborted);
  socket.once('close', () => subscription[Symbol.dispose]());
}

/** Ties a socket to the handle that it has got. */
function initSocketHandle(socket) {
  socket._undestroy();
  socket._sockname = null;
  const handle = socket._handle;
  if (!handle) return;
  handle[kOwner] = socket;
  if (handle.onread !== onStreamRead) handle.onread = onStreamRead;
  handle.reading = false;
  let buffer = socket[kBuffer];
  if (buffer === null) return;
  const generate = socket[kBufferGen];
  if (generate !== null) {
    buffer = generate();
    if (!isUint8Array(buffer)) return;
    socket[kBuffer] = buffer;
  }
  handle.useUserBuffer(buffer);
}

/** The event of a handle: something, or the end of it, has been read. */
function onStreamRead(count, arrayBuffer, offset) {
  const handle = this;
  const stream = handle[kOwner];
  if (stream === undefined || stream === null) return;
  stream._unrefTimer();

  if (count > 0) {
    if (stream.destroyed) return;
    const more = arrayBuffer === undefined ?
      readIntoUserBuffer(stream, handle, count) :
      stream.push(new FastBuffer(arrayBuffer, offset, count));
    if (!more && handle.reading) stopReading(stream, handle);
    return;
  }
  if (count === 0) return;
  if (count !== UV_EOF) {
    stream.destroy(errnoException(count, 'read'));
    return;
  }
  // The handle has stopped by itself.
  stream.push(null);
  stream.read(0);
}

function readIntoUserBuffer(stream, handle, count) {
  const more = stream[kBufferCb](count, stream[kBuffer]) !== false;
  const generate = stream[kBufferGen];
  if (generate !== null) {
    const next = generate();
    if (isUint8Array(next)) {
      stream[kBuffer] = next;
      if (stream._handle === handle) handle.useUserBuffer(next);
    }
  }
  return more;
}

function stopReading(stream, handle) {
  handle.reading = false;
  if (stream.destroyed) return;
  const status = handle.readStop();
  if (status) stream.destroy(errnoException(status, 'read'));
}

function startReading(stream, handle) {
  handle.reading = true;
  const status = handle.readStart();
  if (status) stream.destroy(errnoException(status, 'read'));
}

PipeHandle.prototype.onread = onStreamRead;
TcpHandle.prototype.onread = onStreamRead;

const proto = Socket.prototype;

proto._unrefTimer = function _unrefTimer() {
  for (let socket = this; socket !== null && socket !== undefined; socket = socket._parent) {
    const timer = socket[kTimeout];
    if (timer) timer.refresh();
  }
};

proto._final = function(callback) {
  if (this.connecting) {
    this.once('connect', () => this._final(callback));
    return;
  }
  if (!this._handle) {
    callback();
    return;
  }
  const status = this._handle.shutdown(() => callback());
  if (status === 0) return;
  if (status === UV_ENOTCONN) callback();
  else callback(errnoException(status, 'shutdown'));
};

proto.setTimeout = setStreamTimeout;

proto._onTimeout = function() {
  const handle = this._handle;
  const last = this[kLastWriteQueueSize];
  if (last > 0 && handle) {
    // A write that goes on, however slowly, is no idleness.
    const { writeQueueSize } = handle;
    if (last !== writeQueueSize) {
      this[kLastWriteQueueSize] = writeQueueSize;
      this._unrefTimer();
      return;
    }
  }
  this.emit('timeout');
};

proto.setNoDelay = function(enable) {
  const value = enable === undefined ? true : Boolean(enable);
  const handle = this._handle;
  if (!handle) {
    this[kSetNoDelay] = value;
  } else if (handle.setNoDelay && value !== this[kSetNoDelay]) {
    this[kSetNoDelay] = value;
    handle.setNoDelay(value);
  }
  return this;
};

proto.setKeepAlive = function(enable, initialDelayMsecs, interval, count) {
  enable = Boolean(enable);
  const initialDelay = Math.max(0, ~~(initialDelayMsecs / 1000));
  const handle = this._handle;
  if (!handle) {
    this[kSetKeepAlive] = enable;
    this[kSetKeepAliveInitialDelay] = initialDelay;
    return this;
  }
  if (!handle.setKeepAlive) return this;
  const changes = enable !== this[kSetKeepAlive] ||
    (enable && (this[kSetKeepAliveInitialDelay] !== initialDelay || interval !== undefined || count !== undefined));
  if (changes) {
    this[kSetKeepAlive] = enable;
    this[kSetKeepAliveInitialDelay] = initialDelay;
    keepAlive(handle, enable, initialDelay, interval, count);
  }
  return this;
};

/** The interval and the number of probes where the program does not say. */
const PROBE_INTERVAL = 1;
const PROBE_COUNT = 10;

function keepAlive(handle, enable, initialDelay, interval, count) {
  const seconds = Math.max(0, ~~(interval / 1000)) || PROBE_INTERVAL;
  handle.setKeepAlive(enable, initialDelay, seconds, count || PROBE_COUNT);
}

proto.setTypeOfService = function(tos) {
  if (Number.isNaN(tos)) throw new ERR_INVALID_ARG_TYPE('tos', 'number', tos);
  validateInt32(tos, 'tos', 0, 255);
  const handle = this._handle;
  if (!handle) {
    this[kSetTOS] = tos;
    return this;
  }
  if (!handle.setTypeOfService) return this;
  this[kSetTOS] = tos;
  const status = handle.setTypeOfService(tos);
  if (status) throw errnoException(status, 'setTypeOfService');
  return this;
};

proto.getTypeOfService = function() {
  const handle = this._handle;
  if (!handle?.getTypeOfService) return this[kSetTOS] ?? 0;
  const value = handle.getTypeOfService();
  // A socket that is not made yet has what it is going to get.
  if (value < 0) {
    if (this.connecting) return this[kSetTOS] ?? 0;
    throw errnoException(value, 'getTypeOfService');
  }
  return value;
};

proto.address = function() {
  return this._getsockname();
};

Object.defineProperties(proto, {
  _connecting: {
    get() { return this.connecting; },
  },
  pending: {
    get() { return !this._handle || this.connecting; },
    configurable: true,
  },
  readyState: {
    get() {
      if (this.connecting) return 'opening';
      if (this.readable && this.writable) return 'open';
      if (this.readable && !this.writable) return 'readOnly';
      if (!this.readable && this.writable) return 'writeOnly';
      return 'closed';
    },
  },
  bufferSize: {
    get() { return this._handle ? this.writableLength : undefined; },
  },
  _handle: {
    get() { return this[kHandle]; },
    set(handle) { this[kHandle] = handle; },
  },
});

proto._read = function(n) {
  if (this.connecting || !this._handle) {
    this.once('connect', () => this._read(n));
  } else if (!this._handle.reading) {
    startReading(this, this._handle);
  }
};

proto.end = function(data, encoding, callback) {
  Duplex.prototype.end.call(this, data, encoding, callback);
  return this;
};

proto.resetAndDestroy = function() {
  if (!this._handle) {
    this.destroy(new ERR_SOCKET_CLOSED());
    return this;
  }
  if (!(this._handle instanceof TcpHandle)) throw new ERR_INVALID_HANDLE_TYPE();
  if (this.connecting) this.once('connect', () => this._reset());
  else this._reset();
  return this;
};

function ownsBuffer(socket) {
  return socket[kBuffer] && !socket.connecting && socket._handle;
}

proto.pause = function() {
  if (ownsBuffer(this) && this._handle.reading) stopReading(this, this._handle);
  return Duplex.prototype.pause.call(this);
};

proto.resume = function() {
  if (ownsBuffer(this) && !this._handle.reading) startReading(this, this._handle);
  return Duplex.prototype.resume.call(this);
};

proto.read = function(n) {
  if (ownsBuffer(this) && !this._handle.reading) startReading(this, this._handle);
  return Duplex.prototype.read.call(this, n);
};

proto.destroySoon = function() {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once('finish', this.destroy);
};

function emitCloseNT(socket) {
  socket.emit('close');
}

proto._destroy = function(exception, callback) {
  this.connecting = false;
  for (let socket = this; socket !== null && socket !== undefined; socket = socket._parent) {
    clearTimeout(socket[kTimeout]);
  }
  const handle = this._handle;
  if (handle) {
    const isException = Boolean(exception);
    this[kBytesRead] = handle.bytesRead;
    this[kBytesWritten] = handle.bytesWritten;
    const emitClose = () => this.emit('close', isException);
    // The program's 'error' handlers may want to know whose socket it was, and the peer is told after them.
    if (this._closeAfterHandlingError) queueMicrotask(() => closeHandle(this, handle, emitClose));
    else closeHandle(this, handle, emitClose);
    callback(exception);
  } else {
    callback(exception);
    process.nextTick(emitCloseNT, this);
  }
  if (this._server) {
    this._server._connections--;
    this._server._emitCloseIfDrained?.();
  }
};

function closeHandle(socket, handle, emitClose) {
  if (socket.resetAndClosing) {
    socket.resetAndClosing = false;
    const status = handle.resetOnClose();
    handle.close(emitClose);
    if (status) socket.emit('error', errnoException(status, 'reset'));
  } else {
    handle.close(emitClose);
  }
  socket._handle = null;
  socket._sockname = null;
}

proto._reset = function() {
  this.resetAndClosing = true;
  return this.destroy();
};

proto._getpeername = function() {
  if (!this._handle?.getpeername || this.connecting) return this._peername || {};
  if (!this._peername) {
    const end = {};
    if (this._handle.getpeername(end)) return end;
    this._peername = end;
  }
  return this._peername;
};

proto._getsockname = function() {
  if (!this._handle?.getsockname) return {};
  if (!this._sockname) {
    this._sockname = {};
    this._handle.getsockname(this._sockname);
  }
  return this._sockname;
};

/** Defines a getter that programs see among the properties. */
function getter(name, get) {
  Object.defineProperty(proto, name, { get, enumerable: true });
}

getter('bytesRead', function bytesRead() {
  return this._handle ? this._handle.bytesRead : this[kBytesRead];
});
getter('remoteAddress', function remoteAddress() {
  return this._getpeername().address;
});
getter('remoteFamily', function remoteFamily() {
  return this._getpeername().family;
});
getter('remotePort', function remotePort() {
  return this._getpeername().port;
});
getter('localAddress', function localAddress() {
  return this._getsockname().address;
});
getter('localPort', function localPort() {
  return this._getsockname().port;
});
getter('localFamily', function localFamily() {
  return this._getsockname().family;
});
getter('_bytesDispatched', function _bytesDispatched() {
  return this._handle ? this._handle.bytesWritten : this[kBytesWritten];
});
getter('bytesWritten', function bytesWritten() {
  const writable = this._writableState;
  if (!writable) return undefined;
  let bytes = this._bytesDispatched;
  for (const { chunk, encoding } of this.writableBuffer) bytes += lengthOf(chunk, encoding);
  const pending = this._pendingData;
  if (Array.isArray(pending)) {
    for (const entry of pending) bytes += pending.allBuffers ? entry.length : lengthOf(entry.chunk, entry.encoding);
  } else if (pending) {
    bytes += lengthOf(pending, this._pendingEncoding);
  }
  return bytes;
});

function lengthOf(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
}

proto._writeGeneric = function(writev, data, encoding, callback) {
  if (this.connecting) {
    writeWhenConnected(this, writev, data, encoding, callback);
    return;
  }
  this._pendingData = null;
  this._pendingEncoding = '';
  const handle = this._handle;
  if (!handle) {
    callback(new ERR_SOCKET_CLOSED());
    return false;
  }
  this._unrefTimer();
  const status = writev ? writeAll(handle, data) : writeOne(handle, data, encoding);
  if (status === 0) {
    callback();
  } else if (status > 0) {
    handle[kWriteCallback] = callback;
    this[kLastWriteQueueSize] = handle.writeQueueSize;
  } else {
    callback(errnoException(status, 'write'));
  }
};

function writeOne(handle, data, encoding) {
  if (typeof data !== 'string') return handle.write(data, 0, afterAsyncWrite);
  const native = NATIVE_ENCODINGS[encoding];
  if (native === undefined) return handle.write(Buffer.from(data, encoding), 0, afterAsyncWrite);
  return handle.write(data, native, afterAsyncWrite);
}

function writeAll(handle, data) {
  const { allBuffers } = data;
  if (allBuffers) {
    for (let i = 0; i < data.length; i++) data[i] = data[i].chunk ?? data[i];
    return handle.writev(data, true, afterAsyncWrite);
  }
  const list = [];
  for (const { chunk, encoding } of data) {
    const native = typeof chunk === 'string' ? NATIVE_ENCODINGS[encoding] : 0;
    if (native === undefined) list.push(Buffer.from(chunk, encoding), 0);
    else list.push(chunk, native);
  }
  return handle.writev(list, false, afterAsyncWrite);
}

function writeWhenConnected(socket, writev, data, encoding, callback) {
  socket._pendingData = data;
  socket._pendingEncoding = encoding;
  function onClose() {
    callback(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
  }
  socket.once('connect', function connect() {
    this.off('close', onClose);
    this._writeGeneric(writev, data, encoding, callback);
  });
  socket.once('close', onClose);
}

/** The callback of a handle: what was queued has been written, or will not be. */
function afterAsyncWrite(status) {
  const socket = this[kOwner];
  const callback = this[kWriteCallback];
  this[kWriteCallback] = null;
  if (status < 0) {
    // What encrypts may know more.
    const reason = status === UV_EPROTO || status === UV_ECANCELED ? this.writeError : undefined;
    callback(errnoException(status, 'write', reason));
    return;
  }
  if (socket.destroyed) {
    callback(null);
    return;
  }
  socket._unrefTimer();
  socket[kLastWriteQueueSize] = 0;
  callback();
}

proto._writev = function(chunks, callback) {
  this._writeGeneric(true, chunks, '', callback);
};

proto._write = function(data, encoding, callback) {
  this._writeGeneric(false, data, encoding, callback);
};

proto.connect = function(...args) {
  // Of `net.connect`, which has put its arguments in order already.
  const normalized = Array.isArray(args[0]) && args[0][normalizedArgs] ? args[0] : normalizeArgs(args);
  const [options, callback] = normalized;
  if (options.port === undefined && options.path === undefined || options.path === null && options.port === undefined) {
    throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
  }
  if (channels.clientSocket?.hasSubscribers) channels.clientSocket.publish({ socket: this });
  if (this.write !== proto.write) this.write = proto.write;
  if (this.destroyed) {
    this._handle = null;
    this._peername = undefined;
    this._sockname = undefined;
  }
  const { path } = options;
  const isPipe = Boolean(path);
  if (!this._handle) {
    this._handle = isPipe ? new PipeHandle() : new TcpHandle();
    initSocketHandle(this);
  }
  if (callback !== null) this.once('connect', callback);
  this._unrefTimer();
  this.connecting = true;
  if (isPipe) {
    validateString(path, 'options.path');
    require('internal/net/connect').connectPath(this, path);
  } else {
    require('internal/net/connect').lookupAndConnect(this, options);
  }
  return this;
};

/** Gives a socket whose attempt has failed another handle. */
proto[kReinitializeHandle] = function reinitializeHandle(handle) {
  this._handle?.close();
  this._handle = handle;
  this._handle[kOwner] = this;
  initSocketHandle(this);
};

/**
 * What comes after a connection stands.
 * @param {Socket} socket
 */
function afterConnected(socket) {
  const handle = socket._handle;
  socket._unrefTimer();
  if (socket[kSetNoDelay] && handle.setNoDelay) handle.setNoDelay(true);
  if (socket[kSetKeepAlive] && handle.setKeepAlive) keepAlive(handle, true, socket[kSetKeepAliveInitialDelay]);
  if (socket[kSetTOS] !== undefined && handle.setTypeOfService) handle.setTypeOfService(socket[kSetTOS]);
  socket.emit('connect');
  socket.emit('ready');
  // Reading begins now, if anybody waits for it.
  if (socket.readable && !socket.isPaused()) socket.read(0);
}

proto.ref = function() {
  if (!this._handle) {
    this.once('connect', this.ref);
    return this;
  }
  if (typeof this._handle.ref === 'function') this._handle.ref();
  return this;
};

proto.unref = function() {
  if (!this._handle) {
    this.once('connect', this.unref);
    return this;
  }
  if (typeof this._handle.unref === 'function') this._handle.unref();
  return this;
};

module.exports = {
  Socket,
  afterConnected,
  kReinitializeHandle,
  kSetKeepAlive,
  kSetKeepAliveInitialDelay,
  kSetNoDelay,
  keepAlive,
};
