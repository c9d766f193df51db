// Flags: --expose-gc
// AbortController, AbortSignal and `util.aborted`.
'use strict';

const assert = require('node:assert');
const { listenerCount } = require('node:events');
const { aborted, inspect } = require('node:util');

// A controller and its signal
{
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [];
  signal.onabort = (event) => calls.push(['handler', event.isTrusted]);
  signal.addEventListener('abort', () => calls.push(signal.aborted));
  controller.abort();
  controller.abort('again');
  assert.deepStrictEqual(calls, [['handler', true], true]);
  assert.strictEqual(signal.reason.name, 'AbortError');
  assert.strictEqual(signal.reason.message, 'This operation was aborted');
  assert.throws(() => signal.throwIfAborted(), (reason) => reason === signal.reason);
  assert.strictEqual(inspect(controller), 'AbortController { signal: AbortSignal { aborted: true } }');
  assert.strictEqual(AbortSignal.abort(null).reason, null);
  assert.throws(() => new AbortSignal(), { code: 'ERR_ILLEGAL_CONSTRUCTOR', message: 'Illegal constructor' });
  assert.throws(() => Reflect.get(AbortSignal.prototype, 'aborted', {}), { code: 'ERR_INVALID_THIS' });
}

// any
{
  const controllers = [new AbortController(), new AbortController()];
  const first = AbortSignal.any(controllers.map(({ signal }) => signal));
  const second = AbortSignal.any([first]);
  const order = [];
  second.addEventListener('abort', () => order.push('second'));
  first.addEventListener('abort', () => order.push('first'));
  controllers[1].signal.addEventListener('abort', () => order.push([first.aborted, second.aborted]));
  controllers[1].abort('reason');
  controllers[0].abort('late');
  assert.deepStrictEqual(order, [[true, true], 'first', 'second']);
  assert.strictEqual(second.reason, 'reason');
  assert.strictEqual(AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason, 1);
  assert.throws(() => AbortSignal.any([{}]), {
    code: 'ERR_INVALID_ARG_TYPE', message: 'signals[0] is not of type AbortSignal.',
  });
  assert.throws(() => AbortSignal.any(1), { message: 'signals cannot be converted to sequence.' });
}

// timeout
assert.throws(() => AbortSignal.timeout(-1), { code: 'ERR_OUT_OF_RANGE' });

let finished = false;
(async () => {
  const timeout = AbortSignal.timeout(2);
  const combined = AbortSignal.any([timeout, new AbortController().signal]);
  const keep = setTimeout(() => {}, 10_000);
  await new Promise((resolve) => combined.addEventListener('abort', resolve));
  clearTimeout(keep);
  assert.strictEqual(combined.reason.name, 'TimeoutError');
  assert.strictEqual(combined.reason, timeout.reason);

  const controller = new AbortController();
  const waiting = aborted(controller.signal, {});
  controller.abort();
  assert.strictEqual((await waiting).type, 'abort');
  assert.strictEqual(await aborted(controller.signal, {}), undefined);
  assert.strictEqual(listenerCount(controller.signal, 'abort'), 0);
  await assert.rejects(aborted({}, {}), { message: 'signal is not of type AbortSignal.' });
  await assert.rejects(aborted(controller.signal, null), { code: 'ERR_INVALID_ARG_TYPE' });

  await collectsSignals();
  finished = true;
})();
process.on('exit', () => assert.ok(finished));

async function collected(...references) {
  for (let i = 0; i < 20 && references.some((reference) => reference.deref() !== undefined); i++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    globalThis.gc();
  }
  for (const reference of references) assert.strictEqual(reference.deref(), undefined);
}

// Signals that nobody listens to do not stay; with a listener they do, as long as they can be aborted.
async function collectsSignals() {
  const controller = new AbortController();
  const listener = () => {};
  const idle = new WeakRef(AbortSignal.any([controller.signal]));
  const heard = new WeakRef(AbortSignal.any([controller.signal]));
  const timed = new WeakRef(AbortSignal.timeout(1_000_000));
  const orphan = new WeakRef(AbortSignal.any([new AbortController().signal]));
  for (const signal of [heard, timed, orphan]) signal.deref().addEventListener('abort', listener);
  await collected(idle, orphan);
  assert.notStrictEqual(heard.deref(), undefined);
  assert.notStrictEqual(timed.deref(), undefined);
  for (const signal of [heard, timed]) signal.deref().removeEventListener('abort', listener);
  await collected(heard, timed);
}
