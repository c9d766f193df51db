// Node's `util.diff`: the differences between two strings or two arrays of strings.

'use strict';

const { validateString, validateStringArray } = require('internal/validators');
const { myersDiff } = require('internal/assert/myers_diff');

function validateInput(value, name) {
  if (Array.isArray(value)) validateStringArray(value, name);
  else validateString(value, name);
}

/**
 * Compares character by character, or item by item.
 * @param {string|string[]} actual
 * @param {string|string[]} expected
 * @returns {Array<[number, string]>} Pairs of operation and item: 0 in both, 1 in `actual` only, -1 in
 *   `expected` only. Empty if the two are identical.
 */
function diff(actual, expected) {
  if (actual === expected) return [];
  validateInput(actual, 'actual');
  validateInput(expected, 'expected');
  return myersDiff(actual, expected);
}

module.exports = { diff };
