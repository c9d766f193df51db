// The compile cache: what V8 made of the text of modules, and the text that is left of TypeScript, kept on disk from
// one run to the next (`module.enableCompileCache`, `NODE_COMPILE_CACHE`).
'use strict';

const { mapGet, mapSet, startsWith } = require('internal/captured');
const { setPersist } = require('internal/process/exit');
const { join, relative, resolve } = require('path');
const binding = internalBinding('compile_cache');
const permission = internalBinding('permission');

const status = { __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 };

/** How `binding.write` marks what an entry is of. */
const MARKS = { __proto__: null, CommonJS: 'C', ESM: 'E', StrippedTypeScript: 'T' };

/** The folder that was asked for, and the one inside it for this version. */
let base;
let directory;
let isPortable = false;
let isVerbose;

/** What has been looked for, by key, where that is to be told: kind and name, and whether there is anything to keep. */
const looked = new Map();

/** Whoever makes a text for every module asks this first. */
function isLogging() {
  return (isVerbose ??= (process.env.NODE_DEBUG_NATIVE ?? '').toUpperCase().includes('COMPILE_CACHE'));
}

function log(text) {
  if (isLogging()) process._rawDebug('[compile cache] %s', text);
}

/** @returns {boolean} whether entries are kept */
function isEnabled() {
  return directory !== undefined;
}

/** @returns {string | undefined} the folder of the entries */
function getCompileCacheDir() {
  return directory;
}

function tag() {
  const build = binding.buildTag().toString(16).padStart(8, '0');
  return `${process.version}-${process.arch}-${build}-${process.getuid?.() ?? 0}`;
}

function makeFolder(full, main) {
  if (binding.open(full, base, main)) return;
  require('fs').mkdirSync(full, { recursive: true });
  binding.open(full, base, main);
}

function open(wanted, portable, main) {
  base = resolve(wanted);
  const full = join(base, tag());
  log(`resolved path ${wanted} + ${tag()} -> ${full}`);
  const missing = ['write', 'read'].find((kind) => !permission.isGranted(`fs.${kind}`, full));
  if (missing !== undefined) {
    const message = `Skipping compile cache because ${missing} permission for ${full} is not granted`;
    log(message);
    return { status: status.FAILED, message };
  }
  try {
    makeFolder(full, main);
  } catch (error) {
    log(`creating cache directory ${full}...${error.message}`);
    return { status: status.FAILED, message: `Cannot create cache directory: ${error.message}` };
  }
  log(`creating cache directory ${full}...success`);
  directory = full;
  isPortable = portable;
  setPersist(persist);
  return { status: status.ENABLED, directory: base };
}

function readOptions(options) {
  const { env } = process;
  const isObject = typeof options === 'object' && options !== null;
  const folder = isObject ? options.directory : options;
  const portable = (isObject ? options.portable : undefined) ?? env.NODE_COMPILE_CACHE_PORTABLE === '1';
  if (folder !== undefined && typeof folder !== 'string') {
    const error = new TypeError('cacheDir should be a string');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  const chosen = folder || env.NODE_COMPILE_CACHE || join(require('os').tmpdir(), 'node-compile-cache');
  return { chosen, portable: Boolean(portable) };
}

/**
 * @param {string | { directory?: string, portable?: boolean }} [options] the folder; that of the system's temporary
 *   files where none is given
 * @param {string} [main] the file of the program: what it used when it ran last is read ahead
 * @returns {{ status: number, message?: string, directory?: string }}
 */
function enableCompileCache(options, main = process.argv[1]) {
  if (directory !== undefined) return { status: status.ALREADY_ENABLED, directory };
  if (process.env.NODE_DISABLE_COMPILE_CACHE) {
    log('Disabled by NODE_DISABLE_COMPILE_CACHE');
    return { status: status.DISABLED, message: 'Disabled by NODE_DISABLE_COMPILE_CACHE' };
  }
  const { chosen, portable } = readOptions(options);
  return open(chosen, portable, main);
}

/**
 * Reads what the environment says at the start of the program.
 * @param {string | undefined} main the file of the program
 */
function enableFromEnvironment(main) {
  const { NODE_COMPILE_CACHE: folder } = process.env;
  if (folder) enableCompileCache(folder, main && resolve(main));
}

/** The name of a file in keys: in a portable cache, relative to its folder. */
function nameInKey(name) {
  if (!isPortable) return name;
  const isURL = startsWith(name, 'file://');
  const path = isURL ? require('internal/url').fileURLToPath(name) : name;
  return startsWith(path, '/') ? relative(base, path) : name;
}

/** Tells what was found when `name` was looked for. */
function logReading(type, name, outcome) {
  const what = `reading cache from ${directory}/pack for ${type} ${name}...`;
  if (outcome === undefined) return log(`${what} no such entry`);
  const { 0: state, 1: expected, 2: actual } = outcome;
  if (state === 'damaged') log(`${what} cache size or hash mismatch`);
  else if (actual === undefined) log(`${what}... success, size=${expected}`);
  else log(`${what}code ${state} mismatch: expected ${expected}, actual ${actual}`);
}

/** Tells what came of compiling `name`. */
function logCompiled(type, name) {
  const outcome = binding.outcome();
  logReading(type, name, outcome);
  const what = `V8 code cache for ${type} ${name} was`;
  if (outcome?.[0] === 'accepted') log(`${what} accepted, keeping the in-memory entry`);
  else if (outcome?.[0] === 'rejected') log(`${what} rejected, updating the in-memory entry`);
  else log(`${what} not initialized, initializing the in-memory entry`);
}

/** Notes that `name` has been looked for, where that is to be told. */
function noteLook(type, name, key, isMade) {
  mapSet(looked, `${MARKS[type]}${key}`, { __proto__: null, type, name, isMade });
}

/** Writes what is not on disk yet. */
function persist() {
  let written;
  try {
    written = binding.write();
  } catch (error) {
    log(`writing cache to ${directory}/pack...${error.message}`);
    return;
  }
  if (isLogging()) logWritten(written);
}

function logWritten(written) {
  const sizes = new Map(written);
  looked.forEach(({ type, name, isMade }, key) => {
    const size = mapGet(sizes, key);
    if (size !== undefined) {
      log(`writing cache for ${type} ${name} in ${directory}/pack [${size}]...success`);
    } else {
      const why = isMade ? 'cache was the same' : 'the cache was not initialized';
      log(`skip persisting ${type} ${name} because ${why}`);
    }
  });
}

/** `module.flushCompileCache`. */
function flushCompileCache() {
  if (directory === undefined) return;
  log('module.flushCompileCache() requested.');
  persist();
  log('module.flushCompileCache() finished.');
}

/** Has `compile` use the entry of a module, and tells what comes of it. */
function logged(type, name, key, compile) {
  noteLook(type, name, key, false);
  const compiled = compile();
  noteLook(type, name, key, true);
  logCompiled(type, name);
  return compiled;
}

/**
 * The function of a CommonJS file.
 * @param {string} source
 * @param {string} filename
 * @returns {Function}
 */
function compileFunction(source, filename) {
  const scripts = internalBinding('modules');
  const key = nameInKey(filename);
  if (!isLogging()) return scripts.compileFunction(source, filename, key);
  return logged('CommonJS', filename, key, () => scripts.compileFunction(source, filename, key));
}

/**
 * The V8 module of a text.
 * @param {string} source
 * @param {string} url
 * @returns {object}
 */
function compileModule(source, url) {
  const wraps = internalBinding('module_wrap');
  const key = nameInKey(url);
  if (!isLogging()) return wraps.compile(source, url, undefined, 0, 0, key);
  return logged('ESM', url, key, () => wraps.compile(source, url, undefined, 0, 0, key));
}

/**
 * The text that is left of TypeScript.
 * @param {string} source
 * @param {string} name
 * @param {() => string} strip makes it
 * @returns {string}
 */
function stripTypes(source, name, strip) {
  const key = nameInKey(name);
  const what = `cache for StrippedTypeScript ${name}`;
  if (isLogging()) noteLook('StrippedTypeScript', name, key, true);
  const kept = binding.findStripped(source, key);
  if (kept !== undefined) {
    log(`retrieving transpile ${what}...success`);
    return kept;
  }
  log(`no transpile ${what}`);
  const text = strip();
  log(`saving transpilation ${what}`);
  binding.keepStripped(source, key, text);
  return text;
}

module.exports = {
  compileFunction,
  compileModule,
  enableCompileCache,
  enableFromEnvironment,
  flushCompileCache,
  getCompileCacheDir,
  isEnabled,
  status,
  stripTypes,
};
