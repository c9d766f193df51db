// `http.ServerResponse`: what a server answers.
'use strict';

const {
  codes: {
    ERR_HTTP_HEADERS_SENT, ERR_HTTP_INVALID_STATUS_CODE, ERR_HTTP_SOCKET_ASSIGNED, ERR_INVALID_ARG_VALUE,
    ERR_INVALID_CHAR,
  },
} = require('internal/errors');
const {
  validateFunction, validateInteger, validateLinkHeaderValue, validateObject,
} = require('internal/validators');
const { OutgoingMessage } = require('_http_outgoing');
const { calculateLenientFlags, chunkExpression } = require('_http_common');
const { checkInvalidHeaderChar, validateHeaderName, validateHeaderValue } = require('internal/http/fields');
const { kConnection, kNeedDrain, kOutHeaders, kSent } = require('internal/http/shared');
const STATUS_CODES = require('internal/http/status_codes');

const SWITCHING_PROTOCOLS = 101;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/**
 * @param {import('http').IncomingMessage} req the request that it answers
 * @param {{ highWaterMark?: number, rejectNonStandardBodyWrites?: boolean }} [options]
 */
function ServerResponse(req, options) {
  OutgoingMessage.call(this, options);
  if (req.method === 'HEAD') this._hasBody = false;
  this.req = req;
  this.sendDate = true;
  this._sent100 = false;
  this._expect_continue = false;
  this[kConnection] = null;
  if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
    this.useChunkedEncodingByDefault = chunkExpression.test(req.headers.te);
    this.shouldKeepAlive = false;
  }
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ServerResponse, OutgoingMessage);

const proto = ServerResponse.prototype;

proto.statusCode = 200;
proto.statusMessage = undefined;

proto._isLenientHeaderValidation = function _isLenientHeaderValidation() {
  const server = this.req?.socket?.server;
  return (server !== undefined && server !== null) && isLenientServer(server);
};

function isLenientServer(server) {
  return calculateLenientFlags(server.httpValidation, server.insecureHTTPParser) !== 0;
}

/** The event 'close' of a socket: its response ends with it. */
function onSocketClose() {
  const response = this._httpMessage;
  if (response) closeResponse(response);
}

/** A response is over. */
function closeResponse(response) {
  if (response._closed) return;
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
}

/** The last part of a response has been given to the system: its connection serves the next one. */
proto[kSent] = function() {
  const connection = this[kConnection];
  if (connection !== null) connection.onSent(this);
};

/** Gives the response the connection to itself. */
proto.assignSocket = function assignSocket(socket) {
  if (socket._httpMessage) {
    if (socket._httpMessage.req === this.req) throw new ERR_HTTP_SOCKET_ASSIGNED();
  }
  socket._httpMessage = this;
  // A server's connection tells its response by itself.
  if (socket[kConnection] === undefined) socket.on('close', onSocketClose);
  this.socket = socket;
  this.emit('socket', socket);
  this._flush();
};

proto.detachSocket = function detachSocket(socket) {
  if (socket[kConnection] === undefined) socket.removeListener('close', onSocketClose);
  socket._httpMessage = null;
  this.socket = null;
};

/** The lines of the fields of an informational response. */
function informationLines(headers, lenient) {
  let text = '';
  const add = (name, value) => {
    validateHeaderName(name);
    validateHeaderValue(name, value, lenient);
    text += `${name}: ${value}\r\n`;
  };
  if (!Array.isArray(headers)) {
    for (const name of Object.keys(headers)) add(name, headers[name]);
  } else if (Array.isArray(headers[0])) {
    for (const [name, value] of headers) add(name, value);
  } else {
    if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
    for (let i = 0; i < headers.length; i += 2) add(headers[i], headers[i + 1]);
  }
  return text;
}

/**
 * Sends an informational response before the response itself.
 * @param {number} statusCode from 100 to 199 but 101
 * @param {object | any[]} [headers]
 * @param {Function} [callback] called once it is sent
 */
proto.writeInformation = function writeInformation(statusCode, headers, callback) {
  validateInteger(statusCode, 'statusCode', 100, 199);
  if (statusCode === SWITCHING_PROTOCOLS) throw new ERR_HTTP_INVALID_STATUS_CODE(statusCode);
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  let text = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] || 'unknown'}\r\n`;
  if (headers !== undefined && headers !== null) {
    if (typeof headers !== 'object') validateObject(headers, 'headers');
    text += informationLines(headers, this._isLenientHeaderValidation());
  }
  this._writeRaw(`${text}\r\n`, 'ascii', callback);
};

proto.writeContinue = function writeContinue(callback) {
  this.writeInformation(100, null, callback);
  this._sent100 = true;
};

proto.writeProcessing = function writeProcessing(callback) {
  this.writeInformation(102, null, callback);
};

/**
 * @param {{ link: string | string[] }} hints
 * @param {Function} [callback] called once they are sent
 */
proto.writeEarlyHints = function writeEarlyHints(hints, callback) {
  validateObject(hints, 'hints');
  if (hints.link === null || hints.link === undefined) return;
  const link = validateLinkHeaderValue(hints.link);
  if (link.length === 0) return;
  const headers = ['Link', link];
  for (const name of Object.keys(hints)) {
    if (name !== 'link') headers.push(name, hints[name]);
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  this.writeInformation(103, headers, callback);
};

proto._implicitHeader = function _implicitHeader() {
  this.writeHead(this.statusCode);
};

/** Adds the fields of `writeHead` to those that were set before. */
function mergeHeaders(response, headers) {
  if (Array.isArray(headers)) {
    if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
    // They replace what was set, but may themselves come several times.
    for (let i = 0; i < headers.length; i += 2) response.removeHeader(headers[i]);
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i]) response.appendHeader(headers[i], headers[i + 1]);
    }
  } else if (headers) {
    for (const name of Object.keys(headers)) {
      if (name) response.setHeader(name, headers[name]);
    }
  }
}

/** By status: the reason that was given last, and the line with it. */
const reasons = [];
const firstLines = [];

function firstLineOf(status, reason) {
  if (reasons[status] === reason) return firstLines[status];
  if (checkInvalidHeaderChar(reason, false)) throw new ERR_INVALID_CHAR('statusMessage');
  reasons[status] = reason;
  return firstLines[status] = `HTTP/1.1 ${status} ${reason}\r\n`;
}

/**
 * Makes the header, which goes out with the first part of the body.
 * @param {number} statusCode
 * @param {string} [reason]
 * @param {object | any[]} [headers]
 */
proto.writeHead = function writeHead(statusCode, reason, headers) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  const given = statusCode;
  statusCode |= 0;
  if (statusCode < 100 || statusCode > 999) throw new ERR_HTTP_INVALID_STATUS_CODE(given);

  if (typeof reason === 'string') {
    this.statusMessage = reason;
  } else {
    this.statusMessage ||= STATUS_CODES[statusCode] || 'unknown';
    headers ??= reason;
  }
  this.statusCode = statusCode;
  if (this[kOutHeaders]) {
    mergeHeaders(this, headers);
    headers = this[kOutHeaders];
  }
  const firstLine = firstLineOf(statusCode, this.statusMessage);
  if (statusCode === NO_CONTENT || statusCode === NOT_MODIFIED || statusCode < 200) this._hasBody = false;
  // Whoever was not told to go on may send the body or another request: nobody knows.
  if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
  this._storeHeader(firstLine, headers);
  return this;
};

/** The event 'drain' of a socket, for its response. */
function drainResponse(response) {
  if (response && !response.finished && response[kNeedDrain]) {
    response[kNeedDrain] = false;
    response.emit('drain');
  }
}

module.exports = { ServerResponse, closeResponse, drainResponse };
