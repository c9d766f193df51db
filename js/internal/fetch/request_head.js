// The head of a request of fetch: what a program's fields may say about the connection, and the lines that are sent.
'use strict';

const { NetworkError } = require('internal/fetch/errors');

const invalid = (name) => new NetworkError('InvalidArgumentError', 'UND_ERR_INVALID_ARG', `invalid ${name} header`);

const mismatch = () =>
  new NetworkError('RequestContentLengthMismatchError', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
    'Request body length does not match content-length header', true);

/** Methods whose requests say that they have no body. */
const PAYLOAD_METHODS = ['POST', 'PUT', 'PATCH'];

/** Takes out of the fields what the head says in lines of its own. */
function takeFields({ fields }) {
  const own = { lines: '', length: null, closes: false };
  for (let i = 0; i < fields.length; i += 2) {
    const [name, value] = [fields[i], fields[i + 1]];
    switch (name.toLowerCase()) {
      case 'host':
        break;
      case 'content-length':
        own.length = /^\d+$/.test(value) ? Number(value) : undefined;
        if (own.length === undefined) throw invalid('content-length');
        break;
      case 'transfer-encoding':
      case 'keep-alive':
      case 'upgrade':
        throw invalid(name.toLowerCase());
      case 'connection': {
        const wish = value.toLowerCase();
        if (wish !== 'close' && wish !== 'keep-alive') throw invalid('connection');
        own.closes = wish === 'close';
        break;
      }
      case 'expect':
        throw new NetworkError('NotSupportedError', 'UND_ERR_NOT_SUPPORTED', 'expect header not supported');
      default:
        own.lines += `${name}: ${value}\r\n`;
    }
  }
  return own;
}

/**
 * @param {Exchange} exchange
 * @param {ProxyConfig | null} proxy that the request is sent to
 * @returns {{ text: string, length: number | null, closes: boolean }} the head, the length of the body (null: it is
 *   sent in chunks) and whether the connection is for this request only
 * @throws {NetworkError} if the fields contradict what is sent
 */
function headOf(exchange, proxy) {
  const { method, url, body } = exchange;
  const { lines, length: told, closes } = takeFields(exchange);
  const length = exchange.length ?? (body === null ? 0 : told);
  if (told !== null && length > 0 && length !== told) throw mismatch();
  const target = `${proxy === null ? '' : url.origin}${url.pathname}${url.search}`;
  let text = `${method} ${target} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: ${closes ? 'close' : 'keep-alive'}\r\n`;
  if (proxy?.auth) text += `proxy-authorization: ${proxy.auth}\r\n`;
  text += lines;
  if (length === null) text += 'transfer-encoding: chunked\r\n';
  else if (body !== null || PAYLOAD_METHODS.includes(method)) text += `content-length: ${length}\r\n`;
  return { text: `${text}\r\n`, length, closes };
}

module.exports = { headOf, mismatch };
