// `Buffer`: indexOf, lastIndexOf and includes, in short and in long buffers.
'use strict';

const assert = require('node:assert');

for (const filler of [0, 1000]) {
  const text = `this is a buffer${' '.repeat(filler)} and a buffer`;
  const buffer = Buffer.from(text);
  for (const needle of ['t', 'is', 'a buffer', 'and', 'zzz', 'r', text, `${text}x`]) {
    for (const value of [needle, Buffer.from(needle), new Uint8Array(Buffer.from(needle))]) {
      assert.strictEqual(buffer.indexOf(value), text.indexOf(needle));
      assert.strictEqual(buffer.lastIndexOf(value), text.lastIndexOf(needle));
      assert.strictEqual(buffer.includes(value), text.includes(needle));
      assert.strictEqual(buffer.indexOf(value, 9), text.indexOf(needle, 9));
      assert.strictEqual(buffer.lastIndexOf(value, 9), text.lastIndexOf(needle, 9));
    }
  }
  assert.strictEqual(buffer.indexOf(0x62), text.indexOf('b'));
  assert.strictEqual(buffer.lastIndexOf(0x62 + 256), text.lastIndexOf('b'));
  assert.strictEqual(buffer.indexOf(0x62, -6), text.indexOf('b', text.length - 6));
}

// Offsets: from the end, beyond it, and what is no number.
const abc = Buffer.from('abcabc');
assert.strictEqual(abc.indexOf('a', -3), 3);
assert.strictEqual(abc.indexOf('a', -99), 0);
assert.strictEqual(abc.lastIndexOf('a', -4), 0);
assert.strictEqual(abc.lastIndexOf('a', -7), -1);
assert.strictEqual(abc.lastIndexOf('b', null), -1);
assert.strictEqual(abc.lastIndexOf('b', undefined), 4);
assert.strictEqual(abc.lastIndexOf('b', {}), 4);
assert.strictEqual(abc.indexOf('c', 2.9), 2);

// Where the range ends.
assert.strictEqual(abc.indexOf('c', 0, 2), -1);
assert.strictEqual(abc.indexOf('c', 0, 3), 2);
assert.strictEqual(abc.lastIndexOf('c', 5, 5), 2);
assert.strictEqual(abc.includes(0x63, 0, 2), false);

// Nothing is found everywhere.
assert.strictEqual(abc.indexOf(''), 0);
assert.strictEqual(abc.indexOf('', 4), 4);
assert.strictEqual(abc.indexOf('', 99), 6);
assert.strictEqual(abc.lastIndexOf(''), 6);
assert.strictEqual(abc.indexOf(Buffer.alloc(0), -2), 4);

// Encodings, as second, third or fourth argument.
assert.strictEqual(abc.indexOf('6263', 'hex'), 1);
assert.strictEqual(abc.indexOf('YmM=', 2, 'base64'), 4);
assert.strictEqual(abc.indexOf('6263', 0, 6, 'hex'), 1);
assert.strictEqual(Buffer.from('aéa').indexOf('é'), 1);
assert.strictEqual(Buffer.from('aéa', 'latin1').indexOf('é', 'latin1'), 1);

// Units of UTF-16 lie at even positions.
const wide = Buffer.from('\u0061\u6100\u0061', 'utf16le');
assert.strictEqual(wide.indexOf('a', 'utf16le'), 0);
assert.strictEqual(wide.indexOf('a', 1, 'utf16le'), 0);
assert.strictEqual(wide.indexOf('a', 2, 'utf16le'), 4);
assert.strictEqual(wide.lastIndexOf('\u6100', undefined, 'utf16le'), 2);
assert.strictEqual(Buffer.from([0, 0x61, 0, 0x61]).indexOf('a', 'ucs2'), -1);

// Errors.
for (const value of [undefined, null, {}, true, () => {}, Symbol('s')]) {
  assert.throws(() => abc.indexOf(value), { code: 'ERR_INVALID_ARG_TYPE' });
}
assert.throws(() => abc.indexOf('a', 0, 'nope'), { message: 'Unknown encoding: nope' });
assert.throws(() => Buffer.prototype.indexOf.call([], 'a'), {
  message: 'The "buffer" argument must be an instance of Buffer, TypedArray, or DataView. ' +
    'Received an instance of Array',
});
