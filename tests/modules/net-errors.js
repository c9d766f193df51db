// `net`: what fails, and how it is told.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const { once } = require('node:events');

const failure = async (emitter) => (await once(emitter, 'error'))[0];

async function connecting() {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');

  const refused = await failure(net.connect({ port, host: '127.0.0.1' }));
  assert.strictEqual(refused.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
  assert.deepStrictEqual({ ...refused },
    { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port });

  const missing = await failure(net.connect('/nowhere/socket'));
  assert.strictEqual(missing.message, 'connect ENOENT /nowhere/socket');
  assert.deepStrictEqual({ ...missing },
    { errno: -2, code: 'ENOENT', syscall: 'connect', address: '/nowhere/socket' });

  const unknown = await failure(net.connect({ port, host: 'name.invalid' }));
  assert.ok(['ENOTFOUND', 'EAI_AGAIN'].includes(unknown.code), unknown.code);
  assert.deepStrictEqual(Object.keys(unknown), ['errno', 'code', 'syscall', 'hostname']);
  assert.deepStrictEqual([unknown.syscall, unknown.hostname], ['getaddrinfo', 'name.invalid']);

  const lookup = (host, options, callback) => {
    assert.deepStrictEqual([host, options.all], ['two', true]);
    const found = [{ address: '127.0.0.1', family: 4 }, { address: '127.0.0.2', family: 4 }];
    process.nextTick(callback, null, found);
  };
  const client = net.connect({ port, host: 'two', lookup });
  const attempts = [];
  client.on('connectionAttempt', (...args) => attempts.push(args.join(' ')));
  const both = await failure(client);
  assert.ok(both instanceof AggregateError);
  assert.strictEqual(both.code, 'ECONNREFUSED');
  assert.deepStrictEqual(both.errors.map(({ address }) => address), ['127.0.0.1', '127.0.0.2']);
  assert.deepStrictEqual(attempts, [`127.0.0.1 ${port} 4`, `127.0.0.2 ${port} 4`]);
  assert.deepStrictEqual(client.autoSelectFamilyAttemptedAddresses, [`127.0.0.1:${port}`, `127.0.0.2:${port}`]);

  const nonsense = net.connect({ port, host: 'x', autoSelectFamily: false, lookup: (_, __, done) => done(null, 'x', 4) });
  assert.strictEqual((await failure(nonsense)).code, 'ERR_INVALID_IP_ADDRESS');

  const list = new net.BlockList();
  list.addSubnet('127.0.0.0', 8);
  assert.strictEqual((await failure(net.connect({ port, host: '127.0.0.1', blockList: list }))).code, 'ERR_IP_BLOCKED');
}

async function listening() {
  const first = net.createServer().listen(0, '127.0.0.1');
  await once(first, 'listening');
  const { port } = first.address();
  const second = net.createServer();
  second.listen(port, '127.0.0.1');
  const taken = await failure(second);
  assert.strictEqual(taken.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
  assert.deepStrictEqual({ ...taken },
    { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: '127.0.0.1', port });
  // A server that has failed can be used again.
  second.listen(0);
  await once(second, 'listening');
  second.close();
  first.close();
  const nowhere = net.createServer().listen('/nowhere/socket');
  assert.strictEqual((await failure(nowhere)).code, 'EACCES');
}

function refusals() {
  const refused = (code, work) => assert.throws(work, { code });
  refused('ERR_MISSING_ARGS', () => net.connect());
  refused('ERR_MISSING_ARGS', () => net.connect({}));
  refused('ERR_SOCKET_BAD_PORT', () => net.connect({ port: 65536 }));
  refused('ERR_INVALID_ARG_TYPE', () => net.connect({ port: true }));
  refused('ERR_INVALID_ARG_TYPE', () => net.connect({ path: 1 }));
  refused('ERR_INVALID_ARG_TYPE', () => net.connect({ port: 1, lookup: 1 }));
  refused('ERR_INVALID_ARG_TYPE', () => net.connect({ port: 1, autoSelectFamily: 1 }));
  refused('ERR_OUT_OF_RANGE', () => net.connect({ port: 1, autoSelectFamilyAttemptTimeout: 0 }));
  refused('ERR_INVALID_IP_ADDRESS', () => net.connect({ port: 1, localAddress: 'x' }));
  refused('ERR_INVALID_ARG_VALUE', () => new net.Socket({ objectMode: true }));
  refused('ERR_OUT_OF_RANGE', () => new net.Socket({ fd: -1 }));
  refused('ERR_INVALID_FD_TYPE', () => new net.Socket({ fd: require('node:fs').openSync(__filename) }));
  refused('ERR_INVALID_ARG_TYPE', () => net.createServer(1));
  refused('ERR_INVALID_ARG_VALUE', () => net.createServer().listen({}));
  refused('ERR_SOCKET_BAD_PORT', () => net.createServer().listen(-1));
  refused('ERR_INVALID_ARG_VALUE', () => net.createServer().listen({ path: '\0a', readableAll: true }));
  refused('ERR_OUT_OF_RANGE', () => new net.Socket().setTypeOfService(256));
}

(async () => {
  await connecting();
  await listening();
  refusals();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
