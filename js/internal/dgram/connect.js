// The peer of a datagram socket: `connect`, `connectSync`, `disconnect`.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_VALUE, ERR_IP_BLOCKED, ERR_SOCKET_ALREADY_BOUND, ERR_SOCKET_DGRAM_IS_CONNECTED,
    ERR_SOCKET_DGRAM_NOT_CONNECTED,
  },
  errnoException,
  exceptionWithHostPort,
} = require('internal/errors');
const { validatePort, validateString } = require('internal/validators');
const { isIP } = require('internal/net_address');
const { kState } = require('internal/dgram');
const {
  BINDING, BOUND, CONNECTED, CONNECTING, DISCONNECTED, UNBOUND, checkRunning,
} = require('internal/dgram/state');
const { enqueue } = require('internal/dgram/bind');

function emitConnectNT(socket) {
  if (socket[kState].handle) socket.emit('connect');
}

function failNT(socket, error, callback) {
  if (typeof callback === 'function') {
    socket.removeListener('connect', callback);
    callback(error);
  } else {
    socket.emit('error', error);
  }
}

/** @returns {Error | null} */
function connectHandle({ handle, sendBlockList }, ip, address, port) {
  if (sendBlockList?.check(ip, `ipv${isIP(ip)}`)) return new ERR_IP_BLOCKED(ip);
  const status = handle.connect(ip, port);
  return status === 0 ? null : exceptionWithHostPort(status, 'connect', address, port);
}

function lookupAndConnect(socket, port, address, callback) {
  const state = socket[kState];
  if (callback) socket.once('connect', callback);
  state.handle.lookup(address, (error, ip) => {
    if (!state.handle) return;
    error ||= connectHandle(state, ip, address, port);
    if (error) {
      state.connectState = DISCONNECTED;
      process.nextTick(failNT, socket, error, callback);
      return;
    }
    state.connectState = CONNECTED;
    process.nextTick(emitConnectNT, socket);
  });
}

/**
 * `connect(port[, address][, callback])`
 */
function connect(port, address, callback) {
  port = validatePort(port, 'Port', false);
  if (typeof address === 'function') {
    callback = address;
    address = '';
  } else if (address !== undefined) {
    validateString(address, 'address');
  }
  const state = this[kState];
  if (state.connectState !== DISCONNECTED) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  state.connectState = CONNECTING;
  if (state.bindState === UNBOUND) this.bind({ port: 0, exclusive: true }, null);
  if (state.bindState !== BOUND) enqueue(this, () => lookupAndConnect(this, port, address, callback));
  else lookupAndConnect(this, port, address, callback);
}

/**
 * Connects at once; `connect` follows.
 * @param {number} port
 * @param {string} [address]  a numeric one
 */
function connectSync(port, address) {
  checkRunning(this);
  port = validatePort(port, 'Port', false);
  if (address !== undefined && address !== null) validateString(address, 'address');
  const state = this[kState];
  if (state.connectState !== DISCONNECTED) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  if (state.bindState === BINDING) throw new ERR_SOCKET_ALREADY_BOUND();
  if (!address) {
    address = this.type === 'udp4' ? '127.0.0.1' : '::1';
  } else if (isIP(address) === 0) {
    throw new ERR_INVALID_ARG_VALUE(
      'address', address, 'must be a numeric IP address; connectSync does not perform DNS resolution');
  }
  if (state.bindState === UNBOUND) this.bindSync();
  const error = connectHandle(state, address, address, port);
  if (error !== null) throw error;
  state.connectState = CONNECTED;
  process.nextTick(emitConnectNT, this);
}

function disconnect() {
  const state = this[kState];
  if (state.connectState !== CONNECTED) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const status = state.handle.disconnect();
  if (status !== 0) throw errnoException(status, 'connect');
  state.connectState = DISCONNECTED;
}

module.exports = { connect, connectSync, disconnect };
