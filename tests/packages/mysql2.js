// mysql2: its client against its own server.
'use strict';
const mysql = require('mysql2');

const server = mysql.createServer();
server.on('connection', (connection) => {
  connection.serverHandshake({ protocolVersion: 10, serverVersion: '8.0', connectionId: 1, statusFlags: 2, characterSet: 33, capabilityFlags: 0xffffff ^ 0x800 ^ 0x20 });
  connection.on('error', () => {});
  connection.on('query', (sql) => {
    if (/^BAD/.test(sql)) return connection.writeError({ code: 1064, message: 'You have an error' });
    if (/^INSERT/.test(sql)) return connection.writeOk({ affectedRows: 1, insertId: 7 });
    connection.writeTextResult([{ id: '1', name: 'ünn', at: null }, { id: '2', name: sql, at: null }],
      [['id', 3], ['name', 253], ['at', 253]].map(([name, columnType]) => ({ catalog: 'def', schema: 's', table: 't', orgTable: 't', name, orgName: name, characterSet: 33, columnLength: 300, columnType, flags: 0, decimals: 0 })));
  });
});
server.listen(0, async () => {
  const connection = await require('mysql2/promise').createConnection({ host: '127.0.0.1', port: server._server.address().port, user: 'u', password: 'p' });
  const [rows, fields] = await connection.query('SELECT ?, ??', ["it's", 'col']);
  console.log(rows, fields.map((it) => it.name));
  console.log((await connection.query('INSERT INTO t SET ?', { a: 1, d: new Date(0) }))[0]);
  await connection.query('BAD').catch((error) => console.log(error.code, error.errno, error.sqlState, error.sqlMessage));
  console.log(mysql.format('SELECT ? FROM ?? WHERE a IN (?)', [Buffer.from('ab'), 'x.y', [1, null]]));
  connection.destroy();
  server.close();
});
