// The shortest edit script between two sequences, by E. Myers, "An O(ND) Difference Algorithm and Its
// Variations".

'use strict';

const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');

/** Operations of an edit script. */
const operations = { DELETE: -1, NOP: 0, INSERT: 1 };

const kMaxSize = 2 ** 31;

/**
 * Computes what is in `actual` only (`INSERT`), in `expected` only (`DELETE`) or in both (`NOP`).
 * @param {string[]|string} actual
 * @param {string[]|string} expected
 * @param {boolean} [ignoreTrailingComma] Whether items that differ by a comma at the end are equal; the one
 *   with the comma is then shown.
 * @returns {Array<[number, string]>} Pairs of operation and item, in order.
 */
function myersDiff(actual, expected, ignoreTrailingComma = false) {
  const size = actual.length + expected.length;
  if (size >= kMaxSize) throw new ERR_OUT_OF_RANGE('myersDiff input size', '< 2^31', size);

  const equal = ignoreTrailingComma ? equalButForComma : Object.is;
  return backtrack(furthestPoints(actual, expected, equal), actual, expected, ignoreTrailingComma);
}

function equalButForComma(x, y) {
  return x === y || (x.length === y.length + 1 ? x === `${y},` : x.length + 1 === y.length && `${x},` === y);
}

/**
 * For each number of edits, until the end of both is reached, the furthest point on each diagonal: entry `i`
 * is the largest x, an index into `actual`, that can be reached with `i` inserts and `edits - i` deletes.
 */
function furthestPoints(actual, expected, equal) {
  const maxX = actual.length;
  const maxY = expected.length;
  const trace = [];
  let previous;
  for (let edits = 0; ; edits++) {
    const current = new Int32Array(edits + 1);
    trace.push(current);
    for (let i = 0; i <= edits; i++) {
      let x = 0;
      if (edits !== 0) x = endsWithDelete(previous, edits, i) ? previous[i] : previous[i - 1] + 1;
      let y = x - diagonal(edits, i);
      while (x < maxX && y < maxY && equal(actual[x], expected[y])) {
        x++;
        y++;
      }
      current[i] = x;
      if (x >= maxX && y >= maxY) return trace;
    }
    previous = current;
  }
}

/** The difference between x and y after `inserts` of `edits`. */
function diagonal(edits, inserts) {
  return 2 * inserts - edits;
}

/** Whether the last edit on the way to the furthest point is a delete: ties go to inserts. */
function endsWithDelete(previous, edits, inserts) {
  return inserts === 0 || (inserts !== edits && previous[inserts - 1] < previous[inserts]);
}

function backtrack(trace, actual, expected, ignoreTrailingComma) {
  const script = [];
  let x = actual.length;
  let y = expected.length;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const previous = trace[edits - 1];
    let inserts = (x - y + edits) / 2;
    const isDelete = endsWithDelete(previous, edits, inserts);
    if (!isDelete) inserts--;
    const previousX = previous[inserts];
    const previousY = previousX - diagonal(edits - 1, inserts);
    while (x > previousX && y > previousY) {
      x--;
      y--;
      script.push([operations.NOP, common(actual[x], expected[y], ignoreTrailingComma)]);
    }
    if (isDelete) script.push([operations.DELETE, expected[--y]]);
    else script.push([operations.INSERT, actual[--x]]);
  }
  while (x > 0) script.push([operations.NOP, common(actual[--x], expected[--y], ignoreTrailingComma)]);
  return script.reverse();
}

function common(actual, expected, ignoreTrailingComma) {
  return ignoreTrailingComma && !actual.endsWith(',') ? expected : actual;
}

module.exports = { myersDiff, operations };
