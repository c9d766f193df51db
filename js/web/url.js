// The web's `URL`, and with it `URLSearchParams`.

'use strict';

const { codes: { ERR_INVALID_URL, ERR_MISSING_ARGS } } = require('internal/errors');
const { kTransferMode, kUncloneable } = require('internal/transferable');
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

/** Given to the constructor with a serialisation that has just been parsed. */
const kParsed = Symbol('parsed');

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

function parse(input, base) {
  components ??= new Uint32Array(8);
  return binding.parse(input, base, components);
}

/** Unlike other errors with a code, this one does not show it in its stack. */
function invalidUrl(input, base) {
  const error = new TypeError('Invalid URL');
  error.code = 'ERR_INVALID_URL';
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

/** Sets a part, unless `value` is not valid for it. */
function setPart(context, part, value) {
  components ??= new Uint32Array(8);
  const href = binding.update(context.href, part, `${value}`, components);
  if (href !== undefined) context.update(href);
}

/** The URL that is the path of a `blob:` URL has the origin. */
function originOfBlob(path) {
  const url = URL.parse(path);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : 'null';
}

class URL {
  #context = new URLContext();
  #searchParams = undefined;
  /** Whether `#searchParams` has changed since the query was written. */
  #isQueryStale = false;

  /**
   * @param {string} input
   * @param {string} [base]
   */
  constructor(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    this[kTransferMode] = kUncloneable;
    if (input === kParsed) {
      this.#context.update(base);
      return;
    }
    const text = `${input}`;
    const baseText = base === undefined ? undefined : `${base}`;
    const href = parse(text, baseText);
    if (href === undefined) throw invalidUrl(text, baseText);
    this.#context.update(href);
  }

  /**
   * @param {string} input
   * @param {string} [base]
   * @returns {URL|null} null where the constructor throws.
   */
  static parse(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    const href = parse(`${input}`, base === undefined ? undefined : `${base}`);
    return href === undefined ? null : new URL(kParsed, href);
  }

  /**
   * @param {string} url
   * @param {string} [base]
   * @returns {boolean} Whether the constructor would not throw.
   */
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
    if (!this.#isQueryStale) return;
    this.#isQueryStale = false;
    setPart(this.#context, kSearch, this.#searchParams.toString());
  }

  /** Reads the parameters from the query again, which has been set. */
  #replaceParams() {
    if (this.#searchParams === undefined) return;
    this.#isQueryStale = false;
    replaceQuery(this.#searchParams, this.search.slice(1));
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
    const href = parse(text, undefined);
    if (href === undefined) throw new ERR_INVALID_URL(text);
    context.update(href);
    this.#replaceParams();
  }

  get origin() {
    const { href, protocol_end: protocolEnd } = this.#context;
    const protocol = href.slice(0, protocolEnd);
    switch (protocol) {
      case 'https:':
      case 'http:':
      case 'wss:':
      case 'ws:':
      case 'ftp:':
        return `${protocol}//${this.host}`;
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
    setPart(this.#context, kProtocol, value);
  }

  get username() {
    const context = this.#context;
    const start = context.protocol_end + 2;
    return start < context.username_end ? context.href.slice(start, context.username_end) : '';
  }

  set username(value) {
    setPart(this.#context, kUsername, value);
  }

  get password() {
    const context = this.#context;
    const start = context.username_end + 1;
    return start < context.host_start ? context.href.slice(start, context.host_start) : '';
  }

  set password(value) {
    setPart(this.#context, kPassword, value);
  }

  get host() {
    const context = this.#context;
    const { href } = context;
    const start = href[context.host_start] === '@' ? context.host_start + 1 : context.host_start;
    return href.slice(start, context.hasPort ? context.pathname_start : context.host_end);
  }

  set host(value) {
    setPart(this.#context, kHost, value);
  }

  get hostname() {
    const context = this.#context;
    const { href } = context;
    const start = href[context.host_start] === '@' ? context.host_start + 1 : context.host_start;
    return href.slice(start, context.host_end);
  }

  set hostname(value) {
    setPart(this.#context, kHostname, value);
  }

  get port() {
    const context = this.#context;
    return context.hasPort ? `${context.port}` : '';
  }

  set port(value) {
    setPart(this.#context, kPort, value);
  }

  get pathname() {
    const context = this.#context;
    if (context.hasSearch) return context.href.slice(context.pathname_start, context.search_start);
    if (context.hasHash) return context.href.slice(context.pathname_start, context.hash_start);
    return context.href.slice(context.pathname_start);
  }

  set pathname(value) {
    setPart(this.#context, kPathname, value);
  }

  get search() {
    this.#refresh();
    const context = this.#context;
    if (!context.hasSearch) return '';
    const end = context.hasHash ? context.hash_start : context.href.length;
    return end - context.search_start > 1 ? context.href.slice(context.search_start, end) : '';
  }

  set search(value) {
    setPart(this.#context, kSearch, value);
    this.#replaceParams();
  }

  get searchParams() {
    if (this.#searchParams === undefined) {
      this.#searchParams = forQuery(this.search.slice(1), () => {
        this.#isQueryStale = true;
      });
    }
    return this.#searchParams;
  }

  get hash() {
    const context = this.#context;
    if (!context.hasHash || context.href.length - context.hash_start <= 1) return '';
    return context.href.slice(context.hash_start);
  }

  set hash(value) {
    setPart(this.#context, kHash, value);
  }

  toJSON() {
    this.#refresh();
    return this.#context.href;
  }

  static createObjectURL(obj) {
    return require('internal/blob').createObjectURL(obj);
  }

  static revokeObjectURL(url) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    require('internal/blob').revokeObjectURL(`${url}`);
  }
}

Object.defineProperties(URL.prototype, {
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'URL' },
  toString: kEnumerableProperty,
  href: kEnumerableProperty,
  origin: kEnumerableProperty,
  protocol: kEnumerableProperty,
  username: kEnumerableProperty,
  password: kEnumerableProperty,
  host: kEnumerableProperty,
  hostname: kEnumerableProperty,
  port: kEnumerableProperty,
  pathname: kEnumerableProperty,
  search: kEnumerableProperty,
  searchParams: kEnumerableProperty,
  hash: kEnumerableProperty,
  toJSON: kEnumerableProperty,
});

Object.defineProperties(URL, {
  parse: kEnumerableProperty,
  canParse: kEnumerableProperty,
  createObjectURL: kEnumerableProperty,
  revokeObjectURL: kEnumerableProperty,
});

module.exports = { URL, URLSearchParams };
