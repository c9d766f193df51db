// Node's `net`: TCP and local sockets, servers and clients.
'use strict';

const { isIP, isIPv4, isIPv6 } = require('internal/net_address');
const { normalizeArgs } = require('internal/net/arguments');
const { Socket } = require('internal/net/socket');
const { Server, createServerHandle } = require('internal/net/server');
const { BoundSocket } = require('internal/net/bound_socket');
const autoSelectFamily = require('internal/net/auto_select_family');

/**
 * @param {object | Function} [options]
 * @param {Function} [connectionListener]
 * @returns {Server}
 */
function createServer(options, connectionListener) {
  return new Server(options, connectionListener);
}

/**
 * `connect(options[, listener])`, `connect(path[, listener])`, `connect(port[, host][, listener])`
 * @returns {Socket} a socket that connects
 */
function connect(...args) {
  const normalized = normalizeArgs(args);
  const [options] = normalized;
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(normalized);
}

module.exports = {
  _createServerHandle: createServerHandle,
  _normalizeArgs: normalizeArgs,
  BoundSocket,
  connect,
  createConnection: connect,
  createServer,
  isIP,
  isIPv4,
  isIPv6,
  Server,
  Socket,
  Stream: Socket,
  getDefaultAutoSelectFamily: autoSelectFamily.getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily: autoSelectFamily.setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout: autoSelectFamily.getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout: autoSelectFamily.setDefaultAutoSelectFamilyAttemptTimeout,
};

for (const [name, id] of [['BlockList', 'block_list'], ['SocketAddress', 'socket_address']]) {
  Object.defineProperty(module.exports, name, {
    get: { [name]() { return require(`internal/net/${id}`)[name]; } }[name],
    configurable: true,
    enumerable: true,
  });
}
