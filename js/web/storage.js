// Web storage: `sessionStorage`, in memory, and `localStorage`, in the file of `--localstorage-file`. Keys and values
// are kept in a database of SQLite as Node keeps them, so that each reads the other's files.
'use strict';

const { refuse } = require('internal/sqlite/errors');
const { QuotaExceededError } = require('web/dom_exception');

/** How many bytes of UTF-16 all keys and values together may have. */
const kQuota = 10 * 1024 * 1024;

/** The version of the tables. */
const kVersion = 1;

const kSchema = `
  PRAGMA encoding = 'UTF-16le';
  PRAGMA busy_timeout = 3000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS nodejs_webstorage(
    key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(key)) STRICT;
  CREATE TABLE IF NOT EXISTS nodejs_webstorage_state(
    max_size INTEGER NOT NULL DEFAULT ${kQuota},
    total_size INTEGER NOT NULL,
    schema_version INTEGER NOT NULL DEFAULT 0,
    single_row_ INTEGER NOT NULL DEFAULT 1 CHECK(single_row_ = 1),
    PRIMARY KEY(single_row_)) STRICT;
  CREATE TRIGGER IF NOT EXISTS nodejs_quota_insert AFTER INSERT ON nodejs_webstorage BEGIN
    UPDATE nodejs_webstorage_state SET total_size = total_size + octet_length(NEW.key) + octet_length(NEW.value);
    SELECT raise(ABORT, 'QuotaExceeded') FROM nodejs_webstorage_state WHERE total_size > max_size;
  END;
  CREATE TRIGGER IF NOT EXISTS nodejs_quota_update AFTER UPDATE ON nodejs_webstorage BEGIN
    UPDATE nodejs_webstorage_state SET total_size = total_size + octet_length(NEW.key) + octet_length(NEW.value)
      - octet_length(OLD.key) - octet_length(OLD.value);
    SELECT raise(ABORT, 'QuotaExceeded') FROM nodejs_webstorage_state WHERE total_size > max_size;
  END;
  CREATE TRIGGER IF NOT EXISTS nodejs_quota_delete AFTER DELETE ON nodejs_webstorage BEGIN
    UPDATE nodejs_webstorage_state SET total_size = total_size - octet_length(OLD.key) - octet_length(OLD.value);
  END;
  INSERT OR IGNORE INTO nodejs_webstorage_state(total_size, schema_version) VALUES (0, ${kVersion});
  COMMIT;
`;

function toBytes(text) {
  return Buffer.from(text, 'utf16le');
}

function toText(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le');
}

/** The entries of one storage; the database is opened when they are first asked for. */
class Entries {
  #path;
  /** Tells sessions of the inspector of changes, where these may look at them. */
  tell;
  #statements;

  constructor(path) {
    this.#path = path;
  }

  get #prepared() {
    if (this.#statements === undefined) {
      const { DatabaseSync } = require('sqlite');
      const database = new DatabaseSync(this.#path);
      database.exec(kSchema);
      const prepare = (sql) => database.prepare(sql, { returnArrays: true });
      this.#statements = {
        clear: prepare('DELETE FROM nodejs_webstorage'),
        count: prepare('SELECT count(*) FROM nodejs_webstorage'),
        get: prepare('SELECT value FROM nodejs_webstorage WHERE key = ?'),
        keyAt: prepare('SELECT key FROM nodejs_webstorage ORDER BY key LIMIT 1 OFFSET ?'),
        keys: prepare('SELECT key FROM nodejs_webstorage ORDER BY key'),
        remove: prepare('DELETE FROM nodejs_webstorage WHERE key = ?'),
        set: prepare('INSERT INTO nodejs_webstorage(key, value) VALUES (?, ?) ' +
          'ON CONFLICT DO UPDATE SET value = excluded.value WHERE value != excluded.value'),
      };
    }
    return this.#statements;
  }

  clear() {
    this.#prepared.clear.run();
  }

  get size() {
    return this.#prepared.count.get()[0];
  }

  /** @returns {string | undefined} */
  get(key) {
    const row = this.#prepared.get.get(toBytes(key));
    return row === undefined ? undefined : toText(row[0]);
  }

  keyAt(index) {
    const row = this.#prepared.keyAt.get(index);
    return row === undefined ? null : toText(row[0]);
  }

  keys() {
    return this.#prepared.keys.all().map(([key]) => toText(key));
  }

  remove(key) {
    this.#prepared.remove.run(toBytes(key));
  }

  set(key, value) {
    try {
      this.#prepared.set.run(toBytes(key), toBytes(value));
    } catch (error) {
      if (error.message !== 'QuotaExceeded') throw error;
      throw new QuotaExceededError('Setting the value exceeded the quota');
    }
  }
}

function requireArguments(args, count, method) {
  if (args.length >= count) return;
  const message = `Failed to execute '${method.name}' on 'Storage': ` +
    `${count} argument${count === 1 ? '' : 's'} required`;
  throw refuse(TypeError, 'ERR_MISSING_ARGS', message, method);
}

/** The entries of the storages that there are, by what the program sees of them. */
const storages = new WeakMap();

function entriesOf(storage) {
  const entries = storages.get(storage);
  if (entries === undefined) throw new TypeError('Illegal invocation');
  return entries;
}

/** Storages are there: programs make none. */
function Storage() {
  throw refuse(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', Storage);
}

const methods = {
  clear() {
    const entries = entriesOf(this);
    entries.clear();
    entries.tell?.('domStorageItemsCleared');
  },

  getItem(key) {
    const entries = entriesOf(this);
    requireArguments(arguments, 1, methods.getItem);
    return entries.get(`${key}`) ?? null;
  },

  key(index) {
    const entries = entriesOf(this);
    requireArguments(arguments, 1, methods.key);
    const place = Math.trunc(Number(index)) || 0;
    return place < 0 ? null : entries.keyAt(place);
  },

  removeItem(key) {
    const entries = entriesOf(this);
    requireArguments(arguments, 1, methods.removeItem);
    entries.remove(`${key}`);
    entries.tell?.('domStorageItemRemoved', { key: `${key}` });
  },

  setItem(key, value) {
    const entries = entriesOf(this);
    requireArguments(arguments, 2, methods.setItem);
    if (entries.tell === undefined) {
      entries.set(`${key}`, `${value}`);
      return;
    }
    const oldValue = entries.get(`${key}`);
    entries.set(`${key}`, `${value}`);
    const change = { key: `${key}`, oldValue, newValue: `${value}` };
    entries.tell(oldValue === undefined ? 'domStorageItemAdded' : 'domStorageItemUpdated', change);
  },
};
delete Storage.prototype.constructor;
Object.defineProperty(Storage.prototype, 'length', {
  get: function() { return entriesOf(this).size; },
  enumerable: true,
  configurable: false,
});
for (const [name, method] of Object.entries(methods)) {
  Object.defineProperty(method, 'length', { value: 0, configurable: true });
  Storage.prototype[name] = method;
}
Object.defineProperty(Storage.prototype, 'constructor', { value: Storage, writable: true, configurable: true });

const kInspect = Symbol.for('nodejs.util.inspect.custom');

/** How the keys of a storage are its properties; what the prototype has goes before them. */
class Properties {
  #entries;

  constructor(entries) {
    this.#entries = entries;
  }

  #has(name) {
    return typeof name === 'string' && this.#entries.get(name) !== undefined;
  }

  get(target, name, receiver) {
    if (typeof name !== 'string' || name in Storage.prototype) return Reflect.get(target, name, receiver);
    return this.#entries.get(name);
  }

  set(target, name, value) {
    if (typeof name === 'string') this.#entries.set(name, `${value}`);
    return true;
  }

  has(target, name) {
    return name in Storage.prototype || this.#has(name);
  }

  deleteProperty(target, name) {
    if (typeof name === 'string') this.#entries.remove(name);
    return true;
  }

  defineProperty(target, name, { value }) {
    return this.set(target, name, value);
  }

  getOwnPropertyDescriptor(target, name) {
    if (typeof name !== 'string' || name in Storage.prototype) return undefined;
    const value = this.#entries.get(name);
    if (value === undefined) return undefined;
    return { value, writable: true, enumerable: true, configurable: true };
  }

  ownKeys() {
    return this.#entries.keys().filter((key) => !(key in Storage.prototype));
  }

  preventExtensions() {
    return false;
  }
}

/** A function that tells sessions of the inspector of changes, where the command line lets these look. */
function tellerFor(isLocal) {
  const { getOptionValue } = require('internal/options');
  if (!getOptionValue('--experimental-storage-inspection')) return undefined;
  const file = getOptionValue('--localstorage-file');
  const storageKey = file === undefined ? '' : require('url').pathToFileURL(file).href;
  const storageId = { securityOrigin: '', storageKey, isLocalStorage: isLocal };
  const { DOMStorage } = require('inspector');
  return (name, params) => DOMStorage[name]({ storageId, ...params });
}

function createStorage(path, isLocal) {
  const entries = new Entries(path);
  entries.tell = tellerFor(isLocal);
  const target = Object.create(Storage.prototype);
  const storage = new Proxy(target, new Properties(entries));
  // A proxy is shown as what it stands for, which has this hidden property.
  Object.defineProperty(target, kInspect, {
    value: (depth, options, inspect) => `Storage ${inspect({ ...storage }, options)}`,
    configurable: true,
  });
  storages.set(storage, entries);
  return storage;
}

let session;
let local;

module.exports = {
  Storage,

  /** This thread's storage, which ends with it. */
  get sessionStorage() {
    return session ??= createStorage(':memory:', false);
  },

  /** The storage in the file of `--localstorage-file`; undefined, with a warning, where there is none. */
  get localStorage() {
    if (local !== undefined) return local;
    const path = require('internal/options').getOptionValue('--localstorage-file');
    if (path === undefined || path === '') {
      const message = 'localStorage is not available because --localstorage-file was not provided.';
      process.emitWarning(message, 'ExperimentalWarning');
      return undefined;
    }
    return local = createStorage(path, true);
  },
};
