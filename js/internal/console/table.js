// `console.table`: rows and columns of objects, drawn with box characters.
'use strict';

const binding = internalBinding('inspect');
const utilBinding = internalBinding('util');

const kinds = require('internal/util/inspect/kinds');
const { inspect, getStringWidth } = require('internal/util/inspect');

const INDEX = '(index)';
const ITERATION_INDEX = '(iteration index)';
const KEY = 'Key';
const VALUES = 'Values';

const MOST_PROPERTIES_SHOWN = 2;

function isPrimitive(value) {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

function drawRow(cells, widths) {
  let row = '\u2502';
  for (let i = 0; i < widths.length; i++) {
    const cell = cells[i];
    row += ` ${cell}${' '.repeat(widths[i] - getStringWidth(cell))} \u2502`;
  }
  return row;
}

function drawLine(widths, left, middle, right) {
  return left + widths.map((width) => '\u2500'.repeat(width + 2)).join(middle) + right;
}

/**
 * @param {string[]} head
 * @param {string[][]} columns texts of the cells; missing ones are empty
 * @returns {string}
 */
function drawTable(head, columns) {
  const height = Math.max(...columns.map((column) => column.length));
  const widths = head.map((title) => getStringWidth(title));
  const rows = Array.from({ length: height }, () => []);
  columns.forEach((column, x) => {
    for (let y = 0; y < height; y++) {
      const cell = column[y] ?? '';
      rows[y].push(cell);
      widths[x] = Math.max(widths[x], getStringWidth(cell));
    }
  });
  return [
    drawLine(widths, '\u250c', '\u252c', '\u2510'),
    drawRow(head, widths),
    drawLine(widths, '\u251c', '\u253c', '\u2524'),
    ...rows.map((row) => drawRow(row, widths)),
    drawLine(widths, '\u2514', '\u2534', '\u2518'),
  ].join('\n');
}

/** A cell's text: large objects only by their class. */
function formatCell(value, options) {
  const isLarge = value !== null && typeof value === 'object' && !Array.isArray(value) &&
    Object.keys(value).length > MOST_PROPERTIES_SHOWN;
  return inspect(value, { depth: isLarge ? -1 : 0, maxArrayLength: 3, breakLength: Infinity, ...options });
}

function drawIterated(values, keys, options) {
  const index = values.map((_, i) => formatCell(i, options));
  const valueColumn = values.map((value) => formatCell(value, options));
  if (keys === undefined) return drawTable([ITERATION_INDEX, VALUES], [index, valueColumn]);
  const keyColumn = keys.map((key) => formatCell(key, options));
  return drawTable([ITERATION_INDEX, KEY, VALUES], [index, keyColumn, valueColumn]);
}

function drawPairs(pairs, options) {
  const keys = [];
  const values = [];
  for (const { 0: key, 1: value } of pairs) {
    keys.push(key);
    values.push(value);
  }
  return drawIterated(values, keys, options);
}

function drawPreview(iterator, options) {
  const { 0: entries, 1: isKeyValue } = utilBinding.previewEntries(iterator, true);
  if (!isKeyValue) return drawIterated(entries, undefined, options);
  const pairs = [];
  for (let i = 0; i < entries.length; i += 2) pairs.push([entries[i], entries[i + 1]]);
  return drawPairs(pairs, options);
}

function drawRows(data, properties, options) {
  const rowNames = Object.keys(data);
  const columns = new Map();
  const values = [];
  let hasValues = false;
  rowNames.forEach((name, y) => {
    const row = data[name];
    const hasNoProperties = isPrimitive(row);
    if (hasNoProperties && properties === undefined) {
      hasValues = true;
      values[y] = formatCell(row, options);
      return;
    }
    for (const property of properties ?? Object.keys(row)) {
      const key = `${property}`;
      let column = columns.get(key);
      if (column === undefined) columns.set(key, column = []);
      if (!hasNoProperties && Object.hasOwn(row, key)) column[y] = formatCell(row[key], options);
    }
  });
  // Columns are properties: those with numbers for names come first.
  const titles = Object.keys(Object.fromEntries(columns));
  const head = [INDEX, ...titles];
  const cells = [rowNames, ...titles.map((title) => columns.get(title))];
  if (hasValues) {
    head.push(VALUES);
    cells.push(values);
  }
  return drawTable(head, cells);
}

/**
 * Draws an object or collection of rows.
 * @param {object} data
 * @param {string[]} [properties] the columns to show, in order
 * @param {object} [options] of `inspect`
 * @returns {string}
 */
function tableOf(data, properties, options) {
  switch (binding.classify(data)) {
    case kinds.MAP:
      return drawPairs(data, options);
    case kinds.SET:
      return drawIterated([...data], undefined, options);
    case kinds.MAP_ITERATOR:
      return drawPreview(data, options);
    case kinds.SET_ITERATOR:
      return drawIterated(utilBinding.previewEntries(data), undefined, options);
    default:
      return drawRows(data, properties, options);
  }
}

module.exports = { tableOf };
