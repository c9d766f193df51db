// What the command line says about a test run.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { defaultPatterns } = require('internal/test/files');
const { validateInteger, validateString } = require('internal/validators');

const regExpText = /^\/(.*)\/([a-z]*)$/;

/** @returns {RegExp} what `text` of the command line means: `/pattern/flags`, or a pattern alone */
function toRegExp(text) {
  const match = regExpText.exec(text);
  try {
    return match === null ? new RegExp(text) : new RegExp(match[1], match[2].replace('g', ''));
  } catch (error) {
    throw new ERR_INVALID_ARG_VALUE('regexp', text, `is an invalid regular expression: ${error.message}`);
  }
}

function patterns(option) {
  const texts = getOptionValue(option);
  return texts === undefined || texts.length === 0 ? undefined : texts.map(toRegExp);
}

/**
 * @param {string[] | undefined} filters  expressions
 * @param {string} name  of the argument
 * @returns {Function[] | undefined} each says whether it chooses a test with such tags
 */
function readTagFilters(filters, name) {
  if (filters === undefined || filters.length === 0) return undefined;
  const { parseTagFilter } = require('internal/test/tag_filter');
  require('internal/test/tags').warnOnce();
  return filters.map((filter, index) => {
    validateString(filter, `${name}[${index}]`);
    return parseTagFilter(filter, `${name}[${index}]`);
  });
}

/** @returns {object | undefined} what `--experimental-test-coverage` and its kin say */
function readCoverage() {
  if (!getOptionValue('--experimental-test-coverage')) return undefined;
  return {
    include: getOptionValue('--test-coverage-include'),
    exclude: getOptionValue('--test-coverage-exclude') ?? defaultPatterns(),
    includeAll: Boolean(getOptionValue('--test-coverage-include-all')),
    thresholds: {
      __proto__: null,
      line: readThreshold('--test-coverage-lines'),
      branch: readThreshold('--test-coverage-branches'),
      function: readThreshold('--test-coverage-functions'),
    },
  };
}

function readThreshold(option) {
  const value = getOptionValue(option) ?? 0;
  validateInteger(value, option, 0, 100);
  return value;
}

/** @returns {number | undefined} undefined where tests keep their order */
function readRandomSeed() {
  const seed = getOptionValue('--test-random-seed');
  if (seed === undefined && !getOptionValue('--test-randomize')) return undefined;
  const { MAX_SEED, makeSeed } = require('internal/test/random');
  if (seed === undefined) return makeSeed();
  validateInteger(seed, '--test-random-seed', 0, MAX_SEED);
  return seed;
}

/** @returns {object} the configuration of the tests of this process */
function readConfig() {
  const only = Boolean(getOptionValue('--test-only'));
  return {
    only,
    // A file of a run cannot know of `only` in the others.
    honoursOnly: only || process.env.NODE_TEST_CONTEXT === undefined,
    namePatterns: patterns('--test-name-pattern'),
    skipPatterns: patterns('--test-skip-pattern'),
    forceExit: Boolean(getOptionValue('--test-force-exit')),
    timeout: getOptionValue('--test-timeout') || Infinity,
    reporters: getOptionValue('--test-reporter') ?? [],
    destinations: getOptionValue('--test-reporter-destination') ?? [],
    coverage: readCoverage(),
    globalSetup: getOptionValue('--test-global-setup'),
    tagFilters: readTagFilters(getOptionValue('--experimental-test-tag-filter'), '--experimental-test-tag-filter'),
    updateSnapshots: Boolean(getOptionValue('--test-update-snapshots')),
    randomSeed: readRandomSeed(),
    rerunFailures: getOptionValue('--test-rerun-failures'),
  };
}

module.exports = { readConfig, readTagFilters, toRegExp };
