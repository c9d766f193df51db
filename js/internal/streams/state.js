// Buffering limits that all streams share: the default high water marks and how options override them.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateInteger } = require('internal/validators');

let defaultBytes = 64 * 1024;
let defaultObjects = 16;

/**
 * The limit that a new stream gets when its options name none.
 * @param {boolean} objectMode
 * @returns {number} Objects in object mode, otherwise bytes.
 */
function getDefaultHighWaterMark(objectMode) {
  return objectMode ? defaultObjects : defaultBytes;
}

/**
 * Changes the limit of streams created from now on.
 * @param {boolean} objectMode
 * @param {number} value
 * @throws {ERR_OUT_OF_RANGE}
 */
function setDefaultHighWaterMark(objectMode, value) {
  validateInteger(value, 'value', 0);
  if (objectMode) {
    defaultObjects = value;
  } else {
    defaultBytes = value;
  }
}

/**
 * The limit of one side of a stream.
 * @param {{ objectMode: boolean }} state
 * @param {object} options The constructor's options.
 * @param {string} sideKey The option that names this side of a duplex.
 * @param {boolean} isDuplex Whether `sideKey` counts.
 * @returns {number}
 * @throws {ERR_INVALID_ARG_VALUE}
 */
function getHighWaterMark(state, options, sideKey, isDuplex) {
  const value = options.highWaterMark ?? (isDuplex ? options[sideKey] : null);
  if (value == null) return getDefaultHighWaterMark(state.objectMode);
  if (!Number.isInteger(value) || value < 0) {
    throw new ERR_INVALID_ARG_VALUE(isDuplex ? `options.${sideKey}` : 'options.highWaterMark', value);
  }
  return value;
}

module.exports = { getDefaultHighWaterMark, setDefaultHighWaterMark, getHighWaterMark };
