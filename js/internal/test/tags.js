// Tags of tests, and the expressions that choose by them.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateArray, validateString } = require('internal/validators');

const FORBIDDEN = 'contains a forbidden character. Tags must not contain whitespace, operator characters ' +
  "(&, |, !, (, ), *), or be the reserved words 'and', 'or', or 'not'";
const forbidden = /[\s&|!()*]|^(?:and|or|not)$/;

let hasWarned = false;

/** Says that tags are experimental. */
function warnOnce() {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning('Test tags is an experimental feature and might change at any time', 'ExperimentalWarning');
}

/**
 * @param {unknown} tags  the option
 * @param {object | null} parent  whose tags the test has as well
 * @returns {string[]} in lower case, without repetitions
 */
function readTags(tags, parent) {
  const inherited = parent === null ? [] : parent.tags;
  if (tags === undefined) return inherited;
  validateArray(tags, 'options.tags');
  if (tags.length > 0) warnOnce();
  const all = new Set(inherited);
  tags.forEach((tag, index) => {
    const name = `options.tags[${index}]`;
    validateString(tag, name);
    if (tag === '') throw new ERR_INVALID_ARG_VALUE(name, tag, 'must not be empty');
    const lower = tag.toLowerCase();
    if (forbidden.test(lower)) throw new ERR_INVALID_ARG_VALUE(name, tag, FORBIDDEN);
    all.add(lower);
  });
  return [...all];
}

module.exports = { readTags, warnOnce };
