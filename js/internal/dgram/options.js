// Options of datagram sockets: methods of `dgram.Socket`.
'use strict';

const {
  codes: { ERR_MISSING_ARGS, ERR_SOCKET_BAD_BUFFER_SIZE, ERR_SOCKET_BUFFER_SIZE },
  describeErrno,
  errnoException,
} = require('internal/errors');
const { validateNumber, validateString } = require('internal/validators');
const { kState } = require('internal/dgram');
const { checkRunning } = require('internal/dgram/state');

function check(status, call) {
  if (status !== 0) throw errnoException(status, call);
}

/** Sets the size of a buffer of the system's, or returns it where `size` is 0. */
function bufferSize(socket, size, receiving) {
  if (size >>> 0 !== size) throw new ERR_SOCKET_BAD_BUFFER_SIZE();
  const result = socket[kState].handle.bufferSize(size, receiving);
  if (result < 0) {
    const [code, message] = describeErrno(result);
    const syscall = receiving ? 'uv_recv_buffer_size' : 'uv_send_buffer_size';
    throw new ERR_SOCKET_BUFFER_SIZE({ errno: result, code, message, syscall });
  }
  return result;
}

/** Sets the sizes that the socket was made with. */
function applyBufferSizes(socket) {
  const { recvBufferSize, sendBufferSize } = socket[kState];
  if (recvBufferSize) bufferSize(socket, recvBufferSize, true);
  if (sendBufferSize) bufferSize(socket, sendBufferSize, false);
}

const methods = {
  setBroadcast(on) {
    check(this[kState].handle.setBroadcast(on ? 1 : 0), 'setBroadcast');
  },

  /** @returns {number} `ttl` */
  setTTL(ttl) {
    validateNumber(ttl, 'ttl');
    check(this[kState].handle.setTTL(ttl), 'setTTL');
    return ttl;
  },

  /** @returns {number} `ttl` */
  setMulticastTTL(ttl) {
    validateNumber(ttl, 'ttl');
    check(this[kState].handle.setMulticastTTL(ttl), 'setMulticastTTL');
    return ttl;
  },

  /** @returns `on`, as it was given */
  setMulticastLoopback(on) {
    check(this[kState].handle.setMulticastLoopback(on ? 1 : 0), 'setMulticastLoopback');
    return on;
  },

  setMulticastInterface(interfaceAddress) {
    checkRunning(this);
    validateString(interfaceAddress, 'interfaceAddress');
    check(this[kState].handle.setMulticastInterface(interfaceAddress), 'setMulticastInterface');
  },

  addMembership(multicastAddress, interfaceAddress) {
    checkRunning(this);
    if (!multicastAddress) throw new ERR_MISSING_ARGS('multicastAddress');
    check(this[kState].handle.addMembership(multicastAddress, interfaceAddress), 'addMembership');
  },

  dropMembership(multicastAddress, interfaceAddress) {
    checkRunning(this);
    if (!multicastAddress) throw new ERR_MISSING_ARGS('multicastAddress');
    check(this[kState].handle.dropMembership(multicastAddress, interfaceAddress), 'dropMembership');
  },

  addSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress) {
    checkRunning(this);
    validateString(sourceAddress, 'sourceAddress');
    validateString(groupAddress, 'groupAddress');
    const { handle } = this[kState];
    const status = handle.addSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress);
    check(status, 'addSourceSpecificMembership');
  },

  dropSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress) {
    checkRunning(this);
    validateString(sourceAddress, 'sourceAddress');
    validateString(groupAddress, 'groupAddress');
    const { handle } = this[kState];
    const status = handle.dropSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress);
    check(status, 'dropSourceSpecificMembership');
  },

  ref() {
    this[kState].handle?.ref();
    return this;
  },

  unref() {
    this[kState].handle?.unref();
    return this;
  },

  setRecvBufferSize(size) {
    bufferSize(this, size, true);
  },

  setSendBufferSize(size) {
    bufferSize(this, size, false);
  },

  /** @returns {number} bytes */
  getRecvBufferSize() {
    return bufferSize(this, 0, true);
  },

  /** @returns {number} bytes */
  getSendBufferSize() {
    return bufferSize(this, 0, false);
  },

  /** @returns {number} bytes that wait to be sent */
  getSendQueueSize() {
    return this[kState].handle.getSendQueueSize();
  },

  /** @returns {number} datagrams that wait to be sent */
  getSendQueueCount() {
    return this[kState].handle.getSendQueueCount();
  },
};

module.exports = { applyBufferSizes, methods };
