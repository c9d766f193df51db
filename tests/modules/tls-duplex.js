// `tls` over what is no socket of its own: sockets that were in use before (STARTTLS), streams of JavaScript, and
// TLS within TLS.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const tls = require('node:tls');
const { once } = require('node:events');
const { Duplex, duplexPair, PassThrough } = require('node:stream');
const { certify } = require('../../fixtures/certificates');

const { key, cert } = certify();
const secureContext = tls.createSecureContext({ key, cert });
const client = { ca: cert, servername: 'localhost' };

async function text(stream) {
  let all = '';
  stream.setEncoding('utf8').on('data', (chunk) => all += chunk);
  await once(stream, 'end');
  return all;
}

/** Both sides of a connection over two streams, when they are secure. */
async function over(one, two, options) {
  const server = new tls.TLSSocket(one, { isServer: true, secureContext, ...options });
  const other = tls.connect({ socket: two, ...client });
  await Promise.all([once(server, 'secure'), once(other, 'secureConnect')]);
  return [server, other];
}

// Clear text first, on both sides, then both agree on TLS.
async function startTls() {
  const server = net.createServer((socket) => {
    socket.once('data', (command) => {
      assert.strictEqual(`${command}`, 'STARTTLS\n');
      socket.write('GO\n');
      const secure = new tls.TLSSocket(socket, { isServer: true, secureContext });
      secure.on('data', (chunk) => secure.end(`you said ${chunk}`));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.write('STARTTLS\n');
  assert.strictEqual(`${(await once(socket, 'data'))[0]}`, 'GO\n');
  const secure = tls.connect({ socket, ...client });
  await once(secure, 'secureConnect');
  assert.strictEqual(secure.authorized, true);
  assert.strictEqual(secure.remotePort, server.address().port);
  secure.write('hello');
  assert.strictEqual(await text(secure), 'you said hello');
  secure.end();
  await once(socket, 'close');
  server.close();
}

// What the plain socket has read too far belongs to TLS.
async function readTooFar() {
  const server = net.createServer(async (socket) => {
    await once(socket, 'readable');
    const chunk = socket.read();
    // The rest is put back, as whoever finds a line's end does.
    const end = chunk.indexOf('\n') + 1;
    socket.unshift(chunk.subarray(end));
    const secure = new tls.TLSSocket(socket, { isServer: true, secureContext });
    secure.end('welcome');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.cork();
  socket.write('PREAMBLE\n');
  const secure = tls.connect({ socket, ...client });
  process.nextTick(() => socket.uncork());
  assert.strictEqual(await text(secure), 'welcome');
  server.close();
}

// A socket that is not connected yet.
async function early() {
  const server = tls.createServer({ key, cert }, (socket) => socket.end('late'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new net.Socket();
  const secure = tls.connect({ socket, ...client });
  socket.connect(server.address().port, '127.0.0.1');
  assert.strictEqual(await text(secure), 'late');
  server.close();
}

async function streams() {
  const [server, other] = await over(...duplexPair());
  assert.strictEqual(other.getProtocol(), 'TLSv1.3');
  const big = 'x'.repeat(1 << 20);
  server.end(big);
  assert.strictEqual((await text(other)).length, big.length);
  other.end('bye');
  assert.strictEqual(await text(server), 'bye');
}

// Streams that bring bytes one by one, and late.
async function slowStreams() {
  const slow = () => {
    const [one, two] = [new PassThrough(), new PassThrough()];
    const side = (reads, writes) => new Duplex({
      read() {},
      write(chunk, encoding, callback) {
        for (const byte of chunk) writes.write(Buffer.of(byte));
        setImmediate(callback);
      },
      final(callback) {
        writes.end();
        callback();
      },
      construct(callback) {
        reads.on('data', (chunk) => this.push(chunk));
        reads.on('end', () => this.push(null));
        callback();
      },
    });
    return [side(one, two), side(two, one)];
  };
  const [server, other] = await over(...slow());
  other.end('byte by byte');
  assert.strictEqual(await text(server), 'byte by byte');
}

// TLS within TLS within TCP.
async function nested() {
  const outer = tls.createServer({ key, cert }, (socket) => {
    const inner = new tls.TLSSocket(socket, { isServer: true, secureContext });
    inner.on('data', (chunk) => inner.end(`inner ${chunk}`));
  });
  outer.listen(0, '127.0.0.1');
  await once(outer, 'listening');
  const first = tls.connect({ host: '127.0.0.1', port: outer.address().port, ...client });
  await once(first, 'secureConnect');
  // Who has listened before does not hear what belongs to the second connection.
  first.on('data', () => assert.fail('ciphertext'));
  const second = tls.connect({ socket: first, ...client });
  second.write('words');
  assert.strictEqual(await text(second), 'inner words');
  assert.strictEqual(second.encrypted, true);
  second.end();
  await once(first, 'close');
  outer.close();
}

// The end and the death of what is below.
async function ends() {
  const [one, two] = duplexPair();
  const [server, other] = await over(one, two);
  other.resume();
  one.destroy();
  await once(server, 'close');
  assert.strictEqual(server.destroyed, true);
  other.destroy();
  await once(other, 'close');
  assert.strictEqual(two.destroyed, true);

  // An end in the middle of the handshake.
  const [three, four] = duplexPair();
  const failed = once(tls.connect({ socket: three, ...client }), 'error');
  four.resume().end();
  const [error] = await failed;
  assert.strictEqual(error.code, 'ECONNRESET');
  assert.strictEqual(error.message, 'Client network socket disconnected before secure TLS connection was established');
}

// What is spoilt on the way: one side sees it, the other hears of it.
async function spoilt() {
  const [one, two] = duplexPair();
  const [server, other] = await over(one, two);
  const seen = once(server, '_tlsError');
  const failed = once(other, 'error');
  two.write('this is no record');
  assert.strictEqual((await seen)[0].code, 'ERR_SSL_BAD_RECORD_TYPE');
  assert.strictEqual((await failed)[0].code, 'ERR_SSL_SSL/TLS_ALERT_UNEXPECTED_MESSAGE');
  other.destroy();
  server.destroy();
}

(async () => {
  for (const test of [startTls, readTooFar, early, streams, slowStreams, nested, ends, spoilt]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
