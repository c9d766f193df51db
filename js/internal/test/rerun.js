// `--test-rerun-failures`: a file remembers the tests that have passed, and they are not run again.
'use strict';

const { readFileSync, writeFileSync } = require('fs');
const { relative } = require('path');

const isRun = (value) => value !== null && typeof value === 'object';

/**
 * @typedef {object} Passed a test that has passed
 * @property {string} name
 * @property {{ name: string, line: number, column: number, file: string }[]} children
 * @property {number} [passed_on_attempt]  counted from 0; test files have none
 * @property {number} duration_ms
 */

/** Names tests by where they are made: those of one place by their number, too. */
class Places {
  #counts = new Map();
  #cwd;

  constructor(cwd) {
    this.#cwd = cwd;
  }

  /** @returns {string} */
  name({ file, line, column }) {
    const place = `${relative(this.#cwd, file)}:${line}:${column}`;
    const count = this.#counts.get(place) ?? 0;
    this.#counts.set(place, count + 1);
    return count === 0 ? place : `${place}:(${count})`;
  }
}

/** What earlier runs have left in the file, and what this one will. */
class RerunState {
  /** How many runs there were before. */
  attempt;

  #path;
  #runs;
  #known;
  #recalled;
  #reported;
  #passed = {};
  /** The tests that are being reported, from the outermost to the innermost, with their children. */
  #open = [];

  /**
   * @param {string | Buffer | URL} path
   * @param {string} cwd
   * @param {Record<string, Passed>[]} runs
   */
  constructor(path, cwd, runs) {
    this.#path = path;
    this.#runs = runs;
    this.#known = runs.at(-1) ?? {};
    this.attempt = runs.length;
    this.#recalled = new Places(cwd);
    this.#reported = new Places(cwd);
  }

  /** @returns {Passed | undefined} what is known of a test that is being made */
  recall(location) {
    const known = this.#known[this.#recalled.name(location)];
    return known?.passed_on_attempt === undefined ? undefined : known;
  }

  /** Takes notice of an event of the run. */
  note(type, data) {
    switch (type) {
      case 'test:start':
        this.#open[data.nesting - 1]?.push(data);
        this.#open[data.nesting] = [];
        break;
      case 'test:fail':
        if (data.file !== undefined) this.#reported.name(data);
        break;
      case 'test:pass':
        if (data.file !== undefined) this.#notePassed(data);
        break;
    }
  }

  #notePassed({ name, nesting, details, ...place }) {
    this.#passed[this.#reported.name(place)] = {
      name,
      children: this.#open[nesting] ?? [],
      passed_on_attempt: details.passed_on_attempt ?? details.attempt,
      duration_ms: details.duration_ms,
    };
  }

  /** The run has come to its end. */
  write() {
    writeFileSync(this.#path, JSON.stringify([...this.#runs, this.#passed], null, 2));
  }
}

/**
 * @param {string | Buffer | URL} path
 * @param {string} cwd
 * @returns {RerunState | undefined} undefined where the file is none of such a state
 */
function readRerunState(path, cwd) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return new RerunState(path, cwd, []);
    throw error;
  }
  const runs = JSON.parse(text);
  return Array.isArray(runs) && runs.every(isRun) ? new RerunState(path, cwd, runs) : undefined;
}

module.exports = { readRerunState };
