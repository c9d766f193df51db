// The functions of `url` from before the URL standard: `parse`, `format`, `resolve` and the class `Url`.

'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_URL },
} = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const { isInsideNodeModules } = require('internal/util/call_origin');
const { isURL } = require('internal/url');
const { resolveObject } = require('internal/url/resolve');
const { hasSlashes } = require('internal/url/schemes');

const binding = internalBinding('url');

const kMaxHostnameLength = 255;

const surroundingSpace = /^[\0- \u00a0\ufeff]+|[\0- \u00a0\ufeff]+$/g;
const simplePath = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/;
const schemeAtStart = /^[a-z0-9.+-]+:/i;
const hostWithAuth = /^\/\/[^@/]+@[^@/]+/;
const portAtEnd = /:[0-9]*$/;
const nonAscii = /[^\0-\x7f]/;
const forbiddenInHost = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const forbiddenInIPv6 = /[\0\t\n\r #%/<>?@\\^|]/;
const newline = /[\t\n\r]/;
const newlines = /[\t\n\r]/g;
const unwise = /[\t\n\r "'<>\\^`{|}]/g;
const questionOrNumberSign = /[?#]/g;
const encodedColon = /%3A/g;

/** A URL in parts; those that there are not are null. */
function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

function percentEncoded(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Whether the scheme, in lower case or null, has code or data behind it and no host. */
function isHostless(scheme) {
  return scheme === 'javascript:';
}

function isBracketed(hostname) {
  return hostname[0] === '[' && hostname[hostname.length - 1] === ']';
}

function isSpace(code) {
  return code <= 0x20 || code === 0xa0 || code === 0xfeff;
}

function trimmed(url) {
  if (!isSpace(url.charCodeAt(0)) && !isSpace(url.charCodeAt(url.length - 1))) return url;
  return url.replace(surroundingSpace, '');
}

function hasAtBeforeQuery(text) {
  const at = text.indexOf('@');
  return at !== -1 && !text.slice(0, at).includes('?');
}

/** Makes slashes of backslashes, up to query and fragment. */
function withSlashes(url) {
  if (!url.includes('\\')) return url;
  const end = url.search(/[?#]/);
  if (end === -1) return url.replaceAll('\\', '/');
  return url.slice(0, end).replaceAll('\\', '/') + url.slice(end);
}

function parseQuery(text) {
  return require('querystring').parse(text);
}

function parse(url, parseQueryString, slashesDenoteHost) {
  validateString(url, 'url');
  const text = withSlashes(trimmed(url));

  if (!slashesDenoteHost && !text.includes('#') && !hasAtBeforeQuery(text)) {
    const match = simplePath.exec(text);
    if (match !== null) {
      setSimplePath(this, text, match[1], match[2], parseQueryString);
      return this;
    }
  }

  let rest = text;
  const scheme = schemeAtStart.exec(rest)?.[0] ?? null;
  const lowerScheme = scheme === null ? null : scheme.toLowerCase();
  if (scheme !== null) {
    this.protocol = lowerScheme;
    rest = rest.slice(scheme.length);
  }

  let isHostNext = false;
  if (!isHostless(lowerScheme)) {
    const mayHaveSlashes = slashesDenoteHost || scheme !== null || hostWithAuth.test(rest);
    isHostNext = mayHaveSlashes && rest.startsWith('//');
    if (isHostNext) {
      rest = rest.slice(2);
      this.slashes = true;
    } else {
      isHostNext = scheme !== null && !hasSlashes(scheme);
    }
  }
  if (isHostNext) rest = parseAuthority(this, rest, url);
  if (lowerScheme !== 'javascript:') rest = rest.replace(unwise, percentEncoded);

  setPathAndQuery(this, rest, parseQueryString);
  if (this.hostname && !this.pathname && hasSlashes(lowerScheme)) this.pathname = '/';
  if (this.pathname || this.search) this.path = (this.pathname || '') + (this.search || '');
  this.href = this.format();
  return this;
}

function setSimplePath(target, text, pathname, search, parseQueryString) {
  target.path = text;
  target.href = text;
  target.pathname = pathname;
  if (search) {
    target.search = search;
    target.query = parseQueryString ? parseQuery(search.slice(1)) : search.slice(1);
  } else if (parseQueryString) {
    target.search = null;
    target.query = { __proto__: null };
  }
}

function setPathAndQuery(target, rest, parseQueryString) {
  const hashAt = rest.indexOf('#');
  const end = hashAt === -1 ? rest.length : hashAt;
  if (hashAt !== -1) target.hash = rest.slice(hashAt);
  const searchAt = rest.slice(0, end).indexOf('?');
  if (searchAt !== -1) {
    target.search = rest.slice(searchAt, end);
    target.query = rest.slice(searchAt + 1, end);
    if (parseQueryString) target.query = parseQuery(target.query);
  } else if (parseQueryString) {
    target.search = null;
    target.query = { __proto__: null };
  }
  const pathname = rest.slice(0, searchAt === -1 ? end : searchAt);
  if (pathname !== '') target.pathname = pathname;
}

/** Where the host ends, and where before it the last @ is. */
function findHostEnd(text) {
  let at = -1;
  let end = -1;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x20: // Space
      case 0x22: // "
      case 0x25: // %
      case 0x27: // '
      case 0x3b: // ;
      case 0x3c: // <
      case 0x3e: // >
      case 0x5e: // ^
      case 0x60: // `
      case 0x7b: // {
      case 0x7c: // |
      case 0x7d: // }
        if (end === -1) end = i;
        break;
      case 0x40: // @
        at = i;
        end = -1;
        break;
      case 0x23: // #
      case 0x2f: // /
      case 0x3f: // ?
        return { at, end: end === -1 ? i : end };
    }
  }
  return { at, end: end === -1 ? text.length : end };
}

/** Tabs and newlines in front of what ends an authority do not count. */
function withoutNewlines(text) {
  if (!newline.test(text)) return text;
  const end = text.search(/[#/?]/);
  if (end === -1) return text.replace(newlines, '');
  return text.slice(0, end).replace(newlines, '') + text.slice(end);
}

/** Reads user and host and returns what is behind them. */
function parseAuthority(target, text, url) {
  const rest = withoutNewlines(text);
  const { at, end } = findHostEnd(rest);
  if (at !== -1) target.auth = decodeURIComponent(rest.slice(0, at));
  target.host = rest.slice(at + 1, end);
  target.parseHost();
  if (typeof target.hostname !== 'string') target.hostname = '';

  const isIPv6 = isBracketed(target.hostname);
  if (!isIPv6 && target.hostname.includes(':')) {
    throw new ERR_INVALID_ARG_VALUE('url', 'Invalid port in url', url);
  }
  target.hostname = target.hostname.length > kMaxHostnameLength ? '' : target.hostname.toLowerCase();
  if (target.hostname !== '') target.hostname = checkedHostname(target.hostname, isIPv6, url);
  target.host = target.hostname + (target.port ? `:${target.port}` : '');

  const behind = rest.slice(end);
  if (!isIPv6) return behind;
  target.hostname = target.hostname.slice(1, -1);
  return behind[0] === '/' ? behind : `/${behind}`;
}

function checkedHostname(hostname, isIPv6, url) {
  if (isIPv6) {
    if (forbiddenInIPv6.test(hostname)) throw new ERR_INVALID_URL(url);
    return hostname;
  }
  const ascii = nonAscii.test(hostname) ? binding.idnaToAscii(hostname) : hostname;
  // What conversion yields must not be read as something else than a host.
  if (ascii === '' || forbiddenInHost.test(ascii)) throw new ERR_INVALID_URL(url);
  return ascii;
}

function parseHost() {
  let { host } = this;
  const port = portAtEnd.exec(host)?.[0];
  if (port !== undefined) {
    if (port !== ':') this.port = port.slice(1);
    host = host.slice(0, host.length - port.length);
  }
  if (host) this.hostname = host;
}

function format() {
  let protocol = this.protocol || '';
  if (protocol && !protocol.endsWith(':')) protocol += ':';
  let pathname = this.pathname || '';
  if (pathname.includes('#') || pathname.includes('?')) {
    pathname = pathname.replace(questionOrNumberSign, percentEncoded);
  }
  let hash = this.hash || '';
  if (hash && hash[0] !== '#') hash = `#${hash}`;

  let host = formatHost(this);
  if (this.slashes || hasSlashes(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (protocol === 'file:') {
      host = '//';
    }
  }
  return protocol + host + pathname + formatSearch(this) + hash;
}

function formatHost({ auth, host, hostname, port }) {
  const user = auth ? `${require('querystring').escape(auth).replace(encodedColon, ':')}@` : '';
  if (host) return user + host;
  if (!hostname) return '';
  const name = hostname.includes(':') && !isBracketed(hostname) ? `[${hostname}]` : hostname;
  return user + name + (port ? `:${port}` : '');
}

function formatSearch({ search, query }) {
  let text = search || '';
  if (query !== null && typeof query === 'object') {
    // Also where it is not used, since it throws for text that cannot be written.
    const pairs = require('querystring').stringify(query);
    if (!text && pairs) text = `?${pairs}`;
  }
  if (text && text[0] !== '?') text = `?${text}`;
  return text.includes('#') ? text.replaceAll('#', '%23') : text;
}

function resolve(relative) {
  return this.resolveObject(urlParse(relative, false, true)).href;
}

Object.assign(Url.prototype, {
  parse,
  format,
  resolve,
  resolveObject(relative) {
    const target = typeof relative === 'string' ? new Url().parse(relative, false, true) : relative;
    return resolveObject(this, target);
  },
  parseHost,
});

let hasWarned = false;

/** Warns, once and not for what a program depends on, that `url.parse` is deprecated. */
function warn() {
  if (isInsideNodeModules()) return;
  hasWarned = true;
  process.emitWarning(
    '`url.parse()` behavior is not standardized and prone to errors that have security implications. ' +
    'Use the WHATWG URL API instead. CVEs are not issued for `url.parse()` vulnerabilities.',
    'DeprecationWarning',
    'DEP0169',
  );
}

/**
 * Parses a URL leniently.
 * @param {string} url
 * @param {boolean} [parseQueryString] Whether `query` is an object, by `querystring.parse`.
 * @param {boolean} [slashesDenoteHost] Whether `//a/b` has the host `a` rather than being a path.
 * @returns {Url}
 */
function urlParse(url, parseQueryString, slashesDenoteHost) {
  if (!hasWarned) warn();
  if (url instanceof Url) return url;
  return new Url().parse(url, parseQueryString, slashesDenoteHost);
}

/**
 * @param {string|URL|object} urlObject What `parse` returns, with or without some of its parts, or a URL.
 * @param {object} [options] For a URL object.
 * @param {boolean} [options.auth] Whether user name and password are shown.
 * @param {boolean} [options.fragment]
 * @param {boolean} [options.search]
 * @param {boolean} [options.unicode] Whether the host is shown in Unicode rather than in ASCII.
 * @returns {string}
 */
function urlFormat(urlObject, options) {
  if (typeof urlObject === 'string') return urlParse(urlObject).format();
  if (typeof urlObject !== 'object' || urlObject === null) {
    throw new ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], urlObject);
  }
  return isURL(urlObject) ? formatURL(urlObject, options) : format.call(urlObject);
}

function formatURL(url, options) {
  let auth = true;
  let fragment = true;
  let search = true;
  let unicode = false;
  if (options) {
    validateObject(options, 'options');
    if (options.fragment != null) fragment = Boolean(options.fragment);
    if (options.unicode != null) unicode = Boolean(options.unicode);
    if (options.search != null) search = Boolean(options.search);
    if (options.auth != null) auth = Boolean(options.auth);
  }

  const [head, hashText] = splitAt(url.href, '#');
  const [location, searchText] = splitAt(head, '?');
  const isChanged = !auth || unicode;
  const start = isChanged ? formatLocation(location, url.protocol.length, auth, unicode) : location;
  return start + (search ? searchText : '') + (fragment ? hashText : '');
}

function splitAt(text, separator) {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

/** Changes the authority of what comes before query and fragment. */
function formatLocation(location, protocolEnd, auth, unicode) {
  if (!location.startsWith('//', protocolEnd)) return location;
  const start = protocolEnd + 2;
  const pathAt = location.indexOf('/', start);
  const end = pathAt === -1 ? location.length : pathAt;
  const hostAt = location.lastIndexOf('@', end) + 1 || start;
  let host = location.slice(hostAt, end);
  if (unicode) {
    const [name, port] = splitAt(host, ':');
    host = name[0] === '[' ? host : binding.domainToUnicode(name) + port;
  }
  return location.slice(0, start) + (auth ? location.slice(start, hostAt) : '') + host + location.slice(end);
}

/**
 * Resolves a URL against another, as a browser does with the target of a link.
 * @param {string} source
 * @param {string} relative
 * @returns {string}
 */
function urlResolve(source, relative) {
  return urlParse(source, false, true).resolve(relative);
}

/**
 * `urlResolve` that gives the parts.
 * @param {string} source
 * @param {string} relative
 * @returns {Url}
 */
function urlResolveObject(source, relative) {
  return source ? urlParse(source, false, true).resolveObject(relative) : relative;
}

module.exports = { Url, urlParse, urlFormat, urlResolve, urlResolveObject };
