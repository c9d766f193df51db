// What the network does to a fetch, as Node's fetch reports it in the cause of its error.
'use strict';

/** Classes of errors, by the names that they are known by. */
const classes = new Map();

/**
 * @param {string} name of its class
 * @param {string | undefined} code
 * @param {string} message
 * @param {boolean} [isShown] whether the message is enumerable, as that of some kinds is in Node
 * @returns {Error} of the network, with a code of its own
 */
function networkError(name, code, message, isShown = false) {
  let Class = classes.get(name);
  if (Class === undefined) classes.set(name, (Class = { [name]: class extends Error {} }[name]));
  const error = new Class(message);
  error.name = name;
  error.code = code;
  if (isShown) {
    delete error.message;
    error.message = message;
  }
  return error;
}

/**
 * @param {import('net').Socket} socket
 * @param {string} message
 * @returns {Error} for a connection that is not what was expected
 */
function socketError(socket, message) {
  const error = networkError('SocketError', 'UND_ERR_SOCKET', message);
  error.socket = {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    timeout: socket.timeout,
    bytesWritten: socket.bytesWritten,
    bytesRead: socket.bytesRead,
  };
  return error;
}

/**
 * @param {string} message
 * @returns {Error} for what was no fault of the network's
 */
function informational(message) {
  return networkError('InformationalError', 'UND_ERR_INFO', message);
}

/**
 * @param {import('net').Socket} socket
 * @returns {Error} for a connection that the server has ended too soon
 */
function otherSideClosed(socket) {
  return socketError(socket, 'other side closed');
}

/** What Node's fetch finds out later than the parser, and calls otherwise: two lengths, or a length and chunks. */
const CONTRADICTIONS = [
  'Duplicate Content-Length', "Content-Length can't be present with Transfer-Encoding",
  "Transfer-Encoding can't be present with Content-Length",
];

/**
 * @param {[string, string, number]} report of the parser
 * @param {Uint8Array} chunk what it has read
 * @returns {Error} for what is no response
 */
function noResponse([code, reason, used], chunk) {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return networkError('HeadersOverflowError', 'UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error', true);
  }
  if (CONTRADICTIONS.includes(reason)) {
    return networkError('ResponseContentLengthMismatchError', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
      'Response body length does not match content-length header', true);
  }
  const message = `Response does not match the HTTP/1.1 protocol (${reason})`;
  const error = networkError('HTTPParserError', undefined, message);
  error.data = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1', used);
  return error;
}

const timeouts = {
  connect: ['ConnectTimeoutError', 'UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout Error'],
  headers: ['HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error'],
  body: ['BodyTimeoutError', 'UND_ERR_BODY_TIMEOUT', 'Body Timeout Error'],
};

/**
 * @param {'connect' | 'headers' | 'body'} what took too long
 * @param {string} [detail]
 * @returns {Error}
 */
function timedOut(what, detail = '') {
  const [name, code, message] = timeouts[what];
  return networkError(name, code, message + detail);
}

/**
 * @param {Error} error of the tunnel
 * @param {import('net').Socket} socket
 * @returns {Error} for a server that the proxy does not lead to
 */
function tunnelError(error, socket) {
  if (error.statusCode !== undefined) {
    const message = `Proxy response (${error.statusCode}) !== 200 when HTTP Tunneling`;
    const cause = networkError('AbortError', 'UND_ERR_ABORTED', message);
    return Object.assign(new DOMException('Request was cancelled.'), { cause });
  }
  if (error.code !== 'ERR_PROXY_TUNNEL') return error;
  const failed = networkError('ProxyConnectionError', 'UND_ERR_PRX_CONN', 'Proxy Connection failed', true);
  Object.defineProperty(failed, 'cause', { value: otherSideClosed(socket), configurable: true, writable: true });
  return failed;
}

module.exports = { informational, networkError, noResponse, otherSideClosed, socketError, timedOut, tunnelError };
