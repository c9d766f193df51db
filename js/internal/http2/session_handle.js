// The native session (see `ops/http2.rs`), and what it tells.
'use strict';

const {
  codes: { ERR_HTTP2_PING_CANCEL, ERR_HTTP2_SESSION_ERROR },
} = require('internal/errors');
const { FastBuffer } = require('internal/buffer/memory');
const { FRAME_ERROR_CODES, NGHTTP2_ERR, NghttpError, QUIET_FRAME_ERRORS } = require('internal/http2/errors');
const { readHeaders } = require('internal/http2/headers');
const { reportCreated, reportFinished, reportStarted } = require('internal/http2/channels');
const {
  endReading, onNativeClose, onNativeTrailers, onNativeWritten,
} = require('internal/http2/stream');
const { holdSocket, writeOutput } = require('internal/http2/transport');
const {
  kNative, kOptions, kScope, kSocket, kState, kUpdateTimer,
} = require('internal/http2/symbols');

const binding = internalBinding('http2');

const END_STREAM = 1;
const NGHTTP2_NO_ERROR = 0;
const NGHTTP2_REFUSED_STREAM = 7;

/** The kinds of headers. */
const RESPONSE = 1;
const PUSH_RESPONSE = 2;
const PUSH_PROMISE = 4;

const NGHTTP2_INTERNAL_ERROR = 2;

function emit(target, ...args) {
  target.emit(...args);
}

/** Calls a function about a stream in the asynchronous context of the stream. */
function runFor(stream, fn, args) {
  const scope = stream[kScope];
  if (scope === null || scope === undefined) Reflect.apply(fn, undefined, args);
  else scope.run(fn, undefined, args);
}

function streamOf(handle, id) {
  return handle.session?.[kState].streams.get(id);
}

/** The name of the event for headers of a stream that exists. */
function headersEvent(kind, headers, flags) {
  const status = headers[':status'];
  const isInfo = (flags & END_STREAM) === 0 && status >= 100 && status < 200;
  if (kind === PUSH_RESPONSE) return 'push';
  if (isInfo) return 'headers';
  return kind === RESPONSE || status !== undefined ? 'response' : 'trailers';
}

/** Headers for a stream that exists. */
function readLaterHeaders(stream, kind, flags, fields, sensitive) {
  const session = stream.session;
  stream[kUpdateTimer]();
  const headers = readHeaders(fields, sensitive);
  const isEnd = (flags & END_STREAM) !== 0;
  const event = headersEvent(kind, headers, flags);
  if (session !== undefined && !session[kState].isServer) {
    if (headers[':status'] === 421) forgetOrigin(session, stream);
    if (event === 'response' || event === 'push') reportFinished(stream, headers, flags);
  }
  stream[kState].statistics?.noteHeader();
  process.nextTick(emit, stream, event, headers, flags, fields);
  if (isEnd) endReading(stream);
}

/** The server was the wrong one for the origin. */
function forgetOrigin(session, stream) {
  const { originSet } = session[kState];
  if (originSet === undefined) return;
  const { ':scheme': scheme = 'https', ':authority': authority } = stream.sentHeaders ?? {};
  originSet.delete(`${scheme}://${authority}`);
}

/** Headers of a stream that is new. */
function openStream(session, handle, id, kind, flags, fields, sensitive) {
  const state = session[kState];
  if (session.closed || session.destroyed) {
    handle.resetStream(id, NGHTTP2_REFUSED_STREAM);
    return;
  }
  const headers = readHeaders(fields, sensitive);
  const isEnd = (flags & END_STREAM) !== 0;
  let stream;
  if (state.isServer) {
    const { ServerHttp2Stream } = require('internal/http2/server_stream');
    stream = new ServerHttp2Stream(session, id, {}, headers);
    if (headers[':method'] === 'HEAD') {
      // Its response has no data.
      stream[kState].isHeadRequest = true;
      stream.end();
    }
  } else {
    const { ClientHttp2Stream } = require('internal/http2/client_stream');
    stream = new ClientHttp2Stream(session, id, {});
    // A promised stream is for reading alone.
    stream[kState].isShutDown = true;
    stream.end();
  }
  if (isEnd) stream[kState].endsAfterHeaders = true;
  stream[kState].statistics?.noteHeader();
  reportCreated(stream, headers);
  reportStarted(stream, headers);
  process.nextTick(emit, session, 'stream', stream, headers, flags, fields);
  if (isEnd) stream.push(null);
}

function addOrigins(session, origins) {
  const { initOriginSet } = require('internal/http2/session');
  const set = initOriginSet(session);
  for (const origin of origins) set.add(origin);
  session.emit('origin', origins);
}

/** Of the settings that nobody knows, the program gets those that it has asked for. */
function noteRemoteSettings(session, entries) {
  const state = session[kState];
  state.remoteSettings = undefined;
  const { remoteCustomSettings } = session[kOptions];
  if (remoteCustomSettings === undefined) return;
  for (let i = 0; i < entries.length; i += 2) {
    if (!remoteCustomSettings.includes(entries[i])) continue;
    state.remoteCustomSettings ??= {};
    state.remoteCustomSettings[entries[i]] = entries[i + 1];
  }
}

function readData(stream, chunk) {
  stream[kUpdateTimer]();
  stream[kState].statistics?.noteRead(chunk.length);
  if (!stream.push(chunk)) {
    const state = stream[kState];
    if (state.isReading) {
      state.isReading = false;
      const session = stream.session;
      session?.[kNative]?.readStop(stream.id);
    }
  }
}

/** A session of the library, whose events go to an `Http2Session`. */
class SessionHandle extends binding.NativeSession {
  constructor(session, isServer, options) {
    super(isServer, options);
    this.session = session;
    /** What waits for acknowledgements. */
    this.pings = [];
    this.settingsSent = [];
    this.onsent = (status) => this.sent(status);
  }

  /** Nothing is told any more. */
  release() {
    const { pings } = this;
    this.pings = [];
    this.settingsSent = [];
    for (const ping of pings) ping.cancel(new ERR_HTTP2_PING_CANCEL());
  }

  onheaders(id, kind, flags, fields, sensitive) {
    const { session } = this;
    if (session.destroyed) return;
    session[kUpdateTimer]();
    const stream = session[kState].streams.get(id);
    if (stream === undefined) {
      if (kind === PUSH_PROMISE || kind === 0) openStream(session, this, id, kind, flags, fields, sensitive);
      return;
    }
    runFor(stream, readLaterHeaders, [stream, kind, flags, fields, sensitive]);
  }

  ondata(id, buffer, offset, length) {
    const stream = streamOf(this, id);
    if (stream === undefined || stream.destroyed) return;
    runFor(stream, readData, [stream, new FastBuffer(buffer, offset, length)]);
  }

  onend(id) {
    const stream = streamOf(this, id);
    if (stream !== undefined && !stream.destroyed) runFor(stream, endReading, [stream]);
  }

  onclosed(id, code) {
    const stream = streamOf(this, id);
    if (stream !== undefined) runFor(stream, onNativeClose, [stream, code]);
  }

  onwritten(id, status) {
    const stream = streamOf(this, id);
    if (stream !== undefined) runFor(stream, onNativeWritten, [stream, status]);
  }

  ontrailers(id) {
    const stream = streamOf(this, id);
    if (stream !== undefined && !stream.destroyed) runFor(stream, onNativeTrailers, [stream]);
  }

  onpriority(id, parent, weight, exclusive) {
    const { session } = this;
    if (session.destroyed) return;
    const target = session[kState].streams.get(id) ?? session;
    target[kUpdateTimer]();
    target.emit('priority', id, parent, weight, exclusive);
  }

  onsettings(entries) {
    const { session } = this;
    if (session.destroyed) return;
    session[kUpdateTimer]();
    noteRemoteSettings(session, entries);
    session.emit('remoteSettings', session.remoteSettings);
  }

  onsettingsack() {
    const settings = this.settingsSent.shift();
    if (settings === undefined) this.onerror(NGHTTP2_ERR.PROTO);
    else settings.done();
  }

  onping(payload) {
    const { session } = this;
    if (session.destroyed) return;
    session[kUpdateTimer]();
    session.emit('ping', new FastBuffer(payload.buffer));
  }

  onpingack(payload) {
    const ping = this.pings.shift();
    if (ping === undefined) this.onerror(NGHTTP2_ERR.PROTO);
    else ping.done(new FastBuffer(payload.buffer));
  }

  ongoaway(code, last, data) {
    const { session } = this;
    if (session.destroyed) return;
    const state = session[kState];
    state.goawayCode = code;
    state.goawayLastStreamID = last;
    const opaque = data === undefined ? undefined : new FastBuffer(data.buffer);
    process.nextTick(emit, session, 'goaway', code, last, opaque);
    if (code === NGHTTP2_NO_ERROR) session.close();
    else session.destroy(new ERR_HTTP2_SESSION_ERROR(code), NGHTTP2_NO_ERROR);
  }

  onaltsvc(id, origin, field) {
    const { session } = this;
    if (session.destroyed) return;
    session[kUpdateTimer]();
    session.emit('altsvc', field, origin, id);
  }

  onorigin(origins) {
    const { session } = this;
    if (session.destroyed || !session.encrypted) return;
    session[kUpdateTimer]();
    addOrigins(session, origins);
  }

  onframeerror(id, kind, error) {
    const { session } = this;
    if (session.destroyed || QUIET_FRAME_ERRORS.has(error)) return;
    const stream = session[kState].streams.get(id);
    const target = stream ?? session;
    const code = FRAME_ERROR_CODES[error] ?? NGHTTP2_INTERNAL_ERROR;
    target[kUpdateTimer]();
    target.emit('frameError', kind, code, id);
    // The other side's goodbye may be on its way, and knows better.
    setImmediate(() => {
      stream?.close(code);
      session.close();
    });
  }

  onerror(error, code) {
    const { session } = this;
    if (!session.destroyed) session.destroy(new NghttpError(error, code));
  }

  onoutput(bytes, ends) {
    writeOutput(this.session?.[kSocket] ?? this.socket, this, bytes, ends);
  }

  onhold(holds) {
    holdSocket(this.session?.[kSocket] ?? this.socket, holds);
  }

  ondone() {
    const { finish } = this;
    this.finish = null;
    if (finish) finish();
  }
}

module.exports = { SessionHandle };
