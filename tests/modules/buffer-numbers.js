// `Buffer`: reading and writing numbers of every width and byte order, and their errors.
'use strict';

const assert = require('node:assert');

const source = Buffer.from('f1e2d3c4b5a69788', 'hex');

// Each row: the method, its arguments, what a DataView reads in the same place.
const view = new DataView(source.buffer, source.byteOffset, source.length);
const widths = { 8: ['Int8', 'Uint8'], 16: ['Int16', 'Uint16'], 32: ['Int32', 'Uint32'] };
for (const [width, types] of Object.entries(widths)) {
  for (const type of types) {
    for (const order of width === '8' ? [''] : ['LE', 'BE']) {
      const name = type.replace('Uint', 'UInt') + order;
      const expected = view[`get${type}`](0, order === 'LE');
      assert.strictEqual(source[`read${name}`](), expected, name);
      assert.strictEqual(source[`read${name}`](1), view[`get${type}`](1, order === 'LE'), name);
      const target = Buffer.alloc(8);
      assert.strictEqual(target[`write${name}`](expected, 2), 2 + width / 8);
      assert.strictEqual(target[`read${name}`](2), expected);
    }
  }
}
for (const [name, getter] of Object.entries({
  Float: 'getFloat32', Double: 'getFloat64', BigInt64: 'getBigInt64', BigUInt64: 'getBigUint64',
})) {
  for (const order of ['LE', 'BE']) {
    const expected = view[getter](0, order === 'LE');
    assert.strictEqual(source[`read${name}${order}`](0), expected);
    const target = Buffer.alloc(8);
    target[`write${name}${order}`](expected);
    assert.strictEqual(target[`read${name}${order}`](), expected);
  }
}

// Widths of 1 to 6 bytes.
for (let width = 1; width <= 6; width++) {
  let unsigned = 0n;
  for (let i = 0; i < width; i++) unsigned = unsigned << 8n | BigInt(source[i]);
  assert.strictEqual(source.readUIntBE(0, width), Number(unsigned));
  assert.strictEqual(source.readIntBE(0, width), Number(BigInt.asIntN(width * 8, unsigned)));
  const reversed = Buffer.from(source.subarray(0, width)).reverse();
  assert.strictEqual(reversed.readUIntLE(0, width), Number(unsigned));
  assert.strictEqual(reversed.readIntLE(0, width), Number(BigInt.asIntN(width * 8, unsigned)));

  const target = Buffer.alloc(8);
  for (const order of ['LE', 'BE']) {
    for (const value of [-1, -(2 ** (width * 8 - 1)), 2 ** (width * 8 - 1) - 1, 0]) {
      assert.strictEqual(target[`writeInt${order}`](value, 1, width), width + 1);
      assert.strictEqual(target[`readInt${order}`](1, width), value);
    }
    target[`writeUInt${order}`](2 ** (width * 8) - 1, 1, width);
    assert.strictEqual(target[`readUInt${order}`](1, width), 2 ** (width * 8) - 1);
  }
  assert.strictEqual(target[0] | target[7], 0);
}

// What is not a number, and NaNs.
assert.strictEqual(Buffer.alloc(8).writeUInt8('25'), 1);
for (const method of ['writeDoubleBE', 'writeFloatBE']) {
  const target = Buffer.alloc(8);
  target[method](undefined);
  assert.match(target.toString('hex'), /^7f[cf][08]0/);
}
assert.throws(() => Buffer.alloc(8).writeBigInt64LE(1), {
  name: 'TypeError', message: 'Cannot mix BigInt and other types, use explicit conversions',
});

// Errors: the type of the offset, its range, a buffer that is too small, a value that is too large.
const message = (run) => {
  try {
    run();
  } catch (error) {
    return `${error.name} ${error.code} ${error.message}`;
  }
  return 'no error';
};
const range = 'RangeError ERR_OUT_OF_RANGE The value of';
const type = 'TypeError ERR_INVALID_ARG_TYPE The';
for (const [run, expected] of [
  [() => source.readUInt8('0'),
   `${type} "offset" argument must be of type number. Received type string ('0')`],
  [() => source.readUInt8(8), `${range} "offset" is out of range. It must be >= 0 and <= 7. Received 8`],
  [() => source.readUInt32LE(1.5), `${range} "offset" is out of range. It must be an integer. Received 1.5`],
  [() => source.subarray(5).readUInt32LE(),
   'RangeError ERR_BUFFER_OUT_OF_BOUNDS Attempt to access memory outside buffer bounds'],
  [() => source.readUIntLE(),
   `${type} "offset" argument must be of type number. Received undefined`],
  [() => source.readUIntLE(0, 7),
   `${range} "byteLength" is out of range. It must be >= 1 and <= 6. Received 7`],
  [() => source.writeUInt8(256),
   `${range} "value" is out of range. It must be >= 0 and <= 255. Received 256`],
  [() => source.writeInt16BE(-32769),
   `${range} "value" is out of range. It must be >= -32768 and <= 32767. Received -32769`],
  [() => source.writeUIntBE(2 ** 40, 0, 5),
   `${range} "value" is out of range. It must be >= 0 and < 2 ** 40. Received 1_099_511_627_776`],
  [() => source.writeIntLE(2 ** 47, 0, 6),
   `${range} "value" is out of range. It must be >= -(2 ** 47) and < 2 ** 47. Received 140_737_488_355_328`],
  [() => source.writeBigUInt64LE(-1n),
   `${range} "value" is out of range. It must be >= 0n and < 2n ** 64n. Received -1n`],
  [() => source.writeDoubleLE(1, 1),
   `${range} "offset" is out of range. It must be >= 0 and <= 0. Received 1`],
]) {
  assert.strictEqual(message(run), expected);
}
