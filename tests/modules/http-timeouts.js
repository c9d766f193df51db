// How long connections of a server live, and what ends them.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');

const KEEP = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

async function listen(options, handler) {
  const server = http.createServer(options, handler ?? ((req, res) => res.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function open(server, text) {
  const socket = net.connect(server.address().port, '127.0.0.1', () => socket.write(text));
  socket.text = '';
  socket.on('data', (data) => { socket.text += data; });
  socket.on('error', () => {});
  return socket;
}

async function close(server) {
  server.close();
  await once(server, 'close');
}

/** A connection without request is ended, and a request ends its waiting. */
async function testKeepAlive() {
  const server = await listen({ keepAliveTimeout: 60, keepAliveTimeoutBuffer: 10 });
  const socket = open(server, KEEP);
  await once(socket, 'data');
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.strictEqual(socket.readyState, 'open');
    socket.write(KEEP);
    await once(socket, 'data');
  }
  const before = Date.now();
  await once(socket, 'close');
  assert.ok(Date.now() - before >= 50);
  assert.strictEqual(socket.text.match(/HTTP\/1\.1 200 OK/g).length, 4);
  assert.match(socket.text, /Keep-Alive: timeout=0\r\n/);
  await close(server);
}

/** A response that takes longer than an idle connection lives. */
async function testSlowAnswer() {
  const server = await listen({ keepAliveTimeout: 20, keepAliveTimeoutBuffer: 0 }, (req, res) => {
    setTimeout(() => res.end('slow'), 80);
  });
  const socket = open(server, KEEP);
  await once(socket, 'data');
  socket.write(KEEP);
  await once(socket, 'close');
  assert.strictEqual(socket.text.match(/slow/g).length, 2);
  await close(server);
}

async function testServerTimeout() {
  const server = await listen({}, () => {});
  let idle = 0;
  server.setTimeout(30);
  server.on('timeout', (socket) => {
    idle++;
    socket.destroy();
  });
  await once(open(server, KEEP), 'close');
  assert.strictEqual(idle, 1);
  server.removeAllListeners('timeout');
  await once(open(server, 'GET / HT'), 'close');
  await close(server);
}

/** Headers and bodies that do not come. */
async function testRequestTimeouts() {
  const late = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
  const server = await listen({ headersTimeout: 40, requestTimeout: 80, connectionsCheckingInterval: 10 }, (req) => {
    req.on('error', () => {});
  });
  for (const text of ['', 'GET / HTTP/1.1\r\nHos', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na']) {
    const socket = open(server, text);
    await once(socket, 'close');
    assert.strictEqual(socket.text, late);
  }
  await close(server);
}

async function testClosing() {
  let begun;
  const isBusy = new Promise((resolve) => { begun = resolve; });
  const server = await listen({}, (req, res) => {
    if (req.url === '/') res.end();
    else begun();
  });
  const idle = open(server, KEEP);
  const busy = open(server, KEEP.replace('/', '/busy'));
  await Promise.all([once(idle, 'data'), isBusy]);
  server.closeIdleConnections();
  await once(idle, 'close');
  assert.strictEqual(busy.readyState, 'open');
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await Promise.all([once(busy, 'close'), closed]);
}

async function testDisposing() {
  const server = await listen({});
  const idle = open(server, KEEP);
  await once(idle, 'data');
  await server[Symbol.asyncDispose]();
  assert.strictEqual(server.listening, false);
  await assert.rejects(server[Symbol.asyncDispose](), { code: 'ERR_SERVER_NOT_RUNNING' });
}

(async () => {
  await testKeepAlive();
  await testSlowAnswer();
  await testServerTimeout();
  await testRequestTimeouts();
  await testClosing();
  await testDisposing();
})();
