// What a server does with a request: from its header to the moment in which its response is sent.
'use strict';

const { continueExpression } = require('_http_common');
const { flag } = require('internal/http/message_parser');
const { kUniqueHeaders } = require('internal/http/outgoing_header');
const { ServerResponse, closeResponse } = require('internal/http/server_response');
const { dropBody, hasEnded, kDetachAbortSignal } = require('internal/http/incoming');
const { kOptimizeEmptyRequests, kServerResponse } = require('internal/http/server_options');
const { kConnection, kSocket } = require('internal/http/shared');
const { state: hooks } = require('internal/async_hooks');
const { kTimeout } = require('internal/net/timeouts');
const channels = require('internal/http/channels');
const wanted = require('internal/perf/wanted');
const { beginRequest, endRequest, kTrace, tracing } = require('internal/tracing');

/** What the parser does behind a header. */
const READ_BODY = 0;
/** The end of the message need not be told. */
const ENDED = 4;

/**
 * `parser.onIncoming` of servers: a header is there.
 * @this {Connection}
 * @param {IncomingMessage} req
 * @param {boolean} keepAlive whether the connection stays as far as the client is concerned
 * @param {number} flags of the parser
 * @returns {number} what the parser does with the rest
 */
function onIncoming(req, keepAlive, flags) {
  const { server, socket } = this;
  this.endIdleness();
  if (socket[kTimeout]) socket._unrefTimer();
  if (req.upgrade) {
    req.upgrade = req.method === 'CONNECT' || Boolean(server.shouldUpgradeCallback(req));
    if (req.upgrade) {
      // Behind it comes its body, if it says so, and then the other protocol.
      this.unconsume();
      return READ_BODY;
    }
  }
  this.addRequest(req);
  // Who sends requests without reading responses has to wait.
  if (!socket._paused && this.isCongested()) {
    socket._paused = true;
    socket.pause();
  }
  const res = new server[kServerResponse](req, this.responseOptions);
  res[kConnection] = this;
  res._keepAliveTimeout = server.keepAliveTimeout;
  res._maxRequestsPerSocket = server.maxRequestsPerSocket;
  res._onPendingData = onPendingData;
  res.shouldKeepAlive = keepAlive;
  res[kUniqueHeaders] = server[kUniqueHeaders];

  if (wanted.http > 0) require('internal/http/server_statistics').noteRequest(res);
  if (tracing.http) res[kTrace] = beginRequest('http.server.request');
  if (channels.serverResponseCreated?.hasSubscribers) {
    channels.serverResponseCreated.publish({ request: req, response: res });
  }
  if (channels.serverRequestStart?.hasSubscribers) {
    channels.serverRequestStart.publish({ request: req, response: res, socket, server });
  }
  if (socket._httpMessage) this.addResponse(res);
  else assignSocket(res, socket);
  if (server[kOptimizeEmptyRequests] && isEmpty(req)) req._dumpAndCloseReadable();
  if ((flags & flag.HAS_NO_BODY) === 0) {
    dispatch(this, server, req, res, flags);
    return READ_BODY;
  }
  answerAtOnce(this, server, req, res, flags);
  return ENDED;
}

/** Gives a new response its socket. */
function assignSocket(res, socket) {
  if (res._events !== undefined || res.assignSocket !== ServerResponse.prototype.assignSocket) {
    res.assignSocket(socket);
    return;
  }
  // Nobody can have written or listened yet.
  socket._httpMessage = res;
  res[kSocket] = socket;
}

/** Takes its socket from a response. */
function detachSocket(res, socket) {
  if (res.detachSocket !== ServerResponse.prototype.detachSocket) {
    res.detachSocket(socket);
    return;
  }
  socket._httpMessage = null;
  res[kSocket] = null;
}

/** Has a request without body answered; a response that is sent meanwhile is over with it. */
function answerAtOnce(connection, server, req, res, flags) {
  connection.awaitsResponse = connection._consumed && (flags & flag.IS_LAST) !== 0 && !hooks.tracking;
  let isThrough = false;
  try {
    dispatch(connection, server, req, res, flags);
    isThrough = true;
  } finally {
    connection.awaitsResponse = false;
    if (!isThrough && connection.sentResponse !== null) process.nextTick(settle, connection);
  }
  connection.onEnd('');
  if (connection.sentResponse !== null) settle(connection);
}

function settle(connection) {
  const { sentResponse, whenSent } = connection;
  connection.sentResponse = null;
  whenSent(sentResponse);
}

/** Whether a request says that it has no body. */
function isEmpty(req) {
  const { headers } = req;
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

/** Data waits for the responses before it, or does so no more. */
function onPendingData(amount) {
  this[kConnection]?.countPendingData(amount);
}

/** Has the program answer, or does it where the request does not get that far. */
function dispatch(connection, server, req, res, flags) {
  if (req.httpVersionMajor === 1 && req.httpVersionMinor === 1) {
    if ((flags & flag.HAS_HOST) === 0 && server.requireHostHeader && req.headers.host === undefined) {
      res.writeHead(400, ['Connection', 'close']);
      res.end();
      return;
    }
    if (server.maxRequestsPerSocket > 0 && isLimited(connection, server, req, res)) return;
    if ((flags & flag.HAS_EXPECT) !== 0 && answerExpectation(server, req, res)) return;
  }
  server.emit('request', req, res);
}

/** Counts requests; whether this one is too many. */
function isLimited(connection, server, req, res) {
  connection.requestCount++;
  res.maxRequestsOnConnectionReached = server.maxRequestsPerSocket <= connection.requestCount;
  if (server.maxRequestsPerSocket >= connection.requestCount) return false;
  server.emit('dropRequest', req, connection.duplex);
  res.writeHead(503);
  res.end();
  return true;
}

/** Meets what a request expects; whether the program is not to be asked as usual. */
function answerExpectation(server, req, res) {
  const { expect } = req.headers;
  if (expect === undefined) return false;
  if (continueExpression.test(expect)) {
    res._expect_continue = true;
    if (server.listenerCount('checkContinue') > 0) {
      server.emit('checkContinue', req, res);
      return true;
    }
    res.writeContinue();
    return false;
  }
  if (server.listenerCount('checkExpectation') > 0) {
    server.emit('checkExpectation', req, res);
  } else {
    res.writeHead(417);
    res.end();
  }
  return true;
}

/**
 * A response has been given to the system.
 * @param {Connection} connection
 * @param {ServerResponse} res
 */
function finishResponse(connection, res) {
  const { req } = res;
  const { server, duplex: socket } = connection;
  if (wanted.http > 0) require('internal/http/server_statistics').noteResponse(req, res);
  if (tracing.http && res[kTrace] !== undefined) {
    endRequest('http.server.request', res[kTrace], { url: req.url, statusCode: res.statusCode });
  }
  if (channels.serverResponseFinish?.hasSubscribers) {
    channels.serverResponseFinish.publish({ request: req, response: res, socket, server });
  }
  connection.nextRequest();
  // What nobody has begun to read nobody wants.
  if (!req._consuming) dropBody(req);
  req[kDetachAbortSignal]();
  detachSocket(res, socket);
  clearIncoming(connection, req);
  if (res._events !== undefined || res._last) process.nextTick(closeResponse, res);
  else res._closed = res.destroyed = true;

  if (res._last) {
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end();
  } else if (connection.responses.length > 0) {
    connection.responses.shift().assignSocket(socket);
  } else {
    connection.beginIdleness();
  }
}

/** The parser need not hold a request that has been read. */
function clearIncoming(connection, req) {
  if (connection.incoming !== req) return;
  if (hasEnded(req)) connection.incoming = null;
  else req.on('end', onRequestEnd);
}

function onRequestEnd() {
  const parser = this.socket?.parser;
  if (parser && parser.incoming === this) parser.incoming = null;
}

module.exports = { finishResponse, onIncoming };
