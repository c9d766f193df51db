// `https`: servers and requests, as programs write them; what goes wrong, and what a connection is reused for.
'use strict';

const assert = require('node:assert');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');
const { once } = require('node:events');
const { text } = require('node:stream/consumers');
const { certify } = require('../../fixtures/certificates');

const { key, cert } = certify();
const ADVICE = '; if the root CA is installed locally, try running Node.js with --use-system-ca';

async function serve(options, listener) {
  const server = https.createServer({ key, cert, ...options }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A request without an agent; gives the response and its text. */
async function ask(server, options, body) {
  const request = https.request({
    host: '127.0.0.1', port: server.address().port, servername: 'localhost', ca: cert, agent: false, ...options,
  });
  request.end(body);
  const [response] = await once(request, 'response');
  const { socket } = response;
  return { response, socket, body: await text(response) };
}

const failure = async (request) => (await once(request, 'error'))[0];

async function requests() {
  const server = await serve({}, async (request, response) => {
    assert.ok(request.socket instanceof tls.TLSSocket);
    assert.strictEqual(request.socket.encrypted, true);
    response.setHeader('X-Host', request.headers.host);
    response.end(`${request.method} ${request.url} ${await text(request)}`);
  });
  assert.ok(server instanceof https.Server && server instanceof tls.Server);
  const { port } = server.address();
  const { response, socket, body } = await ask(server, { path: '/path', method: 'PUT' }, 'words');
  assert.strictEqual(body, 'PUT /path words');
  assert.strictEqual(response.statusCode, 200);
  assert.strictEqual(response.headers['x-host'], `127.0.0.1:${port}`);
  assert.strictEqual(socket.authorized, true);
  // HTTP/1.1 is what both agree on.
  assert.strictEqual((await ask(server, { ALPNProtocols: ['http/1.1'] })).socket.alpnProtocol, 'http/1.1');

  // By address, by `URL`, and with a callback.
  for (const url of [`https://localhost:${port}/a?b`, new URL(`https://localhost:${port}/a?b`)]) {
    const seen = await new Promise((resolve, reject) => {
      https.get(url, { ca: cert, lookup, agent: false }, (it) => text(it).then(resolve)).on('error', reject);
    });
    assert.strictEqual(seen, 'GET /a?b ');
  }
  const request = https.request({ port, ca: cert, host: '127.0.0.1', agent: false });
  assert.strictEqual(request.protocol, 'https:');
  assert.strictEqual((await failureOrResponse(request.end())).statusCode, 200);
  server.close();
}

function lookup(name, options, callback) {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
}

async function failureOrResponse(request) {
  const [response] = await once(request, 'response');
  response.resume();
  return response;
}

// What a client says of certificates that it does not believe.
async function distrust() {
  const server = await serve({}, (request, response) => response.end('ok'));
  const { port } = server.address();
  const get = (options) => https.get({ host: '127.0.0.1', port, servername: 'localhost', agent: false, ...options });
  const error = await failure(get({}));
  assert.strictEqual(error.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  assert.strictEqual(error.message, `self-signed certificate${ADVICE}`);
  const wrong = await failure(get({ ca: cert, servername: 'other.test' }));
  assert.strictEqual(wrong.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.strictEqual(
    wrong.message,
    "Hostname/IP does not match certificate's altnames: Host: other.test. is not in the cert's altnames: " +
    'DNS:localhost, IP Address:127.0.0.1');
  const [response] = await once(get({ rejectUnauthorized: false }), 'response');
  assert.strictEqual(response.socket.authorized, false);
  assert.strictEqual(response.socket.authorizationError, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  response.resume();
  // The name that is checked is that of the header, where there is one.
  const named = await failure(get({ ca: cert, servername: undefined, headers: { host: 'named.test' } }));
  assert.strictEqual(named.host, 'named.test');
  const expired = certify({ to: new Date('2021-01-01') });
  server.setSecureContext(expired);
  assert.strictEqual((await failure(get({ ca: expired.cert }))).code, 'CERT_HAS_EXPIRED');
  server.close();
}

// Plain HTTP where TLS is spoken, and the other way round.
async function mixedUp() {
  const server = await serve({}, () => assert.fail('no request'));
  const seen = [];
  server.on('tlsClientError', (error) => seen.push(['tlsClientError', error.code]));
  server.on('clientError', (error, socket) => {
    seen.push(['clientError', error.code]);
    socket.destroy();
  });
  const plain = http.get({ host: '127.0.0.1', port: server.address().port, agent: false });
  const error = await failure(plain);
  assert.deepStrictEqual([error.code, error.message], ['ECONNRESET', 'socket hang up']);
  assert.deepStrictEqual(seen, [['clientError', 'ERR_SSL_HTTP_REQUEST'], ['tlsClientError', 'ERR_SSL_HTTP_REQUEST']]);
  server.close();

  const other = http.createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const request = https.get({ host: '127.0.0.1', port: other.address().port, agent: false });
  // The request was waiting to be written.
  const refusal = await failure(request);
  assert.deepStrictEqual([refusal.code, refusal.errno, refusal.syscall], ['EPROTO', -71, 'write']);
  assert.match(refusal.message, /^write EPROTO [0-9A-F]+:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:/);
  other.close();
  assert.throws(() => https.get('http://localhost'), {
    code: 'ERR_INVALID_PROTOCOL', message: 'Protocol "http:" not supported. Expected "https:"',
  });
}

// Requests that are too slow, or no HTTP; a client's certificate.
async function clients() {
  const authority = certify({ subject: 'authority', authority: true });
  const mine = certify({ subject: 'me', issuer: authority });
  const server = await serve({ requestCert: true, rejectUnauthorized: false, ca: authority.cert }, (request, response) => {
    const { authorized } = request.socket;
    response.end(`${authorized} ${request.socket.getPeerCertificate().subject?.CN}`);
  });
  assert.strictEqual((await ask(server, { key: mine.key, cert: mine.cert })).body, 'true me');
  assert.strictEqual((await ask(server, {})).body, 'false undefined');

  const socket = tls.connect({ host: '127.0.0.1', port: server.address().port, ca: cert, servername: 'localhost' });
  socket.write('no http at all\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400 Bad Request\r\n/);
  server.close();

  const slow = await serve({ headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 }, () => {});
  const late = tls.connect({ host: '127.0.0.1', port: slow.address().port, ca: cert, servername: 'localhost' });
  late.write('GET / HTTP/1.1\r\nHost: x\r\n');
  assert.match(await text(late), /^HTTP\/1\.1 408 Request Timeout\r\n/);
  slow.close();
}

// What is much comes whole, in either direction, and requests on one connection follow each other.
async function much() {
  const big = Buffer.alloc(3 << 20, 'much ');
  const server = await serve({}, (request, response) => {
    if (request.method === 'POST') request.pipe(response);
    else response.end(big);
  });
  assert.strictEqual((await ask(server, {})).body, `${big}`);
  assert.strictEqual((await ask(server, { method: 'POST' }, big)).body, `${big}`);
  const socket = tls.connect({ host: '127.0.0.1', port: server.address().port, ca: cert, servername: 'localhost' });
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none'.repeat(2));
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo');
  assert.strictEqual((await text(socket)).match(/one|two/g).join(), 'one,one,two');
  server.close();
}

// Upgrades, and connections that are closed from outside.
async function others() {
  const server = await serve({}, (request, response) => response.end('ok'));
  server.on('upgrade', (request, socket, head) => {
    assert.ok(socket instanceof tls.TLSSocket);
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: words\r\n\r\n${head}!`);
  });
  const request = https.request({
    host: '127.0.0.1', port: server.address().port, ca: cert, servername: 'localhost', agent: false,
    headers: { Connection: 'Upgrade', Upgrade: 'words' },
  });
  request.end();
  const [response, socket, head] = await once(request, 'upgrade');
  assert.strictEqual(response.headers.upgrade, 'words');
  socket.unshift(head);
  assert.strictEqual(await text(socket), '!');

  const agent = new https.Agent({ keepAlive: true });
  const { socket: kept } = await ask(server, { agent });
  assert.strictEqual(kept.destroyed, false);
  server.closeIdleConnections();
  await once(kept, 'close');
  server.close();
  await once(server, 'close');
  agent.destroy();
  assert.ok(net.Server.prototype.isPrototypeOf(server));
}

(async () => {
  for (const test of [requests, distrust, mixedUp, clients, much, others]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
