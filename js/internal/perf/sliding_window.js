// `createSlidingWindowHistogram`: a histogram of what was recorded last, kept in chunks of which the oldest is given up.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS },
} = require('internal/errors');
const { Histogram, kHandle, kSkipThrow, readBounds, toRecordable } = require('internal/histogram');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { validateInteger, validateObject } = require('internal/validators');

const binding = internalBinding('histogram');

const MOST_CHUNKS = 1024;
/** As many milliseconds as have their nanoseconds in 64 bits. */
const LONGEST = 18_446_744_073_709;
const NANOSECONDS = 1_000_000n;

class SlidingWindowHistogram {
  /** The chunks that there are, the newest last, each with its number. */
  #chunks = [];
  /** Chunks that wait to be used again. */
  #spare = [];
  #length;
  #bounds;
  #duration;
  #capacity;
  #start = process.hrtime.bigint();
  /** The number of the newest chunk and how often it was recorded in, where that counts. */
  #newest = 0;
  #recorded = 0;

  constructor(skipThrow, length, bounds, duration, capacity) {
    if (skipThrow !== kSkipThrow) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kTransferMode] = kUncloneable;
    this.#length = length;
    this.#bounds = bounds;
    if (duration !== undefined) this.#duration = BigInt(duration) * NANOSECONDS;
    this.#capacity = capacity;
    this.#spare.push(this.#make());
  }

  static #check(self) {
    if (typeof self !== 'object' || self === null || !(#chunks in self)) {
      throw new ERR_INVALID_THIS('SlidingWindowHistogram');
    }
    return self;
  }

  #make() {
    const { low, high, figures } = this.#bounds;
    return binding.create(low, high, figures, 0, 0);
  }

  // What is over is given up.
  #rotate() {
    if (this.#duration !== undefined) this.#newest = Number((process.hrtime.bigint() - this.#start) / this.#duration);
    while (this.#chunks.length > 0 && this.#chunks[0].number <= this.#newest - this.#length) {
      const { handle } = this.#chunks.shift();
      this.#spare.push(handle);
    }
  }

  #current() {
    const last = this.#chunks.at(-1);
    if (last?.number === this.#newest) return last.handle;
    let handle = this.#spare.pop();
    if (handle === undefined) handle = this.#make();
    else binding.reset(handle);
    this.#chunks.push({ number: this.#newest, handle });
    return handle;
  }

  /** @param {number | bigint} val  a whole number, at least 1 */
  record(val) {
    const self = SlidingWindowHistogram.#check(this);
    const value = toRecordable(val, 'val');
    if (self.#capacity !== undefined && self.#recorded === self.#capacity) {
      self.#newest++;
      self.#recorded = 0;
    }
    self.#rotate();
    self.#recorded++;
    binding.record(self.#current(), value);
  }

  /** @returns {Histogram} of what the window holds now */
  snapshot() {
    const self = SlidingWindowHistogram.#check(this);
    self.#rotate();
    const histogram = new Histogram(kSkipThrow);
    histogram[kHandle] = self.#make();
    for (const { handle } of self.#chunks) binding.add(histogram[kHandle], handle);
    return histogram;
  }

  /** Forgets all. */
  reset() {
    const self = SlidingWindowHistogram.#check(this);
    for (const { handle } of self.#chunks) self.#spare.push(handle);
    self.#chunks.length = 0;
    self.#recorded = 0;
  }
}

/**
 * @param {{ chunks: number, chunkDuration?: number, recordsPerChunk?: number, lowest?: number | bigint,
 *   highest?: number | bigint, figures?: number }} options
 *   either `chunkDuration`, in milliseconds, or `recordsPerChunk`
 * @returns {SlidingWindowHistogram}
 */
function createSlidingWindowHistogram(options) {
  validateObject(options, 'options');
  const { chunks, chunkDuration, recordsPerChunk } = options;
  validateInteger(chunks, 'options.chunks', 1, MOST_CHUNKS);
  if ((chunkDuration === undefined) === (recordsPerChunk === undefined)) {
    const reason = 'must specify exactly one of "chunkDuration" or "recordsPerChunk"';
    throw new ERR_INVALID_ARG_VALUE('options', options, reason);
  }
  if (chunkDuration !== undefined) validateInteger(chunkDuration, 'options.chunkDuration', 1, LONGEST);
  else validateInteger(recordsPerChunk, 'options.recordsPerChunk', 1);
  return new SlidingWindowHistogram(kSkipThrow, chunks, readBounds(options), chunkDuration, recordsPerChunk);
}

module.exports = { createSlidingWindowHistogram };
