// fetch over HTTP/2, which a server chooses in the handshake: one connection for many requests, what is sent, and what
// becomes of requests that the server, the program or the network ends.
'use strict';

const assert = require('node:assert');
const http2 = require('node:http2');
const tls = require('node:tls');
const zlib = require('node:zlib');
const { once } = require('node:events');
const { test } = require('node:test');
const { certify } = require('../../fixtures/certificates');

const authority = certify({ subject: { O: 'Tests', CN: 'authority' }, authority: true });
const { key, cert } = certify({ issuer: authority });
tls.setDefaultCACertificates([authority.cert]);

/** Runs `work` with the URL of a server and its sessions. */
async function serve(onStream, work, options = {}) {
  const server = http2.createSecureServer({ key, cert, allowHTTP1: true, ...options });
  const sessions = [];
  server.on('session', (session) => sessions.push(session.on('error', () => {})));
  server.on('stream', (stream, headers) => onStream(stream.on('error', () => {}), headers));
  server.listen(0, 'localhost');
  await once(server, 'listening');
  try {
    await work(`https://localhost:${server.address().port}`, sessions, server);
  } finally {
    for (const session of sessions) session.destroy();
    server.close();
    await once(server, 'close');
  }
}

const isCause = (expected) => (error) => {
  assert.ok(error instanceof TypeError);
  const { name, code, message, http2ErrorCode } = error.cause;
  const actual = { outer: error.message, name, code, message, http2ErrorCode };
  assert.deepStrictEqual(actual, { outer: 'fetch failed', http2ErrorCode: undefined, ...expected });
  return true;
};

test('what is sent, and that one connection serves all', () => serve((stream, headers) => {
  let body = '';
  stream.on('data', (chunk) => { body += chunk; });
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'x-list': ['1', '2'], 'set-cookie': ['a=1', 'b=2'] });
    stream.end(JSON.stringify([Object.entries(headers), body]));
  });
}, async (url, sessions) => {
  const origin = new URL(url).host;
  const given = { 'X-Own': 'Value', 'Connection': 'close', 'Host': 'elsewhere', 'TE': 'trailers' };
  const response = await fetch(`${url}/a?b=1`, { headers: given });
  assert.strictEqual(response.status, 200);
  assert.strictEqual(response.statusText, '');
  assert.strictEqual(response.headers.get('x-list'), '1, 2');
  assert.deepStrictEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
  const rest = [
    ['accept', '*/*'], ['accept-language', '*'], ['sec-fetch-mode', 'cors'], ['user-agent', 'node'],
    ['accept-encoding', 'br, gzip, deflate, zstd'],
  ];
  assert.deepStrictEqual(await response.json(), [[
    [':authority', origin], [':method', 'GET'], [':path', '/a?b=1'], [':scheme', 'https'],
    ['x-own', 'Value'], ['te', 'trailers'], ...rest,
  ], '']);

  const [headers, body] = await (await fetch(url, { method: 'POST', body: 'text' })).json();
  assert.deepStrictEqual(headers.at(-1), ['content-length', '4']);
  assert.strictEqual(body, 'text');
  const stream = ReadableStream.from([Buffer.from('one '), Buffer.from('two')]);
  const [streamed, all] = await (await fetch(url, { method: 'PUT', body: stream, duplex: 'half' })).json();
  assert.ok(!streamed.some(([name]) => name === 'content-length'));
  assert.strictEqual(all, 'one two');

  await Promise.all(Array.from({ length: 300 }, async (_, i) => {
    const [[, , path]] = await (await fetch(`${url}/${i}`)).json();
    assert.strictEqual(path[1], `/${i}`);
  }));
  assert.strictEqual(sessions.length, 1);
  assert.deepStrictEqual(
    { push: sessions[0].remoteSettings.enablePush, window: sessions[0].remoteSettings.initialWindowSize },
    { push: false, window: 262144 });
}));

test('a server that takes few at a time gets more connections', () => serve((stream) => {
  setTimeout(() => {
    stream.respond();
    stream.end('done');
  }, 20);
}, async (url, sessions) => {
  await (await fetch(url)).text();
  const texts = await Promise.all(Array.from({ length: 6 }, async () => (await fetch(url)).text()));
  assert.deepStrictEqual(texts, Array(6).fill('done'));
  assert.ok(sessions.length > 1);
}, { settings: { maxConcurrentStreams: 2 } }));

test('answers of all kinds', () => serve((stream, { ':path': path }) => {
  switch (path) {
    case '/gzip':
      stream.respond({ 'content-encoding': 'gzip' });
      stream.end(zlib.gzipSync('unzipped'));
      break;
    case '/early':
      stream.additionalHeaders({ ':status': 103, 'link': '</x>' });
      stream.respond({ 'x-final': '1' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': '1' }));
      stream.end('behind hints');
      break;
    case '/redirect':
      stream.respond({ ':status': 302, 'location': '/gzip' }, { endStream: true });
      break;
    case '/none':
      stream.respond({ ':status': 204 }, { endStream: true });
      break;
    default:
      stream.respond();
      stream.end(Buffer.alloc(3_000_000, 'x'));
  }
}, async (url) => {
  const read = async (path, init) => {
    const response = await fetch(url + path, init);
    return [response.status, response.redirected, await response.text()];
  };
  assert.deepStrictEqual(await read('/gzip'), [200, false, 'unzipped']);
  assert.deepStrictEqual(await read('/early'), [200, false, 'behind hints']);
  assert.deepStrictEqual(await read('/redirect'), [200, true, 'unzipped']);
  assert.deepStrictEqual(await read('/none'), [204, false, '']);
  assert.deepStrictEqual(await read('/gzip', { method: 'HEAD' }), [200, false, '']);
  const [, , long] = await read('/long');
  assert.strictEqual(long, 'x'.repeat(3_000_000));
}));

test('fields that HTTP/2 has no place for', () => serve((stream) => {
  stream.respond();
  stream.end();
}, async (url) => {
  await fetch(url);
  for (const [name, value] of [['te', 'gzip'], ['proxy-connection', 'keep-alive'], ['http2-settings', 'AA']]) {
    const message = `HTTP/1 Connection specific headers are forbidden: "${name}"`;
    await assert.rejects(fetch(url, { headers: { [name]: value } }), (error) => {
      assert.strictEqual(error.cause.cause.code, 'ERR_HTTP2_INVALID_CONNECTION_HEADERS');
      return isCause({ name: 'InformationalError', code: 'UND_ERR_INFO', message })(error);
    });
  }
  await assert.rejects(fetch(url, { headers: { 'keep-alive': '1' } }),
    isCause({ name: 'InvalidArgumentError', code: 'UND_ERR_INVALID_ARG', message: 'invalid keep-alive header' }));
}));

test('streams and sessions that the server ends', () => serve((stream, { ':path': path }) => {
  const [, what, code] = path.split('/');
  if (what === 'reset') stream.close(Number(code));
  else if (what === 'leave') stream.session.goaway(Number(code));
  else stream.session.destroy();
}, async (url) => {
  const closed = (code, name) => ({
    name: 'Error', code: 'ERR_HTTP2_STREAM_ERROR', message: `Stream closed with error code ${name}`,
    http2ErrorCode: code,
  });
  await assert.rejects(fetch(`${url}/reset/2`), isCause(closed(2, 'NGHTTP2_INTERNAL_ERROR')));
  await assert.rejects(fetch(`${url}/reset/7`), isCause(closed(7, 'NGHTTP2_REFUSED_STREAM')));
  const told = { name: 'InformationalError', code: 'UND_ERR_INFO' };
  await assert.rejects(fetch(`${url}/reset/8`),
    isCause({ ...told, message: 'HTTP/2: stream closed before the response was complete' }));
  await assert.rejects(fetch(`${url}/reset/0`), isCause({ ...told, message: 'HTTP/2: stream half-closed (remote)' }));
  await assert.rejects(fetch(`${url}/leave/1`), isCause({
    name: 'Error', code: 'ERR_HTTP2_SESSION_ERROR', message: 'Session closed with error code 1', http2ErrorCode: 1,
  }));
}));

test('a request that was refused is sent again, once, where that is safe', async () => {
  let tries = 0;
  await serve((stream) => {
    if (++tries % 2 === 1) {
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    } else {
      stream.respond();
      stream.end('second');
    }
  }, async (url) => {
    assert.strictEqual(await (await fetch(url)).text(), 'second');
    await assert.rejects(fetch(url, { method: 'POST', body: 'x' }), TypeError);
    assert.strictEqual(tries, 3);
  });
});

test('a server that says goodbye answers what it has got, and the next request goes elsewhere', async () => {
  await serve((stream) => {
    stream.session.goaway();
    setTimeout(() => {
      stream.respond();
      stream.end('answered');
    }, 20);
  }, async (url, sessions) => {
    assert.strictEqual(await (await fetch(url)).text(), 'answered');
    assert.strictEqual(await (await fetch(url)).text(), 'answered');
    assert.strictEqual(sessions.length, 2);
  });
});

test('one of several requests is aborted', () => serve((stream, { ':path': path }) => {
  stream.resume();
  stream.respond();
  stream.write('begun');
  if (path === '/whole') setTimeout(() => stream.end(' and done'), 50);
}, async (url, sessions, server) => {
  const whole = fetch(`${url}/whole`);
  await whole;
  const controller = new AbortController();
  const response = await fetch(`${url}/cut`, { signal: controller.signal });
  const reason = new RangeError('enough');
  controller.abort(reason);
  await assert.rejects(response.text(), reason);
  assert.strictEqual(await (await whole).text(), 'begun and done');

  const ended = once(server, 'stream').then(([stream]) => once(stream, 'aborted'));
  const reader = (await fetch(`${url}/cut`)).body.getReader();
  await reader.read();
  await reader.cancel();
  await ended;
  assert.strictEqual(sessions.length, 1);
}));

test('who does not read holds up the server, and nobody else', async () => {
  let sent = 0;
  await serve((stream, { ':path': path }) => {
    stream.respond();
    if (path !== '/flood') {
      stream.end('other');
      return;
    }
    const write = () => {
      do sent += 65536;
      while (stream.write(Buffer.alloc(65536)));
    };
    stream.on('drain', write);
    write();
  }, async (url) => {
    const controller = new AbortController();
    const flood = await fetch(`${url}/flood`, { signal: controller.signal });
    for (let before = -1; before !== sent;) {
      before = sent;
      for (let i = 0; i < 5; i++) assert.strictEqual(await (await fetch(`${url}/other`)).text(), 'other');
    }
    assert.ok(sent < 3_000_000, `${sent}`);
    const reader = flood.body.getReader();
    let received = 0;
    while (received < 5_000_000) received += (await reader.read()).value.byteLength;
    controller.abort();
  });
});

test('a body that is sent waits for the server', async () => {
  let begin;
  const begun = new Promise((resolve) => { begin = resolve; });
  await serve((stream) => {
    stream.respond();
    begin(() => stream.pipe(stream));
  }, async (url) => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (pulled === 100) controller.close();
        else controller.enqueue(new Uint8Array(65536).fill(pulled++));
      },
    }, { highWaterMark: 0 });
    const response = await fetch(url, { method: 'POST', body, duplex: 'half' });
    const go = await begun;
    assert.ok(pulled < 20, `${pulled}`);
    go();
    const bytes = await response.bytes();
    assert.strictEqual(bytes.length, 100 * 65536);
    for (let i = 0; i < 100; i++) assert.strictEqual(bytes[i * 65536], i);
  });
});

test('a body that fails ends the request', async () => {
  const mine = new RangeError('mine');
  let controller;
  const body = new ReadableStream({
    start(its) {
      controller = its;
      its.enqueue(Buffer.from('begun'));
    },
  });
  await serve((stream) => stream.once('data', () => controller.error(mine)), async (url) => {
    await assert.rejects(fetch(url, { method: 'POST', body, duplex: 'half' }), (error) => error.cause === mine);
  });
});
