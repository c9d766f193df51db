// `Buffer`: making them, the pool, joining, comparing, copying, filling, slicing, showing.
'use strict';

const assert = require('node:assert');
const buffer = require('node:buffer');
const { inspect } = require('node:util');

const bytes = (...values) => Buffer.from(values);
const same = (actual, ...expected) => assert.deepStrictEqual([...actual], expected);

// What the module exports.
assert.deepStrictEqual(Object.keys(buffer), [
  'Buffer', 'transcode', 'isUtf8', 'isAscii', 'kMaxLength', 'kStringMaxLength', 'btoa', 'atob', 'constants',
  'INSPECT_MAX_BYTES', 'Blob', 'resolveObjectURL', 'File',
]);
assert.strictEqual(buffer.Buffer, Buffer);
assert.strictEqual(buffer.constants.MAX_LENGTH, buffer.kMaxLength);
assert.strictEqual(buffer.kStringMaxLength, 0x1fffffe8);
assert.strictEqual(Object.getPrototypeOf(Buffer), Uint8Array);
assert.strictEqual(Buffer.prototype.constructor, Buffer);
assert.strictEqual(Buffer.prototype.readUint32LE, Buffer.prototype.readUInt32LE);
assert.strictEqual(Buffer.poolSize, 65536);

// Buffer.from: what is copied, what is seen through, what is refused.
same(Buffer.from([1, 257, -1, 1.9, '3', null]), 1, 1, 255, 1, 3, 0);
same(Buffer.from({ length: 2, 0: 7, 1: 8 }), 7, 8);
same(Buffer.from({ type: 'Buffer', data: [1, 2] }), 1, 2);
same(Buffer.from(new String('ab')), 97, 98);
same(Buffer.from({ [Symbol.toPrimitive]: (hint) => hint }, 'latin1'), ...Buffer.from('string'));
same(Buffer.from(new Uint16Array([1, 256])), 1, 0);
{
  const original = bytes(1, 2, 3);
  const copy = Buffer.from(original);
  copy[0] = 9;
  same(original, 1, 2, 3);

  const memory = new ArrayBuffer(4);
  const view = Buffer.from(memory, 1, 2);
  view[0] = 5;
  same(new Uint8Array(memory), 0, 5, 0, 0);
  assert.strictEqual(view.parent, memory);
  assert.strictEqual(view.offset, 1);
  assert.throws(() => Buffer.from(memory, 5), {
    code: 'ERR_BUFFER_OUT_OF_BOUNDS', message: '"offset" is outside of buffer bounds',
  });
  assert.throws(() => Buffer.from(memory, 1, 9), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });

  const growing = new ArrayBuffer(4, { maxByteLength: 8 });
  const tail = Buffer.from(growing, 1);
  growing.resize(8);
  assert.strictEqual(tail.length, 7);
}
for (const value of [undefined, null, 5, true, {}, Symbol('s'), () => {}]) {
  assert.throws(() => Buffer.from(value), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' });
}
assert.throws(() => Buffer.from('a', 'nope'), {
  code: 'ERR_UNKNOWN_ENCODING', message: 'Unknown encoding: nope',
});

// Allocation, the pool.
same(Buffer.alloc(3), 0, 0, 0);
same(Buffer.alloc(5, 'abc'), 97, 98, 99, 97, 98);
same(Buffer.alloc(2, '6f', 'hex'), 0x6f, 0x6f);
assert.strictEqual(Buffer.alloc(8).buffer.byteLength, 8);
assert.strictEqual(Buffer.allocUnsafe(1).buffer, Buffer.from('x').buffer);
assert.strictEqual(Buffer.allocUnsafe(5).byteOffset % 8, 0);
assert.notStrictEqual(Buffer.allocUnsafeSlow(100).buffer, Buffer.allocUnsafe(100).buffer);
assert.strictEqual(Buffer.allocUnsafe(Buffer.poolSize).buffer.byteLength, Buffer.poolSize);
assert.throws(() => Buffer.allocUnsafe(1).buffer.transfer(), TypeError);
for (const size of [-1, NaN, Infinity, buffer.kMaxLength + 1]) {
  assert.throws(() => Buffer.alloc(size), { code: 'ERR_OUT_OF_RANGE' });
}
assert.throws(() => Buffer.allocUnsafe('5'), {
  message: 'The "size" argument must be of type number. Received type string (\'5\')',
});
assert.strictEqual(Buffer.allocUnsafe(5, 32).byteOffset % 32, Buffer.allocUnsafe(5, 32).byteOffset % 32);
assert.throws(() => Buffer.allocUnsafe(5, 3), {
  message: 'The argument \'alignment\' must be a power of two. Received 3',
});
assert.throws(() => Buffer.allocUnsafeSlow(5, 0), { code: 'ERR_OUT_OF_RANGE' });
{
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  assert.strictEqual(Buffer.allocUnsafe(5).buffer.byteLength, 5);
  Buffer.poolSize = poolSize;
}

// concat, of, copyBytesFrom, compare, isBuffer, isEncoding.
same(Buffer.concat([bytes(1), new Uint8Array([2, 3])]), 1, 2, 3);
same(Buffer.concat([bytes(1, 2, 3)], 2), 1, 2);
same(Buffer.concat([bytes(1)], 3), 1, 0, 0);
assert.throws(() => Buffer.concat([bytes(1), 'a']), {
  message: 'The "list[1]" argument must be an instance of Buffer or Uint8Array. Received type string (\'a\')',
});
same(Buffer.of(1, 2, 300), 1, 2, 44);
same(Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1), 2, 0);
assert.deepStrictEqual(
  [bytes(2), bytes(1, 5), bytes(1)].sort(Buffer.compare),
  [bytes(1), bytes(1, 5), bytes(2)],
);
assert.ok(Buffer.isBuffer(bytes()) && !Buffer.isBuffer(new Uint8Array()));
assert.ok(Buffer.isEncoding('UTF-8') && !Buffer.isEncoding('utf/8') && !Buffer.isEncoding(''));

// equals and compare, short and long.
{
  const long = Buffer.alloc(1000, 'ab');
  const other = Buffer.from(long);
  assert.ok(long.equals(other) && long.compare(other) === 0);
  other[999]++;
  assert.ok(!long.equals(other));
  assert.strictEqual(long.compare(other), -1);
  assert.strictEqual(long.compare(other, 0, 999, 0, 999), 0);
  assert.strictEqual(long.compare(other, 5, 3), 1);
  assert.throws(() => long.compare(other, 0, 1001), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => long.equals('a'), { code: 'ERR_INVALID_ARG_TYPE' });
}

// copy, also onto itself.
{
  const target = Buffer.alloc(6);
  assert.strictEqual(bytes(1, 2, 3, 4).copy(target, 1, 1, 3), 2);
  same(target, 0, 2, 3, 0, 0, 0);
  const self = bytes(1, 2, 3, 4, 5);
  self.copy(self, 1, 0, 4);
  same(self, 1, 1, 2, 3, 4);
  assert.strictEqual(bytes(1).copy(target, 9), 0);
  assert.throws(() => bytes(1).copy(target, 0, 2), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => bytes(1).copy(target, -1), { code: 'ERR_OUT_OF_RANGE' });
}

// fill.
same(Buffer.alloc(4).fill('é'), 0xc3, 0xa9, 0xc3, 0xa9);
same(Buffer.alloc(5).fill('€', 1, 3), 0, 0xe2, 0x82, 0, 0);
same(Buffer.alloc(3).fill(bytes(1, 2)), 1, 2, 1);
same(Buffer.alloc(3).fill(257), 1, 1, 1);
assert.ok(Buffer.alloc(5000).fill('abc').toString().startsWith('abcabc'));
assert.throws(() => Buffer.alloc(1).fill('zz', 'hex'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => Buffer.alloc(1).fill(0, 0, 2), { code: 'ERR_OUT_OF_RANGE' });

// slice, subarray and methods of Uint8Array give Buffers over the same memory or of their own.
{
  const original = bytes(1, 2, 3, 4);
  original.subarray(1, -1)[0] = 9;
  same(original, 1, 9, 3, 4);
  same(original.slice(-2), 3, 4);
  same(original.slice('1', '3'), 9, 3);
  assert.ok(Buffer.isBuffer(original.map((byte) => byte * 2)));
  assert.strictEqual(Buffer.from(original.toJSON()).compare(original), 0);
}

// swap.
same(bytes(1, 2, 3, 4).swap16(), 2, 1, 4, 3);
same(bytes(1, 2, 3, 4).swap32(), 4, 3, 2, 1);
same(bytes(1, 2, 3, 4, 5, 6, 7, 8).swap64(), 8, 7, 6, 5, 4, 3, 2, 1);
same(Buffer.alloc(400, bytes(1, 2)).swap16().subarray(398), 2, 1);
assert.throws(() => bytes(1).swap16(), { message: 'Buffer size must be a multiple of 16-bits' });

// How a Buffer is shown.
assert.strictEqual(inspect(Object.assign(bytes(1, 255), { a: 1 })), '<Buffer 01 ff, a: 1>');
assert.match(inspect(Buffer.alloc(51)), / 00 \.\.\. 1 more byte>$/);
buffer.INSPECT_MAX_BYTES = 2;
assert.strictEqual(inspect(bytes(1, 2, 3, 4)), '<Buffer 01 02 ... 2 more bytes>');
buffer.INSPECT_MAX_BYTES = 50;
assert.throws(() => { buffer.INSPECT_MAX_BYTES = -1; }, { code: 'ERR_OUT_OF_RANGE' });

// What is no Buffer is refused by every method.
const fake = Object.create(Buffer.prototype);
for (const method of ['toString', 'equals', 'fill', 'indexOf', 'write', 'swap16', 'toJSON']) {
  assert.throws(() => fake[method](bytes()), TypeError, method);
}
