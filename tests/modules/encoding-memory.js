// `TextEncoder` and `TextDecoder`: lengths around the limits of the fast paths, kinds of memory, and streams.
'use strict';

const assert = require('node:assert');

const encoder = new TextEncoder();
const encode = (text) => encoder.encode(text);

// Every kind of text at many lengths, against Buffer
{
  const alphabets = ['a', 'é', '€', '\u{1f600}', 'aé', 'a€\u{1f600}', 'a\ud800', '\udc00é'];
  for (const alphabet of alphabets) {
    for (const times of [0, 1, 2, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 1000]) {
      const text = alphabet.repeat(times);
      const bytes = encode(text);
      assert.ok(bytes.equals === undefined && bytes.constructor === Uint8Array);
      assert.strictEqual(bytes.byteOffset, 0);
      assert.strictEqual(bytes.buffer.byteLength, bytes.length);
      assert.ok(Buffer.from(text).equals(bytes), `${alphabet} * ${times}`);
      const decoded = new TextDecoder().decode(bytes);
      assert.strictEqual(decoded, text.toWellFormed());
      assert.strictEqual(new TextDecoder('utf-8', { fatal: true }).decode(bytes), decoded);
      assert.strictEqual(Buffer.from(bytes).toString(), decoded);
    }
  }
}

// Text that is made of parts, is a part, or is longer than a megabyte
{
  let rope = '';
  for (let i = 0; i < 100; i++) rope += `part ${i} €;`;
  assert.strictEqual(new TextDecoder().decode(encode(rope)), rope);
  assert.strictEqual(new TextDecoder().decode(encode(rope.slice(13, 500))), rope.slice(13, 500));
  for (const text of ['x', 'é', '€'].map((character) => character.repeat(0x120000))) {
    assert.strictEqual(new TextDecoder().decode(encode(text)), text);
  }
}

// Whole characters only
{
  for (const [text, room, read, written] of [
    ['abc', 2, 2, 2], ['éé', 3, 1, 2], ['€', 2, 0, 0], ['a€', 4, 2, 4], ['a\u{1f600}', 4, 1, 1], ['a\u{1f600}', 5, 3, 5],
    ['\ud800', 3, 1, 3], ['\ud800', 2, 0, 0], ['a\udc00b', 4, 2, 4], ['', 4, 0, 0], ['abc', 0, 0, 0],
    ['a'.repeat(100), 50, 50, 50], ['é'.repeat(100), 99, 49, 98], ['\u{1f600}'.repeat(50), 99, 48, 96],
  ]) {
    const target = new Uint8Array(room + 2).fill(7);
    assert.deepStrictEqual(encoder.encodeInto(text, target.subarray(1, room + 1)), { read, written });
    assert.ok(target[0] === 7 && target[room + 1] === 7);
    assert.ok(Buffer.from(text).subarray(0, written).equals(target.subarray(1, written + 1)));
  }
}

// Kinds of memory
{
  const decoder = new TextDecoder();
  const shared = new SharedArrayBuffer(4);
  new Uint8Array(shared).set(encode('abcd'));
  assert.strictEqual(decoder.decode(shared), 'abcd');
  assert.strictEqual(decoder.decode(new Uint8Array(shared, 1, 2)), 'bc');
  assert.strictEqual(new TextDecoder('latin1').decode(shared), 'abcd');

  const resizable = new ArrayBuffer(4, { maxByteLength: 8 });
  const view = new Uint8Array(resizable);
  view.set(encode('efgh'));
  resizable.resize(6);
  view.set(encode('ij'), 4);
  assert.strictEqual(decoder.decode(view), 'efghij');
  assert.strictEqual(decoder.decode(resizable), 'efghij');

  const detached = encode('gone');
  detached.buffer.transfer();
  assert.strictEqual(decoder.decode(detached), '');
  assert.strictEqual(decoder.decode(detached.buffer), '');
  assert.strictEqual(decoder.decode(Uint16Array.of(0x6261, 0x6463)), 'abcd');
  assert.strictEqual(decoder.decode(Float64Array.of()), '');
}

// A stream may be cut anywhere
{
  const text = 'a€\u{1f600}é漢字 z';
  const utf16 = (endian) => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return endian === 'be' ? bytes.swap16() : bytes;
  };
  for (const [label, bytes, expected] of [
    ['utf-8', Buffer.from(`\ufeff${text}`), text],
    ['utf-16le', utf16('le'), text],
    ['utf-16be', utf16('be'), text],
    ['shift_jis', Buffer.from('93fa967b8cea61b1', 'hex'), '日本語aｱ'],
    ['gb18030', Buffer.from('c4e3bac361813081309439fc36', 'hex'), '你好a\u0080\u{1f600}'],
    ['euc-kr', Buffer.from('c7d1b1db61', 'hex'), '한글a'],
    ['big5', Buffer.from('a4a4a4e561', 'hex'), '中文a'],
    ['iso-2022-jp', Buffer.from('1b24422441242b1b284261', 'hex'), 'ちかa'],
    ['windows-1251', Buffer.from('cff0e061', 'hex'), 'Праa'],
  ]) {
    for (let size = 1; size <= bytes.length; size++) {
      const decoder = new TextDecoder(label);
      let decoded = '';
      for (let i = 0; i < bytes.length; i += size) {
        decoded += decoder.decode(bytes.subarray(i, i + size), { stream: true });
      }
      decoded += decoder.decode();
      assert.strictEqual(decoded, expected, `${label} in parts of ${size}`);
    }
    assert.strictEqual(new TextDecoder(label).decode(bytes), expected);
  }
}

// Many streams at once, most of them never ended: their native state is given back
{
  for (let i = 0; i < 20_000; i++) {
    assert.strictEqual(new TextDecoder().decode(Uint8Array.of(0x61, 0xe2, 0x82), { stream: true }), 'a');
  }
}

assert.throws(() => new TextDecoder('iso-8859-8-i', { fatal: true }).decode(Uint8Array.of(0xa1)), {
  code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
  message: 'The encoded data was not valid for encoding iso-8859-8-i',
});
