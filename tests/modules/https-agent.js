// `https.Agent`: connections and sessions that are used again, by whom they may be, and requests through proxies.
'use strict';

const assert = require('node:assert');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const { once } = require('node:events');
const { text } = require('node:stream/consumers');
const { certify } = require('../../fixtures/certificates');

const { key, cert } = certify();

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A request; gives the socket and the text of the response. */
async function ask(options) {
  const request = https.get({ host: '127.0.0.1', servername: 'localhost', ca: cert, ...options });
  const [response] = await once(request, 'response');
  const { socket } = response;
  const body = await text(response);
  return { socket, body, reused: request.reusedSocket, resumed: socket.isSessionReused() };
}

async function connections() {
  const server = await listen(https.createServer({ key, cert }, (request, response) => response.end('ok')));
  const { port } = server.address();
  const agent = new https.Agent({ keepAlive: true });
  assert.deepStrictEqual(
    [agent.defaultPort, agent.protocol, agent.maxCachedSessions], [443, 'https:', 100]);
  const first = await ask({ agent, port });
  const second = await ask({ agent, port });
  assert.deepStrictEqual([first.reused, second.reused], [false, true]);
  assert.strictEqual(second.socket, first.socket);
  // Other options of TLS are another connection, and another name in the agent's lists.
  const other = await ask({ agent, port, minVersion: 'TLSv1.3' });
  assert.notStrictEqual(other.socket, first.socket);
  assert.strictEqual(Object.keys(agent.freeSockets).length, 2);
  const closed = [first.socket, other.socket].map((socket) => once(socket, 'close'));
  agent.destroy();
  await Promise.all(closed);
  server.close();
}

async function sessions() {
  const server = await listen(https.createServer({ key, cert }, (request, response) => response.end('ok')));
  const { port } = server.address();
  const agent = new https.Agent({ maxCachedSessions: 1 });
  assert.strictEqual((await ask({ agent, port })).resumed, false);
  assert.strictEqual((await ask({ agent, port })).resumed, true);
  assert.deepStrictEqual(agent._sessionCache.list.length, 1);
  // Another session takes the only place.
  assert.strictEqual((await ask({ agent, port, minVersion: 'TLSv1.3' })).resumed, false);
  assert.strictEqual((await ask({ agent, port })).resumed, false);
  // Who checks names in another way shares no sessions: those that are resumed are not checked.
  assert.strictEqual((await ask({ agent, port, checkServerIdentity() {} })).resumed, false);
  assert.strictEqual((await ask({ agent, port })).resumed, true);
  // Without places, nothing is kept.
  const forgetful = new https.Agent({ maxCachedSessions: 0 });
  assert.strictEqual((await ask({ agent: forgetful, port })).resumed, false);
  assert.strictEqual((await ask({ agent: forgetful, port })).resumed, false);
  // A server with other keys: the session is of no use, and replaced.
  const own = new https.Agent({});
  await ask({ agent: own, port });
  server.setTicketKeys(Buffer.alloc(48, 'others'));
  assert.strictEqual((await ask({ agent: own, port })).resumed, false);
  assert.strictEqual((await ask({ agent: own, port })).resumed, true);
  server.close();
}

function names() {
  const agent = new https.Agent();
  const name = (options) => agent.getName(options);
  assert.match(name(), /^localhost:{22}$/);
  assert.match(name({ host: 'h', port: 1, localAddress: 'l' }), /^h:1:l:{20}$/);
  // All that makes a difference is in it.
  const base = { host: 'h', port: 1 };
  const seen = new Set([name(base)]);
  const options = {
    ca: 'ca', cert: 'cert', clientCertEngine: 'e', ciphers: 'c', key: 'k', pfx: 'p', rejectUnauthorized: false,
    servername: 's', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', secureProtocol: 'm', crl: 'crl', honorCipherOrder: true,
    ecdhCurve: 'auto', dhparam: 'd', secureOptions: 1, sessionIdContext: 'i', sigalgs: 'g', privateKeyIdentifier: 'pi',
    privateKeyEngine: 'pe', family: 4, localAddress: 'l',
  };
  for (const [option, value] of Object.entries(options)) seen.add(name({ ...base, [option]: value }));
  assert.strictEqual(seen.size, Object.keys(options).length + 1);
}

// A proxy is asked for a tunnel, in which TLS is spoken with the server.
async function proxies() {
  const server = await listen(https.createServer({ key, cert }, (request, response) => response.end(request.headers.host)));
  const { port } = server.address();
  const heads = [];
  let answer = (socket) => {
    const below = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      below.pipe(socket).pipe(below);
    });
    socket.on('error', () => below.destroy());
    below.on('error', () => socket.destroy());
  };
  const proxy = await listen(http.createServer());
  proxy.on('connect', (request, socket) => {
    heads.push([request.url, request.headers['proxy-authorization']]);
    answer(socket);
  });
  const url = `http://user:pass@127.0.0.1:${proxy.address().port}`;
  const agent = new https.Agent({ proxyEnv: { HTTPS_PROXY: url } });
  const { body, socket } = await ask({ agent, host: 'far.test', port: 443 });
  assert.strictEqual(body, 'far.test');
  assert.strictEqual(socket.authorized, true);
  assert.deepStrictEqual(heads, [['far.test:443', `Basic ${Buffer.from('user:pass').toString('base64')}`]]);

  // A proxy that refuses.
  answer = (it) => it.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  const refused = https.get({ agent, host: 'far.test', ca: cert });
  const [error] = await once(refused, 'error');
  assert.strictEqual(error.code, 'ERR_PROXY_TUNNEL');
  assert.match(error.message, /HTTP\/1\.1 403 Forbidden/);
  // Who needs none.
  const direct = new https.Agent({ proxyEnv: { HTTPS_PROXY: url, NO_PROXY: '127.0.0.1' } });
  assert.strictEqual((await ask({ agent: direct, port })).body, `127.0.0.1:${port}`);
  assert.strictEqual(heads.length, 2);
  proxy.close();
  proxy.closeAllConnections();
  server.close();
}

(async () => {
  names();
  for (const test of [connections, sessions, proxies]) await test();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;
