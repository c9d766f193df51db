// What several processes have counted of the same scripts, added up.
'use strict';

/**
 * @param {object[]} reports  as V8 gives them: lists of scripts
 * @returns {Map<string, object>} scripts by URL
 */
function mergeReports(reports) {
  const merged = new Map();
  for (const scripts of reports) {
    for (const script of scripts) {
      const known = merged.get(script.url);
      if (known === undefined) merged.set(script.url, script);
      else known.functions = mergeFunctions(known.functions, script.functions);
    }
  }
  return merged;
}

const keyOf = ({ functionName, ranges }) => `${ranges[0].startOffset}:${ranges[0].endOffset}:${functionName}`;

function mergeFunctions(known, added) {
  const all = new Map(known.map((each) => [keyOf(each), each]));
  for (const each of added) {
    const key = keyOf(each);
    const other = all.get(key);
    all.set(key, other === undefined ? each : mergeFunction(other, each));
  }
  return [...all.values()].sort((a, b) => compareRanges(a.ranges[0], b.ranges[0]));
}

// One that was not called somewhere has no blocks counted there.
function mergeFunction(one, other) {
  if (one.isBlockCoverage !== other.isBlockCoverage) return one.isBlockCoverage ? one : other;
  return { ...one, ranges: mergeRanges(one.ranges, other.ranges) };
}

// As in Node, a range stays where both have it, or where one has it and the other has a larger one that never ran.
function mergeRanges(one, other) {
  const merged = [];
  for (const range of one) {
    const { startOffset, endOffset } = range;
    const same = other.find((each) => each.startOffset === startOffset && each.endOffset === endOffset);
    if (same !== undefined) merged.push({ startOffset, endOffset, count: range.count + same.count });
    else if (other.some((each) => isUnusedAround(each, range))) merged.push(range);
  }
  for (const range of other) {
    if (one.some((each) => isUnusedAround(each, range))) merged.push(range);
  }
  return merged.sort(compareRanges);
}

/** Whether `outer` never ran and is larger than `inner`, which lies in it. */
function isUnusedAround(outer, inner) {
  return outer.count === 0 && outer.startOffset <= inner.startOffset && inner.endOffset <= outer.endOffset &&
    (outer.startOffset < inner.startOffset || inner.endOffset < outer.endOffset);
}

/** Outer ranges come before those in them. */
function compareRanges(a, b) {
  return a.startOffset - b.startOffset || b.endOffset - a.endOffset;
}

module.exports = { mergeReports };
