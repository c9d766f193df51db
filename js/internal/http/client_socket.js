// The connection of a client's request: how the request gets it, what is read from it, and how it ends.
'use strict';

const { connResetException } = require('internal/errors');
const {
  HTTPParser, calculateLenientFlags, freeParser, parsers, prepareError,
} = require('_http_common');
const { kNeedDrain } = require('internal/http/shared');
const channels = require('internal/http/channels');
const {
  isInformational, onRequestTimeout, onResponse, onResponseTimeout,
} = require('internal/http/client_response');

/** On a request: with what it was destroyed. */
const kError = Symbol('kError');

/** What hooks of asynchronous work see as the resource of a response. */
class HTTPClientAsyncResource {
  constructor(type, req) {
    this.type = type;
    this.req = req;
  }
}

/** The event 'error' of a request. */
function emitError(req, error) {
  if (channels.clientRequestError?.hasSubscribers) {
    channels.clientRequestError.publish({ request: req, error });
  }
  req.emit('error', error);
}

/** Ends a request that has no connection, or no longer one that is its own. */
function endRequest(req, error) {
  if (!req.aborted) error ||= connResetException('socket hang up');
  if (error) emitError(req, error);
  req._closed = true;
  req.emit('close');
}

/**
 * Gives a request its connection.
 * @param {ClientRequest} req
 * @param {Duplex} [socket]
 * @param {Error} [error]  why it has none
 */
function takeSocket(req, socket, error) {
  if (!req.destroyed && !error) {
    attach(req, socket);
    req._flush();
    return;
  }
  // It was given up in the meantime.
  const reason = error || req[kError];
  req.destroyed = true;
  if (!socket) {
    endRequest(req, reason);
  } else if (!error && req.agent && !socket.destroyed) {
    // Nothing was sent: it can serve another one.
    socket._httpMessage = req;
    socket.emit('free');
    endRequest(req, reason);
  } else {
    const { eos } = require('internal/streams/end_of_stream');
    eos(socket.destroy(reason), (socketError) => {
      if (socketError?.code === 'ERR_STREAM_PREMATURE_CLOSE') socketError = null;
      endRequest(req, socketError || reason);
    });
  }
}

function attach(req, socket) {
  const parser = parsers.alloc();
  req.socket = socket;
  const lenient = calculateLenientFlags(req.httpValidation, req.insecureHTTPParser);
  parser.initialize(
    HTTPParser.RESPONSE,
    new HTTPClientAsyncResource('HTTPINCOMINGMESSAGE', req),
    req.maxHeaderSize || 0,
    lenient,
  );
  parser.socket = socket;
  parser.outgoing = req;
  req.parser = parser;
  socket.parser = parser;
  socket._httpMessage = req;
  if (typeof req.maxHeadersCount === 'number') parser.maxHeaderPairs = req.maxHeadersCount << 1;
  parser.joinDuplicateHeaders = req.joinDuplicateHeaders;
  parser.onIncoming = onResponse;

  socket.on('error', onSocketError);
  socket.on('data', onSocketData);
  socket.on('end', onSocketEnd);
  socket.on('close', onSocketClose);
  socket.on('drain', onSocketDrain);
  if (req.timeout !== undefined || req.agent?.options?.timeout) listenForTimeout(req);
  req.emit('socket', socket);
}

/** Tells a request when its connection is idle for too long. */
function listenForTimeout(req) {
  if (req.timeoutCb !== null) return;
  req.timeoutCb = onRequestTimeout;
  if (req.socket) req.socket.once('timeout', onRequestTimeout);
  else req.on('socket', listenOnSocket);
}

function listenOnSocket(socket) {
  socket.once('timeout', onRequestTimeout);
}

/** The connection of a request that is over serves the next one, or nobody. */
function detachListeners(socket) {
  socket.removeListener('close', onSocketClose);
  socket.removeListener('error', onSocketError);
  socket.removeListener('data', onSocketData);
  socket.removeListener('end', onSocketEnd);
  socket.removeListener('drain', onSocketDrain);
}

function onSocketDrain() {
  const req = this._httpMessage;
  if (req && !req.finished && req[kNeedDrain]) {
    req[kNeedDrain] = false;
    req.emit('drain');
  }
}

function onSocketData(chunk) {
  const { parser } = this;
  if (parser.isExecuting) {
    // It comes while the program is told of what came before.
    parser.laterChunks ??= [];
    parser.laterChunks.push(chunk);
    return;
  }
  parser.isExecuting = true;
  let used;
  try {
    used = parser.execute(chunk);
  } finally {
    parser.isExecuting = false;
  }
  afterExecute(this, parser, used, chunk);
  if (parser.laterChunks !== null) readLaterChunks(this, parser);
}

function readLaterChunks(socket, parser) {
  const chunks = parser.laterChunks;
  parser.laterChunks = null;
  for (const chunk of chunks) {
    if (socket.parser === parser) onSocketData.call(socket, chunk);
  }
}

function afterExecute(socket, parser, used, chunk) {
  const req = socket._httpMessage;
  if (typeof used !== 'number') {
    prepareError(used, parser, chunk);
    fail(socket, parser, req, used);
    return;
  }
  const res = parser.incoming;
  if (!res) return;
  if (res.upgrade) {
    // Of a second response, which nobody has asked for, the connection is destroyed.
    if (res !== req.res) return;
    changeProtocol(socket, parser, req, res, chunk.slice(used));
  } else if (res.complete && !isInformational(res.statusCode)) {
    socket.removeListener('data', onSocketData);
    socket.removeListener('end', onSocketEnd);
    socket.removeListener('drain', onSocketDrain);
    freeParser(parser, req, socket);
  }
}

/** The other side does not speak HTTP. */
function fail(socket, parser, req, error) {
  freeParser(parser, req, socket);
  socket.removeListener('data', onSocketData);
  socket.removeListener('end', onSocketEnd);
  socket.destroy();
  req.socket._hadError = true;
  emitError(req, error);
}

/** The connection goes on in another protocol, in the hands of the program. */
function changeProtocol(socket, parser, req, res, head) {
  req.res = res;
  socket.removeListener('data', onSocketData);
  socket.removeListener('end', onSocketEnd);
  socket.removeListener('drain', onSocketDrain);
  if (req.timeoutCb !== null) socket.removeListener('timeout', req.timeoutCb);
  socket.removeListener('timeout', onResponseTimeout);
  parser.finish();
  freeParser(parser, req, socket);

  const eventName = req.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (req.listenerCount(eventName) === 0) {
    socket.destroy();
    return;
  }
  req.upgradeOrConnect = true;
  socket.emit('agentRemove');
  socket.removeListener('close', onSocketClose);
  socket.removeListener('error', onSocketError);
  socket._httpMessage = null;
  // The program is to decide when reading begins.
  socket.readableFlowing = null;
  req.emit(eventName, res, socket, head);
  req.destroyed = true;
  req._closed = true;
  req.emit('close');
}

function onSocketEnd() {
  const { parser } = this;
  const req = this._httpMessage;
  if (!req.res && !req.socket._hadError) {
    req.socket._hadError = true;
    emitError(req, connResetException('socket hang up'));
  }
  if (parser) {
    parser.finish();
    freeParser(parser, req, this);
  }
  this.end();
}

function onSocketError(error) {
  const req = this._httpMessage;
  if (req) {
    // Whatever fails now fails for the same reason.
    req.socket._hadError = true;
    emitError(req, error);
  }
  const { parser } = this;
  if (parser) {
    parser.finish();
    freeParser(parser, req, this);
  }
  this.removeListener('data', onSocketData);
  this.removeListener('end', onSocketEnd);
  this.destroy();
}

function onSocketClose() {
  const { parser } = this;
  const req = this._httpMessage;
  // A body without length ends here.
  if (parser) parser.finish();
  req.destroyed = true;
  const { res } = req;
  if (res) {
    if (!res.complete) res.destroy(connResetException('aborted'));
    req._closed = true;
    req.emit('close');
    if (!res.aborted && res.readable) res.push(null);
  } else {
    if (!req.socket._hadError) {
      req.socket._hadError = true;
      emitError(req, req[kError] ?? connResetException('socket hang up'));
    }
    req._closed = true;
    req.emit('close');
  }
  // What was not sent is never going to be.
  if (req.outputData) req.outputData.length = 0;
  if (parser) freeParser(parser, req, this);
}

module.exports = { detachListeners, emitError, kError, listenForTimeout, takeSocket };
