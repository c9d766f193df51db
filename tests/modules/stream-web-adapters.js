// Node's streams made of web streams and the other way round.
'use strict';

const assert = require('assert');
const {
  Duplex, PassThrough, Readable, Writable, addAbortSignal, finished, isDisturbed, isErrored, isReadable, isWritable,
} = require('stream');
const { pipeline } = require('stream/promises');
const consumers = require('stream/consumers');

async function readableToWeb() {
  const stream = Readable.toWeb(Readable.from(['a', 'b'], { objectMode: false }));
  const chunks = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk).toString());
  assert.strictEqual(chunks.join(''), 'ab');

  const failing = new Readable({ read() {} });
  const reader = Readable.toWeb(failing).getReader();
  failing.destroy(new Error('gone'));
  await assert.rejects(reader.read(), { message: 'gone' });

  const destroyed = new Readable({ read() {} });
  const other = Readable.toWeb(destroyed).getReader();
  destroyed.destroy();
  await assert.rejects(other.read(), { name: 'AbortError', code: 'ABORT_ERR' });

  const cancelled = new Readable({ read() {} });
  const reason = new Error('enough');
  const failed = new Promise((resolve) => cancelled.once('error', resolve));
  await Readable.toWeb(cancelled).cancel(reason);
  assert.strictEqual(await failed, reason);

  assert.throws(() => Readable.toWeb({}), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: 'The "streamReadable" argument must be an stream.Readable. Received an instance of Object',
  });
}

async function readableFromWeb() {
  const readable = Readable.fromWeb(new ReadableStream({
    pull(controller) {
      controller.enqueue('text');
      controller.close();
    },
  }), { encoding: 'utf8' });
  assert.deepStrictEqual(await readable.toArray(), ['text']);

  let cancelReason = 'none';
  const destroyed = Readable.fromWeb(new ReadableStream({
    cancel(reason) {
      cancelReason = reason;
    },
  }));
  const closed = new Promise((resolve) => destroyed.once('close', resolve));
  destroyed.destroy();
  await closed;
  assert.strictEqual(cancelReason, null);
}

async function writables() {
  const seen = [];
  const writable = Writable.fromWeb(new WritableStream({
    write(chunk) {
      seen.push(chunk.toString());
    },
    close() {
      seen.push('closed');
    },
  }));
  writable.write('a');
  writable.cork();
  writable.write('b');
  writable.write('c');
  writable.uncork();
  await new Promise((resolve) => writable.end('d', resolve));
  assert.deepStrictEqual(seen, ['a', 'b', 'c', 'd', 'closed']);

  // A web stream that wants nothing in advance is written to all the same, and each write is told before the next.
  const order = [];
  const exact = Writable.fromWeb(new WritableStream({
    write(chunk) {
      order.push(chunk);
    },
  }, { highWaterMark: 0 }), { objectMode: true });
  exact.write(1, () => order.push('written'));
  exact.write(2);
  await new Promise((resolve) => exact.end(resolve));
  assert.deepStrictEqual(order, [1, 'written', 2]);

  const node = [];
  const stream = Writable.toWeb(new Writable({
    write(chunk, encoding, callback) {
      node.push(chunk.toString());
      callback();
    },
  }));
  const writer = stream.getWriter();
  await writer.write('x');
  await writer.close();
  assert.deepStrictEqual(node, ['x']);

  const bad = Writable.toWeb(new PassThrough()).getWriter();
  await assert.rejects(bad.write(1), { code: 'ERR_INVALID_ARG_TYPE' });
}

async function duplexes() {
  const duplex = Duplex.fromWeb(new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(Buffer.from(chunk.toString().toUpperCase()));
    },
  }));
  duplex.end('loud');
  assert.strictEqual(await consumers.text(duplex), 'LOUD');

  const { readable, writable } = Duplex.toWeb(new PassThrough());
  const writer = writable.getWriter();
  writer.write('through');
  writer.close();
  assert.strictEqual(await consumers.text(readable), 'through');
}

async function questions() {
  const readable = new ReadableStream();
  assert.deepStrictEqual([isReadable(readable), isErrored(readable), isDisturbed(readable)], [true, false, false]);
  await readable.cancel();
  assert.deepStrictEqual([isReadable(readable), isErrored(readable), isDisturbed(readable)], [false, false, true]);
  assert.strictEqual(isWritable(new WritableStream()), true);

  const controller = new AbortController();
  const signalled = addAbortSignal(controller.signal, new ReadableStream()).getReader();
  controller.abort();
  await assert.rejects(signalled.read(), { name: 'AbortError' });

  const error = new Error('broken');
  const reported = await new Promise((resolve) => {
    finished(new WritableStream({ start: (it) => it.error(error) }), resolve);
  });
  assert.strictEqual(reported, error);
}

async function pipelines() {
  const seen = [];
  await pipeline(
    new ReadableStream({
      start(controller) {
        controller.enqueue('a');
        controller.close();
      },
    }),
    new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk + chunk);
      },
    }),
    async function* (source) {
      for await (const chunk of source) yield `${chunk}!`;
    },
    new WritableStream({
      write(chunk) {
        seen.push(chunk);
      },
    }),
  );
  assert.deepStrictEqual(seen, ['aa!']);
}

(async () => {
  await readableToWeb();
  await readableFromWeb();
  await writables();
  await duplexes();
  await questions();
  await pipelines();
})();
