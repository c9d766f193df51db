// Event, CustomEvent and EventTarget, and what `node:events` does with targets.
'use strict';

const assert = require('node:assert');
const events = require('node:events');
const { inspect } = require('node:util');

// Events
{
  const event = new Event('x', { cancelable: true, bubbles: true });
  assert.strictEqual(event.type, 'x');
  assert.ok(event.cancelable && event.bubbles && !event.composed && !event.isTrusted);
  assert.strictEqual(event.eventPhase, Event.NONE);
  event.preventDefault();
  assert.ok(event.defaultPrevented);
  assert.strictEqual(event.returnValue, false);
  event.initEvent('y');
  assert.ok(event.type === 'y' && !event.bubbles && !event.cancelable);
  assert.match(inspect(event), /^Event \{\n {2}type: 'y',\n {2}defaultPrevented: true,\n {2}cancelable: false,/);
  assert.strictEqual(new CustomEvent('x', { detail: 5 }).detail, 5);
  assert.strictEqual(String(new CustomEvent('x')), '[object CustomEvent]');
  assert.throws(() => new Event(), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => new Event('x', 1), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => Reflect.get(Event.prototype, 'type', {}), {
    code: 'ERR_INVALID_THIS', message: 'Value of "this" must be of type Event',
  });
}

// Listeners: order, duplicates, once, capture, passive, signal
{
  const target = new EventTarget();
  const calls = [];
  const listener = () => calls.push('listener');
  const controller = new AbortController();
  target.addEventListener('x', listener);
  target.addEventListener('x', listener);
  target.addEventListener('x', listener, true);
  target.addEventListener('x', { handleEvent(event) { calls.push(event.target === target); } }, { once: true });
  target.addEventListener('x', (event) => { event.preventDefault(); }, { passive: true });
  target.addEventListener('x', () => calls.push('signal'), { signal: controller.signal });
  assert.strictEqual(target.dispatchEvent(new Event('x', { cancelable: true })), true);
  assert.deepStrictEqual(calls, ['listener', 'listener', true, 'signal']);
  calls.length = 0;
  controller.abort();
  target.removeEventListener('x', listener, true);
  target.dispatchEvent(new Event('x'));
  assert.deepStrictEqual(calls, ['listener']);
  assert.deepStrictEqual(events.getEventListeners(target, 'x')[0], listener);
  assert.strictEqual(events.listenerCount(target, 'x'), 2);
}

// What is added meanwhile waits, what is removed is not called, propagation can be stopped
{
  const target = new EventTarget();
  const calls = [];
  const removed = () => calls.push('removed');
  target.addEventListener('x', () => {
    calls.push('first');
    target.removeEventListener('x', removed);
  });
  target.addEventListener('x', removed);
  target.addEventListener('x', (event) => {
    target.addEventListener('x', () => calls.push('added'), { once: true });
    event.stopImmediatePropagation();
  });
  target.addEventListener('x', () => calls.push('stopped'));
  target.dispatchEvent(new Event('x'));
  assert.deepStrictEqual(calls, ['first']);
}

// State while an event is dispatched
{
  const target = new EventTarget();
  target.addEventListener('x', (event) => {
    assert.strictEqual(event.currentTarget, target);
    assert.strictEqual(event.eventPhase, Event.AT_TARGET);
    assert.deepStrictEqual(event.composedPath(), [target]);
    assert.throws(() => target.dispatchEvent(event), { code: 'ERR_EVENT_RECURSION' });
  });
  const event = new Event('x');
  target.dispatchEvent(event);
  assert.strictEqual(event.currentTarget, null);
  assert.strictEqual(event.target, target);
}

// Wrong arguments
{
  const target = new EventTarget();
  assert.throws(() => target.addEventListener('x'), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => target.addEventListener('x', 1), {
    message: 'The "listener" argument must be an instance of EventListener. Received type number (1)',
  });
  assert.throws(() => target.addEventListener(Symbol('s'), () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => target.dispatchEvent({ type: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => target.addEventListener.call({}, 'x', () => {}), { code: 'ERR_INVALID_THIS' });
}

// Limits
{
  const target = new EventTarget();
  events.setMaxListeners(1, target);
  assert.strictEqual(events.getMaxListeners(target), 1);
  assert.strictEqual(events.getMaxListeners(new AbortController().signal), 0);
  target.addEventListener('x', () => {});
  target.addEventListener('x', () => {});
  process.once('warning', (warning) => {
    assert.strictEqual(
      warning.message,
      'Possible EventTarget memory leak detected. 2 x listeners added to EventTarget. MaxListeners is 1. ' +
        'Use events.setMaxListeners() to increase limit'
    );
    assert.strictEqual(warning.target, target);
  });
}

// What listeners throw is an uncaught exception afterwards
{
  const target = new EventTarget();
  const calls = [];
  process.on('uncaughtException', (error, origin) => calls.push(`${error.message} ${origin}`));
  target.addEventListener('x', () => { throw new Error('thrown'); });
  target.addEventListener('x', async () => { throw new Error('rejected'); });
  target.addEventListener('x', () => calls.push('last'));
  target.dispatchEvent(new Event('x'));
  setTimeout(() => {
    assert.deepStrictEqual(calls, ['last', 'thrown uncaughtException', 'rejected uncaughtException']);
    process.removeAllListeners('uncaughtException');
  }, 1);
}
