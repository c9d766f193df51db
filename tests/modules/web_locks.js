// Locks of `navigator.locks` on one thread: when callbacks run, when locks are given back, who is told of a theft.
'use strict';

const assert = require('assert');
const { locks } = navigator;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What happens, in order, where a lock is wanted three times and the first callback returns this. */
async function orderWith(name, callback) {
  const order = [];
  const note = (text) => () => { order.push(text); };
  locks.request(name, callback).then(note('A done'), note('A failed'));
  locks.request(name, note('B')).then(note('B done'));
  locks.request(name, { ifAvailable: true }, (lock) => { order.push(`C ${lock}`); });
  order.push('sync');
  let tick = Promise.resolve();
  for (let i = 1; i < 4; i++) tick = tick.then(note(`m${i}`));
  await turn();
  return order.join(' ');
}

async function main() {
  // Nothing else keeps the process alive: locks that are given back are.
  const granted = [];
  await Promise.all([1, 2, 3].map((i) => locks.request('only', () => { granted.push(i); })));
  assert.deepStrictEqual(granted, [1, 2, 3]);

  assert.strictEqual(await orderWith('value', () => {}), 'B C [object Lock] sync m1 A done B done m2 m3');
  assert.strictEqual(await orderWith('promise', () => Promise.resolve()), 'C null sync B m1 m2 A done B done m3');
  assert.strictEqual(await orderWith('rejected', async () => { throw 1; }), 'C null sync B m1 m2 A failed B done m3');
  // What only looks like a promise is none.
  assert.match(await orderWith('thenable', () => ({ then(resolve) { resolve(); } })), /^B C \[object Lock\] sync/);

  // Whom it is stolen from hears of it, and the next one gets it.
  const order = [];
  locks.request('stolen', () => new Promise(() => {})).catch(({ name }) => order.push(`1 ${name}`));
  locks.request('stolen', () => { order.push('2'); });
  await locks.request('stolen', { steal: true }, () => { order.push('thief'); });
  await turn();
  assert.deepStrictEqual(order, ['thief', '2', '1 AbortError']);

  // A signal takes a request back until its callback runs.
  const controller = new AbortController();
  const early = locks.request('aborted', { signal: controller.signal }, () => assert.fail('called'));
  controller.abort('reason');
  await assert.rejects(early, (error) => error === 'reason');
  const late = new AbortController();
  assert.strictEqual(await locks.request('aborted', { signal: late.signal }, async () => {
    late.abort();
    await turn();
    return 5;
  }), 5);
  let release;
  locks.request('waits', () => new Promise((resolve) => { release = resolve; }));
  const waiting = new AbortController();
  const canceled = locks.request('waits', { signal: waiting.signal }, () => assert.fail('called'));
  const next = locks.request('waits', (lock) => lock.mode);
  waiting.abort();
  await assert.rejects(canceled, { name: 'AbortError' });
  release();
  assert.strictEqual(await next, 'exclusive');

  // Names are any strings.
  await locks.request('\ud800', async (lock) => {
    assert.strictEqual(lock.name, '\ud800');
    assert.strictEqual((await locks.query()).held[0].name, '\ud800');
    assert.strictEqual(await locks.request('\ufffd', { ifAvailable: true }, ({ name }) => name), '\ufffd');
  });

  const refused = async (options, expected) => assert.rejects(locks.request('x', options, () => {}), expected);
  await refused(1, { code: 'ERR_INVALID_ARG_TYPE', message: 'Value cannot be converted to a dictionary' });
  await refused({ mode: Symbol('m') }, { message: 'mode is a Symbol and cannot be converted to a string.' });
  await refused({ mode: 'both' }, { code: 'ERR_INVALID_ARG_VALUE' });
  await refused({ signal: {} }, { code: 'ERR_INVALID_ARG_TYPE' });
  await refused({ signal: null }, { message: 'signal is not an object.' });
  await refused({ signal: AbortSignal.abort(), ifAvailable: true }, { name: 'AbortError' });
  await refused({ steal: true, ifAvailable: true }, { name: 'NotSupportedError' });
  await refused({ steal: true, mode: 'shared' }, { name: 'NotSupportedError' });
}

let hasEnded = false;
main().then(() => { hasEnded = true; });
process.on('exit', () => assert.ok(hasEnded));
