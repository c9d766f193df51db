// A compressor or a decompressor that takes the place of one that is done with knows nothing of that one.
'use strict';

const assert = require('node:assert');
const zlib = require('node:zlib');

const data = Buffer.from('the same words again and again, '.repeat(500));
const dictionary = Buffer.from('again and again');
const plain = zlib.deflateSync(data);
const withDictionary = zlib.deflateSync(data, { dictionary });
const fastest = zlib.deflateSync(data, { level: 1 });

for (let round = 0; round < 3; round++) {
  // Parameters of one are not those of the next.
  assert.deepStrictEqual(zlib.deflateSync(data), plain);
  assert.deepStrictEqual(zlib.deflateSync(data, { dictionary }), withDictionary);
  assert.deepStrictEqual(zlib.deflateSync(data, { level: 1 }), fastest);
  assert.deepStrictEqual(zlib.deflateSync(data), plain);

  // Nor is what is left of data that had no end, or that were none.
  assert.throws(() => zlib.inflateSync(plain.subarray(0, 20)), { code: 'Z_BUF_ERROR' });
  assert.deepStrictEqual(zlib.inflateSync(plain), data);
  assert.throws(() => zlib.inflateSync(Buffer.from('not compressed')), { code: 'Z_DATA_ERROR' });
  assert.deepStrictEqual(zlib.inflateSync(plain), data);
  assert.throws(() => zlib.inflateSync(withDictionary), { code: 'Z_NEED_DICT' });
  assert.deepStrictEqual(zlib.inflateSync(withDictionary, { dictionary }), data);
  assert.throws(() => zlib.inflateSync(withDictionary), { code: 'Z_NEED_DICT' });
  assert.deepStrictEqual(zlib.unzipSync(zlib.gzipSync(data)), data);
  assert.deepStrictEqual(zlib.unzipSync(plain), data);
  assert.deepStrictEqual(zlib.inflateRawSync(zlib.deflateRawSync(data)), data);
}

// Parameters that were changed on the way go with their stream.
const changed = zlib.createDeflate();
const chunks = [];
changed.on('data', (chunk) => chunks.push(chunk));
changed.on('end', () => {
  assert.deepStrictEqual(zlib.inflateSync(Buffer.concat(chunks)), Buffer.concat([data, data]));
  assert.deepStrictEqual(zlib.deflateSync(data), plain);
});
changed.write(data, () => {
  changed.params(0, zlib.constants.Z_DEFAULT_STRATEGY, (error) => {
    assert.ifError(error);
    changed.end(data);
  });
});

for (const text of ['', 'hello', '\u00e4\u20ac']) {
  assert.strictEqual(zlib.crc32(text), zlib.crc32(Buffer.from(text)));
}
assert.strictEqual(zlib.crc32('hello'), 907060870);
assert.strictEqual(zlib.crc32('x'.repeat(2000)), zlib.crc32(Buffer.alloc(2000, 'x')));
assert.strictEqual(zlib.crc32('lo', zlib.crc32('hel')), zlib.crc32('hello'));
