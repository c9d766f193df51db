// `Http2Stream`: what clients' and servers' streams have in common.
'use strict';

const {
  codes: {
    ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_STREAM_ERROR, ERR_HTTP2_TRAILERS_ALREADY_SENT,
    ERR_HTTP2_TRAILERS_NOT_READY,
  },
  errnoException,
} = require('internal/errors');
const { validateFunction, validateInteger } = require('internal/validators');
const Duplex = require('internal/streams/duplex');
const { clearTimeout } = require('internal/timers');
const { kTimeout, setStreamTimeout } = require('internal/net/timeouts');
const { scopeOf } = require('internal/http/parser_scope');
const { NghttpError, errorName } = require('internal/http2/errors');
const { checkObject, copyHeaders, writeHeaders } = require('internal/http2/headers');
const { reportBodyChunk, reportBodySent, reportClosed, reportError } = require('internal/http2/channels');
const { streamStatistics } = require('internal/http2/statistics');
const {
  kId, kInit, kMaybeDestroy, kNative, kProceed, kScope, kSession, kState, kUpdateTimer, kWriteCallback,
} = require('internal/http2/symbols');

const NGHTTP2_NO_ERROR = 0;
const NGHTTP2_INTERNAL_ERROR = 2;
const NGHTTP2_CANCEL = 8;
const MAX_CODE = 0xffffffff;

/** How the other side is told that a stream is closed. */
const RST = { none: 0, whenFinished: 1, always: 2 };

/** The numbers of the encodings that the native session writes itself. */
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

/** The state of a stream that the other side does not know of. */
const IDLE = {
  state: 1, weight: 0, sumDependencyWeight: 0, localClose: 0, remoteClose: 0, localWindowSize: 0,
};

/** What a stream remembers. */
class StreamState {
  didRead = false;
  isClosed = false;
  /** Whether the native stream is gone. */
  isCut = false;
  isAborted = false;
  isHeadersSent = false;
  isHeadRequest = false;
  endsAfterHeaders = false;
  rstCode = 0;
  /** Whether trailers follow what is written. */
  hasTrailers = false;
  trailersReady = false;
  trailersSent = false;
  /** Whether the end of the writing side is on its way. */
  isShutDown = false;
  /** Whether the data comes from a file rather than by writing. */
  sendsFile = false;
  /** Of the write that waits to be sent: its bytes. */
  writeQueueSize = 0;
  /** What the session had sent when the time of the stream was over last. */
  bytesWritten = 0;
  /** Whether native reading is on. */
  isReading = false;
  sentHeaders = undefined;
  sentInfoHeaders = undefined;
  sentTrailers = undefined;
  /** Of the request: what promises of the stream are for. */
  scheme = undefined;
  authority = undefined;
  statistics = null;
}

/**
 * @param {Http2Session} session
 * @param {{ bytesWritten: number }} state  of who asks
 * @returns {boolean} whether a session has sent anything since this was asked last
 */
function hasWritten(session, state) {
  const native = session[kNative];
  if (native === undefined) return false;
  const written = native.statistics()[1];
  const before = state.bytesWritten;
  state.bytesWritten = written;
  return written !== before;
}

function onTimeout() {
  const stream = this;
  if (stream.destroyed) return;
  const { writeQueueSize } = stream[kState];
  const session = stream[kSession];
  // A write that goes on, however slowly, is no idleness.
  if (writeQueueSize > 0 && session !== undefined && hasWritten(session, stream[kState])) {
    stream[kUpdateTimer]();
    return;
  }
  stream.emit('timeout');
}

function onPause() {
  const session = this[kSession];
  if (!this.destroyed && !this.pending && session !== undefined) {
    this[kState].isReading = false;
    session[kNative]?.readStop(this[kId]);
  }
}

function onFinish() {
  this[kMaybeDestroy]();
}

/** Lets the other side send more. */
function startReading(stream) {
  const state = stream[kState];
  if (stream.destroyed || state.isReading) return;
  state.isReading = true;
  stream[kSession]?.[kNative]?.readStart(stream[kId]);
}

/**
 * Ends the writing side: natively, so that the last data says so.
 * @param {Function} [callback]
 */
function shutDown(stream, callback) {
  const state = stream[kState];
  if (!state.isShutDown && !state.sendsFile) {
    state.isShutDown = true;
    stream[kSession]?.[kNative]?.endStream(stream[kId]);
  }
  if (callback !== undefined) callback();
}

/** Resets a stream. */
function submitRst(stream, code) {
  const session = stream[kSession];
  const native = session?.[kNative];
  if (native === undefined || stream[kId] === undefined) return;
  const status = native.resetStream(stream[kId], code);
  if (status < 0) stream.destroy(new NghttpError(status));
}

function finishClose(stream, code) {
  if (stream.pending) {
    stream.push(null);
    stream.once('ready', () => submitRst(stream, code));
    return;
  }
  submitRst(stream, code);
}

/**
 * Closes both sides of a stream.
 * @param {Http2Stream} stream
 * @param {number} code
 * @param {number} rst one of `RST`
 */
function closeStream(stream, code, rst = RST.whenFinished) {
  const state = stream[kState];
  state.isClosed = true;
  state.rstCode = code;
  reportClosed(stream);
  stream.setTimeout(0);
  const isEnding = stream.writableEnded;
  if (!isEnding) {
    // What is not ended will never be.
    if (!state.isAborted) {
      state.isAborted = true;
      stream.emit('aborted');
    }
    stream.end();
  }
  if (rst === RST.none) return;
  if (!isEnding || stream.writableFinished || code !== NGHTTP2_NO_ERROR || rst === RST.always) {
    finishClose(stream, code);
  } else {
    stream.once('finish', () => finishClose(stream, code));
  }
}

class Http2Stream extends Duplex {
  constructor(session, options) {
    super({ ...options, allowHalfOpen: true, decodeStrings: false, autoDestroy: false });
    hide(this, kSession, session);
    hide(this, kState, new StreamState());
    hide(this, kId, undefined);
    hide(this, kScope, scopeOf('HTTP2STREAM', this));
    hide(this, kWriteCallback, null);
    hide(this, kTimeout, null);
    session[kState].pendingStreams.add(this);
    // What is written before the stream has a number goes together.
    this.cork();
    // Whether the program reads shows in the first call of _read.
    this._readableState.readingMore = true;
    this.on('pause', onPause);
  }

  /** @param {number} id the number that the stream has got */
  [kInit](id) {
    const session = this[kSession];
    const sessionState = session[kState];
    sessionState.pendingStreams.delete(this);
    sessionState.streams.set(id, this);
    this[kId] = id;
    this[kState].statistics = streamStatistics(id, sessionState.statistics);
    this.uncork();
    this.emit('ready');
  }

  [kUpdateTimer]() {
    if (this.destroyed) return;
    this[kTimeout]?.refresh();
    this[kSession]?.[kUpdateTimer]();
  }

  [kProceed]() {}

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      id: this[kId] || '<pending>',
      closed: this.closed,
      destroyed: this.destroyed,
      state: this.state,
      readableState: this._readableState,
      writableState: this._writableState,
    };
    const { inspect } = require('internal/util/inspect');
    return `Http2Stream ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }

  get bufferSize() {
    // The bytes of the write under way are counted by the stream itself.
    return this._writableState.length;
  }

  get endAfterHeaders() {
    return this[kState].endsAfterHeaders;
  }

  get sentHeaders() {
    return this[kState].sentHeaders;
  }

  get sentTrailers() {
    return this[kState].sentTrailers;
  }

  get sentInfoHeaders() {
    return this[kState].sentInfoHeaders;
  }

  get pending() {
    return this[kId] === undefined;
  }

  get id() {
    return this[kId];
  }

  get session() {
    return this[kSession];
  }

  _onTimeout() {
    onTimeout.call(this);
  }

  get headersSent() {
    return this[kState].isHeadersSent;
  }

  get aborted() {
    return this[kState].isAborted;
  }

  get headRequest() {
    return this[kState].isHeadRequest;
  }

  get rstCode() {
    return this[kState].rstCode;
  }

  get state() {
    const id = this[kId];
    const native = this[kSession]?.[kNative];
    if (this.destroyed || id === undefined || native === undefined) return {};
    // A stream whose headers wait to be sent is idle.
    const values = native.streamState(id);
    if (!values) return { ...IDLE };
    const [state, localClose, remoteClose, localWindowSize] = values;
    return { state, weight: 16, sumDependencyWeight: 0, localClose, remoteClose, localWindowSize };
  }

  _write(chunk, encoding, callback) {
    this.#write(null, chunk, encoding, callback);
  }

  _writev(chunks, callback) {
    this.#write(chunks, undefined, '', callback);
  }

  #write(chunks, chunk, encoding, callback) {
    if (this.pending) {
      this.once('ready', () => this.#write(chunks, chunk, encoding, callback));
      return;
    }
    const native = this[kSession]?.[kNative];
    if (this.destroyed || native === undefined) {
      callback(new ERR_HTTP2_INVALID_STREAM());
      return;
    }
    this[kUpdateTimer]();
    if (!this.headersSent) this[kProceed]();
    const state = this[kState];
    if (chunks === null) reportBodyChunk(this, false, chunk, encoding);
    else reportBodyChunk(this, true, chunks.allBuffers ? chunks.map((entry) => entry.chunk ?? entry) : chunks, '');
    const status = chunks === null ?
      this.#writeOne(native, chunk, encoding) :
      native.writev(this[kId], nativeList(chunks), false);
    if (status < 0) {
      callback(errnoException(status, 'write'));
    } else if (status === 0) {
      callback();
    } else {
      state.writeQueueSize = this._writableState.length;
      this[kWriteCallback] = callback;
      // Ended in the same breath, the last data can say so.
      if (this._writableState.ending) process.nextTick(shutDownAfterLast, this);
      else process.nextTick(shutDownIfEnding, this);
    }
  }

  #writeOne(native, chunk, encoding) {
    let kind = 0;
    if (typeof chunk === 'string') {
      kind = NATIVE_ENCODINGS[encoding];
      if (kind === undefined) {
        chunk = require('buffer').Buffer.from(chunk, encoding);
        kind = 0;
      }
    }
    return native.write(this[kId], chunk, kind, false);
  }

  _final(callback) {
    if (this.pending) {
      this.once('ready', () => this._final(callback));
      return;
    }
    reportBodySent(this);
    this.once('finish', onFinish);
    shutDown(this, callback);
  }

  _read() {
    if (this.destroyed) {
      this.push(null);
      return;
    }
    const state = this[kState];
    if (!state.didRead) {
      this._readableState.readingMore = false;
      state.didRead = true;
    }
    if (this.pending) this.once('ready', () => startReading(this));
    else startReading(this);
  }

  /**
   * Sends headers behind the data.
   * @param {object} headers
   */
  sendTrailers(headers) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    const state = this[kState];
    if (state.trailersSent) throw new ERR_HTTP2_TRAILERS_ALREADY_SENT();
    if (!state.trailersReady) throw new ERR_HTTP2_TRAILERS_NOT_READY();
    checkObject(headers, 'headers');
    headers = copyHeaders(headers);
    this[kUpdateTimer]();
    const { text, count } = writeHeaders(headers, 'trailers');
    state.sentTrailers = headers;
    state.trailersReady = false;
    state.trailersSent = true;
    state.hasTrailers = false;
    const status = this[kSession][kNative].trailers(this[kId], text, count);
    if (status < 0) this.destroy(new NghttpError(status));
    else this[kMaybeDestroy]();
  }

  get closed() {
    return this[kState].isClosed;
  }

  /**
   * Closes the stream; the other side is told by a reset.
   * @param {number} [code]
   * @param {Function} [callback] for the event 'close'
   */
  close(code = NGHTTP2_NO_ERROR, callback) {
    validateInteger(code, 'code', 0, MAX_CODE);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.closed) return;
    if (callback !== undefined) this.once('close', callback);
    closeStream(this, code);
  }

  _destroy(error, callback) {
    const session = this[kSession];
    const state = this[kState];
    const id = this[kId];
    const sessionState = session[kState];
    // What was closed well stays so, whatever becomes of the session.
    let code = this.closed ? this.rstCode : sessionState.goawayCode || sessionState.destroyCode || NGHTTP2_NO_ERROR;
    if (!code && error != null) code = error.name === 'AbortError' ? NGHTTP2_CANCEL : NGHTTP2_INTERNAL_ERROR;
    const hasId = id !== undefined;
    if (!this.closed) closeStream(this, code, hasId ? RST.always : RST.none);
    this.push(null);
    clearTimeout(this[kTimeout]);
    if (hasId) sessionState.streams.delete(id);
    else sessionState.pendingStreams.delete(this);
    state.writeQueueSize = 0;
    const written = this[kWriteCallback];
    this[kWriteCallback] = null;
    if (error == null && code !== NGHTTP2_NO_ERROR && code !== NGHTTP2_CANCEL) {
      error = new ERR_HTTP2_STREAM_ERROR(errorName(code));
    }
    state.statistics?.end();
    if (error != null) reportError(this, error);
    this[kSession] = undefined;
    this[kScope]?.end();
    if (written !== null) process.nextTick(written, new ERR_HTTP2_INVALID_STREAM());
    setImmediate(() => session[kMaybeDestroy]());
    callback(error);
  }

  /**
   * Destroys what is closed and read to its end.
   * @param {number} [code]
   */
  [kMaybeDestroy](code = NGHTTP2_NO_ERROR) {
    if (code !== NGHTTP2_NO_ERROR) {
      this.destroy();
      return;
    }
    const state = this[kState];
    // What the other side does not want any more is never going to be written.
    const isCut = state.isCut && this[kWriteCallback] !== null;
    if (!this.writableFinished && !isCut) return;
    if (!this.readable && this.closed) {
      this.destroy();
      return;
    }
    // A response was sent, and nobody is going to read the request.
    const isAnswered = this[kSession]?.[kState].isServer && state.isHeadersSent && !state.hasTrailers;
    if (isAnswered && !state.didRead && this.readableFlowing === null) {
      setImmediate(() => this.close());
    }
  }
}

Http2Stream.prototype.setTimeout = setStreamTimeout;

Http2Stream.prototype.priority = require('internal/util').deprecate(function priority() {
  if (this.destroyed) throw new ERR_HTTP2_INVALID_STREAM();
}, 'http2Stream.priority is longer supported after priority signalling was deprecated in RFC 9113', 'DEP0194');

/** Defines what programs do not see among a stream's properties. */
function hide(stream, key, value) {
  Object.defineProperty(stream, key, { value, writable: true, enumerable: false, configurable: true });
}

function nativeList(chunks) {
  const list = [];
  for (let i = 0; i < chunks.length; i++) {
    const entry = chunks[i];
    let chunk = entry.chunk ?? entry;
    let kind = 0;
    if (typeof chunk === 'string') {
      kind = NATIVE_ENCODINGS[entry.encoding];
      if (kind === undefined) {
        chunk = require('buffer').Buffer.from(chunk, entry.encoding);
        kind = 0;
      }
    }
    list.push(chunk, kind);
  }
  return list;
}

/** Where nothing waits behind the write under way and the stream is ended, that write is the last. */
function shutDownAfterLast(stream) {
  const { _writableState: writable } = stream;
  if (stream.destroyed || stream[kWriteCallback] === null || !writable.ending) return;
  if (writable.bufferedRequestCount > 0 || stream[kState].isShutDown) return;
  shutDown(stream);
}

function shutDownIfEnding(stream) {
  if (stream._writableState.ending) shutDownAfterLast(stream);
}

/** The end of what the other side sends. */
function endReading(stream) {
  stream.push(null);
  stream[kMaybeDestroy]();
}

/**
 * The native stream is closed.
 * @param {Http2Stream} stream
 * @param {number} code
 */
function onNativeClose(stream, code) {
  if (stream.destroyed) return;
  if (!stream.closed) closeStream(stream, code, RST.none);
  // What has been sent is told of at once; what still waits then is of no use.
  if (stream[kWriteCallback] !== null) setImmediate(cutOff, stream);
  if (!stream.readable || code !== NGHTTP2_NO_ERROR) {
    stream.push(null);
    stream[kMaybeDestroy](code);
    return;
  }
  stream.once('end', () => stream[kMaybeDestroy](code));
  stream.push(null);
  // Where a server does not read, nobody misses what has come.
  if (stream[kSession]?.[kState].isServer && !stream[kState].didRead && stream.readableFlowing === null) stream.resume();
  else stream.read(0);
}

function cutOff(stream) {
  if (stream.destroyed || stream[kWriteCallback] === null) return;
  stream[kState].isCut = true;
  stream[kMaybeDestroy]();
}

/** The native session wants the trailers. */
function onNativeTrailers(stream) {
  stream[kState].trailersReady = true;
  if (stream.closed) return;
  if (!stream.emit('wantTrailers')) stream.sendTrailers({});
}

/** A write is sent, or will not be. */
function onNativeWritten(stream, status) {
  const state = stream[kState];
  const callback = stream[kWriteCallback];
  stream[kWriteCallback] = null;
  state.writeQueueSize = 0;
  if (callback === null) return;
  stream[kUpdateTimer]();
  if (status < 0) callback(errnoException(status, 'write'));
  else callback();
}

module.exports = {
  Http2Stream, closeStream, endReading, hasWritten, hide, onNativeClose, onNativeTrailers, onNativeWritten, shutDown,
};
