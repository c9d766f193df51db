// Trace events that JavaScript records: which are asked for, and the functions that record them.
//
// What may record an event asks `tracing.http` and the like, which are false where nobody asks for it, and only then
// calls anything.
'use strict';

const binding = internalBinding('trace_events');

// The numbers by which the native half knows the categories, which are also the bits that say what is asked for.
const ASYNC_HOOKS = 0;
const CONSOLE = 1;
const DNS = 2;
const HTTP = 3;
const MODULES = 4;
const NET = 5;
const REJECTIONS = 6;

/** Which events are asked for. */
const tracing = {
  asyncHooks: false,
  console: false,
  dns: false,
  http: false,
  modules: false,
  net: false,
  rejections: false,
};

/** Called by the host when others are asked for. */
function refresh() {
  const states = binding.states();
  const isOn = (category) => (states >> category & 1) === 1;
  tracing.console = isOn(CONSOLE);
  tracing.dns = isOn(DNS);
  tracing.http = isOn(HTTP);
  tracing.modules = isOn(MODULES);
  tracing.net = isOn(NET);
  tracing.rejections = isOn(REJECTIONS);
  if (tracing.asyncHooks !== isOn(ASYNC_HOOKS)) {
    tracing.asyncHooks = !tracing.asyncHooks;
    followWork(tracing.asyncHooks);
  }
  if (binding.describeRuntime()) describeProcess();
}

/** Notes which process this is. A worker tells only its name. */
function describeProcess() {
  if (!require('internal/worker/current').isMainThread) return;
  const { arch, platform, release, title, versions, argv0 } = process;
  binding.describe('node', JSON.stringify({ process: { versions, arch, platform, release: { name: release.name } } }));
  if (title !== argv0) retitle(title);
}

/** The process has got a title. */
function retitle(title) {
  binding.describe('process_name', JSON.stringify({ name: title }));
}

let workHook;

function followWork(isOn) {
  const hooks = require('internal/async_hooks');
  workHook ??= makeWorkHook(hooks);
  if (isOn) {
    hooks.startTracking();
    hooks.enableHook(workHook);
  } else {
    hooks.disableHook(workHook);
  }
}

function makeWorkHook(hooks) {
  const types = new Map();
  return {
    owner: undefined,
    tracksPromises: true,
    init(id, type, triggerAsyncId) {
      types.set(id, type);
      const data = { triggerAsyncId, executionAsyncId: hooks.state.executionId };
      binding.trace('b', ASYNC_HOOKS, type, id, { data });
    },
    before(id) {
      const type = types.get(id);
      if (type !== undefined) binding.trace('B', ASYNC_HOOKS, `${type}_CALLBACK`, id);
    },
    after(id) {
      const type = types.get(id);
      if (type !== undefined) binding.trace('E', ASYNC_HOOKS, `${type}_CALLBACK`, id);
    },
    destroy(id) {
      const type = types.get(id);
      if (type === undefined) return;
      types.delete(id);
      binding.trace('e', ASYNC_HOOKS, type, id);
    },
  };
}

/**
 * @param {'b' | 'n' | 'e'} phase  the beginning of a console's timer, a look at it, its end
 * @param {string} label
 */
function traceTime(phase, label) {
  binding.trace(phase, CONSOLE, `time::${label}`, 0);
}

/** A counter of a console has changed. */
function traceCount(label, count) {
  binding.trace('C', CONSOLE, `count::${label}`, 0, { data: count });
}

/**
 * Loading of a module begins or ends.
 * @param {'b' | 'e'} phase
 * @param {string} request  what was required
 */
function traceModule(phase, request) {
  binding.trace(phase, MODULES, `require('${request}')`, 0);
}

/** On a request of a client or the response of a server: its number in trace events. */
const kTrace = Symbol('trace');

let lastRequest = 0;

/**
 * A request of HTTP begins.
 * @param {'http.client.request' | 'http.server.request'} name
 * @returns {number} to be given to `endRequest`
 */
function beginRequest(name) {
  lastRequest++;
  binding.trace('b', HTTP, name, lastRequest);
  return lastRequest;
}

/** A request of HTTP has been answered. */
function endRequest(name, id, data) {
  binding.trace('e', HTTP, name, id, { data });
}

const rejections = { unhandled: 0, handledAfter: 0 };

/** A promise has been rejected without a handler, or handled late. */
function traceRejection(kind) {
  rejections[kind]++;
  binding.trace('C', REJECTIONS, 'rejections', undefined, rejections);
}

let lastId = 0;

/**
 * Connecting begins.
 * @param {object} args  what is told of it
 * @returns {number} to be given to `endConnecting`
 */
function beginConnecting(args) {
  lastId++;
  binding.trace('b', NET, 'connect', lastId, args);
  return lastId;
}

/** Connecting has ended. */
function endConnecting(id, status) {
  binding.trace('e', NET, 'connect', id, { status });
}

/**
 * A question to name servers begins.
 * @param {string} name  such as `resolve4`
 * @param {object} args  what is told of it
 * @returns {number} to be given to `endQuestion`
 */
function beginQuestion(name, args) {
  lastId++;
  binding.trace('b', DNS, name, lastId, args);
  return lastId;
}

/** A question to name servers has been answered. */
function endQuestion(name, id, args) {
  binding.trace('e', DNS, name, id, args);
}

module.exports = {
  beginConnecting,
  beginQuestion,
  beginRequest,
  endConnecting,
  endQuestion,
  endRequest,
  kTrace,
  refresh,
  retitle,
  traceCount,
  traceModule,
  traceRejection,
  traceTime,
  tracing,
};
