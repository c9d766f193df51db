// Node's `sqlite`: databases of SQLite, in files or in memory.
'use strict';

const {
  checkBoolean,
  checkOptions,
  checkString,
  getter,
  isObject,
  option,
  refuse,
  setMethods,
  wrongState,
  wrongType,
} = require('internal/sqlite/errors');
const constants = require('internal/sqlite/constants');
const { createLimits, readLimits } = require('internal/sqlite/limits');
const { createTagStore } = require('internal/sqlite/tag_store');
const { Session, toSession } = require('internal/sqlite/session');
const {
  StatementSync,
  toStatement,
  kArrays,
  kBareNames,
  kBigInts,
  kUnknownNames,
} = require('internal/sqlite/statement');
const { Stamp } = require('internal/util/stamp');

const binding = internalBinding('sqlite');

require('internal/process/exit').atVeryEnd(() => binding.closeAll());

/** How many pages a step of a backup copies unless the program says otherwise. */
const kBackupRate = 100;

/** Keeps what belongs to a `DatabaseSync` in fields that the outside cannot see. */
class Contents extends Stamp {
  #native = null;
  #path;
  #options;
  #limits;

  constructor(database, path, options) {
    super(database);
    this.#path = path;
    this.#options = options;
  }

  static check(database) {
    if (!isObject(database) || !(#native in database)) throw new TypeError('Illegal invocation');
  }

  static isOpen(database) {
    Contents.check(database);
    return database.#native !== null;
  }

  /** The open database of the native half. */
  static native(database, caller) {
    Contents.check(database);
    const native = database.#native;
    if (native === null) throw wrongState('database is not open', caller);
    return native;
  }

  static options(database) {
    return database.#options;
  }

  static open(database, caller) {
    Contents.check(database);
    if (database.#native !== null) throw wrongState('database is already open', caller);
    const { switches, timeout, limits } = database.#options;
    const native = binding.open(database.#path, switches, timeout);
    for (const [number, value] of limits) binding.limit(native, number, value);
    database.#native = native;
  }

  static close(database, caller) {
    binding.close(Contents.native(database, caller));
    database.#native = null;
  }

  static limits(database) {
    Contents.native(database, Contents.limits);
    database.#limits ??= createLimits(() => Contents.native(database, createLimits));
    return database.#limits;
  }
}

/** The name of a file as SQLite takes it. */
function toPath(path, caller) {
  const wrong = () => wrongType('path argument', 'a string, Uint8Array, or URL without null bytes', caller);
  if (typeof path === 'string') {
    if (path.includes('\0')) throw wrong();
    return path;
  }
  if (path instanceof Uint8Array) {
    if (path.includes(0)) throw wrong();
    return path;
  }
  if (!isObject(path) || typeof path.href !== 'string') throw wrong();
  if (path.href.includes('\0')) throw wrong();
  if (!path.href.startsWith('file:')) {
    throw refuse(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file:', caller);
  }
  return path.href;
}

function readOptions(options, caller) {
  const boolean = (name, absent) => option(options, name, 'boolean', absent, caller);
  const open = boolean('open', true);
  const readOnly = boolean('readOnly', false);
  const foreignKeys = boolean('enableForeignKeyConstraints', true);
  const quotedText = boolean('enableDoubleQuotedStringLiterals', false);
  const extensions = boolean('allowExtension', false);
  const timeout = option(options, 'timeout', 'integer', 0, caller);
  const statements =
    (boolean('readBigInts', false) ? kBigInts : 0) |
    (boolean('returnArrays', false) ? kArrays : 0) |
    (boolean('allowBareNamedParameters', true) ? kBareNames : 0) |
    (boolean('allowUnknownNamedParameters', false) ? kUnknownNames : 0);
  const defensive = boolean('defensive', true);
  const limits = options.limits === undefined ? [] : readLimits(options.limits, caller);
  return {
    open,
    extensions,
    timeout,
    statements,
    limits,
    switches: [readOnly, foreignKeys, quotedText, extensions, defensive],
    mayLoad: extensions,
  };
}

const facts = {
  isOpen: getter((database) => Contents.isOpen(database)),
  isTransaction: getter((database) => binding.isInTransaction(Contents.native(database))),
  limits: getter((database) => Contents.limits(database)),
  [Symbol.for('sqlite-type')]: { value: 'node:sqlite', writable: true, enumerable: true, configurable: true },
};

/**
 * A connection to a database.
 *
 * @param {string | Uint8Array | URL} path the file; `:memory:` for none
 * @param {object} [options] `open`, `readOnly`, `enableForeignKeyConstraints`, `enableDoubleQuotedStringLiterals`,
 *   `allowExtension`, `timeout` in milliseconds, `readBigInts`, `returnArrays`, `allowBareNamedParameters`,
 *   `allowUnknownNamedParameters`, `defensive`, `limits`
 */
function DatabaseSync(path, options = undefined) {
  if (new.target === undefined) {
    const message = 'Cannot call constructor without `new`';
    throw refuse(TypeError, 'ERR_CONSTRUCT_CALL_REQUIRED', message, DatabaseSync);
  }
  const file = toPath(path, DatabaseSync);
  if (options !== undefined) checkOptions(options, DatabaseSync);
  const read = readOptions(options ?? {}, DatabaseSync);
  Object.defineProperties(this, facts);
  new Contents(this, file, read);
  if (read.open) Contents.open(this, DatabaseSync);
}
Object.defineProperty(DatabaseSync, 'length', { value: 0, configurable: true });

const methods = {
  open() {
    Contents.open(this, methods.open);
  },

  close() {
    Contents.close(this, methods.close);
  },

  /**
   * @param {string} sql one statement; what follows it is passed over
   * @param {object} [options] `readBigInts`, `returnArrays`, `allowBareNamedParameters`, `allowUnknownNamedParameters`
   * @returns {StatementSync}
   */
  prepare(sql, options) {
    const caller = methods.prepare;
    const native = Contents.native(this, caller);
    checkString(sql, 'sql', caller);
    let flags = Contents.options(this).statements;
    if (options !== undefined) {
      checkOptions(options, caller);
      const change = (name, bit) => {
        const on = option(options, name, 'boolean', (flags & bit) !== 0, caller);
        flags = on ? flags | bit : flags & ~bit;
      };
      change('readBigInts', kBigInts);
      change('returnArrays', kArrays);
      change('allowBareNamedParameters', kBareNames);
      change('allowUnknownNamedParameters', kUnknownNames);
    }
    return toStatement(binding.prepare(native, sql, flags));
  },

  /** @param {string} sql any number of statements, run for what they do */
  exec(sql) {
    const native = Contents.native(this, methods.exec);
    checkString(sql, 'sql', methods.exec);
    binding.execute(native, sql);
  },

  /**
   * Makes a function known in statements.
   *
   * @param {string} name
   * @param {object} [options] `deterministic`, `directOnly`, `useBigIntArguments`, `varargs`
   * @param {Function} callback
   */
  function(name, options, callback) {
    const caller = methods.function;
    const native = Contents.native(this, caller);
    checkString(name, 'name', caller);
    if (arguments.length < 3) {
      callback = options;
      options = undefined;
    } else {
      checkOptions(options, caller);
    }
    const boolean = (flag) => options !== undefined && option(options, flag, 'boolean', false, caller);
    const bigInts = boolean('useBigIntArguments');
    const varargs = boolean('varargs');
    const deterministic = boolean('deterministic');
    const directOnly = boolean('directOnly');
    if (typeof callback !== 'function') throw wrongType('function argument', 'a function', caller);
    const count = varargs ? -1 : callback.length;
    binding.createFunction(native, name, [count, +deterministic, +directOnly, +bigInts], callback);
  },

  /** @param {number} [maxSize] how many statements are kept prepared */
  createTagStore(maxSize) {
    Contents.native(this, methods.createTagStore);
    return createTagStore(this, maxSize, methods.createTagStore);
  },

  /**
   * @param {string} [dbName] the name that the database is attached as
   * @returns {string | null} its file
   */
  location(dbName = 'main') {
    const native = Contents.native(this, methods.location);
    checkString(dbName, 'dbName', methods.location);
    return binding.location(native, dbName) ?? null;
  },

  /**
   * Makes a function of many rows known in statements.
   *
   * @param {string} name
   * @param {{ start: unknown, step: Function, result?: Function, inverse?: Function, directOnly?: boolean,
   *   useBigIntArguments?: boolean, varargs?: boolean }} options
   */
  aggregate(name, options) {
    const caller = methods.aggregate;
    const native = Contents.native(this, caller);
    const start = options.start;
    if (start === undefined) {
      throw wrongType('options.start argument', 'a function or a primitive value', caller);
    }
    const step = options.step;
    if (typeof step !== 'function') throw wrongType('options.step argument', 'a function', caller);
    const result = options.result;
    const bigInts = option(options, 'useBigIntArguments', 'boolean', false, caller);
    const varargs = option(options, 'varargs', 'boolean', false, caller);
    const directOnly = option(options, 'directOnly', 'boolean', false, caller);
    const inverse = option(options, 'inverse', 'function', undefined, caller);
    checkString(name, 'name', caller);
    let count = -1;
    if (!varargs) {
      // The state is no argument of the statement's.
      count = Math.max(step.length - 1, inverse === undefined ? 0 : inverse.length - 1, 0);
    }
    const functions = [start, step, inverse, typeof result === 'function' ? result : undefined];
    binding.createAggregate(native, name, [count, 0, +directOnly, +bigInts], functions);
  },

  /**
   * Records what changes from now on.
   *
   * @param {{ table?: string, db?: string }} [options] the table, all of them by default; the database's name
   * @returns {Session}
   */
  createSession(options) {
    const caller = methods.createSession;
    let table;
    let db = 'main';
    if (options !== undefined) {
      checkOptions(options, caller);
      table = option(options, 'table', 'string', undefined, caller);
      db = option(options, 'db', 'string', db, caller);
    }
    return toSession(binding.createSession(Contents.native(this, caller), db, table));
  },

  /**
   * @param {Uint8Array} changeset what a session has recorded
   * @param {{ filter?: (table: string) => boolean, onConflict?: (type: number) => number }} [options]
   * @returns {boolean} whether no conflict has ended it
   */
  applyChangeset(changeset, options) {
    const caller = methods.applyChangeset;
    const native = Contents.native(this, caller);
    if (!(changeset instanceof Uint8Array)) throw wrongType('changeset argument', 'a Uint8Array', caller);
    let filter;
    let onConflict;
    if (options !== undefined) {
      checkOptions(options, caller);
      onConflict = option(options, 'onConflict', 'function', undefined, caller);
      filter = option(options, 'filter', 'function', undefined, caller);
    }
    return binding.applyChanges(native, changeset, filter, onConflict);
  },

  /** @param {boolean} allow whether `loadExtension()` may be called */
  enableLoadExtension(allow) {
    const caller = methods.enableLoadExtension;
    const native = Contents.native(this, caller);
    checkBoolean(allow, 'allow', caller);
    const options = Contents.options(this);
    if (allow && !options.extensions) {
      const message = 'Cannot enable extension loading because it was disabled at database creation.';
      throw wrongState(message, caller);
    }
    binding.setExtensions(native, allow);
    options.mayLoad = allow;
  },

  /** @param {boolean} active whether what could damage the file is refused */
  enableDefensive(active) {
    const native = Contents.native(this, methods.enableDefensive);
    checkBoolean(active, 'active', methods.enableDefensive);
    binding.setDefensive(native, active);
  },

  /**
   * @param {string} path a library of functions
   * @param {string} [entryPoint] the function that it begins with
   */
  loadExtension(path, entryPoint) {
    const caller = methods.loadExtension;
    const native = Contents.native(this, caller);
    if (!Contents.options(this).mayLoad) throw wrongState('extension loading is not allowed', caller);
    checkString(path, 'path', caller);
    binding.loadExtension(native, path, typeof entryPoint === 'string' ? entryPoint : undefined);
  },

  /**
   * @param {string} [dbName] the name that the database is attached as
   * @returns {Uint8Array} the bytes of its file
   */
  serialize(dbName = 'main') {
    const native = Contents.native(this, methods.serialize);
    checkString(dbName, 'dbName', methods.serialize);
    return binding.serialize(native, dbName);
  },

  /**
   * Puts what `serialize()` returned in the place of a database. All statements are finalized.
   *
   * @param {Uint8Array} buffer
   * @param {{ dbName?: string }} [options] the name that the database is attached as
   */
  deserialize(buffer, options) {
    const caller = methods.deserialize;
    const native = Contents.native(this, caller);
    if (!(buffer instanceof Uint8Array)) throw wrongType('buffer argument', 'a Uint8Array', caller);
    if (buffer.length === 0) {
      throw refuse(TypeError, 'ERR_INVALID_ARG_VALUE', 'The "buffer" argument must not be empty.', caller);
    }
    let dbName = 'main';
    if (options !== undefined) {
      checkOptions(options, caller);
      dbName = option(options, 'dbName', 'string', dbName, caller);
    }
    binding.deserialize(native, dbName, buffer);
  },

  /**
   * @param {((action: number, ...names: (string | null)[]) => number) | null} callback says `SQLITE_OK`, `SQLITE_DENY`
   *   or `SQLITE_IGNORE` to each action of a statement that is prepared
   */
  setAuthorizer(callback) {
    const native = Contents.native(this, methods.setAuthorizer);
    if (callback !== null && typeof callback !== 'function') {
      throw wrongType('callback argument', 'a function or null', methods.setAuthorizer);
    }
    binding.authorize(native, callback);
  },
};
setMethods(DatabaseSync, methods);
DatabaseSync.prototype[Symbol.dispose] = function() {
  if (Contents.isOpen(this)) Contents.close(this, this[Symbol.dispose]);
};

/**
 * Copies a database into a file while it is in use.
 *
 * @param {DatabaseSync} sourceDb
 * @param {string | Uint8Array | URL} path
 * @param {{ source?: string, target?: string, rate?: number, progress?: Function }} [options] the names of the two
 *   databases, pages a step, and what is called between two steps with `{ totalPages, remainingPages }`
 * @returns {Promise<number>} how many pages were copied
 */
function backup(sourceDb, path, options = undefined) {
  if (!isObject(sourceDb)) throw wrongType('sourceDb argument', 'an object', backup);
  const native = Contents.native(sourceDb, backup);
  const file = toPath(path, backup);
  let rate = kBackupRate;
  let source = 'main';
  let target = 'main';
  let progress;
  if (options !== undefined) {
    checkOptions(options, backup);
    rate = option(options, 'rate', 'integer', rate, backup);
    if (rate <= 0) {
      const message = 'The "options.rate" argument must be a positive integer.';
      throw refuse(RangeError, 'ERR_OUT_OF_RANGE', message, backup);
    }
    source = option(options, 'source', 'string', source, backup);
    target = option(options, 'target', 'string', target, backup);
    progress = option(options, 'progress', 'function', undefined, backup);
  }
  return new Promise((resolve, reject) => {
    const copy = binding.beginBackup(native, file, source, target);
    const step = () => binding.stepBackup(copy, rate, stepped);
    const stepped = (error, facts) => {
      if (error) {
        reject(error);
        return;
      }
      const [isDone, totalPages, remainingPages] = facts;
      if (isDone) {
        resolve(totalPages);
        return;
      }
      try {
        progress?.({ totalPages, remainingPages });
      } catch (thrown) {
        reject(thrown);
        return;
      }
      step();
    };
    step();
  });
}

module.exports = { DatabaseSync, StatementSync, Session, constants, backup };
