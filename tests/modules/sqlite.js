// node:sqlite: what statements take and give, functions of the program's, sessions, backups.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { DatabaseSync, StatementSync, Session, backup, constants } = require('node:sqlite');

const row = (fields) => ({ __proto__: null, ...fields });

function memory(schema = '') {
  const database = new DatabaseSync(':memory:');
  database.exec(schema);
  return database;
}

{
  // Values go in and come out as what they are.
  const database = memory();
  const kind = database.prepare('SELECT typeof(?1) AS kind, ?1 AS value');
  for (const [given, sql, back = given] of [
    [1, 'real'], [-0, 'real'], [NaN, 'null', null], [7n, 'integer', 7], [true, 'integer', 1], ['é€😀', 'text'],
    ['a\0b', 'text'], ['\ud800', 'text', '\ufffd'], [null, 'null'], [undefined, 'null', null],
  ]) {
    assert.deepStrictEqual(kind.get(given), row({ kind: sql, value: back }));
  }
  const bytes = new Uint8Array([1, 2, 3]);
  for (const blob of [bytes, bytes.buffer, new DataView(bytes.buffer), Buffer.from(bytes)]) {
    assert.deepStrictEqual(kind.get(blob).value, bytes);
  }
  assert.throws(() => kind.get(1n << 63n), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => kind.get('x', 'y'), { code: 'ERR_SQLITE_ERROR', errcode: 25 });
  const big = database.prepare('SELECT 9007199254740993 AS n');
  assert.throws(() => big.get(), { code: 'ERR_OUT_OF_RANGE' });
  big.setReadBigInts(true);
  assert.deepStrictEqual(big.get(), row({ n: 9007199254740993n }));
}

{
  // Parameters by name and by place, in one call; names that are not there.
  const database = memory();
  const statement = database.prepare('SELECT $a AS a, ? AS b, :c AS c');
  assert.deepStrictEqual(statement.get({ a: 1, ':c': 3 }, 2), row({ a: 1, b: 2, c: 3 }));
  assert.strictEqual(statement.expandedSQL, 'SELECT 1.0 AS a, 2.0 AS b, 3.0 AS c');
  assert.throws(() => statement.get({ d: 1 }), { code: 'ERR_INVALID_STATE', message: "Unknown named parameter 'd'" });
  statement.setAllowUnknownNamedParameters(true);
  assert.deepStrictEqual(statement.get({ d: 1 }), row({ a: null, b: null, c: null }));
  statement.setReturnArrays(true);
  assert.deepStrictEqual(statement.all({ a: 'x' }), [['x', null, null]]);
}

{
  // A change of the table is seen by a statement that was prepared before.
  const database = memory('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  const all = database.prepare('SELECT * FROM t');
  assert.deepStrictEqual(all.all(), [row({ a: 1 })]);
  database.exec('ALTER TABLE t RENAME COLUMN a TO b');
  assert.deepStrictEqual(all.all(), [row({ b: 1 })]);
  database.exec('ALTER TABLE t ADD COLUMN c DEFAULT 5');
  assert.deepStrictEqual(all.get(), row({ b: 1, c: 5 }));
}

{
  // Going through rows: leaving early, beginning again, closing.
  const database = memory('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)');
  const statement = database.prepare('SELECT a FROM t ORDER BY a');
  for (const { a } of statement.iterate()) if (a === 2) break;
  assert.deepStrictEqual([...statement.iterate()].map((each) => each.a), [1, 2, 3]);
  const rows = statement.iterate();
  assert.deepStrictEqual(rows.next(), row({ done: false, value: row({ a: 1 }) }));
  statement.get();
  assert.throws(() => rows.next(), { code: 'ERR_INVALID_STATE', message: 'iterator was invalidated' });
  const others = statement.iterate().map((each) => each.a * 2);
  assert.deepStrictEqual(others.toArray(), [2, 4, 6]);
  const last = statement.iterate();
  database.close();
  assert.throws(() => last.next(), { message: 'statement has been finalized' });
  assert.throws(() => statement.all(), { message: 'statement has been finalized' });
}

{
  // What a function throws is what the statement throws; what it may not do to what is running.
  const database = memory('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)');
  const problem = new RangeError('no');
  database.function('fails', () => { throw problem; });
  assert.throws(() => database.prepare('SELECT fails()').get(), (error) => error === problem);
  assert.throws(() => database.exec('SELECT fails()'), (error) => error === problem);
  assert.deepStrictEqual(database.prepare('SELECT 1 AS a').get(), row({ a: 1 }));
  let statement;
  database.function('meddles', (what) => {
    if (what === 'close') database.close();
    else statement[what]();
  });
  for (const [what, message] of [
    ['close', 'database cannot be closed while in a callback'],
    ['get', 'statement is already being executed'],
    ['all', 'statement is already being executed'],
  ]) {
    statement = database.prepare('SELECT meddles(?) FROM t');
    assert.throws(() => statement.all(what), { code: 'ERR_INVALID_STATE', message });
  }
  database.function('others', () => database.prepare('SELECT count(*) AS n FROM t').get().n);
  assert.deepStrictEqual(database.prepare('SELECT others() AS n FROM t').all(), [row({ n: 2 }), row({ n: 2 })]);
}

{
  // Aggregates, plain and over windows.
  const database = memory('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)');
  database.aggregate('total', {
    start: () => ({ sum: 0 }),
    step: (state, value) => ({ sum: state.sum + value }),
    inverse: (state, value) => ({ sum: state.sum - value }),
    result: (state) => state.sum,
  });
  assert.deepStrictEqual(database.prepare('SELECT total(a) AS n FROM t').get(), row({ n: 6 }));
  assert.deepStrictEqual(database.prepare('SELECT total(a) AS n FROM t WHERE 0').get(), row({ n: 0 }));
  const window = 'SELECT total(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM t';
  assert.deepStrictEqual(database.prepare(window).all().map((each) => each.n), [1, 3, 5]);
}

{
  // Changes of one database applied to another.
  const schema = 'CREATE TABLE t(a INTEGER PRIMARY KEY, b)';
  const source = memory(schema);
  const target = memory(`${schema}; INSERT INTO t VALUES (1, 'old')`);
  const session = source.createSession({ table: 't' });
  assert.ok(session instanceof Session);
  source.exec("INSERT INTO t VALUES (1, 'new'), (2, 'two')");
  const changes = session.changeset();
  assert.strictEqual(target.applyChangeset(changes), false);
  const conflicts = [];
  const onConflict = (kind) => {
    conflicts.push(kind);
    return constants.SQLITE_CHANGESET_REPLACE;
  };
  assert.strictEqual(target.applyChangeset(changes, { onConflict }), true);
  assert.deepStrictEqual(conflicts, [constants.SQLITE_CHANGESET_CONFLICT]);
  assert.deepStrictEqual(target.prepare('SELECT b FROM t ORDER BY a').all(), [row({ b: 'new' }), row({ b: 'two' })]);
  source.close();
  assert.throws(() => session.changeset(), { message: 'database is not open' });
}

{
  // Templates share a statement; objects are values there, not names.
  const store = memory('CREATE TABLE t(a)').createTagStore(2);
  for (const value of [1, 2]) assert.strictEqual(store.run`INSERT INTO t VALUES (${value})`.changes, 1);
  assert.strictEqual(store.size, 1);
  assert.deepStrictEqual(store.all`SELECT a FROM t WHERE a > ${1}`, [row({ a: 2 })]);
  assert.throws(() => store.get`SELECT ${{ a: 1 }}`, { code: 'ERR_INVALID_ARG_TYPE' });
  assert.deepStrictEqual([...store.iterate`SELECT a FROM t`].length, 2);
  assert.strictEqual(store.size, 2);
}

{
  // Authorizers; limits; serialized databases.
  const database = memory('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  database.setAuthorizer((action) => (action === constants.SQLITE_READ ? constants.SQLITE_IGNORE : constants.SQLITE_OK));
  assert.deepStrictEqual(database.prepare('SELECT a FROM t').get(), row({ a: null }));
  database.setAuthorizer(null);
  database.limits.sqlLength = 20;
  assert.throws(() => database.prepare(`SELECT ${'1'.repeat(30)}`), { errcode: 18 });
  database.limits.sqlLength = Infinity;
  const copy = memory();
  copy.deserialize(database.serialize());
  assert.deepStrictEqual(copy.prepare('SELECT a FROM t').get(), row({ a: 1 }));
}

{
  // Nothing but prepare() makes statements; methods want their own kind.
  assert.throws(() => new StatementSync(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
  assert.throws(() => DatabaseSync(':memory:'), { code: 'ERR_CONSTRUCT_CALL_REQUIRED' });
  for (const receiver of [{}, memory(), null]) {
    assert.throws(() => StatementSync.prototype.get.call(receiver), { message: 'Illegal invocation' });
  }
  class Named extends DatabaseSync {}
  assert.ok(new Named(':memory:').prepare('SELECT 1') instanceof StatementSync);
}

(async () => {
  // A backup into a file, step by step, and what cannot be backed up.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-'));
  const file = path.join(folder, 'copy.db');
  const database = memory('CREATE TABLE t(a)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  for (let i = 0; i < 100; i++) insert.run('x'.repeat(1000));
  const left = [];
  const total = await backup(database, file, { rate: 5, progress: ({ remainingPages }) => left.push(remainingPages) });
  assert.ok(total > 20);
  assert.deepStrictEqual(left, left.toSorted((a, b) => b - a));
  assert.strictEqual(left[0], total - 5);
  const copy = new DatabaseSync(file, { readOnly: true });
  assert.deepStrictEqual(copy.prepare('SELECT count(*) AS n FROM t').get(), row({ n: 100 }));
  assert.throws(() => copy.exec('DELETE FROM t'), { code: 'ERR_SQLITE_ERROR', errcode: 8 });
  assert.strictEqual(copy.location(), fs.realpathSync(file));
  copy.close();
  await assert.rejects(backup(database, path.join(folder, 'no', 'such')), { code: 'ERR_SQLITE_ERROR', errcode: 14 });
  fs.rmSync(folder, { recursive: true });
})().then(() => console.log('ok'));
