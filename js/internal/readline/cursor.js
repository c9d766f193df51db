// Control sequences that move the cursor of a terminal and clear parts of it.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_CURSOR_POS },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');

const CSI = '\x1b[';
const CLEAR_TO_BEGINNING = `${CSI}1K`;
const CLEAR_TO_END = `${CSI}0K`;
const CLEAR_LINE = `${CSI}2K`;
const CLEAR_SCREEN_DOWN = `${CSI}0J`;

/** @returns {string} what moves the cursor to column `x`, and to row `y` where it is given; both from 0 */
function toPosition(x, y) {
  return typeof y === 'number' ? `${CSI}${y + 1};${x + 1}H` : `${CSI}${x + 1}G`;
}

/** @returns {string} what moves the cursor by `dx` columns and `dy` rows */
function byDistance(dx, dy) {
  let sequence = '';
  if (dx < 0) sequence += `${CSI}${-dx}D`;
  else if (dx > 0) sequence += `${CSI}${dx}C`;
  if (dy < 0) sequence += `${CSI}${-dy}A`;
  else if (dy > 0) sequence += `${CSI}${dy}B`;
  return sequence;
}

/** @returns {string} what clears the line to its beginning (-1), to its end (1) or whole (0) */
function clearing(direction) {
  return direction < 0 ? CLEAR_TO_BEGINNING : direction > 0 ? CLEAR_TO_END : CLEAR_LINE;
}

/** Writes to the stream where there is one and something to write; else calls back at the next tick. */
function send(stream, sequence, callback) {
  if (stream === null || stream === undefined || sequence === '') {
    if (typeof callback === 'function') process.nextTick(callback, null);
    return true;
  }
  return stream.write(sequence, callback);
}

function checkCallback(callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
}

/**
 * Moves the cursor of a terminal to a place.
 * @param {Writable} stream
 * @param {number} x  column, from 0
 * @param {number} [y]  row, from 0
 * @param {(error?: Error | null) => void} [callback]
 * @returns {boolean} false if the stream asks to wait for `drain`
 * @throws {TypeError} ERR_INVALID_ARG_VALUE, ERR_INVALID_CURSOR_POS
 */
function cursorTo(stream, x, y, callback) {
  checkCallback(callback);
  if (typeof y === 'function') {
    callback = y;
    y = undefined;
  }
  if (Number.isNaN(x)) throw new ERR_INVALID_ARG_VALUE('x', x);
  if (Number.isNaN(y)) throw new ERR_INVALID_ARG_VALUE('y', y);
  if (typeof x === 'number') return send(stream, toPosition(x, y), callback);
  if (typeof y === 'number' && stream !== null && stream !== undefined) throw new ERR_INVALID_CURSOR_POS();
  return send(null, '', callback);
}

/**
 * Moves the cursor of a terminal by a distance.
 * @param {Writable} stream
 * @param {number} dx  columns to the right
 * @param {number} dy  rows down
 * @param {(error?: Error | null) => void} [callback]
 * @returns {boolean} false if the stream asks to wait for `drain`
 */
function moveCursor(stream, dx, dy, callback) {
  checkCallback(callback);
  return send(stream, byDistance(dx, dy), callback);
}

/**
 * Clears the line that the cursor of a terminal is in.
 * @param {Writable} stream
 * @param {-1 | 0 | 1} dir  to the left, all, to the right
 * @param {(error?: Error | null) => void} [callback]
 * @returns {boolean} false if the stream asks to wait for `drain`
 */
function clearLine(stream, dir, callback) {
  checkCallback(callback);
  return send(stream, clearing(dir), callback);
}

/**
 * Clears a terminal from the cursor to its end.
 * @param {Writable} stream
 * @param {(error?: Error | null) => void} [callback]
 * @returns {boolean} false if the stream asks to wait for `drain`
 */
function clearScreenDown(stream, callback) {
  checkCallback(callback);
  return send(stream, CLEAR_SCREEN_DOWN, callback);
}

module.exports = {
  CLEAR_SCREEN_DOWN,
  byDistance,
  clearLine,
  clearScreenDown,
  clearing,
  cursorTo,
  moveCursor,
  toPosition,
};
