// The end of sessions: of the native session, its streams, and the socket.
'use strict';

const { codes: { ERR_HTTP2_STREAM_CANCEL, ERR_SOCKET_CLOSED } } = require('internal/errors');
const {
  kBoundSession, kNative, kProxySocket, kServer, kSessions, kSocket, kState,
} = require('internal/http2/symbols');

const NGHTTP2_NO_ERROR = 0;
const NGHTTP2_CANCEL = 8;

function emitClose(session, error) {
  if (error) session.emit('error', error);
  session.emit('close');
}

/** Cuts all ties of a session. */
function cleanUp(session) {
  const socket = session[kSocket];
  const native = session[kNative];
  const server = session[kServer];
  session[kProxySocket] = undefined;
  session[kSocket] = undefined;
  session[kNative] = undefined;
  server?.[kSessions].delete(session);
  if (native !== undefined) {
    session[kState].statistics?.end(native.statistics());
    native.release();
  }
  if (socket) {
    socket[kBoundSession] = undefined;
    socket[kServer] = undefined;
  }
}

/** The native session is closed. */
function finish(session, error) {
  const socket = session[kSocket];
  cleanUp(session);
  if (!socket || socket.destroyed) {
    process.nextTick(emitClose, session, error);
    return;
  }
  socket.on('close', () => emitClose(session, error));
  if (session.closed) {
    // The other side may go on until it has read what was sent.
    socket.resume();
    socket.end();
  } else {
    socket.destroy(error);
  }
}

/**
 * Ends a session at once.
 * @param {Http2Session} session
 * @param {number} code
 * @param {Error} [error]
 */
function closeSession(session, code, error) {
  const state = session[kState];
  session.setTimeout(0);
  state.isDestroyed = true;
  state.destroyCode = code;
  if (state.pendingStreams.size > 0 || state.streams.size > 0) {
    const cancel = new ERR_HTTP2_STREAM_CANCEL(error);
    for (const stream of state.pendingStreams) stream.destroy(cancel);
    for (const stream of [...state.streams.values()]) stream.destroy(error);
  }
  const native = session[kNative];
  const socket = session[kSocket];
  if (native === undefined) {
    finish(session, error);
    return;
  }
  native.finish = () => finish(session, error);
  native.socket = socket;
  native.close(code, !socket || socket.destroyed);
}

/** The event 'close' of a socket with a session. */
function onSocketClose() {
  const session = this[kBoundSession];
  if (session === undefined) return;
  const error = session.connecting ? new ERR_SOCKET_CLOSED() : null;
  const state = session[kState];
  for (const stream of [...state.streams.values()]) stream.close(NGHTTP2_CANCEL);
  for (const stream of state.pendingStreams) stream.close(NGHTTP2_CANCEL);
  session.close();
  if (!session.destroyed) closeSession(session, NGHTTP2_NO_ERROR, error);
}

/** The event 'error' of a socket with a session. */
function onSocketError(error) {
  const session = this[kBoundSession];
  if (session === undefined) return;
  // After goodbye it does not matter how the connection ends.
  if (error.code === 'ECONNRESET' && session[kState].goawayCode !== null) {
    session.destroy();
    return;
  }
  session.destroy(error);
}

module.exports = { closeSession, onSocketClose, onSocketError };
