// The streams of the web: what their objects print, their errors, and the order in which things happen.
'use strict';

const assert = require('assert');
const { inspect } = require('util');
const web = require('stream/web');

const { ReadableStream, WritableStream, TransformStream } = web;

for (const name of Object.keys(web)) {
  if (name !== 'ReadableStreamTee') assert.strictEqual(globalThis[name], web[name], name);
}

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

function printing() {
  const stream = new ReadableStream();
  assert.strictEqual(inspect(stream), 'ReadableStream { locked: false, state: \'readable\', supportsBYOB: false }');
  assert.strictEqual(
    inspect(stream.getReader()),
    'ReadableStreamDefaultReader {\n' +
    '  stream: ReadableStream { locked: true, state: \'readable\', supportsBYOB: false },\n' +
    '  readRequests: 0,\n' +
    '  close: Promise { <pending> }\n' +
    '}');
  assert.strictEqual(inspect(new WritableStream()), 'WritableStream { locked: false, state: \'writable\' }');
  assert.strictEqual(inspect(new web.CountQueuingStrategy({ highWaterMark: 2 })),
    'CountQueuingStrategy { highWaterMark: 2 }');
  assert.match(inspect(new TransformStream()), /^TransformStream \{\n {2}readable: .*backpressure: true\n\}$/s);
}

async function errors() {
  const locked = new ReadableStream();
  const reader = locked.getReader();
  const isLocked = { name: 'TypeError', code: 'ERR_INVALID_STATE', message: 'Invalid state: ReadableStream is locked' };
  assert.throws(() => locked.getReader(), isLocked);
  assert.throws(() => locked.tee(), isLocked);
  await assert.rejects(locked.cancel(), isLocked);
  const pending = reader.read();
  reader.releaseLock();
  await assert.rejects(pending, { code: 'ERR_INVALID_STATE', message: 'Invalid state: Releasing reader' });
  await assert.rejects(reader.closed, { code: 'ERR_INVALID_STATE', message: 'Invalid state: Reader released' });
  await assert.rejects(reader.read(), { code: 'ERR_INVALID_STATE' });

  for (const [Class, member] of [[ReadableStream, 'getReader'], [WritableStream, 'getWriter']]) {
    assert.throws(() => Class.prototype[member].call({}), {
      code: 'ERR_INVALID_THIS', message: `Value of "this" must be of type ${Class.name}`,
    });
  }
  assert.throws(() => new web.ReadableStreamDefaultController(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
  assert.throws(() => new ReadableStream({ type: 'x' }), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => new ReadableStream({}, { highWaterMark: -1 }), {
    name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => new ReadableStream({ type: 'bytes' }).getReader({ mode: 'x' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
  assert.throws(() => new ReadableStream().getReader({ mode: 'byob' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => ReadableStream.from(1), { code: 'ERR_ARG_NOT_ITERABLE' });
  const writer = new WritableStream().getWriter();
  writer.close();
  await assert.rejects(writer.write(1), { code: 'ERR_INVALID_STATE', message: 'Invalid state: WritableStream is closed' });
}

async function bytes() {
  let pulls = 0;
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const { view } = controller.byobRequest;
      view[0] = ++pulls;
      controller.byobRequest.respond(1);
    },
  });
  const reader = stream.getReader({ mode: 'byob' });
  assert.deepStrictEqual(await reader.read(new Uint8Array(4)), { done: false, value: new Uint8Array([1]) });
  const two = await reader.read(new Uint16Array(2), { min: 2 });
  assert.deepStrictEqual([...new Uint8Array(two.value.buffer)], [2, 3, 4, 5]);
  await assert.rejects(reader.read(new Uint8Array(0)), { code: 'ERR_INVALID_STATE' });
  await assert.rejects(reader.read(new Uint8Array(1), { min: 2 }), { code: 'ERR_OUT_OF_RANGE' });

  const auto = new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: 8,
    pull(controller) {
      controller.byobRequest.view[0] = 7;
      controller.byobRequest.respond(1);
    },
  });
  assert.deepStrictEqual((await auto.getReader().read()).value, new Uint8Array([7]));
}

async function teeing() {
  const source = ReadableStream.from(['a', 'b']);
  const [first, second] = source.tee();
  assert.deepStrictEqual(await Promise.all([readAll(first), readAll(second)]), [['a', 'b'], ['a', 'b']]);

  const original = new Uint8Array([1, 2, 3]);
  const bytesSource = new ReadableStream({
    type: 'bytes',
    start(controller) {
      controller.enqueue(original);
      controller.close();
    },
  });
  const [left, right] = bytesSource.tee();
  const [[leftChunk], [rightChunk]] = await Promise.all([readAll(left), readAll(right)]);
  assert.deepStrictEqual(leftChunk, rightChunk);
  assert.notStrictEqual(leftChunk.buffer, rightChunk.buffer);
  assert.strictEqual(original.length, 0);
}

async function piping() {
  const seen = [];
  const doubled = ReadableStream.from([1, 2, 3]).pipeThrough(new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk * 2);
    },
    flush(controller) {
      controller.enqueue('end');
    },
  }));
  await doubled.pipeTo(new WritableStream({
    write(chunk) {
      seen.push(chunk);
    },
    close() {
      seen.push('closed');
    },
  }));
  assert.deepStrictEqual(seen, [2, 4, 6, 'end', 'closed']);

  let aborted;
  const failure = new Error('source');
  const failing = new ReadableStream({
    pull() {
      throw failure;
    },
  });
  await assert.rejects(failing.pipeTo(new WritableStream({
    abort(reason) {
      aborted = reason;
    },
  })), failure);
  assert.strictEqual(aborted, failure);

  const signal = AbortSignal.abort('why');
  await assert.rejects(new ReadableStream().pipeTo(new WritableStream(), { signal }), (reason) => reason === 'why');
}

async function iterating() {
  let cancelled = 0;
  const endless = () => new ReadableStream({
    pull(controller) {
      controller.enqueue('x');
    },
    cancel() {
      cancelled++;
    },
  });
  for await (const chunk of endless()) {
    assert.strictEqual(chunk, 'x');
    break;
  }
  assert.strictEqual(cancelled, 1);
  const kept = endless();
  for await (const chunk of kept.values({ preventCancel: true })) {
    assert.strictEqual(chunk, 'x');
    break;
  }
  assert.strictEqual(cancelled, 1);
  assert.strictEqual(kept.locked, false);
}

async function backpressure() {
  const log = [];
  const writer = new WritableStream({
    async write(chunk) {
      log.push(chunk);
    },
  }, { highWaterMark: 2 }).getWriter();
  assert.strictEqual(writer.desiredSize, 2);
  writer.write('a');
  writer.write('b');
  assert.strictEqual(writer.desiredSize, 0);
  await writer.ready;
  assert.deepStrictEqual(log, ['a', 'b']);
  await writer.close();
  assert.strictEqual(writer.desiredSize, 0);
}

async function encoding() {
  const encoded = ReadableStream.from(['\ud83d', '\ude00!']).pipeThrough(new TextEncoderStream());
  const chunks = await readAll(encoded);
  assert.strictEqual(Buffer.concat(chunks).toString(), '\u{1f600}!');
  const decoded = ReadableStream.from([Uint8Array.of(0xe2, 0x82), Uint8Array.of(0xac)])
    .pipeThrough(new TextDecoderStream());
  assert.deepStrictEqual(await readAll(decoded), ['\u20ac']);
  const fatal = ReadableStream.from([Uint8Array.of(0xff)]).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }));
  await assert.rejects(readAll(fatal), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
}

(async () => {
  printing();
  await errors();
  await bytes();
  await teeing();
  await piping();
  await iterating();
  await backpressure();
  await encoding();
  // Blobs are read through web streams.
  assert.deepStrictEqual(await readAll(new Blob(['ab', 'c']).stream().pipeThrough(new TextDecoderStream())), ['ab', 'c']);
})();
