// Coverage in the terms of the sources: what was counted of generated code, put where its source maps say.
'use strict';

const { codes: { ERR_SOURCE_MAP_CORRUPT, ERR_SOURCE_MAP_MISSING_SOURCE } } = require('internal/errors');
const { fileURLToPath } = require('internal/url');
const { SourceMap } = require('internal/source_map/source_map');
const { linesOf, readLines } = require('internal/test/coverage/lines');

/** The sources that maps have named, by their URLs. */
class Sources {
  #lines = new Map();

  /** @returns {import('./lines').Line[] | undefined} of a source that a map has named */
  lines(url) {
    return this.#lines.get(url);
  }

  #load(url, content, generatedUrl) {
    let lines = this.#lines.get(url);
    if (lines !== undefined) return lines;
    lines = typeof content === 'string' ? linesOf(content) : readLines(fileURLToPath(url));
    if (lines === undefined) throw new ERR_SOURCE_MAP_MISSING_SOURCE(url, generatedUrl);
    this.#lines.set(url, lines);
    return lines;
  }

  /**
   * @param {{ url: string, functions: object[] }} script  as V8 has counted it
   * @param {{ lineLengths: number[], data: object | null }} entry  of the source map cache
   * @returns {object[]} the same of each of its sources
   */
  map({ url, functions }, { lineLengths, data }) {
    if (data === null) throw new ERR_SOURCE_MAP_CORRUPT(url);
    const starts = startsOf(lineLengths);
    const map = new SourceMap(data);
    const { sources = [], sourcesContent } = data;
    const linesOfSource = (source) => this.#load(source, sourcesContent?.[sources.indexOf(source)], url);
    for (const source of sources) linesOfSource(source);
    const first = firstEntry(map, starts.length);
    const scripts = new Map();
    for (const each of functions) {
      const bySource = new Map();
      for (const range of each.ranges) {
        const place = mapRange(map, starts, first, range, linesOfSource);
        if (place === undefined) continue;
        const { source, startOffset, endOffset } = place;
        const ranges = bySource.get(source);
        const mapped = { startOffset, endOffset, count: range.count };
        if (ranges === undefined) bySource.set(source, [mapped]);
        else ranges.push(mapped);
      }
      for (const [source, ranges] of bySource) {
        const script = scripts.get(source);
        const mapped = { ...each, ranges };
        if (script === undefined) scripts.set(source, { url: source, functions: [mapped] });
        else script.functions.push(mapped);
      }
    }
    return [...scripts.values()];
  }
}

/** Where the lines of generated code start, and the last one ends: an end counts as one character. */
function startsOf(lineLengths) {
  const starts = [];
  let start = 0;
  for (const length of lineLengths) {
    starts.push(start);
    start += length + 1;
  }
  starts.push(start);
  return starts;
}

// As in Node: of an offset between two lines, the one is taken that the search meets first.
function entryAt(map, starts, offset, back) {
  let low = 0;
  let high = starts.length - 1;
  let line = low;
  while (low <= high) {
    line = (low + high) >> 1;
    if (starts[line + 1] < offset) low = line + 1;
    else if (offset < starts[line]) high = line - 1;
    else break;
  }
  return map.findEntry(line, offset - starts[line] - back);
}

/** The first entry of a map: the last place that none is before. */
function firstEntry(map, lineCount) {
  for (let line = 0; line < lineCount; line++) {
    let entry = map.findEntry(line, Infinity);
    if (entry.generatedLine === undefined) continue;
    for (;;) {
      const before = map.findEntry(entry.generatedLine, entry.generatedColumn - 1);
      if (before.generatedLine === undefined) return entry;
      entry = before;
    }
  }
  return {};
}

function mapRange(map, starts, first, range, linesOfSource) {
  let start = entryAt(map, starts, range.startOffset, 0);
  // The generator may have put something of its own before the first source.
  if (start.originalSource === undefined && range.startOffset === 0) start = first;
  const end = entryAt(map, starts, range.endOffset, 1);
  const source = end.originalSource;
  if (source === undefined || start.originalSource !== source) return undefined;
  const lines = linesOfSource(source);
  return { source, startOffset: offsetOf(lines, start), endOffset: offsetOf(lines, end) + 1 };
}

function offsetOf(lines, { originalLine, originalColumn }) {
  return (lines[originalLine] ?? lines.at(-1)).start + originalColumn;
}

module.exports = { Sources };
