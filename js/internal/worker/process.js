// What the process object is in a worker: what belongs to the whole process cannot be changed from here.
'use strict';

const {
  codes: { ERR_WORKER_UNSUPPORTED_OPERATION },
} = require('internal/errors');

const UNAVAILABLE = [
  'abort', 'chdir', 'initgroups', 'setgroups', 'setegid', 'seteuid', 'setgid', 'setuid', 'execve',
];
const UNDEFINED = ['_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', '_stopProfilerIdleNotifier'];

function unavailable(name) {
  function unavailableInWorker() {
    throw new ERR_WORKER_UNSUPPORTED_OPERATION(name);
  }
  unavailableInWorker.disabled = true;
  return unavailableInWorker;
}

/** The channel of a forked process belongs to its main thread. */
function hideChannel(process) {
  for (const name of ['channel', 'connected']) {
    const get = () => {
      throw new ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}`);
    };
    Object.defineProperty(process, name, { get, enumerable: true, configurable: true });
  }
  for (const name of ['send', 'disconnect']) process[name] = unavailable(`process.${name}()`);
}

/**
 * @param {object} process
 * @param {Int32Array} cwdChanges
 */
function adapt(process, cwdChanges) {
  process.cwd = require('internal/process/environment').cwdOfWorker(cwdChanges);
  for (const name of UNAVAILABLE) process[name] = unavailable(`process.${name}()`);
  for (const name of UNDEFINED) delete process[name];
  if (process.env.NODE_CHANNEL_FD !== undefined) hideChannel(process);
  const { umask } = process;
  process.umask = function(mask) {
    if (mask !== undefined) throw new ERR_WORKER_UNSUPPORTED_OPERATION('Setting process.umask()');
    return umask();
  };
  let { title } = process;
  Object.defineProperty(process, 'title', {
    get: () => title,
    set(value) {
      title = `${value}`;
    },
    enumerable: true, configurable: true,
  });
}

module.exports = { adapt };
