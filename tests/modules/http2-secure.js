// HTTP/2 over TLS: the choice of the protocol, clients of HTTP/1 at the same port, files, and other sides that send
// whatever they like.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const http2 = require('node:http2');
const https = require('node:https');
const net = require('node:net');
const { once } = require('node:events');
const { test } = require('node:test');
const { certify } = require('../../fixtures/certificates');

const authority = certify({ subject: { O: 'Tests', CN: 'authority' }, authority: true });
const { key, cert } = certify({ issuer: authority });

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function text(stream) {
  let all = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) all += chunk;
  return all;
}

async function close(client, server) {
  const closed = once(client, 'close');
  client.close();
  await closed;
  await new Promise((resolve) => server.close(resolve));
}

test('one port serves both versions', async () => {
  const server = http2.createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    response.setHeader('x-version', request.httpVersion);
    response.end(`${request.method} ${request.url}`);
  });
  const port = await listen(server);
  const client = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  const request = client.request({ ':path': '/two' });
  const [headers] = await once(request, 'response');
  assert.strictEqual(headers['x-version'], '2.0');
  assert.strictEqual(await text(request), 'GET /two');
  assert.strictEqual(client.alpnProtocol, 'h2');
  const old = https.get({ port, host: '127.0.0.1', path: '/one', rejectUnauthorized: false, agent: false });
  const [response] = await once(old, 'response');
  assert.strictEqual(response.headers['x-version'], '1.1');
  assert.strictEqual(await text(response), 'GET /one');
  await close(client, server);
});

test('a file is sent whole and in part', async () => {
  const server = http2.createSecureServer({ key, cert });
  server.on('stream', (stream, headers) => {
    const range = headers['x-range'];
    const options = range === undefined ? {} : { offset: 10, length: 20 };
    stream.respondWithFile(headers[':path'] === '/none' ? `${__filename}.none` : __filename, {}, {
      ...options,
      onError: (error) => stream.respond({ ':status': 404, 'x-code': error.code }, { endStream: true }),
    });
  });
  const client = http2.connect(`https://127.0.0.1:${await listen(server)}`, { rejectUnauthorized: false });
  const all = fs.readFileSync(__filename, 'utf8');
  assert.strictEqual(await text(client.request({ ':path': '/' })), all);
  assert.strictEqual(await text(client.request({ ':path': '/', 'x-range': 'yes' })), all.slice(10, 30));
  const missing = client.request({ ':path': '/none' });
  missing.resume();
  const [headers] = await once(missing, 'response');
  assert.deepStrictEqual([headers[':status'], headers['x-code']], [404, 'ENOENT']);
  await close(client, server);
});

/** A sequence that is the same in every run. */
function sequence(seed) {
  let state = seed;
  return () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return state / 2 ** 32;
  };
}

test('no bytes of another side bring a server down', async () => {
  const server = http2.createServer((request, response) => {
    request.resume();
    response.end('ok');
  });
  server.on('sessionError', () => {});
  server.on('stream', (stream) => stream.on('error', () => {}));
  const port = await listen(server);
  for (let round = 0; round < 40; round++) {
    const random = sequence(round + 1);
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    for (let frame = 0; frame < 20; frame++) {
      const length = Math.floor(random() * 40);
      const bytes = Buffer.alloc(9 + length);
      for (let i = 9; i < bytes.length; i++) bytes[i] = random() * 256;
      bytes[2] = length;
      bytes[3] = random() * 14;
      bytes[4] = random() * 256;
      bytes[8] = random() * 8;
      socket.write(bytes);
    }
    socket.end();
    await once(socket, 'close');
  }
  const client = http2.connect(`http://127.0.0.1:${port}`);
  assert.strictEqual(await text(client.request()), 'ok');
  await close(client, server);
});
