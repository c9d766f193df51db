// Joins the texts of an object's entries: on one line, in columns, or one line each.
'use strict';

const { getStringWidth } = require('internal/util/inspect/width');

const SGR = /\u001b\[\d\d?m/g;
const SEPARATOR_WIDTH = 2;
const FEWEST_ENTRIES_IN_COLUMNS = 7;
const MOST_COLUMNS = 15;
// A character is about two and a half times as high as it is wide: columns aim at a square block.
const CHARACTER_HEIGHT = 2.5;

function withoutColors(text) {
  return text.replace(SGR, '');
}

/**
 * Columns that a text takes on a terminal.
 * @param {object} ctx the inspection's context
 * @param {string} text
 * @returns {number}
 */
function widthOf(ctx, text) {
  return getStringWidth(text, ctx.colors);
}

/** `Array.prototype.join` for a few short strings: several times as fast. */
function join(entries, separator) {
  if (entries.length === 0) return '';
  let text = entries[0];
  for (let i = 1; i < entries.length; i++) text += separator + entries[i];
  return text;
}

function areNumbers(entryCount, value) {
  for (let i = 0; i < entryCount; i++) {
    if (typeof value[i] !== 'number' && typeof value[i] !== 'bigint') return false;
  }
  return true;
}

/** Whether a line has room for three columns of that width. */
function fitThreeTimes(ctx, width) {
  return (width + SEPARATOR_WIDTH) * 3 + ctx.indentation < ctx.breakLength;
}

/**
 * Combines an array's entries into rows of aligned columns, if they are short and alike enough.
 * @param {object} ctx the inspection's context
 * @param {string[]} entries
 * @param {object} [value] the array, whose numbers are aligned to the right
 * @returns {string[]} `entries` itself if they do not suit
 */
function groupInColumns(ctx, entries, value) {
  const isCut = ctx.maxArrayLength < entries.length;
  const count = isCut ? entries.length - 1 : entries.length;
  const widths = new Array(count);
  let total = 0;
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const width = widthOf(ctx, entries[i]);
    widths[i] = width;
    total += width + SEPARATOR_WIDTH;
    if (width > longest) {
      longest = width;
      if (!fitThreeTimes(ctx, longest)) return entries;
    }
  }
  const cell = longest + SEPARATOR_WIDTH;
  if (!fitThreeTimes(ctx, longest) || (total / cell <= 5 && longest > 6)) return entries;

  const bias = Math.sqrt(cell - total / entries.length);
  const biasedCell = Math.max(cell - 3 - bias, 1);
  const columns = Math.min(
    Math.round(Math.sqrt(CHARACTER_HEIGHT * biasedCell * count) / biasedCell),
    Math.floor((ctx.breakLength - ctx.indentation) / cell),
    ctx.compact * 4,
    MOST_COLUMNS,
  );
  if (columns <= 1) return entries;

  const columnWidths = [];
  for (let column = 0; column < columns; column++) {
    let widest = 0;
    for (let i = column; i < count; i += columns) {
      if (widths[i] > widest) widest = widths[i];
    }
    columnWidths.push(widest);
  }

  const alignRight = value === undefined || areNumbers(entries.length, value);
  const rows = [];
  for (let start = 0; start < count; start += columns) {
    const last = Math.min(start + columns, count) - 1;
    let row = '';
    for (let i = start; i < last; i++) {
      const padding = columnWidths[i - start] - widths[i];
      if (padding !== 0 && alignRight) row += ' '.repeat(padding);
      row += `${entries[i]}, `;
      if (padding !== 0 && !alignRight) row += ' '.repeat(padding);
    }
    if (alignRight) row += ' '.repeat(columnWidths[last - start] - widths[last]);
    rows.push(row + entries[last]);
  }
  if (isCut) rows.push(entries[count]);
  return rows;
}

/** Whether all entries and what `start` stands for fit in the line. */
function fitsInLine(ctx, entries, start, base) {
  const { breakLength } = ctx;
  let total = entries.length + start;
  if (total + entries.length > breakLength) return false;
  for (let i = 0; i < entries.length; i++) {
    total += ctx.colors ? withoutColors(entries[i]).length : entries[i].length;
    if (total > breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

/** The layout of `compact: true`: the first entry follows the brace, the last one precedes it. */
function joinCompactly(ctx, entries, base, open, close) {
  const head = base === '' ? open : `${open} ${base}`;
  if (fitsInLine(ctx, entries, 0, base)) {
    const line = join(entries, ', ');
    if (ctx.breakLength !== Infinity || !line.includes('\n')) return `${head} ${line} ${close}`;
  }
  const lineBreak = `\n${' '.repeat(ctx.indentation)}  `;
  // The entries line up with the first one only if that one follows a brace of one character.
  const gap = base === '' && open.length === 1 ? ' ' : lineBreak;
  return `${head}${gap}${join(entries, `,${lineBreak}`)} ${close}`;
}

/**
 * Joins an object's entries and braces.
 * @param {object} ctx the inspection's context
 * @param {string[]} entries
 * @param {string} base what stands in front of the opening brace, or ''
 * @param {string} open the opening brace with its prefix
 * @param {string} close
 * @param {boolean} isList whether the entries are elements that may stand in columns
 * @param {number} depth
 * @param {object} [value] the object
 * @returns {string}
 */
function joinEntries(ctx, entries, base, open, close, isList, depth, value) {
  const { compact } = ctx;
  if (compact === true) return joinCompactly(ctx, entries, base, open, close);
  const head = base === '' ? open : `${base} ${open}`;
  if (typeof compact === 'number' && compact >= 1) {
    let rows = entries;
    if (isList && entries.length >= FEWEST_ENTRIES_IN_COLUMNS) rows = groupInColumns(ctx, entries, value);
    if (rows.length === entries.length && ctx.currentDepth - depth < compact) {
      const start = rows.length + ctx.indentation + open.length + base.length + 10;
      if (fitsInLine(ctx, rows, start, base)) {
        const line = join(rows, ', ');
        if (!line.includes('\n')) return `${head} ${line} ${close}`;
      }
    }
    entries = rows;
  }
  const lineBreak = `\n${' '.repeat(ctx.indentation)}`;
  return `${head}${lineBreak}  ${join(entries, `,${lineBreak}  `)}${lineBreak}${close}`;
}

module.exports = { joinEntries, widthOf };
