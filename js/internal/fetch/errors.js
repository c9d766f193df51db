// What the network does to a fetch, as Node's fetch reports it in the cause of its error.
'use strict';

/** An error of the network with a code of its own. */
class NetworkError extends Error {
  /**
   * @param {string} name
   * @param {string | undefined} code
   * @param {string} message
   * @param {boolean} [isShown] whether the message is enumerable, as that of some kinds is in Node
   */
  constructor(name, code, message, isShown = false) {
    super(message);
    this.name = name;
    this.code = code;
    if (!isShown) return;
    delete this.message;
    this.message = message;
  }
}

/**
 * @param {import('net').Socket} socket
 * @param {string} message
 * @returns {NetworkError} for a connection that is not what was expected
 */
function socketError(socket, message) {
  const error = new NetworkError('SocketError', 'UND_ERR_SOCKET', message);
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
 * @param {import('net').Socket} socket
 * @returns {NetworkError} for a connection that the server has ended too soon
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
 * @returns {NetworkError} for what is no response
 */
function noResponse([code, reason, used], chunk) {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new NetworkError('HeadersOverflowError', 'UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error', true);
  }
  if (CONTRADICTIONS.includes(reason)) {
    return new NetworkError('ResponseContentLengthMismatchError', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
      'Response body length does not match content-length header', true);
  }
  const message = `Response does not match the HTTP/1.1 protocol (${reason})`;
  const error = new NetworkError('HTTPParserError', undefined, message);
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
 * @returns {NetworkError}
 */
function timedOut(what, detail = '') {
  const [name, code, message] = timeouts[what];
  return new NetworkError(name, code, message + detail);
}

/**
 * @param {Error} error of the tunnel
 * @param {import('net').Socket} socket
 * @returns {Error} for a server that the proxy does not lead to
 */
function tunnelError(error, socket) {
  if (error.statusCode !== undefined) {
    const message = `Proxy response (${error.statusCode}) !== 200 when HTTP Tunneling`;
    const cause = new NetworkError('AbortError', 'UND_ERR_ABORTED', message);
    return Object.assign(new DOMException('Request was cancelled.'), { cause });
  }
  if (error.code !== 'ERR_PROXY_TUNNEL') return error;
  const failed = new NetworkError('ProxyConnectionError', 'UND_ERR_PRX_CONN', 'Proxy Connection failed', true);
  Object.defineProperty(failed, 'cause', { value: otherSideClosed(socket), configurable: true, writable: true });
  return failed;
}

module.exports = { NetworkError, noResponse, otherSideClosed, socketError, timedOut, tunnelError };
