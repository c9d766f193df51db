// `stream.Readable`: reading, flowing, encodings, and the order of events.
'use strict';

const assert = require('node:assert');
const { Readable } = require('node:stream');

const settle = () => new Promise((resolve) => { setImmediate(resolve); });

function record(stream, log) {
  for (const event of ['pause', 'resume', 'end', 'close']) stream.on(event, () => log.push(event));
  stream.on('error', (error) => log.push(error.code ?? error.message));
  return stream;
}

async function reading() {
  const stream = new Readable({ read() {} });
  stream.push('abc');
  stream.push('defg');
  assert.strictEqual(stream.readableLength, 7);
  assert.strictEqual(stream.read(100), null);
  assert.strictEqual(String(stream.read(5)), 'abcde');
  assert.strictEqual(stream.readableLength, 2);
  stream.unshift('xy');
  // Without a length, a chunk as it was pushed.
  assert.strictEqual(String(stream.read()), 'xy');
  assert.strictEqual(String(stream.read()), 'fg');
  assert.strictEqual(stream.read(), null);
  assert.ok(stream.readableDidRead);

  stream.push('tail');
  stream.push(null);
  // At the end, what is left.
  assert.strictEqual(String(stream.read(9)), 'tail');
  const log = [];
  record(stream, log);
  await settle();
  assert.deepStrictEqual(log, ['end', 'close']);

  record(stream, log);
  assert.strictEqual(stream.push('late'), false);
  assert.throws(() => new Readable().read(2 ** 31), { code: 'ERR_OUT_OF_RANGE' });
}

async function encodings() {
  const stream = new Readable({ encoding: 'utf8', read() {} });
  const euro = Buffer.from('€');
  stream.push(euro.subarray(0, 2));
  assert.strictEqual(stream.readableLength, 0);
  stream.push(euro.subarray(2));
  stream.push(Buffer.from('!'));
  assert.strictEqual(stream.read(), '€!');
  stream.push(euro.subarray(0, 1));
  stream.push(null);
  assert.strictEqual(stream.read(), '\ufffd');

  const late = new Readable({ read() {} });
  late.push('616');
  late.push('2');
  assert.strictEqual(late.setEncoding('hex'), late);
  assert.strictEqual(late.readableEncoding, 'hex');
  assert.strictEqual(late.read(), '36313632');
  assert.throws(() => late.setEncoding('zz'), { code: 'ERR_UNKNOWN_ENCODING' });
}

async function flowing() {
  let n = 0;
  const log = [];
  const stream = record(new Readable({
    objectMode: true,
    highWaterMark: 2,
    read() {
      log.push('_read');
      this.push(n < 3 ? { n: n++ } : null);
    },
  }), log);
  assert.strictEqual(stream.readableFlowing, null);
  stream.on('data', (chunk) => {
    log.push(chunk.n);
    if (chunk.n === 1) stream.pause();
  });
  assert.strictEqual(stream.readableFlowing, true);
  process.nextTick(() => log.push('tick'));
  await settle();
  assert.deepStrictEqual(log, ['_read', 'resume', '_read', 0, '_read', 1, 'pause', 'tick', '_read']);
  assert.strictEqual(stream.isPaused(), true);
  stream.resume();
  await settle();
  assert.deepStrictEqual(log.slice(-4), ['resume', 2, 'end', 'close']);
}

async function readableEvents() {
  const stream = new Readable({ objectMode: true, read() {} });
  const log = [];
  stream.on('readable', () => {
    log.push('readable');
    let chunk;
    while ((chunk = stream.read()) !== null) log.push(chunk);
  });
  stream.on('end', () => log.push('end'));
  assert.strictEqual(stream.readableFlowing, false);
  stream.push(1);
  stream.push(2);
  await settle();
  stream.push(3);
  stream.push(null);
  await settle();
  assert.deepStrictEqual(log, ['readable', 1, 2, 'readable', 3, 'readable', 'end']);
}

async function errors() {
  const log = [];
  const stream = record(new Readable({
    construct(callback) {
      log.push('construct');
      setImmediate(callback);
    },
    read() {
      log.push('_read');
      throw new Error('in _read');
    },
    destroy(error, callback) {
      log.push(`destroy ${error.message}`);
      callback(error);
    },
  }), log);
  stream.resume();
  await settle();
  await settle();
  assert.deepStrictEqual(log, ['construct', 'resume', '_read', 'destroy in _read', 'in _read', 'close']);
  assert.strictEqual(stream.errored.message, 'in _read');
  assert.strictEqual(stream.readableAborted, true);

  const order = [];
  const gone = record(new Readable({ read() {} }), order);
  gone.destroy(new Error('first'), (error) => order.push(`callback ${error.message}`));
  gone.destroy(new Error('second'));
  assert.deepStrictEqual([gone.destroyed, gone.closed], [true, true]);
  await settle();
  assert.deepStrictEqual(order, ['callback first', 'first', 'close']);

  const bytes = record(new Readable({ read() {} }), order);
  bytes.push(5);
  assert.strictEqual(bytes.errored.message,
    'The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. ' +
    'Received type number (5)');

  const quiet = record(new Readable({ emitClose: false, read() {} }), order);
  quiet.destroy();
  await settle();
  assert.strictEqual(quiet.closed, true);
}

async function wrapping() {
  const EventEmitter = require('node:events');
  const old = new EventEmitter();
  let paused = 0;
  old.pause = () => { paused++; };
  old.resume = () => {};
  const stream = new Readable({ objectMode: true, highWaterMark: 1 }).wrap(old);
  old.emit('data', 'a');
  old.emit('data', 'b');
  old.emit('end');
  assert.strictEqual(paused, 2);
  assert.deepStrictEqual(await stream.toArray(), ['a', 'b']);
}

async function disposal() {
  const stream = new Readable({ read() {} });
  stream.on('error', () => {});
  await stream[Symbol.asyncDispose]();
  assert.strictEqual(stream.errored.name, 'AbortError');
}

(async () => {
  for (const test of [reading, encodings, flowing, readableEvents, errors, wrapping, disposal]) await test();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
