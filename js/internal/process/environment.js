// What surrounds the process: working directory, umask, options, files of variables, built-in modules.
'use strict';

const {
  codes: { ERR_ACCESS_DENIED, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_MODULE },
} = require('internal/errors');
const { parseFileMode, validateObject, validateString } = require('internal/validators');
const binding = internalBinding('process');

let cachedCwd = '';
require('internal/revival').whenRevived(() => {
  cachedCwd = '';
});
/** Counts the changes of the working directory, for workers. */
let changes;

/** @returns {Int32Array | undefined} what workers are given, so that they know when the working directory has changed */
function shareCwd() {
  // V8 has a flag that takes shared memory away.
  if (typeof SharedArrayBuffer !== 'function') return undefined;
  return changes ??= new Int32Array(new SharedArrayBuffer(4));
}

/**
 * Makes `cwd` of a worker, whose working directory the main thread changes.
 * @param {Int32Array | undefined} counter  what `shareCwd` has given
 * @returns {() => string}
 */
function cwdOfWorker(counter) {
  if (counter === undefined) return () => binding.cwd();
  changes = counter;
  const AtomicsLoad = Atomics.load;
  let seen = -1;
  let known = '';
  return function cwd() {
    const now = AtomicsLoad(counter, 0);
    if (now !== seen) {
      known = binding.cwd();
      seen = now;
    }
    return known;
  };
}

/** What `process.env` is at first. */
let ownEnv;

/** @returns {object} `process.env` */
function makeEnv() {
  return ownEnv = binding.makeEnv();
}

/**
 * @param {object} env
 * @returns {string[] | undefined} its variables as `NAME=value`, where that is known without a look at each of them
 */
function pairsOf(env) {
  if (env !== ownEnv) return undefined;
  // What a program has given to all objects is a variable as well.
  for (const _ in Object.getPrototypeOf(env)) return undefined;
  return binding.envPairs();
}

/** @returns {string} the working directory */
function cwd() {
  if (cachedCwd === '') cachedCwd = binding.cwd();
  return cachedCwd;
}

/** @param {string} directory  the new working directory */
function chdir(directory) {
  validateString(directory, 'directory');
  binding.chdir(directory);
  cachedCwd = '';
  if (changes !== undefined) Atomics.add(changes, 0, 1);
}

/**
 * @param {number | string} [mask]
 * @returns {number} the mask before
 */
function umask(mask) {
  if (mask === undefined) return binding.setUmask();
  return binding.setUmask(parseFileMode(mask, 'mask'));
}

/** Adds the variables of a file that `process.env` does not have yet. */
function loadEnvFile(path = undefined) {
  const fs = require('fs');
  const text = fs.readFileSync(path ?? '.env', 'utf8');
  const pairs = internalBinding('util').parseEnv(text);
  for (let i = 0; i < pairs.length; i += 2) {
    if (process.env[pairs[i]] === undefined) process.env[pairs[i]] = pairs[i + 1];
  }
}

/** What watches files and keeps the event loop going. */
function activeWatchers() {
  return [...require('internal/fs/active_watchers').watchers].filter((watcher) => watcher.hasRef());
}

/** @returns {string[]} the kinds of what keeps the event loop going */
function getActiveResourcesInfo() {
  const { timerInfo, immediateInfo } = require('internal/timers');
  return [
    ...binding.activeRequests(),
    ...binding.activeResources(),
    ...activeWatchers().map(({ resource }) => resource),
    ...new Array(timerInfo[1]).fill('Timeout'),
    ...new Array(immediateInfo[1]).fill('Immediate'),
  ];
}

/** Stands for a request to the file system whose callback is still to come. */
class FSReqCallback {}

/** What requests of handles are called, by their handles. */
const requestClasses = {
  '__proto__': null,
  'PipeWrap ConnectWrap': 'PipeConnectWrap',
  'TCPSocketWrap ConnectWrap': 'TCPConnectWrap',
  'UDPWrap UDPSendWrap': 'SendWrap',
};

/** @returns {object[]} an object for each request whose callback is still to come */
function getActiveRequests() {
  const kinds = binding.activeRequests();
  for (const [kind, handle] of binding.handleRequests()) kinds.push(requestClasses[`${handle} ${kind}`] ?? kind);
  return kinds.map((kind) => {
    return kind === 'FSReqCallback' ? new FSReqCallback() : new ({ [kind]: class {} })[kind]();
  });
}

let finalization;

/** @returns {object} `process.finalization` */
function getFinalization() {
  return finalization ??= require('internal/process/finalization').createFinalization();
}

/** @returns {object[]} sockets, servers and their like that keep the event loop going */
function getActiveHandles() {
  const handles = [...binding.activeHandles(), ...activeWatchers()];
  if (handles.length === 0) return handles;
  const { kOwner } = require('internal/net/handles');
  return handles.map((handle) => handle[kOwner] ?? handle.owner ?? handle);
}

/**
 * @param {string} id
 * @returns {object | undefined} the built-in module of that name
 */
function getBuiltinModule(id) {
  validateString(id, 'id');
  const name = require('internal/modules/builtins').builtinId(id);
  return name === undefined ? undefined : require('internal/bootstrap/realm').requireBuiltin(name);
}

/** What programs still look at of the old ways to native halves. */
const oldBindings = {
  __proto__: null,
  natives: () => ({}),
  config: () => ({}),
  constants: () => internalBinding('constants'),
  util() {
    const types = require('internal/util/types');
    const names = [
      'isArrayBuffer', 'isAsyncFunction', 'isDate', 'isExternal', 'isMap', 'isMapIterator', 'isNativeError', 'isPromise',
      'isRegExp', 'isSet', 'isSetIterator', 'isAnyArrayBuffer', 'isArrayBufferView', 'isDataView', 'isTypedArray',
      'isUint8Array',
    ];
    return Object.fromEntries(names.map((name) => [name, types[name]]));
  },
};

/** The old way to native halves. */
function processBinding(name) {
  if (internalBinding('permission').mode() !== 0) throw new ERR_ACCESS_DENIED('process.binding');
  name = `${name}`;
  const find = oldBindings[name];
  if (find !== undefined) return find();
  throw new Error(`No such module: ${name}`);
}
Object.defineProperty(processBinding, 'name', { value: 'binding' });

/** Keeps the loop going for an object that has such a method. */
function ref(object) {
  (object?.[Symbol.for('nodejs.ref')] ?? object?.[Symbol.for('node:ref')] ?? object?.ref)?.call(object);
}

/** Lets the loop end in spite of an object that has such a method. */
function unref(object) {
  (object?.[Symbol.for('nodejs.unref')] ?? object?.[Symbol.for('node:unref')] ?? object?.unref)?.call(object);
}

function openStdin() {
  process.stdin.resume();
  return process.stdin;
}

/** Loads a native add-on into `module.exports`. */
function dlopen() {
  require('internal/napi').load(arguments);
}

/** Replaces the process by another program. */
function execve(execPath, args = [], env = undefined) {
  validateString(execPath, 'execPath');
  if (!Array.isArray(args)) throw new ERR_INVALID_ARG_TYPE('args', 'Array', args);
  const noNull = (text, name) => {
    if (typeof text !== 'string' || text.includes('\0')) {
      throw new ERR_INVALID_ARG_VALUE(name, text, 'must be a string without null bytes');
    }
  };
  args.forEach((arg, i) => noNull(arg, `args[${i}]`));
  env ??= process.env;
  validateObject(env, 'env');
  const isText = (text) => typeof text === 'string' && !text.includes('\0');
  const pairs = Object.entries(env).map(([name, value]) => {
    if (!isText(name) || !isText(value)) {
      const reason = 'must be an object with string keys and values without null bytes';
      throw new ERR_INVALID_ARG_VALUE('env', env, reason);
    }
    return `${name}=${value}`;
  });
  const { errnoException } = require('internal/errors');
  throw errnoException(binding.execve(execPath, args, pairs), 'execve');
}

const features = {
  inspector: true,
  debug: false,
  uv: true,
  ipv6: true,
  tls_alpn: true,
  tls_sni: true,
  tls_ocsp: true,
  tls: true,
  openssl_is_boringssl: false,
  get cached_builtins() {
    return true;
  },
  get require_module() {
    const { getOptionValue } = require('internal/options');
    return (
      getOptionValue('--require-module') !== false && getOptionValue('--experimental-require-module') !== false
    );
  },
  get dtls() {
    return false;
  },
  get quic() {
    return false;
  },
  get typescript() {
    const { getOptionValue } = require('internal/options');
    if (getOptionValue('--strip-types') === false || getOptionValue('--experimental-strip-types') === false) {
      return false;
    }
    return internalBinding('builtins').hasTypescript() && 'strip';
  },
};

const config = Object.freeze({
  target_defaults: Object.freeze({
    cflags: [], default_configuration: 'Release', defines: [], include_dirs: [], libraries: [],
  }),
  variables: Object.freeze({
    asan: 0,
    coverage: false,
    debug_node: false,
    icu_ver_major: '78',
    napi_build_version: '10',
    node_module_version: 147,
    node_shared: false,
    node_shared_openssl: false,
    node_use_amaro: true,
    node_use_lief: true,
    node_use_node_snapshot: true,
    node_use_openssl: true,
    node_use_sqlite: true,
    openssl_is_fips: false,
    single_executable_application: true,
    v8_enable_i18n_support: 1,
    v8_enable_pointer_compression: 0,
    v8_enable_sandbox: 0,
    v8_enable_temporal_support: 1,
    want_separate_host_toolset: 0,
  }),
});

let allowedFlags;

function getAllowedFlags() {
  return allowedFlags ??= require('internal/process/allowed_flags_set');
}

function setAllowedFlags(value) {
  allowedFlags = value;
}

module.exports = {
  chdir,
  config,
  cwd,
  cwdOfWorker,
  dlopen,
  execve,
  features,
  getActiveHandles,
  getActiveRequests,
  getActiveResourcesInfo,
  getAllowedFlags,
  getBuiltinModule,
  getFinalization,
  loadEnvFile,
  makeEnv,
  openStdin,
  pairsOf,
  processBinding,
  ref,
  setAllowedFlags,
  shareCwd,
  umask,
  unref,
};
