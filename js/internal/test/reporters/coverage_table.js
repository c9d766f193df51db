// The table of what the tests have run, as the reporters `spec` and `tap` write it.
'use strict';

const { relative } = require('path');
const colors = require('internal/util/colors');

const percents = ['coveredLinePercent', 'coveredBranchPercent', 'coveredFunctionPercent'];
const titles = ['line %', 'branch %', 'funcs %'];
const UNCOVERED = 'uncovered lines';
const ALL = 'all files';
const SEPARATOR = ' | ';
const ELLIPSIS = '\u2026';
const HIGH = 90;
const MIDDLE = 50;

function colorOf(percent) {
  if (percent > HIGH) return colors.green;
  return percent > MIDDLE ? colors.yellow : colors.red;
}

/** A tree of directories, whose leaves are files. */
function treeOf(files, cwd) {
  const root = new Map();
  for (const file of files) {
    const parts = relative(cwd, file.path).split('/');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      if (!(at.get(part) instanceof Map)) at.set(part, new Map());
      at = at.get(part);
    }
    at.set(parts.at(-1), file);
  }
  return root;
}

/** @returns {string} such as `3-5 8`, the lines that have not run */
function uncoveredLines({ lines }) {
  const spans = [];
  for (const { line, count } of lines) {
    if (count > 0) continue;
    const last = spans.at(-1);
    if (last !== undefined && last[1] === line - 1) last[1] = line;
    else spans.push([line, line]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
}

/** Writes one table, whose columns are as wide as the terminal allows. */
class Table {
  #base;
  #columns;
  #fileWidth;
  #prefix;
  #summary;
  #uncovered = new Map();
  #uncoveredWidth;
  #width;

  constructor(summary, prefix, base) {
    this.#summary = summary;
    this.#prefix = prefix;
    this.#base = base;
    const columns = process.stdout.columns || Infinity;
    this.#columns = columns - prefix.length;
    this.#measure();
  }

  #measure() {
    const { files, workingDirectory } = this.#summary;
    let longest = 0;
    let deepest = 0;
    let uncoveredWidth = UNCOVERED.length;
    for (const file of files) {
      const parts = relative(workingDirectory, file.path).split('/');
      longest = Math.max(longest, ...parts.map((part) => part.length));
      deepest = Math.max(deepest, parts.length - 1);
      const text = uncoveredLines(file);
      this.#uncovered.set(file, text);
      uncoveredWidth = Math.max(uncoveredWidth, text.length);
    }
    const fileWidth = Math.max(longest + deepest, ALL.length);
    this.#fileWidth = Math.min(fileWidth, Math.floor(this.#columns / 2));
    let used = this.#fileWidth + SEPARATOR.length;
    for (const title of titles) used += title.length + SEPARATOR.length;
    this.#width = Math.min(used + uncoveredWidth + 1, this.#columns);
    this.#uncoveredWidth = this.#columns === Infinity ? Infinity : Math.max(this.#columns - 1 - used, 1);
  }

  /** @returns {string} */
  write() {
    const rule = this.#line('-'.repeat(this.#width));
    const { files, totals, workingDirectory } = this.#summary;
    return [
      this.#base,
      this.#line('start of coverage report'), rule,
      this.#row('file'.padEnd(this.#fileWidth), titles.map((title) => this.#paint(title, colors.red)), UNCOVERED), rule,
      this.#tree(treeOf(files, workingDirectory), ''), rule,
      this.#row(ALL.padEnd(this.#fileWidth), this.#percents(totals), ''), rule,
      this.#line('end of coverage report'),
      this.#base === '' ? '' : colors.reset,
    ].join('');
  }

  #tree(tree, indent) {
    let text = '';
    for (const [name, node] of tree) {
      const width = this.#fileWidth - indent.length;
      const shown = name.length > width ? ELLIPSIS + name.slice(name.length - width + 1) : name.padEnd(width);
      if (node instanceof Map) {
        const blanks = titles.map((title) => this.#paint(' '.repeat(title.length), colors.red));
        text += this.#row(indent + shown, blanks, '') + this.#tree(node, `${indent} `);
        continue;
      }
      const mean = percents.reduce((sum, key) => sum + node[key], 0) / percents.length;
      text += this.#row(indent + this.#paint(shown, colorOf(mean)), this.#percents(node), this.#uncovered.get(node));
    }
    return text;
  }

  #percents(sums) {
    return percents.map((key, index) => (
      this.#paint(sums[key].toFixed(2).padStart(titles[index].length), colorOf(sums[key]))));
  }

  #row(file, cells, uncovered) {
    const width = this.#uncoveredWidth;
    const shown = uncovered.length > width ? uncovered.slice(0, width - 1) + ELLIPSIS : uncovered;
    return this.#line([file, ...cells, shown].join(SEPARATOR));
  }

  #line(text) {
    return `${this.#prefix}${text}\n`;
  }

  #paint(text, color) {
    return this.#base === '' ? text : `${color}${text}${this.#base}`;
  }
}

/**
 * @param {object} summary  of the event `test:coverage`
 * @param {string} prefix  before each line
 * @param {string} [base]  the color of the lines; none means that there are no colors
 * @returns {string}
 */
function formatCoverage(summary, prefix, base = '') {
  return new Table(summary, prefix, base).write();
}

module.exports = { formatCoverage };
