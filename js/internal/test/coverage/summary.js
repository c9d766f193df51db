// `--experimental-test-coverage`: which lines, branches and functions of the program the tests have run.
'use strict';

const fs = require('fs');
const { join, matchesGlob, relative, resolve } = require('path');
const { fileURLToPath } = require('internal/url');
const coverage = require('internal/coverage');
const { getOptionValue } = require('internal/options');
const { mergeReports } = require('internal/test/coverage/merge');
const { countRange, readLines } = require('internal/test/coverage/lines');
const { Sources } = require('internal/test/coverage/source_maps');

const reportName = /^coverage-\d+-\d{13}-\d+\.json$/;

/** The counting during a run, from its beginning to its summary. */
class TestCoverage {
  #cwd;
  #directory;
  #includes;
  #excludes;
  #includesAll;
  #thresholds;
  #sources = new Sources();
  #original = process.env.NODE_V8_COVERAGE;

  /**
   * @param {string} cwd
   * @param {{ include?: string[], exclude?: string[], includeAll: boolean,
   *   thresholds: { line: number, branch: number, function: number } }} settings  globs, and percents
   * @param {boolean} countsHere  whether tests run in this process too
   */
  constructor(cwd, { include, exclude, includeAll, thresholds }, countsHere) {
    this.#cwd = cwd;
    this.#includes = include;
    this.#excludes = exclude;
    this.#includesAll = includeAll;
    this.#thresholds = thresholds;
    this.#directory = fs.mkdtempSync(join(require('os').tmpdir(), 'node-coverage-'));
    process.env.NODE_V8_COVERAGE = this.#directory;
    if (countsHere) coverage.begin(this.#directory);
  }

  /** @returns {object} what the event `test:coverage` tells */
  summary() {
    coverage.take();
    const scripts = this.#read();
    const files = [];
    for (const [url, { functions }] of scripts) {
      const path = fileURLToPath(url);
      if (this.#leavesOut(path)) continue;
      const lines = this.#sources.lines(url) ?? readLines(path);
      if (lines !== undefined) files.push(summarize(path, lines, functions));
    }
    if (this.#includesAll) this.#addUnloaded(files);
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
      __proto__: null,
      workingDirectory: this.#cwd,
      files,
      totals: withPercents(addUp(files)),
      thresholds: this.#thresholds,
    };
  }

  #read() {
    const reports = [];
    const isMapped = getOptionValue('--enable-source-maps');
    for (const name of fs.readdirSync(this.#directory)) {
      if (!reportName.test(name)) continue;
      const report = JSON.parse(fs.readFileSync(join(this.#directory, name), 'utf8'));
      const scripts = report.result.filter(({ url }) => url.startsWith('file:'));
      const maps = report['source-map-cache'];
      reports.push(isMapped && maps !== undefined ? this.#mapScripts(scripts, maps) : scripts);
    }
    return mergeReports(reports);
  }

  #mapScripts(scripts, maps) {
    return scripts.flatMap((script) => {
      const entry = maps[script.url];
      return entry === undefined ? [script] : this.#sources.map(script, entry);
    });
  }

  #leavesOut(path) {
    const place = relative(this.#cwd, path);
    const matches = (pattern) => matchesGlob(place, pattern) || matchesGlob(path, pattern);
    if (this.#excludes?.some(matches)) return true;
    if (this.#includes !== undefined) return !this.#includes.some(matches);
    return /[/\\]node_modules[/\\]/.test(path);
  }

  /** Adds the files that no test has loaded. */
  #addUnloaded(files) {
    const extensions = process.features.typescript ? '{js,mjs,cjs,ts,mts,cts}' : '{js,mjs,cjs}';
    const known = new Set(files.map(({ path }) => path));
    const found = fs.globSync(this.#includes ?? [`**/*.${extensions}`], {
      cwd: this.#cwd, exclude: (name) => name === 'node_modules' || name.endsWith('/node_modules'),
    });
    const isSource = process.features.typescript ? /\.[cm]?[jt]s$/ : /\.[cm]?js$/;
    for (const name of found) {
      const path = resolve(this.#cwd, name);
      if (known.has(path) || !isSource.test(path) || this.#leavesOut(path)) continue;
      const lines = readLines(path);
      if (lines === undefined) continue;
      for (const line of lines) line.count = 0;
      files.push(summarize(path, lines, []));
    }
  }

  /** Leaves the files of the run where the environment had asked for them, and nothing else behind. */
  cleanUp() {
    const original = this.#original;
    if (original === undefined) delete process.env.NODE_V8_COVERAGE;
    else process.env.NODE_V8_COVERAGE = original;
    coverage.stop();
    try {
      if (original !== undefined) {
        fs.mkdirSync(original, { recursive: true });
        for (const name of fs.readdirSync(this.#directory)) {
          fs.copyFileSync(join(this.#directory, name), join(original, name));
        }
      }
    } finally {
      fs.rmSync(this.#directory, { recursive: true, force: true });
    }
  }
}

/** What of one file has run. */
function summarize(path, lines, functions) {
  const functionReports = [];
  const branches = [];
  const sums = emptySums();
  functions.forEach(({ functionName, isBlockCoverage, ranges }, index) => {
    ranges.forEach((range, place) => {
      const { first, isIgnored } = countRange(lines, range);
      const hasRun = range.count > 0 || isIgnored;
      if (isBlockCoverage) {
        branches.push({ __proto__: null, line: first?.line, count: range.count });
        sums.totalBranchCount++;
        if (hasRun) sums.coveredBranchCount++;
      }
      // The first function is the file itself.
      if (index === 0 || place > 0) return;
      const count = Math.max(...ranges.map((each) => each.count));
      functionReports.push({ __proto__: null, name: functionName, count, line: first?.line });
      sums.totalFunctionCount++;
      if (hasRun) sums.coveredFunctionCount++;
    });
  });
  const told = lines.filter((line) => !line.isIgnored);
  sums.totalLineCount = lines.length;
  sums.coveredLineCount = lines.length - told.filter(({ count }) => count === 0).length;
  return {
    __proto__: null,
    path,
    ...withPercents(sums),
    functions: functionReports,
    branches,
    lines: told.map(({ line, count }) => ({ __proto__: null, line, count })),
  };
}

function emptySums() {
  return {
    totalLineCount: 0, totalBranchCount: 0, totalFunctionCount: 0,
    coveredLineCount: 0, coveredBranchCount: 0, coveredFunctionCount: 0,
  };
}

function addUp(files) {
  const sums = emptySums();
  for (const file of files) {
    for (const name in sums) sums[name] += file[name];
  }
  return sums;
}

function percent(covered, total) {
  return total === 0 ? 100 : (covered / total) * 100;
}

function withPercents(sums) {
  return {
    __proto__: null,
    ...sums,
    coveredLinePercent: percent(sums.coveredLineCount, sums.totalLineCount),
    coveredBranchPercent: percent(sums.coveredBranchCount, sums.totalBranchCount),
    coveredFunctionPercent: percent(sums.coveredFunctionCount, sums.totalFunctionCount),
  };
}

module.exports = { TestCoverage };
