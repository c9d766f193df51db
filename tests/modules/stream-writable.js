// `stream.Writable`: queueing, callbacks, ending, and the order of events.
'use strict';

const assert = require('node:assert');
const { Writable } = require('node:stream');

const settle = () => new Promise((resolve) => { setImmediate(resolve); });

function record(stream, log) {
  for (const event of ['drain', 'prefinish', 'finish', 'close']) stream.on(event, () => log.push(event));
  stream.on('error', (error) => log.push(error.code ?? error.message));
  return stream;
}

async function order() {
  const log = [];
  const stream = record(new Writable({
    highWaterMark: 3,
    write(chunk, encoding, callback) {
      log.push(`_write ${chunk}`);
      setImmediate(callback);
    },
    final(callback) {
      log.push('_final');
      callback();
    },
  }), log);
  assert.strictEqual(stream.write('ab', () => log.push('1')), true);
  assert.strictEqual(stream.write('c', () => log.push('2')), false);
  const { writableLength, writableNeedDrain, _writableState } = stream;
  assert.deepStrictEqual([writableLength, writableNeedDrain], [3, true]);
  assert.strictEqual(_writableState.bufferedRequestCount, 1);
  await new Promise((resolve) => { stream.once('drain', resolve); });
  stream.end('d', () => log.push('ended'));
  assert.strictEqual(stream.writable, false);
  assert.strictEqual(stream.writableEnded, true);
  await new Promise((resolve) => { stream.once('close', resolve); });
  assert.deepStrictEqual(log, [
    '_write ab', '_write c', '1', 'drain', '2', '_write d', '_final', 'prefinish', 'ended', 'finish', 'close',
  ]);
}

async function synchronousWrites() {
  const log = [];
  const stream = record(new Writable({
    objectMode: true,
    write(chunk, encoding, callback) {
      log.push(chunk);
      callback();
    },
  }), log);
  const done = () => log.push('done');
  stream.write(1, done);
  stream.write(2, done);
  process.nextTick(() => log.push('tick'));
  await settle();
  // Both callbacks in one tick, which was asked for by the first write.
  assert.deepStrictEqual(log, [1, 2, 'done', 'done', 'tick']);
}

async function corking() {
  const log = [];
  const stream = new Writable({
    decodeStrings: false,
    write() { assert.fail('writev takes it all'); },
    writev(chunks, callback) {
      log.push(chunks.map(({ chunk, encoding }) => [chunk, encoding]), chunks.allBuffers);
      callback();
    },
  });
  stream.cork();
  stream.cork();
  stream.write('a', 'latin1', () => log.push('a done'));
  stream.write(Buffer.from('b'));
  stream.uncork();
  assert.strictEqual(stream.writableCorked, 1);
  assert.deepStrictEqual(log, []);
  process.nextTick(() => stream.uncork());
  await settle();
  assert.deepStrictEqual(log, [[['a', 'latin1'], [Buffer.from('b'), 'buffer']], false, 'a done']);
}

async function encodings() {
  const chunks = [];
  const stream = new Writable({
    defaultEncoding: 'hex',
    write(chunk, encoding, callback) {
      chunks.push(chunk, encoding);
      callback();
    },
  });
  stream.write('6162');
  stream.setDefaultEncoding('latin1').write('é');
  stream.write(new Uint16Array([1]));
  assert.deepStrictEqual(chunks, [Buffer.from('ab'), 'buffer', Buffer.from([0xe9]), 'buffer',
                                  Buffer.from(new Uint16Array([1]).buffer), 'buffer']);
  assert.throws(() => stream.write(null), { code: 'ERR_STREAM_NULL_VALUES' });
  assert.throws(() => stream.write({}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => stream.write('x', 'zz'), { code: 'ERR_UNKNOWN_ENCODING' });
  assert.throws(() => stream.setDefaultEncoding('zz'), { code: 'ERR_UNKNOWN_ENCODING' });
}

async function failures() {
  const log = [];
  const failing = record(new Writable({
    write(chunk, encoding, callback) { setImmediate(callback, new Error('broken')); },
  }), log);
  failing.write('a', (error) => log.push(`a ${error.message}`));
  failing.write('b', (error) => log.push(`b ${error.message}`));
  failing.end((error) => log.push(`end ${error.message}`));
  await settle();
  await settle();
  assert.deepStrictEqual(log, ['a broken', 'b broken', 'end broken', 'broken', 'close']);
  assert.deepStrictEqual([failing.errored.message, failing.writableAborted], ['broken', true]);

  log.length = 0;
  const ended = record(new Writable({ write(chunk, encoding, callback) { callback(); } }), log);
  ended.end();
  await settle();
  ended.write('x', (error) => log.push(error.code));
  ended.end((error) => log.push(error.code));
  await settle();
  assert.deepStrictEqual(log, ['prefinish', 'finish', 'close', 'ERR_STREAM_WRITE_AFTER_END',
                               'ERR_STREAM_ALREADY_FINISHED']);

  log.length = 0;
  const twice = record(new Writable({
    write(chunk, encoding, callback) {
      callback();
      callback();
    },
  }), log);
  twice.write('x');
  await settle();
  assert.deepStrictEqual(log, ['ERR_MULTIPLE_CALLBACK', 'close']);

  log.length = 0;
  record(new Writable(), log).pipe(ended);
  assert.throws(() => new Writable().write('x'), { code: 'ERR_METHOD_NOT_IMPLEMENTED' });
  await settle();
  assert.deepStrictEqual(log, ['ERR_STREAM_CANNOT_PIPE', 'close']);

  log.length = 0;
  const destroyed = record(new Writable({ write() {} }), log);
  destroyed.write('a');
  destroyed.write('b', (error) => log.push(error.code));
  destroyed.destroy();
  destroyed.write('c', (error) => log.push(error.code));
  await settle();
  assert.deepStrictEqual(log, ['close', 'ERR_STREAM_DESTROYED']);
}

(async () => {
  for (const test of [order, synchronousWrites, corking, encodings, failures]) await test();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
