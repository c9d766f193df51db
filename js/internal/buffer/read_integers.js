// Buffer's methods that read integers of 1 to 6 bytes.
//
// An offset is checked by what is there: outside the buffer an element is `undefined`, so that one
// comparison of the first and one of the last byte cover every offset that is a number.
'use strict';

const { throwBadOffset, throwBadWidth } = require('internal/buffer/bounds');

const TWO_POW_32 = 0x100000000;

const methods = {};

methods.readUIntLE = function readUIntLE(offset, byteLength) {
  if (offset === undefined) throwBadOffset(this, offset, byteLength);
  switch (byteLength) {
    case 1: return methods.readUInt8.call(this, offset);
    case 2: return methods.readUInt16LE.call(this, offset);
    case 3: return readUInt24LE(this, offset);
    case 4: return methods.readUInt32LE.call(this, offset);
    case 5: return lastByte(this, offset, 5) * TWO_POW_32 + lowUInt32LE(this, offset);
    case 6: {
      const high = lastByte(this, offset, 6) << 8 | this[offset + 4];
      return high * TWO_POW_32 + lowUInt32LE(this, offset);
    }
    default: throwBadWidth(byteLength);
  }
};

methods.readUInt32LE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 4);
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 4);
  return (first | this[offset + 1] << 8 | this[offset + 2] << 16 | last << 24) >>> 0;
};

methods.readUInt16LE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 2);
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 2);
  return first | last << 8;
};

methods.readUInt8 = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 1);
  const value = this[offset];
  if (value === undefined) throwBadOffset(this, offset, 1);
  return value;
};

methods.readUIntBE = function readUIntBE(offset, byteLength) {
  if (offset === undefined) throwBadOffset(this, offset, byteLength);
  switch (byteLength) {
    case 1: return methods.readUInt8.call(this, offset);
    case 2: return methods.readUInt16BE.call(this, offset);
    case 3: return readUInt24BE(this, offset);
    case 4: return methods.readUInt32BE.call(this, offset);
    case 5: return firstByte(this, offset, 5) * TWO_POW_32 + lowUInt32BE(this, offset + 1);
    case 6: {
      const high = firstByte(this, offset, 6) << 8 | this[offset + 1];
      return high * TWO_POW_32 + lowUInt32BE(this, offset + 2);
    }
    default: throwBadWidth(byteLength);
  }
};

methods.readUInt32BE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 4);
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 4);
  return (first << 24 | this[offset + 1] << 16 | this[offset + 2] << 8 | last) >>> 0;
};

methods.readUInt16BE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 2);
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 2);
  return first << 8 | last;
};

methods.readUintLE = methods.readUIntLE;
methods.readUint32LE = methods.readUInt32LE;
methods.readUint16LE = methods.readUInt16LE;
methods.readUint8 = methods.readUInt8;
methods.readUintBE = methods.readUIntBE;
methods.readUint32BE = methods.readUInt32BE;
methods.readUint16BE = methods.readUInt16BE;

methods.readIntLE = function readIntLE(offset, byteLength) {
  if (offset === undefined) throwBadOffset(this, offset, byteLength);
  switch (byteLength) {
    case 1: return methods.readInt8.call(this, offset);
    case 2: return methods.readInt16LE.call(this, offset);
    case 3: return readUInt24LE(this, offset) << 8 >> 8;
    case 4: return methods.readInt32LE.call(this, offset);
    case 5: return (lastByte(this, offset, 5) << 24 >> 24) * TWO_POW_32 + lowUInt32LE(this, offset);
    case 6: {
      const high = lastByte(this, offset, 6) << 8 | this[offset + 4];
      return (high << 16 >> 16) * TWO_POW_32 + lowUInt32LE(this, offset);
    }
    default: throwBadWidth(byteLength);
  }
};

methods.readInt32LE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 4);
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 4);
  return first | this[offset + 1] << 8 | this[offset + 2] << 16 | last << 24;
};

methods.readInt16LE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 2);
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 2);
  return (first | last << 8) << 16 >> 16;
};

methods.readInt8 = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 1);
  const value = this[offset];
  if (value === undefined) throwBadOffset(this, offset, 1);
  return value << 24 >> 24;
};

methods.readIntBE = function readIntBE(offset, byteLength) {
  if (offset === undefined) throwBadOffset(this, offset, byteLength);
  switch (byteLength) {
    case 1: return methods.readInt8.call(this, offset);
    case 2: return methods.readInt16BE.call(this, offset);
    case 3: return readUInt24BE(this, offset) << 8 >> 8;
    case 4: return methods.readInt32BE.call(this, offset);
    case 5: return (firstByte(this, offset, 5) << 24 >> 24) * TWO_POW_32 + lowUInt32BE(this, offset + 1);
    case 6: {
      const high = firstByte(this, offset, 6) << 8 | this[offset + 1];
      return (high << 16 >> 16) * TWO_POW_32 + lowUInt32BE(this, offset + 2);
    }
    default: throwBadWidth(byteLength);
  }
};

methods.readInt32BE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 4);
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 4);
  return first << 24 | this[offset + 1] << 16 | this[offset + 2] << 8 | last;
};

methods.readInt16BE = function(offset) {
  if (offset === undefined) offset = 0;
  else if (typeof offset !== 'number') throwBadOffset(this, offset, 2);
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined) throwBadOffset(this, offset, 2);
  return (first << 8 | last) << 16 >> 16;
};

/** The first of `width` bytes, after checking that all of them are there. */
function firstByte(buffer, offset, width) {
  if (typeof offset !== 'number') throwBadOffset(buffer, offset, width);
  const first = buffer[offset];
  if (first === undefined || buffer[offset + width - 1] === undefined) throwBadOffset(buffer, offset, width);
  return first;
}

/** The last of `width` bytes, after checking that all of them are there. */
function lastByte(buffer, offset, width) {
  if (typeof offset !== 'number') throwBadOffset(buffer, offset, width);
  const last = buffer[offset + width - 1];
  if (last === undefined || buffer[offset] === undefined) throwBadOffset(buffer, offset, width);
  return last;
}

function readUInt24LE(buffer, offset) {
  return lastByte(buffer, offset, 3) << 16 | buffer[offset + 1] << 8 | buffer[offset];
}

function readUInt24BE(buffer, offset) {
  return firstByte(buffer, offset, 3) << 16 | buffer[offset + 1] << 8 | buffer[offset + 2];
}

/** Four bytes that have been checked to be there. */
function lowUInt32LE(buffer, offset) {
  const low = buffer[offset] | buffer[offset + 1] << 8;
  return (low | buffer[offset + 2] << 16 | buffer[offset + 3] << 24) >>> 0;
}

/** Four bytes that have been checked to be there. */
function lowUInt32BE(buffer, offset) {
  const low = buffer[offset + 2] << 8 | buffer[offset + 3];
  return (buffer[offset] << 24 | buffer[offset + 1] << 16 | low) >>> 0;
}

module.exports = methods;
