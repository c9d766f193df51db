// `Readline` of `readline/promises`: cursor movements that are collected and written together.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateBoolean, validateInteger } = require('internal/validators');
const { isWritable } = require('internal/streams/utils');
const { CLEAR_SCREEN_DOWN, byDistance, clearing, toPosition } = require('internal/readline/cursor');

/** Collects control sequences for a terminal until `commit`. */
class Readline {
  #autoCommit = false;
  #stream;
  #pending = [];

  /**
   * @param {Writable} stream
   * @param {{ autoCommit?: boolean }} [options]  whether each sequence is written at the next tick
   */
  constructor(stream, options = undefined) {
    if (!isWritable(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
    this.#stream = stream;
    if (options?.autoCommit != null) {
      validateBoolean(options.autoCommit, 'options.autoCommit');
      this.#autoCommit = options.autoCommit;
    }
  }

  #add(sequence) {
    if (this.#autoCommit) process.nextTick(() => this.#stream.write(sequence));
    else this.#pending.push(sequence);
    return this;
  }

  /**
   * @param {number} x  column, from 0
   * @param {number} [y]  row, from 0
   * @returns {this}
   */
  cursorTo(x, y = undefined) {
    validateInteger(x, 'x');
    if (y != null) validateInteger(y, 'y');
    return this.#add(toPosition(x, y));
  }

  /**
   * @param {number} dx  columns to the right
   * @param {number} dy  rows down
   * @returns {this}
   */
  moveCursor(dx, dy) {
    if (dx || dy) {
      validateInteger(dx, 'dx');
      validateInteger(dy, 'dy');
      this.#add(byDistance(dx, dy));
    }
    return this;
  }

  /**
   * @param {-1 | 0 | 1} dir  to the left, all, to the right
   * @returns {this}
   */
  clearLine(dir) {
    validateInteger(dir, 'dir', -1, 1);
    return this.#add(clearing(dir));
  }

  /** @returns {this} */
  clearScreenDown() {
    return this.#add(CLEAR_SCREEN_DOWN);
  }

  /** @returns {Promise<void>} when what was collected is written */
  commit() {
    return new Promise((resolve) => {
      this.#stream.write(this.#pending.join(''), resolve);
      this.#pending = [];
    });
  }

  /** @returns {this} without what was collected */
  rollback() {
    this.#pending = [];
    return this;
  }
}

module.exports = { Readline };
