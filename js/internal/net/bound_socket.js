// `net.BoundSocket`: a socket that is bound at once, for a server or a connection to come.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_SOCKET_HANDLE_ADOPTED },
  errnoException,
  exceptionWithHostPort,
} = require('internal/errors');
const {
  validateBoolean, validateObject, validatePort, validateString,
} = require('internal/validators');
const { isIP } = require('internal/net_address');
const {
  IPV6_ONLY, PipeHandle, REUSE_PORT, TcpHandle, checkBind, kAdopt,
} = require('internal/net/handles');

/** A bound socket without a purpose yet. */
class BoundSocket {
  #handle;
  #path;
  #isPipe;

  /**
   * @param {{ host?: string, port?: number, ipv6Only?: boolean, reusePort?: boolean, path?: string }} [options]
   *   `path` excludes the others
   */
  constructor(options = {}) {
    validateObject(options, 'options');
    const { path, port = 0, ipv6Only = false, reusePort = false } = options;
    if (path !== undefined) {
      this.#bindPath(options, path);
      return;
    }
    validatePort(port, 'options.port');
    validateBoolean(ipv6Only, 'options.ipv6Only');
    validateBoolean(reusePort, 'options.reusePort');
    const { host = ipv6Only ? '::' : '0.0.0.0' } = options;
    validateString(host, 'options.host');
    if (isIP(host) === 0) {
      throw new ERR_INVALID_ARG_VALUE(
        'options.host', host, 'must be a numeric IP address; net.BoundSocket does not perform DNS resolution');
    }
    this.#isPipe = false;
    const handle = new TcpHandle();
    const flags = (ipv6Only ? IPV6_ONLY : 0) | (reusePort ? REUSE_PORT : 0);
    const status = checkBind(handle.bind(host, port | 0, flags), port | 0, handle);
    if (status) {
      handle.close();
      throw exceptionWithHostPort(status, 'bind', host, port | 0);
    }
    this.#handle = handle;
  }

  #bindPath(options, path) {
    for (const name of ['host', 'port', 'ipv6Only', 'reusePort']) {
      if (options[name] !== undefined) {
        throw new ERR_INVALID_ARG_VALUE(`options.${name}`, options[name], 'cannot be used together with options.path');
      }
    }
    validateString(path, 'options.path');
    this.#isPipe = true;
    const handle = new PipeHandle();
    const status = handle.bind(path);
    if (status) {
      handle.close();
      throw exceptionWithHostPort(status, 'bind', path);
    }
    this.#handle = handle;
    this.#path = path;
  }

  #live() {
    if (this.#handle === undefined) throw new ERR_SOCKET_HANDLE_ADOPTED();
    return this.#handle;
  }

  /** @returns {{ address: string, family: string, port: number } | string} as `server.address()` has it */
  address() {
    const handle = this.#live();
    if (this.#isPipe) return this.#path;
    const end = {};
    const status = handle.getsockname(end);
    if (status) throw errnoException(status, 'address');
    return end;
  }

  /** @returns {number} the descriptor, which stays this socket's own */
  fd() {
    return this.#live().fd;
  }

  /** Gives the socket up, if nobody has adopted it. */
  close() {
    if (this.#handle === null) return;
    this.#live().close();
    this.#handle = null;
  }

  get isPipe() {
    return this.#isPipe;
  }

  [Symbol.dispose]() {
    if (this.#handle) this.#handle.close();
    this.#handle = null;
  }

  [kAdopt]() {
    const handle = this.#live();
    if (handle === null) throw new ERR_SOCKET_HANDLE_ADOPTED();
    this.#handle = undefined;
    return handle;
  }
}

module.exports = { BoundSocket };
