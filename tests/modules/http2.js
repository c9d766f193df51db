// HTTP/2 in the clear: requests and their streams, pushes, trailers, settings, pings, windows, resets and the end
// of sessions, over a socket and over any duplex stream.
'use strict';

const assert = require('node:assert');
const http2 = require('node:http2');
const net = require('node:net');
const { once } = require('node:events');
const { duplexPair } = require('node:stream');
const { test } = require('node:test');

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
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

test('many streams share a connection, each with its own body', async () => {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 201, 'x-path': headers[':path'] });
    stream.pipe(stream);
  });
  const client = http2.connect(await listen(server));
  const answers = await Promise.all(Array.from({ length: 20 }, async (_, i) => {
    const request = client.request({ ':method': 'POST', ':path': `/${i}` });
    const response = once(request, 'response');
    request.end(`body ${i} `.repeat(5000));
    const body = await text(request);
    const [headers] = await response;
    return [headers[':status'], headers['x-path'], body.length, request.rstCode];
  }));
  answers.forEach((answer, i) => assert.deepStrictEqual(answer, [201, `/${i}`, `body ${i} `.length * 5000, 0]));
  await close(client, server);
});

test('a stream that is not read holds the other side back', async () => {
  const server = http2.createServer();
  let written = 0;
  server.on('stream', (stream) => {
    stream.respond();
    const more = () => {
      while (written < 64 && stream.write(Buffer.alloc(64 * 1024))) written++;
      if (written < 64) stream.once('drain', more);
      else stream.end();
      written++;
    };
    more();
  });
  const client = http2.connect(await listen(server));
  const request = client.request();
  await once(request, 'response');
  // An echo comes after all that could be sent.
  await new Promise((resolve) => client.ping(resolve));
  assert.ok(written < 8, `${written} chunks were taken`);
  let length = 0;
  for await (const chunk of request) length += chunk.length;
  assert.ok(length >= 63 * 64 * 1024);
  await close(client, server);
});

test('information, trailers and promises reach the client', async () => {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    if (headers[':path'] !== '/') return;
    stream.additionalHeaders({ ':status': 103, 'link': '</a>' });
    stream.pushStream({ ':path': '/pushed' }, (error, push) => {
      assert.ifError(error);
      push.respond({ 'x-pushed': 'yes' });
      push.end('pushed');
      stream.end('asked');
    });
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': 'here' }));
  });
  const client = http2.connect(await listen(server));
  const pushed = once(client, 'stream').then(async ([stream, headers]) => {
    const [response] = await once(stream, 'push');
    return [headers[':path'], response['x-pushed'], await text(stream)];
  });
  const request = client.request();
  const [info, trailers] = [once(request, 'headers'), once(request, 'trailers')];
  assert.strictEqual(await text(request), 'asked');
  assert.strictEqual((await info)[0].link, '</a>');
  assert.strictEqual((await trailers)[0]['x-end'], 'here');
  assert.deepStrictEqual(await pushed, ['/pushed', 'yes', 'pushed']);
  await close(client, server);
});

test('settings, pings and goodbyes are answered', async () => {
  const server = http2.createServer({ settings: { maxConcurrentStreams: 7 } });
  const client = http2.connect(await listen(server));
  const [settings] = await once(client, 'remoteSettings');
  assert.strictEqual(settings.maxConcurrentStreams, 7);
  await new Promise((resolve) => client.settings({ initialWindowSize: 99 }, resolve));
  assert.strictEqual(client.localSettings.initialWindowSize, 99);
  const echo = await new Promise((resolve) => {
    client.ping(Buffer.from('abcdefgh'), (error, duration, payload) => resolve([error, duration >= 0, `${payload}`]));
  });
  assert.deepStrictEqual(echo, [null, true, 'abcdefgh']);
  await close(client, server);
});

test('a reset tells both sides why', async () => {
  const server = http2.createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
  const client = http2.connect(await listen(server));
  const request = client.request();
  const [error] = await once(request, 'error');
  assert.strictEqual(error.code, 'ERR_HTTP2_STREAM_ERROR');
  assert.strictEqual(error.message, 'Stream closed with error code NGHTTP2_ENHANCE_YOUR_CALM');
  await close(client, server);
});

test('what is no HTTP/2 ends the session and nothing else', async () => {
  const server = http2.createServer();
  const origin = await listen(server);
  const failed = once(server, 'sessionError');
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [error] = await failed;
  assert.strictEqual(error.code, 'ERR_HTTP2_ERROR');
  assert.strictEqual(error.message, 'Received bad client magic byte string');
  server.once('stream', (stream) => stream.respond({}, { endStream: true }));
  const client = http2.connect(origin);
  const request = client.request();
  request.resume();
  await once(request, 'end');
  await close(client, server);
});

test('any duplex stream carries a session', async () => {
  const [one, other] = duplexPair();
  const server = http2.createServer((request, response) => response.end(`to ${request.url}`));
  server.emit('connection', other);
  const client = http2.connect('http://example.test', { createConnection: () => one });
  assert.strictEqual(await text(client.request({ ':path': '/there' })), 'to /there');
  client.destroy();
});
