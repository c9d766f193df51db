// The native streams of sockets and pipes (see `ops/net/stream.rs`), and what sockets and servers share
// about them.
'use strict';

const { codes: { ERR_INVALID_FD_TYPE } } = require('internal/errors');
const { validateInt32 } = require('internal/validators');
const binding = internalBinding('net');
const { PipeHandle, TcpHandle } = binding;

// Programs that print a socket see the names that Node's have.
Object.defineProperty(PipeHandle, 'name', { value: 'Pipe' });
Object.defineProperty(TcpHandle, 'name', { value: 'TCP' });

/** The end of what can be read, as a status of `onread`. */
const UV_EOF = -4095;
const UV_EINVAL = -22;
const UV_EADDRINUSE = -98;
const UV_ECANCELED = -125;
const UV_ENOTCONN = -107;
const UV_EPROTO = -71;
const UV_ETIMEDOUT = -110;

/** Flags of `TcpHandle.bind`. */
const IPV6_ONLY = 1;
const REUSE_PORT = 2;

/** On a handle: the socket or server that it belongs to. */
const kOwner = Symbol('owner_symbol');

/** On handles whose bytes can be read without JavaScript. */
const kReadsNatively = Symbol('kReadsNatively');
PipeHandle.prototype[kReadsNatively] = true;
TcpHandle.prototype[kReadsNatively] = true;

/** On a `net.BoundSocket`: gives its handle away. */
const kAdopt = Symbol('kAdopt');

/**
 * @param {number} fd
 * @returns {PipeHandle | TcpHandle} a handle of the kind that the descriptor needs
 */
function handleForDescriptor(fd) {
  validateInt32(fd, 'fd', 0);
  const kind = binding.kindOf(fd).replace('INVALID', 'UNKNOWN');
  if (kind === 'PIPE') return new PipeHandle();
  if (kind === 'TCP') return new TcpHandle();
  throw new ERR_INVALID_FD_TYPE(kind);
}

/**
 * What the permission model has refused: stands for a status. Every other error is thrown again.
 * @param {Error} error
 * @returns {Error}
 */
function refusalOf(error) {
  if (error.code !== 'ERR_ACCESS_DENIED') throw error;
  return error;
}

/**
 * Binds a socket to its own end.
 * @returns {number | Error} a status, or what the permission model refuses
 */
function bindHandle(handle, address, port, flags) {
  try {
    return handle.bind(address, port, flags);
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * Whether a socket was bound to another port than it was to be.
 * @param {number} status of `bind`
 * @returns {number} the status to report
 */
function checkBind(status, port, handle) {
  if (status !== 0 || !(port > 0)) return status;
  const end = {};
  status = handle.getsockname(end);
  if (status !== 0) return status;
  return end.port === port ? 0 : UV_EADDRINUSE;
}

module.exports = {
  IPV6_ONLY,
  PipeHandle,
  REUSE_PORT,
  TcpHandle,
  UV_ECANCELED,
  UV_EINVAL,
  UV_ENOTCONN,
  UV_EOF,
  UV_EPROTO,
  UV_ETIMEDOUT,
  bindHandle,
  checkBind,
  handleForDescriptor,
  kAdopt,
  kOwner,
  refusalOf,
  kReadsNatively,
};
