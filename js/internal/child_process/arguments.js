// The arguments of the functions that start processes: their forms, checks and defaults.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const {
  validateBoolean,
  validateInt32,
  validateInteger,
  validateNumber,
  validateObject,
  validateString,
} = require('internal/validators');
const { convertToValidSignal } = require('internal/util');
const { pairsOf } = require('internal/process/environment');

const permission = internalBinding('permission');

/** How many bytes of output are kept at most, unless the program says otherwise. */
const DEFAULT_MAX_BUFFER = 1024 * 1024;

let warnedAboutShellArguments = false;

/** Node's own refusal of a text with a null byte, in which the system would see its end. */
function refuseNullBytes(text, name) {
  if (typeof text === 'string' && text.includes('\0')) {
    throw new ERR_INVALID_ARG_VALUE(name, text, 'must be a string without null bytes');
  }
}

/** @param {unknown} timeout  milliseconds, or nothing */
function validateTimeout(timeout) {
  if (timeout != null) validateInteger(timeout, 'timeout', 0);
}

/** @param {unknown} maxBuffer  bytes, or nothing */
function validateMaxBuffer(maxBuffer) {
  if (maxBuffer == null) return;
  validateNumber(maxBuffer, 'options.maxBuffer');
  if (!(maxBuffer >= 0)) throw new ERR_OUT_OF_RANGE('options.maxBuffer', '>= 0', maxBuffer);
}

/**
 * @param {unknown} killSignal  a name or number, or nothing
 * @returns {number | undefined} its number
 */
function sanitizeKillSignal(killSignal) {
  if (typeof killSignal === 'string' || typeof killSignal === 'number') return convertToValidSignal(killSignal);
  if (killSignal != null) {
    throw new ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], killSignal);
  }
}

/** @returns {string} the working directory as a path */
function toDirectory(cwd) {
  const { toPathIfFileURL } = require('internal/url');
  const path = toPathIfFileURL(cwd);
  if (typeof path !== 'string' && !(path instanceof Uint8Array)) {
    throw new ERR_INVALID_ARG_TYPE('options.cwd', ['string', 'Buffer', 'URL'], cwd);
  }
  if (path.includes(typeof path === 'string' ? '\0' : 0)) {
    throw new ERR_INVALID_ARG_VALUE('options.cwd', path, 'must be a string, Uint8Array, or URL without null bytes');
  }
  return path;
}

/**
 * @param {object} env
 * @param {string[]} args of the program
 * @returns {string[]} the environment as `NAME=value`
 */
function environmentPairs(env, args) {
  if (permission.mode() !== 0) {
    const inherited = require('internal/child_process/permission').inherit(args, env.NODE_OPTIONS);
    if (inherited !== env.NODE_OPTIONS) env = { ...env, NODE_OPTIONS: inherited };
  }
  const known = pairsOf(env);
  if (known !== undefined) return known;
  const pairs = [];
  for (const name in env) {
    const value = env[name];
    if (value === undefined) continue;
    refuseNullBytes(name, `options.env['${name}']`);
    const text = `${value}`;
    refuseNullBytes(text, `options.env['${name}']`);
    pairs.push(`${name}=${text}`);
  }
  const coverage = process.env.NODE_V8_COVERAGE;
  if (coverage !== undefined && !Object.hasOwn(env, 'NODE_V8_COVERAGE')) {
    pairs.push(`NODE_V8_COVERAGE=${coverage}`);
  }
  return pairs;
}

function warnAboutShellArguments() {
  if (warnedAboutShellArguments) return;
  warnedAboutShellArguments = true;
  process.emitWarning(
    'Passing args to a child process with shell option true can lead to security ' +
      'vulnerabilities, as the arguments are not escaped, only concatenated.',
    'DeprecationWarning',
    'DEP0190',
  );
}

function validateSpawnOptions(options) {
  if (options.detached != null) validateBoolean(options.detached, 'options.detached');
  if (options.uid != null) validateInt32(options.uid, 'options.uid');
  if (options.gid != null) validateInt32(options.gid, 'options.gid');
  const { shell, argv0 } = options;
  if (shell != null && typeof shell !== 'boolean' && typeof shell !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], shell);
  }
  if (argv0 != null) {
    validateString(argv0, 'options.argv0');
    refuseNullBytes(argv0, 'options.argv0');
  }
  refuseNullBytes(shell, 'options.shell');
  if (options.windowsHide != null) validateBoolean(options.windowsHide, 'options.windowsHide');
  if (options.windowsVerbatimArguments != null) {
    validateBoolean(options.windowsVerbatimArguments, 'options.windowsVerbatimArguments');
  }
}

/**
 * The arguments of `spawn` and `spawnSync`.
 * @param {string} file
 * @param {string[] | object | null} [args]
 * @param {object} [options]
 * @returns {object} a copy of the options, without a prototype, with `file`, `args` (the program's own name first), `cwd`,
 *   `detached`, `envPairs` and `windowsHide`
 */
function normalizeSpawnArguments(file, args, options) {
  validateString(file, 'file');
  refuseNullBytes(file, 'file');
  if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  if (Array.isArray(args)) {
    args = args.map((argument) => `${argument}`);
  } else if (args == null) {
    args = [];
  } else if (typeof args !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
  } else {
    options = args;
    args = [];
  }
  for (let i = 0; i < args.length; i++) refuseNullBytes(args[i], `args[${i}]`);

  if (options === undefined) options = {};
  else validateObject(options, 'options');
  options = { __proto__: null, ...options };
  const cwd = options.cwd == null ? options.cwd : toDirectory(options.cwd);
  validateSpawnOptions(options);

  if (options.shell) {
    if (args.length > 0) warnAboutShellArguments();
    const command = [file, ...args].join(' ');
    file = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    args = ['-c', command];
  }
  args.unshift(typeof options.argv0 === 'string' ? options.argv0 : file);
  return {
    __proto__: null,
    ...options,
    args,
    cwd,
    detached: Boolean(options.detached),
    envPairs: environmentPairs(options.env || process.env, args),
    file,
    windowsHide: Boolean(options.windowsHide),
  };
}

/**
 * The arguments of `exec` and `execSync`.
 * @returns {{ file: string, options: object, callback: Function | undefined }}
 */
function normalizeExecArguments(command, options, callback) {
  validateString(command, 'command');
  refuseNullBytes(command, 'command');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  options = { __proto__: null, ...options };
  options.shell = typeof options.shell === 'string' ? options.shell : true;
  return { file: command, options, callback };
}

/**
 * The arguments of `execFile` and `execFileSync`.
 * @returns {{ file: string, args: string[], options: object | undefined, callback: Function | undefined }}
 */
function normalizeExecFileArguments(file, args, options, callback) {
  if (Array.isArray(args)) {
    args = args.slice();
  } else if (args !== null && typeof args === 'object') {
    callback = options;
    options = args;
    args = null;
  } else if (typeof args === 'function') {
    callback = args;
    options = null;
    args = null;
  }
  args ??= [];
  if (typeof options === 'function') callback = options;
  else if (options != null) validateObject(options, 'options');
  if (typeof options === 'function' || options == null) options = undefined;
  if (callback != null && typeof callback !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
  }
  if (options?.argv0 != null) {
    validateString(options.argv0, 'options.argv0');
    refuseNullBytes(options.argv0, 'options.argv0');
  }
  return { file, args, options, callback };
}

module.exports = {
  DEFAULT_MAX_BUFFER,
  normalizeExecArguments,
  normalizeExecFileArguments,
  normalizeSpawnArguments,
  refuseNullBytes,
  sanitizeKillSignal,
  validateMaxBuffer,
  validateTimeout,
};
