// Node's `_http_outgoing`: the messages that a server or a client sends.
'use strict';

const EventEmitter = require('events');
const { Stream } = require('internal/streams/legacy');
const { Buffer } = require('buffer');
const {
  codes: {
    ERR_HTTP_BODY_NOT_ALLOWED, ERR_HTTP_CONTENT_LENGTH_MISMATCH, ERR_HTTP_HEADERS_SENT, ERR_INVALID_ARG_TYPE,
    ERR_INVALID_CHAR, ERR_METHOD_NOT_IMPLEMENTED, ERR_STREAM_ALREADY_FINISHED,
    ERR_STREAM_CANNOT_PIPE, ERR_STREAM_DESTROYED, ERR_STREAM_NULL_VALUES, ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const { isUint8Array } = require('internal/util/types');
const { getDefaultHighWaterMark } = require('internal/streams/state');
const {
  checkInvalidHeaderChar, lowerCaseName, validateHeaderName, validateHeaderValue,
} = require('internal/http/fields');
const { kConnection, kNeedDrain, kOutHeaders, kSent, kSocket } = require('internal/http/shared');
const { kUniqueHeaders, storeHeader } = require('internal/http/outgoing_header');
const { isFree, sendWhole } = require('internal/http/whole_message');
const { tickInfo } = require('internal/process/ticks');

const kCorked = Symbol('corked');
const kBytesWritten = Symbol('kBytesWritten');
const kErrored = Symbol('errored');
const kWritableFinished = Symbol('kWritableFinished');
const kEndCallbacks = Symbol('kEndCallbacks');
const kHighWaterMark = Symbol('kHighWaterMark');
const kRejectNonStandardBodyWrites = Symbol('kRejectNonStandardBodyWrites');
const kChunkedBuffer = Symbol('kChunkedBuffer');
const kChunkedLength = Symbol('kChunkedLength');

/** What waits in a message that has nothing waiting. */
const NOTHING = [];

const crlf = '\r\n';

function nop() {}

/**
 * @param {{ highWaterMark?: number, rejectNonStandardBodyWrites?: boolean }} [options]
 */
function OutgoingMessage(options) {
  this._events = undefined;
  this._eventsCount = 0;
  this._maxListeners = undefined;
  if (EventEmitter.usingDomains) EventEmitter.init.call(this);
  // What waits for the socket, and how much of it there is.
  this.outputData = NOTHING;
  this.outputSize = 0;
  this.writable = true;
  this.destroyed = false;
  // Whether the connection ends with this message.
  this._last = false;
  this.chunkedEncoding = false;
  this.shouldKeepAlive = true;
  this.maxRequestsOnConnectionReached = false;
  this._defaultKeepAlive = true;
  this.useChunkedEncodingByDefault = true;
  this.sendDate = false;
  this._removedConnection = false;
  this._removedContLen = false;
  this._removedTE = false;
  this.strictContentLength = false;
  this._contentLength = null;
  this._hasBody = true;
  this._trailer = '';
  this.finished = false;
  this._headerSent = false;
  this._closed = false;
  this._header = null;
  this._keepAliveTimeout = 0;
  this._onPendingData = nop;
  this[kBytesWritten] = 0;
  this[kNeedDrain] = false;
  this[kCorked] = 0;
  this[kChunkedBuffer] = NOTHING;
  this[kChunkedLength] = 0;
  this[kSocket] = null;
  this[kOutHeaders] = null;
  this[kErrored] = null;
  this[kWritableFinished] = false;
  this[kEndCallbacks] = null;
  this[kHighWaterMark] = options?.highWaterMark ?? getDefaultHighWaterMark();
  this[kRejectNonStandardBodyWrites] = options?.rejectNonStandardBodyWrites ?? false;
  this[kUniqueHeaders] = null;
}
Object.setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
Object.setPrototypeOf(OutgoingMessage, Stream);

const proto = OutgoingMessage.prototype;

/** Whether values of fields are only checked for what would end them. */
proto._isLenientHeaderValidation = function _isLenientHeaderValidation() {
  return false;
};

Object.defineProperties(proto, {
  errored: {
    get() { return this[kErrored]; },
  },
  closed: {
    get() { return this._closed; },
  },
  writableFinished: {
    get() { return this[kWritableFinished]; },
  },
  writableObjectMode: {
    get() { return false; },
  },
  writableLength: {
    get() {
      const waiting = this[kChunkedBuffer].length > 0 ? lengthOfWaiting(this) : 0;
      return this.outputSize + waiting + (this[kSocket] ? this[kSocket].writableLength : 0);
    },
  },
  writableHighWaterMark: {
    get() { return this[kSocket] ? this[kSocket].writableHighWaterMark : this[kHighWaterMark]; },
  },
  writableCorked: {
    get() { return this[kCorked]; },
  },
  connection: {
    get() { return this[kSocket]; },
    set(socket) { this.socket = socket; },
  },
  socket: {
    get() { return this[kSocket]; },
    set(socket) {
      for (let i = 0; i < this[kCorked]; i++) {
        socket?.cork();
        this[kSocket]?.uncork();
      }
      this[kSocket] = socket;
    },
  },
  headersSent: {
    get() { return Boolean(this._header); },
    configurable: true,
    enumerable: true,
  },
  writableEnded: {
    get() { return this.finished; },
  },
  writableNeedDrain: {
    get() { return !this.destroyed && !this.finished && this[kNeedDrain]; },
  },
});

/** How many bytes the chunk that is being put together will take, with what goes before it. */
function lengthOfWaiting(message) {
  const length = message[kChunkedLength];
  const frame = length > 0 ? length.toString(16).length + 2 * crlf.length : 0;
  return length + frame + (message._header && !message._headerSent ? message._header.length : 0);
}

/** @returns {object} the fields by name, for `writeHead` of another message */
proto._renderHeaders = function _renderHeaders() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  const fields = this[kOutHeaders];
  const rendered = {};
  if (fields !== null) {
    for (const lower of Object.keys(fields)) rendered[fields[lower][0]] = fields[lower][1];
  }
  return rendered;
};

/** Holds back what is written, to send it together. */
proto.cork = function cork() {
  this[kCorked]++;
  this[kSocket]?.cork();
};

proto.uncork = function uncork() {
  this[kCorked]--;
  if (this[kCorked] === 0 && this[kChunkedBuffer].length > 0) sendChunks(this);
  this[kSocket]?.uncork();
};

/** Sends what was written while the message was corked as one chunk. */
function sendChunks(message) {
  const length = message[kChunkedLength];
  const chunks = message[kChunkedBuffer];
  message[kChunkedBuffer] = NOTHING;
  message[kChunkedLength] = 0;
  if (length === 0) {
    // An empty chunk would be the end.
    for (const { data, encoding, callback } of chunks) message._send(data, encoding, callback);
    return;
  }
  const callbacks = [];
  message._send(length.toString(16), 'latin1', null);
  message._send(crlf, null, null);
  for (const { data, encoding, callback } of chunks) {
    message._send(data, encoding, null);
    if (callback !== nop) callbacks.push(callback);
  }
  const callAll = (error) => callbacks.forEach((callback) => callback(error));
  message._send(crlf, null, callbacks.length === 0 ? null : callAll);
}

proto.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  if (this[kSocket]) this[kSocket].setTimeout(msecs);
  else this.once('socket', (socket) => socket.setTimeout(msecs));
  return this;
};

proto.destroy = function destroy(error) {
  if (this.destroyed) return this;
  this.destroyed = true;
  this[kErrored] = error;
  // A response that waits for others before it does not end their connection.
  if (this[kSocket]) this[kSocket].destroy(error);
  else if (!this[kConnection]) this.once('socket', (socket) => socket.destroy(error));
  return this;
};

/** Sends a part of the message, behind the header if that has not been sent. */
proto._send = function _send(data, encoding, callback, byteLength) {
  if (!this._headerSent && this._header !== null) {
    const header = this._header;
    if (typeof data === 'string' && (encoding === 'utf8' || encoding === 'latin1' || !encoding)) {
      data = header + data;
    } else {
      if (this.outputData === NOTHING) this.outputData = [];
      this.outputData.unshift({ data: header, encoding: 'latin1', callback: null });
      this.outputSize += header.length;
      this._onPendingData(header.length);
    }
    this._headerSent = true;
  }
  return this._writeRaw(data, encoding, callback, byteLength);
};

/** Gives data to the socket, or has it wait until the message has the socket to itself. */
proto._writeRaw = function _writeRaw(data, encoding, callback, size) {
  const socket = this[kSocket];
  // What is written to a socket that is gone is lost.
  if (socket?.destroyed) return false;
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (socket && socket._httpMessage === this && socket.writable) {
    if (this.outputData.length > 0) this._flushOutput(socket);
    return socket.write(data, encoding, callback);
  }
  if (this.outputData === NOTHING) this.outputData = [];
  this.outputData.push({ data, encoding, callback });
  this.outputSize += data.length;
  this._onPendingData(data.length);
  return this.outputSize < this[kHighWaterMark];
};

proto._storeHeader = function _storeHeader(firstLine, headers) {
  storeHeader(this, firstLine, headers);
};

/**
 * Sets a field.
 * @param {string} name
 * @param {number | string | string[]} value
 */
proto.setHeader = function setHeader(name, value) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
  const lower = lowerCaseName(name);
  if (value === undefined || checkInvalidHeaderChar(value, false)) {
    validateHeaderValue(name, value, this._isLenientHeaderValidation());
  }
  setField(this, lower, name, value);
  return this;
};

// Spreading an object without prototype gives one with a hidden class, where the literal gives a hash table.
const noFields = Object.setPrototypeOf({}, null);

function setField(message, lower, name, value) {
  const fields = message[kOutHeaders] ??= { ...noFields, __proto__: null };
  fields[lower] = [name, value];
}

/**
 * @param {Headers | Map<string, number | string | string[]>} headers
 */
proto.setHeaders = function setHeaders(headers) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
  const isIterable = headers && !Array.isArray(headers) &&
    typeof headers.keys === 'function' && typeof headers.get === 'function';
  if (!isIterable) throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
  // The fields of `Headers` of this name come one by one.
  const cookies = [];
  for (const { 0: name, 1: value } of headers) {
    if (name === 'set-cookie') {
      if (Array.isArray(value)) cookies.push(...value);
      else cookies.push(value);
    } else {
      this.setHeader(name, value);
    }
  }
  if (cookies.length > 0) this.setHeader('set-cookie', cookies);
  return this;
};

/** Adds a value to a field. */
proto.appendHeader = function appendHeader(name, value) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('append');
  const lower = lowerCaseName(name);
  validateHeaderValue(name, value, this._isLenientHeaderValidation());
  const fields = this[kOutHeaders];
  if (fields === null || !fields[lower]) {
    setField(this, lower, name, value);
    return this;
  }
  const entry = fields[lower];
  if (!Array.isArray(entry[1])) entry[1] = [entry[1]];
  if (Array.isArray(value)) entry[1].push(...value);
  else entry[1].push(value);
  return this;
};

proto.getHeader = function getHeader(name) {
  validateString(name, 'name');
  return this[kOutHeaders]?.[name.toLowerCase()]?.[1];
};

proto.getHeaderNames = function getHeaderNames() {
  return this[kOutHeaders] === null ? [] : Object.keys(this[kOutHeaders]);
};

proto.getRawHeaderNames = function getRawHeaderNames() {
  return this[kOutHeaders] === null ? [] : Object.values(this[kOutHeaders]).map(([name]) => name);
};

proto.getHeaders = function getHeaders() {
  const fields = this[kOutHeaders];
  const values = { __proto__: null };
  if (fields !== null) {
    for (const lower of Object.keys(fields)) values[lower] = fields[lower][1];
  }
  return values;
};

proto.hasHeader = function hasHeader(name) {
  validateString(name, 'name');
  return this[kOutHeaders] !== null && Boolean(this[kOutHeaders][name.toLowerCase()]);
};

proto.removeHeader = function removeHeader(name) {
  validateString(name, 'name');
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('remove');
  const lower = name.toLowerCase();
  switch (lower) {
    case 'connection': this._removedConnection = true; break;
    case 'content-length': this._removedContLen = true; break;
    case 'transfer-encoding': this._removedTE = true; break;
    case 'date': this.sendDate = false; break;
  }
  if (this[kOutHeaders] !== null) delete this[kOutHeaders][lower];
};

proto._implicitHeader = function _implicitHeader() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()');
};

/** Reports a write that came too late. */
function failLater(message, error, callback) {
  process.nextTick(emitErrorNT, message, error, callback);
}

function emitErrorNT(message, error, callback) {
  callback?.(error);
  if (typeof message.emit === 'function' && !message.destroyed) message.emit('error', error);
}

function uncorkNT(message) {
  // The end of the message has come meanwhile, or it has not.
  if (message[kCorked] > 0) message.uncork();
}

/**
 * @param {string | Uint8Array} chunk
 * @param {string} [encoding]
 * @param {(error?: Error) => void} [callback]
 * @returns {boolean} false asks to wait for 'drain'
 */
proto.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  const ret = writeChunk(this, chunk, encoding, callback, false);
  if (!ret) this[kNeedDrain] = true;
  return ret;
};

function checkChunk(chunk) {
  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if (typeof chunk !== 'string' && !isUint8Array(chunk)) {
    throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
  }
}

function lengthOf(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.byteLength;
}

function writeChunk(message, chunk, encoding, callback, isLast) {
  if (typeof callback !== 'function') callback = nop;
  checkChunk(chunk);
  if (message.finished || message.destroyed) return refuse(message, callback);

  const length = lengthOf(chunk, encoding);
  // Before there is a header nothing is announced, and what is too long is found out at the end.
  if (message.strictContentLength) countStrictly(message, length, isLast);
  if (!message._header) {
    if (isLast) message._contentLength = length;
    message._implicitHeader();
  }
  if (!message._hasBody) {
    if (message[kRejectNonStandardBodyWrites]) throw new ERR_HTTP_BODY_NOT_ALLOWED();
    process.nextTick(callback);
    return true;
  }
  const socket = message[kSocket];
  if (!isLast && socket && !socket.writableCorked) {
    // What is written in one go leaves together.
    message.cork();
    process.nextTick(uncorkNT, message);
  }
  if (!message.chunkedEncoding) return message._send(chunk, encoding, callback, length);
  if (message[kCorked] > 0) {
    if (message[kChunkedBuffer] === NOTHING) message[kChunkedBuffer] = [];
    message[kChunkedBuffer].push({ data: chunk, encoding, callback });
    message[kChunkedLength] += length;
    return message[kChunkedLength] < message[kHighWaterMark];
  }
  if (length === 0) return message._send(chunk, encoding, callback, 0);
  message._send(length.toString(16), 'latin1', null);
  message._send(crlf, 'latin1', null);
  message._send(chunk, encoding, null, length);
  return message._send(crlf, 'latin1', callback);
}

function refuse(message, callback) {
  const error = message.finished ? new ERR_STREAM_WRITE_AFTER_END() : new ERR_STREAM_DESTROYED('write');
  if (message.destroyed) process.nextTick(callback, error);
  else failLater(message, error, callback);
  return false;
}

/** Counts what is written where the body must be as long as its header says. */
function countStrictly(message, length, isLast) {
  const total = message[kBytesWritten] + length;
  const announced = message._contentLength;
  if (isLengthStrict(message) && (isLast ? total !== announced : total > announced)) {
    throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(total, announced);
  }
  message[kBytesWritten] = total;
}

/** Whether the body must be as long as its header says. */
function isLengthStrict(message) {
  return message.strictContentLength && message._contentLength !== null && message._hasBody &&
    !message._removedContLen && !message.chunkedEncoding && !message.hasHeader('transfer-encoding');
}

/**
 * Sets the fields behind a body that is sent in chunks.
 * @param {object | [string, string][]} headers
 */
proto.addTrailers = function addTrailers(headers) {
  this._trailer = '';
  const isList = Array.isArray(headers);
  const lenient = this._isLenientHeaderValidation();
  for (const key of Object.keys(headers)) {
    const name = isList ? headers[key][0] : key;
    const value = isList ? headers[key][1] : headers[key];
    validateHeaderName(name, 'Trailer name');
    const isUnique = this[kUniqueHeaders]?.has(name.toLowerCase());
    const isJoined = !Array.isArray(value) || value.length <= 1 || isUnique;
    for (const one of isJoined ? [Array.isArray(value) ? value.join('; ') : value] : value) {
      if (checkInvalidHeaderChar(one, lenient)) throw new ERR_INVALID_CHAR('trailer content', name);
      this._trailer += `${name}: ${one}\r\n`;
    }
  }
};

/** The last bytes of a message are on their way. */
function onFinish(message, error) {
  const socket = message[kSocket];
  if (error || socket?._hadError || socket?.errored) {
    runEndCallbacks(message, error ?? socket.errored);
    return;
  }
  message[kWritableFinished] = true;
  message[kSent]();
  runEndCallbacks(message, null);
  message.emit('finish');
}

proto[kSent] = nop;

function runEndCallbacks(message, error) {
  const callbacks = message[kEndCallbacks];
  if (callbacks === null) return;
  message[kEndCallbacks] = null;
  for (const callback of callbacks) callback(error);
}

function addEndCallback(message, callback) {
  if (message[kEndCallbacks] === null) message[kEndCallbacks] = [callback];
  else message[kEndCallbacks].push(callback);
}

/**
 * @param {string | Uint8Array} [chunk]
 * @param {string} [encoding]
 * @param {Function} [callback] called once the message is sent
 */
proto.end = function end(chunk, encoding, callback) {
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  const hasChunk = chunk !== null && chunk !== undefined;
  if (this.finished) return endAgain(this, hasChunk, callback);
  if (endAtOnce(this, hasChunk ? chunk : undefined, encoding)) {
    if (typeof callback === 'function') addEndCallback(this, callback);
    this._finish();
    return this;
  }
  if (hasChunk) {
    this[kSocket]?.cork();
    writeChunk(this, chunk, encoding, null, true);
  } else if (!this._header) {
    this[kSocket]?.cork();
    this._contentLength = 0;
    this._implicitHeader();
  }
  if (typeof callback === 'function') addEndCallback(this, callback);
  if (this.strictContentLength) countStrictly(this, 0, true);
  sendEnd(this, hasChunk);
  uncorkAll(this);
  this.finished = true;
  if (this.outputData.length === 0 && this[kSocket]?._httpMessage === this) this._finish();
  return this;
};

/** Ends a message of which nothing has been sent with one write; whether that could be. */
function endAtOnce(message, chunk, encoding) {
  const socket = message[kSocket];
  const isWhole = socket !== null && !message._headerSent && message[kCorked] === 0 && !message.destroyed &&
    message.outputData.length === 0 && !message.strictContentLength && socket._httpMessage === message;
  if (!isWhole || !isFree(socket)) return false;
  const outcome = sendWhole(message, socket, chunk, encoding, onFinish);
  if (outcome < 0) return false;
  message.finished = true;
  if (outcome > 0) return true;
  const connection = message[kConnection];
  // Where no tick is queued, the next one would come as soon as the request's listeners are through.
  if (connection?.awaitsResponse && tickInfo[0] === 0) connection.takeSent(message, onFinish);
  else process.nextTick(onFinish, message);
  return true;
}

function endAgain(message, hasChunk, callback) {
  const hasCallback = typeof callback === 'function';
  if (hasChunk) {
    const error = new ERR_STREAM_WRITE_AFTER_END();
    if (!message.destroyed) failLater(message, error, hasCallback ? callback : nop);
    return message;
  }
  if (!hasCallback) return message;
  if (message.writableFinished || message._closed) callback(new ERR_STREAM_ALREADY_FINISHED('end'));
  else addEndCallback(message, callback);
  return message;
}

function sendEnd(message, hasChunk) {
  const finish = (error) => onFinish(message, error);
  if (message._hasBody && message.chunkedEncoding) {
    if (message[kChunkedBuffer].length > 0) sendChunks(message);
    message._send(`0\r\n${message._trailer}\r\n`, 'latin1', finish);
  } else if (!message._headerSent || message.writableLength > 0 || hasChunk) {
    message._send('', 'latin1', finish);
  } else {
    process.nextTick(finish);
  }
}

function uncorkAll(message) {
  const socket = message[kSocket];
  message[kCorked] = 0;
  if (!socket) return;
  if (socket._writableState) socket._writableState.corked = 1;
  socket.uncork();
}

/** The message is complete on this side. */
proto._finish = function _finish() {
  this.emit('prefinish');
};

/** Sends what has waited for the socket. */
proto._flush = function _flush() {
  const socket = this[kSocket];
  if (!socket?.writable) return;
  const ret = this._flushOutput(socket);
  if (this.finished) {
    this._finish();
  } else if (ret && this[kNeedDrain]) {
    this[kNeedDrain] = false;
    this.emit('drain');
  }
};

proto._flushOutput = function _flushOutput(socket) {
  const { outputData } = this;
  if (outputData.length === 0) return undefined;
  socket.cork();
  let ret;
  this.outputData = NOTHING;
  for (const { data, encoding, callback } of outputData) ret = socket.write(data, encoding, callback);
  socket.uncork();
  this._onPendingData(-this.outputSize);
  this.outputSize = 0;
  return ret;
};

/** Sends the header now. */
proto.flushHeaders = function flushHeaders() {
  if (!this._header) this._implicitHeader();
  this._send('');
};

proto.pipe = function pipe() {
  this.emit('error', new ERR_STREAM_CANNOT_PIPE());
};

proto[EventEmitter.captureRejectionSymbol] = function(error) {
  this.destroy(error);
};

/**
 * @param {string[] | string[][] | undefined} headers the names whose values are sent in one field
 * @returns {Set<string> | null}
 */
function parseUniqueHeadersOption(headers) {
  if (!Array.isArray(headers)) return null;
  const unique = new Set();
  for (const header of headers) unique.add(header.toLowerCase());
  return unique;
}

module.exports = {
  kHighWaterMark,
  kUniqueHeaders,
  parseUniqueHeadersOption,
  validateHeaderName,
  validateHeaderValue,
  OutgoingMessage,
};
