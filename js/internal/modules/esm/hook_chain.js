// The hooks of `module.register` and `--experimental-loader` in the order of their registration, on their own thread.
// The hook that was registered last is asked first; before the first is the loader itself.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_RETURN_PROPERTY_VALUE,
    ERR_INVALID_RETURN_VALUE,
    ERR_LOADER_CHAIN_INCOMPLETE,
  },
} = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const loader = require('internal/modules/esm/loader');
const { importConditions } = require('internal/modules/package_exports');

const { apply } = Reflect;
const canParse = (url) => require('web/url').URL.canParse(url);

function checkSpecifier(specifier, identifier) {
  validateString(specifier, `${identifier} specifier`);
}

function checkURL(url, identifier) {
  if (typeof url !== 'string') throw new ERR_INVALID_ARG_TYPE(`${identifier} url`, 'a URL string', url);
  if (!canParse(url)) throw new ERR_INVALID_ARG_VALUE(`${identifier} url`, url, 'should be a URL string');
}

/** `importAssertions` is the old name of `importAttributes`, which nobody should use. */
function defineAssertions(context) {
  return Object.defineProperty(context, 'importAssertions', {
    __proto__: null,
    configurable: true,
    get() {
      warnOfAssertions();
      return this.importAttributes;
    },
    set(value) {
      warnOfAssertions();
      this.importAttributes = value;
    },
  });
}

let wereAssertionsUsed = false;

function warnOfAssertions() {
  if (wereAssertionsUsed) return;
  wereAssertionsUsed = true;
  process.emitWarning('Use `importAttributes` instead of `importAssertions`', 'ExperimentalWarning');
}

let wasPreloadUsed = false;

function warnOfGlobalPreload() {
  if (wasPreloadUsed) return;
  wasPreloadUsed = true;
  process.emitWarning('`globalPreload` has been removed; use `initialize` instead.', 'UnsupportedWarning');
}

/** One request on its way through the hooks of a kind. */
class Passage {
  #hooks;
  #name;
  #nextName;
  #checkSubject;
  #context;
  /** Who has answered last, for what is wrong with the answer. */
  identifier;
  #isFinished = false;
  #isShortCircuited = false;

  constructor(hooks, name, context, checkSubject) {
    this.#hooks = hooks;
    this.#name = name;
    this.#nextName = `next${name[0].toUpperCase()}${name.slice(1)}`;
    this.#context = context;
    this.#checkSubject = checkSubject;
  }

  async run(subject) {
    const result = await this.#stepAt(this.#hooks.length - 1)(subject, this.#context);
    if (!this.#isFinished && !this.#isShortCircuited) throw new ERR_LOADER_CHAIN_INCOMPLETE(this.identifier);
    return result;
  }

  #stepAt(index) {
    const { owner, run } = this.#hooks[index];
    const identifier = `${owner} '${this.#name}'`;
    const called = `${identifier} hook's ${this.#nextName}()`;
    const step = async (subject, change) => {
      this.identifier = identifier;
      this.#checkSubject(subject, called);
      if (change) validateObject(change, `${called} context`);
      if (index === 0) this.#isFinished = true;
      if (change) this.#context = this.#merge(change);
      const next = index > 0 ? this.#stepAt(index - 1) : undefined;
      const result = await run(subject, this.#context, next);
      if (typeof result !== 'object' || result === null) {
        throw new ERR_INVALID_RETURN_VALUE('an object', called, result);
      }
      if (result.shortCircuit) this.#isShortCircuited = true;
      return result;
    };
    return Object.defineProperty(step, 'name', { __proto__: null, value: this.#nextName, configurable: true });
  }

  #merge(change) {
    if (change === this.#context) return change;
    const { importAssertions, ...others } = { ...change };
    const merged = { ...this.#context, ...others };
    if (importAssertions !== undefined) {
      warnOfAssertions();
      merged.importAttributes = importAssertions;
    }
    return defineAssertions(merged);
  }
}

const isNullish = (value) => value === null || value === undefined;

function checkResolved({ url, format, importAttributes, importAssertions }, given, identifier) {
  if (importAssertions !== undefined && importAttributes === undefined) {
    warnOfAssertions();
    importAttributes = importAssertions;
  }
  if (typeof url !== 'string' || !canParse(url)) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', identifier, 'url', url);
  }
  if (!isNullish(importAttributes) && typeof importAttributes !== 'object') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('an object', identifier, 'importAttributes', importAttributes);
  }
  if (!isNullish(format) && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', identifier, 'format', format);
  }
  return { __proto__: null, format, importAttributes: importAttributes ?? given, url };
}

const isSource = (source) => typeof source === 'string' || isAnyArrayBuffer(source) || isArrayBufferView(source);

function checkLoaded({ format, source, responseURL }, url, identifier) {
  if (responseURL !== undefined && (typeof responseURL !== 'string' || !canParse(responseURL))) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('undefined or a fully resolved URL string', identifier, 'responseURL', responseURL);
  }
  if (!isNullish(format) && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', identifier, 'format', format);
  }
  if (!isNullish(source) && !isSource(source)) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE(
      'a string, an ArrayBuffer, or a TypedArray', identifier, 'source', source
    );
  }
  return { __proto__: null, format, responseURL: responseURL ?? url, source };
}

/** The text of a CommonJS file is left to the thread that runs it, unless a hook gives one. */
function loadByDefault(url, context) {
  const loaded = loader.loadByDefault(url, context);
  if (loaded.format === 'commonjs') loaded.source = undefined;
  return loaded;
}

/** All hooks. */
class HookChain {
  #resolve = [{ owner: 'node:internal/modules/esm/resolve', run: loader.resolveByDefault }];
  #load = [{ owner: 'node:internal/modules/esm/load', run: loadByDefault }];

  /**
   * Loads a module with hooks and adds them.
   * @param {string} specifier
   * @param {string} parentURL
   * @param {any} data for its `initialize`
   * @returns {Promise<void>}
   */
  async register(specifier, parentURL, data) {
    const { globalPreload, initialize, resolve, load } = await loader.importModule(specifier, parentURL);
    if (globalPreload && !initialize) warnOfGlobalPreload();
    if (initialize) await apply(initialize, undefined, [data]);
    if (resolve) this.#resolve.push({ owner: specifier, run: (...args) => apply(resolve, undefined, args) });
    if (load) this.#load.push({ owner: specifier, run: (...args) => apply(load, undefined, args) });
  }

  /**
   * @param {string} specifier
   * @param {string | undefined} parentURL
   * @param {object} importAttributes
   * @returns {Promise<{ url: string, format: string | undefined, importAttributes: object }>}
   */
  async resolve(specifier, parentURL, importAttributes) {
    const conditions = [...importConditions()];
    // What a hook does to the attributes that it is given does not become what it returns.
    const context = defineAssertions({ conditions, importAttributes: { ...importAttributes }, parentURL });
    const passage = new Passage(this.#resolve, 'resolve', context, checkSpecifier);
    return checkResolved(await passage.run(specifier), importAttributes, passage.identifier);
  }

  /**
   * @param {string} url
   * @param {string | undefined} format that has been told by who has resolved it
   * @param {object} importAttributes
   * @returns {Promise<{ format: string, source: unknown, responseURL: string }>}
   */
  async load(url, format, importAttributes) {
    const context = defineAssertions({ format, importAttributes });
    const passage = new Passage(this.#load, 'load', context, checkURL);
    return checkLoaded(await passage.run(url), url, passage.identifier);
  }

  /**
   * What there is without hooks, for those who cannot wait on the thread of hooks itself.
   * @param {'resolve' | 'load'} method
   * @param {any[]} args
   */
  answerByDefault(method, args) {
    return byDefault[method](...args);
  }
}

const byDefault = {
  resolve: (specifier, parentURL, importAttributes) =>
    loader.resolveByDefault(specifier, { parentURL, importAttributes }),
  load: (url, format, importAttributes) => loadByDefault(url, { format, importAttributes }),
};

module.exports = { HookChain };
