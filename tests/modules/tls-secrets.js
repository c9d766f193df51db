// What `tls` knows of secrets: the log for Wireshark, keys that both sides have beforehand (PSK), and handshakes
// that begin again.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const tls = require('node:tls');
const { once } = require('node:events');
const { spawnSync } = require('node:child_process');
const { certify } = require('../../fixtures/certificates');

const { key, cert } = certify();

async function serve(options) {
  const server = tls.createServer({ key, cert, ...options });
  server.on('secureConnection', (socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function connect(server, options) {
  return tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'localhost', ca: cert, ...options,
  });
}

const closed = (socket) => new Promise((resolve) => socket.on('close', resolve));

async function keylog() {
  for (const [version, labels] of [
    ['TLSv1.2', ['CLIENT_RANDOM']],
    ['TLSv1.3', [
      'SERVER_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'EXPORTER_SECRET', 'SERVER_TRAFFIC_SECRET_0',
      'CLIENT_TRAFFIC_SECRET_0',
    ]],
  ]) {
    const server = await serve({ maxVersion: version });
    const lines = { client: [], server: [] };
    server.on('keylog', (line, socket) => {
      assert.ok(Buffer.isBuffer(line) && socket instanceof tls.TLSSocket);
      lines.server.push(`${line}`);
    });
    server.on('secureConnection', (socket) => socket.end());
    const client = connect(server);
    client.on('keylog', (line) => lines.client.push(`${line}`));
    await closed(client.resume());
    // Both sides tell the same.
    assert.deepStrictEqual(lines.client.sort(), lines.server.sort());
    assert.deepStrictEqual(lines.client.map((line) => line.split(' ')[0]), labels.sort());
    for (const line of lines.client) assert.match(line, /^\w+ [0-9a-f]{64} [0-9a-f]+\n$/);
    server.close();
  }
}

/** `--tls-keylog=file` has clients write the same lines. */
function keylogFile() {
  const file = path.resolve('keys.log');
  const program = `
    const tls = require('tls');
    const server = tls.createServer({ key: process.env.KEY, cert: process.env.CERT }, (socket) => socket.end());
    server.listen(0, () => {
      const client = tls.connect({ port: server.address().port, rejectUnauthorized: false });
      client.resume().on('close', () => server.close());
    });`;
  const { status } = spawnSync(process.execPath, [`--tls-keylog=${file}`, '-e', program], {
    env: { ...process.env, KEY: key, CERT: cert },
  });
  assert.strictEqual(status, 0);
  assert.match(fs.readFileSync(file, 'latin1'), /^CLIENT_TRAFFIC_SECRET_0 /m);
  fs.unlinkSync(file);
}

async function sharedKeys() {
  const psk = Buffer.from('d731ef57be09e5204f0b205b60627028', 'hex');
  const ciphers = 'PSK+HIGH:TLS_AES_128_GCM_SHA256';
  const pskCallback = (socket, identity) => (identity === 'me' ? psk : null);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const server = await serve({ key: undefined, cert: undefined, ciphers, maxVersion, pskCallback, pskIdentityHint: 'hint' });
    const hints = [];
    const options = {
      ciphers, ca: undefined, checkServerIdentity() {},
      pskCallback(hint) {
        hints.push(hint);
        return { psk, identity: 'me' };
      },
    };
    const client = connect(server, options);
    const [[socket]] = await Promise.all([once(server, 'secureConnection'), once(client, 'secureConnect')]);
    assert.deepStrictEqual([client.authorized, socket.authorized], [true, false]);
    // Only the versions before 1.3 have hints.
    assert.strictEqual(hints.at(-1), maxVersion === 'TLSv1.2' ? 'hint' : null);
    socket.end();
    await closed(client.resume());

    // An identity that the server does not know, and another key.
    for (const answer of [{ psk, identity: 'you' }, { psk: Buffer.alloc(16), identity: 'me' }]) {
      const failed = once(server, 'tlsClientError');
      const other = connect(server, { ...options, pskCallback: () => answer });
      const [error] = await once(other, 'error');
      assert.match(error.code, /^(?:ERR_SSL_|ECONNRESET)/);
      assert.match((await failed)[0].code, /^ERR_SSL_/);
    }
    server.close();
  }
  // A client without an answer has no key.
  const server = await serve({ ciphers, maxVersion: 'TLSv1.2', key: undefined, cert: undefined, pskCallback });
  const client = connect(server, { ciphers, checkServerIdentity() {}, pskCallback: () => null });
  server.on('tlsClientError', () => {});
  assert.match((await once(client, 'error'))[0].code, /^ERR_SSL_/);
  server.close();
  assert.throws(() => tls.createServer({ pskCallback: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => tls.createServer({ pskCallback() {}, pskIdentityHint: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
}

async function renegotiation() {
  const server = await serve({ maxVersion: 'TLSv1.2' });
  const client = connect(server);
  const [[socket]] = await Promise.all([once(server, 'secureConnection'), once(client, 'secureConnect')]);
  const before = client.getFinished();
  assert.strictEqual(client.renegotiate({}, (error) => assert.strictEqual(error, null)), true);
  await once(client, 'secure');
  assert.notDeepStrictEqual(client.getFinished(), before);
  assert.throws(() => client.renegotiate(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => client.renegotiate({}, 'x'), { code: 'ERR_INVALID_ARG_TYPE' });
  // Data goes on as before.
  client.end('still here');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => text += chunk);
  await closed(socket);
  assert.strictEqual(text, 'still here');
  server.close();
}

/** A client may begin again three times in ten minutes. */
async function limits() {
  const server = await serve({ maxVersion: 'TLSv1.2' });
  const [[socket], client] = await pair(server);
  const errors = [];
  socket.on('error', (error) => {
    errors.push([error.code, error.message]);
    // What is done about it is the program's choice.
    assert.strictEqual(socket.destroyed, false);
    socket.destroy();
  });
  let count = 0;
  const next = () => client.renegotiate({}, (error) => {
    if (error) return;
    count++;
    next();
  });
  client.on('error', () => {});
  next();
  await closed(client.resume());
  assert.deepStrictEqual(errors, [['ERR_TLS_SESSION_ATTACK', 'TLS session renegotiation attack detected']]);
  assert.strictEqual(count, tls.CLIENT_RENEG_LIMIT);
  server.close();
}

async function pair(server) {
  const client = connect(server);
  const [connected] = await Promise.all([once(server, 'secureConnection'), once(client, 'secureConnect')]);
  return [connected, client];
}

async function refusals() {
  // A side that does not want it.
  const server = await serve({ maxVersion: 'TLSv1.2' });
  const [[socket], client] = await pair(server);
  socket.disableRenegotiation();
  const errors = [];
  socket.on('error', (error) => {
    errors.push(error.code);
    socket.destroy();
  });
  client.on('error', () => {});
  client.renegotiate({}, () => {});
  await closed(client.resume());
  assert.deepStrictEqual(errors, ['ERR_TLS_RENEGOTIATION_DISABLED']);
  server.close();

  // TLS 1.3 has no such thing.
  const modern = await serve({});
  const [[other], last] = await pair(modern);
  const failed = new Promise((resolve) => last.renegotiate({}, resolve));
  const error = await failed;
  assert.strictEqual(error.code, 'ERR_SSL_WRONG_SSL_VERSION');
  other.end();
  last.destroy();
  modern.close();
}

(async () => {
  for (const test of [keylog, keylogFile, sharedKeys, renegotiation, limits, refusals]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
