// The web's `URLPattern`: patterns that URLs are matched with.
'use strict';

const {
  codes: { ERR_CONSTRUCT_CALL_REQUIRED, ERR_INVALID_URL_PATTERN },
} = require('internal/errors');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { codedTypeError } = require('internal/webidl');
const { URL } = require('web/url');
const canonicalize = require('internal/url_pattern/canonicalize');
const {
  Component, hostnameOptions, pathnameOptions, plainOptions,
} = require('internal/url_pattern/component');
const { parseConstructorString } = require('internal/url_pattern/constructor_string');
const { names, processInit } = require('internal/url_pattern/init');

const inAlphabet = ['hash', 'hostname', 'password', 'pathname', 'port', 'protocol', 'search', 'username'];

/** The members of a dictionary of components that are strings, in the order in which Web IDL reads them. */
function readInit(object) {
  const init = {};
  const { baseURL } = object;
  if (typeof baseURL === 'string') init.baseURL = baseURL;
  for (const name of inAlphabet) {
    const value = object[name];
    if (typeof value === 'string') init[name] = value;
  }
  return init;
}

function isObject(value) {
  return value === null || typeof value === 'object' || typeof value === 'function';
}

/** What the constructor was given: components, and whether the case of letters counts. */
function readArguments(input, base, options) {
  let init = {};
  if (typeof input === 'string') init = input;
  else if (input !== undefined) init = readDictionary(input);

  let baseURL;
  let dictionary = options;
  if (options === undefined && isObject(base)) {
    dictionary = base;
  } else if (typeof base === 'string') {
    baseURL = base;
  } else if (base !== undefined) {
    throw codedTypeError(options === undefined ?
      'second argument must be a string or object' :
      'second argument must be a string');
  }
  if (dictionary !== undefined && !isObject(dictionary)) throw codedTypeError('options must be an object');
  const ignoreCase = dictionary?.ignoreCase === true || Boolean(dictionary?.ignoreCase);
  return { init, baseURL, ignoreCase };
}

function readDictionary(input) {
  if (!isObject(input)) throw codedTypeError('Input must be an object or a string');
  return input === null ? {} : readInit(input);
}

function isIPv6(hostname) {
  if (hostname.length < 2) return false;
  return hostname.startsWith('[') || hostname.startsWith('{[') || hostname.startsWith('\\[');
}

/** The components of a pattern, ready to be matched. */
function compile({ init, baseURL, ignoreCase }) {
  if (typeof init === 'string') {
    init = parseConstructorString(init);
    if (baseURL !== undefined) init.baseURL = baseURL;
    else if (init.protocol === undefined) throw new TypeError('A base URL is needed');
  } else if (baseURL !== undefined) {
    throw new TypeError('Components and a base URL');
  }
  const patterns = processInit(init, true, {});
  for (const name of names) patterns[name] ??= '*';
  const defaultPort = canonicalize.specialSchemes.get(patterns.protocol);
  if (defaultPort !== undefined && patterns.port === defaultPort) patterns.port = '';

  const protocol = new Component(patterns.protocol, canonicalize.protocol, plainOptions);
  const encodeHostname = isIPv6(patterns.hostname) ? canonicalize.ipv6Hostname : canonicalize.hostname;
  return {
    protocol,
    username: new Component(patterns.username, canonicalize.username, plainOptions),
    password: new Component(patterns.password, canonicalize.password, plainOptions),
    hostname: new Component(patterns.hostname, encodeHostname, hostnameOptions),
    port: new Component(patterns.port, (text) => canonicalize.port(text), plainOptions),
    pathname: protocol.matchesSpecialScheme ?
      new Component(patterns.pathname, canonicalize.pathname, pathnameOptions, ignoreCase) :
      new Component(patterns.pathname, canonicalize.opaquePathname, plainOptions, ignoreCase),
    search: new Component(patterns.search, canonicalize.search, plainOptions, ignoreCase),
    hash: new Component(patterns.hash, canonicalize.hash, plainOptions, ignoreCase),
  };
}

/** The components of what is to be matched; undefined if it is no URL. */
function componentsOf(input, baseURL) {
  if (typeof input !== 'string') {
    if (baseURL !== undefined) return null;
    const empty = {};
    for (const name of names) empty[name] = '';
    try {
      return processInit(input, false, empty);
    } catch {
      return undefined;
    }
  }
  const url = URL.parse(input, baseURL);
  if (url === null) return undefined;
  return {
    protocol: url.protocol.slice(0, -1),
    username: url.username,
    password: url.password,
    hostname: url.hostname,
    port: url.port,
    pathname: url.pathname,
    search: url.search.slice(1),
    hash: url.hash.slice(1),
  };
}

/** Checks what `test` and `exec` are given, and takes it apart. */
function readSubject(input, baseURL, method) {
  let subject = {};
  if (typeof input === 'string') {
    subject = input;
  } else if (input !== undefined) {
    if (!isObject(input)) throw codedTypeError('URLPattern input needs to be a string or an object');
    if (input !== null) subject = readInit(input);
  }
  if (baseURL === null) baseURL = 'null';
  if (baseURL !== undefined && typeof baseURL !== 'string') throw codedTypeError('baseURL must be a string');
  const components = componentsOf(subject, baseURL);
  if (components === null) throw operationFailed(`Failed to ${method} URLPattern`);
  return { subject, components };
}

function operationFailed(message) {
  const error = new TypeError(message);
  error.code = 'ERR_OPERATION_FAILED';
  return error;
}

/** Reads the components of a pattern; there are none in other objects. */
let componentsOfPattern;

class Holder {
  constructor(target) {
    return target;
  }
}

/** Gives an object private components, whichever class has made it. */
class Pattern extends Holder {
  #components;

  constructor(target, components) {
    super(target);
    this.#components = components;
    this[kTransferMode] = kUncloneable;
  }

  static {
    componentsOfPattern = (object) => {
      if (typeof object !== 'object' || object === null || !(#components in object)) {
        throw new TypeError('Illegal invocation');
      }
      return object.#components;
    };
  }
}

/**
 * @param {string | object} [input] the whole pattern, or those of the components
 * @param {string} [baseURL] completes a pattern that is a string
 * @param {{ ignoreCase?: boolean }} [options] instead of the base or after it
 * @throws {TypeError} ERR_INVALID_URL_PATTERN
 */
function URLPattern(input = undefined, baseURL = undefined, options = undefined) {
  if (new.target === undefined) {
    const error = new ERR_CONSTRUCT_CALL_REQUIRED('URLPattern');
    error.message = 'Cannot call constructor without `new`';
    throw error;
  }
  const given = readArguments(input, baseURL, options);
  let components;
  try {
    components = compile(given);
  } catch {
    throw new ERR_INVALID_URL_PATTERN('Failed to construct URLPattern');
  }
  new Pattern(this, components);
}

const members = {
  /** @returns {boolean} whether a component has a regular expression of the program's */
  get hasRegExpGroups() {
    const components = componentsOfPattern(this);
    return names.some((name) => components[name].hasRegExpGroups);
  },

  /**
   * @param {string | object} [input] a URL, or components
   * @param {string} [baseURL]
   * @returns {object | null} what each component has matched
   */
  exec(input = undefined, baseURL = undefined) {
    const patterns = componentsOfPattern(this);
    const { subject, components } = readSubject(input, baseURL, 'exec');
    if (components === undefined) return null;
    const inputs = baseURL === undefined ? [subject] : [subject, baseURL];
    const result = { __proto__: null };
    for (const name of inAlphabet) {
      const match = patterns[name].exec(components[name]);
      if (match === null) return null;
      result[name] = match;
      if (name === 'hostname') result.inputs = inputs;
    }
    return result;
  },

  /**
   * @param {string | object} [input] a URL, or components
   * @param {string} [baseURL]
   * @returns {boolean}
   */
  test(input = undefined, baseURL = undefined) {
    const patterns = componentsOfPattern(this);
    const { components } = readSubject(input, baseURL, 'test');
    if (components === undefined) return false;
    for (const name of names) {
      if (!patterns[name].test(components[name])) return false;
    }
    return true;
  },
};

const { hasRegExpGroups, exec, test } = Object.getOwnPropertyDescriptors(members);
const descriptors = { __proto__: null };
for (const name of names) {
  const accessor = {
    /** @returns {string} the component's pattern */
    get [name]() {
      return componentsOfPattern(this)[name].pattern;
    },
  };
  descriptors[name] = { ...Object.getOwnPropertyDescriptor(accessor, name), configurable: false };
}
Object.defineProperties(URLPattern.prototype, {
  ...descriptors,
  hasRegExpGroups: { ...hasRegExpGroups, configurable: false },
  exec,
  test,
  [Symbol.toStringTag]: { configurable: true, value: 'URLPattern' },
});
Object.defineProperty(URLPattern, 'prototype', { writable: false });

module.exports = { URLPattern };
