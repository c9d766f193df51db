// The web interface Response: an answer to a request, as the Fetch Standard has it.
'use strict';

const { extractBody, mimeOf, mixBody } = require('internal/fetch/body');
const {
  describeInterface,
  illegalInvocation,
  parseURL,
  requireArguments,
  toByteString,
  toDictionary,
  toUSVString,
} = require('internal/fetch/webidl');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { HeaderList, createHeaders, fillHeaders } = require('web/headers');

const noStatusText = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const NULL_BODY = [101, 103, 204, 205, 304];
const REDIRECTS = [301, 302, 303, 307, 308];

let create;
let stateOf;

/**
 * What a response consists of.
 * @typedef {object} ResponseState
 * @property {'default' | 'basic' | 'cors' | 'error' | 'opaque' | 'opaqueredirect'} type
 * @property {URL[]} urls those that were asked, one behind the other
 * @property {number} status
 * @property {string} statusText
 * @property {HeaderList} list
 * @property {import('internal/fetch/body').Body | null} body
 */

/** An answer to a request. */
class Response {
  /** @type {ResponseState} */
  #state = { type: 'default', urls: [], status: 200, statusText: '', list: new HeaderList(), body: null };
  #headers;

  static {
    stateOf = (self) => {
      if (typeof self !== 'object' || self === null || !(#state in self)) throw illegalInvocation();
      return self.#state;
    };
    create = (state, isImmutable) => {
      const response = new Response();
      response.#state = state;
      response.#headers = createHeaders(state.list, isImmutable);
      return response;
    };
  }

  /** @returns {Response} one that stands for a failure of the network */
  static error() {
    const list = new HeaderList();
    return create({ type: 'error', urls: [], status: 0, statusText: '', list, body: null }, true);
  }

  /**
   * @param {unknown} data to be written as JSON
   * @param {ResponseInit} [init]
   * @returns {Response}
   */
  static json(data, init = undefined) {
    requireArguments(arguments.length, 1, 'Response.json');
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Value is not JSON serializable');
    const { body } = extractBody(text, 'Response', 'body');
    const response = new Response();
    initialize(response, toDictionary(init), body, 'application/json');
    return response;
  }

  /**
   * @param {string | URL} url
   * @param {number} [status] 301, 302, 303, 307 or 308
   * @returns {Response}
   */
  static redirect(url, status = 302) {
    requireArguments(arguments.length, 1, 'Response.redirect');
    url = toUSVString(url);
    status = toUnsignedShort(status);
    const parsed = parseURL(url);
    if (!REDIRECTS.includes(status)) throw new RangeError(`Invalid status code ${status}`);
    const list = new HeaderList();
    list.set('location', parsed.href);
    return create({ type: 'default', urls: [], status, statusText: '', list, body: null }, true);
  }

  /**
   * @param {BodyInit | null} [body]
   * @param {ResponseInit} [init]
   */
  constructor(body = null, init = undefined) {
    this[kTransferMode] = kUncloneable;
    init = toDictionary(init);
    this.#headers = createHeaders(this.#state.list, false);
    if (body === null && init === undefined) return;
    const extracted = body === null ? { body: null, type: null } : extractBody(body, 'Response', 'body');
    initialize(this, init, extracted.body, extracted.type);
  }

  /** @returns {string} */
  get type() {
    return stateOf(this).type;
  }

  /** @returns {string} without its fragment, empty if there is none */
  get url() {
    const url = stateOf(this).urls.at(-1);
    if (url === undefined) return '';
    return url.hash === '' ? url.href : url.href.slice(0, -url.hash.length);
  }

  /** @returns {boolean} */
  get redirected() {
    return stateOf(this).urls.length > 1;
  }

  /** @returns {number} */
  get status() {
    return stateOf(this).status;
  }

  /** @returns {boolean} whether the status is 200 to 299 */
  get ok() {
    const { status } = stateOf(this);
    return status >= 200 && status <= 299;
  }

  /** @returns {string} */
  get statusText() {
    return stateOf(this).statusText;
  }

  /** @returns {Headers} */
  get headers() {
    stateOf(this);
    return this.#headers;
  }

  /** @returns {ReadableStream | null} */
  get body() {
    return stateOf(this).body?.stream ?? null;
  }

  /** @returns {boolean} */
  get bodyUsed() {
    return stateOf(this).body?.isUsed ?? false;
  }

  /** @returns {Response} */
  clone() {
    const state = stateOf(this);
    if (state.body !== null && (state.body.isUsed || state.body.isLocked)) {
      throw new TypeError('Response.clone: Body has already been consumed.');
    }
    const copy = { ...state, urls: [...state.urls], list: state.list.clone(), body: state.body?.clone() ?? null };
    return create(copy, state.type !== 'default');
  }

  [customInspectSymbol](depth, options) {
    const { status, statusText, headers, body, bodyUsed, ok, redirected, type, url } = this;
    const members = { status, statusText, headers, body, bodyUsed, ok, redirected, type, url };
    const { inspect } = require('internal/util/inspect');
    return `Response ${inspect(members, { ...options, depth: options.depth === null ? 2 : options.depth ?? 2 })}`;
  }
}

mixBody(Response, (self) => {
  const { body, list } = stateOf(self);
  return { body, mime: () => mimeOf(list) };
});
describeInterface(Response, 'Response',
  ['type', 'url', 'redirected', 'status', 'ok', 'statusText', 'headers', 'clone']);
Object.defineProperties(Response, {
  error: kEnumerableProperty,
  json: kEnumerableProperty,
  redirect: kEnumerableProperty,
});

function toUnsignedShort(value) {
  const number = Math.trunc(Number(value));
  return Number.isFinite(number) ? ((number % 65536) + 65536) % 65536 : 0;
}

function initialize(response, init, body, type) {
  const state = stateOf(response);
  if (init !== undefined) {
    const { headers, status, statusText } = init;
    const number = status === undefined ? 200 : toUnsignedShort(status);
    const text = statusText === undefined ? '' : toByteString(statusText, 'undefined', 'undefined.statusText');
    if (number < 200 || number > 599) {
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    }
    if (noStatusText.test(text)) throw new TypeError('Invalid statusText');
    state.status = number;
    state.statusText = text;
    if (headers !== undefined && headers !== null) fillHeaders(response.headers, headers);
  }
  if (body === null) return;
  if (NULL_BODY.includes(state.status)) {
    throw new TypeError(`Response constructor: Invalid response status code ${state.status}`);
  }
  state.body = body;
  if (type !== null && !state.list.has('content-type')) state.list.append('content-type', type);
}

module.exports = { NULL_BODY, REDIRECTS, Response, createResponse: create };
