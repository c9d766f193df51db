// Which files are test files.
'use strict';

const fs = require('fs');
const { join, resolve } = require('path');

/** @returns {string[]} where files are looked for when none is named */
function defaultPatterns() {
  const extensions = process.features.typescript ? '{js,mjs,cjs,ts,mts,cts}' : '{js,mjs,cjs}';
  const stems = ['**/test', '**/test-*', '**/*.test', '**/*-test', '**/*_test', '**/test/**/*'];
  return stems.map((stem) => `${stem}.${extensions}`);
}

// A folder stands for the usual places below it.
function expandFolder(pattern, cwd) {
  const isFolder = fs.statSync(resolve(cwd, pattern), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? defaultPatterns().map((it) => join(pattern, it)) : [pattern];
}

/**
 * @param {string[]} patterns  globs and folders; none means the usual places
 * @param {string} cwd
 * @param {{ index: number, total: number }} [shard]  which part of them
 * @returns {string[]} paths as seen from there, in order
 */
function findTestFiles(patterns, cwd, shard) {
  const wanted = patterns.length === 0 ? defaultPatterns() : patterns.flatMap((it) => expandFolder(it, cwd));
  const found = fs.globSync(wanted, {
    cwd,
    exclude: (name) => name === 'node_modules' || name.endsWith('/node_modules'),
  });
  const files = found.sort();
  if (shard === undefined) return files;
  return files.filter((_, index) => index % shard.total === shard.index - 1);
}

module.exports = { defaultPatterns, findTestFiles };
