// `net.BlockList`: rules about addresses.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateArray, validateInt32, validateString } = require('internal/validators');
const { customInspectSymbol } = require('internal/util');
const { isIPv6 } = require('internal/net_address');
const { SocketAddress } = require('internal/net/socket_address');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const binding = internalBinding('net');

const IPV4_SUBNET = /^Subnet: IPv4 (\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/;
const IPV4_ADDRESS = /^Address: IPv4 (\d{1,3}(?:\.\d{1,3}){3})$/;
const IPV4_RANGE = /^Range: IPv4 (\d{1,3}(?:\.\d{1,3}){3})-(\d{1,3}(?:\.\d{1,3}){3})$/;
const IPV6_SUBNET = /^Subnet: IPv6 ([0-9a-fA-F:.]{1,45})\/([0-9]{1,3})$/i;
const IPV6_ADDRESS = /^Address: IPv6 ([0-9a-fA-F:.]{1,45})$/i;
const IPV6_RANGE = /^Range: IPv6 ([0-9a-fA-F:.]{1,45})-([0-9a-fA-F:.]{1,45})$/i;

/** Makes an argument a SocketAddress. */
function toAddress(value, family, name) {
  if (SocketAddress.isSocketAddress(value)) return value;
  validateString(value, name);
  validateString(family, 'family');
  return new SocketAddress({ address: value, family });
}

function parseCIDR(cidr) {
  validateString(cidr, 'cidr');
  const slash = cidr.lastIndexOf('/');
  if (slash === -1) {
    throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'must contain a prefix length (e.g. "10.0.0.0/8")');
  }
  const network = cidr.slice(0, slash);
  const prefix = cidr.slice(slash + 1);
  if (!/^\d+$/.test(prefix)) throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'prefix length must be a valid integer');
  return { network, prefix: Number(prefix), family: isIPv6(network) ? 'ipv6' : 'ipv4' };
}

/** A list of addresses, ranges and networks that are not to be talked to. */
class BlockList {
  #rules = new binding.BlockListRules();

  /** The networks that are not part of the public internet. */
  static PRIVATE_RANGES = Object.freeze([
    '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10',
    'fc00::/7',
  ]);

  constructor() {
    this[kTransferMode] = kCloneable;
  }

  /** @returns {boolean} whether `value` is a BlockList */
  static isBlockList(value) {
    return typeof value === 'object' && value !== null && #rules in value;
  }

  [customInspectSymbol](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `BlockList ${inspect({ rules: this.rules }, inner)}`;
  }

  /**
   * @param {string | SocketAddress} address
   * @param {'ipv4' | 'ipv6'} [family]
   */
  addAddress(address, family = 'ipv4') {
    this.#rules.addAddress(toAddress(address, family, 'address').address);
  }

  addAddresses(addresses, family = 'ipv4') {
    validateArray(addresses, 'addresses');
    for (let i = 0; i < addresses.length; i++) {
      if (!SocketAddress.isSocketAddress(addresses[i])) validateString(addresses[i], `addresses[${i}]`);
    }
    const parsed = addresses.map((address) => toAddress(address, family, 'address'));
    for (const { address } of parsed) this.#rules.addAddress(address);
  }

  addRange(start, end, family = 'ipv4') {
    start = toAddress(start, family, 'start');
    end = toAddress(end, family, 'end');
    if (!this.#rules.addRange(start.address, end.address)) {
      throw new ERR_INVALID_ARG_VALUE('start', start, 'must come before end');
    }
  }

  addSubnet(network, prefix, family = 'ipv4') {
    network = toAddress(network, family, 'network');
    validateInt32(prefix, 'prefix', 0, network.family === 'ipv4' ? 32 : 128);
    this.#rules.addSubnet(network.address, prefix);
  }

  /** @param {string} cidr  such as `10.0.0.0/8` */
  addCIDR(cidr) {
    const { network, prefix, family } = parseCIDR(cidr);
    this.addSubnet(network, prefix, family);
  }

  addCIDRs(cidrs) {
    validateArray(cidrs, 'cidrs');
    for (const cidr of cidrs) this.addCIDR(cidr);
  }

  removeAddress(address, family = 'ipv4') {
    this.#rules.removeAddress(toAddress(address, family, 'address').address);
  }

  removeRange(start, end, family = 'ipv4') {
    start = toAddress(start, family, 'start');
    end = toAddress(end, family, 'end');
    this.#rules.removeRange(start.address, end.address);
  }

  removeSubnet(network, prefix, family = 'ipv4') {
    network = toAddress(network, family, 'network');
    validateInt32(prefix, 'prefix', 0, network.family === 'ipv4' ? 32 : 128);
    this.#rules.removeSubnet(network.address, prefix);
  }

  removeCIDR(cidr) {
    const { network, prefix, family } = parseCIDR(cidr);
    this.removeSubnet(network, prefix, family);
  }

  /** @returns {boolean} whether a rule is about the address */
  check(address, family = 'ipv4') {
    if (!SocketAddress.isSocketAddress(address)) {
      validateString(address, 'address');
      validateString(family, 'family');
      try {
        address = new SocketAddress({ address, family });
      } catch {
        // What is no address is not in any list.
        return false;
      }
    }
    return this.#rules.check(address.address);
  }

  clear() {
    this.#rules.clear();
  }

  toJSON() {
    return this.rules;
  }

  /** @param {string[] | string} data  rules as `rules` shows them, or the JSON of such */
  fromJSON(data) {
    if (!isListOfStrings(data)) {
      if (typeof data !== 'string') throw new ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], data);
      data = JSON.parse(data);
      if (!isListOfStrings(data)) throw new ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], data);
    }
    for (const rule of data) this.#addRule(rule);
  }

  #addRule(rule) {
    let match;
    if ((match = IPV4_SUBNET.exec(rule)) !== null) this.addSubnet(match[1], Number(match[2]));
    else if ((match = IPV4_ADDRESS.exec(rule)) !== null) this.addAddress(match[1]);
    else if ((match = IPV4_RANGE.exec(rule)) !== null) this.addRange(match[1], match[2]);
    else if ((match = IPV6_SUBNET.exec(rule)) !== null) this.addSubnet(match[1], Number(match[2]), 'ipv6');
    else if ((match = IPV6_ADDRESS.exec(rule)) !== null) this.addAddress(match[1], 'ipv6');
    else if ((match = IPV6_RANGE.exec(rule)) !== null) this.addRange(match[1], match[2], 'ipv6');
  }

  /** The rules as text. */
  get rules() {
    return this.#rules.rules();
  }

  get size() {
    return this.#rules.size();
  }

  [kClone]() {
    return { data: this.#rules, deserializeInfo: 'internal/net/block_list:ClonedBlockList' };
  }

  // A copy has the same rules, now and later.
  [kDeserialize](rules) {
    this.#rules = Object.setPrototypeOf(rules, binding.BlockListRules.prototype);
  }
}

function isListOfStrings(value) {
  return Array.isArray(value) && value.every((rule) => typeof rule === 'string');
}

/** What a cloned list is received by. */
function ClonedBlockList() {
  return new BlockList();
}

module.exports = { BlockList, ClonedBlockList };
