// `process.allowedNodeEnvironmentFlags`: a set that cannot be changed and knows an option by all its spellings.
'use strict';

const flags = require('internal/process/allowed_flags');

const withoutDashes = new Set(flags.map((flag) => flag.replace(/^--?/, '')));
const known = new Set(flags);

/** The options that `NODE_OPTIONS` may have. */
class NodeEnvironmentFlagsSet extends Set {
  /** Adds nothing. */
  add() {
    return this;
  }

  /** Deletes nothing. */
  delete() {
    return false;
  }

  /** Leaves all. */
  clear() {}

  /**
   * @param {string} flag with underscores or dashes, with a value or without, also without leading dashes
   * @returns {boolean}
   */
  has(flag) {
    if (typeof flag !== 'string') return false;
    const [dashes] = /^-{0,2}/.exec(flag);
    const name = flag.slice(dashes.length).replaceAll('_', '-');
    if (dashes === '') return withoutDashes.has(name);
    return known.has(dashes + name.replace(/=.*$/s, ''));
  }

  get size() {
    return flags.length;
  }

  forEach(callback, receiver = undefined) {
    for (const flag of flags) Reflect.apply(callback, receiver, [flag, flag, this]);
  }

  entries() {
    return new Set(flags).entries();
  }

  keys() {
    return new Set(flags).keys();
  }

  values() {
    return new Set(flags).values();
  }

  [Symbol.iterator]() {
    return this.values();
  }
}

module.exports = Object.freeze(new NodeEnvironmentFlagsSet());
