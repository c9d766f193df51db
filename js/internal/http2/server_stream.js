// `ServerHttp2Stream`: a request that has come, and its response.
'use strict';

const {
  codes: {
    ERR_HTTP2_HEADERS_AFTER_RESPOND, ERR_HTTP2_HEADERS_SENT, ERR_HTTP2_INVALID_INFO_STATUS, ERR_HTTP2_INVALID_STREAM,
    ERR_HTTP2_NESTED_PUSH, ERR_HTTP2_OUT_OF_STREAMS, ERR_HTTP2_PAYLOAD_FORBIDDEN, ERR_HTTP2_PUSH_DISABLED,
    ERR_HTTP2_STATUS_101, ERR_HTTP2_STATUS_INVALID, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { utcDate } = require('internal/http/shared');
const { NGHTTP2_ERR, NghttpError } = require('internal/http2/errors');
const {
  authorityOf, checkConnectHeaders, checkObject, copyHeaders, listToObject, writeHeaders,
} = require('internal/http2/headers');
const { reportCreated, reportFinished, reportStarted } = require('internal/http2/channels');
const { Http2Stream } = require('internal/http2/stream');
const {
  kId, kInit, kNative, kProceed, kSendResponse, kSensitiveHeaders, kSession, kState, kUpdateTimer,
} = require('internal/http2/symbols');

/** Answers without a body. */
const BODILESS = new Set([204, 205, 304]);

/** The flags of frames that the channels show. */
const END_STREAM = 1;
const END_HEADERS = 4;

/** The status of a response, which must be one. */
function checkStatus(headers) {
  const status = headers[':status'] | 0;
  if (status < 100 || status > 599) throw new ERR_HTTP2_STATUS_INVALID(headers[':status']);
  return status;
}

/**
 * The headers of a response with what every response has.
 * @param {object | string[]} given
 * @param {boolean} sendsDate
 * @returns {{ headers: object, list: object | string[] }} what is shown, and what is sent
 */
function completeHeaders(given, sendsDate) {
  if (!Array.isArray(given)) {
    checkObject(given, 'headers', ['Object', 'Array']);
    const headers = copyHeaders(given);
    headers[':status'] ??= 200;
    if (sendsDate) headers.date ??= utcDate();
    return { headers, list: headers };
  }
  const list = given.slice();
  if (given[kSensitiveHeaders] !== undefined) list[kSensitiveHeaders] = given[kSensitiveHeaders];
  let hasStatus = false;
  let hasDate = false;
  for (let i = 0; i < list.length; i += 2) {
    const name = String(list[i]).toLowerCase();
    hasStatus ||= name === ':status';
    hasDate ||= name === 'date';
  }
  if (!hasStatus) list.unshift(':status', 200);
  if (sendsDate && !hasDate) list.push('date', utcDate());
  return { headers: listToObject(list), list };
}

class ServerHttp2Stream extends Http2Stream {
  constructor(session, id, options, headers) {
    super(session, options);
    this[kInit](id);
    const state = this[kState];
    state.scheme = headers[':scheme'];
    state.authority = authorityOf(headers);
  }

  /** Whether the other side takes promises. */
  get pushAllowed() {
    const session = this[kSession];
    return !this.destroyed && !this.closed && session !== undefined && !session.closed && !session.destroyed &&
      Boolean(session.remoteSettings.enablePush);
  }

  [kProceed]() {
    this.respond();
  }

  /**
   * Promises a response that was not asked for.
   * @param {object} headers of the request that it answers
   * @param {{ endStream?: boolean }} [options]
   * @param {(error: Error | null, stream: ServerHttp2Stream, headers: object) => void} callback
   */
  pushStream(headers, options, callback) {
    if (!this.pushAllowed) throw new ERR_HTTP2_PUSH_DISABLED();
    if (this[kId] % 2 === 0) throw new ERR_HTTP2_NESTED_PUSH();
    const session = this[kSession];
    this[kUpdateTimer]();
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    validateFunction(callback, 'callback');
    checkObject(options, 'options');
    options = { ...options };
    options.endStream = Boolean(options.endStream);
    checkObject(headers, 'headers');
    headers = copyHeaders(headers);
    headers[':method'] ??= 'GET';
    headers[':authority'] ??= this[kState].authority;
    headers[':scheme'] ??= this[kState].scheme;
    headers[':path'] ??= '/';
    let isHeadRequest = false;
    if (headers[':method'] === 'HEAD') isHeadRequest = options.endStream = true;
    options.readable = false;
    checkConnectHeaders(headers);
    const { text, count } = writeHeaders(headers, 'all', session[kState].isStrict);
    const id = session[kNative].promise(this[kId], text, count);
    if (id <= 0) {
      const error = id === NGHTTP2_ERR.STREAM_ID_NOT_AVAILABLE ?
        new ERR_HTTP2_OUT_OF_STREAMS() :
        id === NGHTTP2_ERR.STREAM_CLOSED ? new ERR_HTTP2_INVALID_STREAM() : new NghttpError(id);
      process.nextTick(callback, error);
      return;
    }
    const stream = new ServerHttp2Stream(session, id, options, headers);
    stream[kState].sentHeaders = headers;
    stream.push(null);
    if (options.endStream) stream.end();
    if (isHeadRequest) stream[kState].isHeadRequest = true;
    reportCreated(stream, headers);
    reportStarted(stream, headers);
    process.nextTick(callback, null, stream, headers, 0);
  }

  /** Checks that a response can begin. */
  #checkResponse() {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_SENT();
  }

  /**
   * Begins the response.
   * @param {object | string[]} [headers]
   * @param {{ endStream?: boolean, waitForTrailers?: boolean, sendDate?: boolean }} [options]
   */
  respond(headers, options) {
    this.#checkResponse();
    checkObject(options, 'options');
    options = { ...options };
    this[kUpdateTimer]();
    const sendsDate = options.sendDate == null || Boolean(options.sendDate);
    const all = completeHeaders(headers, sendsDate);
    const status = checkStatus(all.headers);
    const isEmpty = Boolean(options.endStream) || BODILESS.has(status) || this.headRequest;
    this[kSendResponse](all, { isEmpty, hasTrailers: Boolean(options.waitForTrailers) });
    if (isEmpty) this.end();
  }

  /**
   * Submits the headers of the response.
   * @param {{ headers: object, list: object | string[] }} all
   * @param {{ isEmpty: boolean, hasTrailers: boolean }} kind
   * @returns {boolean} whether the native session has taken them
   */
  [kSendResponse](all, kind) {
    const state = this[kState];
    const session = this[kSession];
    const { text, count } = writeHeaders(all.list, 'response', session[kState].isStrict);
    state.isHeadersSent = true;
    state.sentHeaders = all.headers;
    state.hasTrailers = kind.hasTrailers;
    if (kind.isEmpty) state.isShutDown = true;
    const status = session[kNative].respond(this[kId], text, count, !kind.isEmpty, kind.hasTrailers && !kind.isEmpty);
    if (status < 0) {
      this.destroy(new NghttpError(status));
      return false;
    }
    reportFinished(this, all.headers, kind.isEmpty ? END_HEADERS | END_STREAM : END_HEADERS);
    return true;
  }

  /** Checks the options of a response from a file. */
  #checkFileOptions(options) {
    checkObject(options, 'options');
    options = { ...options };
    for (const [name, type] of [['offset', 'number'], ['length', 'number'], ['statCheck', 'function']]) {
      if (options[name] !== undefined && typeof options[name] !== type) {
        throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name]);
      }
    }
    return options;
  }

  #fileHeaders(headers, options) {
    checkObject(headers, 'headers');
    const all = completeHeaders(headers, options.sendDate == null || Boolean(options.sendDate));
    const status = checkStatus(all.headers);
    if (BODILESS.has(status) || this.headRequest) throw new ERR_HTTP2_PAYLOAD_FORBIDDEN(status);
    return all;
  }

  /**
   * Responds with what a descriptor has.
   * @param {number | FileHandle} fd
   * @param {object} [headers]
   * @param {object} [options] `offset`, `length`, `statCheck`, `waitForTrailers`, `sendDate`
   */
  respondWithFD(fd, headers, options) {
    this.#checkResponse();
    options = this.#checkFileOptions(options);
    const { FileHandle } = require('internal/fs/file_handle');
    if (typeof fd !== 'number' && !(fd instanceof FileHandle)) {
      throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'FileHandle'], fd);
    }
    this[kUpdateTimer]();
    const all = this.#fileHeaders(headers, options);
    require('internal/http2/send_file').sendDescriptor(this, fd, all, options);
  }

  /**
   * Responds with a file.
   * @param {string | Buffer | URL} path
   * @param {object} [headers]
   * @param {object} [options] as of `respondWithFD`, and `onError`
   */
  respondWithFile(path, headers, options) {
    this.#checkResponse();
    options = this.#checkFileOptions(options);
    this[kUpdateTimer]();
    const all = this.#fileHeaders(headers, options);
    require('internal/http2/send_file').sendFile(this, path, all, options);
  }

  /**
   * Sends headers of information before the response.
   * @param {object} headers
   */
  additionalHeaders(headers) {
    if (this.destroyed || this.closed) throw new ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new ERR_HTTP2_HEADERS_AFTER_RESPOND();
    checkObject(headers, 'headers');
    headers = copyHeaders(headers);
    const status = headers[':status'] = headers[':status'] === undefined ? undefined : headers[':status'] | 0;
    if (status !== undefined) {
      if (status === 101) throw new ERR_HTTP2_STATUS_101();
      if (status < 100 || status >= 200) throw new ERR_HTTP2_INVALID_INFO_STATUS(status);
    }
    this[kUpdateTimer]();
    const session = this[kSession];
    const { text, count } = writeHeaders(headers, 'response', session[kState].isStrict);
    const state = this[kState];
    (state.sentInfoHeaders ??= []).push(headers);
    const result = session[kNative].info(this[kId], text, count);
    if (result < 0) this.destroy(new NghttpError(result));
  }
}

module.exports = { ServerHttp2Stream };
