// Comparing and copying the bytes of buffers.
'use strict';

const binding = internalBinding('buffer');

const { FastBuffer } = require('internal/buffer/memory');
const { byteLengthOf, bytesOf } = require('internal/buffer/views');

const setBytes = Uint8Array.prototype.set;

/** So many bytes are compared and copied here, more by the native half. */
const MAX_SHORT = 24;

/**
 * @param {ArrayBufferView} a
 * @param {Uint8Array} b
 * @returns {-1 | 0 | 1}
 */
function compareAll(a, b) {
  a = bytesOf(a);
  const length = a.length < b.length ? a.length : b.length;
  if (length > MAX_SHORT) return binding.compare(a, b);
  for (let i = 0; i < length; i++) {
    const difference = a[i] - b[i];
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/**
 * Compares parts of two views, none of which is empty.
 * @param {ArrayBufferView} a
 * @param {number} aStart
 * @param {number} aEnd inside
 * @param {ArrayBufferView} b
 * @param {number} bStart
 * @param {number} bEnd inside
 * @returns {-1 | 0 | 1}
 */
function compareRanges(a, aStart, aEnd, b, bStart, bEnd) {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const length = aLength < bLength ? aLength : bLength;
  if (length > MAX_SHORT) return binding.compareRanges(a, aStart, aEnd, b, bStart, bEnd);
  a = bytesOf(a);
  for (let i = 0; i < length; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return aLength === bLength ? 0 : aLength < bLength ? -1 : 1;
}

/**
 * @param {ArrayBufferView} a
 * @param {Uint8Array} b
 * @returns {boolean}
 */
function equalBytes(a, b) {
  const length = byteLengthOf(a);
  if (length !== byteLengthOf(b)) return false;
  if (length > MAX_SHORT) return binding.compare(a, b) === 0;
  a = bytesOf(a);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

/**
 * Copies `count` bytes of `source` from `start` on to `target` at `at`; both ranges are inside, and
 * they may overlap.
 * @param {ArrayBufferView} source
 * @param {number} start
 * @param {ArrayBufferView} target
 * @param {number} at
 * @param {number} count
 * @returns {number} `count`
 */
function copyBytes(source, start, target, at, count) {
  source = bytesOf(source);
  target = bytesOf(target);
  if (count === source.length) {
    setBytes.call(target, source, at);
  } else if (count <= MAX_SHORT && !runsIntoItself(source, start, target, at, count)) {
    for (let i = 0; i < count; i++) target[at + i] = source[start + i];
  } else {
    setBytes.call(target, new FastBuffer(source.buffer, source.byteOffset + start, count), at);
  }
  return count;
}

/** Whether copying byte by byte would overwrite what is still to be copied. */
function runsIntoItself(source, start, target, at, count) {
  const distance = target.byteOffset + at - source.byteOffset - start;
  return distance > 0 && distance < count && source.buffer === target.buffer;
}

module.exports = { compareAll, compareRanges, copyBytes, equalBytes };
