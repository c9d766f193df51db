// `ClientHttp2Session`: a client's side of a connection, and its requests.
'use strict';

const {
  AbortError,
  codes: {
    ERR_HTTP2_GOAWAY_SESSION, ERR_HTTP2_INVALID_SESSION, ERR_HTTP2_OUT_OF_STREAMS,
  },
} = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber } = require('internal/validators');
const { NGHTTP2_ERR, NghttpError } = require('internal/http2/errors');
const {
  checkConnectHeaders, checkObject, copyHeaders, listToObject, writeHeaders,
} = require('internal/http2/headers');
const { reportCreated, reportStarted } = require('internal/http2/channels');
const { ClientHttp2Stream } = require('internal/http2/client_stream');
const { Http2Session, afterConnect } = require('internal/http2/session');
const {
  kAuthority, kInit, kNative, kProtocol, kSensitiveHeaders, kState, kUpdateTimer,
} = require('internal/http2/symbols');

/** Methods whose requests usually have no body. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE']);

/** What a request has without being told, in the order in which it is sent. */
function defaults(session, headers) {
  const method = headers[':method'] ?? 'GET';
  const isPlainConnect = method === 'CONNECT' && headers[':protocol'] === undefined;
  const all = [[':method', method]];
  if (isPlainConnect) return all;
  if (headers[':authority'] === undefined && headers.host === undefined) {
    all.push([':authority', session[kAuthority]]);
  }
  all.push([':scheme', session[kProtocol].slice(0, -1)], [':path', '/']);
  return all;
}

/**
 * The headers of a request with what every request has.
 * @returns {{ headers: object, list: object | string[] }} what is shown, and what is sent
 */
function completeHeaders(session, given) {
  if (!Array.isArray(given)) {
    checkObject(given, 'headers', ['Object', 'Array']);
    const headers = copyHeaders(given);
    for (const [name, value] of defaults(session, headers)) headers[name] ??= value;
    return { headers, list: headers };
  }
  const shown = listToObject(given);
  const missing = [];
  for (const [name, value] of defaults(session, lowerCased(shown))) {
    if (shown[name] === undefined) missing.push(name, value);
  }
  const list = [...missing, ...given];
  if (given[kSensitiveHeaders] !== undefined) list[kSensitiveHeaders] = given[kSensitiveHeaders];
  return { headers: listToObject(list), list };
}

function lowerCased(headers) {
  const lower = { __proto__: null };
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name];
  return lower;
}

/** The options of a request. */
function checkOptions(options) {
  if (options.endStream !== undefined) validateBoolean(options.endStream, 'options.endStream');
  if (options.exclusive !== undefined) validateBoolean(options.exclusive, 'options.exclusive');
  if (options.parent !== undefined) validateNumber(options.parent, 'options.parent');
  if (options.silent !== undefined) validateBoolean(options.silent, 'options.silent');
  if (options.weight !== undefined || options.parent !== undefined || options.exclusive !== undefined ||
      options.silent !== undefined) {
    warnOfPriority();
  }
}

const warnOfPriority = require('internal/util').deprecate(() => {},
  'Priority signaling has been deprecated as of RFC 9113.', 'DEP0194');

/** Submits a request once the session is connected. */
function sendRequest(session, stream, message, options) {
  if (session.destroyed || stream.destroyed) return;
  if (session.closed) {
    stream.destroy(new ERR_HTTP2_GOAWAY_SESSION());
    return;
  }
  const state = stream[kState];
  const hasData = !options.endStream;
  if (!hasData) state.isShutDown = true;
  const native = session[kNative];
  const id = native.request(message.text, message.count, hasData, state.hasTrailers);
  if (id > 0) {
    stream[kInit](id);
    reportStarted(stream, stream.sentHeaders);
    return;
  }
  let error;
  if (id === NGHTTP2_ERR.STREAM_ID_NOT_AVAILABLE) error = new ERR_HTTP2_OUT_OF_STREAMS();
  else error = new NghttpError(id);
  if (id === NGHTTP2_ERR.STREAM_ID_NOT_AVAILABLE || id === NGHTTP2_ERR.INVALID_ARGUMENT) {
    process.nextTick(() => stream.destroy(error));
  } else {
    session.destroy(error);
  }
}

class ClientHttp2Session extends Http2Session {
  constructor(options, socket, authority, protocol) {
    super(false, options, socket);
    const { hide } = require('internal/http2/stream');
    hide(this, kAuthority, authority);
    hide(this, kProtocol, protocol);
  }

  /**
   * Sends a request.
   * @param {object | string[]} [headers]
   * @param {{ endStream?: boolean, waitForTrailers?: boolean, signal?: AbortSignal }} [options]
   * @returns {ClientHttp2Stream}
   */
  request(headers, options) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    this[kUpdateTimer]();
    checkObject(options, 'options');
    options = { ...options };
    const all = completeHeaders(this, headers ?? {});
    checkConnectHeaders(all.headers);
    checkOptions(options);
    options.endStream ??= BODILESS.has(all.headers[':method']);
    const message = writeHeaders(all.list, 'all', this[kState].isStrict);
    const stream = new ClientHttp2Stream(this, undefined, {});
    const state = stream[kState];
    state.sentHeaders = all.headers;
    state.authority = all.headers[':authority'];
    if (options.waitForTrailers) state.hasTrailers = true;
    reportCreated(stream, all.headers);
    const { signal } = options;
    if (signal) {
      validateAbortSignal(signal, 'options.signal');
      const abort = () => stream.destroy(new AbortError(undefined, { cause: signal.reason }));
      if (signal.aborted) {
        abort();
        return stream;
      }
      const { addAbortListener } = require('internal/events/abort_listener');
      const subscription = addAbortListener(signal, abort);
      stream.once('close', () => subscription[Symbol.dispose]());
    }
    if (this.closed) {
      process.nextTick(() => stream.destroy(new ERR_HTTP2_GOAWAY_SESSION()));
      return stream;
    }
    if (options.endStream) stream.end();
    afterConnect(this, () => sendRequest(this, stream, message, options));
    return stream;
  }
}

module.exports = { ClientHttp2Session };
