// Buffer's methods that write integers of 1 to 6 bytes.
'use strict';

const { throwBadOffset, throwBadValue, throwBadWidth } = require('internal/buffer/bounds');

const TWO_POW_32 = 0x100000000;

const methods = {};

methods.writeUIntLE = function writeUIntLE(value, offset, byteLength) {
  switch (byteLength) {
    case 1: return write8(this, value, offset, 0, 0xff);
    case 2: return write16LE(this, value, offset, 0, 0xffff);
    case 3: return write24LE(this, value, offset, 0, 0xffffff);
    case 4: return write32LE(this, value, offset, 0, 0xffffffff);
    case 5: return writeWideLE(this, value, offset, 5, 0, 0xffffffffff);
    case 6: return writeWideLE(this, value, offset, 6, 0, 0xffffffffffff);
    default: throwBadWidth(byteLength);
  }
};

methods.writeUInt32LE = function writeUInt32LE(value, offset = 0) {
  return write32LE(this, value, offset, 0, 0xffffffff);
};

methods.writeUInt16LE = function writeUInt16LE(value, offset = 0) {
  return write16LE(this, value, offset, 0, 0xffff);
};

methods.writeUInt8 = function writeUInt8(value, offset = 0) {
  return write8(this, value, offset, 0, 0xff);
};

methods.writeUIntBE = function writeUIntBE(value, offset, byteLength) {
  switch (byteLength) {
    case 1: return write8(this, value, offset, 0, 0xff);
    case 2: return write16BE(this, value, offset, 0, 0xffff);
    case 3: return write24BE(this, value, offset, 0, 0xffffff);
    case 4: return write32BE(this, value, offset, 0, 0xffffffff);
    case 5: return writeWideBE(this, value, offset, 5, 0, 0xffffffffff);
    case 6: return writeWideBE(this, value, offset, 6, 0, 0xffffffffffff);
    default: throwBadWidth(byteLength);
  }
};

methods.writeUInt32BE = function writeUInt32BE(value, offset = 0) {
  return write32BE(this, value, offset, 0, 0xffffffff);
};

methods.writeUInt16BE = function writeUInt16BE(value, offset = 0) {
  return write16BE(this, value, offset, 0, 0xffff);
};

methods.writeUintLE = methods.writeUIntLE;
methods.writeUint32LE = methods.writeUInt32LE;
methods.writeUint16LE = methods.writeUInt16LE;
methods.writeUint8 = methods.writeUInt8;
methods.writeUintBE = methods.writeUIntBE;
methods.writeUint32BE = methods.writeUInt32BE;
methods.writeUint16BE = methods.writeUInt16BE;

methods.writeIntLE = function writeIntLE(value, offset, byteLength) {
  switch (byteLength) {
    case 1: return write8(this, value, offset, -0x80, 0x7f);
    case 2: return write16LE(this, value, offset, -0x8000, 0x7fff);
    case 3: return write24LE(this, value, offset, -0x800000, 0x7fffff);
    case 4: return write32LE(this, value, offset, -0x80000000, 0x7fffffff);
    case 5: return writeWideLE(this, value, offset, 5, -0x8000000000, 0x7fffffffff);
    case 6: return writeWideLE(this, value, offset, 6, -0x800000000000, 0x7fffffffffff);
    default: throwBadWidth(byteLength);
  }
};

methods.writeInt32LE = function writeInt32LE(value, offset = 0) {
  return write32LE(this, value, offset, -0x80000000, 0x7fffffff);
};

methods.writeInt16LE = function writeInt16LE(value, offset = 0) {
  return write16LE(this, value, offset, -0x8000, 0x7fff);
};

methods.writeInt8 = function writeInt8(value, offset = 0) {
  return write8(this, value, offset, -0x80, 0x7f);
};

methods.writeIntBE = function writeIntBE(value, offset, byteLength) {
  switch (byteLength) {
    case 1: return write8(this, value, offset, -0x80, 0x7f);
    case 2: return write16BE(this, value, offset, -0x8000, 0x7fff);
    case 3: return write24BE(this, value, offset, -0x800000, 0x7fffff);
    case 4: return write32BE(this, value, offset, -0x80000000, 0x7fffffff);
    case 5: return writeWideBE(this, value, offset, 5, -0x8000000000, 0x7fffffffff);
    case 6: return writeWideBE(this, value, offset, 6, -0x800000000000, 0x7fffffffffff);
    default: throwBadWidth(byteLength);
  }
};

methods.writeInt32BE = function writeInt32BE(value, offset = 0) {
  return write32BE(this, value, offset, -0x80000000, 0x7fffffff);
};

methods.writeInt16BE = function writeInt16BE(value, offset = 0) {
  return write16BE(this, value, offset, -0x8000, 0x7fff);
};

/** Throws unless `value` is in range and `width` bytes at `offset` are inside the buffer. */
function check(buffer, value, offset, min, max, width) {
  if (value > max || value < min) throwBadValue(value, min, max, width);
  if (typeof offset !== 'number' ||
      buffer[offset] === undefined || buffer[offset + width - 1] === undefined) {
    throwBadOffset(buffer, offset, width);
  }
}

function write8(buffer, value, offset, min, max) {
  value = +value;
  if (typeof offset !== 'number') throwBadOffset(buffer, offset, 1);
  if (value > max || value < min) throwBadValue(value, min, max, 1);
  if (buffer[offset] === undefined) throwBadOffset(buffer, offset, 1);
  buffer[offset] = value;
  return offset + 1;
}

function write16LE(buffer, value, offset, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, 2);
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  return offset + 2;
}

function write16BE(buffer, value, offset, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, 2);
  buffer[offset] = value >>> 8;
  buffer[offset + 1] = value;
  return offset + 2;
}

function write24LE(buffer, value, offset, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, 3);
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  buffer[offset + 2] = value >>> 16;
  return offset + 3;
}

function write24BE(buffer, value, offset, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, 3);
  buffer[offset] = value >>> 16;
  buffer[offset + 1] = value >>> 8;
  buffer[offset + 2] = value;
  return offset + 3;
}

function write32LE(buffer, value, offset, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, 4);
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  buffer[offset + 2] = value >>> 16;
  buffer[offset + 3] = value >>> 24;
  return offset + 4;
}

function write32BE(buffer, value, offset, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, 4);
  buffer[offset] = value >>> 24;
  buffer[offset + 1] = value >>> 16;
  buffer[offset + 2] = value >>> 8;
  buffer[offset + 3] = value;
  return offset + 4;
}

/** Five or six bytes: the low 32 bits, and what is above them. */
function writeWideLE(buffer, value, offset, width, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, width);
  const high = Math.floor(value / TWO_POW_32);
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  buffer[offset + 2] = value >>> 16;
  buffer[offset + 3] = value >>> 24;
  buffer[offset + 4] = high;
  if (width === 6) buffer[offset + 5] = high >>> 8;
  return offset + width;
}

/** Five or six bytes: what is above the low 32 bits, then those. */
function writeWideBE(buffer, value, offset, width, min, max) {
  value = +value;
  check(buffer, value, offset, min, max, width);
  const high = Math.floor(value / TWO_POW_32);
  const end = offset + width;
  if (width === 6) buffer[offset] = high >>> 8;
  buffer[end - 5] = high;
  buffer[end - 4] = value >>> 24;
  buffer[end - 3] = value >>> 16;
  buffer[end - 2] = value >>> 8;
  buffer[end - 1] = value;
  return end;
}

module.exports = methods;
