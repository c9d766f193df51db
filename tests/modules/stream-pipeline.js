// `stream.pipeline`, `finished`, `compose` and `addAbortSignal`.
'use strict';

const assert = require('node:assert');
const {
  PassThrough, Readable, Transform, Writable, addAbortSignal, compose, finished, pipeline, promises,
} = require('node:stream');

const settle = () => new Promise((resolve) => { setImmediate(resolve); });
const run = (...streams) => new Promise((resolve) => {
  pipeline(...streams, (error, value) => resolve({ error, value }));
});

function collector(chunks, options) {
  return new Writable({
    objectMode: true,
    write(chunk, encoding, callback) {
      chunks.push(chunk);
      callback();
    },
    ...options,
  });
}

async function success() {
  const chunks = [];
  const add = new Transform({
    objectMode: true,
    transform(chunk, encoding, callback) { callback(null, chunk + 1); },
  });
  const { error } = await run([1, 2], add, async function* (source, { signal }) {
    assert.strictEqual(signal.aborted, false);
    for await (const chunk of source) yield chunk * 10;
  }, collector(chunks));
  assert.strictEqual(error, undefined);
  assert.deepStrictEqual(chunks, [20, 30]);

  const sum = await promises.pipeline(Readable.from([1, 2, 3]), async (source) => {
    let total = 0;
    for await (const chunk of source) total += chunk;
    return total;
  });
  assert.strictEqual(sum, 6);

  const open = collector(chunks);
  await promises.pipeline(Readable.from(['more']), open, { end: false });
  assert.strictEqual(open.writableEnded, false);
  open.end();
}

async function failure() {
  const source = new Readable({ objectMode: true, read() {} });
  const middle = new PassThrough({ objectMode: true });
  const result = run(source, middle, collector([], {
    write(chunk, encoding, callback) { callback(new Error('full')); },
  }));
  source.push(1);
  assert.strictEqual((await result).error.message, 'full');
  assert.deepStrictEqual([source.destroyed, middle.destroyed], [true, true]);

  const cut = new Readable({ read() {} });
  const premature = run(cut, new PassThrough());
  cut.destroy();
  assert.strictEqual((await premature).error.code, 'ERR_STREAM_PREMATURE_CLOSE');

  const controller = new AbortController();
  const { signal } = controller;
  const aborted = promises.pipeline(new Readable({ read() {} }), new PassThrough(), { signal });
  controller.abort('why');
  await assert.rejects(aborted, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' });

  assert.throws(() => pipeline(new PassThrough(), () => {}), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => pipeline(new PassThrough(), new PassThrough()), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(promises.pipeline(() => 5, new PassThrough()), { code: 'ERR_INVALID_RETURN_VALUE' });
}

async function watching() {
  const log = [];
  const stream = new PassThrough();
  finished(stream, function(error) { log.push(['both', error, this === stream]); });
  finished(stream, { readable: false }, (error) => log.push(['writable', error]));
  const stop = finished(stream, () => log.push(['stopped']));
  stop();
  stream.end();
  await settle();
  assert.deepStrictEqual(log, [['writable', undefined]]);
  stream.resume();
  await settle();
  assert.deepStrictEqual(log.slice(1), [['both', undefined, true]]);

  // Also a stream that is through.
  await promises.finished(stream);
  const gone = new PassThrough().destroy();
  await assert.rejects(promises.finished(gone), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  const aborted = promises.finished(new PassThrough(), { signal: AbortSignal.abort() });
  await assert.rejects(aborted, { name: 'AbortError' });
  const before = new PassThrough();
  const promise = promises.finished(before, { cleanup: true });
  before.destroy(new Error('x'));
  await assert.rejects(promise, { message: 'x' });
  assert.strictEqual(before.listenerCount('end'), 0);
  assert.throws(() => finished(stream, {}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => finished({}, () => {}), { code: 'ERR_INVALID_ARG_TYPE' });
}

async function composing() {
  const shout = compose(
    new Transform({ transform(chunk, encoding, callback) { callback(null, String(chunk).toUpperCase()); } }),
    async function* (source) {
      for await (const chunk of source) yield `${chunk}!`;
    },
  );
  shout.end('hey');
  assert.strictEqual(String(await shout.toArray()), 'HEY!');
  assert.throws(() => compose(new Writable(), new PassThrough()), { code: 'ERR_INVALID_ARG_VALUE' });

  const failing = compose(new PassThrough(), async function* () { throw new Error('inside'); });
  failing.end('x');
  await assert.rejects(failing.toArray(), { message: 'inside' });
}

async function signals() {
  const controller = new AbortController();
  const stream = addAbortSignal(controller.signal, new Readable({ read() {} }));
  const errors = [];
  stream.on('error', (error) => errors.push(error.code));
  controller.abort();
  assert.strictEqual(stream.destroyed, true);
  await settle();
  assert.deepStrictEqual(errors, ['ABORT_ERR']);
  assert.throws(() => addAbortSignal({}, stream), { code: 'ERR_INVALID_ARG_TYPE' });
}

(async () => {
  for (const test of [success, failure, watching, composing, signals]) await test();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
