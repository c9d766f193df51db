// What requests and responses of a server tell, in which order, and what they are before and after.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');
const { AsyncLocalStorage } = require('async_hooks');
const { once } = require('events');
const { finished, pipeline, Readable } = require('stream');

async function serve(handler, use, options = {}) {
  const server = http.createServer(options, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await use(server, (text) => exchange(server, text));
  server.close();
  await once(server, 'close');
}

/** Sends a text and ends with the connection. */
function exchange(server, text) {
  return new Promise((resolve) => {
    const socket = net.connect(server.address().port, '127.0.0.1', () => socket.end(text));
    let received = '';
    socket.on('data', (data) => { received += data; });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}

const GET = 'GET /path HTTP/1.1\r\nHost: h\r\nAccept: a\r\nAccept: b\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc';

function record(log, req, res) {
  for (const name of ['prefinish', 'finish', 'close']) res.on(name, () => log.push(`res ${name}`));
  for (const name of ['end', 'close', 'aborted']) req.on(name, () => log.push(`req ${name}`));
}

async function testOrder() {
  const log = [];
  await serve((req, res) => {
    record(log, req, res);
    process.nextTick(() => log.push('tick before'));
    Promise.resolve().then(() => log.push('microtask'));
    res.end('x', () => log.push('callback'));
    assert.deepStrictEqual(
      [res.writableEnded, res.writableFinished, res.headersSent, res.finished, req.complete],
      [true, false, true, true, false]);
    process.nextTick(() => log.push('tick after'));
    log.push('returns');
  }, (server, send) => send(GET));
  assert.deepStrictEqual(log, [
    'res prefinish', 'returns', 'tick before', 'callback', 'res finish', 'tick after', 'req end', 'res close',
    'req close', 'microtask',
  ]);
}

/** A request that nobody touches goes through the same states as one that is watched. */
async function testUntouched() {
  let last;
  await serve((req, res) => {
    assert.strictEqual(req.readableEnded, false);
    assert.strictEqual(req.destroyed, false);
    last = { req, res };
    res.end();
  }, async (server, send) => {
    await send(GET);
    const { req, res } = last;
    assert.deepStrictEqual(
      [req.complete, req.readableEnded, req.destroyed, req.closed, req.readable, req.aborted],
      [true, true, true, true, false, false]);
    assert.deepStrictEqual(
      [res.writableFinished, res.destroyed, res.closed, res.socket, res.writable], [true, true, true, null, true]);
    assert.deepStrictEqual(req.headers, { host: 'h', accept: 'a, b' });
    assert.deepStrictEqual(req.rawHeaders, ['Host', 'h', 'Accept', 'a', 'Accept', 'b']);
    assert.deepStrictEqual(req.headersDistinct, { __proto__: null, host: ['h'], accept: ['a', 'b'] });
    assert.deepStrictEqual([req.trailers, req.rawTrailers], [{}, []]);
    await new Promise((resolve) => finished(req, resolve));
    await new Promise((resolve) => finished(res, resolve));
  });
}

async function testReading() {
  const bodies = [];
  await serve(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    bodies.push(body);
    res.end();
  }, async (server, send) => {
    await send(GET);
    await send(POST);
  });
  assert.deepStrictEqual(bodies, ['', 'abc']);
}

/** Requests of one connection see what their own handler has set. */
async function testContext() {
  const storage = new AsyncLocalStorage();
  const seen = [];
  let count = 0;
  await serve((req, res) => {
    seen.push(storage.getStore());
    storage.enterWith(++count);
    setImmediate(() => {
      seen.push(storage.getStore());
      res.end();
    });
  }, (server, send) => send(GET.repeat(3)));
  assert.deepStrictEqual(seen.sort(), [1, 2, 3, undefined, undefined, undefined]);
}

async function testClasses() {
  class Request extends http.IncomingMessage {
    get shout() { return this.url.toUpperCase(); }
  }
  class Response extends http.ServerResponse {
    say(text) { return this.end(text); }
  }
  await serve((req, res) => {
    assert.ok(req instanceof Request && res instanceof Response);
    res.say(req.shout);
  }, async (server, send) => {
    assert.match(await send(GET), /\/PATH$/);
  }, { IncomingMessage: Request, ServerResponse: Response });
}

/** Clients that go away in the midst of it. */
async function testAborts() {
  const log = [];
  await serve((req, res) => {
    record(log, req, res);
    req.on('error', (error) => log.push(`req ${error.code}`));
    res.on('error', (error) => log.push(`res ${error.code}`));
    req.socket.on('close', () => log.push('socket close'));
    req.resume();
    req.signal.addEventListener('abort', () => log.push('signal'));
    res.write('a');
  }, async (server) => {
    const socket = net.connect(server.address().port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na');
    await once(socket, 'data');
    socket.destroy();
    while (!log.includes('res close')) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  });
  assert.deepStrictEqual(log.filter((name) => name !== 'signal' && name !== 'socket close'), [
    'req aborted', 'res close', 'req ECONNRESET', 'req close',
  ]);
  assert.ok(log.includes('signal'));
}

/** What a slow reader has not taken does not pile up. */
async function testBackpressure() {
  let written = 0;
  await serve((req, res) => {
    const source = new Readable({
      read() {
        written += 65536;
        this.push(written > 64 * 1024 * 1024 ? null : Buffer.alloc(65536));
      },
    });
    pipeline(source, res, () => {});
  }, async (server) => {
    const socket = net.connect(server.address().port, '127.0.0.1');
    socket.write(GET);
    await once(socket, 'readable');
    const before = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(written < 64 * 1024 * 1024, `${before} ${written}`);
    socket.destroy();
  });
}

async function testThrowing() {
  const errors = [];
  process.on('uncaughtException', (error) => errors.push(error.message));
  await serve((req, res) => {
    res.end('sent');
    throw new Error('after');
  }, async (server, send) => {
    assert.match(await send(GET), /sent$/);
  });
  assert.deepStrictEqual(errors, ['after']);
}

(async () => {
  await testOrder();
  await testUntouched();
  await testReading();
  await testContext();
  await testClasses();
  await testAborts();
  await testBackpressure();
  await testThrowing();
})();
