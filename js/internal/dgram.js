// The native handles of datagram sockets (see `ops/dgram.rs`), and what sockets share with clusters and with
// channels between processes.
'use strict';

const { codes: { ERR_SOCKET_BAD_TYPE } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { kOwner } = require('internal/net/handles');
const dns = require('internal/dns/lookup');
const netBinding = internalBinding('net');
const binding = internalBinding('dgram');
const { UdpHandle } = binding;

// Programs that print a socket see the name that Node's has.
Object.defineProperty(UdpHandle, 'name', { value: 'UDP' });

/** On a socket: its state. */
const kState = Symbol('state symbol');

/** On a handle: whether it looks names up as `dns.lookup` does, so that addresses need not be. */
const kLooksUpPlainly = Symbol('kLooksUpPlainly');

const UV_EINVAL = -22;

function lookup4(lookup, address, callback) {
  return lookup(address || '127.0.0.1', 4, callback);
}

function lookup6(lookup, address, callback) {
  return lookup(address || '::1', 6, callback);
}

/**
 * @param {'udp4' | 'udp6'} type
 * @param {Function} [lookup]  what to use in place of `dns.lookup`
 * @returns {UdpHandle} with `lookup(address, callback)`
 */
function newHandle(type, lookup) {
  if (lookup === undefined) lookup = dns.current();
  else validateFunction(lookup, 'lookup');
  if (type !== 'udp4' && type !== 'udp6') throw new ERR_SOCKET_BAD_TYPE();
  const handle = type === 'udp4' ? new UdpHandle(4) : new UdpHandle(6);
  handle.lookup = (type === 'udp4' ? lookup4 : lookup6).bind(handle, lookup);
  Object.defineProperty(handle, kLooksUpPlainly, { value: lookup === dns.lookup });
  return handle;
}

/**
 * Makes a handle that several processes are to share.
 * @param {string | null} address  null for one that is not bound
 * @param {number} port
 * @param {'udp4' | 'udp6'} type
 * @param {number} [fd]  an open descriptor to take over instead
 * @param {number} [flags]
 * @returns {UdpHandle | number} the handle, or a negative error number
 */
function createSocketHandle(address, port, type, fd, flags) {
  const handle = newHandle(type);
  let status = 0;
  if (Number.isInteger(fd) && fd > 0) {
    status = netBinding.kindOf(fd) === 'UDP' ? handle.open(fd) : UV_EINVAL;
  } else if (port || address) {
    status = handle.bind(address, port || 0, flags);
  }
  if (status === 0) return handle;
  handle.close();
  return status;
}

/**
 * @param {number} fd  of a datagram socket
 * @returns {UdpHandle} which has taken it over
 */
function openHandle(fd) {
  const handle = new UdpHandle(4);
  handle.open(fd);
  return handle;
}

/** @returns {UdpHandle | null} the handle of a socket, for another process */
function handleOf(socket) {
  const { handle } = socket[kState];
  handle?.share();
  return handle;
}

module.exports = {
  _createSocketHandle: createSocketHandle,
  handleOf,
  kLooksUpPlainly,
  kOwner,
  kState,
  newHandle,
  openHandle,
};
