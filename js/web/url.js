// The web's `URL`, and with it `URLSearchParams`.

'use strict';

const { codes: { ERR_INVALID_URL, ERR_MISSING_ARGS } } = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');
const { URLSearchParams, forQuery, replaceQuery } = require('web/url_search_params');

const binding = internalBinding('url');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** Stands for a port, query or fragment that there is not. */
const kAbsent = 0xffffffff;

/** Parts of a URL, by the numbers that the native half knows them by. */
const kProtocol = 0;
const kUsername = 1;
const kPassword = 2;
const kHost = 3;
const kHostname = 4;
const kPort = 5;
const kPathname = 6;
const kSearch = 7;
const kHash = 8;

/** What the native half writes into: see `URLContext`. */
let components;

/**
 * A serialised URL and where its parts are:
 *
 *     https://user:pass@example.com:1234/foo/bar?baz#quux
 *           |     |    |           |    |       |   `- hash_start
 *           |     |    |           |    |       `----- search_start
 *           |     |    |           |    `------------- pathname_start
 *           |     |    |           `------------------ host_end
 *           |     |    `------------------------------ host_start
 *           |     `----------------------------------- username_end
 *           `----------------------------------------- protocol_end
 */
class URLContext {
  href = '';
  protocol_end = 0;
  username_end = 0;
  host_start = 0;
  host_end = 0;
  pathname_start = 0;
  search_start = 0;
  hash_start = 0;
  port = 0;

  /** Takes over what the native half has just parsed. */
  update(href) {
    this.href = href;
    this.protocol_end = components[0];
    this.username_end = components[1];
    this.host_start = components[2];
    this.host_end = components[3];
    this.port = components[4];
    this.pathname_start = components[5];
    this.search_start = components[6];
    this.hash_start = components[7];
  }

  get hasPort() {
    return this.port !== kAbsent;
  }

  get hasSearch() {
    return this.search_start !== kAbsent;
  }

  get hasHash() {
    return this.hash_start !== kAbsent;
  }
}

/** Numbers of schemes, as they are shown. */
const schemeTypes = { 'http:': 0, 'https:': 2, 'ws:': 3, 'ftp:': 4, 'wss:': 5, 'file:': 6 };
const kNotSpecial = 1;

let isInstance;

class URL {
  #context = new URLContext();
  #searchParams;
  /** Whether `#searchParams` has changed since the query was written. */
  #isSearchStale = false;

  static {
    isInstance = (value) => value !== null && typeof value === 'object' && #context in value;
  }

  /**
   * @param {string} input
   * @param {string} [base]
   */
  constructor(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    const text = `${input}`;
    const baseText = base === undefined ? undefined : `${base}`;
    components ??= new Uint32Array(8);
    const href = binding.parse(text, baseText, components);
    if (href === undefined) throw new ERR_INVALID_URL(text, baseText);
    this.#context.update(href);
  }

  /** As the constructor, but gives null where that throws. */
  static parse(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    try {
      return new URL(input, base);
    } catch (error) {
      if (error.code === 'ERR_INVALID_URL') return null;
      throw error;
    }
  }

  /** @returns {boolean} Whether the constructor would not throw. */
  static canParse(url, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    return binding.canParse(`${url}`, base === undefined ? undefined : `${base}`);
  }

  [inspectCustom](depth, options) {
    const { inspect } = require('internal/util/inspect');
    const { name } = this.constructor;
    if (typeof depth === 'number' && depth < 0) return `${name} {}`;
    const shown = Object.create({ constructor: this.constructor });
    shown.href = this.href;
    shown.origin = this.origin;
    shown.protocol = this.protocol;
    shown.username = this.username;
    shown.password = this.password;
    shown.host = this.host;
    shown.hostname = this.hostname;
    shown.port = this.port;
    shown.pathname = this.pathname;
    shown.search = this.search;
    shown.searchParams = this.searchParams;
    shown.hash = this.hash;
    if (options.showHidden) shown[Symbol('context')] = this.#shownContext();
    return `${name} ${inspect(shown, options)}`;
  }

  #shownContext() {
    const shown = Object.assign(Object.create(URLContext.prototype), this.#context);
    shown.scheme_type = schemeTypes[this.protocol] ?? kNotSpecial;
    return shown;
  }

  /** Writes the parameters into the query if they have changed. */
  #refresh() {
    if (!this.#isSearchStale) return;
    this.#isSearchStale = false;
    this.#update(kSearch, this.#searchParams.toString());
  }

  #update(part, value) {
    const context = this.#context;
    components ??= new Uint32Array(8);
    const href = binding.update(context.href, part, value, components);
    if (href !== undefined) context.update(href);
  }

  toString() {
    this.#refresh();
    return this.#context.href;
  }

  get href() {
    this.#refresh();
    return this.#context.href;
  }

  set href(value) {
    const context = this.#context;
    const text = `${value}`;
    components ??= new Uint32Array(8);
    const href = binding.parse(text, undefined, components);
    if (href === undefined) throw new ERR_INVALID_URL(text);
    context.update(href);
    this.#queryReplaced();
  }

  #queryReplaced() {
    this.#isSearchStale = false;
    if (this.#searchParams !== undefined) replaceQuery(this.#searchParams, this.search.slice(1));
  }

  get origin() {
    const { href, protocol_end: end } = this.#context;
    switch (href.slice(0, end)) {
      case 'http:':
      case 'https:':
      case 'ws:':
      case 'wss:':
      case 'ftp:':
        return `${href.slice(0, end)}//${this.host}`;
      case 'blob:':
        return originOfBlob(this.pathname);
      default:
        return 'null';
    }
  }

  get protocol() {
    const context = this.#context;
    return context.href.slice(0, context.protocol_end);
  }

  set protocol(value) {
    const _ = this.#context;
    this.#update(kProtocol, `${value}`);
  }

  get username() {
    const { href, protocol_end: end, username_end: usernameEnd } = this.#context;
    return end + 2 < usernameEnd ? href.slice(end + 2, usernameEnd) : '';
  }

  set username(value) {
    this.#context;
    this.#update(kUsername, `${value}`);
  }
}
