// `readable.pipe`, `unpipe`, and the duplexes: Transform, PassThrough, duplexPair, Duplex.from.
'use strict';

const assert = require('node:assert');
const { Duplex, PassThrough, Readable, Transform, Writable, duplexPair } = require('node:stream');
const { text } = require('node:stream/consumers');

const settle = () => new Promise((resolve) => { setImmediate(resolve); });

async function severalDestinations() {
  const source = new Readable({ objectMode: true, read() {} });
  const dests = [1, 100].map((highWaterMark) => {
    const callbacks = [];
    const stream = new Writable({
      objectMode: true,
      highWaterMark,
      write(chunk, encoding, callback) { callbacks.push(callback); },
    });
    source.pipe(stream);
    return { stream, callbacks };
  });
  assert.strictEqual(source._readableState.pipes.length, 2);
  await settle();
  source.push('a');
  source.push('b');
  await settle();
  // The slowest sets the pace.
  assert.strictEqual(source.isPaused(), true);
  assert.strictEqual(source._readableState.awaitDrainWriters.size, 1);
  assert.deepStrictEqual(dests.map(({ stream }) => stream.writableLength), [1, 1]);
  dests[0].callbacks.shift()();
  await settle();
  assert.deepStrictEqual(dests.map(({ stream }) => stream.writableLength), [1, 2]);

  const unpiped = [];
  for (const { stream } of dests) stream.on('unpipe', (from) => unpiped.push(from === source));
  source.unpipe(dests[0].stream);
  source.unpipe();
  assert.deepStrictEqual(unpiped, [true, true]);
  assert.strictEqual(source.readableFlowing, false);
}

async function errorsUnpipe() {
  const log = [];
  const source = new Readable({ objectMode: true, read() {} });
  const dest = new Writable({ write(chunk, encoding, callback) { callback(); } });
  dest.on('unpipe', () => log.push('unpipe'));
  dest.on('error', (error) => log.push(error.code));
  source.pipe(dest);
  source.push({});
  await settle();
  assert.deepStrictEqual(log, ['unpipe', 'ERR_INVALID_ARG_TYPE']);
  assert.strictEqual(source.destroyed, false);
}

async function transforms() {
  const log = [];
  const upper = new Transform({
    encoding: 'utf8',
    transform(chunk, encoding, callback) { callback(null, String(chunk).toUpperCase()); },
    flush(callback) { callback(null, '!'); },
  });
  for (const event of ['prefinish', 'finish', 'end', 'close']) upper.on(event, () => log.push(event));
  upper.on('data', (chunk) => log.push(chunk));
  upper.write('a');
  upper.end('b');
  await settle();
  assert.deepStrictEqual(log, ['A', 'B', '!', 'prefinish', 'end', 'finish', 'close']);

  const full = new PassThrough({ objectMode: true, highWaterMark: 1 });
  assert.deepStrictEqual([full.write(1), full.write(2), full.write(3)], [false, false, false]);
  assert.deepStrictEqual([full.readableLength, full.writableLength], [1, 3]);

  const twice = new Transform({ transform(chunk, encoding, callback) { callback(); callback(); } });
  twice.on('error', (error) => log.push(error.code));
  twice.write('x');
  await settle();
  assert.strictEqual(log.at(-1), 'ERR_MULTIPLE_CALLBACK');
  assert.throws(() => new Transform().write('x'), { code: 'ERR_METHOD_NOT_IMPLEMENTED' });
}

async function halves() {
  const [left, right] = duplexPair();
  left.end('ping');
  assert.strictEqual(await text(right), 'ping');

  const closing = new Duplex({
    allowHalfOpen: false,
    read() {},
    write(chunk, encoding, callback) { callback(); },
  });
  closing.push(null);
  closing.resume();
  await settle();
  assert.strictEqual(closing.writableFinished, true);

  const readOnly = new Duplex({ writable: false, read() {} });
  assert.deepStrictEqual([readOnly.readable, readOnly.writable, readOnly.writableEnded], [true, false, true]);
}

async function conversions() {
  const doubled = Duplex.from(async function* (source) {
    for await (const chunk of source) yield chunk * 2;
  });
  doubled.write(1);
  doubled.end(2);
  assert.deepStrictEqual(await doubled.toArray(), [2, 4]);

  const sink = [];
  const pair = Duplex.from({
    readable: Readable.from(['out']),
    writable: new Writable({
      objectMode: true,
      write(chunk, encoding, callback) {
        sink.push(chunk);
        callback();
      },
    }),
  });
  pair.end('in');
  assert.deepStrictEqual(await pair.toArray(), ['out']);
  assert.deepStrictEqual(sink, ['in']);

  assert.deepStrictEqual(await Duplex.from(Promise.resolve('later')).toArray(), ['later']);
  assert.throws(() => Duplex.from(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => Duplex.from(() => 5), { code: 'ERR_INVALID_RETURN_VALUE' });
}

(async () => {
  for (const test of [severalDestinations, errorsUnpipe, transforms, halves, conversions]) await test();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
