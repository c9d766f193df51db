// `string_decoder`: characters cut by the ends of chunks.
'use strict';

const assert = require('node:assert');
const { StringDecoder } = require('node:string_decoder');

// However a text is cut, the parts make up the whole.
const text = 'aé€😀z\u0301\ud83d\ude00';
for (const encoding of ['utf8', 'utf16le', 'base64', 'base64url', 'hex', 'latin1', 'ascii']) {
  const bytes = Buffer.from(text);
  const whole = bytes.toString(encoding);
  for (let size = 1; size <= bytes.length; size++) {
    const decoder = new StringDecoder(encoding);
    let decoded = '';
    for (let i = 0; i < bytes.length; i += size) decoded += decoder.write(bytes.subarray(i, i + size));
    assert.strictEqual(decoded + decoder.end(), whole, `${encoding} in chunks of ${size}`);
  }
}

// What is complete comes at once, the rest is kept.
const decoder = new StringDecoder();
assert.strictEqual(decoder.encoding, 'utf8');
assert.strictEqual(decoder.write(Buffer.from([0x61, 0xe2, 0x82])), 'a');
assert.deepStrictEqual([decoder.lastNeed, decoder.lastTotal], [1, 3]);
assert.strictEqual(decoder.lastChar.toString('hex', 0, 2), 'e282');
assert.strictEqual(decoder.write(Buffer.from([0xac])), '€');
assert.strictEqual(decoder.write(Buffer.from([0xe2])), '');
assert.strictEqual(decoder.write(Buffer.from([0x61])), '\ufffda');
assert.strictEqual(decoder.write(Buffer.from([0xf0, 0x9f])), '');
assert.strictEqual(decoder.end(Buffer.from([0x98])), '\ufffd');
assert.strictEqual(decoder.end(), '');
decoder.write(Buffer.from([0xe2]));
assert.strictEqual(decoder.text(Buffer.from('xy'), 1), 'y');

// UTF-16: half a pair waits for the other, half a unit is lost.
const wide = new StringDecoder('ucs2');
assert.strictEqual(wide.encoding, 'utf16le');
assert.strictEqual(wide.write(Buffer.from([0x61, 0, 0x3d, 0xd8])), 'a');
assert.strictEqual(wide.write(Buffer.from([0x00, 0xde])), '😀');
assert.strictEqual(wide.end(Buffer.from([0x61, 0, 0x62])), 'a');

// Kinds of input.
assert.strictEqual(decoder.write('text'), 'text');
assert.strictEqual(decoder.write(new Uint16Array([0x6261])), 'ab');
assert.strictEqual(decoder.write(new DataView(new Uint8Array([0x61]).buffer)), 'a');
for (const value of [undefined, null, 5, {}, new ArrayBuffer(1)]) {
  assert.throws(() => decoder.write(value), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' });
}
assert.throws(() => new StringDecoder('nope'), { message: 'Unknown encoding: nope' });
assert.throws(() => StringDecoder.prototype.write.call({}, Buffer.alloc(1)), { code: 'ERR_INVALID_THIS' });
