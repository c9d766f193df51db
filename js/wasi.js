// Node's `wasi`: what WebAssembly programs ask of the system, by WASI's preview 1.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_WASI_ALREADY_STARTED } } = require('internal/errors');
const { emitExperimentalWarning } = require('internal/util');
const {
  validateArray,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUndefined,
} = require('internal/validators');

const binding = internalBinding('wasi');

const kBindingName = Symbol('kBindingName');
const kExitCode = Symbol('kExitCode');
const kInstance = Symbol('kInstance');
const kSetMemory = Symbol('kSetMemory');
const kStarted = Symbol('kStarted');

/** The names of the module of imports, by version. */
const kBindingNames = { __proto__: null, preview1: 'wasi_snapshot_preview1', unstable: 'wasi_unstable' };

emitExperimentalWarning('WASI');

function bindingName(version) {
  validateString(version, 'options.version');
  const name = kBindingNames[version];
  if (name === undefined) {
    throw new ERR_INVALID_ARG_VALUE('options.version', version, 'unsupported WASI version');
  }
  return name;
}

function readArgs({ args }) {
  if (args === undefined) return [];
  validateArray(args, 'options.args');
  return args.map(String);
}

function readEnv({ env }) {
  const pairs = [];
  if (env === undefined) return pairs;
  validateObject(env, 'options.env');
  for (const key of Object.keys(env)) {
    const value = env[key];
    if (value !== undefined) pairs.push(`${key}=${value}`);
  }
  return pairs;
}

/** The guest's names of directories, each with the path after it. */
function readPreopens({ preopens }) {
  if (preopens === undefined) return [];
  validateObject(preopens, 'options.preopens');
  return Object.entries(preopens).flat().map(String);
}

function readStdio({ stdin = 0, stdout = 1, stderr = 2 }) {
  validateInt32(stdin, 'options.stdin', 0);
  validateInt32(stdout, 'options.stdout', 0);
  validateInt32(stderr, 'options.stderr', 0);
  return [stdin, stdout, stderr];
}

function initFailure([errno, name]) {
  const error = new Error(`UVWASI_E${name}, uvwasi_init`);
  Error.captureStackTrace(error, initFailure);
  error.errno = errno;
  error.code = `UVWASI_E${name}`;
  error.syscall = 'uvwasi_init';
  return error;
}

function notAMemory(caller) {
  const error = new TypeError('"instance.exports.memory" property must be a WebAssembly.Memory object');
  Error.captureStackTrace(error, caller);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

function _setMemory(memory) {
  if (!binding.setMemory(this, memory)) throw notAMemory(_setMemory);
}

function wasiReturnOnProcExit(code) {
  this[kExitCode] = code;
  // The program is left at once, and `start()` knows this value.
  // eslint-disable-next-line no-throw-literal
  throw kExitCode;
}

function proc_exit(code) {
  process.reallyExit(code);
}

class WASI {
  /**
   * @param {{ version: string, args?: string[], env?: object, preopens?: Record<string, string>,
   *   returnOnExit?: boolean, stdin?: number, stdout?: number, stderr?: number }} options
   */
  constructor(options = {}) {
    validateObject(options, 'options');
    const name = bindingName(options.version);
    const args = readArgs(options);
    const env = readEnv(options);
    const preopens = readPreopens(options);
    const stdio = readStdio(options);
    const { returnOnExit = true } = options;
    validateBoolean(returnOnExit, 'options.returnOnExit');
    internalBinding('permission').demand('wasi');

    const native = new binding.WASI();
    const failure = binding.begin(native, args, env, stdio, preopens);
    if (failure !== undefined) throw initFailure(failure);
    for (const key in native) native[key] = native[key].bind(native);
    native.proc_exit = returnOnExit ? wasiReturnOnProcExit.bind(this) : proc_exit.bind(native);

    this.wasiImport = native;
    this[kBindingName] = name;
    this[kSetMemory] = _setMemory.bind(native);
    this[kStarted] = false;
    this[kExitCode] = 0;
    this[kInstance] = undefined;
  }

  /**
   * Lets the functions reach a program's memory.
   * @param {WebAssembly.Instance} instance
   * @param {{ memory?: WebAssembly.Memory }} [options]  the memory where the program does not export it
   */
  finalizeBindings(instance, { memory = instance?.exports?.memory } = {}) {
    if (this[kStarted]) throw new ERR_WASI_ALREADY_STARTED();
    validateObject(instance, 'instance');
    validateObject(instance.exports, 'instance.exports');
    this[kSetMemory](memory);
    this[kInstance] = instance;
    this[kStarted] = true;
  }

  /**
   * Runs a command.
   * @param {WebAssembly.Instance} instance
   * @returns {number} its exit code
   */
  start(instance) {
    this.finalizeBindings(instance);
    const { _start, _initialize } = this[kInstance].exports;
    validateFunction(_start, 'instance.exports._start');
    validateUndefined(_initialize, 'instance.exports._initialize');
    try {
      _start();
    } catch (error) {
      if (error !== kExitCode) throw error;
    }
    return this[kExitCode];
  }

  /**
   * Readies a reactor, whose functions are called afterwards.
   * @param {WebAssembly.Instance} instance
   */
  initialize(instance) {
    this.finalizeBindings(instance);
    const { _start, _initialize } = this[kInstance].exports;
    validateUndefined(_start, 'instance.exports._start');
    if (_initialize !== undefined) {
      validateFunction(_initialize, 'instance.exports._initialize');
      _initialize();
    }
  }

  /** @returns {object} what `WebAssembly.instantiate` takes */
  getImportObject() {
    return { [this[kBindingName]]: this.wasiImport };
  }
}

module.exports = { WASI };
