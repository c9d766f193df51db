// `TextEncoder` and `TextDecoder`.
'use strict';

const assert = require('node:assert');
const util = require('node:util');

assert.strictEqual(util.TextEncoder, TextEncoder);
assert.strictEqual(util.TextDecoder, TextDecoder);

const bytes = (...values) => Uint8Array.from(values);

// Encoding
{
  const encoder = new TextEncoder();
  assert.strictEqual(encoder.encoding, 'utf-8');
  assert.deepStrictEqual(encoder.encode(), bytes());
  assert.deepStrictEqual(encoder.encode('a\u20ac\u{1f600}\ud800'), bytes(
    0x61, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xef, 0xbf, 0xbd));
  assert.strictEqual(encoder.encode('\u20ac').buffer.byteLength, 3);

  const room = new Uint8Array(6);
  assert.deepStrictEqual(encoder.encodeInto('a\u20ac\u{1f600}', room), { read: 2, written: 4 });
  assert.deepStrictEqual(room, bytes(0x61, 0xe2, 0x82, 0xac, 0, 0));
  assert.deepStrictEqual(encoder.encodeInto('\ud800', new Uint8Array(2)), { read: 0, written: 0 });
  assert.throws(() => encoder.encodeInto('x', new Uint16Array(1)), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(util.inspect(encoder), '{ encoding: \'utf-8\' }');
  assert.strictEqual(Object.prototype.toString.call(encoder), '[object TextEncoder]');
}

// Labels
{
  for (const [label, name] of [
    ['UTF8', 'utf-8'], [' utf-8\t', 'utf-8'], ['latin1', 'windows-1252'], ['us-ascii', 'windows-1252'],
    ['utf-16', 'utf-16le'], ['UCS-2', 'utf-16le'], ['sjis', 'shift_jis'], ['GBK', 'gbk'],
    ['x-user-defined', 'x-user-defined'], ['iso-8859-8-i', 'iso-8859-8-i'],
  ]) {
    assert.strictEqual(new TextDecoder(label).encoding, name);
  }
  for (const label of ['nope', '', 'replacement', 'utf-8\0', 'utf-7']) {
    assert.throws(() => new TextDecoder(label), {
      name: 'RangeError',
      code: 'ERR_ENCODING_NOT_SUPPORTED',
      message: `The "${label}" encoding is not supported`,
    });
  }
}

// Decoding at once
{
  const decode = (label, ...values) => new TextDecoder(label).decode(bytes(...values));
  assert.strictEqual(decode('utf-8', 0x61, 0xff, 0xe2, 0x82, 0xac, 0xe2, 0x82), 'a\ufffd\u20ac\ufffd');
  assert.strictEqual(decode('utf-8', 0xef, 0xbb, 0xbf, 0x61), 'a');
  assert.strictEqual(decode('utf-16le', 0x61, 0, 0x3d, 0xd8, 0, 0xde), 'a\u{1f600}');
  assert.strictEqual(decode('utf-16be', 0, 0x61, 0xd8, 0x3d), 'a\ufffd');
  assert.strictEqual(decode('latin1', 0x80, 0xe9), '\u20ac\u00e9');
  assert.strictEqual(decode('shift_jis', 0x93, 0xfa, 0x96, 0x7b), '\u65e5\u672c');
  assert.strictEqual(decode('gb18030', 0xc4, 0xe3, 0xba, 0xc3), '\u4f60\u597d');
  assert.strictEqual(decode('koi8-r', 0xd0, 0xd2), '\u043f\u0440');

  const decoder = new TextDecoder();
  const { buffer } = bytes(0x62, 0x63, 0x64);
  assert.strictEqual(decoder.decode(), '');
  assert.strictEqual(decoder.decode(buffer), 'bcd');
  assert.strictEqual(decoder.decode(new DataView(buffer, 1, 1)), 'c');
  assert.strictEqual(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf)), '\ufeff');
  assert.throws(() => decoder.decode('x'), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => decoder.decode(buffer, 1), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
}

// Decoding in parts
{
  const decoder = new TextDecoder();
  assert.strictEqual(decoder.decode(bytes(0xef, 0xbb), { stream: true }), '');
  assert.strictEqual(decoder.decode(bytes(0xbf, 0xe2, 0x82), { stream: true }), '');
  assert.strictEqual(decoder.decode(bytes(0xac, 0x61, 0xc3), { stream: true }), '\u20aca');
  assert.strictEqual(decoder.decode(), '\ufffd');
  assert.strictEqual(decoder.decode(bytes(0xef, 0xbb, 0xbf, 0x62)), 'b');
}

// Bad bytes
{
  const fatal = new TextDecoder('utf-8', { fatal: true });
  assert.strictEqual(fatal.fatal, true);
  const expected = {
    name: 'TypeError',
    code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
    message: 'The encoded data was not valid for encoding utf-8',
  };
  assert.throws(() => fatal.decode(bytes(0xc0)), expected);
  assert.strictEqual(fatal.decode(bytes(0xc3), { stream: true }), '');
  assert.throws(() => fatal.decode(), expected);
  assert.strictEqual(fatal.decode(bytes(0x61)), 'a');
  assert.throws(() => new TextDecoder('windows-1253', { fatal: true }).decode(bytes(0xd2)), {
    code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
  });
}

// Receivers and inspection
{
  const { encoding } = Object.getOwnPropertyDescriptors(TextDecoder.prototype);
  assert.throws(() => encoding.get.call({}), {
    code: 'ERR_INVALID_THIS',
    message: 'Value of "this" must be of type TextDecoder',
  });
  assert.strictEqual(
    util.inspect(new TextDecoder('latin1', { fatal: true })),
    'TextDecoder { encoding: \'windows-1252\', fatal: true, ignoreBOM: false }');
  assert.strictEqual(util.inspect({ a: new TextDecoder() }, { depth: 0 }), '{ a: [TextDecoder] }');
}
