// The lines of a source file: where they stand, and how often they have run.
'use strict';

const { readFileSync } = require('fs');

const lineEnd = /\r?\n|\u2028|\u2029/g;
const ignoreNext = /\/\* node:coverage ignore next(?:\s+(\d+))? \*\//;
const status = /\/\* node:coverage (enable|disable) \*\//;

/**
 * @typedef {{ line: number, start: number, end: number, count: number, isWhole: boolean, isIgnored: boolean }} Line
 *   `isWhole`: a range that was counted had the whole line in it
 */

/**
 * @param {string} source
 * @returns {Line[]} offsets are those of the text without the ends of lines
 */
function linesOf(source) {
  const lines = [];
  let toIgnore = 0;
  let isDisabled = false;
  let start = 0;
  const add = (end, next) => {
    const text = source.slice(start, end);
    lines.push({
      line: lines.length + 1,
      start,
      end,
      count: start === end ? 1 : 0,
      isWhole: false,
      isIgnored: isDisabled || toIgnore > 0,
    });
    if (toIgnore > 0) toIgnore--;
    const asked = ignoreNext.exec(text);
    if (asked !== null) toIgnore = asked[1] === undefined ? 1 : Number(asked[1]);
    const change = status.exec(text);
    if (change !== null) isDisabled = change[1] === 'disable';
    start = next;
  };
  for (const match of source.matchAll(lineEnd)) add(match.index, match.index + match[0].length);
  if (start < source.length || lines.length === 0) add(source.length, source.length);
  return lines;
}

/** @returns {Line[] | undefined} nothing where there is no such file */
function readLines(path) {
  try {
    return linesOf(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Counts the lines that lie whole in a range of the text, and those of which no other range has had all.
 * @param {Line[]} lines
 * @param {{ startOffset: number, endOffset: number, count: number }} range
 * @returns {{ first: Line | undefined, isIgnored: boolean }} the first line that the range touches, and whether all
 *   of these are to be ignored
 */
function countRange(lines, { startOffset, endOffset, count }) {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].end < startOffset) low = middle + 1;
    else high = middle;
  }
  const first = lines[low]?.start <= endOffset ? lines[low] : undefined;
  let isIgnored = true;
  for (let i = low; i < lines.length && lines[i].start <= endOffset; i++) {
    const line = lines[i];
    if (startOffset <= line.start && line.end <= endOffset) {
      line.count = count;
      line.isWhole = true;
    } else if (!line.isWhole) {
      line.count = count;
    }
    if (!line.isIgnored) isIgnored = false;
  }
  return { first, isIgnored };
}

module.exports = { countRange, linesOf, readLines };
