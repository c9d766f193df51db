// sql.js: SQLite in WebAssembly.
'use strict';
const initialise = require('sql.js');

initialise().then((SQL) => {
  const db = new SQL.Database();
  db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, data BLOB, real REAL)');
  const insert = db.prepare('INSERT INTO t (name, data, real) VALUES ($name, $data, $real)');
  for (let n = 0; n < 1000; n++) insert.run({ $name: `n${n}ü`, $data: new Uint8Array([n & 255, 1]), $real: n / 8 });
  insert.free();
  console.log(db.exec('SELECT count(*), sum(real), max(name), group_concat(name) FROM t WHERE id < 5'));
  db.create_function('twice', (n) => n * 2);
  console.log(db.exec('SELECT twice(id), data FROM t WHERE id = 7'), db.getRowsModified());
  const copy = new SQL.Database(db.export());
  const rows = copy.prepare('SELECT * FROM t WHERE name LIKE ? ORDER BY id DESC LIMIT 2');
  rows.bind(['n99%']);
  while (rows.step()) console.log(rows.getAsObject());
  try { copy.run('SELECT nothing FROM nowhere'); } catch (error) { console.log(error.message); }
  copy.close();
  db.close();
});
