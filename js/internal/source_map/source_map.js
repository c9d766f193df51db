// `module.SourceMap`: where generated code comes from, after the third revision of the format.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateObject } = require('internal/validators');

const DIGITS = new Map([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((c, i) => [c, i]));
const CONTINUES = 32;

/** Reads the numbers of a `mappings` text. */
class VlqReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  peek() {
    return this.text[this.at];
  }

  isAtEnd() {
    const c = this.peek();
    return c === undefined || c === ',' || c === ';';
  }

  read() {
    let result = 0;
    let shift = 0;
    let digit;
    do {
      digit = DIGITS.get(this.text[this.at++]) ?? 0;
      result += (digit & (CONTINUES - 1)) << shift;
      shift += 5;
    } while (digit & CONTINUES);
    const isNegative = result & 1;
    result >>>= 1;
    if (!isNegative) return result;
    return -result | (result === 0 ? 1 << 31 : 0);
  }
}

/** Adds the entries of one map, whose generated code begins at a line and column. */
function addMappings(entries, map, firstLine, firstColumn) {
  const { sources, mappings } = map;
  const names = map.names ?? [];
  const reader = new VlqReader(mappings);
  let line = firstLine;
  let column = firstColumn;
  let source = 0;
  let originalLine = 0;
  let originalColumn = 0;
  let name = 0;
  while (reader.peek() !== undefined) {
    const c = reader.peek();
    if (c === ',') {
      reader.at++;
      continue;
    }
    if (c === ';') {
      reader.at++;
      line++;
      column = 0;
      continue;
    }
    column += reader.read();
    if (reader.isAtEnd()) {
      entries.push([line, column]);
      continue;
    }
    source += reader.read();
    originalLine += reader.read();
    originalColumn += reader.read();
    let symbol;
    if (!reader.isAtEnd()) {
      name += reader.read();
      symbol = names[name];
    }
    entries.push([line, column, sources[source], originalLine, originalColumn, symbol]);
  }
}

function cloneMap(map) {
  const clone = { ...map };
  for (const name of ['sources', 'sourcesContent', 'names']) {
    if (Array.isArray(clone[name])) clone[name] = [...clone[name]];
  }
  const { sections } = map;
  if (sections !== undefined) {
    clone.sections = sections.map((section) => ({
      ...section, offset: { ...section.offset }, map: cloneMap(section.map),
    }));
  }
  return clone;
}

/** A source map that can be asked. */
class SourceMap {
  #payload;
  #lineLengths;
  #entries;

  /**
   * @param {object} payload of the third revision
   * @param {{ lineLengths?: number[] }} [options]
   */
  constructor(payload, { lineLengths } = {}) {
    validateObject(payload, 'payload');
    if (lineLengths !== undefined && !Array.isArray(lineLengths)) {
      throw new ERR_INVALID_ARG_TYPE('options.lineLengths', 'Array', lineLengths);
    }
    this.#payload = cloneMap(payload);
    this.#lineLengths = lineLengths;
    const entries = [];
    const { sections } = this.#payload;
    if (sections === undefined) addMappings(entries, this.#payload, 0, 0);
    else for (const { offset, map } of sections) addMappings(entries, map, offset.line, offset.column);
    this.#entries = entries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }

  /** A copy of what the map was made of. */
  get payload() {
    return cloneMap(this.#payload);
  }

  /** The lengths of the lines of the generated code, where they are known. */
  get lineLengths() {
    return this.#lineLengths === undefined ? undefined : [...this.#lineLengths];
  }

  /**
   * @param {number} lineOffset of generated code, from 0
   * @param {number} columnOffset from 0
   * @returns {object} the entry at or before it; empty where there is none
   */
  findEntry(lineOffset, columnOffset) {
    const entries = this.#entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = entries[middle];
      const isAfter = entry[0] > lineOffset || (entry[0] === lineOffset && entry[1] > columnOffset);
      if (isAfter) high = middle;
      else low = middle + 1;
    }
    if (low === 0) return {};
    const entry = entries[low - 1];
    return {
      generatedLine: entry[0],
      generatedColumn: entry[1],
      originalSource: entry[2],
      originalLine: entry[3],
      originalColumn: entry[4],
      name: entry[5],
    };
  }

  /**
   * @param {number} lineNumber of generated code, from 1
   * @param {number} columnNumber from 1
   * @returns {object} the place in the source, in numbers from 1; empty where it is not known
   */
  findOrigin(lineNumber, columnNumber) {
    const entry = this.findEntry(lineNumber - 1, columnNumber - 1);
    if (entry.originalSource === undefined || entry.originalLine === undefined || entry.originalColumn === undefined) {
      return {};
    }
    return {
      name: entry.name,
      fileName: entry.originalSource,
      lineNumber: entry.originalLine + lineNumber - entry.generatedLine,
      columnNumber: entry.originalColumn + columnNumber - entry.generatedColumn,
    };
  }
}

module.exports = { SourceMap };
