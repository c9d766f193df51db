// Servers and clients of `http` whose other side means no good: too slow, too much, cut off, never read.
// IRONODE_REPEATS says how many connections are cut off in the test that counts them.
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const v8 = require('node:v8');
const vm = require('node:vm');

const REPEATS = Number(process.env.IRONODE_REPEATS) || 150;
const MEGABYTE = 1 << 20;

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function close(server) {
  server.closeAllConnections?.();
  server.close();
  await once(server, 'close');
}

/** What a server answers to bytes that come a few at a time, until it closes the connection. */
function answerTo(port, pieces, everyMilliseconds) {
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1').setEncoding('latin1');
    const left = [...pieces];
    const timer = setInterval(() => {
      if (left.length > 0 && !socket.destroyed) socket.write(left.shift(), 'latin1');
    }, everyMilliseconds);
    socket.on('data', (more) => {
      received += more;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve(received);
    });
  });
}

const REFUSALS = {
  400: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
  408: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
  413: 'HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n',
  431: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n',
};

/** Who sends a header or a body a byte at a time is told that it is late. */
async function slowSenders() {
  const server = http.createServer({ headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 40 });
  server.on('request', (req, res) => req.on('error', () => {}).on('end', () => res.end()).resume());
  const port = await listen(server);
  const endless = Array(200).fill('a');
  const start = ['GET / HTTP/1.1\r\nHost: a\r\nA: '];
  const [inHeader, inBody, silent] = await Promise.all([
    answerTo(port, [...start, ...endless], 20),
    answerTo(port, ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n', ...endless], 20),
    answerTo(port, [], 20),
  ]);
  assert.deepStrictEqual([inHeader, inBody, silent], [REFUSALS[408], REFUSALS[408], REFUSALS[408]]);
  await close(server);
}

/** Who reads a long response slowly gets all of it, whatever the times for requests are. */
async function slowReader() {
  const server = http.createServer({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 40 });
  const size = 12 * MEGABYTE;
  server.on('request', (req, res) => res.end(Buffer.alloc(size, 'x')));
  const port = await listen(server);
  const socket = net.connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  let received = 0;
  let pauses = 0;
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (pauses >= 6 || received < pauses * 2 * MEGABYTE) return;
    pauses++;
    socket.pause();
    setTimeout(() => socket.resume(), 90);
  });
  await once(socket, 'close');
  assert.ok(received > size);
  await close(server);
}

/** What is no request is answered in the same bytes as by Node. */
async function refusals() {
  const server = http.createServer({ maxHeaderSize: 1000 }, (req, res) => {
    req.on('error', () => {}).on('end', () => res.end()).resume();
  });
  const port = await listen(server);
  const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  const cases = [
    [431, `GET / HTTP/1.1\r\nHost: a\r\nA: ${'b'.repeat(2000)}\r\n\r\n`],
    [431, `GET /${'a'.repeat(2000)} HTTP/1.1\r\n\r\n`],
    [400, 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
    [400, 'GET / HTTP/1.1\nHost: a\n\n'],
    [400, 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    [400, '\u0016\u0003\u0001\u0000'],
    [413, `${chunked}1;${'a'.repeat(17_000)}\r\na\r\n`],
    [400, `${chunked}z\r\n`],
  ];
  for (const [status, text] of cases) assert.strictEqual(await answerTo(port, [text], 1), REFUSALS[status], text);
  await close(server);
}

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

/** Bytes that something still refers to. */
async function heldMemory() {
  // What a first collection finds, a second one lets go of.
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const descriptors = () => fs.readdirSync('/proc/self/fd').length;

/** Uploads and downloads that are cut off leave nothing behind. */
async function cutOff() {
  let aborted = 0;
  const server = http.createServer((req, res) => {
    req.on('error', () => {}).on('close', () => {
      if (!req.complete) aborted++;
    }).resume();
    res.on('error', () => {});
    if (req.method === 'GET') res.write(Buffer.alloc(256 * 1024));
  });
  const port = await listen(server);
  const upload = () => new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc', () => socket.destroy());
    }).on('error', () => {}).on('close', resolve);
  });
  const download = () => new Promise((resolve) => {
    http.get({ port, host: '127.0.0.1', agent: false }, (res) => res.on('error', () => {}).destroy())
      .on('error', () => {}).on('close', resolve);
  });
  const run = async (count) => {
    for (let done = 0; done < count; done += 50) {
      await Promise.all(Array.from({ length: 25 }, () => Promise.all([upload(), download()])));
    }
    while ((await connectionsOf(server)) > 0) await new Promise((resolve) => setImmediate(resolve));
  };
  await run(100);
  const before = [descriptors(), await heldMemory(), process.memoryUsage().rss];
  await run(REPEATS);
  assert.ok(Math.abs(descriptors() - before[0]) <= 2, `${before[0]} descriptors, then ${descriptors()}`);
  const grown = await heldMemory() - before[1];
  assert.ok(grown < 4 * MEGABYTE, `memory has grown by ${grown}`);
  assert.ok(aborted > 0);
  if (process.env.IRONODE_REPEATS) {
    const [rssBefore, rss] = [before[2], process.memoryUsage().rss].map((size) => Math.round(size / MEGABYTE));
    console.log(`${REPEATS} cut off: ${before[0]} descriptors before, ${descriptors()} now; ` +
      `${Math.round(grown / 1024)} KB more held; RSS ${rssBefore} MB before, ${rss} MB now`);
  }
  await close(server);
}

function connectionsOf(server) {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

/** A client that never reads does not make a server grow that heeds what `write()` returns. */
async function neverReads() {
  let written = 0;
  let stopped;
  const server = http.createServer((req, res) => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = () => {
      while (res.write(chunk)) written += chunk.length;
      written += chunk.length;
    };
    res.on('drain', more).on('error', () => {}).on('close', () => stopped());
    more();
  });
  const port = await listen(server);
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  let last = -1;
  while (last !== written || written === 0) {
    last = written;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  assert.ok(written < 32 * MEGABYTE, `${written} bytes are on their way`);
  const over = new Promise((resolve) => {
    stopped = resolve;
  });
  socket.destroy();
  await over;
  await close(server);
}

/** What a handler throws is an uncaught exception; others are still served. */
async function throwingHandler() {
  const server = http.createServer((req, res) => {
    if (req.url === '/throw') throw new Error('from the handler');
    res.end('served');
  });
  const port = await listen(server);
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  socket.on('data', () => assert.fail('it was answered'));
  const caught = once(process, 'uncaughtException');
  socket.write('GET /throw HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.strictEqual((await caught)[0].message, 'from the handler');
  const answer = await answerTo(port, ['GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'], 1);
  assert.match(answer, /served$/);
  socket.destroy();
  await close(server);
}

/** Clients of servers that lie. */
async function lyingServers() {
  let answer;
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    answer(socket);
  });
  const port = await listen(server);
  const ask = (how, options) => new Promise((resolve) => {
    answer = how;
    const events = [];
    const req = http.get({ port, host: '127.0.0.1', agent: false, ...options }, (res) => {
      events.push(res.statusCode);
      let length = 0;
      res.on('data', (chunk) => {
        length += chunk.length;
      }).on('error', (error) => events.push(error.code)).on('close', () => events.push(length, res.complete));
    });
    req.on('error', (error) => events.push(error.code));
    req.on('close', () => setImmediate(resolve, events));
  });
  const says = (text) => (socket) => socket.once('data', () => socket.end(text, 'latin1'));
  const repeats = (first, text, count = Infinity) => (socket) => socket.once('data', () => {
    socket.write(first);
    const timer = setInterval(() => {
      if (count-- > 0) socket.write(text);
      else socket.end();
    }, 1);
    socket.on('close', () => clearInterval(timer));
  });
  const ok = 'HTTP/1.1 200 OK\r\n';
  assert.deepStrictEqual(await ask(repeats(ok, `A: ${'b'.repeat(4000)}\r\n`)), ['HPE_HEADER_OVERFLOW']);
  assert.deepStrictEqual(await ask(repeats('', 'HTTP/1.1 103 E\r\n\r\n', 30)), ['ECONNRESET']);
  assert.deepStrictEqual(await ask(says(`${ok}Content-Length: 10\r\n\r\nabc`)), [200, 'ECONNRESET', 3, false]);
  assert.deepStrictEqual(await ask(says(`${ok}Content-Length: 2\r\n\r\nabGARBAGE`)),
    [200, 'HPE_INVALID_CONSTANT', 2, true]);
  assert.deepStrictEqual(await ask(says('')), ['ECONNRESET']);
  assert.deepStrictEqual(await ask(says('GARBAGE\r\n\r\n')), ['HPE_INVALID_CONSTANT']);
  const early = `${ok}Content-Length: 1\r\n\r\na`;
  assert.deepStrictEqual(await ask((socket) => socket.end(early)), [200, 1, true]);
  const two = `${early}HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n`;
  assert.deepStrictEqual(await ask(says(two)), [200, 1, true]);
  server.close();
}

(async () => {
  await slowSenders();
  await slowReader();
  await refusals();
  await cutOff();
  await neverReads();
  await lyingServers();
  await throwingHandler();
})();
