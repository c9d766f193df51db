// `mock.module`: other exports in the place of those of a module, for `import` and `require` alike.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { builtinId } = require('internal/modules/builtins');
const { Module } = require('internal/modules/cjs');
const { checkType, formatOf } = require('internal/modules/esm/formats');
const loader = require('internal/modules/esm/loader');
const { registerMocks } = require('internal/modules/esm/translators');
const { registerHooks } = require('internal/modules/hooks');
const { emitExperimentalWarning } = require('internal/util');
const { isURL, fileURLToPath, pathToFileURL } = require('internal/url');
const { validateBoolean, validateObject } = require('internal/validators');

const { defineProperty, getOwnPropertyDescriptor, hasOwn, keys } = Object;

const MARK = 'node-test-mock';

/** The mocks that hold, by the URL of the module that they stand for. */
const byURL = new Map();
/** The same, by what `require` finds: a file name or the name of a built-in module. */
const byFilename = new Map();
/** The number of the next replacement of a URL: each replacement has a URL of its own. */
const numbers = new Map();
/** The mocks that URLs of replacements belong to. */
const replacements = new Map();

let isInstalled = false;

/** What stands for a module: a default export, where there is one, and descriptors of the named ones. */
class MockExports {
  #hasDefault;
  #default;
  #named;

  constructor(hasDefault, defaultExport, named) {
    this.#hasDefault = hasDefault;
    this.#default = defaultExport;
    this.#named = named;
  }

  /** @returns {unknown} `module.exports` */
  forCommonJS() {
    const exports = this.#hasDefault ? this.#default : {};
    const names = keys(this.#named);
    if (names.length > 0 && (typeof exports !== 'object' || exports === null)) {
      throw new Error('Cannot create mock because named exports cannot be applied to the provided default export.');
    }
    for (const name of names) defineProperty(exports, name, getOwnPropertyDescriptor(this.#named, name));
    return exports;
  }

  /** @returns {string[]} the exports of an ECMAScript module in its place */
  namesForModule(isCommonJS) {
    const names = keys(this.#named);
    if (isCommonJS) return ['default', 'module.exports', ...names];
    return this.#hasDefault ? ['default', ...names] : names;
  }

  /** @returns {unknown} */
  valueOf(name) {
    return name === 'default' && this.#hasDefault ? this.#default : this.#named[name];
  }
}

/** @returns {MockExports} what the options of `mock.module` say */
function readExports(options) {
  if ('exports' in options) {
    const { exports } = options;
    validateObject(exports, 'options.exports');
    for (const other of ['defaultExport', 'namedExports']) {
      if (!(other in options)) continue;
      throw new ERR_INVALID_ARG_VALUE('options.exports', exports, `cannot be used with 'options.${other}'`);
    }
    return new MockExports(hasOwn(exports, 'default'), exports.default, withoutDefault(exports));
  }
  const { defaultExport, namedExports = {} } = options;
  validateObject(namedExports, 'options.namedExports');
  if ('namedExports' in options) warnOfOption('namedExports', 'exports');
  if ('defaultExport' in options) warnOfOption('defaultExport', 'exports.default');
  return new MockExports('defaultExport' in options, defaultExport, withoutDefault(namedExports));
}

function withoutDefault(exports) {
  const named = {};
  for (const name of keys(exports)) {
    if (name !== 'default') defineProperty(named, name, getOwnPropertyDescriptor(exports, name));
  }
  return named;
}

const warned = new Set();

function warnOfOption(option, instead) {
  if (warned.has(option)) return;
  warned.add(option);
  process.emitWarning(
    `mock.module(): options.${option} is deprecated. Use options.${instead} instead.`,
    'DeprecationWarning'
  );
}

/** A mock of a module, as the loaders see it. */
class ModuleMock {
  #url;
  #filename;
  #format;
  #exports;
  #isCached;
  /** The one module that `require` gives, where it is kept. */
  #module;
  /** What `require` had loaded before. */
  #original;

  /**
   * @param {string} url
   * @param {string | undefined} filename  what `require` finds
   * @param {MockExports} exports
   * @param {boolean} isCached
   */
  constructor(url, filename, exports, isCached) {
    this.#url = url;
    this.#filename = filename;
    this.#format = formatOf(url) || 'commonjs';
    this.#exports = exports;
    this.#isCached = isCached;
    byURL.set(url, this);
    if (filename === undefined) return;
    byFilename.set(filename, this);
    this.#original = Module._cache[filename];
  }

  /** Gives the module back. */
  restore() {
    if (byURL.get(this.#url) !== this) return;
    byURL.delete(this.#url);
    this.#useNextNumber();
    if (byFilename.get(this.#filename) === this) byFilename.delete(this.#filename);
    if (this.#module === undefined || Module._cache[this.#filename] !== this.#module) return;
    if (this.#original === undefined) delete Module._cache[this.#filename];
    else Module._cache[this.#filename] = this.#original;
  }

  /** @returns {unknown} what `require` gives */
  require(parent) {
    if (!this.#isCached) return this.#exports.forCommonJS();
    if (this.#module === undefined) {
      const exports = this.#exports.forCommonJS();
      this.#module = new Module(this.#filename, parent);
      this.#module.filename = this.#filename;
      this.#module.exports = exports;
      this.#module.loaded = true;
      if (builtinId(this.#filename) === undefined) Module._cache[this.#filename] = this.#module;
    }
    return this.#module.exports;
  }

  /** @returns {{ url: string, format: string }} the module that `import` loads instead */
  replace() {
    const number = numbers.get(this.#url) ?? 1;
    const url = `${this.#url}${this.#url.includes('?') ? '&' : '?'}${MARK}=${number}`;
    replacements.set(url, this);
    return { __proto__: null, url, format: this.#format, shortCircuit: true };
  }

  #useNextNumber() {
    numbers.set(this.#url, (numbers.get(this.#url) ?? 1) + 1);
  }

  /**
   * @param {string} url  of the replacement
   * @param {object | undefined} attributes  of the import
   */
  load(url, attributes) {
    checkType(url, this.#format, attributes?.type);
    if (!this.#isCached && this.#format !== 'json') this.#useNextNumber();
    return { __proto__: null, format: 'mock', source: '', shortCircuit: true };
  }

  /** @returns {{ names: string[], values: () => unknown[] }} the exports of the replacement */
  exportsForModule() {
    const isCommonJS = this.#format === 'commonjs' || this.#format === 'builtin';
    const names = this.#exports.namesForModule(isCommonJS);
    const values = () => {
      const whole = isCommonJS ? this.require() : undefined;
      return names.map((name) => {
        const isWhole = isCommonJS && (name === 'default' || name === 'module.exports');
        return isWhole ? whole : this.#exports.valueOf(name);
      });
    };
    return { names, values };
  }
}

/** What `mock.module` returns. */
class MockModuleContext {
  #mock;

  constructor(mock) {
    this.#mock = mock;
  }

  /** Gives the module back. */
  restore() {
    this.#mock.restore();
  }
}

/** Has the loaders ask for mocks; they go on doing so. */
function install() {
  if (isInstalled) return;
  isInstalled = true;
  registerMocks((url) => replacements.get(url)?.exportsForModule());
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (context.conditions.includes('require')) return resolved;
      return byURL.get(resolved.url)?.replace() ?? resolved;
    },
    load(url, context, next) {
      return replacements.get(url)?.load(url, context.importAttributes) ?? next(url, context);
    },
  });
  const { _load } = Module;
  Module._load = function load(request, parent, isMain) {
    const mock = byFilename.size === 0 ? undefined : byFilename.get(filenameOf(request, parent, isMain));
    return mock === undefined ? Reflect.apply(_load, this, [request, parent, isMain]) : mock.require(parent);
  };
}

function filenameOf(request, parent, isMain) {
  const id = builtinId(request);
  if (id !== undefined) return id;
  try {
    return Module._resolveFilename(request, parent, isMain);
  } catch {
    // The loader has the same error.
    return undefined;
  }
}

/** What `require` finds for a specifier in a file, if anything. */
function requiredFilename(specifier, url, caller) {
  const id = builtinId(url);
  if (id !== undefined) return id;
  if (specifier.startsWith('file:') || caller === undefined) {
    return url.startsWith('file:') ? fileURLToPath(url) : undefined;
  }
  try {
    return Module.createRequire(caller).resolve(specifier);
  } catch {
    return url.startsWith('file:') ? fileURLToPath(url) : undefined;
  }
}

/**
 * Mocks a module.
 * @param {string | URL} specifier  as a file would import it
 * @param {{ cache?: boolean, exports?: object, defaultExport?: unknown, namedExports?: object }} options
 * @param {string | undefined} caller  the file
 * @returns {MockModuleContext}
 */
function mockModule(specifier, options, caller) {
  if (isURL(specifier)) specifier = `${specifier}`;
  if (typeof specifier !== 'string') throw new ERR_INVALID_ARG_TYPE('specifier', ['string', 'URL'], specifier);
  validateObject(options, 'options');
  emitExperimentalWarning('Module mocking');
  const { cache = false } = options;
  validateBoolean(cache, 'options.cache');
  const exports = readExports(options);
  install();
  // Built-in modules that have their scheme in their name cannot be mocked.
  const request = specifier.startsWith('node:') ? specifier.slice(5) : specifier;
  const url = loader.resolveByDefault(request, {
    parentURL: caller === undefined ? loader.baseURL() : pathToFileURL(caller).href,
  }).url;
  if (byURL.has(url)) throw new ERR_INVALID_STATE(`Cannot mock '${specifier}'. The module is already mocked.`);
  return new MockModuleContext(new ModuleMock(url, requiredFilename(request, url, caller), exports, cache));
}

module.exports = { mockModule };
