// Statements written as tagged templates: the most recently used are kept prepared.
'use strict';

const { getter, refuse, setMethods } = require('internal/sqlite/errors');
const { StatementSyncIterator } = require('internal/sqlite/statement');
const { Stamp } = require('internal/util/stamp');

const binding = internalBinding('sqlite');

/** How many statements are kept unless the program says otherwise. */
const kDefaultCapacity = 1000;

/** Keeps what belongs to a store in fields that the outside cannot see. */
class Contents extends Stamp {
  /** From texts to statements, the least recently used first. */
  #statements = new Map();
  #database;
  #capacity;

  constructor(store, database, capacity) {
    super(store);
    this.#database = database;
    this.#capacity = capacity;
  }

  static size(store) {
    return store.#statements.size;
  }

  static capacity(store) {
    return store.#capacity;
  }

  static database(store) {
    return store.#database;
  }

  static clear(store) {
    store.#statements.clear();
  }

  /** The statement of a template, with `?` where it has values. */
  static statement(store, strings, caller) {
    if (!(#statements in store)) throw new TypeError('Illegal invocation');
    if (!store.#database.isOpen) throw refuse(Error, 'ERR_INVALID_STATE', 'database is not open', caller);
    if (!Array.isArray(strings)) {
      const message = 'First argument must be an array of strings (template literal).';
      throw refuse(TypeError, 'ERR_INVALID_ARG_TYPE', message, caller);
    }
    const sql = strings.join('?');
    const statements = store.#statements;
    let statement = statements.get(sql);
    if (statement !== undefined) statements.delete(sql);
    if (statement === undefined || !isAlive(statement)) statement = store.#database.prepare(sql);
    statements.set(sql, statement);
    if (statements.size > store.#capacity) statements.delete(statements.keys().next().value);
    return statement;
  }
}

function isAlive(statement) {
  try {
    binding.sourceSql(statement);
    return true;
  } catch {
    return false;
  }
}

/** Stores are made by `database.createTagStore()` alone. */
function SQLTagStore() {
  throw refuse(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', SQLTagStore);
}

const methods = {
  get(strings, ...values) {
    return binding.getOf(Contents.statement(this, strings, methods.get), values);
  },

  all(strings, ...values) {
    return binding.allOf(Contents.statement(this, strings, methods.all), values);
  },

  iterate(strings, ...values) {
    const statement = Contents.statement(this, strings, methods.iterate);
    return new StatementSyncIterator(statement, binding.beginOf(statement, values));
  },

  run(strings, ...values) {
    return binding.runOf(Contents.statement(this, strings, methods.run), values);
  },

  clear() {
    Contents.clear(this);
  },
};
setMethods(SQLTagStore, methods);

const facts = {
  capacity: getter((store) => Contents.capacity(store)),
  db: getter((store) => Contents.database(store)),
  size: getter((store) => Contents.size(store)),
};

/**
 * @param {DatabaseSync} database
 * @param {number} [capacity] how many statements are kept
 * @param {Function} caller
 */
function createTagStore(database, capacity = kDefaultCapacity, caller) {
  const message = 'The "maxSize" argument must be a positive integer.';
  if (!Number.isInteger(capacity)) throw refuse(TypeError, 'ERR_INVALID_ARG_TYPE', message, caller);
  if (capacity <= 0) throw refuse(RangeError, 'ERR_OUT_OF_RANGE', message, caller);
  const store = Object.create(SQLTagStore.prototype, facts);
  return new Contents(store, database, capacity);
}

module.exports = { createTagStore };
