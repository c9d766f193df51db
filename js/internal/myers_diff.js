// The shortest list of insertions and deletions that turns one list into another (Myers, 1986).
'use strict';

const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');

const kInsert = 1;
const kDelete = -1;
const kEqual = 0;

const isSame = (a, b) => a === b;

/** For each number of edits: how far along `actual` each diagonal gets. */
function searchEdits(actual, expected, isEqual) {
  const actualLength = actual.length;
  const expectedLength = expected.length;
  const max = actualLength + expectedLength;
  if (max > 2 ** 31 - 1) throw new ERR_OUT_OF_RANGE('myersDiff input size', '< 2^31', max);

  const reach = new Int32Array(2 * max + 2);
  const history = [];
  for (let edits = 0; ; edits++) {
    // Only the diagonals from -edits to edits have been written.
    history.push(reach.slice(Math.max(0, max - edits), max + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const index = diagonal + max;
      const goesDown = diagonal === -edits || (diagonal !== edits && reach[index - 1] < reach[index + 1]);
      let x = goesDown ? reach[index + 1] : reach[index - 1] + 1;
      let y = x - diagonal;
      while (x < actualLength && y < expectedLength && isEqual(actual[x], expected[y])) {
        x++;
        y++;
      }
      reach[index] = x;
      if (x >= actualLength && y >= expectedLength) return history;
    }
  }
}

/** Walks back from the ends of both lists; the result is in reverse order. */
function backtrack(history, actual, expected) {
  const max = actual.length + expected.length;
  const result = [];
  let x = actual.length;
  let y = expected.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits];
    const origin = max - Math.max(0, max - edits);
    const diagonal = x - y;
    const index = diagonal + origin;
    const goesDown = diagonal === -edits || (diagonal !== edits && reach[index - 1] < reach[index + 1]);
    const previousDiagonal = goesDown ? diagonal + 1 : diagonal - 1;
    const previousX = edits === 0 ? 0 : reach[previousDiagonal + origin];
    const previousY = edits === 0 ? 0 : previousX - previousDiagonal;
    while (x > previousX && y > previousY) {
      result.push([kEqual, actual[x - 1]]);
      x--;
      y--;
    }
    if (edits > 0) {
      if (goesDown) result.push([kDelete, expected[--y]]);
      else result.push([kInsert, actual[--x]]);
    }
  }
  return result;
}

/**
 * Compares two lists, or two strings by UTF-16 units.
 *
 * An operation is `[1, entry]` for what only `actual` has, `[-1, entry]` for what only `expected` has, and
 * `[0, entry]` for what both have, in reverse order: the last entries come first.
 * @template T
 * @param {ArrayLike<T>} actual
 * @param {ArrayLike<T>} expected
 * @param {(actual: T, expected: T) => boolean} [isEqual]
 * @returns {[operation: -1 | 0 | 1, entry: T][]}
 */
function myersDiff(actual, expected, isEqual = isSame) {
  return backtrack(searchEdits(actual, expected, isEqual), actual, expected);
}

module.exports = { myersDiff, kInsert, kDelete, kEqual };
