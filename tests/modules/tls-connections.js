// Connections of `tls`: what both sides see of them, data in both directions, and their ends.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const tls = require('node:tls');
const { once } = require('node:events');
const { certify } = require('../../fixtures/certificates');

const authority = certify({ subject: { O: 'Tests', CN: 'authority' }, authority: true });
const { key, cert } = certify({ issuer: authority });

/** A server and a client that are connected. */
async function connect(serverOptions = {}, clientOptions = {}) {
  const server = tls.createServer({ key, cert, ...serverOptions });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'localhost', ca: authority.cert, ...clientOptions,
  });
  const [[socket]] = await Promise.all([once(server, 'secureConnection'), once(client, 'secureConnect')]);
  return { server, client, socket };
}

async function close({ server, client, socket }) {
  client.end();
  socket.end();
  client.resume();
  socket.resume();
  await Promise.all([client, socket].map((side) => side.closed || once(side, 'close')));
  server.close();
  await once(server, 'close');
}

async function facts() {
  const pair = await connect();
  const { client, socket } = pair;
  for (const side of [client, socket]) {
    assert.ok(side instanceof tls.TLSSocket && side instanceof net.Socket);
    assert.strictEqual(side.encrypted, true);
    assert.strictEqual(side.getProtocol(), 'TLSv1.3');
    assert.deepStrictEqual(
      side.getCipher(),
      { name: 'TLS_AES_256_GCM_SHA384', standardName: 'TLS_AES_256_GCM_SHA384', version: 'TLSv1.3' });
    assert.strictEqual(side.isSessionReused(), false);
    assert.strictEqual(side.alpnProtocol, false);
    assert.strictEqual(side.remoteAddress, '127.0.0.1');
  }
  assert.deepStrictEqual([client.authorized, client.authorizationError], [true, null]);
  assert.deepStrictEqual([socket.authorized, socket.authorizationError], [false, null]);
  assert.strictEqual(socket.servername, 'localhost');
  assert.strictEqual(client.servername, 'localhost');
  assert.strictEqual(socket.getEphemeralKeyInfo(), null);
  assert.deepStrictEqual(Object.keys(client.getEphemeralKeyInfo()).slice(0, 1), ['type']);
  assert.ok(socket.getSharedSigalgs().includes('ECDSA+SHA256'));

  // Each side's last message of the handshake is what the other has read.
  assert.deepStrictEqual(client.getFinished(), socket.getPeerFinished());
  assert.deepStrictEqual(socket.getFinished(), client.getPeerFinished());
  const secret = (side, ...rest) => side.exportKeyingMaterial(40, 'EXPERIMENTAL test', ...rest).toString('hex');
  assert.strictEqual(secret(client), secret(socket));
  assert.strictEqual(secret(client, Buffer.from('context')), secret(socket, Buffer.from('context')));
  assert.notStrictEqual(secret(client), secret(client, Buffer.from('context')));
  assert.throws(() => client.exportKeyingMaterial(-1, 'x'), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => client.exportKeyingMaterial(1, 1), { code: 'ERR_INVALID_ARG_TYPE' });

  assert.deepStrictEqual(client.getCertificate(), {});
  assert.strictEqual(socket.getCertificate().subject.CN, 'localhost');
  assert.deepStrictEqual(socket.getPeerCertificate(), {});
  assert.strictEqual(socket.getPeerX509Certificate(), undefined);
  assert.strictEqual(client.getPeerX509Certificate().subject, 'CN=localhost');
  await close(pair);
  assert.strictEqual(client.getProtocol(), null);
  assert.strictEqual(client.getCipher(), null);
  assert.strictEqual(client.getSession(), null);
  assert.strictEqual(client.getFinished(), null);
}

// What is sent is what arrives: of all sizes, and more than any buffer holds.
async function data() {
  const pair = await connect();
  const { client, socket } = pair;
  socket.pipe(socket);
  const parts = [];
  for (const size of [0, 1, 100, 16383, 16384, 16385, 70000, 1 << 20, 5 << 20]) {
    parts.push(Buffer.alloc(size, `${size}, `));
  }
  const sent = Buffer.concat(parts);
  const received = [];
  let length = 0;
  client.on('data', (chunk) => {
    received.push(chunk);
    length += chunk.length;
    if (length === sent.length) client.end();
  });
  for (const part of parts) client.write(part);
  await once(client, 'close');
  assert.ok(Buffer.concat(received).equals(sent));
  assert.strictEqual(client.bytesRead, sent.length);
  assert.strictEqual(client.bytesWritten, sent.length);
  pair.server.close();
}

async function strings() {
  const pair = await connect();
  const { client, socket } = pair;
  client.cork();
  client.write('é', 'latin1');
  client.write('é');
  client.write('6869', 'hex');
  client.write('hé', 'utf16le');
  client.write(new Uint8Array([1, 2]));
  client.uncork();
  client.end();
  const chunks = [];
  for await (const chunk of socket) chunks.push(chunk);
  assert.strictEqual(Buffer.concat(chunks).toString('hex'), 'e9c3a9686968 00e900 0102'.replaceAll(' ', ''));
  await close(pair);
}

// Callbacks of writes come in order, also of those before the handshake.
async function earlyWrites() {
  const server = tls.createServer({ key, cert }, (socket) => socket.pipe(socket));
  server.listen(0);
  await once(server, 'listening');
  const order = [];
  const client = tls.connect({ port: server.address().port, servername: 'localhost', ca: authority.cert });
  client.write('one', () => order.push('one'));
  client.write('two', () => order.push('two'));
  client.on('secureConnect', () => order.push('secureConnect'));
  client.end('three', () => order.push('three'));
  let text = '';
  client.setEncoding('utf8').on('data', (chunk) => text += chunk);
  await once(client, 'close');
  assert.strictEqual(text, 'onetwothree');
  assert.deepStrictEqual(order.filter((name) => name !== 'secureConnect'), ['one', 'two', 'three']);
  server.close();
}

async function versions() {
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const pair = await connect({ minVersion: version, maxVersion: version });
    assert.strictEqual(pair.client.getProtocol(), version);
    if (version === 'TLSv1.2') {
      assert.strictEqual(pair.client.getCipher().name, 'ECDHE-ECDSA-AES128-GCM-SHA256');
      assert.strictEqual(pair.client.getCipher().standardName, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    }
    await close(pair);
  }
  // Sides without a version in common.
  const server = tls.createServer({ key, cert, maxVersion: 'TLSv1.2' });
  server.listen(0);
  await once(server, 'listening');
  const failed = once(server, 'tlsClientError');
  const client = tls.connect({ port: server.address().port, minVersion: 'TLSv1.3' });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  assert.strictEqual(error.library, 'SSL routines');
  assert.strictEqual(error.reason, 'tlsv1 alert protocol version');
  assert.strictEqual((await failed)[0].code, 'ERR_SSL_UNSUPPORTED_PROTOCOL');
  server.close();
}

async function ciphers() {
  const pair = await connect({ ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305', maxVersion: 'TLSv1.2' });
  assert.strictEqual(pair.socket.getCipher().name, 'ECDHE-ECDSA-CHACHA20-POLY1305');
  await close(pair);
  const suites = await connect({ ciphers: 'TLS_CHACHA20_POLY1305_SHA256' });
  assert.strictEqual(suites.socket.getCipher().name, 'TLS_CHACHA20_POLY1305_SHA256');
  await close(suites);

  const curves = await connect({ ecdhCurve: 'P-384' });
  assert.deepStrictEqual(curves.client.getEphemeralKeyInfo(), { type: 'ECDH', name: 'secp384r1', size: 384 });
  await close(curves);
  assert.throws(() => tls.createSecureContext({ ciphers: 'none-of-these' }), { code: 'ERR_SSL_NO_CIPHER_MATCH' });
  assert.throws(() => tls.createSecureContext({ ecdhCurve: 'none' }), {
    code: 'ERR_CRYPTO_OPERATION_FAILED', message: 'Failed to set ECDH curve',
  });
}

// One side's end is the other's, unless the other may keep its half open.
async function ends() {
  const pair = await connect({ allowHalfOpen: true });
  const { client, socket } = pair;
  client.end('question');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => text += chunk);
  await once(socket, 'end');
  assert.strictEqual(text, 'question');
  assert.strictEqual(socket.writable, true);
  socket.end('answer');
  assert.strictEqual((await client.setEncoding('utf8').toArray()).join(''), 'answer');
  pair.server.close();

  // A destroyed side is the end of the other, too.
  const other = await connect();
  other.socket.resume();
  other.client.destroy();
  await once(other.socket, 'close');
  assert.strictEqual(other.client.destroyed, true);
  other.server.close();
}

async function fragments() {
  const pair = await connect();
  assert.strictEqual(pair.client.setMaxSendFragment(512), true);
  assert.throws(() => pair.client.setMaxSendFragment('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(pair.client.setMaxSendFragment(511), false);
  assert.strictEqual(pair.client.setMaxSendFragment(16385), false);
  pair.client.end(Buffer.alloc(5000, 'x'));
  let longest = 0;
  for await (const chunk of pair.socket) longest = Math.max(longest, chunk.length);
  assert.strictEqual(longest, 512);
  await close(pair);
}

// A socket that is given a signal dies by it.
async function signals() {
  const server = tls.createServer({ key, cert });
  server.listen(0);
  await once(server, 'listening');
  const controller = new AbortController();
  const client = tls.connect({ port: server.address().port, ca: authority.cert, signal: controller.signal });
  const failed = once(client, 'error');
  controller.abort();
  assert.strictEqual((await failed)[0].code, 'ABORT_ERR');
  server.close();
}

(async () => {
  for (const test of [facts, data, strings, earlyWrites, versions, ciphers, ends, fragments, signals]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
