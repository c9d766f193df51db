// The thread of hooks itself: it answers what another thread asks about modules. See `internal/modules/hooks_thread`.
'use strict';

const { ANSWERS, EXIT, kinds } = require('internal/modules/hooks_thread');
const { forms } = require('internal/worker/error_codec');
const hookLists = require('internal/modules/hook_lists');

/** To who asks: the port, and the shared counter of answers. */
let client;

/** The requests that are being answered, by their numbers. */
const pending = new Set();

/** Made when the first hooks are registered, by a preloaded module or by the other thread. */
let chain;

function useChain() {
  chain ??= new (require('internal/modules/esm/hook_chain').HookChain)();
  return chain;
}

function post(message) {
  client.port.postMessage(message);
  wake();
}

/** Wakes who has gone to sleep until there is an answer. */
function wake() {
  Atomics.add(client.shared, ANSWERS, 1);
  Atomics.notify(client.shared, ANSWERS);
}

/** Tells of an error, in the best form that can be sent. */
function postError(id, kind, error) {
  for (const form of forms(error)) {
    try {
      post({ id, kind, error: form });
      return;
    } catch {
      // It is tried in the next form.
    }
  }
}

// While requests are being answered, nothing but the hooks themselves keeps the thread alive: when its loop has
// nothing left to do, they will never be answered.
function beginAnswer(id) {
  if (pending.size === 0) client.port.unref();
  pending.add(id);
}

/** @returns {boolean} whether it has not been answered before */
function endAnswer(id) {
  if (!pending.delete(id)) return false;
  if (pending.size === 0) client.port.ref();
  return true;
}

function answerNever() {
  for (const id of [...pending]) {
    endAnswer(id);
    post({ id, kind: kinds.NEVER });
  }
}

async function answer({ id, method, args }) {
  beginAnswer(id);
  try {
    const value = method === 'takeCoverage' ? require('internal/coverage').take() : await useChain()[method](...args);
    if (endAnswer(id)) post({ id, kind: kinds.VALUE, value });
  } catch (error) {
    endAnswer(id);
    postError(id, kinds.ERROR, error);
  }
}

/** Called before the modules of `--require` are loaded. */
function begin() {
  hookLists.setThread({
    request: (method, args) => useChain()[method](...args),
    requestSync: (method, args) => useChain().answerByDefault(method, args),
  }, true);
}

/**
 * Called where the thread begins.
 * @param {{ port: MessagePort, shared: Int32Array }} given
 */
function run(given) {
  client = given;
  require('internal/process/uncaught').setReporter((error) => {
    postError(0, kinds.UNCAUGHT, error);
  });
  process.on('beforeExit', answerNever);
  process.on('exit', (code) => {
    Atomics.store(client.shared, EXIT, (code ?? 0) + 1);
    wake();
  });
  client.port.on('message', answer);
}

module.exports = { begin, run };
