// What the network does to a fetch, as Node's fetch reports it in the cause of its error.
'use strict';

/** An error of the network with a code of its own. */
class NetworkError extends Error {
  /**
   * @param {string} name
   * @param {string | undefined} code
   * @param {string} message
   */
  constructor(name, code, message) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/**
 * @param {import('net').Socket} socket
 * @returns {NetworkError} for a connection that the server has ended too soon
 */
function otherSideClosed(socket) {
  const error = new NetworkError('SocketError', 'UND_ERR_SOCKET', 'other side closed');
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
 * @param {[string, string, number]} report of the parser
 * @param {Uint8Array} chunk what it has read
 * @returns {NetworkError} for what is no response
 */
function noResponse([, reason, used], chunk) {
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

module.exports = { NetworkError, noResponse, otherSideClosed, timedOut };
