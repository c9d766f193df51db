// `zlib`: what goes in comes out, by every way and in pieces of every size; failures by Node's codes.
'use strict';

const assert = require('node:assert');
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');
const zlib = require('node:zlib');

const FORMATS = [
  ['Gzip', 'Gunzip'], ['Deflate', 'Inflate'], ['DeflateRaw', 'InflateRaw'], ['Gzip', 'Unzip'], ['Deflate', 'Unzip'],
  ['BrotliCompress', 'BrotliDecompress'], ['ZstdCompress', 'ZstdDecompress'],
];
const lower = (name) => name[0].toLowerCase() + name.slice(1);

// Text that repeats and bytes that do not.
const bytes = Buffer.alloc(200_000);
let seed = 1;
for (let i = 0; i < bytes.length; i++) {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  bytes[i] = i % 3000 < 2000 ? 97 + (i % 7) : seed >> 16;
}

function* pieces(buffer, size) {
  for (let i = 0; i < buffer.length; i += size) yield buffer.subarray(i, i + size);
}

async function throughStreams(compress, decompress, size, chunkSize) {
  const output = [];
  await pipeline(
    Readable.from(pieces(bytes.subarray(0, size * 500), size)),
    new zlib[compress]({ chunkSize }),
    new zlib[decompress]({ chunkSize }),
    async (source) => {
      for await (const chunk of source) {
        assert.ok(chunk.length <= chunkSize);
        output.push(chunk);
      }
    },
  );
  assert.deepStrictEqual(Buffer.concat(output), bytes.subarray(0, size * 500));
}

function withCallbacks(compress, decompress) {
  return new Promise((resolve, reject) => {
    zlib[lower(compress)](bytes, (error, compressed) => {
      if (error) return reject(error);
      zlib[lower(decompress)](compressed, { info: true }, (error, { buffer, engine }) => {
        assert.strictEqual(error, null);
        assert.ok(engine instanceof zlib[decompress]);
        assert.strictEqual(engine.bytesWritten, compressed.length);
        assert.ok(buffer.equals(bytes));
        resolve();
      });
    });
  });
}

function failure(name, errno, code, message) {
  return { name, errno, code, message };
}

function checkFailures() {
  const text = 'a text that is long enough to be worth it, a text that is long enough';
  const unexpected = failure('Error', -5, 'Z_BUF_ERROR', 'unexpected end of file');
  for (const [compress, decompress] of FORMATS) {
    const compressed = zlib[`${lower(compress)}Sync`](text);
    const undo = zlib[`${lower(decompress)}Sync`];
    assert.throws(() => undo(compressed.subarray(0, -3)), unexpected);
    assert.throws(() => undo(Buffer.alloc(0)), unexpected);
    assert.throws(() => undo(compressed, { maxOutputLength: 10 }), { code: 'ERR_BUFFER_TOO_LARGE' });
  }
  assert.throws(() => zlib.gunzipSync('garbage'), failure('Error', -3, 'Z_DATA_ERROR', 'incorrect header check'));
  assert.throws(
    () => zlib.brotliDecompressSync(Buffer.from('garbage!')),
    failure('Error', -14, 'ERR__ERROR_FORMAT_PADDING_1', 'Decompression failed'),
  );
  assert.throws(
    () => zlib.zstdDecompressSync(Buffer.from('garbage!')),
    failure('Error', 10, 'ZSTD_error_prefix_unknown', 'Unknown frame descriptor'),
  );
  assert.throws(
    () => zlib.zstdCompressSync('abc', { pledgedSrcSize: 10 }),
    failure('Error', 72, 'ZSTD_error_srcSize_wrong', 'Src size is incorrect'),
  );
}

function checkDictionaries() {
  const dictionary = Buffer.from('a dictionary of words that a text may use');
  const text = 'a text may use words of a dictionary';
  for (const [compress, decompress] of FORMATS) {
    if (compress === 'Gzip') continue;
    const compressed = zlib[`${lower(compress)}Sync`](text, { dictionary });
    assert.strictEqual(zlib[`${lower(decompress)}Sync`](compressed, { dictionary }).toString(), text, compress);
  }
  const compressed = zlib.deflateSync(text, { dictionary });
  assert.throws(() => zlib.inflateSync(compressed), failure('Error', 2, 'Z_NEED_DICT', 'Missing dictionary'));
  assert.throws(
    () => zlib.inflateSync(compressed, { dictionary: Buffer.from('other') }),
    failure('Error', 2, 'Z_NEED_DICT', 'Bad dictionary'),
  );
}

// Several members are one text; what follows the data is left alone, or refused on demand.
function checkWhatFollows() {
  const members = Buffer.concat([zlib.gzipSync('one '), zlib.gzipSync('two')]);
  assert.strictEqual(zlib.gunzipSync(members).toString(), 'one two');
  assert.strictEqual(zlib.gunzipSync(Buffer.concat([members, Buffer.alloc(9)])).toString(), 'one two');
  const frames = Buffer.concat([zlib.zstdCompressSync('one '), zlib.zstdCompressSync('two')]);
  assert.strictEqual(zlib.zstdDecompressSync(frames).toString(), 'one two');
  const followed = Buffer.concat([zlib.deflateSync('one'), Buffer.from('junk')]);
  assert.strictEqual(zlib.inflateSync(followed).toString(), 'one');
  assert.throws(
    () => zlib.inflateSync(followed, { rejectGarbageAfterEnd: true }),
    { code: 'ERR_TRAILING_JUNK_AFTER_STREAM_END' },
  );
}

// What was flushed can be read before the end, also across a change of level.
async function checkFlushes() {
  const compress = zlib.createDeflate({ level: 0 });
  const decompress = zlib.createInflate();
  compress.pipe(decompress);
  const take = () => new Promise((resolve) => decompress.once('data', (chunk) => resolve(chunk.toString())));
  const first = take();
  compress.write('first');
  compress.flush();
  assert.strictEqual(await first, 'first');
  await new Promise((resolve) => compress.params(9, zlib.constants.Z_RLE, resolve));
  const second = take();
  compress.write('second');
  compress.flush(zlib.constants.Z_SYNC_FLUSH);
  assert.strictEqual(await second, 'second');
  compress.end();
  decompress.resume();
  await new Promise((resolve) => decompress.on('end', resolve));
}

// A stream that is closed in the middle of a step calls back and leaves nothing running.
async function checkClosing() {
  const stream = zlib.createBrotliCompress();
  stream.write(bytes);
  await new Promise((resolve) => stream.close(resolve));
  assert.strictEqual(stream._closed, true);
}

(async () => {
  for (const [compress, decompress] of FORMATS) {
    assert.ok(zlib[`${lower(decompress)}Sync`](zlib[`${lower(compress)}Sync`](bytes)).equals(bytes));
    await withCallbacks(compress, decompress);
    await throughStreams(compress, decompress, 1, 64);
    await throughStreams(compress, decompress, 1000, 1000);
    await throughStreams(compress, decompress, 65536, 16384);
  }
  checkFailures();
  checkDictionaries();
  checkWhatFollows();
  await checkFlushes();
  await checkClosing();
  assert.strictEqual(zlib.crc32('world', zlib.crc32('hello ')), zlib.crc32('hello world'));
  assert.strictEqual(zlib.crc32('hello world'), 0x0d4a1185);
  console.log('done');
})();
