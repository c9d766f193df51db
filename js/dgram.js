// Node's `dgram`: datagram sockets over UDP.
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_SOCKET_DGRAM_NOT_CONNECTED },
  errnoException,
} = require('internal/errors');
const { validateAbortSignal, validateUint32 } = require('internal/validators');
const { newAsyncId, kAsyncId } = require('internal/async_hooks');
const channels = require('internal/net/channels');
const { kOwner, kState, newHandle } = require('internal/dgram');
const { CONNECTED, DISCONNECTED, UNBOUND, checkRunning } = require('internal/dgram/state');
const { bind, bindSync } = require('internal/dgram/bind');
const { connect, connectSync, disconnect } = require('internal/dgram/connect');
const { send, sendto } = require('internal/dgram/send');
const { methods } = require('internal/dgram/options');

function checkBlockList(options, name) {
  if (!options[name]) return undefined;
  const { BlockList } = require('internal/net/block_list');
  if (!BlockList.isBlockList(options[name])) {
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, 'net.BlockList', options[name]);
  }
  return options[name];
}

/** What `Symbol(state symbol)` of a socket holds. */
function newState(handle, options) {
  return {
    handle,
    receiving: false,
    bindState: UNBOUND,
    connectState: DISCONNECTED,
    /** What waits until the socket is bound. */
    queue: undefined,
    reuseAddr: options?.reuseAddr,
    reusePort: options?.reusePort,
    ipv6Only: options?.ipv6Only,
    recvBufferSize: options?.recvBufferSize || undefined,
    sendBufferSize: options?.sendBufferSize || undefined,
    receiveBlockList: undefined,
    sendBlockList: undefined,
  };
}

function closeOnAbort(socket, signal) {
  validateAbortSignal(signal, 'options.signal');
  const onAborted = () => {
    if (socket[kState].handle) socket.close();
  };
  if (signal.aborted) {
    onAborted();
    return;
  }
  const { addAbortListener } = require('internal/events/abort_listener');
  const subscription = addAbortListener(signal, onAborted);
  socket.once('close', () => subscription[Symbol.dispose]());
}

/**
 * @param {'udp4' | 'udp6' | object} type  or options with a `type`
 * @param {(message: Buffer, rinfo: { address: string, family: string, port: number, size: number }) => void}
 *   [listener]
 */
function Socket(type, listener) {
  EventEmitter.call(this);
  let options;
  if (type !== null && typeof type === 'object') {
    options = type;
    ({ type } = options);
    if (options.recvBufferSize) validateUint32(options.recvBufferSize, 'options.recvBufferSize');
    if (options.sendBufferSize) validateUint32(options.sendBufferSize, 'options.sendBufferSize');
  }
  const receiveBlockList = options && checkBlockList(options, 'receiveBlockList');
  const sendBlockList = options && checkBlockList(options, 'sendBlockList');
  const handle = newHandle(type, options?.lookup);
  handle[kOwner] = this;
  this[kAsyncId] = newAsyncId();
  this.type = type;
  if (typeof listener === 'function') this.on('message', listener);
  const state = newState(handle, options);
  state.receiveBlockList = receiveBlockList;
  state.sendBlockList = sendBlockList;
  this[kState] = state;
  if (options?.signal !== undefined) closeOnAbort(this, options.signal);
  if (channels.udpSocket?.hasSubscribers) channels.udpSocket.publish({ socket: this });
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);

/**
 * @param {'udp4' | 'udp6' | object} type
 * @param {Function} [listener]
 * @returns {Socket}
 */
function createSocket(type, listener) {
  return new Socket(type, listener);
}

Socket.prototype.bind = bind;
Socket.prototype.bindSync = bindSync;
Socket.prototype.connect = connect;
Socket.prototype.connectSync = connectSync;
Socket.prototype.disconnect = disconnect;
Socket.prototype.sendto = sendto;
Socket.prototype.send = send;

function emitCloseNT(socket) {
  socket.emit('close');
}

Socket.prototype.close = function(callback) {
  const state = this[kState];
  if (typeof callback === 'function') this.on('close', callback);
  // After what waits for the socket to be bound.
  if (state.queue !== undefined) {
    state.queue.push(this.close.bind(this));
    return this;
  }
  checkRunning(this);
  state.receiving = false;
  state.handle.close();
  state.handle = null;
  process.nextTick(emitCloseNT, this);
  return this;
};

Socket.prototype[Symbol.asyncDispose] = async function() {
  if (!this[kState].handle) return;
  await new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
};

Socket.prototype.address = function() {
  checkRunning(this);
  const end = {};
  const status = this[kState].handle.getsockname(end);
  if (status !== 0) throw errnoException(status, 'getsockname');
  return end;
};

Socket.prototype.remoteAddress = function() {
  checkRunning(this);
  const { connectState, handle } = this[kState];
  if (connectState !== CONNECTED) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const end = {};
  const status = handle.getpeername(end);
  if (status !== 0) throw errnoException(status, 'getpeername');
  return end;
};

Object.assign(Socket.prototype, methods);

module.exports = { createSocket, Socket };
