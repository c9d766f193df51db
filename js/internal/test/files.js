// Which files are test files.
'use strict';

const fs = require('fs');
const { resolve } = require('path');

/** @returns {string[]} where files are looked for when none is named */
function defaultPatterns() {
  const extensions = process.features.typescript ? '{js,mjs,cjs,ts,mts,cts}' : '{js,mjs,cjs}';
  const stems = ['**/test', '**/test-*', '**/*.test', '**/*-test', '**/*_test', '**/test/**/*'];
  return stems.map((stem) => `${stem}.${extensions}`);
}

/**
 * @param {string[]} patterns  globs; none means the usual places
 * @param {string} cwd
 * @param {{ index: number, total: number }} [shard]  which part of them
 * @returns {string[]} absolute paths in order
 */
function findTestFiles(patterns, cwd, shard) {
  const found = fs.globSync(patterns.length === 0 ? defaultPatterns() : patterns, {
    cwd,
    exclude: (name) => name === 'node_modules' || name.endsWith('/node_modules'),
  });
  const files = [...new Set(found.map((file) => resolve(cwd, file)))].sort();
  if (shard === undefined) return files;
  return files.filter((_, index) => index % shard.total === shard.index - 1);
}

module.exports = { defaultPatterns, findTestFiles };
