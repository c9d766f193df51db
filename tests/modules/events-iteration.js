// `node:events`: `once` and `on`, for emitters and event targets.
'use strict';

const assert = require('node:assert');
const EventEmitter = require('node:events');

const { once, on, addAbortListener } = EventEmitter;

async function testOnce() {
  const emitter = new EventEmitter();
  const promise = once(emitter, 'a');
  emitter.emit('a', 1, 2);
  assert.deepStrictEqual(await promise, [1, 2]);
  assert.deepStrictEqual(emitter.eventNames(), []);

  const failing = once(emitter, 'a');
  emitter.emit('error', new Error('failed'));
  await assert.rejects(failing, { message: 'failed' });

  const error = once(emitter, 'error');
  emitter.emit('error', 'value');
  assert.deepStrictEqual(await error, ['value']);

  const target = new EventTarget();
  target.addEventListener('x', (event) => event.stopImmediatePropagation());
  const event = once(target, 'x');
  target.dispatchEvent(new Event('x'));
  assert.strictEqual((await event)[0].type, 'x');

  const controller = new AbortController();
  const aborted = once(emitter, 'a', { signal: controller.signal });
  controller.abort('why');
  await assert.rejects(aborted, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
  assert.deepStrictEqual(emitter.eventNames(), []);

  await assert.rejects(once({}, 'a'), {
    message: 'The "emitter" argument must be an instance of EventEmitter. Received an instance of Object',
  });
}

async function testOn() {
  const emitter = new EventEmitter();
  const iterator = on(emitter, 'a', { close: ['end'] });
  emitter.emit('a', 1);
  emitter.emit('a', 2, 3);
  emitter.emit('end');
  emitter.emit('a', 4);
  const values = [];
  for await (const value of iterator) values.push(value);
  assert.deepStrictEqual(values, [[1], [2, 3]]);
  assert.deepStrictEqual(emitter.eventNames(), []);

  const failing = on(emitter, 'a');
  const pending = [failing.next(), failing.next()];
  emitter.emit('error', new Error('failed'));
  const results = await Promise.allSettled(pending);
  assert.strictEqual(results[0].reason.message, 'failed');
  assert.deepStrictEqual(results[1].value, { done: true, value: undefined });
  assert.throws(() => failing.throw(1), {
    message: 'The "EventEmitter.AsyncIterator" property must be an instance of Error. Received type number (1)',
  });

  const controller = new AbortController();
  const aborted = on(emitter, 'a', { signal: controller.signal });
  const next = aborted.next();
  controller.abort();
  await assert.rejects(next, { code: 'ABORT_ERR' });
}

async function testWatermarks() {
  const log = [];
  const emitter = Object.assign(new EventEmitter(), {
    pause() { log.push('pause'); },
    resume() { log.push('resume'); },
  });
  const iterator = on(emitter, 'a', { highWaterMark: 3, lowWaterMark: 2 });
  for (let i = 0; i < 6; i++) emitter.emit('a', i);
  for (let i = 0; i < 6; i++) log.push((await iterator.next()).value[0]);
  assert.deepStrictEqual(log, ['pause', 0, 1, 2, 3, 'resume', 4, 5]);
  assert.throws(() => on(emitter, 'a', { highWaterMark: 0 }), { code: 'ERR_OUT_OF_RANGE' });
}

async function testAbortListener() {
  const controller = new AbortController();
  const calls = [];
  controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
  addAbortListener(controller.signal, (event) => calls.push(event.type));
  const disposable = addAbortListener(controller.signal, () => calls.push('disposed'));
  disposable[Symbol.dispose]();
  controller.abort();
  addAbortListener(controller.signal, () => calls.push('late'));
  assert.deepStrictEqual(calls, ['abort']);
  await null;
  assert.deepStrictEqual(calls, ['abort', 'late']);
}

let finished = false;
(async () => {
  await testOnce();
  await testOn();
  await testWatermarks();
  await testAbortListener();
  finished = true;
})();
process.on('exit', () => assert.ok(finished));
