// `net.SocketAddress`: one end of a connection.
'use strict';

const { codes: { ERR_INVALID_ADDRESS, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateObject, validatePort, validateString, validateUint32 } = require('internal/validators');
const { customInspectSymbol } = require('internal/util');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const binding = internalBinding('net');

/** An address, a port, a family and a flow label. */
class SocketAddress {
  #address;
  #port;
  #family;
  #flowlabel;

  /** @returns {boolean} whether `value` is a SocketAddress */
  static isSocketAddress(value) {
    return typeof value === 'object' && value !== null && #address in value;
  }

  /**
   * @param {string} input  an address with or without a port, such as `127.0.0.1:80` or `[::1]:80`
   * @returns {SocketAddress | undefined}
   */
  static parse(input) {
    validateString(input, 'input');
    try {
      const { hostname, port } = new URL(`http://${input}`);
      if (hostname.startsWith('[') && hostname.endsWith(']')) {
        return new SocketAddress({ address: hostname.slice(1, -1), port: port | 0, family: 'ipv6' });
      }
      return new SocketAddress({ address: hostname, port: port | 0 });
    } catch {
      return undefined;
    }
  }

  /**
   * @param {{ address?: string, port?: number, family?: string, flowlabel?: number }} [options]
   */
  constructor(options = {}) {
    validateObject(options, 'options');
    let { family = 'ipv4' } = options;
    if (typeof family?.toLowerCase === 'function') family = family.toLowerCase();
    if (family !== 'ipv4' && family !== 'ipv6') throw new ERR_INVALID_ARG_VALUE('options.family', options.family);
    const { address = family === 'ipv4' ? '127.0.0.1' : '::', port = 0, flowlabel = 0 } = options;
    validateString(address, 'options.address');
    validatePort(port, 'options.port');
    validateUint32(flowlabel, 'options.flowlabel', false);
    const parsed = binding.parseAddress(address, family === 'ipv4' ? 4 : 6);
    if (parsed === undefined) throw new ERR_INVALID_ADDRESS();
    this.#address = parsed;
    this.#port = port | 0;
    this.#family = family;
    this.#flowlabel = flowlabel;
    this[kTransferMode] = kCloneable;
  }

  get address() {
    return this.#address;
  }

  get port() {
    return this.#port;
  }

  get family() {
    return this.#family;
  }

  get flowlabel() {
    return this.#flowlabel;
  }

  toJSON() {
    return { address: this.#address, port: this.#port, family: this.#family, flowlabel: this.#flowlabel };
  }

  [customInspectSymbol](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `SocketAddress ${inspect(this.toJSON(), inner)}`;
  }

  [kClone]() {
    return { data: this.toJSON(), deserializeInfo: 'internal/net/socket_address:ClonedSocketAddress' };
  }

  [kDeserialize]({ address, port, family, flowlabel }) {
    this.#address = address;
    this.#port = port;
    this.#family = family;
    this.#flowlabel = flowlabel;
  }
}
/** What a cloned address is received by. */
function ClonedSocketAddress() {
  return new SocketAddress();
}

module.exports = { ClonedSocketAddress, SocketAddress };
