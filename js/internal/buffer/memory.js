// The memory of Buffers: the class behind `Buffer`, uninitialised memory, and the pool of small ones.
'use strict';

const binding = internalBinding('buffer');

/** What every Buffer is an instance of; `Buffer.prototype` is its prototype. */
class FastBuffer extends Uint8Array {}

/** Up to this size V8 keeps the bytes of an array inside the object: the fastest memory there is. */
const MAX_INLINE_SIZE = 64;

let zeroFill;

/**
 * A buffer with memory of its own that holds whatever was there before, or zeros under
 * `--zero-fill-buffers`.
 * @param {number} size a valid length in bytes
 * @returns {FastBuffer}
 */
function createUnsafeBuffer(size) {
  if (size <= MAX_INLINE_SIZE) return new FastBuffer(size);
  zeroFill ??= require('internal/options').getOptionValue('--zero-fill-buffers');
  if (zeroFill) return new FastBuffer(size);
  const memory = binding.createUnsafeArrayBuffer(size);
  if (memory === undefined) throw allocationFailed();
  return new FastBuffer(memory);
}

function allocationFailed() {
  const error = new RangeError('Failed to allocate memory');
  error.code = 'ERR_MEMORY_ALLOCATION_FAILED';
  return error;
}

let hasFastCalls = false;

/**
 * Replaces functions of the binding by those that optimised code calls directly, which must not get
 * into the start-up snapshot: a program's first small buffer is the sign that it is running.
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

  refill(poolSize) {
    attachFastCalls();
    const slab = createUnsafeBuffer(poolSize);
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

module.exports = { FastBuffer, Pool, createUnsafeBuffer };
