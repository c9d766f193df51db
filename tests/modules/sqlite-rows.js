// Rows of results that are long enough to be made in another way than the first ones: they are all alike.
'use strict';

const assert = require('node:assert');
const { DatabaseSync } = require('node:sqlite');

const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d BLOB)');
const insert = db.prepare('INSERT INTO t (b, c, d) VALUES (?, ?, ?)');
const total = 3000;
for (let i = 1; i <= total; i++) {
  const text = i % 3 === 0 ? null : i % 2 === 0 ? `name ${i}` : `n\u00e4me \ud83d\ude00 ${i}`;
  assert.deepStrictEqual(insert.run(text, i / 2, Buffer.from([i & 255, 1])), { changes: 1, lastInsertRowid: i });
}

function check(row, i) {
  assert.strictEqual(Object.getPrototypeOf(row), null);
  assert.deepStrictEqual(Object.keys(row), ['a', 'b', 'c', 'd']);
  assert.strictEqual(row.a, i);
  assert.strictEqual(row.b, i % 3 === 0 ? null : i % 2 === 0 ? `name ${i}` : `n\u00e4me \ud83d\ude00 ${i}`);
  assert.strictEqual(row.c, i / 2);
  assert.deepStrictEqual(row.d, new Uint8Array([i & 255, 1]));
  assert.strictEqual(Object.getOwnPropertyDescriptor(row, 'a').enumerable, true);
}

const select = db.prepare('SELECT * FROM t ORDER BY a');
for (let round = 0; round < 3; round++) {
  const rows = select.all();
  assert.strictEqual(rows.length, total);
  rows.forEach((row, index) => check(row, index + 1));
  let i = 0;
  for (const row of select.iterate()) check(row, ++i);
  assert.strictEqual(i, total);
}
const one = db.prepare('SELECT * FROM t WHERE a = ?');
for (let i = 1; i <= 50; i++) check(one.get(i), i);
assert.strictEqual(one.get(0), undefined);

// Rows belong to the program: what it does to one does not show in the next.
const first = one.get(1);
first.extra = true;
delete first.b;
check(one.get(1), 1);

// A statement that is changed, and a table that is.
select.setReturnArrays(true);
assert.deepStrictEqual(select.all()[total - 1].slice(0, 3), [total, null, total / 2]);
assert.ok(select.all().every((row, index) => Array.isArray(row) && row[0] === index + 1 && row.length === 4));
select.setReturnArrays(false);
select.all().forEach((row, index) => check(row, index + 1));
db.exec('ALTER TABLE t ADD COLUMN e DEFAULT 5');
assert.deepStrictEqual(Object.keys(select.get()), ['a', 'b', 'c', 'd', 'e']);
assert.ok(select.all().every((row) => row.e === 5));
assert.strictEqual(select.stat('reprepare') > 0, true);

// Names that are none of an identifier's kind; the last value of a name that comes twice.
const odd = db.prepare(
  'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40) ' +
    'SELECT x AS "__proto__", x AS "2", x AS "1", x AS "it\'s ""quoted"" \\ \n", x AS y, -x AS y, x AS "" FROM n',
);
const rows = odd.all();
assert.strictEqual(rows.length, 40);
for (const [index, row] of rows.entries()) {
  const x = index + 1;
  assert.deepStrictEqual(Object.entries(row), [
    ['1', x], ['2', x], ['__proto__', x], ['it\'s "quoted" \\ \n', x], ['y', -x], ['', x],
  ]);
  assert.strictEqual(Object.getPrototypeOf(row), null);
}

// More columns than a function has parameters of its own.
const wide = db.prepare(`SELECT ${Array.from({ length: 300 }, (_, i) => `${i} AS c${i}`).join()} FROM t LIMIT 20`);
for (const row of wide.all()) assert.strictEqual(Object.values(row).reduce((sum, value) => sum + value, 0), 44850);

// A statement whose parameters have been given before starts without them.
const defaults = db.prepare('SELECT ? AS x, ? AS y');
assert.deepStrictEqual({ ...defaults.get(1, 2) }, { x: 1, y: 2 });
assert.deepStrictEqual({ ...defaults.get(3) }, { x: 3, y: null });
const mixed = db.prepare('SELECT $a AS x, ? AS y');
assert.deepStrictEqual({ ...mixed.get({ $a: 1 }, 2) }, { x: 1, y: 2 });
assert.deepStrictEqual({ ...mixed.get(5) }, { x: null, y: 5 });

// A statement that was left in the middle starts again.
const left = select.iterate();
left.next();
assert.strictEqual(select.all().length, total);
assert.throws(() => left.next(), { code: 'ERR_INVALID_STATE' });

// Functions with many arguments, and texts of any length back.
db.function('glue', { varargs: true }, (...parts) => parts.join(''));
const parts = Array.from({ length: 20 }, (_, i) => `'${i}'`).join();
assert.strictEqual(db.prepare(`SELECT glue(${parts}) AS x`).get().x, '012345678910111213141516171819');
db.function('long', (count) => '\u00e4'.repeat(count));
for (const count of [0, 1, 255, 256, 257, 5000]) {
  assert.strictEqual(db.prepare('SELECT long(?) AS x').get(count).x, '\u00e4'.repeat(count));
}

// A database in UTF-16.
const wide16 = new DatabaseSync(':memory:');
wide16.exec("PRAGMA encoding = 'UTF-16'; CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('a\u00e4\ud83d\ude00')");
wide16.function('same', (text) => text);
assert.strictEqual(wide16.prepare('SELECT x FROM t').get().x, 'a\u00e4\ud83d\ude00');
assert.strictEqual(wide16.prepare('SELECT same(x) AS x FROM t').get().x, 'a\u00e4\ud83d\ude00');
