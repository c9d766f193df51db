// Which files are test files.
'use strict';

const fs = require('fs');
const { resolve } = require('path');

const EXTENSIONS = '{js,mjs,cjs,ts,mts,cts}';

/** Where files are looked for when none is named. */
const defaultPatterns = [
  `**/{test,test/**/*,test-*,*[._-]test}.${EXTENSIONS}`,
];

/**
 * @param {string[]} patterns  globs; none means the usual places
 * @param {string} cwd
 * @param {{ index: number, total: number }} [shard]  which part of them
 * @returns {string[]} absolute paths in order
 */
function findTestFiles(patterns, cwd, shard) {
  const isDefault = patterns.length === 0;
  const found = fs.globSync(isDefault ? defaultPatterns : patterns, {
    cwd,
    exclude: (name) => name === 'node_modules' || name.endsWith('/node_modules'),
  });
  const files = [...new Set(found.map((file) => resolve(cwd, file)))].sort();
  if (shard === undefined) return files;
  return files.filter((_, index) => index % shard.total === shard.index - 1);
}

module.exports = { findTestFiles };
