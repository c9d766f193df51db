// The compile cache: what V8 made of the text of modules, and the text that is left of TypeScript, kept on disk from
// one run to the next (`module.enableCompileCache`, `NODE_COMPILE_CACHE`).
'use strict';

const { startsWith } = require('internal/captured');
const { setPersist } = require('internal/process/exit');
const { dirname, join, relative, resolve } = require('path');
const binding = internalBinding('modules');
const permission = internalBinding('permission');

const status = { __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 };

const MAGIC = 0x49_6e_43_31;
/** Magic number, length and hash of the text, length and hash of what is kept: 32 bits each. */
const HEADER = 20;

/** The folder that was asked for, and the one inside it for this version. */
let base;
let directory;
let isPortable = false;
let isVerbose;

/** Entries by their key. */
const entries = new Map();

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

function inHex(number) {
  return number.toString(16).padStart(8, '0');
}

function tag() {
  return `${process.version}-${process.arch}-${inHex(binding.buildTag())}-${process.getuid?.() ?? 0}`;
}

function open(wanted, portable) {
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
    require('fs').mkdirSync(full, { recursive: true });
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
 * @returns {{ status: number, message?: string, directory?: string }}
 */
function enableCompileCache(options) {
  if (directory !== undefined) return { status: status.ALREADY_ENABLED, directory };
  if (process.env.NODE_DISABLE_COMPILE_CACHE) {
    log('Disabled by NODE_DISABLE_COMPILE_CACHE');
    return { status: status.DISABLED, message: 'Disabled by NODE_DISABLE_COMPILE_CACHE' };
  }
  const { chosen, portable } = readOptions(options);
  return open(chosen, portable);
}

/** Reads what the environment says at the start of the program. */
function enableFromEnvironment() {
  const { NODE_COMPILE_CACHE: folder } = process.env;
  if (folder) enableCompileCache(folder);
}

/** The name of a file in keys: in a portable cache, relative to its folder. */
function nameInKey(name) {
  if (!isPortable) return name;
  const isURL = startsWith(name, 'file://');
  const path = isURL ? require('internal/url').fileURLToPath(name) : name;
  return startsWith(path, '/') ? relative(base, path) : name;
}

function readEntry(entry) {
  const { file, type, name, hash, length } = entry;
  const kept = binding.readKept(file, MAGIC, length, hash);
  if (ArrayBuffer.isView(kept)) entry.data = kept;
  if (isLogging()) logReading(`reading cache from ${file} for ${type} ${name}...`, kept, length, hash);
}

function logReading(what, kept, length, hash) {
  if (kept === undefined) return log(`${what} no such file or directory`);
  if (ArrayBuffer.isView(kept)) return log(`${what}... success, size=${kept.length}`);
  const shown = `${what}[${kept.join(' ')}]`;
  if (kept[0] !== MAGIC) log(`${shown}magic number mismatch: expected ${MAGIC}, actual ${kept[0]}`);
  else if (kept[1] !== length) log(`${shown}code size mismatch: expected ${length}, actual ${kept[1]}`);
  else if (kept[3] !== hash) log(`${shown}code hash mismatch: expected ${hash}, actual ${kept[3]}`);
  else log(`${shown}cache size or hash mismatch`);
}

/**
 * @param {'CommonJS' | 'ESM' | 'StrippedTypeScript'} type
 * @param {string} name path or URL
 * @param {string} source
 * @returns {{ data?: Uint8Array }} the entry, with what was kept of that text
 */
function find(type, name, source) {
  const hash = binding.hash(source);
  const key = `${type}:${nameInKey(name)}`;
  let entry = entries.get(key);
  if (entry !== undefined && entry.hash === hash) return entry;
  const file = `${directory}/${inHex(binding.hash(key))}`;
  entry = { type, name, hash, length: source.length, file, data: undefined, produce: undefined, isFresh: false };
  readEntry(entry);
  entries.set(key, entry);
  return entry;
}

/**
 * Notes what V8 has made of a text.
 * @param {object} entry
 * @param {boolean} isRejected whether V8 did not take what was kept
 * @param {() => Uint8Array | undefined} produce what is to be kept
 */
function note(entry, isRejected, produce) {
  const isNew = entry.data === undefined;
  entry.produce = produce;
  if (isNew || isRejected) entry.isFresh = true;
  if (!isLogging()) return;
  const what = `V8 code cache for ${entry.type} ${entry.name} was`;
  if (isNew) log(`${what} not initialized, initializing the in-memory entry`);
  else if (isRejected) log(`${what} rejected, updating the in-memory entry`);
  else log(`${what} accepted, keeping the in-memory entry`);
}

function writeEntry(entry) {
  const { file, type, name } = entry;
  const data = entry.produce();
  if (data === undefined) return;
  const { Buffer } = require('buffer');
  const header = Buffer.alloc(HEADER);
  [MAGIC, entry.length, data.length, entry.hash, binding.hash(data)].forEach((value, i) => {
    header.writeUInt32LE(value, i * 4);
  });
  const fs = require('fs');
  const temporary = `${file}.${process.pid.toString(36)}`;
  try {
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(temporary, Buffer.concat([header, data]));
    log(`writing cache for ${type} ${name} to temporary file ${temporary} [${data.length}]...success`);
    fs.renameSync(temporary, file);
    log(`Renaming ${temporary} to ${file}...success`);
    entry.data = data;
    entry.isFresh = false;
  } catch (error) {
    log(`writing cache for ${type} ${name}...${error.message}`);
  }
}

/** Writes what is not on disk yet. */
function persist() {
  for (const entry of entries.values()) {
    if (entry.produce !== undefined && entry.isFresh) {
      writeEntry(entry);
    } else if (isLogging()) {
      const why = entry.produce === undefined ? 'the cache was not initialized' : 'cache was the same';
      log(`skip persisting ${entry.type} ${entry.name} because ${why}`);
    }
  }
}

/** `module.flushCompileCache`. */
function flushCompileCache() {
  if (directory === undefined) return;
  log('module.flushCompileCache() requested.');
  persist();
  log('module.flushCompileCache() finished.');
}

/**
 * The function of a CommonJS file.
 * @param {string} source
 * @param {string} filename
 * @returns {Function}
 */
function compileFunction(source, filename) {
  const entry = find('CommonJS', filename, source);
  const compiled = binding.compileFunction(source, filename, entry.data);
  note(entry, binding.wasRejected(), () => binding.functionCache(compiled));
  return compiled;
}

/**
 * The V8 module of a text.
 * @param {string} source
 * @param {string} url
 * @returns {object}
 */
function compileModule(source, url) {
  const modules = internalBinding('module_wrap');
  const entry = find('ESM', url, source);
  const wrap = modules.compile(source, url, undefined, 0, 0, entry.data);
  note(entry, wrap.cacheRejected === true, () => modules.codeCache(wrap));
  return wrap;
}

/**
 * The text that is left of TypeScript.
 * @param {string} source
 * @param {string} name
 * @param {() => string} strip makes it
 * @returns {string}
 */
function stripTypes(source, name, strip) {
  const { Buffer } = require('buffer');
  const entry = find('StrippedTypeScript', name, source);
  const what = `cache for StrippedTypeScript ${name}`;
  if (entry.data !== undefined) {
    log(`retrieving transpile ${what}...success`);
    entry.produce = () => entry.data;
    return Buffer.from(entry.data).toString();
  }
  log(`no transpile ${what}`);
  const text = strip();
  log(`saving transpilation ${what}`);
  entry.isFresh = true;
  entry.produce = () => Buffer.from(text);
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
