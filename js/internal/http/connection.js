// A connection of an HTTP server: reads requests from its socket and sends the responses in their order.
'use strict';

const {
  codes: { ERR_HTTP_REQUEST_TIMEOUT, ERR_HTTP_SOCKET_ENCODING },
  connResetException,
} = require('internal/errors');
const { Socket } = require('internal/net/socket');
const { kTimeout, setUnrefTimeout } = require('internal/net/timeouts');
const { clearTimeout } = require('internal/timers');
const { HTTPParser, calculateLenientFlags, freeParser, prepareError } = require('_http_common');
const { MessageParser, kOnTimeout, parseError } = require('internal/http/message_parser');
const { FastBuffer } = require('internal/buffer/memory');
const { kReadsNatively } = require('internal/net/handles');
const { closeResponse, drainResponse } = require('internal/http/server_response');
const { finishResponse, onIncoming } = require('internal/http/server_request');
const { endMessage, readStart } = require('internal/http/incoming');
const { kConnection } = require('internal/http/shared');

const binding = internalBinding('process');

/** On a server: its connections. */
const kConnections = Symbol('http.server.connections');

/** The answers to what is no request, by the code of the fault. */
const FAULT_RESPONSES = {
  __proto__: null,
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
};
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/** What waits where nothing does: most connections have one request at a time. */
const NONE = [];

function nop() {}

/** What the parser's time being over would be answered with, were it the parser that watched it. */
function onParserTimeout() {
  this.duplex.destroy();
}

/** What asynchronous hooks see as the resource of a request. */
class HTTPServerAsyncResource {
  constructor(type, socket) {
    this.type = type;
    this.socket = socket;
  }
}

class Connection extends MessageParser {
  /**
   * @param {Server} server
   * @param {Duplex} socket
   */
  constructor(server, socket) {
    super();
    this.isPooled = false;
    this.server = server;
    // Also where the parser is none of its any more.
    this.duplex = socket;
    this.socket = socket;
    this[kOnTimeout] = onParserTimeout;
    // The request that is being answered, those after it, and the responses to them, which wait for the first one.
    this.request = null;
    this.laterRequests = NONE;
    this.responses = NONE;
    this.pendingData = 0;
    // While a request is being answered: the response that was sent at once.
    this.awaitsResponse = false;
    this.sentResponse = null;
    this.whenSent = null;
    this.requestCount = 0;
    this.isExpired = false;
    // What the program has of the connection while the body of a request for another protocol comes.
    this.upgradeStream = null;
    this.hasSocketTimeout = false;
    this.isIdle = false;
    this.idleSince = 0;
    this.idleFor = 0;
    this.idleTimer = null;
    this.responseOptions = {
      highWaterMark: socket.writableHighWaterMark,
      rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
    };
    this.onIncoming = onIncoming;
    if (typeof server.maxHeadersCount === 'number') this.maxHeaderPairs = server.maxHeadersCount << 1;
    this.initialize(
      HTTPParser.REQUEST,
      new HTTPServerAsyncResource('HTTPINCOMINGMESSAGE', socket),
      server.maxHeaderSize || 0,
      calculateLenientFlags(server.httpValidation, server.insecureHTTPParser),
    );
  }

  /** It has read something that is neither a header nor a body, or only a part of one. */
  onQuiet() {
    this.socket._unrefTimer();
  }

  onBody(buffer, offset, length) {
    this.socket?._unrefTimer?.();
    super.onBody(buffer, offset, length);
  }

  /** What was read is at fault, or of another protocol from somewhere on. */
  onStop(result, buffer, offset, length) {
    const { socket } = this;
    if (socket === null) return;
    socket._unrefTimer();
    const used = typeof result === 'object' ? parseError(result) : result;
    afterExecute(this, socket, used, new FastBuffer(buffer, offset, length));
  }

  onEnd(trailers) {
    if (this.incoming !== null) endMessage(this.incoming, trailers);
    // The next request may come.
    if (this.socket !== null && !(this._consumed && this.socket._handle?.reading)) readStart(this.socket);
  }

  /** Lets the socket's own listeners have what comes. */
  unconsume() {
    if (!this._consumed) return;
    const { duplex: socket } = this;
    super.unconsume();
    if (socket._handle) socket._handle._consumed = false;
    socket.removeListener('pause', onSocketPause);
    socket.removeListener('resume', onSocketResume);
  }

  /** A response was sent while its request's listeners run: it is over once they are through. */
  takeSent(res, whenSent) {
    this.sentResponse = res;
    this.whenSent = whenSent;
    this.awaitsResponse = false;
  }

  /** A response is on its way, and the next one is due. */
  onSent(res) {
    finishResponse(this, res);
  }

  /** Whether more has been answered than the other side takes. */
  isCongested() {
    const { duplex: socket } = this;
    return socket._writableState.needDrain || this.pendingData >= socket.writableHighWaterMark;
  }

  /** A request is there; it may have to wait for those before it. */
  addRequest(req) {
    if (this.request === null) {
      this.request = req;
    } else {
      if (this.laterRequests === NONE) this.laterRequests = [];
      this.laterRequests.push(req);
    }
  }

  /** The first request is answered, or given up. */
  nextRequest() {
    this.request = this.laterRequests.length > 0 ? this.laterRequests.shift() : null;
  }

  /** A response has to wait for those before it. */
  addResponse(res) {
    if (this.responses === NONE) this.responses = [];
    this.responses.push(res);
  }

  /** Counts what waits behind other responses. */
  countPendingData(amount) {
    this.pendingData += amount;
    this.resumeReading();
  }

  /** Reads on once there is not too much to send any more. */
  resumeReading() {
    const { duplex: socket } = this;
    if (!socket._paused || this.pendingData > socket.writableHighWaterMark) return;
    socket._paused = false;
    socket.resume();
  }

  /** There is nothing to do: from now on the connection lives for a while only. */
  beginIdleness() {
    const { server, duplex: socket } = this;
    const { keepAliveTimeout } = server;
    if (!keepAliveTimeout || typeof socket.setTimeout !== 'function') return;
    const duration = keepAliveTimeout + server.keepAliveTimeoutBuffer;
    if (socket[kTimeout] !== null || server.timeout) {
      socket.setTimeout(duration);
      this.hasSocketTimeout = true;
      return;
    }
    // The timer of the time before goes on: it looks when it is really due.
    this.isIdle = true;
    this.idleSince = binding.loopNow();
    if (this.idleTimer === null || this.idleFor !== duration) {
      this.stopIdleTimer();
      this.idleFor = duration;
      this.idleTimer = setUnrefTimeout(() => this.onIdleTimer(), duration);
    }
  }

  endIdleness() {
    this.isIdle = false;
    if (!this.hasSocketTimeout) return;
    this.hasSocketTimeout = false;
    this.duplex.setTimeout(this.server.timeout || 0);
  }

  onIdleTimer() {
    this.idleTimer = null;
    if (!this.isIdle) return;
    const left = this.idleSince + this.idleFor - binding.loopNow();
    if (left > 0) this.idleTimer = setUnrefTimeout(() => this.onIdleTimer(), left);
    else this.duplex._onTimeout();
  }

  /** Whether it waits for a request. */
  isBetweenRequests() {
    const response = this.socket?._httpMessage;
    return this.socket !== null && this.messageAge() < 0 && (!response || response.finished);
  }

  /** Whether its request takes too long, which is told once. */
  isLate(headersTimeout, requestTimeout) {
    const age = this.messageAge();
    if (age < 0 || this.isExpired) return false;
    this.isExpired = (headersTimeout > 0 && age > headersTimeout && !this.isHeadRead()) ||
      (requestTimeout > 0 && age > requestTimeout);
    return this.isExpired;
  }

  stopIdleTimer() {
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.idleTimer = null;
  }
}
Object.defineProperty(Connection, 'name', { value: 'HTTPParser' });

/** What follows the reading of bytes: a fault, another protocol, or nothing. */
function afterExecute(connection, socket, used, chunk) {
  if (typeof used !== 'number') {
    prepareError(used, connection, chunk);
    onSocketError.call(socket, used);
  } else if (connection.incoming?.upgrade) {
    upgrade(connection, socket, chunk.slice(used));
  } else if (connection.incoming?.method === 'PRI') {
    // A client of HTTP/2 would not understand the answer.
    socket.destroy();
  }
}

/** A request for another protocol is there; its body may still be on its way. */
function upgrade(connection, socket, head) {
  const { server, incoming: req, upgradeStream } = connection;
  if (upgradeStream !== null) {
    if (!req.complete) return;
    letGo(connection, req, socket);
    upgradeStream.requestBodyCompleted(head);
    return;
  }
  const eventName = req.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (server.listenerCount(eventName) === 0) {
    letGo(connection, req, socket);
    socket.destroy();
  } else if (req.complete) {
    letGo(connection, req, socket);
    // The program is to decide when reading begins.
    socket.readableFlowing = null;
    server.emit(eventName, req, socket, head);
  } else {
    const { UpgradeStream } = require('internal/http/upgrade_stream');
    const stream = connection.upgradeStream = new UpgradeStream(socket);
    server.emit(eventName, req, stream, head);
  }
}

/** The connection is none of HTTP any more. */
function letGo(connection, req, socket) {
  for (const name of Object.keys(LISTENERS)) socket.removeListener(name, LISTENERS[name]);
  socket.removeListener('close', onSocketCloseOfResponse);
  connection.unconsume();
  connection.finish();
  connection.stopIdleTimer();
  freeParser(connection, req, socket);
  connection.server[kConnections]?.delete(connection);
  socket[kConnection] = undefined;
}

function onSocketData(chunk) {
  const connection = this[kConnection];
  if (!connection.socket) return;
  afterExecute(connection, this, connection.execute(chunk), chunk);
}

function onSocketEnd() {
  const connection = this[kConnection];
  const { server } = connection;
  if (connection.upgradeStream !== null) {
    // The body of its request is cut off.
    this.destroy();
    return;
  }
  const error = connection.finish();
  if (error instanceof Error) {
    onSocketError.call(this, error);
  } else if (!server.httpAllowHalfOpen) {
    this.end();
  } else if (connection.responses.length > 0) {
    connection.responses.at(-1)._last = true;
  } else if (this._httpMessage) {
    this._httpMessage._last = true;
  } else {
    this.end();
  }
}

function onSocketClose() {
  const connection = this[kConnection];
  // Programs call listeners on objects of their choice.
  if (connection === undefined) return;
  connection.stopIdleTimer();
  connection.server[kConnections]?.delete(connection);
  freeParser(this.parser, null, this);
  for (let req = connection.request; req !== null; req = connection.request) {
    connection.nextRequest();
    req.destroy(connResetException('aborted'));
  }
}

/** What is being sent to a socket ends with it. */
function onSocketCloseOfResponse() {
  if (this._httpMessage) closeResponse(this._httpMessage);
}

/** An error of the socket, or one that a fault in a request amounts to. */
function onSocketError(error) {
  this.removeListener('error', onSocketError);
  if (this.listenerCount('error') === 0) this.on('error', nop);
  if (this.server.emit('clientError', error, this)) return;
  // An answer that has begun must not be spoilt.
  if (this.writable && (!this._httpMessage || !this._httpMessage._headerSent)) {
    this.write(FAULT_RESPONSES[error.code] ?? BAD_REQUEST);
  }
  this.destroy(error);
}

function onSocketTimeout() {
  const req = this.parser?.incoming;
  const handledByRequest = req && !req.complete && req.emit('timeout', this);
  const res = this._httpMessage;
  const handledByResponse = res && res.emit('timeout', this);
  const handledByServer = this.server.emit('timeout', this);
  if (!handledByRequest && !handledByResponse && !handledByServer) this.destroy();
}

function onSocketDrain() {
  this[kConnection].resumeReading();
  drainResponse(this._httpMessage);
}

const LISTENERS = {
  error: onSocketError,
  close: onSocketClose,
  data: onSocketData,
  end: onSocketEnd,
  timeout: onSocketTimeout,
  drain: onSocketDrain,
};

/** What is read natively is not stopped by the state of the stream alone. */
function onSocketPause() {
  if (!this._handle?.reading) return;
  this._handle.reading = false;
  this._handle.readStop();
}

function onSocketResume() {
  if (this._paused) {
    this.pause();
    return;
  }
  if (!this._handle || this._handle.reading) return;
  this._handle.reading = true;
  this._handle.readStart();
}

/** The methods of a socket that add listeners: the first one for data has the parser let go of it. */
function wrapListening(name) {
  return function socketListenerWrap(event, listener) {
    const result = Socket.prototype[name].call(this, event, listener);
    const connection = this[kConnection];
    if (!this.parser || !connection) {
      this.on = Socket.prototype.on;
      this.addListener = Socket.prototype.addListener;
      this.prependListener = Socket.prototype.prependListener;
    } else if (event === 'data' || event === 'readable') {
      connection.unconsume();
    }
    return result;
  };
}

const socketOn = wrapListening('on');
const socketAddListener = wrapListening('addListener');
const socketPrependListener = wrapListening('prependListener');

/** Has the parser read natively, where there is nothing in its way. */
function consume(connection, socket) {
  const handle = socket._handle;
  if (!handle?.[kReadsNatively] || socket.readableLength > 0) return;
  connection.consume(handle);
  socket.on('pause', onSocketPause);
  socket.on('resume', onSocketResume);
  socket.on = socketOn;
  socket.addListener = socketAddListener;
  socket.prependListener = socketPrependListener;
}

/** The method `setEncoding` of sockets that bytes are read from. */
function socketSetEncoding() {
  throw new ERR_HTTP_SOCKET_ENCODING();
}

/**
 * Serves a connection: the event 'connection' of a server.
 * @param {Server} server
 * @param {Duplex} socket
 */
function serve(server, socket) {
  socket.server = server;
  if (server.timeout && typeof socket.setTimeout === 'function') socket.setTimeout(server.timeout);
  const connection = new Connection(server, socket);
  socket[kConnection] = connection;
  socket.parser = connection;
  server[kConnections]?.add(connection);
  for (const name of Object.keys(LISTENERS)) socket.on(name, LISTENERS[name]);
  socket.on('close', onSocketCloseOfResponse);
  socket.setEncoding = socketSetEncoding;
  socket._paused = false;
  consume(connection, socket);
}

/** A request takes too long. */
function expire(connection) {
  const { socket } = connection;
  if (socket) onSocketError.call(socket, new ERR_HTTP_REQUEST_TIMEOUT());
}

module.exports = { expire, kConnections, serve };
