// pg: a session with a small server of PostgreSQL's protocol: password, simple and prepared queries, errors, a pool.
'use strict';
const net = require('net');
const { Client, Pool, types } = require('pg');

const message = (type, ...parts) => {
  const body = Buffer.concat(parts.map((it) => (typeof it === 'string' ? Buffer.from(`${it}\0`) : it)));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const int = (n, size = 4) => { const b = Buffer.alloc(size); b.writeIntBE(n, 0, size); return b; };
const columns = (...list) => message('T', int(list.length, 2), ...list.flatMap(([name, oid]) => [name, int(0), int(0, 2), int(oid), int(-1, 2), int(-1), int(0, 2)]));
const row = (...values) => message('D', int(values.length, 2), ...values.flatMap((it) => (it === null ? [int(-1)] : [int(Buffer.byteLength(it)), Buffer.from(it)])));
const ready = message('Z', Buffer.from('I'));
const answer = [row('1', 'ann', 't', '{1,2}', '{"a":[1]}', '2020-01-02 03:04:05+00', null), message('C', 'SELECT 1')];
const shape = columns(['id', 23], ['name', 25], ['ok', 16], ['list', 1007], ['data', 3802], ['at', 1184], ['nothing', 25]);
const log = [];
const server = net.createServer((socket) => {
  let rest = Buffer.alloc(0);
  let started = false;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const at = started ? 1 : 0;
      if (rest.length < at + 4 || rest.length < at + rest.readInt32BE(at)) return;
      const size = at + rest.readInt32BE(at);
      const type = started ? String.fromCharCode(rest[0]) : 'start';
      const body = rest.subarray(at + 4, size);
      rest = rest.subarray(size);
      started = true;
      const text = body.toString().replaceAll('\0', '|');
      log.push(type === 'start' ? 'start' : `${type} ${/[BDEH]/.test(type) ? '' : text}`);
      if (type === 'start') socket.write(message('R', int(5), Buffer.from('salt')));
      else if (type === 'p') socket.write(Buffer.concat([message('R', int(0)), message('S', 'server_version', '17.0'), message('K', int(1), int(2)), ready]));
      else if (type === 'Q') socket.write(text.startsWith('BAD') ? Buffer.concat([message('E', Buffer.from('SERROR\0C42601\0Msyntax error\0\0')), ready]) : Buffer.concat([shape, ...answer, ready]));
      else if (type === 'P') socket.write(message('1'));
      else if (type === 'B') socket.write(message('2'));
      else if (type === 'D') socket.write(shape);
      else if (type === 'E') socket.write(Buffer.concat(answer));
      else if (type === 'S') socket.write(ready);
      else if (type === 'X') socket.end();
    }
  });
}).listen(0, '127.0.0.1', async () => {
  const options = { host: '127.0.0.1', port: server.address().port, user: 'ann', password: 'pass', database: 'db' };
  types.setTypeParser(1184, (text) => new Date(text));
  const client = new Client(options);
  await client.connect();
  console.log((await client.query('SELECT 1')).rows);
  console.log((await client.query({ name: 'named', text: 'SELECT $1::int', values: [5], rowMode: 'array' })).rows);
  await client.query('BAD').catch((error) => console.log(error.name, error.code, error.severity, error.message));
  await client.end();
  const pool = new Pool({ ...options, max: 2 });
  const found = await Promise.all([1, 2, 3].map((n) => pool.query('SELECT $1', [n])));
  console.log(found.map((it) => it.rowCount), pool.totalCount);
  await pool.end();
  console.log(log.slice(0, 12));
  server.close();
});
