// CompressionStream and DecompressionStream.
'use strict';

const assert = require('assert');
const { gunzipSync } = require('zlib');

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function feed(pair, ...chunks) {
  const writer = pair.writable.getWriter();
  for (const chunk of chunks) writer.write(chunk).catch(() => {});
  writer.close().catch(() => {});
  return pair.readable;
}

async function formats() {
  for (const format of ['deflate', 'deflate-raw', 'gzip', 'brotli']) {
    const packed = await collect(feed(new CompressionStream(format), Buffer.from('hello '), Buffer.from('hello')));
    const text = await collect(feed(new DecompressionStream(format), packed));
    assert.strictEqual(text.toString(), 'hello hello', format);
    const trailing = collect(feed(new DecompressionStream(format), packed, Buffer.from('x')));
    await assert.rejects(trailing, { name: 'TypeError', code: 'ERR_TRAILING_JUNK_AFTER_STREAM_END' });
  }
  const packed = await collect(feed(new CompressionStream('gzip'), Buffer.from('node')));
  assert.strictEqual(gunzipSync(packed).toString(), 'node');
  for (const format of ['zstd', 'br', undefined]) {
    assert.throws(() => new CompressionStream(format), {
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_VALUE',
      message: `Failed to construct 'CompressionStream': 1st argument '${format}' is not a valid enum value of ` +
        'type CompressionFormat.',
    });
  }
}

async function failures() {
  const broken = collect(feed(new DecompressionStream('gzip'), Buffer.from('no gzip')));
  await assert.rejects(broken, (error) => {
    assert.strictEqual(error.name, 'TypeError');
    assert.strictEqual(error.code, 'Z_DATA_ERROR');
    assert.strictEqual(error.cause.code, 'Z_DATA_ERROR');
    return true;
  });
  const stream = new CompressionStream('gzip');
  const reading = stream.readable.getReader().read();
  await assert.rejects(stream.writable.getWriter().write(1), { code: 'ERR_INVALID_ARG_TYPE' });
  await assert.rejects(reading, { code: 'ERR_INVALID_ARG_TYPE' });
}

(async () => {
  await formats();
  await failures();
})();
