// The process object: everything on it that does not depend on this process. The rest is added by
// `prepare` when the runtime starts.
'use strict';

const EventEmitter = require('events');
const { loadList } = require('internal/bootstrap/realm');
const { nextTick, runNextTicks } = require('internal/process/ticks');
const { onUncaught } = require('internal/process/uncaught');
const { emitWarning } = require('internal/process/warning');
const exit = require('internal/process/exit');
const ids = require('internal/process/ids');
const usage = require('internal/process/usage');
const signals = require('internal/process/signals');
const stdio = require('internal/process/stdio');
const environment = require('internal/process/environment');
const { getOptionValue } = require('internal/options');
const revival = require('internal/revival');
const binding = internalBinding('process');

const VERSION = '26.10.0';

const constructor = { process: function() {} }.process;
constructor.prototype = Object.create(EventEmitter.prototype, {
  constructor: { value: constructor, enumerable: false, writable: true, configurable: true },
});
Object.setPrototypeOf(process, constructor.prototype);

function fixed(name, value, target = process) {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: false });
}

function open(name, value, target = process) {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** What `process.debugPort` makes of a value. */
function toPort(value) {
  const port = +value | 0;
  if (port === 0 || (port >= 1024 && port <= 65535)) return port;
  const error = new RangeError('process.debugPort must be 0 or in range 1024 to 65535');
  error.code = 'ERR_OUT_OF_RANGE';
  throw error;
}

function lazy(name, get, set, target = process) {
  Object.defineProperty(target, name, { get, set, enumerable: true, configurable: true });
}

fixed('version', `v${VERSION}`);
fixed('versions', undefined);
fixed('arch', undefined);
fixed('platform', undefined);
fixed('release', Object.freeze({
  name: 'node',
  sourceUrl: `https://nodejs.org/download/release/v${VERSION}/node-v${VERSION}.tar.gz`,
  headersUrl: `https://nodejs.org/download/release/v${VERSION}/node-v${VERSION}-headers.tar.gz`,
}));
open('_rawDebug', function _rawDebug(...args) {
  binding.writeStderr(`${require('internal/util/inspect').format(...args)}\n`);
});
fixed('moduleLoadList', loadList);
open('binding', environment.processBinding);
open('domain', null);
open('_exiting', false);
exit.defineExitCode(process);
open('config', environment.config);
open('dlopen', environment.dlopen);
open('uptime', usage.uptime);
open('_getActiveHandles', function _getActiveHandles() {
  return environment.getActiveHandles();
});
open('_getActiveRequests', function _getActiveRequests() {
  return environment.getActiveRequests();
});
open('getActiveResourcesInfo', environment.getActiveResourcesInfo);
open('reallyExit', exit.reallyExit);
open('_kill', function _kill(pid, signal) {
  return signals.send(pid, signal);
});
open('loadEnvFile', environment.loadEnvFile);
open('cpuUsage', usage.cpuUsage);
open('threadCpuUsage', usage.threadCpuUsage);
open('resourceUsage', usage.resourceUsage);
open('memoryUsage', usage.memoryUsage);
open('constrainedMemory', usage.constrainedMemory);
open('availableMemory', usage.availableMemory);
open('kill', signals.kill);
open('exit', exit.exit);
open('execve', environment.execve);
open('ref', environment.ref);
open('unref', environment.unref);
open('hrtime', usage.hrtime);
lazy('finalization', environment.getFinalization);
open('openStdin', environment.openStdin);
for (const name of ['getuid', 'geteuid', 'getgid', 'getegid', 'getgroups']) open(name, ids[name]);
lazy('allowedNodeEnvironmentFlags', environment.getAllowedFlags, environment.setAllowedFlags);
open('features', environment.features);
lazy('report', function get() {
  return require('internal/process/report').report;
});
open('_fatalException', onUncaught);
open('setUncaughtExceptionCaptureCallback', exit.setUncaughtExceptionCaptureCallback);
open('hasUncaughtExceptionCaptureCallback', exit.hasUncaughtExceptionCaptureCallback);
open('emitWarning', emitWarning);
open('nextTick', nextTick);
open('_tickCallback', runNextTicks);
Object.defineProperty(process, 'sourceMapsEnabled', {
  get() {
    return require('internal/source_map/cache').isEnabled();
  },
  enumerable: true,
  configurable: true,
});
open('setSourceMapsEnabled', function setSourceMapsEnabled(enabled) {
  const { validateBoolean } = require('internal/validators');
  validateBoolean(enabled, 'enabled');
  const options = { nodeModules: enabled, generatedCode: enabled };
  require('internal/source_map/cache').setSourceMapsSupport(enabled, options);
});
open('getBuiltinModule', environment.getBuiltinModule);
open('_debugProcess', function _debugProcess(pid) {
  return signals.debug(pid);
});
open('_debugEnd', function _debugEnd() {
  internalBinding('inspector').close();
});
// What they once switched is not there in Node either.
open('_startProfilerIdleNotifier', () => {});
open('_stopProfilerIdleNotifier', () => {});
lazy('stdout', stdio.getStdout);
lazy('stdin', stdio.getStdin);
lazy('stderr', stdio.getStderr);
open('abort', exit.abort);
open('umask', environment.umask);
open('chdir', environment.chdir);
open('cwd', environment.cwd);
for (const name of ['initgroups', 'setgroups', 'setegid', 'seteuid', 'setgid', 'setuid']) open(name, ids[name]);

Object.defineProperty(process, Symbol.toStringTag, {
  configurable: false, enumerable: false, writable: true, value: 'process',
});

/**
 * Adds what this process tells about itself.
 * @param {object} process
 * @param {object} env  the environment
 */
function prepare(process, env) {
  const info = binding.startInfo();
  fixed('versions', {
    node: VERSION,
    modules: '147',
    napi: '10',
    uv: '1.52.1',
    zlib: '1.3.2.1',
    openssl: info.openssl,
    sqlite: info.sqlite,
    icu: '78.3',
    unicode: '17.0',
    v8: info.v8,
    ironode: '0.1.0',
  }, process);
  fixed('arch', info.arch, process);
  fixed('platform', info.platform, process);
  open('env', env, process);
  let title = info.argv0;
  Object.defineProperty(process, 'title', {
    get: () => title,
    set(value) {
      title = `${value}`;
      binding.setTitle(title);
      if (internalBinding('trace_events').isUsed()) require('internal/tracing').retitle(title);
    },
    enumerable: true, configurable: true,
  });
  open('argv', [info.execPath, ...info.argv], process);
  open('execArgv', info.execArgv, process);
  fixed('pid', info.pid, process);
  lazy('ppid', () => binding.parentId(), undefined, process);
  open('execPath', info.execPath, process);
  let debugPort = 9229;
  lazy('debugPort', () => debugPort, (value) => { debugPort = toPort(value); }, process);
  Object.defineProperty(process, 'argv0', {
    value: info.argv0, enumerable: true, configurable: info.buildsSnapshot, writable: false,
  });
  const givenTitle = getOptionValue('--title');
  if (givenTitle !== undefined) process.title = givenTitle;
  if (info.isTraced) require('internal/tracing').refresh();
  if (revival.isRevived()) {
    signals.watchAgain();
    return;
  }
  EventEmitter.call(process);
  signals.watchListeners(process);
}

module.exports = { prepare };
