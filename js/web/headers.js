// The web interface Headers: the header fields of a request or a response, as the Fetch Standard has them.
'use strict';

const {
  describe,
  describeInterface,
  illegalInvocation,
  makeIterable,
  requireArguments,
  toByteString,
} = require('internal/fetch/webidl');
const { checkIsHttpToken } = require('internal/http/fields');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { isProxy } = require('internal/util/types');

const surroundingSpace = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const noValue = /[\0\n\r]/;

let stateOf;
let create;

/** Fields in the order of their first appearance; names are kept as they were written. */
class HeaderList {
  /** @type {Map<string, { name: string, value: string }>} by the name in lower case */
  fields = new Map();
  /** Each `set-cookie` field, since these cannot be joined. */
  cookies = [];
  #sorted;

  append(name, value) {
    this.#sorted = undefined;
    const key = name.toLowerCase();
    const field = this.fields.get(key);
    if (key === 'set-cookie') this.cookies.push(value);
    if (field === undefined) this.fields.set(key, { name, value });
    else field.value += `${key === 'cookie' ? '; ' : ', '}${value}`;
  }

  set(name, value) {
    this.#sorted = undefined;
    const key = name.toLowerCase();
    if (key === 'set-cookie') this.cookies = [value];
    this.fields.set(key, { name, value });
  }

  delete(name) {
    this.#sorted = undefined;
    const key = name.toLowerCase();
    if (key === 'set-cookie') this.cookies = [];
    this.fields.delete(key);
  }

  has(name) {
    return this.fields.has(name.toLowerCase());
  }

  /** @returns {string | null} */
  get(name) {
    return this.fields.get(name.toLowerCase())?.value ?? null;
  }

  /** @returns {string[]} names and values in turn, as they are sent */
  flat() {
    const list = [];
    for (const [key, { name, value }] of this.fields) {
      if (key === 'set-cookie') for (const cookie of this.cookies) list.push(name, cookie);
      else list.push(name, value);
    }
    return list;
  }

  /** @returns {[string, string][]} sorted by name in lower case, each cookie by itself */
  sorted() {
    if (this.#sorted !== undefined) return this.#sorted;
    const pairs = [];
    for (const key of [...this.fields.keys()].sort()) {
      if (key === 'set-cookie') for (const cookie of this.cookies) pairs.push([key, cookie]);
      else pairs.push([key, this.fields.get(key).value]);
    }
    return (this.#sorted = pairs);
  }

  /** @returns {HeaderList} */
  clone() {
    const copy = new HeaderList();
    for (const [key, { name, value }] of this.fields) copy.fields.set(key, { name, value });
    copy.cookies = this.cookies.slice();
    return copy;
  }
}

function checkName(name, prefix) {
  if (!checkIsHttpToken(name)) throw new TypeError(`${prefix}: ${describe(name)} is an invalid header name.`);
}

function toValue(value, prefix) {
  const trimmed = value.replace(surroundingSpace, '');
  if (noValue.test(trimmed)) throw new TypeError(`${prefix}: ${describe(trimmed)} is an invalid header value.`);
  return trimmed;
}

/** The header fields of a request or a response. */
class Headers {
  #list = new HeaderList();
  #isImmutable = false;

  static {
    stateOf = (self) => {
      if (typeof self !== 'object' || self === null || !(#list in self)) throw illegalInvocation();
      return self.#list;
    };
    create = (list, isImmutable) => {
      const headers = new Headers();
      headers.#list = list;
      headers.#isImmutable = isImmutable;
      return headers;
    };
  }

  /** @param {Headers | Iterable<[string, string]> | Record<string, string>} [init] */
  constructor(init = undefined) {
    this[kTransferMode] = kUncloneable;
    if (init !== undefined) fill(this, init);
  }

  /** The list, to be changed. */
  #changing() {
    const list = stateOf(this);
    if (this.#isImmutable) throw new TypeError('immutable');
    return list;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  append(name, value) {
    const list = stateOf(this);
    requireArguments(arguments.length, 2, 'Headers.append');
    name = toByteString(name, 'Headers.append', 'name');
    value = toValue(toByteString(value, 'Headers.append', 'value'), 'Headers.append');
    checkName(name, 'Headers.append');
    this.#changing();
    list.append(name, value);
  }

  /** @param {string} name */
  delete(name) {
    const list = stateOf(this);
    requireArguments(arguments.length, 1, 'Headers.delete');
    name = toByteString(name, 'Headers.delete', 'name');
    checkName(name, 'Headers.delete');
    this.#changing();
    list.delete(name);
  }

  /**
   * @param {string} name
   * @returns {string | null}
   */
  get(name) {
    const list = stateOf(this);
    requireArguments(arguments.length, 1, 'Headers.get');
    name = toByteString(name, 'Headers.get', 'name');
    checkName(name, 'Headers.get');
    return list.get(name);
  }

  /**
   * @param {string} name
   * @returns {boolean}
   */
  has(name) {
    const list = stateOf(this);
    requireArguments(arguments.length, 1, 'Headers.has');
    name = toByteString(name, 'Headers.has', 'name');
    checkName(name, 'Headers.has');
    return list.has(name);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  set(name, value) {
    const list = stateOf(this);
    requireArguments(arguments.length, 2, 'Headers.set');
    name = toByteString(name, 'Headers.set', 'name');
    value = toValue(toByteString(value, 'Headers.set', 'value'), 'Headers.set');
    checkName(name, 'Headers.set');
    this.#changing();
    list.set(name, value);
  }

  /** @returns {string[]} */
  getSetCookie() {
    return stateOf(this).cookies.slice();
  }

  [customInspectSymbol](depth, options) {
    const fields = {};
    for (const { name, value } of stateOf(this).fields.values()) fields[name] = value;
    const { inspect } = require('internal/util/inspect');
    return `Headers ${inspect(fields, { ...options, depth: options.depth ?? depth })}`;
  }
}

makeIterable(Headers, 'Headers', (self) => stateOf(self).sorted());
describeInterface(Headers, 'Headers', ['append', 'delete', 'get', 'has', 'set', 'getSetCookie']);

function notConvertible() {
  return new TypeError('Headers constructor: Argument 1 could not be converted to one of: ' +
    'sequence<sequence<ByteString>>, record<ByteString, ByteString>.');
}

function fillFromPairs(headers, pairs) {
  let index = 0;
  for (const pair of pairs) {
    const place = `init[${index++}]`;
    if (typeof pair !== 'object' || pair === null || typeof pair[Symbol.iterator] !== 'function') {
      throw new TypeError(`Headers constructor: ${place} (${describe(pair)}) is not iterable.`);
    }
    const items = [...pair];
    if (items.length !== 2) {
      throw new TypeError(`Headers constructor: expected name/value pair to be length 2, found ${items.length}.`);
    }
    headers.append(
      toByteString(items[0], 'Headers constructor', `${place}[0]`),
      toByteString(items[1], 'Headers constructor', `${place}[1]`)
    );
  }
}

/**
 * Appends what a program has given as header fields.
 * @param {Headers} headers
 * @param {unknown} init
 */
function fill(headers, init) {
  if ((typeof init !== 'object' && typeof init !== 'function') || init === null) throw notConvertible();
  if (init instanceof Headers && init[Symbol.iterator] === Headers.prototype.entries) {
    for (const { name, value } of stateOf(init).fields.values()) {
      if (name.toLowerCase() !== 'set-cookie') headers.append(name, value);
    }
    for (const cookie of stateOf(init).cookies) headers.append('set-cookie', cookie);
  } else if (typeof init[Symbol.iterator] === 'function') {
    fillFromPairs(headers, init);
  } else {
    // As in Node, only of a proxy some properties may be left out.
    const isFiltered = isProxy(init);
    for (const key of Reflect.ownKeys(init)) {
      if (isFiltered && !Object.prototype.propertyIsEnumerable.call(init, key)) continue;
      if (typeof key === 'symbol') {
        throw new TypeError(
          `Headers constructor: Key ${String(key)} in init is a symbol, which cannot be converted to a ByteString.`
        );
      }
      const name = toByteString(key, 'Headers constructor', 'init');
      headers.append(name, toByteString(init[key], 'Headers constructor', `init["${name}"]`));
    }
  }
}

module.exports = { HeaderList, Headers, createHeaders: create, fillHeaders: fill, listOf: stateOf };
