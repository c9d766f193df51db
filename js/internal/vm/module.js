// The module classes of `node:vm`: ECMAScript modules whose imports the program links by itself.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
    ERR_MODULE_LINK_MISMATCH,
    ERR_SOURCE_PHASE_NOT_DEFINED,
    ERR_VM_MODULE_ALREADY_LINKED,
    ERR_VM_MODULE_CACHED_DATA_REJECTED,
    ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA,
    ERR_VM_MODULE_DIFFERENT_CONTEXT,
    ERR_VM_MODULE_LINK_FAILURE,
    ERR_VM_MODULE_NOT_MODULE,
    ERR_VM_MODULE_STATUS,
  },
} = require('internal/errors');
const {
  validateBoolean,
  validateBuffer,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUint32,
} = require('internal/validators');
const { customInspectSymbol, emitExperimentalWarning } = require('internal/util');
const { register, symbolFor } = require('internal/vm/dynamic_import');
const { isContext, toBuffer } = require('internal/vm');
const binding = internalBinding('module_wrap');

const STATUSES = ['unlinked', 'unlinked', 'linked', 'evaluating', 'evaluated', 'errored'];
const INSTANTIATED = 2;
const EVALUATING = 3;
const ERRORED = 5;

const PHASES = ['evaluation', 'source', 'defer'];
const NO_TIMEOUT = -1;

/** How many modules without a name each context has; the main one is known by its global object. */
const unnamed = new WeakMap();

function nextIdentifier(context = globalThis) {
  const count = unnamed.get(context) ?? 0;
  unnamed.set(context, count + 1);
  return `vm:module(${count})`;
}

let isModule;
let wrapOf;

/** What both kinds of modules have in common. */
class Module {
  #wrap;
  #identifier;
  #context;

  static {
    isModule = (value) => typeof value === 'object' && value !== null && #wrap in value;
    wrapOf = (module) => module.#wrap;
  }

  /**
   * @param {object} options `context`, `identifier` and `compile`, which makes the wrap
   */
  constructor(options) {
    emitExperimentalWarning('VM Modules');
    if (new.target === Module) throw new TypeError('Module is not a constructor');
    const { context, identifier, compile } = options;
    if (context !== undefined && !isContext(context)) {
      throw new ERR_INVALID_ARG_TYPE('options.context', 'vm.Context', context);
    }
    if (identifier !== undefined) validateString(identifier, 'options.identifier');
    this.#context = context;
    this.#identifier = identifier ?? nextIdentifier(context);
    this.#wrap = compile(this.#identifier);
  }

  get identifier() {
    validateThis(this, 'Module');
    return this.#identifier;
  }

  get context() {
    validateThis(this, 'Module');
    return this.#context;
  }

  get namespace() {
    validateThis(this, 'Module');
    if (binding.status(this.#wrap) < INSTANTIATED) throw new ERR_VM_MODULE_STATUS('must not be unlinked or linking');
    return binding.namespace(this.#wrap);
  }

  get status() {
    validateThis(this, 'Module');
    return STATUSES[binding.status(this.#wrap)];
  }

  get error() {
    validateThis(this, 'Module');
    if (binding.status(this.#wrap) !== ERRORED) throw new ERR_VM_MODULE_STATUS('must be errored');
    return binding.exception(this.#wrap);
  }

  /**
   * Finds all modules of the graph and connects them.
   * @param {(specifier: string, referrer: Module, extra: object) => Module | Promise<Module>} linker
   * @returns {Promise<void>}
   */
  async link(linker) {
    validateThis(this, 'Module');
    validateFunction(linker, 'linker');
    const { status } = this;
    if (status === 'linked') throw new ERR_VM_MODULE_ALREADY_LINKED();
    if (status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    await linkAll(this, linker);
    connect(this);
  }

  /**
   * @param {object} [options] timeout, breakOnSigint
   * @returns {Promise<void>} settled when the module and all that it needs have run
   */
  evaluate(options = {}) {
    try {
      validateThis(this, 'Module');
      validateObject(options, 'options');
      const { timeout = NO_TIMEOUT, breakOnSigint = false } = options;
      if (options.timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
      validateBoolean(breakOnSigint, 'options.breakOnSigint');
      const { status } = this;
      if (status !== 'linked' && status !== 'evaluated' && status !== 'errored') {
        throw new ERR_VM_MODULE_STATUS('must be one of linked, evaluated, or errored');
      }
      // What has failed to link has nothing to run.
      if (binding.status(this.#wrap) < INSTANTIATED) throw this.error;
      return binding.evaluateInContext(this.#wrap, timeout, breakOnSigint);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  [customInspectSymbol](depth, options) {
    validateThis(this, 'Module');
    const { constructor } = this;
    if (typeof depth === 'number' && depth < 0) return `[${constructor.name}]`;
    const shown = {
      __proto__: constructor.prototype,
      status: this.status,
      identifier: this.#identifier,
      context: this.#context,
    };
    const { inspect } = require('internal/util/inspect');
    return inspect(shown, { ...options, customInspect: false });
  }
}

let linkAll;
let requestsOf;
let linkedOf;

/** A module of text. */
class SourceTextModule extends Module {
  #moduleRequests;
  #dependencySpecifiers;
  /** The modules that the requests mean, in their order. */
  #linked;
  #isLinking = false;
  #linkError;
  #hasLinkError = false;

  static {
    linkAll = (module, linker) => module.#link(linker);
    requestsOf = (module) => module.#moduleRequests;
    linkedOf = (module) => module.#linked;
  }

  /**
   * @param {string} sourceText
   * @param {object} [options] identifier, cachedData, context, lineOffset, columnOffset, initializeImportMeta,
   *     importModuleDynamically
   */
  constructor(sourceText, options = {}) {
    validateString(sourceText, 'sourceText');
    validateObject(options, 'options');
    const { lineOffset = 0, columnOffset = 0, initializeImportMeta, importModuleDynamically, context } = options;
    const { identifier, cachedData } = options;
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (initializeImportMeta !== undefined) validateFunction(initializeImportMeta, 'options.initializeImportMeta');
    if (cachedData !== undefined) validateBuffer(cachedData, 'options.cachedData');
    let symbol;
    super({
      context,
      identifier,
      compile(name) {
        symbol = symbolFor(importModuleDynamically, name);
        return binding.compile(sourceText, name, symbol, lineOffset, columnOffset, cachedData, context);
      },
    });
    const wrap = wrapOf(this);
    if (wrap.cacheRejected) throw new ERR_VM_MODULE_CACHED_DATA_REJECTED();
    register(symbol, importModuleDynamically, this);
    if (initializeImportMeta !== undefined) {
      wrap.initializeImportMeta = (meta) => initializeImportMeta(meta, this);
    }
    this.#moduleRequests = readRequests(wrap);
  }

  /** Asks the program for every module of the graph that is not linked yet. */
  async #link(linker) {
    this.#isLinking = true;
    const pending = [];
    for (const request of this.#moduleRequests) pending.push(this.#ask(linker, request));
    try {
      this.#setLinked(await Promise.all(pending));
    } catch (error) {
      this.#linkError = error;
      this.#hasLinkError = true;
      throw error;
    } finally {
      this.#isLinking = false;
    }
  }

  /** A mistake of the linker itself is thrown at once, before others are asked for. */
  #ask(linker, { specifier, attributes }) {
    const answer = linker(specifier, this, { attributes, assert: attributes });
    return Promise.resolve(answer).then(async (module) => {
      if (!isModule(module)) throw new ERR_VM_MODULE_NOT_MODULE();
      if (module.context !== this.context) throw new ERR_VM_MODULE_DIFFERENT_CONTEXT();
      if (module.status === 'errored') {
        throw new ERR_VM_MODULE_LINK_FAILURE(`request for '${specifier}' resolved to an errored module`, module.error);
      }
      if (module.status === 'unlinked') await linkAll(module, linker);
      return module;
    });
  }

  #setLinked(modules) {
    const requests = this.#moduleRequests;
    const firstByKey = new Map();
    for (let i = 0; i < modules.length; i++) {
      const key = keyOf(requests[i]);
      const first = firstByKey.get(key);
      if (first === undefined) {
        firstByKey.set(key, i);
      } else if (modules[first] !== modules[i]) {
        throw new ERR_MODULE_LINK_MISMATCH(
          `Module request 'ModuleCacheKey(${key})' at index ${i} must be linked to the same module requested at ` +
            `index ${first}`
        );
      }
    }
    this.#linked = modules;
    binding.link(wrapOf(this), modules.map(wrapOf));
  }

  /**
   * Says which modules are meant by `moduleRequests`, in their order.
   * @param {Module[]} modules
   */
  linkRequests(modules) {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    if (this.status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    if (!Array.isArray(modules)) throw new ERR_INVALID_ARG_TYPE('modules', 'Array', modules);
    for (const module of modules) {
      if (!isModule(module)) throw new ERR_VM_MODULE_NOT_MODULE();
      if (module.context !== this.context) throw new ERR_VM_MODULE_DIFFERENT_CONTEXT();
    }
    const expected = this.#moduleRequests.length;
    if (modules.length !== expected) {
      throw new ERR_MODULE_LINK_MISMATCH(`Expected ${expected} modules, got ${modules.length}`);
    }
    this.#setLinked([...modules]);
  }

  /** Connects the imports and exports of a graph that `linkRequests` has linked. */
  instantiate() {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    if (this.status !== 'unlinked') throw new ERR_VM_MODULE_STATUS('must be unlinked');
    connect(this);
  }

  get dependencySpecifiers() {
    this.#dependencySpecifiers ??= Object.freeze(this.#moduleRequests.map((request) => request.specifier));
    return this.#dependencySpecifiers;
  }

  get moduleRequests() {
    return this.#moduleRequests;
  }

  get status() {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    if (this.#hasLinkError) return 'errored';
    return this.#isLinking ? 'linking' : super.status;
  }

  get error() {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    return this.#hasLinkError ? this.#linkError : super.error;
  }

  /** @returns {boolean} whether the module or one that it needs awaits at its top level */
  hasAsyncGraph() {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    const wrap = wrapOf(this);
    if (binding.status(wrap) < INSTANTIATED) throw new ERR_VM_MODULE_STATUS('must be instantiated');
    return binding.isGraphAsync(wrap);
  }

  /** @returns {boolean} whether the module itself awaits at its top level */
  hasTopLevelAwait() {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    return binding.hasTopLevelAwait(wrapOf(this));
  }

  /** @returns {Buffer} the compiled module, for the option `cachedData` */
  createCachedData() {
    validateThis(this, 'SourceTextModule', SourceTextModule);
    const wrap = wrapOf(this);
    if (binding.status(wrap) >= EVALUATING) throw new ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA();
    return toBuffer(binding.codeCache(wrap));
  }
}

/** A module whose exports the program sets. */
class SyntheticModule extends Module {
  /**
   * @param {string[]} exportNames
   * @param {() => void} evaluateCallback called when the module is evaluated
   * @param {object} [options] identifier, context
   */
  constructor(exportNames, evaluateCallback, options = {}) {
    validateExportNames(exportNames);
    validateFunction(evaluateCallback, 'evaluateCallback');
    validateObject(options, 'options');
    const { context, identifier } = options;
    let module;
    const steps = () => {
      Reflect.apply(evaluateCallback, module, []);
    };
    super({
      context,
      identifier,
      compile: (name) => binding.createSynthetic(name, exportNames, steps, context),
    });
    module = this;
    binding.instantiate(wrapOf(this), false);
  }

  /** Such a module imports nothing: it is linked from the beginning. */
  link() {
    validateThis(this, 'SyntheticModule');
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  setExport(name, value) {
    validateThis(this, 'SyntheticModule');
    validateString(name, 'name');
    const wrap = wrapOf(this);
    if (binding.status(wrap) < INSTANTIATED) throw new ERR_VM_MODULE_STATUS('must be linked');
    binding.setExports(wrap, [name], [value]);
  }
}

function validateThis(value, name, Class = Module) {
  if (!isModule(value) || !(value instanceof Class)) throw new ERR_INVALID_THIS(name);
}

function validateExportNames(names) {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    throw new ERR_INVALID_ARG_TYPE('exportNames', 'Array of unique strings', names);
  }
  const seen = new Set();
  for (const name of names) {
    if (seen.has(name)) throw new ERR_INVALID_ARG_VALUE(`exportNames.${name}`, name, 'is duplicated');
    seen.add(name);
  }
}

function readRequests(wrap) {
  const flat = binding.requests(wrap);
  const requests = [];
  for (let i = 0; i < flat.length; i += 3) {
    requests.push(
      Object.freeze({
        __proto__: null,
        specifier: flat[i],
        attributes: Object.freeze(flat[i + 1] ?? { __proto__: null }),
        phase: PHASES[flat[i + 2]],
      })
    );
  }
  return Object.freeze(requests);
}

/** What has to be one and the same module, in whatever phase it is asked for. */
function keyOf({ specifier, attributes }) {
  const parts = Object.keys(attributes).map((name) => `, ${name}: ${JSON.stringify(attributes[name])}`);
  return JSON.stringify(specifier) + parts.join('');
}

/** Connects a graph in which every module that imports something is linked. */
function connect(root) {
  if (linkedOf(root) === undefined) throw new ERR_VM_MODULE_LINK_FAILURE('module is not linked');
  const found = new Set([root]);
  for (const module of found) {
    if (!(module instanceof SourceTextModule)) continue;
    const requests = requestsOf(module);
    const linked = linkedOf(module);
    if (linked === undefined && requests.length > 0) {
      throw new ERR_VM_MODULE_LINK_FAILURE(
        `request for '${requests[0].specifier}' can not be resolved on module '${module.identifier}' that is not linked`
      );
    }
    for (let i = 0; i < requests.length; i++) {
      if (requests[i].phase === 'source') throw new ERR_SOURCE_PHASE_NOT_DEFINED(linked[i].identifier);
      found.add(linked[i]);
    }
  }
  binding.instantiate(wrapOf(root), false);
}

module.exports = { Module, SourceTextModule, SyntheticModule, isModule };
