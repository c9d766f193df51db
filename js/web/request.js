// The web interface Request: what is asked of a server, as the Fetch Standard has it.
'use strict';

const { extractBody, mimeOf, mixBody } = require('internal/fetch/body');
const {
  describe,
  describeInterface,
  illegalInvocation,
  parseURL,
  requireArguments,
  toByteString,
  toDictionary,
  toDOMString,
  toEnumeration,
  toUSVString,
} = require('internal/fetch/webidl');
const { checkIsHttpToken } = require('internal/http/fields');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { HeaderList, createHeaders, fillHeaders } = require('web/headers');

const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const CORS_METHODS = ['GET', 'HEAD', 'POST'];

const CACHES = ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'];
const CREDENTIALS = ['omit', 'same-origin', 'include'];
const MODES = ['navigate', 'same-origin', 'no-cors', 'cors'];
const PRIORITIES = ['high', 'low', 'auto'];
const REDIRECTS = ['follow', 'manual', 'error'];
const REFERRER_POLICIES = [
  '', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
  'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url',
];

let create;
let stateOf;

/**
 * What a request consists of.
 * @typedef {object} RequestState
 * @property {URL} url
 * @property {string} method
 * @property {HeaderList} list
 * @property {import('internal/fetch/body').Body | null} body
 * @property {'follow' | 'manual' | 'error'} redirect
 */

const initialState = (url) => ({
  url,
  method: 'GET',
  list: new HeaderList(),
  body: null,
  referrer: 'about:client',
  referrerPolicy: '',
  mode: 'cors',
  credentials: 'same-origin',
  cache: 'default',
  redirect: 'follow',
  integrity: '',
  keepalive: false,
  priority: null,
  dispatcher: undefined,
});

function toURL(text) {
  const url = parseURL(text);
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${text}`);
  }
  return url;
}

let hasWarnedOfPatch = false;

function toMethod(value) {
  const method = toByteString(value, 'undefined', 'undefined.method');
  const upper = method.toUpperCase();
  if (!checkIsHttpToken(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
  if (FORBIDDEN.includes(upper)) throw new TypeError(`'${method}' HTTP method is unsupported.`);
  if (NORMALIZED.includes(upper)) return upper;
  if (method === 'patch' && !hasWarnedOfPatch) {
    hasWarnedOfPatch = true;
    process.emitWarning(
      'Using `patch` is highly likely to result in a `405 Method Not Allowed`. `PATCH` is much more likely to succeed.',
      { code: 'UNDICI-FETCH-patch' }
    );
  }
  return method;
}

function toReferrer(value) {
  const referrer = toUSVString(value);
  if (referrer === '') return 'no-referrer';
  let url;
  try {
    url = new URL(referrer);
  } catch (cause) {
    throw new TypeError(`Referrer "${referrer}" is not a valid URL.`, { cause });
  }
  return url.protocol === 'about:' && url.pathname === 'client' ? 'about:client' : url.href;
}

// The members of the dictionary in the order in which Web IDL reads them.
function readInit(init) {
  const read = { __proto__: null };
  const take = (name, convert) => {
    const value = init[name];
    if (value !== undefined) read[name] = convert(value);
  };
  take('method', toMethod);
  take('headers', (value) => value);
  take('body', (value) => value);
  take('referrer', toReferrer);
  take('referrerPolicy', (value) => toEnumeration(value, REFERRER_POLICIES, 'undefined.referrerPolicy'));
  take('mode', (value) => toEnumeration(value, MODES, 'undefined.mode'));
  take('credentials', (value) => toEnumeration(value, CREDENTIALS, 'undefined.credentials'));
  take('cache', (value) => toEnumeration(value, CACHES, 'undefined.cache'));
  take('redirect', (value) => toEnumeration(value, REDIRECTS, 'undefined.redirect'));
  take('integrity', (value) => toDOMString(value, 'undefined', 'undefined.integrity'));
  take('keepalive', Boolean);
  take('signal', toSignal);
  take('window', (value) => value);
  take('duplex', (value) => toEnumeration(value, ['half'], 'undefined.duplex'));
  take('dispatcher', (value) => value);
  take('priority', (value) => toEnumeration(value, PRIORITIES, 'undefined.priority'));
  return read;
}

function toSignal(value) {
  if (value === null || value instanceof AbortSignal) return value;
  throw new TypeError(`RequestInit: Expected signal ("${describe(value)}") to be an instance of AbortSignal.`);
}

function isUnusable(body) {
  return body !== null && (body.isUsed || body.isLocked);
}

/** What is asked of a server. */
class Request {
  #state;
  #headers;
  #signal;

  static {
    stateOf = (self) => {
      if (typeof self !== 'object' || self === null || !(#state in self)) throw illegalInvocation();
      return self.#state;
    };
    create = (state, signal) => {
      const request = new Request('about:blank');
      request.#state = state;
      request.#headers = createHeaders(state.list, false);
      request.#signal = signal;
      return request;
    };
  }

  /**
   * @param {string | URL | Request} input
   * @param {RequestInit} [init]
   */
  constructor(input, init = undefined) {
    requireArguments(arguments.length, 1, 'Request constructor');
    this[kTransferMode] = kUncloneable;
    const isRequest = typeof input === 'object' && input !== null && #state in input;
    const text = isRequest ? '' : toUSVString(input);
    init = toDictionary(init);
    const read = init === undefined ? { __proto__: null } : readInit(init);
    const from = isRequest ? input.#state : initialState(toURL(text));
    const state = isRequest ? { ...from, list: from.list.clone(), body: null } : from;
    if (read.window !== undefined && read.window !== null) {
      throw new TypeError("'window' option 'client' must be null");
    }
    this.#state = state;
    apply(state, read);
    this.#signal = follow(read.signal === undefined ? (isRequest ? input.#signal : null) : read.signal);

    this.#headers = createHeaders(state.list, false);
    if (read.headers !== undefined) {
      state.list = new HeaderList();
      this.#headers = createHeaders(state.list, false);
      fillHeaders(this.#headers, read.headers);
    }
    const isBodyGiven = read.body !== undefined && read.body !== null;
    if ((isBodyGiven || (isRequest && from.body !== null)) && (state.method === 'GET' || state.method === 'HEAD')) {
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    }
    if (isBodyGiven) this.#setBody(read);
    else if (isRequest && from.body !== null) state.body = takeBody(from);
  }

  #setBody({ body, duplex }) {
    const state = this.#state;
    const extracted = extractBody(body, 'undefined', 'undefined.body', state.keepalive);
    if (extracted.type !== null && !state.list.has('content-type')) {
      state.list.append('content-type', extracted.type);
    }
    if (!extracted.body.isRepeatable && duplex === undefined) {
      throw new TypeError('RequestInit: duplex option is required when sending a body.');
    }
    state.body = extracted.body;
  }

  /** @returns {string} */
  get method() {
    return stateOf(this).method;
  }

  /** @returns {string} */
  get url() {
    return stateOf(this).url.href;
  }

  /** @returns {Headers} */
  get headers() {
    stateOf(this);
    return this.#headers;
  }

  /** @returns {string} what asks, always a program */
  get destination() {
    stateOf(this);
    return '';
  }

  /** @returns {string} */
  get referrer() {
    const { referrer } = stateOf(this);
    return referrer === 'no-referrer' ? '' : referrer;
  }

  /** @returns {string} */
  get referrerPolicy() {
    return stateOf(this).referrerPolicy;
  }

  /** @returns {string} */
  get mode() {
    return stateOf(this).mode;
  }

  /** @returns {string} */
  get credentials() {
    return stateOf(this).credentials;
  }

  /** @returns {string} */
  get cache() {
    return stateOf(this).cache;
  }

  /** @returns {string} */
  get redirect() {
    return stateOf(this).redirect;
  }

  /** @returns {string} */
  get integrity() {
    return stateOf(this).integrity;
  }

  /** @returns {boolean} */
  get keepalive() {
    return stateOf(this).keepalive;
  }

  /** @returns {boolean} */
  get isReloadNavigation() {
    stateOf(this);
    return false;
  }

  /** @returns {boolean} */
  get isHistoryNavigation() {
    stateOf(this);
    return false;
  }

  /** @returns {AbortSignal} */
  get signal() {
    stateOf(this);
    return this.#signal;
  }

  /** @returns {ReadableStream | null} */
  get body() {
    return stateOf(this).body?.stream ?? null;
  }

  /** @returns {boolean} */
  get bodyUsed() {
    return stateOf(this).body?.isUsed ?? false;
  }

  /** @returns {'half'} */
  get duplex() {
    stateOf(this);
    return 'half';
  }

  /** @returns {Request} */
  clone() {
    const state = stateOf(this);
    if (isUnusable(state.body)) throw new TypeError('unusable');
    const copy = { ...state, list: state.list.clone(), body: state.body?.clone() ?? null };
    return create(copy, follow(this.#signal));
  }

  [customInspectSymbol](depth, options) {
    const { method, url, headers, destination, referrer, referrerPolicy, mode, credentials, cache, redirect } = this;
    const { integrity, keepalive, isReloadNavigation, isHistoryNavigation, signal } = this;
    const members = {
      method, url, headers, destination, referrer, referrerPolicy, mode, credentials, cache, redirect,
      integrity, keepalive, isReloadNavigation, isHistoryNavigation, signal,
    };
    const { inspect } = require('internal/util/inspect');
    return `Request ${inspect(members, { ...options, depth: options.depth === null ? 2 : options.depth ?? 2 })}`;
  }
}

mixBody(Request, (self) => {
  const { body, list } = stateOf(self);
  return { body, mime: () => mimeOf(list) };
});
describeInterface(Request, 'Request', [
  'method', 'url', 'headers', 'redirect', 'clone', 'signal', 'duplex', 'destination', 'body', 'bodyUsed',
  'isHistoryNavigation', 'isReloadNavigation', 'keepalive', 'integrity', 'cache', 'credentials', 'referrerPolicy',
  'referrer', 'mode',
]);

// A signal of the request's own, which is aborted with the given one.
function follow(signal) {
  return signal === null ? new AbortController().signal : AbortSignal.any([signal]);
}

function apply(state, read) {
  if (read.mode === 'navigate') throw new TypeError('Request constructor: invalid request mode navigate.');
  for (const name of ['referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'keepalive',
    'priority', 'dispatcher', 'method']) {
    if (read[name] !== undefined) state[name] = read[name];
  }
  if (read.integrity !== undefined) state.integrity = read.integrity;
  if (state.cache === 'only-if-cached' && state.mode !== 'same-origin') {
    throw new TypeError("'only-if-cached' can be set only with 'same-origin' mode");
  }
  if (state.mode === 'no-cors' && !CORS_METHODS.includes(state.method)) {
    throw new TypeError(`'${state.method} is unsupported in no-cors mode.`);
  }
}

// The body of a request that another one is made of: the first one cannot be read any more.
function takeBody(from) {
  if (isUnusable(from.body)) {
    throw new TypeError('Cannot construct a Request with a Request object that has already been used.');
  }
  const { body } = from;
  const taken = body.clone();
  body.readAll().catch(() => {});
  return taken;
}

module.exports = { Request, requestStateOf: stateOf };
