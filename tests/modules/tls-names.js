// Names in `tls`: the one that a client asks for (SNI), the protocol that both agree on (ALPN), and whether a
// certificate is for the name that was meant.
'use strict';

const assert = require('node:assert');
const tls = require('node:tls');
const { once } = require('node:events');
const { certify } = require('../../fixtures/certificates');

const authority = certify({ subject: 'authority', authority: true });
const make = (name) => certify({ subject: name, names: [`DNS:${name}`], issuer: authority });
const certificates = { a: make('a.test'), b: make('b.test'), c: make('x.c.test'), own: make('own.test') };
const { key, cert } = certificates.own;

async function serve(options, set) {
  const server = tls.createServer({ key, cert, ...options });
  set?.(server);
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    socket.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Asks for a name; gives the names that server and certificate have. */
async function ask(server, servername, options) {
  const seen = once(server, 'secureConnection');
  const client = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername, ca: authority.cert, ...options,
  });
  await once(client, 'secureConnect');
  const { subject } = client.getPeerCertificate();
  const [socket] = await seen;
  client.resume();
  await once(client, 'close');
  return [socket.servername, subject.CN, client.alpnProtocol, socket.alpnProtocol];
}

/** What becomes of a connection that fails: the errors of both sides. */
async function fail(server, options) {
  const seen = once(server, 'tlsClientError');
  const client = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'a.test', ca: authority.cert, ...options,
  });
  const [error] = await once(client, 'error');
  const [other] = await seen;
  return [error.code, other.code];
}

async function contexts() {
  const server = await serve({}, (it) => {
    it.addContext('a.test', certificates.a);
    it.addContext('b.test', tls.createSecureContext(certificates.b));
    it.addContext('*.c.test', certificates.c);
  });
  assert.deepStrictEqual((await ask(server, 'a.test')).slice(0, 2), ['a.test', 'a.test']);
  assert.deepStrictEqual((await ask(server, 'b.test')).slice(0, 2), ['b.test', 'b.test']);
  assert.deepStrictEqual((await ask(server, 'x.c.test')).slice(0, 2), ['x.c.test', 'x.c.test']);
  assert.deepStrictEqual((await ask(server, 'own.test')).slice(0, 2), ['own.test', 'own.test']);
  // A star stands for one label.
  const checkServerIdentity = () => {};
  assert.deepStrictEqual((await ask(server, 'y.x.c.test', { checkServerIdentity })).slice(0, 2), ['y.x.c.test', 'own.test']);
  // The last that fits counts.
  server.addContext('a.test', certificates.b);
  assert.deepStrictEqual((await ask(server, 'a.test', { checkServerIdentity })).slice(0, 2), ['a.test', 'b.test']);
  assert.throws(() => server.addContext('', {}), { code: 'ERR_TLS_REQUIRED_SERVER_NAME' });
  server.close();
}

async function callbacks() {
  const server = await serve({
    SNICallback(name, done) {
      if (name === 'a.test') done(null, tls.createSecureContext(certificates.a));
      else if (name === 'b.test') setImmediate(done, null, tls.createSecureContext(certificates.b));
      else if (name === 'invalid.test') done(null, { context: {} });
      else if (name === 'fails.test') done(new Error('no such name'));
      else done();
    },
  });
  assert.deepStrictEqual((await ask(server, 'a.test')).slice(0, 2), ['a.test', 'a.test']);
  assert.deepStrictEqual((await ask(server, 'b.test')).slice(0, 2), ['b.test', 'b.test']);
  assert.deepStrictEqual((await ask(server, 'own.test')).slice(0, 2), ['own.test', 'own.test']);
  for (const [servername, message] of [['invalid.test', 'Invalid SNI context'], ['fails.test', 'no such name']]) {
    const failed = once(server, 'tlsClientError');
    const client = tls.connect({ host: '127.0.0.1', port: server.address().port, servername });
    assert.strictEqual((await once(client, 'error'))[0].code, 'ECONNRESET');
    assert.strictEqual((await failed)[0].message, message);
  }
  server.close();
  assert.throws(() => new tls.TLSSocket(null, { isServer: true, SNICallback: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
}

// The context of a server may be another from some connection on.
async function newContexts() {
  const server = await serve({});
  assert.strictEqual((await ask(server, 'own.test'))[1], 'own.test');
  server.setSecureContext(certificates.a);
  assert.strictEqual((await ask(server, 'a.test'))[1], 'a.test');
  assert.throws(() => server.setSecureContext(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => server.setSecureContext({ key: 'x' }));
  assert.strictEqual((await ask(server, 'a.test'))[1], 'a.test');
  server.close();
}

async function protocols() {
  const server = await serve({ ALPNProtocols: ['x', 'y'] });
  const agreed = async (ALPNProtocols) => (await ask(server, 'own.test', { ALPNProtocols })).slice(2);
  assert.deepStrictEqual(await agreed(['y', 'x']), ['x', 'x']);
  assert.deepStrictEqual(await agreed(['z', 'y']), ['y', 'y']);
  assert.deepStrictEqual(await agreed(Buffer.from('\x01y')), ['y', 'y']);
  assert.deepStrictEqual(await agreed(undefined), [false, false]);
  assert.deepStrictEqual(
    await fail(server, { ALPNProtocols: ['z'] }),
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'ERR_SSL_NO_APPLICATION_PROTOCOL']);
  server.close();
  assert.throws(() => tls.createServer({ ALPNProtocols: ['x'], ALPNCallback() {} }), {
    code: 'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS',
  });
  const out = {};
  tls.convertALPNProtocols(['http/1.1', 'h2'], out);
  assert.strictEqual(`${out.ALPNProtocols}`, '\bhttp/1.1\x02h2');
  assert.throws(() => tls.convertALPNProtocols(['x'.repeat(256)], out), { code: 'ERR_OUT_OF_RANGE' });
}

async function protocolCallbacks() {
  const asked = [];
  const server = await serve({
    ALPNCallback({ servername, protocols: offered }) {
      asked.push([servername, offered]);
      return { 'own.test': offered[1], 'a.test': undefined, 'b.test': 'other' }[servername];
    },
  });
  assert.deepStrictEqual((await ask(server, 'own.test', { ALPNProtocols: ['p', 'q'] })).slice(2), ['q', 'q']);
  const checkServerIdentity = () => {};
  assert.deepStrictEqual(
    await fail(server, { servername: 'a.test', ALPNProtocols: ['p'], checkServerIdentity }),
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'ERR_SSL_NO_APPLICATION_PROTOCOL']);
  assert.deepStrictEqual(
    await fail(server, { servername: 'b.test', ALPNProtocols: ['p'], checkServerIdentity }),
    ['ECONNRESET', 'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT']);
  assert.deepStrictEqual(asked, [['own.test', ['p', 'q']], ['a.test', ['p']], ['b.test', ['p']]]);
  server.close();
}

function identities() {
  const check = (host, cert) => tls.checkServerIdentity(host, cert)?.reason;
  const named = (...names) => ({ subject: {}, subjectaltname: names.join(', ') });
  assert.strictEqual(check('a.com', { subject: { CN: 'a.com' } }), undefined);
  assert.strictEqual(check('b.com', { subject: { CN: 'a.com' } }), "Host: b.com. is not cert's CN: a.com");
  assert.strictEqual(check('A.com.', { subject: { CN: 'a.COM' } }), undefined);
  assert.strictEqual(check('b.a.com', { subject: { CN: '*.a.com' } }), undefined);
  assert.strictEqual(check('a.com', named('DNS:a.com', 'DNS:*.b.com')), undefined);
  assert.strictEqual(check('x.b.com', named('DNS:a.com', 'DNS:*.b.com')), undefined);
  assert.strictEqual(
    check('x.y.b.com', named('DNS:a.com', 'DNS:*.b.com')),
    "Host: x.y.b.com. is not in the cert's altnames: DNS:a.com, DNS:*.b.com");
  // With other names, the subject does not count.
  assert.strictEqual(
    check('a.com', { subject: { CN: 'a.com' }, subjectaltname: 'DNS:b.com' }),
    "Host: a.com. is not in the cert's altnames: DNS:b.com");
  assert.strictEqual(check('1.2.3.4', named('IP Address:1.2.3.4')), undefined);
  assert.strictEqual(check('::1', named('IP Address:0:0:0:0:0:0:0:1')), undefined);
  assert.strictEqual(check('1.2.3.5', named('IP Address:1.2.3.4')), "IP: 1.2.3.5 is not in the cert's list: 1.2.3.4");
  assert.strictEqual(check('1.2.3.4', { subject: { CN: '1.2.3.4' } }), "IP: 1.2.3.4 is not in the cert's list: ");
  assert.strictEqual(check('*.com', named('DNS:*.com')), "Host: *.com. is not in the cert's altnames: DNS:*.com");
  assert.strictEqual(check('a.com', { subject: {} }), 'Cert does not contain a DNS name');
  const error = tls.checkServerIdentity('b.com', { subject: { CN: 'a.com' } });
  assert.strictEqual(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.deepStrictEqual([error.host, error.cert.subject.CN], ['b.com', 'a.com']);
  assert.strictEqual(
    error.message, "Hostname/IP does not match certificate's altnames: Host: b.com. is not cert's CN: a.com");
}

async function wrongNames() {
  const server = await serve({});
  const client = tls.connect({ host: '127.0.0.1', port: server.address().port, servername: 'a.test', ca: authority.cert });
  const [error] = await once(client, 'error');
  assert.strictEqual(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.strictEqual(error.reason, "Host: a.test. is not in the cert's altnames: DNS:own.test");
  assert.strictEqual(error.host, 'a.test');
  assert.strictEqual(error.cert.subject.CN, 'own.test');

  // A check of the program's own counts, and gets name and certificate.
  let given;
  const checkServerIdentity = (host, certificate) => {
    given = [host, certificate.subject.CN, typeof certificate.issuerCertificate];
    return new Error('my reason');
  };
  const other = tls.connect({
    host: '127.0.0.1', port: server.address().port, servername: 'a.test', ca: authority.cert, checkServerIdentity,
  });
  assert.strictEqual((await once(other, 'error'))[0].message, 'my reason');
  assert.deepStrictEqual(given, ['a.test', 'own.test', 'object']);
  server.close();
  assert.throws(() => tls.connect({ port: 1, servername: '127.0.0.1' }), { code: 'ERR_INVALID_ARG_VALUE' });
}

(async () => {
  identities();
  for (const test of [contexts, callbacks, newContexts, protocols, protocolCallbacks, wrongNames]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
