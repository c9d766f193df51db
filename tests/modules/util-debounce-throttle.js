// `util.debounce` and `util.throttle`: which calls run, with what, and how their promises settle.
'use strict';

const assert = require('node:assert');
const { debounce, throttle } = require('node:util');

async function testDebounce() {
  const calls = [];
  const save = debounce(function store(...args) {
    assert.strictEqual(this, save);
    calls.push(args);
    return args[0];
  }, 1);
  assert.strictEqual(save.name, 'store');
  assert.strictEqual(save.pending, null);

  const first = save(1, 'a');
  const second = save(2, 'b');
  assert.notStrictEqual(first, second);
  assert.strictEqual(save.pending, second);
  assert.strictEqual(save.pendingCount, 2);
  assert.deepStrictEqual(await Promise.all([first, second]), [2, 2]);
  assert.deepStrictEqual(calls, [[2, 'b']]);
  assert.strictEqual(save.pending, null);

  const flushed = save(3);
  assert.strictEqual(save.flush(), undefined);
  assert.deepStrictEqual(calls.at(-1), [3]);
  assert.strictEqual(await flushed, 3);

  const cancelled = save(4);
  save.cancel('why');
  await assert.rejects(cancelled, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });
  assert.strictEqual(save.ref(), save);
  assert.strictEqual(save.unref(), save);
}

async function testDebounceOptions() {
  const calls = [];
  const leading = debounce((value) => calls.push(value), 1, { leading: true });
  const promises = [leading('first'), leading('second'), leading('third')];
  assert.deepStrictEqual(calls, ['first']);
  assert.deepStrictEqual(await Promise.all(promises), [1, 2, 2]);
  assert.deepStrictEqual(calls, ['first', 'third']);

  const replacing = debounce((value) => value, 1, { rejectOnCancel: true });
  const superseded = assert.rejects(replacing(1), { message: 'The debounced call was superseded' });
  assert.strictEqual(await replacing(2), 2);
  await superseded;

  const failing = debounce(() => { throw new Error('failed'); }, 0, { leading: true });
  await assert.rejects(failing(), /failed/);

  const controller = new AbortController();
  const stopped = debounce(() => {}, 1, { signal: controller.signal });
  const waiting = assert.rejects(stopped(), { name: 'AbortError' });
  controller.abort();
  await waiting;
  await assert.rejects(stopped(), { name: 'AbortError', cause: controller.signal.reason });
  const [first, second] = await Promise.allSettled([stopped(), stopped()]);
  assert.strictEqual(first.reason, second.reason);
  assert.throws(() => debounce(() => {}, 1, { signal: controller.signal }), { name: 'AbortError' });

  // Nothing runs once the signal is aborted, whichever of its listeners have been called
  for (const leading of [false, true]) {
    const early = new AbortController();
    let inListener;
    early.signal.addEventListener('abort', (event) => {
      inListener = assert.rejects(guarded(), { name: 'AbortError', cause: 'reason' });
      assert.strictEqual(guarded.pendingCount, 0);
      event.stopImmediatePropagation();
    });
    const guarded = debounce(() => assert.fail('ran'), 1, { leading, signal: early.signal });
    early.abort('reason');
    await inListener;
  }
  assert.throws(() => debounce(() => {}, -1), { code: 'ERR_OUT_OF_RANGE' });
}

async function testThrottle() {
  const calls = [];
  const send = throttle(function transmit(value) {
    assert.strictEqual(this, send);
    calls.push(value);
    return value;
  }, 2, 20);
  assert.strictEqual(send.hasImmediateCapacity(), true);
  const results = [send(1), send(2), send(3)];
  assert.deepStrictEqual(calls, [1, 2]);
  assert.strictEqual(send.hasImmediateCapacity(), false);
  assert.strictEqual(send.pendingCount, 1);
  assert.strictEqual(send.activeCount, 2);
  assert.strictEqual(send.pending, results[2]);
  assert.deepStrictEqual(await Promise.all(results), [1, 2, 3]);
  assert.strictEqual(send.activeCount, 0);

  const dropping = throttle((value) => value, 1, 1000, { overflow: 'drop' });
  const dropped = [dropping(1), dropping(2)];
  assert.strictEqual(await dropped[0], 1);
  await assert.rejects(dropped[1], {
    code: 'ERR_THROTTLED',
    message: 'The call was dropped by the throttled function',
  });

  const short = throttle((value) => value, 1, 1000, { maxPending: 1 });
  short(1);
  const kept = assert.rejects(short(2), { name: 'AbortError' });
  await assert.rejects(short(3), { code: 'ERR_THROTTLED' });
  short.cancel();
  await kept;
  assert.strictEqual(await short(4), 4);

  const gates = [];
  const slow = throttle(() => new Promise((resolve) => gates.push(resolve)), 9, 0, { concurrency: 1 });
  const running = [slow(), slow()];
  assert.strictEqual(slow.activeCount, 1);
  assert.strictEqual(gates.length, 1);
  gates[0]('a');
  assert.strictEqual(await running[0], 'a');
  assert.strictEqual(gates.length, 2);
  gates[1]('b');
  assert.strictEqual(await running[1], 'b');

  assert.throws(() => throttle(() => {}, 0, 1), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => throttle(() => {}, 1, 1, { overflow: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
}

(async () => {
  await testDebounce();
  await testDebounceOptions();
  await testThrottle();
})();
