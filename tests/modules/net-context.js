// `net`: the asynchronous context of what is called back.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const seen = {};
const see = (what) => { seen[what] = storage.getStore(); };

storage.run('server', () => {
  const server = net.createServer((socket) => {
    see('connection');
    socket.on('data', (chunk) => {
      see('server data');
      socket.end(chunk);
    });
  });
  server.listen(0, () => {
    see('listening');
    storage.run('client', () => connect(server));
  });
});

function connect(server) {
  const client = net.connect(server.address().port, () => {
    see('connect');
    storage.run('write', () => client.write('x', () => see('written')));
  });
  client.on('data', () => see('client data'));
  client.on('close', () => {
    see('close');
    server.close();
  });
}

process.on('exit', () => {
  assert.deepStrictEqual(seen, {
    'listening': 'server',
    'connection': 'server',
    'connect': 'client',
    'written': 'write',
    'server data': undefined,
    'client data': 'client',
    'close': 'client',
  });
});
