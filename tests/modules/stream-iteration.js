// Streams and iterators: `for await`, `Readable.from`, the array-like methods, `stream/consumers`.
'use strict';

const assert = require('node:assert');
const { Readable } = require('node:stream');
const consumers = require('node:stream/consumers');

const settle = () => new Promise((resolve) => { setImmediate(resolve); });

async function loops() {
  const stream = Readable.from([1, 2, 3]);
  const seen = [];
  for await (const chunk of stream) seen.push(chunk);
  assert.deepStrictEqual(seen, [1, 2, 3]);
  assert.strictEqual(stream.destroyed, true);

  const left = Readable.from([1, 2]);
  for await (const chunk of left) if (chunk === 1) break;
  assert.strictEqual(left.destroyed, true);

  const kept = Readable.from([1, 2]);
  const iterator = kept.iterator({ destroyOnReturn: false });
  for await (const chunk of iterator) if (chunk === 1) break;
  assert.strictEqual(kept.destroyed, false);
  assert.deepStrictEqual(await kept.toArray(), [2]);

  const failing = new Readable({ objectMode: true, read() {} });
  failing.push(1);
  setImmediate(() => failing.destroy(new Error('cut')));
  await assert.rejects(failing.toArray(), { message: 'cut' });

  const gone = new Readable({ read() {} }).destroy();
  await assert.rejects(gone.toArray(), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

// Calls are answered in order, at once while there are chunks.
async function requests() {
  const stream = new Readable({ objectMode: true, read() {} });
  const iterator = stream[Symbol.asyncIterator]();
  assert.strictEqual(iterator.stream, stream);
  const answers = [];
  const note = (name) => ({ value, done }) => answers.push([name, value, done]);
  stream.push('a');
  const all = [
    iterator.next().then(note(1)), iterator.next().then(note(2)),
    iterator.return('r').then(note(3)), iterator.next().then(note(4)),
  ];
  await settle();
  assert.deepStrictEqual(answers, [[1, 'a', false]]);
  stream.on('error', () => {});
  stream.push('b');
  await Promise.all(all);
  assert.deepStrictEqual(answers.slice(1), [[2, 'b', false], [3, 'r', true], [4, undefined, true]]);
  assert.strictEqual(stream.destroyed, true);
}

async function sources() {
  assert.deepStrictEqual(await Readable.from('text').toArray(), ['text']);
  assert.deepStrictEqual(await Readable.from([Promise.resolve(1), 2]).toArray(), [1, 2]);
  await assert.rejects(Readable.from([1, null]).toArray(), { code: 'ERR_STREAM_NULL_VALUES' });
  assert.throws(() => Readable.from(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(Readable.from([]).readableHighWaterMark, 1);

  const log = [];
  const stream = Readable.from((function* () {
    try {
      yield 1;
      yield 2;
    } catch (error) {
      log.push(error.message);
    } finally {
      log.push('closed');
    }
  })());
  stream.on('error', (error) => log.push(error.message));
  stream.once('data', () => stream.destroy(new Error('stop')));
  await new Promise((resolve) => { stream.on('close', resolve); });
  assert.deepStrictEqual(log, ['stop', 'closed', 'stop']);
}

async function operators() {
  const numbers = () => Readable.from([1, 2, 3, 4]);
  assert.deepStrictEqual(await numbers().map((n) => n * 2).toArray(), [2, 4, 6, 8]);
  assert.deepStrictEqual(await numbers().filter(async (n) => n % 2).toArray(), [1, 3]);
  assert.deepStrictEqual(await numbers().flatMap((n) => [n, n]).take(3).toArray(), [1, 1, 2]);
  assert.deepStrictEqual(await numbers().drop(3).toArray(), [4]);
  assert.strictEqual(await numbers().reduce((sum, n) => sum + n), 10);
  assert.strictEqual(await numbers().reduce((sum, n) => sum + n, 5), 15);
  assert.strictEqual(await numbers().some((n) => n > 3), true);
  assert.strictEqual(await numbers().every((n) => n > 3), false);
  assert.strictEqual(await numbers().find((n) => n > 2), 3);
  const seen = [];
  await numbers().forEach((n) => { seen.push(n); });
  assert.deepStrictEqual(seen, [1, 2, 3, 4]);

  // Several calls at once, results in order.
  let running = 0;
  let most = 0;
  const delayed = numbers().map(async (n) => {
    most = Math.max(most, ++running);
    for (let i = 5 - n; i > 0; i--) await settle();
    running--;
    return n;
  }, { concurrency: 2 });
  assert.deepStrictEqual(await delayed.toArray(), [1, 2, 3, 4]);
  assert.strictEqual(most, 2);

  await assert.rejects(numbers().map((n) => { throw new Error(`at ${n}`); }).toArray(), { message: 'at 1' });
  await assert.rejects(Readable.from([]).reduce((a) => a), {
    code: 'ERR_MISSING_ARGS', message: 'Reduce of an empty stream requires an initial value',
  });
  await assert.rejects(numbers().toArray({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  await assert.rejects(numbers().some(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => numbers().map(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => numbers().map(() => {}, { concurrency: 0 }), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => numbers().take(-1), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => new (numbers().map)(() => {}), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}

async function whole() {
  const euro = Buffer.from('"€"');
  const parts = () => Readable.from([euro.subarray(0, 2), euro.subarray(2)]);
  assert.strictEqual(await consumers.text(parts()), '"€"');
  assert.strictEqual(await consumers.json(parts()), '€');
  assert.deepStrictEqual(await consumers.buffer(parts()), euro);
  assert.deepStrictEqual(await consumers.bytes(parts()), new Uint8Array(euro));
  assert.strictEqual((await consumers.arrayBuffer(parts())).byteLength, 5);
  assert.strictEqual((await consumers.blob(Readable.from(['a', euro]))).size, 6);
  assert.deepStrictEqual(await consumers.buffer(Readable.from(['é', 5])), Buffer.from('é5'));
  await assert.rejects(consumers.text(Readable.from([{}])), { code: 'ERR_INVALID_ARG_TYPE' });
}

(async () => {
  for (const test of [loops, requests, sources, operators, whole]) await test();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
