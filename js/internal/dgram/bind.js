// How a datagram socket comes to its port: `bind`, `bindSync`, and what waits for it.
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_FD_TYPE, ERR_SOCKET_ALREADY_BOUND },
  errnoException,
  exceptionWithHostPort,
} = require('internal/errors');
const { validateObject, validatePort, validateString } = require('internal/validators');
const { isIP } = require('internal/net_address');
const { bindHandle } = require('internal/net/handles');
const { FastBuffer } = require('internal/buffer/memory');
const { kLooksUpPlainly, kOwner, kState } = require('internal/dgram');
const { BINDING, BOUND, UNBOUND, checkRunning } = require('internal/dgram/state');
const { applyBufferSizes } = require('internal/dgram/options');
const role = require('internal/cluster/role');
const netBinding = internalBinding('net');

/** Flags of `UdpHandle.bind`. */
const IPV6_ONLY = 1;
const REUSE_ADDRESS = 4;
const REUSE_PORT = 8;

/** The event of a handle: a datagram, or where `size` is negative an error. */
function onMessage(size, arrayBuffer, offset, address, port, version) {
  const socket = this[kOwner];
  if (size < 0) {
    socket.emit('error', errnoException(size, 'recvmsg'));
    return;
  }
  const family = version === 6 ? 'IPv6' : 'IPv4';
  const { receiveBlockList } = socket[kState];
  if (receiveBlockList?.check(address, version === 6 ? 'ipv6' : 'ipv4')) return;
  socket.emit('message', new FastBuffer(arrayBuffer, offset, size), { address, family, port, size });
}

function startReceiving(socket) {
  const state = socket[kState];
  const { handle } = state;
  handle.onmessage = onMessage;
  handle.recvStart();
  state.receiving = true;
  state.bindState = BOUND;
  applyBufferSizes(socket);
}

function startListening(socket) {
  startReceiving(socket);
  socket.emit('listening');
}

/** Another handle takes the place of a socket's own: one that came from another process. */
function replaceHandle(socket, handle) {
  const state = socket[kState];
  const { handle: before } = state;
  handle.lookup = before.lookup;
  Object.defineProperty(handle, kLooksUpPlainly, { value: before[kLooksUpPlainly], configurable: true });
  handle[kOwner] = socket;
  if (!before.hasRef()) handle.unref();
  before.close();
  state.handle = handle;
}

/** Has the primary process of a cluster bind a socket, which the workers share. */
function bindByPrimary(socket, options, fail) {
  const state = socket[kState];
  require('cluster')._getServer(socket, options, (status, handle) => {
    if (status) {
      if (state.handle) fail(status);
      return;
    }
    if (!state.handle) {
      handle.close();
      return;
    }
    replaceHandle(socket, handle);
    startListening(socket);
  });
}

function flagsOf({ reuseAddr, reusePort, ipv6Only }) {
  let flags = 0;
  if (reuseAddr) flags |= REUSE_ADDRESS;
  if (ipv6Only) flags |= IPV6_ONLY;
  if (reusePort) flags |= REUSE_PORT;
  return flags;
}

function failBinding(socket, error) {
  socket[kState].bindState = UNBOUND;
  socket.emit('error', error);
}

/** Calls `callback` once when the socket is bound, if it ever is. */
function onceListening(socket, callback) {
  const forget = () => {
    socket.removeListener(EventEmitter.errorMonitor, forget);
    socket.removeListener('listening', onListening);
  };
  const onListening = () => {
    forget();
    Reflect.apply(callback, socket, []);
  };
  socket.on(EventEmitter.errorMonitor, forget);
  socket.on('listening', onListening);
}

function bindDescriptor(socket, fd, exclusive) {
  if (role.isWorker && !exclusive) {
    const options = { address: null, port: null, addressType: socket.type, fd, flags: null };
    bindByPrimary(socket, options, (status) => {
      failBinding(socket, errnoException(status, 'open'));
    });
    return;
  }
  const kind = netBinding.kindOf(fd).replace('INVALID', 'UNKNOWN');
  if (kind !== 'UDP') throw new ERR_INVALID_FD_TYPE(kind);
  const status = socket[kState].handle.open(fd);
  if (status !== 0) throw errnoException(status, 'open');
  startListening(socket);
}

function bindAddress(socket, address, port, exclusive) {
  const state = socket[kState];
  // A port that sockets share by themselves is not shared a second time by a cluster.
  if (state.reusePort) exclusive = true;
  const flags = flagsOf(state);
  const fail = (status) => failBinding(socket, exceptionWithHostPort(status, 'bind', address, port));
  if (role.isWorker && !exclusive) {
    bindByPrimary(socket, { address, port, addressType: socket.type, fd: -1, flags }, fail);
    return;
  }
  const status = bindHandle(state.handle, address, port || 0, flags);
  if (status !== 0) fail(status);
  else startListening(socket);
}

function anyAddress(socket) {
  return socket.type === 'udp4' ? '0.0.0.0' : '::';
}

/**
 * `bind([port][, address][, callback])`, `bind(options[, callback])`
 * @returns {this}
 */
function bind(port, address) {
  checkRunning(this);
  const state = this[kState];
  if (state.bindState !== UNBOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  state.bindState = BINDING;
  const last = arguments.length === 0 ? undefined : arguments[arguments.length - 1];
  if (typeof last === 'function') onceListening(this, last);
  if (port !== null && typeof port === 'object') {
    // The handle of a socket that another process has sent.
    if (typeof port.recvStart === 'function') {
      replaceHandle(this, port);
      startListening(this);
      return this;
    }
    if (Number.isInteger(port.fd) && port.fd > 0) {
      bindDescriptor(this, port.fd, Boolean(port.exclusive));
      return this;
    }
  }
  let exclusive = false;
  if (port !== null && typeof port === 'object') {
    ({ address } = port);
    exclusive = Boolean(port.exclusive);
    ({ port } = port);
  } else if (typeof address === 'function') {
    address = '';
  }
  state.handle.lookup(address || anyAddress(this), (error, ip) => {
    if (!state.handle) return;
    if (error) failBinding(this, error);
    else bindAddress(this, ip, port, exclusive);
  });
  return this;
}

function emitListeningNT(socket) {
  if (socket[kState].handle) socket.emit('listening');
}

/**
 * Binds at once; `listening` follows.
 * @param {{ port?: number, address?: string }} [options]  the address is a numeric one
 * @returns {{ address: string, family: string, port: number }}
 */
function bindSync(options = {}) {
  checkRunning(this);
  const state = this[kState];
  if (state.bindState !== UNBOUND) throw new ERR_SOCKET_ALREADY_BOUND();
  validateObject(options, 'options');
  const port = validatePort(options.port ?? 0, 'options.port');
  let { address } = options;
  if (address !== undefined && address !== null) validateString(address, 'options.address');
  if (!address) {
    address = anyAddress(this);
  } else if (isIP(address) === 0) {
    throw new ERR_INVALID_ARG_VALUE(
      'options.address', address, 'must be a numeric IP address; bindSync does not perform DNS resolution');
  }
  const status = bindHandle(state.handle, address, port, flagsOf(state));
  if (status !== 0) throw exceptionWithHostPort(status, 'bind', address, port);
  startReceiving(this);
  process.nextTick(emitListeningNT, this);
  return this.address();
}

/** Does what waited for the socket to be bound. */
function onListenSuccess() {
  this.removeListener(EventEmitter.errorMonitor, onListenError);
  const { queue } = this[kState];
  this[kState].queue = undefined;
  for (const task of queue) task();
}

function onListenError() {
  this.removeListener('listening', onListenSuccess);
  this[kState].queue = undefined;
}

/** Does `task` when the socket is bound. */
function enqueue(socket, task) {
  const state = socket[kState];
  if (state.queue === undefined) {
    state.queue = [];
    socket.once(EventEmitter.errorMonitor, onListenError);
    socket.once('listening', onListenSuccess);
  }
  state.queue.push(task);
}

module.exports = { bind, bindSync, enqueue };
