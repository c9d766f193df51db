// `module.registerHooks`: functions of the program's that take part in finding and reading modules, for `require` and
// `import` alike. The hook that was registered last is asked first.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_RETURN_PROPERTY_VALUE },
} = require('internal/errors');
const { arrayPush, arraySplice, arrayIndexOf } = require('internal/captured');
const { validateFunction } = require('internal/validators');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { loaders, resolvers } = require('internal/modules/hook_lists');

const kModuleHooksIdKey = Symbol('kModuleHooksIdKey');

let nextId = 0;

class ModuleResolveContext {
  constructor(parentURL, importAttributes, conditions) {
    this.parentURL = parentURL;
    this.importAttributes = importAttributes;
    this.conditions = conditions;
  }
}

class ModuleLoadContext {
  constructor(format, importAttributes, conditions) {
    this.format = format;
    this.importAttributes = importAttributes;
    this.conditions = conditions;
  }
}

function remove(list, hook) {
  const index = arrayIndexOf(list, hook);
  if (index !== -1) arraySplice(list, index, 1);
}

/** What `registerHooks` returns. */
class ModuleHooks {
  /**
   * @param {Function | undefined} resolve
   * @param {Function | undefined} load
   */
  constructor(resolve, load) {
    this.resolve = resolve;
    this.load = load;
    this[kModuleHooksIdKey] = Symbol(`module-hook-${nextId++}`);
    if (resolve) arrayPush(resolvers, this);
    if (load) arrayPush(loaders, this);
  }

  /** Ends the part of these functions in the loading of modules. */
  deregister() {
    remove(resolvers, this);
    remove(loaders, this);
  }
}

/**
 * @param {{ resolve?: Function, load?: Function }} hooks
 * @returns {ModuleHooks}
 */
function registerHooks(hooks) {
  const { resolve, load } = hooks;
  if (resolve) validateFunction(resolve, 'hooks.resolve');
  if (load) validateFunction(load, 'hooks.load');
  return new ModuleHooks(resolve, load);
}

/** The step at `index` of a chain; what is before the first hook is the loader itself. */
function makeStep(hooks, index, name, context, own, check) {
  return function nextStep(subject, change) {
    const given = change === undefined ? context : Object.assign(new context.constructor(), context, change);
    if (index < 0) return check(own(subject, given), false);
    let wasCalled = false;
    const following = makeStep(hooks, index - 1, name, given, own, check);
    const next = function nextStep(nextSubject, nextChange) {
      wasCalled = true;
      return following(nextSubject, nextChange);
    };
    const result = hooks[index][name](subject, given, next);
    if (!wasCalled && result?.shortCircuit !== true) {
      throw new ERR_INVALID_RETURN_PROPERTY_VALUE('true', name, 'shortCircuit', result?.shortCircuit);
    }
    return check(result, true);
  };
}

function checkResolved(result) {
  const { url, format } = result;
  if (typeof url !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', 'resolve', 'url', url);
  }
  if (format && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', 'resolve', 'format', format);
  }
  return result;
}

const isSource = (source) => typeof source === 'string' || isAnyArrayBuffer(source) || isArrayBufferView(source);

/** Formats whose text may stay away: it is read, or needed, elsewhere. */
const WITHOUT_SOURCE = { __proto__: null, builtin: true, commonjs: true, addon: true };

function checkLoaded(result) {
  const { source, format } = result;
  if (!isSource(source) && !(source == null && WITHOUT_SOURCE[format])) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE(
      'a string, an ArrayBuffer, or a TypedArray',
      'load',
      'source',
      source
    );
  }
  return result;
}

/**
 * @param {{ conditions?: string[] }} context as the last hook has left it
 * @param {string} name of the conditions, for the error
 * @param {() => Set<string>} byDefault
 * @returns {Set<string>} the conditions of `exports` that hold for the loader's own resolution
 * @throws {TypeError} ERR_INVALID_ARG_VALUE
 */
function conditionsOf({ conditions }, name, byDefault) {
  if (conditions === undefined) return byDefault();
  if (!Array.isArray(conditions)) {
    throw new ERR_INVALID_ARG_VALUE(name, conditions, 'expected an array');
  }
  return new Set(conditions);
}

/**
 * @param {string} specifier
 * @param {string | undefined} parentURL
 * @param {object | undefined} importAttributes
 * @param {string[]} conditions
 * @param {(specifier: string, context: object) => { url: string, format?: string }} own the loader's resolution
 * @returns {{ url: string, format?: string, importAttributes?: object }}
 */
function resolve(specifier, parentURL, importAttributes, conditions, own) {
  const context = new ModuleResolveContext(parentURL, importAttributes, conditions);
  const hooks = [...resolvers];
  return makeStep(hooks, hooks.length - 1, 'resolve', context, own, checkResolved)(specifier, undefined);
}

/**
 * @param {string} url
 * @param {string | undefined} format
 * @param {object | undefined} importAttributes
 * @param {string[]} conditions
 * @param {(url: string, context: object) => { source: unknown, format: string }} own the loader's reading
 * @returns {{ source: unknown, format: string }}
 */
function load(url, format, importAttributes, conditions, own) {
  const context = new ModuleLoadContext(format, importAttributes, conditions);
  const hooks = [...loaders];
  return makeStep(hooks, hooks.length - 1, 'load', context, own, checkLoaded)(url, undefined);
}

/**
 * @param {string | ArrayBuffer | ArrayBufferView | null | undefined} source
 * @returns {string | undefined}
 */
function textOf(source) {
  if (typeof source === 'string') return source;
  if (source === null || source === undefined) return undefined;
  return new (require('web/encoding').TextDecoder)().decode(source);
}

module.exports = { conditionsOf, load, registerHooks, resolve, textOf };
