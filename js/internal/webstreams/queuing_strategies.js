// `ByteLengthQueuingStrategy` and `CountQueuingStrategy`: how much a stream's queue is to hold.
'use strict';

const { codes: { ERR_MISSING_OPTION } } = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const { validateObject } = require('internal/validators');
const { describe, finishClass } = require('internal/webstreams/common');

// Of the standard: one function for all strategies, without a prototype.
const byteLength = { size(chunk) { return chunk.byteLength; } }.size;
const one = { size() { return 1; } }.size;

function readHighWaterMark(init) {
  validateObject(init, 'init');
  if (init.highWaterMark === undefined) throw new ERR_MISSING_OPTION('init.highWaterMark');
  return +init.highWaterMark;
}

class ByteLengthQueuingStrategy {
  #highWaterMark;

  /** @param {{ highWaterMark: number }} init in bytes */
  constructor(init) {
    this.#highWaterMark = readHighWaterMark(init);
  }

  /** @returns {number} in bytes */
  get highWaterMark() {
    return this.#highWaterMark;
  }

  /** @returns {(chunk: { byteLength: number }) => number} */
  get size() {
    this.#highWaterMark;
    return byteLength;
  }

  [customInspectSymbol](depth, options) {
    return describe(this, depth, options, { highWaterMark: this.highWaterMark });
  }
}
finishClass(ByteLengthQueuingStrategy, ['highWaterMark', 'size']);

class CountQueuingStrategy {
  #highWaterMark;

  /** @param {{ highWaterMark: number }} init in chunks */
  constructor(init) {
    this.#highWaterMark = readHighWaterMark(init);
  }

  /** @returns {number} in chunks */
  get highWaterMark() {
    return this.#highWaterMark;
  }

  /** @returns {() => 1} */
  get size() {
    this.#highWaterMark;
    return one;
  }

  [customInspectSymbol](depth, options) {
    return describe(this, depth, options, { highWaterMark: this.highWaterMark });
  }
}
finishClass(CountQueuingStrategy, ['highWaterMark', 'size']);

module.exports = { ByteLengthQueuingStrategy, CountQueuingStrategy, one };
