// Headers: what is sent as the text that the native session takes, and what has come as an object.
'use strict';

const {
  codes: {
    ERR_HTTP2_CONNECT_AUTHORITY, ERR_HTTP2_CONNECT_PATH, ERR_HTTP2_CONNECT_SCHEME, ERR_HTTP2_HEADER_SINGLE_VALUE,
    ERR_HTTP2_INVALID_CONNECTION_HEADERS, ERR_HTTP2_INVALID_PSEUDOHEADER, ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE, ERR_INVALID_HTTP_TOKEN,
  },
} = require('internal/errors');
const { kSensitiveHeaders } = require('internal/http2/symbols');

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;

/** The pseudo-headers that each kind of headers may have. */
const PSEUDO = {
  all: new Set([':status', ':method', ':authority', ':scheme', ':path', ':protocol']),
  response: new Set([':status']),
  trailers: new Set(),
};

/** Fields that have one value. */
const SINGLE = new Set([
  ':status', ':method', ':authority', ':scheme', ':path', ':protocol', 'access-control-allow-credentials',
  'access-control-max-age', 'access-control-request-method', 'age', 'authorization', 'content-encoding',
  'content-language', 'content-length', 'content-location', 'content-md5', 'content-range', 'content-type', 'date',
  'dnt', 'etag', 'expires', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range',
  'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'range', 'referer',
  'retry-after', 'tk', 'upgrade-insecure-requests', 'user-agent', 'x-content-type-options',
]);

/** Fields of connections of HTTP/1. */
const OF_CONNECTION = new Set([
  'connection', 'upgrade', 'http2-settings', 'keep-alive', 'proxy-connection', 'transfer-encoding',
]);

const NONE = new Set();

/** @returns {boolean} whether a field must not be sent */
function isConnectionField(name, value) {
  if (OF_CONNECTION.has(name)) return true;
  return name === 'te' && value !== 'trailers';
}

/** Collects headers. */
class HeaderText {
  constructor(allowed, isStrict, sensitive) {
    this.allowed = allowed;
    this.isStrict = isStrict;
    this.sensitive = sensitive;
    this.seen = isStrict ? new Set() : null;
    this.pseudo = '';
    this.text = '';
    this.count = 0;
  }

  /** Adds a field of any kind. */
  add(key, value) {
    const name = key.toLowerCase();
    if (value === undefined || name === '') return;
    const isSingle = this.isStrict && SINGLE.has(name);
    let isList = false;
    if (Array.isArray(value)) {
      if (value.length === 0) return;
      if (value.length === 1) {
        value = String(value[0]);
      } else {
        if (isSingle) throw new ERR_HTTP2_HEADER_SINGLE_VALUE(name);
        isList = true;
      }
    } else {
      value = String(value);
    }
    if (isSingle) {
      if (this.seen.has(name)) throw new ERR_HTTP2_HEADER_SINGLE_VALUE(name);
      this.seen.add(name);
    }
    // The native session takes texts with an end; this is as invalid for the other side.
    if (!isList && value.includes('\0')) value = value.replaceAll('\0', '\x01');
    const mark = this.sensitive.has(name) ? '1' : '0';
    if (name[0] === ':') {
      if (!this.allowed.has(name)) throw new ERR_HTTP2_INVALID_PSEUDOHEADER(name);
      this.pseudo += `${name}\0${value}\0${mark}`;
      this.count++;
      return;
    }
    if (!TOKEN.test(name)) throw new ERR_INVALID_HTTP_TOKEN('Header name', key);
    if (isConnectionField(name, value)) throw new ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
    if (!isList) {
      this.text += `${name}\0${value}\0${mark}`;
      this.count++;
      return;
    }
    for (const item of value) this.text += `${name}\0${String(item).replaceAll('\0', '\x01')}\0${mark}`;
    this.count += value.length;
  }
}

function sensitiveOf(headers) {
  const names = headers[kSensitiveHeaders];
  if (names === undefined) return NONE;
  if (!Array.isArray(names)) throw new ERR_INVALID_ARG_VALUE('headers[http2.neverIndex]', names);
  return new Set(names.map((name) => String(name).toLowerCase()));
}

/**
 * @param {object | string[]} headers  an object, or names and values in turn
 * @param {'all' | 'response' | 'trailers'} kind  which pseudo-headers it may have
 * @param {boolean} [isStrict]  whether fields that have one value may have only one
 * @returns {{ text: string, count: number }} for the native session
 */
function writeHeaders(headers, kind, isStrict = true) {
  const all = new HeaderText(PSEUDO[kind], isStrict, sensitiveOf(headers));
  if (Array.isArray(headers)) {
    for (let i = 0; i < headers.length; i += 2) all.add(headers[i], headers[i + 1]);
  } else {
    for (const key of Object.keys(headers)) all.add(key, headers[key]);
  }
  return { text: all.pseudo + all.text, count: all.count };
}

/**
 * @param {string[]} fields  names and values in turn
 * @param {string[]} [sensitive]  names
 * @returns {object} without a prototype
 */
function readHeaders(fields, sensitive) {
  const headers = { __proto__: null };
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    let value = fields[i + 1];
    if (name === ':status') value |= 0;
    const existing = headers[name];
    if (existing === undefined) {
      headers[name] = name === 'set-cookie' ? [value] : value;
    } else if (SINGLE.has(name)) {
      continue;
    } else if (name === 'cookie') {
      headers[name] = `${existing}; ${value}`;
    } else if (name === 'set-cookie') {
      existing.push(value);
    } else {
      headers[name] = `${existing}, ${value}`;
    }
  }
  headers[kSensitiveHeaders] = sensitive === undefined ? [] : sensitive;
  return headers;
}

/**
 * @param {string[]} list  names and values in turn, as a program gave them
 * @returns {object} without a prototype; several values of a name are a list
 */
function listToObject(list) {
  const headers = { __proto__: null };
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i];
    const value = list[i + 1];
    const existing = headers[name];
    if (existing === undefined) headers[name] = value;
    else if (Array.isArray(existing)) existing.push(value);
    else headers[name] = [existing, value];
  }
  if (list[kSensitiveHeaders] !== undefined) headers[kSensitiveHeaders] = list[kSensitiveHeaders];
  return headers;
}

/**
 * A copy that may be changed.
 * @param {object} headers
 * @returns {object} without a prototype
 */
function copyHeaders(headers) {
  const copy = { __proto__: null };
  if (headers === null || headers === undefined) return copy;
  for (const key of Object.keys(headers)) copy[key] = headers[key];
  if (headers[kSensitiveHeaders] !== undefined) copy[kSensitiveHeaders] = headers[kSensitiveHeaders];
  return copy;
}

/** @returns {string | undefined} */
function authorityOf(headers) {
  return headers[':authority'] !== undefined ? headers[':authority'] : headers.host;
}

/**
 * @param {object} headers  of a request
 * @throws where a request with the method CONNECT has what it must not have, or lacks something
 */
function checkConnectHeaders(headers) {
  if (headers[':method'] !== 'CONNECT' || headers[':protocol'] !== undefined) return;
  if (headers[':authority'] === undefined) throw new ERR_HTTP2_CONNECT_AUTHORITY();
  if (headers[':scheme'] !== undefined) throw new ERR_HTTP2_CONNECT_SCHEME();
  if (headers[':path'] !== undefined) throw new ERR_HTTP2_CONNECT_PATH();
}

/** Throws unless `value` is undefined or an object, of one of `types` in the message. */
function checkObject(value, name, types = 'Object') {
  if (value !== undefined && (value === null || typeof value !== 'object' || Array.isArray(value))) {
    throw new ERR_INVALID_ARG_TYPE(name, types, value);
  }
}

module.exports = {
  PSEUDO, SINGLE, TOKEN, authorityOf, checkConnectHeaders, checkObject, copyHeaders, isConnectionField, listToObject,
  readHeaders, writeHeaders,
};
