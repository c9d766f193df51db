// Compares Maps and Sets, whose order does not count, for deep equality.

'use strict';

const { valuesEqual, descend, kLoose, kPartial } = require('internal/util/comparisons');

/** Whether a key that the other collection lacks can still equal one of its keys. */
function mayEqualAnother(key, mode) {
  return (typeof key === 'object' && key !== null) || (mode === kLoose && typeof key !== 'symbol');
}

/**
 * Compares two Sets.
 * @param {Set} a
 * @param {Set} b
 * @param {number} mode
 * @param {object|undefined} path
 * @returns {boolean}
 */
exports.setsEqual = function setsEqual(a, b, mode, path) {
  if (mode === kPartial ? a.size < b.size : a.size !== b.size) return false;
  const wanted = [];
  for (const value of b) {
    if (a.has(value)) continue;
    if (!mayEqualAnother(value, mode)) return false;
    wanted.push(value);
  }
  if (wanted.length === 0) return true;
  const available = [];
  for (const value of a) {
    if (b.has(value)) continue;
    if (mayEqualAnother(value, mode)) available.push(value);
    else if (mode !== kPartial) return false;
  }
  if (available.length < wanted.length) return false;
  const inner = descend(a, b, path);
  return pairUp(available, wanted, mode === kPartial, (x, y) => valuesEqual(x, y, mode, inner));
};

/**
 * Compares two Maps.
 * @param {Map} a
 * @param {Map} b
 * @param {number} mode
 * @param {object|undefined} path
 * @returns {boolean}
 */
exports.mapsEqual = function mapsEqual(a, b, mode, path) {
  if (mode === kPartial ? a.size < b.size : a.size !== b.size) return false;
  const inner = descend(a, b, path);
  const wanted = [];
  for (const { 0: key, 1: value } of b) {
    if (typeof key === 'object' && key !== null) {
      wanted.push(key);
      continue;
    }
    const actual = a.get(key);
    if (actual !== undefined || a.has(key)) {
      if (valuesEqual(actual, value, mode, inner)) continue;
      if (mode !== kLoose) return false;
      wanted.push(key);
    } else {
      if (!mayEqualAnother(key, mode)) return false;
      wanted.push(key);
    }
  }
  if (wanted.length === 0) return true;
  const available = [];
  for (const key of a.keys()) {
    if (typeof key === 'object' && key !== null) available.push(key);
    else if (mode === kLoose && !(b.has(key) && valuesEqual(a.get(key), b.get(key), mode, inner))) {
      available.push(key);
    }
  }
  if (available.length < wanted.length) return false;
  return pairUp(available, wanted, mode === kPartial, (x, y) =>
    valuesEqual(x, y, mode, inner) && valuesEqual(a.get(x), b.get(y), mode, inner));
};

/**
 * Pairs each wanted item with an available one, each available one at most once. The first and the last
 * wanted item are tried first: collections in the same or the reverse order need one comparison an item.
 * @param {unknown[]} available Items of the actual collection.
 * @param {unknown[]} wanted Items of the expected collection; overwritten.
 * @param {boolean} isPartial Whether available items may remain unpaired.
 * @param {(x: unknown, y: unknown) => boolean} equal
 * @returns {boolean}
 */
function pairUp(available, wanted, isPartial, equal) {
  let first = 0;
  let last = wanted.length - 1;
  let isForward = true;
  for (const item of available) {
    if (first > last) break;
    if (isForward && equal(item, wanted[first])) {
      first++;
      continue;
    }
    const stop = isForward ? first + 1 : first;
    let i = last;
    while (i >= stop && !equal(item, wanted[i])) i--;
    if (i < stop) {
      if (!isPartial) return false;
      isForward = true;
    } else {
      isForward = i !== last;
      wanted[i] = wanted[last--];
    }
  }
  return first > last;
}
