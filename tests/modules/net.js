// `net`: what clients and servers tell of each other, in which order.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const { once } = require('node:events');

const listening = (server, ...args) => new Promise((resolve, reject) => {
  server.on('error', reject);
  server.listen(...args, () => resolve(server.address()));
});
const closed = (emitter) => new Promise((resolve) => { emitter.on('close', resolve); });

const EVENTS = ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connect', 'ready', 'end', 'finish', 'timeout'];
function record(socket) {
  const log = [];
  for (const event of EVENTS) socket.on(event, () => log.push(event));
  socket.on('error', (error) => log.push(error.code));
  socket.on('close', (hadError) => log.push(`close ${hadError}`));
  return log;
}

async function conversation() {
  const server = net.createServer((socket) => {
    assert.ok(socket instanceof net.Socket);
    assert.strictEqual(socket.server, server);
    socket.pipe(socket);
  });
  const { port, family, address } = await listening(server, 0, '127.0.0.1');
  assert.deepStrictEqual([family, address, server.listening], ['IPv4', '127.0.0.1', true]);
  const client = net.connect({ port, host: '127.0.0.1' });
  const log = record(client);
  assert.deepStrictEqual([client.connecting, client.pending, client.readyState], [true, true, 'opening']);
  await once(client, 'connect');
  assert.deepStrictEqual([client.connecting, client.pending, client.readyState], [false, false, 'open']);
  assert.deepStrictEqual([client.remoteAddress, client.remotePort, client.remoteFamily], [address, port, family]);
  assert.deepStrictEqual(client.address(), { address, family, port: client.localPort });
  client.setEncoding('utf8');
  client.end('grüße');
  let text = '';
  client.on('data', (chunk) => { text += chunk; });
  await closed(client);
  assert.strictEqual(text, 'grüße');
  assert.deepStrictEqual([client.bytesRead, client.bytesWritten, client.readyState], [7, 7, 'closed']);
  assert.deepStrictEqual([client.localPort, client.remotePort], [undefined, port]);
  assert.deepStrictEqual(log, ['connectionAttempt', 'connect', 'ready', 'finish', 'end', 'close false']);
  server.close();
  assert.strictEqual(server.listening, false);
  await closed(server);
  assert.strictEqual(server.address(), null);
}

async function halfOpen() {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('end', () => {
      assert.strictEqual(socket.readyState, 'writeOnly');
      setImmediate(() => socket.end('late'));
    });
    socket.resume();
  });
  const { port } = await listening(server, 0);
  const client = net.connect(port);
  client.end();
  const [chunk] = await once(client, 'data');
  assert.strictEqual(chunk.toString(), 'late');
  await closed(client);
  server.close();
}

async function afterTheEnd() {
  const server = net.createServer((socket) => socket.end());
  const { port } = await listening(server, 0);
  const client = net.connect({ port, allowHalfOpen: false });
  client.resume();
  client.on('error', () => {});
  await once(client, 'end');
  const error = await new Promise((resolve) => { client.write('x', resolve); });
  assert.ok(['EPIPE', 'ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_DESTROYED'].includes(error.code), error.code);
  server.close();
}

async function drops() {
  const server = net.createServer();
  server.maxConnections = 1;
  const { port } = await listening(server, 0, '127.0.0.1');
  const first = net.connect(port, '127.0.0.1');
  const [accepted] = await once(server, 'connection');
  const second = net.connect(port, '127.0.0.1');
  second.on('error', () => {});
  const [data] = await once(server, 'drop');
  assert.deepStrictEqual(Object.keys(data),
    ['localAddress', 'localPort', 'localFamily', 'remoteAddress', 'remotePort', 'remoteFamily']);
  assert.deepStrictEqual([data.localPort, data.remoteFamily], [port, 'IPv4']);
  const count = await new Promise((resolve) => { server.getConnections((_, count) => resolve(count)); });
  assert.strictEqual(count, 1);
  first.destroy();
  accepted.destroy();
  server.close();
  await closed(server);
}

async function timeouts() {
  const server = net.createServer();
  const { port } = await listening(server, 0);
  const client = net.connect({ port, timeout: 20 });
  assert.strictEqual(client.timeout, 20);
  await once(client, 'timeout');
  assert.strictEqual(client.setTimeout(0), client);
  assert.strictEqual(client.timeout, 0);
  assert.throws(() => client.setTimeout('1'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => client.setTimeout(-1), { code: 'ERR_OUT_OF_RANGE' });
  client.destroy();
  server.close();
}

async function resets() {
  const server = net.createServer((socket) => socket.resetAndDestroy());
  const { port } = await listening(server, 0);
  const client = net.connect(port);
  const log = record(client);
  await closed(client);
  assert.deepStrictEqual(log.slice(-2), ['ECONNRESET', 'close true']);
  server.close();
  const never = new net.Socket();
  never.resetAndDestroy();
  const [error] = await once(never, 'error');
  assert.strictEqual(error.code, 'ERR_SOCKET_CLOSED');
}

async function again() {
  const server = net.createServer((socket) => socket.end('x'));
  const { port } = await listening(server, 0);
  const client = new net.Socket();
  for (let i = 0; i < 3; i++) {
    client.connect(port);
    client.resume();
    await once(client, 'close');
    assert.strictEqual(client.bytesRead, 1);
  }
  server.close();
  await closed(server);
  assert.throws(() => server.listen(0, () => {}) && server.listen(0), { code: 'ERR_SERVER_ALREADY_LISTEN' });
  await once(server, 'listening');
  await server[Symbol.asyncDispose]();
  const error = await new Promise((resolve) => { server.close(resolve); });
  assert.strictEqual(error.code, 'ERR_SERVER_NOT_RUNNING');
}

async function signals() {
  const controller = new AbortController();
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
  });
  const ended = closed(server);
  server.listen({ port: 0, signal: controller.signal });
  await once(server, 'listening');
  const { port } = server.address();
  const { signal } = controller;
  const client = net.connect({ port, signal });
  const failed = once(client, 'error');
  controller.abort(new Error('enough'));
  const [error] = await failed;
  assert.deepStrictEqual([error.name, error.code, error.cause.message], ['AbortError', 'ABORT_ERR', 'enough']);
  await ended;
}

async function unreferenced() {
  const server = net.createServer((socket) => socket.unref());
  const { port } = await listening(server, 0);
  server.unref();
  const client = net.connect(port);
  await once(client, 'connect');
  // None of the three keeps the process from ending.
  client.unref();
  process.exitCode = 0;
}

(async () => {
  for (const test of [conversation, halfOpen, afterTheEnd, drops, timeouts, resets, again, signals, unreferenced]) {
    await test();
  }
})();
process.exitCode = 1;
