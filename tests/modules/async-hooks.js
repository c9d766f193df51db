// `async_hooks`: hooks and ids of timers, ticks, promises, requests and resources of the program's own.
'use strict';

const assert = require('assert');
const fs = require('fs');
const {
  AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, executionAsyncResource, triggerAsyncId,
} = require('async_hooks');

const made = new Map();
const events = [];
const hook = createHook({
  init: (id, type, trigger) => made.set(id, { type, trigger }),
  before: (id) => events.push(`before ${made.get(id).type}`),
  after: (id) => events.push(`after ${made.get(id).type}`),
  destroy: (id) => events.push(`destroy ${made.get(id).type}`),
}).enable();

assert.strictEqual(executionAsyncId(), 1);
assert.strictEqual(triggerAsyncId(), 0);

const resource = new AsyncResource('OWN', { requireManualDestroy: true });
assert.deepStrictEqual(made.get(resource.asyncId()), { type: 'OWN', trigger: 1 });
resource.runInAsyncScope(() => {
  assert.strictEqual(executionAsyncId(), resource.asyncId());
  assert.strictEqual(executionAsyncResource(), resource);
});
resource.emitDestroy();

setTimeout(() => {
  const timer = executionAsyncId();
  assert.strictEqual(made.get(timer).type, 'Timeout');
  process.nextTick(() => {
    assert.deepStrictEqual(made.get(executionAsyncId()), { type: 'TickObject', trigger: timer });
  });
}, 1);
Promise.resolve().then(() => assert.strictEqual(made.get(executionAsyncId()).type, 'PROMISE'));
fs.stat(__filename, () => {
  assert.strictEqual(made.get(executionAsyncId()).type, 'FSREQCALLBACK');
  assert.strictEqual(triggerAsyncId(), 1);
});

process.on('exit', () => {
  hook.disable();
  assert.deepStrictEqual(events.slice(0, 2), ['before OWN', 'after OWN']);
  for (const type of ['Timeout', 'TickObject', 'PROMISE', 'FSREQCALLBACK']) {
    assert.ok(events.includes(`before ${type}`) && events.includes(`after ${type}`), type);
  }
  assert.ok(events.includes('destroy OWN'));
});

const first = new AsyncLocalStorage();
const second = new AsyncLocalStorage({ defaultValue: 'default' });
first.run(1, () => {
  second.enterWith(2);
  assert.strictEqual(first.getStore(), 1);
});
assert.strictEqual(first.getStore(), undefined);
assert.strictEqual(second.getStore(), 2);
second.disable();
assert.strictEqual(second.getStore(), 'default');

assert.throws(() => createHook({ init: 1 }), { code: 'ERR_ASYNC_CALLBACK' });
assert.throws(() => createHook({ trackPromises: false, promiseResolve() {} }), { code: 'ERR_INVALID_ARG_VALUE' });
