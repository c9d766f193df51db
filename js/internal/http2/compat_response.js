// `Http2ServerResponse`: a response with the interface of `http.ServerResponse`.
'use strict';

const Stream = require('internal/streams/legacy').Stream;
const {
  codes: {
    ERR_HTTP2_HEADERS_SENT, ERR_HTTP2_INFO_STATUS_NOT_ALLOWED, ERR_HTTP2_INVALID_HEADER_VALUE,
    ERR_HTTP2_INVALID_PSEUDOHEADER, ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED,
    ERR_HTTP2_STATUS_INVALID, ERR_INVALID_ARG_VALUE,
    ERR_INVALID_CHAR, ERR_INVALID_HTTP_TOKEN, ERR_STREAM_WRITE_AFTER_END,
  },
} = require('internal/errors');
const {
  validateFunction, validateLinkHeaderValue, validateObject, validateString,
} = require('internal/validators');
const { compatSocket } = require('internal/http2/compat_socket');
const { PSEUDO, TOKEN, isConnectionField } = require('internal/http2/headers');
const { kProxyStreamSocket, kResponse } = require('internal/http2/symbols');

const kState = Symbol('state');
const kHeaders = Symbol('headers');
const kTrailers = Symbol('trailers');
const kStream = Symbol('stream');
const kSetHeader = Symbol('setHeader');
const kAppendHeader = Symbol('appendHeader');
const kBeginSend = Symbol('begin-send');
const kOptions = Symbol('options');

const INVALID_CHARACTER = /[^\t\x20-\x7e\x80-\xff]/;

let hasWarnedOfStatus = false;
let hasWarnedOfConnection = false;

function warnOfStatusMessage() {
  if (hasWarnedOfStatus) return;
  hasWarnedOfStatus = true;
  process.emitWarning('Status message is not supported by HTTP/2 (RFC7540 8.1.2.4)', 'UnsupportedWarning');
}

function warnOfConnectionHeader() {
  if (hasWarnedOfConnection) return;
  hasWarnedOfConnection = true;
  process.emitWarning('The provided connection header is not valid, the value will be dropped from the header and ' +
    'will never be in use.', 'UnsupportedWarning');
}

/** Whether a field is of the connection, and is dropped. */
function isDropped(name, value) {
  if (!isConnectionField(name, value)) return false;
  warnOfConnectionHeader();
  return true;
}

function checkField(name, value) {
  if (name === '' || name[0] !== ':' && !TOKEN.test(name)) {
    throw new ERR_INVALID_HTTP_TOKEN('Header name', name);
  }
  if (value === undefined || value === null) {
    throw new ERR_HTTP2_INVALID_HEADER_VALUE(value, name);
  }
  if (INVALID_CHARACTER.test(value)) throw new ERR_INVALID_CHAR('header content', name);
}

/** Programs set no pseudo-headers. */
function checkPseudo(name) {
  if (name[0] !== ':') return;
  if (PSEUDO.all.has(name)) throw new ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED();
  throw new ERR_HTTP2_INVALID_PSEUDOHEADER(name);
}

// The events of the stream below.

function onDrain() {
  this[kResponse]?.emit('drain');
}

function onError() {
  // It is the stream's own; the response is closed.
}

function onTrailersReady() {
  this.sendTrailers(this[kResponse][kTrailers]);
}

function onClose() {
  const response = this[kResponse];
  if (response === undefined) return;
  const state = response[kState];
  if (this.headRequest !== state.headRequest) return;
  state.closed = true;
  this[kProxyStreamSocket] = null;
  this.removeListener('wantTrailers', onTrailersReady);
  this[kResponse] = undefined;
  response.emit('finish');
  response.emit('close');
}

function onTimeout() {
  this[kResponse]?.emit('timeout');
}

class Http2ServerResponse extends Stream {
  constructor(stream, options) {
    super(options);
    this[kState] = {
      closed: false,
      ending: false,
      destroyed: false,
      headRequest: false,
      sendDate: true,
      statusCode: 200,
    };
    this[kHeaders] = { __proto__: null };
    this[kTrailers] = { __proto__: null };
    this[kStream] = stream;
    Object.defineProperty(this, kOptions, { value: options, enumerable: false });
    Object.defineProperty(stream, kProxyStreamSocket, { value: null, writable: true, configurable: true });
    Object.defineProperty(stream, kResponse, { value: this, writable: true, configurable: true });
    this.writable = true;
    this.req = stream[require('internal/http2/symbols').kRequest];
    stream.on('drain', onDrain);
    stream.on('close', onClose);
    stream.on('error', onError);
    stream.on('wantTrailers', onTrailersReady);
    stream.on('timeout', onTimeout);
  }

  // What programs that know of `http` look at.
  get _header() {
    return this.headersSent;
  }

  get writableEnded() {
    return this[kState].ending;
  }

  get finished() {
    return this[kState].ending;
  }

  get socket() {
    // Nothing is left of it after the end.
    if (this[kState].closed) return undefined;
    return compatSocket(this[kStream]);
  }

  get connection() {
    return this.socket;
  }

  get stream() {
    return this[kStream];
  }

  get headersSent() {
    return this[kStream].headersSent;
  }

  get sendDate() {
    return this[kState].sendDate;
  }

  set sendDate(value) {
    this[kState].sendDate = Boolean(value);
  }

  get statusCode() {
    return this[kState].statusCode;
  }

  set statusCode(code) {
    code |= 0;
    if (code >= 100 && code < 200) throw new ERR_HTTP2_INFO_STATUS_NOT_ALLOWED();
    if (code < 100 || code > 599) throw new ERR_HTTP2_STATUS_INVALID(code);
    this[kState].statusCode = code;
  }

  get writableCorked() {
    return this[kStream].writableCorked;
  }

  get writableHighWaterMark() {
    return this[kStream].writableHighWaterMark;
  }

  get writableObjectMode() {
    return this[kStream].writableObjectMode;
  }

  get writableFinished() {
    return this[kStream].writableFinished;
  }

  get writableLength() {
    return this[kStream].writableLength;
  }

  get writableNeedDrain() {
    return this[kStream].writableNeedDrain;
  }

  setTrailer(name, value) {
    validateString(name, 'name');
    name = name.trim().toLowerCase();
    checkField(name, value);
    this[kTrailers][name] = value;
  }

  addTrailers(headers) {
    for (const name of Object.keys(headers)) this.setTrailer(name, headers[name]);
  }

  getHeader(name) {
    validateString(name, 'name');
    return this[kHeaders][name.trim().toLowerCase()];
  }

  getHeaderNames() {
    return Object.keys(this[kHeaders]);
  }

  getHeaders() {
    return Object.assign({ __proto__: null }, this[kHeaders]);
  }

  hasHeader(name) {
    validateString(name, 'name');
    return Object.hasOwn(this[kHeaders], name.trim().toLowerCase());
  }

  removeHeader(name) {
    validateString(name, 'name');
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    name = name.trim().toLowerCase();
    if (name === 'date') this[kState].sendDate = false;
    else delete this[kHeaders][name];
  }

  setHeader(name, value) {
    validateString(name, 'name');
    this[kSetHeader](name, value);
  }

  [kSetHeader](name, value) {
    name = name.trim().toLowerCase();
    checkField(name, value);
    checkPseudo(name);
    if (!this.#mayChange(name, value)) return;
    this[kHeaders][name] = value;
  }

  appendHeader(name, value) {
    validateString(name, 'name');
    this[kAppendHeader](name, value);
  }

  [kAppendHeader](name, value) {
    name = name.trim().toLowerCase();
    checkField(name, value);
    checkPseudo(name);
    if (!this.#mayChange(name, value)) return;
    const existing = this[kHeaders][name];
    if (existing === undefined) this[kHeaders][name] = value;
    else this[kHeaders][name] = [].concat(existing, value);
  }

  /** Whether a field is one for the header, which is not sent yet. */
  #mayChange(name, value) {
    if (isDropped(name, value)) return false;
    const state = this[kState];
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    return !state.closed && !this[kStream].destroyed;
  }

  get statusMessage() {
    warnOfStatusMessage();
    return '';
  }

  set statusMessage(message) {
    warnOfStatusMessage();
  }

  flushHeaders() {
    const state = this[kState];
    if (!state.closed && !this[kStream].headersSent) this.writeHead(state.statusCode);
  }

  writeHead(statusCode, statusMessage, headers) {
    const state = this[kState];
    if (state.closed || this[kStream].destroyed || this[kStream].closed) return this;
    if (this[kStream].headersSent) throw new ERR_HTTP2_HEADERS_SENT();
    if (typeof statusMessage === 'string') warnOfStatusMessage();
    if (headers === undefined && typeof statusMessage === 'object') headers = statusMessage;
    if (Array.isArray(headers)) this.#setHeaderList(headers);
    else if (typeof headers === 'object' && headers !== null) {
      for (const name of Object.keys(headers)) this[kSetHeader](name, headers[name]);
    }
    this.statusCode = statusCode;
    this[kBeginSend]();
    return this;
  }

  #setHeaderList(headers) {
    if (headers.length > 0 && Array.isArray(headers[0])) {
      for (const [name, value] of headers) this[kAppendHeader](name, value);
      return;
    }
    if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
    for (let i = 0; i < headers.length; i += 2) this[kAppendHeader](headers[i], headers[i + 1]);
  }

  cork() {
    this[kStream].cork();
  }

  uncork() {
    this[kStream].uncork();
  }

  write(chunk, encoding, callback) {
    const state = this[kState];
    if (typeof encoding === 'function') {
      callback = encoding;
      encoding = 'utf8';
    }
    let error;
    if (state.ending) error = new ERR_STREAM_WRITE_AFTER_END();
    else if (state.closed) error = new ERR_HTTP2_INVALID_STREAM();
    else if (state.destroyed) return false;
    if (error) {
      if (typeof callback === 'function') process.nextTick(callback, error);
      this.destroy(error);
      return false;
    }
    const stream = this[kStream];
    if (!stream.headersSent) this.writeHead(state.statusCode);
    return stream.write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    const stream = this[kStream];
    const state = this[kState];
    if (typeof chunk === 'function') {
      callback = chunk;
      chunk = null;
    } else if (typeof encoding === 'function') {
      callback = encoding;
      encoding = 'utf8';
    }
    if ((state.closed || state.ending) && state.headRequest === stream.headRequest) {
      if (typeof callback === 'function') process.nextTick(callback);
      return this;
    }
    if (chunk !== null && chunk !== undefined) this.write(chunk, encoding);
    state.headRequest = stream.headRequest;
    state.ending = true;
    if (typeof callback === 'function') {
      if (stream.writableEnded) this.once('finish', callback);
      else stream.once('finish', callback);
    }
    if (!stream.headersSent) this.writeHead(state.statusCode);
    if (state.closed || stream.destroyed) onClose.call(stream);
    else stream.end();
    return this;
  }

  destroy(error) {
    const state = this[kState];
    if (state.destroyed) return;
    state.destroyed = true;
    this[kStream].destroy(error);
  }

  setTimeout(msecs, callback) {
    if (this[kState].closed) return;
    this[kStream].setTimeout(msecs, callback);
  }

  createPushResponse(headers, callback) {
    validateFunction(callback, 'callback');
    if (this[kState].closed) {
      const error = new ERR_HTTP2_INVALID_STREAM();
      process.nextTick(callback, error);
      return;
    }
    this[kStream].pushStream(headers, {}, (error, stream, all, options) => {
      if (error) {
        callback(error);
        return;
      }
      callback(null, new Http2ServerResponse(stream, options));
    });
  }

  [kBeginSend]() {
    const state = this[kState];
    const headers = this[kHeaders];
    headers[':status'] = state.statusCode;
    const options = {
      endStream: state.ending,
      waitForTrailers: true,
      sendDate: state.sendDate,
    };
    this[kStream].respond(headers, options);
  }

  /**
   * Sends information before the response.
   * @param {number} statusCode from 100 to 199
   * @param {object} [headers]
   * @returns {boolean} whether it is sent
   */
  writeInformation(statusCode, headers) {
    if (typeof statusCode !== 'number' || statusCode < 100 || statusCode > 199 || statusCode === 101) {
      throw new ERR_HTTP2_STATUS_INVALID(statusCode);
    }
    if (headers !== undefined) validateObject(headers, 'headers');
    const stream = this[kStream];
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ...headers, ':status': statusCode });
    return true;
  }

  writeContinue() {
    return this.writeInformation(100);
  }

  writeEarlyHints(hints) {
    validateObject(hints, 'hints');
    const headers = { __proto__: null };
    const link = validateLinkHeaderValue(hints.link);
    for (const name of Object.keys(hints)) {
      if (name !== 'link') headers[name] = hints[name];
    }
    if (link.length === 0) return false;
    const stream = this[kStream];
    if (stream.headersSent || this[kState].closed) return false;
    stream.additionalHeaders({ ...headers, ':status': 103, 'Link': link });
    return true;
  }
}

module.exports = { Http2ServerResponse };
