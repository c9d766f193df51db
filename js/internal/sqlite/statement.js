// Prepared statements, and going through their rows. A statement is an object of the native half, whose methods
// `get`, `all` and `run` are native ones.
'use strict';

const { checkBoolean, getter, refuse, setMethods, wrongType } = require('internal/sqlite/errors');

const binding = internalBinding('sqlite');

const kBigInts = 1;
const kArrays = 2;
const kBareNames = 4;
const kUnknownNames = 8;

/** SQLite's counters by the names that `stat` takes. */
const counters = {
  __proto__: null,
  fullscanStep: 1,
  sort: 2,
  autoindex: 3,
  vmStep: 4,
  reprepare: 5,
  run: 6,
  filterMiss: 7,
  filterHit: 8,
  memused: 99,
};

/** Statements are made by `database.prepare()` alone. */
function StatementSync() {
  throw refuse(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', StatementSync);
}

class StatementSyncIterator extends Iterator {
  #statement;
  #start;
  #isDone = false;

  constructor(statement, start) {
    super();
    this.#statement = statement;
    this.#start = start;
  }

  next() {
    if (!(#statement in this)) throw new TypeError('Illegal invocation');
    if (this.#isDone) {
      binding.sourceSql(this.#statement);
      return { __proto__: null, done: true, value: null };
    }
    const row = binding.step(this.#statement, this.#start);
    if (row !== undefined) return { __proto__: null, done: false, value: row };
    this.#isDone = true;
    return { __proto__: null, done: true, value: null };
  }

  return() {
    if (!(#statement in this)) throw new TypeError('Illegal invocation');
    binding.end(this.#statement, this.#start);
    this.#isDone = true;
    return { __proto__: null, done: true, value: null };
  }
}
for (const name of ['next', 'return']) {
  Object.defineProperty(StatementSyncIterator.prototype, name, { enumerable: true });
}

function setOption(statement, bit, on) {
  binding.setOptions(statement, bit, on ? bit : 0);
}

/** The methods beside those of the native half. */
const methods = {
  iterate(...parameters) {
    return new StatementSyncIterator(this, Reflect.apply(binding.begin, this, parameters));
  },

  all: binding.all,
  get: binding.get,
  run: binding.run,

  /** @returns {{ column: string?, database: string?, name: string, table: string?, type: string? }[]} */
  columns() {
    return binding.columns(this);
  },

  /** @param {keyof counters} counter what is asked for: how often, how many steps, how many bytes */
  stat(counter) {
    binding.sourceSql(this);
    if (typeof counter !== 'string') throw wrongType('counter argument', 'a string', methods.stat);
    const number = counters[counter];
    if (number === undefined) {
      const message = 'The "counter" argument is not a valid statistic name.';
      throw refuse(TypeError, 'ERR_INVALID_ARG_VALUE', message, methods.stat);
    }
    return binding.counter(this, number);
  },

  resetStats() {
    binding.resetCounters(this, Object.values(counters));
  },

  setAllowBareNamedParameters(enabled) {
    binding.sourceSql(this);
    checkBoolean(enabled, 'allowBareNamedParameters', methods.setAllowBareNamedParameters);
    setOption(this, kBareNames, enabled);
  },

  setAllowUnknownNamedParameters(enabled) {
    binding.sourceSql(this);
    checkBoolean(enabled, 'enabled', methods.setAllowUnknownNamedParameters);
    setOption(this, kUnknownNames, enabled);
  },

  setReadBigInts(enabled) {
    binding.sourceSql(this);
    checkBoolean(enabled, 'readBigInts', methods.setReadBigInts);
    setOption(this, kBigInts, enabled);
  },

  setReturnArrays(enabled) {
    binding.sourceSql(this);
    checkBoolean(enabled, 'returnArrays', methods.setReturnArrays);
    setOption(this, kArrays, enabled);
  },

  close() {
    binding.finalize(this);
  },
};
setMethods(StatementSync, methods);
StatementSync.prototype[Symbol.dispose] = function() {
  try {
    binding.finalize(this);
  } catch {
    // It is closed, or being executed: disposal does not complain.
  }
};

const texts = {
  sourceSQL: getter((statement) => binding.sourceSql(statement)),
  expandedSQL: getter((statement) => binding.expandedSql(statement)),
};

/**
 * @param {object} native what the native half has prepared
 * @returns {StatementSync} the same object
 */
function toStatement(native) {
  Object.setPrototypeOf(native, StatementSync.prototype);
  return Object.defineProperties(native, texts);
}

module.exports = { StatementSync, StatementSyncIterator, toStatement, kBigInts, kArrays, kBareNames, kUnknownNames };
