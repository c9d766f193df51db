// Which tests run: by name, by tag, and by `only`.
'use strict';

/** @returns {boolean} whether a pattern matches the test's name, a parent's, or all of them joined */
function matchesName(test, patterns) {
  for (let at = test; at !== null && !at.isRoot; at = at.parent) {
    if (patterns.some((pattern) => pattern.test(at.name))) return true;
    const joined = at.names.join(' ');
    if (patterns.some((pattern) => pattern.test(joined))) return true;
  }
  return false;
}

/** @returns {boolean} whether `only` of the test around, or `only: false`, leaves out a subtest */
function isLeftOutByParent({ parent, only }, config) {
  if (!config.honoursOnly) return false;
  if (config.only && only === false) return true;
  return parent.runsOnly && only !== true;
}

/**
 * @param {object} test
 * @param {object} config  of the run
 * @returns {boolean} whether the test is as if it were not there
 */
function isFiltered(test, config) {
  if (isLeftOutByParent(test, config)) return true;
  const { namePatterns, skipPatterns, tagFilters } = config;
  if (tagFilters !== undefined && !tagFilters.every((matches) => matches(test.tags))) return true;
  if (namePatterns !== undefined && !matchesName(test, namePatterns)) return true;
  return skipPatterns !== undefined && matchesName(test, skipPatterns);
}

function holdsOnly(suite) {
  return suite.children.some((child) => child.only === true || (child.isSuite && holdsOnly(child)));
}

/** Leaves the others out of a suite in which some have `only`. */
function pruneSuite(suite) {
  if (!holdsOnly(suite)) return;
  for (const child of suite.children) pruneChild(child);
}

function pruneChild(test) {
  if (test.only === false) test.leaveOut();
  else if (test.isSuite && (test.only || holdsOnly(test))) pruneSuite(test);
  else if (!test.only) test.leaveOut();
}

/**
 * Leaves a test of the outermost level out where others have `only`. All suites are complete.
 * @param {object} test
 */
function applyOnly(test) {
  const { root } = test;
  if (test.honoursOnly && (root.config.only || holdsOnly(root))) pruneChild(test);
}

module.exports = { applyOnly, isFiltered };
