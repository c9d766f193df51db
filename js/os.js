// Node's `os`: the machine, its system, its users and their limits.
'use strict';

const { codes: { ERR_SYSTEM_ERROR }, hideFrame, hideStackFrames } = require('internal/errors');
const { getCIDR } = require('internal/util');
const { validateInt32 } = require('internal/validators');

const binding = internalBinding('os');
const { os: constants } = internalBinding('constants');

Object.freeze(constants.signals);

const isLittleEndian = process.arch !== 's390x';

/** Node's error for a failed call of the system. */
function systemError({ code, errno, syscall }, caller) {
  const message = internalBinding('errno').message(errno);
  return hideFrame(new ERR_SYSTEM_ERROR({ errno, code, message, syscall }), caller);
}

/** A function of the native half whose failures are Node's system errors. */
function checked(ask) {
  return hideStackFrames(function checkError() {
    try {
      return ask();
    } catch (error) {
      throw systemError(error, checkError);
    }
  });
}

/** Makes `${os.hostname}` the value itself. */
function withPrimitive(fn) {
  fn[Symbol.toPrimitive] = () => fn();
  return fn;
}

/** The name of the system, its version, its release, and the kind of machine; they never change. */
let names;

function systemName(index) {
  names ??= binding.systemNames();
  return names[index];
}

/** @returns {string} the name of the system, such as `Linux` */
const getOSType = () => systemName(0);
/** @returns {string} the version of the system's core */
const getOSVersion = () => systemName(1);
/** @returns {string} the release of the system's core */
const getOSRelease = () => systemName(2);
/** @returns {string} the kind of machine, such as `x86_64` */
const getMachine = () => systemName(3);

/** @returns {string} what the program was built for, such as `x64` */
function arch() {
  return process.arch;
}

/** @returns {string} such as `linux` */
function platform() {
  return process.platform;
}

/** @returns {'BE' | 'LE'} */
function endianness() {
  return isLittleEndian ? 'LE' : 'BE';
}

/** @returns {string} the folder for temporary files, without a slash at its end */
function tmpdir() {
  const { env } = process;
  const path = env.TMPDIR || env.TMP || env.TEMP || '/tmp';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** @returns {{ model: string, speed: number, times: object }[]} speed in MHz, times in milliseconds */
function cpus() {
  return binding.cpus().map(([model, speed, [user, nice, sys, idle, irq]]) => ({
    model,
    speed,
    times: { user, nice, sys, idle, irq },
  }));
}

/** @returns {number[]} over 1, 5 and 15 minutes */
function loadavg() {
  return binding.loadAverages();
}

/**
 * @returns {Record<string, object[]>} the addresses of each network interface that is up
 */
function networkInterfaces() {
  const result = {};
  let entries;
  try {
    entries = binding.interfaces();
  } catch (error) {
    throw systemError(error, networkInterfaces);
  }
  for (const [[name, address, netmask, mac], internal, scopeid] of entries) {
    const family = scopeid === -1 ? 'IPv4' : 'IPv6';
    const cidr = getCIDR(address, netmask, family);
    const entry = { address, netmask, family, mac, internal, cidr };
    if (family === 'IPv6') entry.scopeid = scopeid;
    (result[name] ??= []).push(entry);
  }
  return result;
}

/**
 * @param {number} [pid] 0 is this process
 * @param {number} priority from -20, the highest, to 19
 */
function setPriority(pid, priority) {
  if (priority === undefined) {
    priority = pid;
    pid = 0;
  }
  validateInt32(pid, 'pid');
  validateInt32(priority, 'priority', -20, 19);
  try {
    binding.setPriority(pid, priority);
  } catch (error) {
    throw systemError(error, setPriority);
  }
}

/**
 * @param {number} [pid] 0 is this process
 * @returns {number}
 */
function getPriority(pid) {
  if (pid === undefined) pid = 0;
  else validateInt32(pid, 'pid');
  try {
    return binding.getPriority(pid);
  } catch (error) {
    throw systemError(error, getPriority);
  }
}

/**
 * The user that runs this process.
 * @param {{ encoding?: string }} [options] of the texts; `'buffer'` gives bytes
 * @returns {{ uid: number, gid: number, username: string | Buffer, homedir: string | Buffer,
 *   shell: string | Buffer }}
 */
function userInfo(options) {
  const { decodeName, needsBytes } = require('internal/fs/arguments');
  let encoding = typeof options === 'object' && options !== null ? options.encoding : undefined;
  if (encoding !== 'buffer' && !require('buffer').Buffer.isEncoding(encoding)) encoding = 'utf8';
  let user;
  try {
    user = binding.userInfo(needsBytes(encoding));
  } catch (error) {
    throw systemError(error, userInfo);
  }
  const [[uid, gid], username, homedir, shell] = user;
  return {
    __proto__: null,
    uid,
    gid,
    username: decodeName(username, encoding),
    homedir: decodeName(homedir, encoding),
    shell: decodeName(shell, encoding),
  };
}

module.exports = {
  arch: withPrimitive(arch),
  availableParallelism: withPrimitive(() => binding.availableParallelism()),
  cpus,
  endianness: withPrimitive(endianness),
  freemem: withPrimitive(() => binding.freeMemory()),
  getPriority,
  homedir: withPrimitive(checked(() => binding.homeDirectory())),
  hostname: withPrimitive(checked(() => binding.hostname())),
  loadavg,
  networkInterfaces,
  platform: withPrimitive(platform),
  release: withPrimitive(getOSRelease),
  setPriority,
  tmpdir: withPrimitive(tmpdir),
  totalmem: withPrimitive(() => binding.totalMemory()),
  type: withPrimitive(getOSType),
  userInfo,
  uptime: withPrimitive(checked(() => binding.uptime())),
  version: withPrimitive(getOSVersion),
  machine: withPrimitive(getMachine),
};

const attributes = { enumerable: true, writable: false };

Object.defineProperties(module.exports, {
  constants: { ...attributes, value: constants, configurable: false },
  EOL: { ...attributes, value: '\n', configurable: true },
  devNull: { ...attributes, value: '/dev/null', configurable: true },
});
