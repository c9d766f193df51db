// The errors that reading and writing numbers in a Buffer can end in.
'use strict';

const {
  codes: { ERR_BUFFER_OUT_OF_BOUNDS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateNumber } = require('internal/validators');

/**
 * Throws what is wrong with an offset at which `width` bytes of `buffer` are not to be had.
 * @param {Uint8Array} buffer
 * @param {unknown} offset
 * @param {number} width in bytes
 */
function throwBadOffset(buffer, offset, width) {
  validateNumber(offset, 'offset');
  if (Math.floor(offset) !== offset) throw new ERR_OUT_OF_RANGE('offset', 'an integer', offset);
  const last = buffer.length - width;
  if (last < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  throw new ERR_OUT_OF_RANGE('offset', `>= 0 and <= ${last}`, offset);
}

/**
 * Throws what is wrong with the `byteLength` of a number that is not 1 to 6 bytes wide.
 * @param {unknown} byteLength
 */
function throwBadWidth(byteLength) {
  validateNumber(byteLength, 'byteLength');
  if (Math.floor(byteLength) !== byteLength) {
    throw new ERR_OUT_OF_RANGE('byteLength', 'an integer', byteLength);
  }
  throw new ERR_OUT_OF_RANGE('byteLength', '>= 1 and <= 6', byteLength);
}

/**
 * Throws that `value` does not fit into `width` bytes.
 * @param {number | bigint} value
 * @param {number | bigint} min
 * @param {number | bigint} max
 * @param {number} width in bytes
 */
function throwBadValue(value, min, max, width) {
  const n = typeof min === 'bigint' ? 'n' : '';
  let range;
  if (width <= 4) range = `>= ${min}${n} and <= ${max}${n}`;
  else if (min >= 0) range = `>= 0${n} and < 2${n} ** ${width * 8}${n}`;
  else range = `>= -(2${n} ** ${width * 8 - 1}${n}) and < 2${n} ** ${width * 8 - 1}${n}`;
  throw new ERR_OUT_OF_RANGE('value', range, value);
}

module.exports = { throwBadOffset, throwBadValue, throwBadWidth };
