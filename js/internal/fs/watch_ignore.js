// What a watcher shall not tell of: globs, regular expressions and functions.
'use strict';

const { isRegExp } = require('internal/util/types');

/** Whether a glob stands for names in any directory. */
function matchesBase(pattern) {
  return !pattern.includes('/');
}

function toMatcher(pattern) {
  if (typeof pattern === 'function') return pattern;
  if (isRegExp(pattern)) return (name) => pattern.test(name);
  const { Glob } = require('internal/glob');
  const glob = new Glob(pattern, false);
  if (!matchesBase(pattern)) return (name) => glob.matches(name);
  return (name) => glob.matches(name.slice(name.lastIndexOf('/') + 1));
}

/**
 * @param {null | undefined | string | RegExp | Function | (string | RegExp | Function)[]} ignore
 *   which `validateIgnoreOption` has let pass
 * @returns {((name: string) => boolean) | null} whether a name is ignored; null where none is
 */
function ignoreMatcher(ignore) {
  if (ignore == null) return null;
  const matchers = (Array.isArray(ignore) ? ignore : [ignore]).map(toMatcher);
  return (name) => {
    const text = typeof name === 'string' ? name : name.toString();
    return matchers.some((matches) => matches(text));
  };
}

module.exports = { ignoreMatcher };
