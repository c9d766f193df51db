// Node's `vm`: compiles and runs code in this and in other V8 contexts.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const {
  kValidateObjectAllowArray,
  validateBoolean,
  validateBuffer,
  validateInt32,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('internal/validators');
const { mainContextDefault, register, symbolFor } = require('internal/vm/dynamic_import');
const { compileFunction, isContext: isContextified, toBuffer, wrapCachedData } = require('internal/vm');
const { notYet } = require('internal/not_yet');
const { getOptionValue } = require('internal/options');

const binding = internalBinding('vm');
const { ContextifyScript } = binding;

const DONT_CONTEXTIFY = Symbol('vm_context_no_contextify');
const NO_TIMEOUT = -1;

const microtaskModes = ['afterEvaluate', undefined];

/** A compiled script that is not tied to a context. */
class Script extends ContextifyScript {
  /**
   * @param {string} code
   * @param {string | object} [options] a file name or the options
   */
  constructor(code, options = {}) {
    code = `${code}`;
    if (typeof options === 'string') {
      options = { filename: options };
    } else {
      validateObject(options, 'options');
    }
    const {
      filename = 'evalmachine.<anonymous>',
      lineOffset = 0,
      columnOffset = 0,
      cachedData,
      produceCachedData = false,
      importModuleDynamically,
    } = options;
    validateString(filename, 'options.filename');
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (cachedData !== undefined) validateBuffer(cachedData, 'options.cachedData');
    validateBoolean(produceCachedData, 'options.produceCachedData');
    const symbol = symbolFor(importModuleDynamically, filename);
    super(code, filename, lineOffset, columnOffset, cachedData, produceCachedData, symbol);
    wrapCachedData(this);
    register(symbol, importModuleDynamically, this);
  }

  /**
   * @param {object} [options] displayErrors, timeout, breakOnSigint
   * @returns {any} the value of the last statement, in the main context
   */
  runInThisContext(options) {
    const { breakOnSigint, timeout, displayErrors } = runOptions(options);
    if (breakOnSigint) return withoutSigintListeners(super.runInContext, this, [null, timeout, displayErrors, true]);
    return super.runInContext(null, timeout, displayErrors, false);
  }

  /**
   * @param {object} contextifiedObject
   * @param {object} [options] displayErrors, timeout, breakOnSigint
   * @returns {any} the value of the last statement
   */
  runInContext(contextifiedObject, options) {
    validateContext(contextifiedObject);
    const { breakOnSigint, timeout, displayErrors } = runOptions(options);
    if (breakOnSigint) {
      const args = [contextifiedObject, timeout, displayErrors, true];
      return withoutSigintListeners(super.runInContext, this, args);
    }
    return super.runInContext(contextifiedObject, timeout, displayErrors, false);
  }

  /**
   * @param {object} [contextObject]
   * @param {object} [options] those of `runInContext` and of the context
   * @returns {any} the value of the last statement, in a new context
   */
  runInNewContext(contextObject, options) {
    const context = createContext(contextObject, contextOptions(options));
    return this.runInContext(context, options);
  }
}

const { createCachedData: compileToBytes } = ContextifyScript.prototype;

/** @returns {Buffer} the compiled script, for the option `cachedData` */
ContextifyScript.prototype.createCachedData = function createCachedData() {
  return toBuffer(Reflect.apply(compileToBytes, this, []));
};

function validateContext(contextifiedObject) {
  if (!isContext(contextifiedObject)) {
    throw new ERR_INVALID_ARG_TYPE('contextifiedObject', 'vm.Context', contextifiedObject);
  }
}

function runOptions(options = {}) {
  validateObject(options, 'options');
  const { timeout = NO_TIMEOUT, displayErrors = true, breakOnSigint = false } = options;
  if (options.timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
  validateBoolean(displayErrors, 'options.displayErrors');
  validateBoolean(breakOnSigint, 'options.breakOnSigint');
  return { timeout, displayErrors, breakOnSigint };
}

/** The options of a context among those of `runInNewContext`. */
function contextOptions(options) {
  if (!options) return {};
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode, importModuleDynamically } = options;
  if (contextName !== undefined) validateString(contextName, 'options.contextName');
  if (contextOrigin !== undefined) validateString(contextOrigin, 'options.contextOrigin');
  let codeGeneration;
  if (contextCodeGeneration !== undefined) {
    validateObject(contextCodeGeneration, 'options.contextCodeGeneration');
    const { strings, wasm } = contextCodeGeneration;
    if (strings !== undefined) validateBoolean(strings, 'options.contextCodeGeneration.strings');
    if (wasm !== undefined) validateBoolean(wasm, 'options.contextCodeGeneration.wasm');
    codeGeneration = { strings, wasm };
  }
  if (microtaskMode !== undefined) validateString(microtaskMode, 'options.microtaskMode');
  return { name: contextName, origin: contextOrigin, codeGeneration, microtaskMode, importModuleDynamically };
}

/** Runs a script while the program's own listeners for SIGINT are put aside. */
function withoutSigintListeners(run, script, args) {
  const listeners = process.rawListeners('SIGINT');
  process.removeAllListeners('SIGINT');
  try {
    return Reflect.apply(run, script, args);
  } finally {
    // The script may have taken away what iterating needs.
    for (let i = 0; i < listeners.length; i++) {
      const listener = listeners[i];
      if (typeof listener.listener === 'function') {
        process.once('SIGINT', listener.listener);
      } else {
        process.on('SIGINT', listener);
      }
    }
  }
}

let contexts = 1;

/**
 * @param {object | symbol} [contextObject] or `constants.DONT_CONTEXTIFY` for an ordinary global object
 * @param {object} [options]
 * @returns {object} the object, which is now a context's; or the new global object
 */
function createContext(contextObject = {}, options = {}) {
  const isOrdinary = contextObject === DONT_CONTEXTIFY;
  if (!isOrdinary && isContext(contextObject)) return contextObject;
  validateObject(options, 'options');
  const { name = `VM Context ${contexts++}`, origin, codeGeneration, microtaskMode, importModuleDynamically } = options;
  validateString(name, 'options.name');
  if (origin !== undefined) validateString(origin, 'options.origin');
  if (codeGeneration !== undefined) validateObject(codeGeneration, 'options.codeGeneration');
  const { strings = true, wasm = true } = codeGeneration ?? {};
  validateBoolean(strings, 'options.codeGeneration.strings');
  validateBoolean(wasm, 'options.codeGeneration.wasm');
  validateOneOf(microtaskMode, 'options.microtaskMode', microtaskModes);
  const symbol = symbolFor(importModuleDynamically, name);
  const target = isOrdinary ? undefined : contextObject;
  const context = binding.makeContext(
    target, strings, wasm, microtaskMode === 'afterEvaluate', name, origin);
  const result = isOrdinary ? context : contextObject;
  register(symbol, importModuleDynamically, result);
  const protoMode = getOptionValue('--disable-proto');
  if (protoMode !== undefined) {
    const prototype = Object.getPrototypeOf(new Script('({})').runInContext(result));
    require('internal/process/proto').disableProto(protoMode, prototype);
  }
  return result;
}

function createScript(code, options) {
  return new Script(code, options);
}

function runInContext(code, contextifiedObject, options) {
  validateContext(contextifiedObject);
  if (typeof options === 'string') {
    options = { filename: options };
  } else {
    options = { ...options };
  }
  return createScript(code, options).runInContext(contextifiedObject, options);
}

function runInNewContext(code, contextObject, options) {
  if (typeof options === 'string') options = { filename: options };
  contextObject = createContext(contextObject, contextOptions(options));
  options = { ...options };
  return createScript(code, options).runInNewContext(contextObject, options);
}

function runInThisContext(code, options) {
  if (typeof options === 'string') options = { filename: options };
  return createScript(code, options).runInThisContext(options);
}

/**
 * @param {object} object
 * @returns {boolean} whether it is a context's
 */
function isContext(object) {
  validateObject(object, 'object', kValidateObjectAllowArray);
  return isContextified(object);
}

const constants = Object.freeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: mainContextDefault,
  DONT_CONTEXTIFY,
});

module.exports = {
  Script,
  createContext,
  createScript,
  runInContext,
  runInNewContext,
  runInThisContext,
  isContext,
  compileFunction,
  measureMemory: notYet('vm', ['measureMemory']).measureMemory,
  constants,
};

if (getOptionValue('--experimental-vm-modules')) {
  const { Module, SourceTextModule, SyntheticModule } = require('internal/vm/module');
  Object.assign(module.exports, { Module, SourceTextModule, SyntheticModule });
}
