// Tunnels: a proxy connects to the server and passes on what it does not understand.
'use strict';

const { codes: { ERR_PROXY_TUNNEL } } = require('internal/errors');
const { Buffer } = require('buffer');
const { isIPv6 } = require('internal/net_address');
const { connectToProxy } = require('internal/http/proxy');

/** How long the head of the proxy's answer may be, in bytes. */
const LONGEST_HEAD = 16 * 1024;

function authority({ host = 'localhost', port }) {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Asks a proxy for a connection to a server.
 * @param {(server: string) => string} headFor makes the head of the request to the proxy
 * @param {ProxyConfig} proxy
 * @param {object} options  of the request, with `host` and `port`
 * @param {(error: Error | null, socket?: net.Socket) => void} callback  the error of a proxy that refuses has its
 *   `statusCode`
 * @returns {net.Socket} the connection to the proxy
 */
function openTunnel(headFor, proxy, options, callback) {
  const server = authority(options);
  const socket = connectToProxy(proxy);
  const { timeout } = options;
  let head = Buffer.alloc(0);
  if (timeout) socket.setTimeout(timeout);

  function finish(error) {
    socket.removeListener('readable', onReadable);
    socket.removeListener('end', onEnd);
    socket.removeListener('error', onError);
    socket.removeListener('timeout', onTimeout);
    if (!(error instanceof Error)) {
      socket.setTimeout(0);
      callback(null, socket);
      return;
    }
    socket.on('error', () => {});
    socket.destroy();
    callback(error);
  }
  function onReadable() {
    let chunk;
    while ((chunk = socket.read()) !== null) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) {
        if (head.length > LONGEST_HEAD) finish(refusal());
        continue;
      }
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      if (/^HTTP\/1\.[01] 200(?: |\r)/.test(head.latin1Slice(0, end + 2))) finish();
      else finish(refusal());
      return;
    }
  }
  function refusal() {
    const [statusLine] = head.latin1Slice().split('\r\n', 1);
    const error = new ERR_PROXY_TUNNEL(`Failed to establish tunnel to ${server} via ${proxy.href}: ${statusLine}`);
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine);
    if (status !== null) error.statusCode = Number(status[1]);
    return error;
  }
  function onEnd() {
    // An answer without fields may have no end of its own.
    if (head.length > 0) finish(refusal());
    else finish(new ERR_PROXY_TUNNEL('Connection to establish proxy tunnel ended unexpectedly'));
  }
  function onError(error) {
    finish(error);
  }
  function onTimeout() {
    finish(new ERR_PROXY_TUNNEL(`Connection to establish proxy tunnel timed out after ${socket.timeout}ms`));
  }

  socket.on('readable', onReadable);
  socket.on('end', onEnd);
  socket.on('error', onError);
  socket.on('timeout', onTimeout);
  socket.write(headFor(server));
  return socket;
}

module.exports = { openTunnel };
