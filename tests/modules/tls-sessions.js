// Sessions of `tls`: resumed by ids and by tickets, kept by the program or by nobody, for servers that share keys.
'use strict';

const assert = require('node:assert');
const tls = require('node:tls');
const { once } = require('node:events');
const { certify } = require('../../fixtures/certificates');

// OpenSSL's option for a server without tickets.
const { SSL_OP_NO_TICKET } = require('node:constants');
const { key, cert } = certify();

async function serve(options, set) {
  const server = tls.createServer({ key, cert, ...options });
  set?.(server);
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    socket.end('x');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Connects once; gives the sessions that came and whether an old one was resumed. */
async function connect(server, session, options) {
  const client = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'localhost', ca: cert, session, ...options,
  });
  const sessions = [];
  client.on('session', (it) => sessions.push(it));
  await once(client, 'secureConnect');
  const own = client.getSession();
  const ticket = client.getTLSTicket();
  const resumed = client.isSessionReused();
  assert.strictEqual(client.authorized, true);
  client.resume();
  await once(client, 'close');
  return { sessions, own, ticket, resumed };
}

async function tickets(version) {
  const server = await serve({ minVersion: version, maxVersion: version });
  const first = await connect(server);
  assert.strictEqual(first.resumed, false);
  // TLS 1.3 sends two, after the handshake; those before, one within it.
  assert.strictEqual(first.sessions.length, version === 'TLSv1.3' ? 2 : 1);
  for (const session of first.sessions) assert.ok(Buffer.isBuffer(session));
  if (version === 'TLSv1.2') {
    assert.deepStrictEqual(first.own, first.sessions[0]);
    assert.ok(Buffer.isBuffer(first.ticket));
  }
  const second = await connect(server, first.sessions.at(-1));
  assert.strictEqual(second.resumed, true);
  // Strings of Latin-1 do as well.
  assert.strictEqual((await connect(server, first.sessions.at(-1).toString('latin1'))).resumed, true);
  // What is no session is passed over.
  assert.strictEqual((await connect(server, Buffer.from('no session'))).resumed, false);
  server.close();
}

async function keysOfTickets() {
  const ticketKeys = Buffer.alloc(48, 'keys');
  const one = await serve({ ticketKeys });
  const two = await serve({ ticketKeys });
  const other = await serve({});
  assert.deepStrictEqual(one.getTicketKeys(), ticketKeys);
  assert.strictEqual(other.getTicketKeys().length, 48);
  const { sessions: [, session] } = await connect(one);
  assert.strictEqual((await connect(two, session)).resumed, true);
  assert.strictEqual((await connect(other, session)).resumed, false);
  // Keys can be changed while the server runs.
  other.setTicketKeys(ticketKeys);
  assert.strictEqual((await connect(other, session)).resumed, true);
  two.setTicketKeys(Buffer.alloc(48, 'new'));
  assert.strictEqual((await connect(two, session)).resumed, false);
  // A new context keeps the keys that it is given.
  two.setSecureContext({ key, cert, ticketKeys });
  assert.strictEqual((await connect(two, session)).resumed, true);
  assert.throws(() => one.setTicketKeys('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => one.setTicketKeys(Buffer.alloc(47)), { code: 'ERR_INTERNAL_ASSERTION' });
  assert.throws(() => tls.createServer({ ticketKeys: Buffer.alloc(47) }), { code: 'ERR_INVALID_ARG_VALUE' });
  for (const server of [one, two, other]) server.close();
}

// Without tickets the program keeps the sessions, if it likes, at its leisure.
async function keptSessions() {
  const kept = new Map();
  const asked = [];
  const server = await serve({ secureOptions: SSL_OP_NO_TICKET, maxVersion: 'TLSv1.2' }, (it) => {
    it.on('newSession', (id, data, done) => {
      assert.ok(Buffer.isBuffer(id) && Buffer.isBuffer(data));
      setImmediate(() => {
        kept.set(id.toString('hex'), data);
        done();
      });
    });
    it.on('resumeSession', (id, done) => {
      asked.push(id.toString('hex'));
      setImmediate(() => done(null, kept.get(id.toString('hex')) ?? null));
    });
  });
  const first = await connect(server);
  assert.strictEqual(kept.size, 1);
  assert.strictEqual(first.ticket, undefined);
  assert.strictEqual((await connect(server, first.own)).resumed, true);
  // A client without a session makes an id up.
  assert.deepStrictEqual(asked.slice(1), [...kept.keys()]);
  kept.clear();
  assert.strictEqual((await connect(server, first.own)).resumed, false);
  server.close();

  // A store that fails is the end of the connection.
  const broken = await serve({ secureOptions: SSL_OP_NO_TICKET, maxVersion: 'TLSv1.2' }, (it) => {
    it.on('resumeSession', (id, done) => done(new Error('the store is broken')));
  });
  const failed = once(broken, 'tlsClientError');
  const client = tls.connect({ host: '127.0.0.1', port: broken.address().port, session: first.own, ca: cert, servername: 'localhost' });
  assert.strictEqual((await once(client, 'error'))[0].code, 'ECONNRESET');
  assert.strictEqual((await failed)[0].message, 'the store is broken');
  broken.close();

  // Nobody keeps them.
  const forgetful = await serve({ secureOptions: SSL_OP_NO_TICKET, maxVersion: 'TLSv1.2' });
  assert.strictEqual((await connect(forgetful, (await connect(forgetful)).own)).resumed, false);
  forgetful.close();
}

// Sessions belong to a server's context of sessions, and are not for ever.
async function limits() {
  const ticketKeys = Buffer.alloc(48, 'keys');
  const one = await serve({ ticketKeys, sessionIdContext: 'one' });
  const { sessions: [, session] } = await connect(one);
  const two = await serve({ ticketKeys, sessionIdContext: 'two' });
  const client = { requestCert: true, rejectUnauthorized: false };
  assert.strictEqual((await connect(one, session, client)).resumed, true);
  assert.strictEqual((await connect(two, session, client)).resumed, false);
  one.close();
  two.close();
  assert.throws(() => tls.createSecureContext({ sessionTimeout: -1 }), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => tls.createSecureContext({ sessionIdContext: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(
    () => tls.createSecureContext({ sessionIdContext: 'x'.repeat(33) }), /ssl session id context too long/);
}

(async () => {
  await tickets('TLSv1.2');
  await tickets('TLSv1.3');
  for (const test of [keysOfTickets, keptSessions, limits]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
