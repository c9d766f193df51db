// What a client does with a response: from its header to the moment in which the connection is free again.
'use strict';

const channels = require('internal/http/channels');
const wanted = require('internal/perf/wanted');
const { endRequest, kTrace, tracing } = require('internal/tracing');

const CONTINUE = 100;
const SWITCHING_PROTOCOLS = 101;
const NOT_MODIFIED = 304;

/** What the parser is to do behind a header. */
const READ_BODY = 0;
const SKIP_BODY = 1;
const OTHER_PROTOCOL = 2;

/** @returns {boolean} whether another response comes behind one of this status */
function isInformational(status) {
  return status < 200 && status >= 100 && status !== SWITCHING_PROTOCOLS;
}

/**
 * `parser.onIncoming` of clients: a header is there.
 * @param {IncomingMessage} res
 * @param {boolean} shouldKeepAlive  what the server wants
 * @returns {number} what the parser does with the rest
 */
function onResponse(res, shouldKeepAlive) {
  const { socket } = this;
  const req = socket._httpMessage;
  if (req.res) {
    // Nobody has asked for a second response.
    socket.destroy();
    return READ_BODY;
  }
  req.res = res;
  if (res.upgrade) return OTHER_PROTOCOL;
  const { method } = req;
  if (method === 'CONNECT') {
    res.upgrade = true;
    return OTHER_PROTOCOL;
  }
  if (isInformational(res.statusCode)) {
    req.res = null;
    tellInformation(req, res);
    return SKIP_BODY;
  }
  if (req.shouldKeepAlive && !shouldKeepAlive && !req.upgradeOrConnect) req.shouldKeepAlive = false;

  if (channels.clientResponseFinish?.hasSubscribers) {
    channels.clientResponseFinish.publish({ request: req, response: res });
  }
  if (wanted.http > 0) require('internal/http/client_statistics').noteResponse(req, res);
  if (tracing.http && req[kTrace] !== undefined) {
    endRequest('http.client.request', req[kTrace], { path: req.path, statusCode: res.statusCode });
  }
  res.req = req;
  res.on('end', onResponseEnd);
  req.on('finish', onRequestFinish);
  if (req.timeoutCb !== null) socket.on('timeout', onResponseTimeout);

  if (req.aborted || !req.emit('response', res)) res._dump();
  if (method === 'HEAD') return SKIP_BODY;
  if (res.statusCode === NOT_MODIFIED) {
    res.complete = true;
    return SKIP_BODY;
  }
  return READ_BODY;
}

function tellInformation(req, res) {
  if (res.statusCode === CONTINUE) req.emit('continue');
  if (req.listenerCount('information') === 0) return;
  req.emit('information', {
    statusCode: res.statusCode,
    statusMessage: res.statusMessage,
    httpVersion: res.httpVersion,
    httpVersionMajor: res.httpVersionMajor,
    httpVersionMinor: res.httpVersionMinor,
    headers: res.headers,
    rawHeaders: res.rawHeaders,
  });
}

/** Of a socket: its request is told of idleness by another listener, its response by this one. */
function onResponseTimeout() {
  const res = this._httpMessage?.res;
  if (res) res.emit('timeout');
}

/** The event 'timeout' of a socket, for its request. */
function onRequestTimeout() {
  const req = this._httpMessage;
  if (req) req.emit('timeout');
}

function onRequestFinish() {
  if (this.shouldKeepAlive && this._ended) release(this);
}

/** Of a response: everything has been read. */
function onResponseEnd() {
  const { req } = this;
  const { socket } = req;
  if (socket && req.timeoutCb !== null) {
    socket.removeListener('timeout', onRequestTimeout);
    socket.removeListener('timeout', onResponseTimeout);
  }
  req._ended = true;
  if (!req.shouldKeepAlive) {
    if (socket.writable && typeof socket.destroySoon === 'function') socket.destroySoon();
    else if (socket.writable) socket.end();
  } else if (req.writableFinished && !this.aborted) {
    // What is not sent yet would be taken for a part of the next request.
    release(req);
  }
}

/** Gives back the connection of a request that is over, after the program's listeners have run. */
function release(req) {
  const { detachListeners } = require('internal/http/client_socket');
  const { socket } = req;
  if (req.timeoutCb !== null) {
    socket.setTimeout(0, req.timeoutCb);
    req.timeoutCb = null;
  }
  detachListeners(socket);
  process.nextTick(free, req);
  req.destroyed = true;
  // A response that is destroyed later must not take the connection along, which is no longer its own.
  if (req.res) req.res.socket = null;
}

function free(req) {
  req._closed = true;
  req.emit('close');
  if (req.socket) req.socket.emit('free');
}

module.exports = { isInformational, onRequestTimeout, onResponse, onResponseTimeout };
