// The head of a request of fetch: what a program's fields may say about the connection, and what is sent.
'use strict';

const { informational, networkError } = require('internal/fetch/errors');
const { checkIsHttpToken } = require('internal/http/fields');

const invalid = (name) => networkError('InvalidArgumentError', 'UND_ERR_INVALID_ARG', `invalid ${name} header`);

const mismatch = () =>
  networkError('RequestContentLengthMismatchError', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
    'Request body length does not match content-length header', true);

function forbidden(name) {
  const { codes } = require('internal/errors');
  const cause = new codes.ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
  const descriptor = { value: cause, configurable: true, writable: true };
  return Object.defineProperty(informational(cause.message), 'cause', descriptor);
}

/** Methods whose requests say that they have no body. */
const PAYLOAD_METHODS = ['POST', 'PUT', 'PATCH'];

/** Requests that may be sent twice. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** Fields of connections of HTTP/1 that HTTP/2 must not be told of. */
const FORBIDDEN = ['proxy-connection', 'http2-settings'];

/** @returns {boolean} whether a request that a server has not seen can be sent to another */
function mayBeSentAgain({ method, body }) {
  return SAFE_METHODS.includes(method) && (body === null || body instanceof Uint8Array);
}

/** The value of `content-length` as a number. */
function lengthOf(value) {
  if (!/^\d+$/.test(value)) throw invalid('content-length');
  return Number(value);
}

/** What the field `connection` asks for. */
function optionsOf(value) {
  const options = value.toLowerCase().split(',').map((option) => option.trim());
  if (!options.every((option) => checkIsHttpToken(option))) throw invalid('connection');
  return options;
}

/** What no request may say, whatever the server speaks. */
function refuse(name) {
  switch (name) {
    case 'transfer-encoding':
    case 'keep-alive':
    case 'upgrade':
      throw invalid(name);
    case 'expect':
      throw networkError('NotSupportedError', 'UND_ERR_NOT_SUPPORTED', 'expect header not supported');
  }
}

/**
 * Looks at a request before there is a connection.
 * @param {Exchange} exchange
 * @throws {Error} if the fields say what no request may say
 */
function checkFields({ fields }) {
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i].toLowerCase();
    if (name === 'content-length') lengthOf(fields[i + 1]);
    else refuse(name);
  }
}

/** Takes out of the fields what the head says in lines of its own. */
function takeFields({ fields, method }) {
  // Some servers send a body to who asks for none; what comes on that connection counts no more.
  const own = { lines: '', length: null, closes: method === 'HEAD' };
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i].toLowerCase();
    const value = fields[i + 1];
    switch (name) {
      case 'host':
        break;
      case 'content-length':
        own.length = lengthOf(value);
        break;
      case 'connection':
        own.closes ||= optionsOf(value).includes('close');
        break;
      default:
        refuse(name);
        own.lines += `${fields[i]}: ${value}\r\n`;
    }
  }
  return own;
}

/** What is known of the length of a body: a number, or null. */
function knownLength({ body, length }, told) {
  const known = length ?? (body === null ? 0 : told);
  if (told !== null && known > 0 && known !== told) throw mismatch();
  return known;
}

/**
 * @param {Exchange} exchange
 * @param {ProxyConfig | null} proxy that the request is sent to
 * @returns {{ text: string, length: number | null, closes: boolean }} the head, the length of the body (null: it is
 *   sent in chunks) and whether the connection is for this request only
 * @throws {Error} if the fields contradict what is sent
 */
function headOf(exchange, proxy) {
  const { method, url, body } = exchange;
  const { lines, length: told, closes } = takeFields(exchange);
  const length = knownLength(exchange, told);
  const target = `${proxy === null ? '' : url.origin}${url.pathname}${url.search}`;
  let text = `${method} ${target} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: ${closes ? 'close' : 'keep-alive'}\r\n`;
  if (proxy?.auth) text += `proxy-authorization: ${proxy.auth}\r\n`;
  text += lines;
  if (length === null) text += 'transfer-encoding: chunked\r\n';
  else if (body !== null || PAYLOAD_METHODS.includes(method)) text += `content-length: ${length}\r\n`;
  return { text: `${text}\r\n`, length, closes };
}

/**
 * What a stream of a request's body gives, as bytes.
 * @param {unknown} chunk
 * @returns {Uint8Array}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 */
function bytesOf(chunk) {
  if (chunk instanceof Uint8Array) return chunk;
  const { Buffer } = require('buffer');
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
  if (require('internal/util/types').isAnyArrayBuffer(chunk)) {
    throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
  }
  throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], chunk);
}

/** Behind each value of a head of HTTP/2: its end, and that it may be indexed. */
const END = '\0' + '0';

const field = (name, value) => `${name}\0${value}${END}`;

/**
 * @param {Exchange} exchange
 * @returns {{ text: string, count: number, length: number | null }} headers as the native session takes them, and the
 *   length of the body, where it is known
 * @throws {Error} if the fields contradict what is sent
 */
function http2HeadOf(exchange) {
  const { method, url, body, fields } = exchange;
  let text = field(':authority', url.host) + field(':method', method) +
    field(':path', `${url.pathname}${url.search}`) + field(':scheme', 'https');
  let count = 4;
  let told = null;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i].toLowerCase();
    const value = fields[i + 1];
    switch (name) {
      case 'host':
      case 'connection':
        continue;
      case 'content-length':
        told = lengthOf(value);
        continue;
    }
    refuse(name);
    if (FORBIDDEN.includes(name) || (name === 'te' && value !== 'trailers')) throw forbidden(name);
    text += field(name, value);
    count++;
  }
  const length = knownLength(exchange, told);
  if (length !== null && (body !== null || PAYLOAD_METHODS.includes(method))) {
    text += field('content-length', `${length}`);
    count++;
  }
  return { text, count, length };
}

module.exports = { bytesOf, checkFields, headOf, http2HeadOf, mayBeSentAgain, mismatch };
