// Peers of `tls` servers that do not speak TLS, speak it badly, or vanish: Node's errors, in Node's order, and a
// server that lives and keeps nothing.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const { once } = require('node:events');
const { certify } = require('../../fixtures/certificates');

const { key, cert } = certify();
const client = { host: '127.0.0.1', ca: cert, servername: 'localhost' };

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** What a client says first. */
async function greeting() {
  const server = await listen(net.createServer());
  const hello = once(server, 'connection').then(async ([socket]) => {
    const [chunk] = await once(socket, 'data');
    socket.destroy();
    return chunk;
  });
  tls.connect({ ...client, port: server.address().port }).on('error', () => server.close());
  return hello;
}

const closed = (socket) => new Promise((resolve) => (socket.closed ? resolve() : socket.on('close', resolve)));

/** Lets a peer misbehave; gives the error, the events of the server's side in order, and what the peer was sent. */
async function suffer(misbehave, options) {
  const server = await listen(tls.createServer({ key, cert, ...options }));
  const events = [];
  let error;
  let sides;
  server.on('connection', (raw) => {
    events.push('connection');
    sides = [closed(raw)];
    raw.on('close', () => events.push('raw close'));
  });
  server.on('secureConnection', () => events.push('secureConnection'));
  const failed = new Promise((resolve) => server.on('tlsClientError', (it, socket) => {
    events.push('tlsClientError');
    assert.ok(socket instanceof tls.TLSSocket);
    error = it;
    if (!socket.destroyed) socket.destroy();
    sides.push(closed(socket));
    resolve();
  }));
  const peer = net.connect(server.address().port, '127.0.0.1');
  const sent = [];
  peer.on('data', (chunk) => sent.push(chunk));
  peer.on('error', () => {});
  await once(peer, 'connect');
  misbehave(peer);
  await failed;
  await Promise.all(sides);
  await closed(peer);
  server.close();
  await once(server, 'close');
  return { error, events, sent: Buffer.concat(sent) };
}

const SSL_FIRST = ['connection', 'tlsClientError', 'raw close'];
const SOCKET_FIRST = ['connection', 'raw close', 'tlsClientError'];

async function wrongWords() {
  const hello = await greeting();
  const old = Buffer.from(hello);
  old[1] = 2;
  const record = (kind, length, ...bytes) => Buffer.from([kind, 3, 1, length >> 8, length & 0xff, ...bytes]);
  for (const [what, code, reason, alert] of [
    ['x'.repeat(200), 'ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number', ''],
    ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'ERR_SSL_HTTP_REQUEST', 'http request', ''],
    ['CONNECT x:1 HTTP/1.1\r\n\r\n', 'ERR_SSL_HTTPS_PROXY_REQUEST', 'https proxy request', ''],
    [old, 'ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number', ''],
    [Buffer.concat([record(0x16, 0xffff), Buffer.alloc(0xffff)]), 'ERR_SSL_DATA_LENGTH_TOO_LONG',
      'data length too long', '15030300020216'],
    [record(0x15, 2, 2, 80), 'ERR_SSL_UNEXPECTED_MESSAGE', 'unexpected message', '1503010002020a'],
    [record(0x17, 2, 2, 80), 'ERR_SSL_UNEXPECTED_MESSAGE', 'unexpected message', '1503010002020a'],
    [Buffer.concat([hello, Buffer.alloc(100, 'y')]), 'ERR_SSL_BAD_RECORD_TYPE', 'bad record type', undefined],
  ]) {
    const { error, events, sent } = await suffer((peer) => peer.write(what));
    assert.deepStrictEqual([error.code, error.library, error.reason], [code, 'SSL routines', reason]);
    assert.deepStrictEqual(Object.keys(error).sort(), ['code', 'library', 'reason']);
    assert.match(error.message, new RegExp(`^[0-9A-F]+:error:[0-9A-F]{8}:SSL routines:\\w+:${reason}:[^\\n]+:\\d+:\\n`));
    assert.deepStrictEqual(events, SSL_FIRST);
    if (alert !== undefined && !what.includes('\0\0\0')) assert.strictEqual(sent.toString('hex'), alert);
  }
}

async function vanished() {
  const hello = await greeting();
  const hangUp = ['ECONNRESET', 'socket hang up', undefined];
  for (const misbehave of [
    (peer) => peer.end(),
    (peer) => peer.end(hello.subarray(0, 50)),
    (peer) => {
      peer.write(hello);
      peer.once('data', () => peer.end());
    },
  ]) {
    const { error, events } = await suffer(misbehave);
    assert.deepStrictEqual([error.code, error.message, error.syscall], hangUp);
    assert.deepStrictEqual(events, SOCKET_FIRST);
  }
  const reset = ['ECONNRESET', 'read ECONNRESET', 'read'];
  for (const misbehave of [
    (peer) => peer.resetAndDestroy(),
    (peer) => {
      peer.write(hello);
      peer.once('data', () => peer.resetAndDestroy());
    },
  ]) {
    const { error, events } = await suffer(misbehave);
    assert.deepStrictEqual([error.code, error.message, error.syscall], reset);
    assert.strictEqual(error.errno, -104);
    assert.deepStrictEqual(events, SSL_FIRST);
  }
}

async function silent() {
  const hello = await greeting();
  for (const words of ['', hello.subarray(0, 20), hello]) {
    const { error, events } = await suffer((peer) => peer.write(words), { handshakeTimeout: 50 });
    assert.deepStrictEqual([error.code, error.message], ['ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS handshake timeout']);
    assert.deepStrictEqual(events, SSL_FIRST);
  }
  assert.throws(() => tls.createServer({ handshakeTimeout: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Whoever misbehaved can be named. */
async function addresses() {
  const server = await listen(tls.createServer({ key, cert }));
  let address;
  // Only as long as its listeners run.
  server.on('tlsClientError', (error, socket) => address = [socket.remoteAddress, socket.remotePort]);
  const peer = net.connect(server.address().port, '127.0.0.1');
  peer.on('error', () => {});
  peer.write('x'.repeat(20));
  await once(peer, 'connect');
  const { localPort } = peer;
  await closed(peer.resume());
  assert.deepStrictEqual(address, ['127.0.0.1', localPort]);
  server.close();
}

/** A client whose server does not speak TLS, or vanishes. */
async function badServers() {
  for (const [answer, code, message] of [
    [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'ERR_SSL_WRONG_VERSION_NUMBER', /wrong version number/],
    [(socket) => socket.end('220 mail.test ESMTP\r\n'), 'ERR_SSL_WRONG_VERSION_NUMBER', /wrong version number/],
    [(socket) => socket.end(), 'ECONNRESET', /^Client network socket disconnected before secure TLS connection was established$/],
    [(socket) => socket.resetAndDestroy(), 'ECONNRESET', /^read ECONNRESET$/],
    [(socket) => socket.end(Buffer.from('15030300020228', 'hex')), 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /alert number 40/],
  ]) {
    const server = await listen(net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answer(socket));
    }));
    const socket = tls.connect({ ...client, port: server.address().port });
    const [error] = await once(socket, 'error');
    assert.strictEqual(error.code, code);
    assert.match(error.message, message);
    await closed(socket);
    server.close();
  }
}

/** What was written before a handshake that fails: told to who waits for it, with the reason. */
async function waitingWrites() {
  const plain = await listen(net.createServer((socket) => socket.once('data', () => socket.end('no TLS at all'))));
  const told = [];
  const socket = tls.connect({ ...client, port: plain.address().port });
  socket.write('words', (error) => told.push(['callback', error.code, error.message.slice(0, 13)]));
  socket.on('error', (error) => told.push(['error', error.code, error.errno, error.syscall]));
  await closed(socket);
  assert.deepStrictEqual(told, [['callback', 'EPROTO', 'write EPROTO '], ['error', 'EPROTO', -71, 'write']]);
  plain.close();

  const silent = await listen(net.createServer((it) => it.once('data', () => it.end())));
  const other = tls.connect({ ...client, port: silent.address().port });
  const events = [];
  other.write('words', (error) => events.push(error.message));
  other.on('error', (error) => events.push(error.code));
  await closed(other);
  assert.deepStrictEqual(events, ['ECONNRESET', 'write ECANCELED Canceled because of SSL destruction']);
  silent.close();
}

/** Many of all kinds at once, and the server still answers; what they had is given back. */
async function many() {
  const hello = await greeting();
  const server = await listen(tls.createServer({ key, cert }, (socket) => socket.end('alive')));
  let failures = 0;
  server.on('tlsClientError', () => failures++);
  const { port } = server.address();
  const kinds = [
    (peer) => peer.write('x'.repeat(100)),
    (peer) => peer.end(),
    (peer) => peer.end(hello.subarray(0, 100)),
    (peer) => peer.resetAndDestroy(),
    (peer) => peer.write(Buffer.concat([hello, Buffer.alloc(50, 1)])),
  ];
  const misbehave = async (index) => {
    const peer = net.connect(port, '127.0.0.1');
    peer.on('error', () => {});
    peer.resume();
    await once(peer, 'connect');
    kinds[index % kinds.length](peer);
    await closed(peer);
  };
  const descriptors = () => fs.readdirSync('/proc/self/fd').length;
  const before = descriptors();
  const total = 300;
  for (let i = 0; i < total; i += 30) await Promise.all(Array.from({ length: 30 }, (_, j) => misbehave(i + j)));
  const socket = tls.connect({ ...client, port });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => text += chunk);
  await closed(socket);
  assert.strictEqual(text, 'alive');
  server.close();
  await once(server, 'close');
  assert.strictEqual(failures, total);
  assert.ok(descriptors() <= before, `${descriptors()} descriptors, and ${before} before`);
}

(async () => {
  for (const test of [wrongWords, vanished, silent, addresses, badServers, waitingWrites, many]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
