// The memory of Buffers: the class behind `Buffer`, uninitialised memory, and the pool of small ones.
'use strict';

const binding = internalBinding('buffer');

/** What every Buffer is an instance of; `Buffer.prototype` is its prototype. */
class FastBuffer extends Uint8Array {}

/** Up to this size V8 makes the whole array by itself, with the bytes inside the object where it was built so. */
const MAX_INLINE_SIZE = 64;

/** Slabs begin at multiples of a cache line. */
const SLAB_ALIGNMENT = 64;

let zeroFill;

/**
 * A buffer with memory of its own that holds whatever was there before, or zeros under
 * `--zero-fill-buffers`.
 * @param {number} size a valid length in bytes
 * @param {number} [alignment] a power of two of which the address is a multiple
 * @returns {FastBuffer}
 */
function createUnsafeBuffer(size, alignment = 0) {
  zeroFill ??= Boolean(require('internal/options').getOptionValue('--zero-fill-buffers'));
  if (!(size >= 1)) return new FastBuffer(size);
  if (alignment === 0 && (zeroFill || size <= MAX_INLINE_SIZE)) return new FastBuffer(size);
  const memory = binding.createUnsafeArrayBuffer(size, alignment);
  if (memory === undefined) throw allocationFailed();
  const buffer = new FastBuffer(memory);
  return zeroFill ? buffer.fill(0) : buffer;
}

function allocationFailed() {
  const error = new RangeError('Failed to allocate memory');
  error.code = 'ERR_MEMORY_ALLOCATION_FAILED';
  return error;
}

let hasFastCalls = false;

/**
 * Replaces functions of the binding by those that optimised code calls directly, which must not get
 * into the start-up snapshot: a program's first small buffer, or its first server, is the sign that it is running.
 */
function attachFastCalls() {
  if (hasFastCalls) return;
  hasFastCalls = true;
  Object.assign(binding, internalBinding('buffer_fast'));
}

/**
 * A slab from which small buffers are cut. Pieces begin at multiples of eight bytes.
 * Use: `reserve(n, poolSize)`, write to `bytes` at `used`, then `take(length)` with length <= n.
 */
class Pool {
  /** @type {FastBuffer | undefined} the whole slab */
  bytes = undefined;
  memory = undefined;
  size = 0;
  used = 0;

  /** Makes sure that `size` bytes are free, where `size` is less than half of `poolSize`. */
  reserve(size, poolSize) {
    if (size > this.size - this.used) this.refill(poolSize);
  }

  /** The same for bytes at a multiple of `alignment`, which is at most `SLAB_ALIGNMENT`. */
  reserveAligned(size, poolSize, alignment) {
    this.used = Math.ceil(this.used / alignment) * alignment;
    this.reserve(size, poolSize);
  }

  refill(poolSize) {
    attachFastCalls();
    const slab = createUnsafeBuffer(poolSize, SLAB_ALIGNMENT);
    this.memory = slab.buffer;
    require('internal/buffer/untransferable').markAsUntransferable(this.memory);
    this.bytes = slab;
    this.size = slab.length;
    this.used = 0;
  }

  /** Cuts off a buffer over the next `length` bytes, which are reserved. */
  take(length) {
    const start = this.used;
    this.used = (start + length + 7) & ~7;
    return new FastBuffer(this.memory, start, length);
  }
}

module.exports = { FastBuffer, Pool, SLAB_ALIGNMENT, attachFastCalls, createUnsafeBuffer };
