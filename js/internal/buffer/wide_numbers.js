// Buffer's methods for 64-bit integers and for floating point numbers.
//
// All go through eight bytes of scratch memory that are seen as each of the types. The platforms
// that V8 is built for here are little-endian.
'use strict';

const { throwBadOffset, throwBadValue } = require('internal/buffer/bounds');

const scratch = new ArrayBuffer(8);
const words = new Uint32Array(scratch);
const signed = new BigInt64Array(scratch);
const unsigned = new BigUint64Array(scratch);
const floats = new Float32Array(scratch);
const doubles = new Float64Array(scratch);

const bigints = {};

bigints.readBigUInt64LE = function readBigUInt64LE(offset = 0) {
  load64LE(this, offset);
  return unsigned[0];
};

bigints.readBigUInt64BE = function readBigUInt64BE(offset = 0) {
  load64BE(this, offset);
  return unsigned[0];
};

bigints.readBigUint64LE = bigints.readBigUInt64LE;
bigints.readBigUint64BE = bigints.readBigUInt64BE;

bigints.readBigInt64LE = function readBigInt64LE(offset = 0) {
  load64LE(this, offset);
  return signed[0];
};

bigints.readBigInt64BE = function readBigInt64BE(offset = 0) {
  load64BE(this, offset);
  return signed[0];
};

bigints.writeBigUInt64LE = function writeBigUInt64LE(value, offset = 0) {
  takeUnsigned(this, value, offset);
  return store64LE(this, offset);
};

bigints.writeBigUInt64BE = function writeBigUInt64BE(value, offset = 0) {
  takeUnsigned(this, value, offset);
  return store64BE(this, offset);
};

bigints.writeBigUint64LE = bigints.writeBigUInt64LE;
bigints.writeBigUint64BE = bigints.writeBigUInt64BE;

bigints.writeBigInt64LE = function writeBigInt64LE(value, offset = 0) {
  takeSigned(this, value, offset);
  return store64LE(this, offset);
};

bigints.writeBigInt64BE = function writeBigInt64BE(value, offset = 0) {
  takeSigned(this, value, offset);
  return store64BE(this, offset);
};

const reals = {};

reals.readFloatLE = function readFloatForwards(offset = 0) {
  load32LE(this, offset);
  return floats[0];
};

reals.readFloatBE = function readFloatBackwards(offset = 0) {
  load32BE(this, offset);
  return floats[0];
};

reals.readDoubleLE = function readDoubleForwards(offset = 0) {
  load64LE(this, offset);
  return doubles[0];
};

reals.readDoubleBE = function readDoubleBackwards(offset = 0) {
  load64BE(this, offset);
  return doubles[0];
};

reals.writeFloatLE = function writeFloatForwards(value, offset = 0) {
  value = toNumber(value);
  checkOffset(this, offset, 4);
  floats[0] = value;
  const bits = words[0];
  this[offset] = bits;
  this[offset + 1] = bits >>> 8;
  this[offset + 2] = bits >>> 16;
  this[offset + 3] = bits >>> 24;
  return offset + 4;
};

reals.writeFloatBE = function writeFloatBackwards(value, offset = 0) {
  value = toNumber(value);
  checkOffset(this, offset, 4);
  floats[0] = value;
  const bits = words[0];
  this[offset] = bits >>> 24;
  this[offset + 1] = bits >>> 16;
  this[offset + 2] = bits >>> 8;
  this[offset + 3] = bits;
  return offset + 4;
};

reals.writeDoubleLE = function writeDoubleForwards(value, offset = 0) {
  value = toNumber(value);
  checkOffset(this, offset, 8);
  doubles[0] = value;
  return store64LE(this, offset);
};

reals.writeDoubleBE = function writeDoubleBackwards(value, offset = 0) {
  value = toNumber(value);
  checkOffset(this, offset, 8);
  doubles[0] = value;
  return store64BE(this, offset);
};

/** A number; V8's own NaN for `undefined` must not get out. */
function toNumber(value) {
  return value === undefined ? NaN : +value;
}

function checkOffset(buffer, offset, width) {
  if (typeof offset !== 'number' ||
      buffer[offset] === undefined || buffer[offset + width - 1] === undefined) {
    throwBadOffset(buffer, offset, width);
  }
}

function load32LE(buffer, offset) {
  checkOffset(buffer, offset, 4);
  words[0] = wordLE(buffer, offset);
}

function load32BE(buffer, offset) {
  checkOffset(buffer, offset, 4);
  words[0] = wordBE(buffer, offset);
}

function load64LE(buffer, offset) {
  checkOffset(buffer, offset, 8);
  words[0] = wordLE(buffer, offset);
  words[1] = wordLE(buffer, offset + 4);
}

function load64BE(buffer, offset) {
  checkOffset(buffer, offset, 8);
  words[1] = wordBE(buffer, offset);
  words[0] = wordBE(buffer, offset + 4);
}

function wordLE(buffer, offset) {
  return buffer[offset] | buffer[offset + 1] << 8 | buffer[offset + 2] << 16 | buffer[offset + 3] << 24;
}

function wordBE(buffer, offset) {
  return buffer[offset] << 24 | buffer[offset + 1] << 16 | buffer[offset + 2] << 8 | buffer[offset + 3];
}

function store64LE(buffer, offset) {
  const low = words[0];
  const high = words[1];
  buffer[offset] = low;
  buffer[offset + 1] = low >>> 8;
  buffer[offset + 2] = low >>> 16;
  buffer[offset + 3] = low >>> 24;
  buffer[offset + 4] = high;
  buffer[offset + 5] = high >>> 8;
  buffer[offset + 6] = high >>> 16;
  buffer[offset + 7] = high >>> 24;
  return offset + 8;
}

function store64BE(buffer, offset) {
  const low = words[0];
  const high = words[1];
  buffer[offset] = high >>> 24;
  buffer[offset + 1] = high >>> 16;
  buffer[offset + 2] = high >>> 8;
  buffer[offset + 3] = high;
  buffer[offset + 4] = low >>> 24;
  buffer[offset + 5] = low >>> 16;
  buffer[offset + 6] = low >>> 8;
  buffer[offset + 7] = low;
  return offset + 8;
}

/** Checks `value` and `offset` and leaves the value in the scratch memory. */
function takeSigned(buffer, value, offset) {
  if (typeof value !== 'bigint') refuse(buffer, value, offset, -(2n ** 63n), 2n ** 63n - 1n);
  signed[0] = value;
  if (signed[0] !== value) throwBadValue(value, -(2n ** 63n), 2n ** 63n - 1n, 8);
  checkOffset(buffer, offset, 8);
}

/** Checks `value` and `offset` and leaves the value in the scratch memory. */
function takeUnsigned(buffer, value, offset) {
  if (typeof value !== 'bigint') refuse(buffer, value, offset, 0n, 2n ** 64n - 1n);
  unsigned[0] = value;
  if (unsigned[0] !== value) throwBadValue(value, 0n, 2n ** 64n - 1n, 8);
  checkOffset(buffer, offset, 8);
}

/** What is not a bigint is out of range first, outside the buffer second, of a wrong type last. */
function refuse(buffer, value, offset, min, max) {
  if (value > max || value < min) throwBadValue(value, min, max, 8);
  checkOffset(buffer, offset, 8);
  return value & max;
}

module.exports = { bigints, reals };
