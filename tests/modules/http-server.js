// Servers of `http`, as the bytes that they send.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');

/** What a server sends for `chunks`, which are written one after the other, until the connection ends. */
function talk(server, ...chunks) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.address().port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => { text += data.toString('latin1'); });
    socket.on('error', reject);
    socket.on('close', () => resolve(text.replace(/Date: [^\r]*GMT/g, 'Date: D')));
    const next = () => {
      const chunk = chunks.shift();
      if (chunk === undefined) return;
      socket.write(chunk, 'latin1', () => setImmediate(next));
    };
    next();
  });
}

async function serve(options, handler, use) {
  if (typeof options === 'function') [options, handler, use] = [{}, options, handler];
  const server = http.createServer(options, handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(server);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

const CLOSE = 'Host: h\r\nConnection: close\r\n\r\n';
const KEEP = 'Host: h\r\n\r\n';
const alive = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n';

const handlers = {
  '/string': (req, res) => res.end('h€llo'),
  '/buffer': (req, res) => res.end(Buffer.from([0, 255])),
  '/latin1': (req, res) => res.end('é', 'latin1'),
  '/hex': (req, res) => res.end('6869', 'hex'),
  '/nothing': (req, res) => res.end(),
  '/together': (req, res) => {
    res.write('a');
    res.write(Buffer.from('b'));
    res.end('c');
  },
  '/apart': (req, res) => {
    res.write('a');
    setImmediate(() => res.end('b'));
  },
  '/length': (req, res) => {
    res.writeHead(200, { 'Content-Length': 2 });
    res.write('a');
    res.end('b');
  },
  '/header': (req, res) => {
    res.setHeader('X-A', ['1', '2']);
    res.writeHead(201, 'Made', { 'x-a': 3, 'X-B': 'é' });
    res.end('b');
  },
  '/list': (req, res) => res.writeHead(200, ['X', '1', 'x', '2']).end(),
  '/empty': (req, res) => {
    res.statusCode = 204;
    res.end('dropped');
  },
  '/trailers': (req, res) => {
    res.write('a');
    res.addTrailers({ 'X-T': 't' });
    res.end();
  },
  '/informational': (req, res) => {
    res.writeProcessing();
    res.writeEarlyHints({ link: '</a>; rel=preload' });
    res.end('x');
  },
  '/echo': (req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (data) => { body += data; });
    req.on('end', () => res.end(JSON.stringify([req.method, body, req.trailers, req.complete])));
  },
  '/late': (req, res) => setTimeout(() => res.end('late'), 5),
};

const answer = (req, res) => handlers[req.url](req, res);

const expected = {
  '/string': 'Content-Length: 7\r\n\r\nh\xe2\x82\xacllo',
  '/buffer': 'Content-Length: 2\r\n\r\n\x00\xff',
  '/latin1': 'Content-Length: 1\r\n\r\n\xe9',
  '/hex': 'Content-Length: 2\r\n\r\nhi',
  '/nothing': 'Content-Length: 0\r\n\r\n',
  '/together': 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  '/apart': 'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n',
  '/trailers': 'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: t\r\n\r\n',
};

async function testBytes() {
  await serve(answer, async (server) => {
    for (const [path, rest] of Object.entries(expected)) {
      assert.strictEqual(
        await talk(server, `GET ${path} HTTP/1.1\r\n${CLOSE}`),
        `HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n${rest}`, path);
      // The same behind and before others on one connection.
      const text = await talk(
        server, `GET /late HTTP/1.1\r\n${KEEP}GET ${path} HTTP/1.1\r\n${KEEP}GET /nothing HTTP/1.1\r\n${CLOSE}`);
      const late = `HTTP/1.1 200 OK\r\nDate: D\r\n${alive}Content-Length: 4\r\n\r\nlate`;
      assert.ok(text.startsWith(`${late}HTTP/1.1 200 OK\r\nDate: D\r\n${alive}`), path);
      assert.ok(text.endsWith('Connection: close\r\nContent-Length: 0\r\n\r\n'), path);
    }
    assert.strictEqual(
      await talk(server, `GET /length HTTP/1.1\r\n${CLOSE}`),
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: D\r\nConnection: close\r\n\r\nab');
    assert.strictEqual(
      await talk(server, `GET /header HTTP/1.1\r\n${CLOSE}`),
      'HTTP/1.1 201 Made\r\nx-a: 3\r\nX-B: \xe9\r\nDate: D\r\nConnection: close\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n');
    assert.strictEqual(
      await talk(server, `GET /list HTTP/1.1\r\n${CLOSE}`),
      'HTTP/1.1 200 OK\r\nX: 1\r\nx: 2\r\nDate: D\r\nConnection: close\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
    assert.strictEqual(
      await talk(server, `GET /empty HTTP/1.1\r\n${CLOSE}`),
      'HTTP/1.1 204 No Content\r\nDate: D\r\nConnection: close\r\n\r\n');
    assert.strictEqual(
      await talk(server, `GET /informational HTTP/1.1\r\n${CLOSE}`),
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx');
    assert.strictEqual(
      await talk(server, `HEAD /string HTTP/1.1\r\n${CLOSE}`),
      'HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n\r\n');
    assert.strictEqual(
      await talk(server, 'GET /together HTTP/1.0\r\n\r\n'), 'HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n\r\nabc');
  });
}

/** A body is the same however it arrives. */
async function testBodies() {
  const chunked = `POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${CLOSE}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n`;
  const sized = `PUT /echo HTTP/1.1\r\nContent-Length: 5\r\n${CLOSE}abcde`;
  await serve(answer, async (server) => {
    for (const [request, result] of [
      [chunked, '["POST","abcde",{"t":"1"},true]'], [sized, '["PUT","abcde",{},true]'],
    ]) {
      for (let at = 1; at < request.length; at += 7) {
        const text = await talk(server, request.slice(0, at), request.slice(at));
        assert.ok(text.endsWith(`\r\n\r\n${result}`), `${at}: ${text}`);
      }
    }
  });
}

/** What is no request is answered by the server, or by the program. */
async function testFaults() {
  const refused = (line) => `HTTP/1.1 ${line}\r\nConnection: close\r\n\r\n`;
  await serve({ maxHeaderSize: 1000 }, answer, async (server) => {
    assert.strictEqual(await talk(server, 'nonsense\r\n\r\n'), refused('400 Bad Request'));
    assert.strictEqual(
      await talk(server, `GET / HTTP/1.1\r\nX: ${'x'.repeat(2000)}\r\n\r\n`),
      refused('431 Request Header Fields Too Large'));
    assert.strictEqual(
      await talk(server, 'GET /string HTTP/1.1\r\n\r\n'),
      'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nDate: D\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
    const seen = [];
    server.on('clientError', (error, socket) => {
      seen.push([error.code, error.bytesParsed, error.message, String(error.rawPacket)]);
      socket.end('sorry');
    });
    assert.strictEqual(await talk(server, 'GET / HTTP/7.7\r\n\r\n'), 'sorry');
    assert.deepStrictEqual(seen, [
      ['HPE_INVALID_VERSION', 14, 'Parse Error: Invalid HTTP version', 'GET / HTTP/7.7\r\n\r\n'],
    ]);
  });
}

async function testExpectations() {
  const request = `POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${CLOSE}`;
  await serve(answer, async (server) => {
    assert.match(await talk(server, request, 'ab'), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    assert.match(
      await talk(server, `GET /string HTTP/1.1\r\nExpect: much\r\n${CLOSE}`), /^HTTP\/1\.1 417 Expectation Failed\r\n/);
    server.on('checkContinue', (req, res) => res.writeHead(403).end());
    server.on('checkExpectation', (req, res) => res.writeHead(418).end());
    assert.match(await talk(server, request), /^HTTP\/1\.1 403 Forbidden\r\n/);
    assert.match(
      await talk(server, `GET /string HTTP/1.1\r\nExpect: much\r\n${CLOSE}`), /^HTTP\/1\.1 418 I'm a Teapot\r\n/);
  });
}

async function testLimits() {
  await serve(answer, async (server) => {
    server.maxRequestsPerSocket = 2;
    const dropped = [];
    server.on('dropRequest', (req) => dropped.push(req.url));
    const text = await talk(server, `GET /string HTTP/1.1\r\n${KEEP}`.repeat(3));
    assert.deepStrictEqual(
      text.match(/HTTP\/1.1 \d+|Connection: [a-z-]+|Keep-Alive: .*/g),
      [
        'HTTP/1.1 200', 'Connection: keep-alive', 'Keep-Alive: timeout=5, max=2', 'HTTP/1.1 200', 'Connection: close',
        'HTTP/1.1 503', 'Connection: close',
      ]);
    assert.deepStrictEqual(dropped, ['/string']);
  });
}

async function testOtherProtocols() {
  await serve(answer, async (server) => {
    server.on('upgrade', (req, socket, head) => {
      let body = '';
      let rest = `${head}`;
      const answer = () => {
        if (req.readableEnded && rest === 'rest') socket.end(`${req.url} ${body} ${rest}`);
      };
      req.on('data', (data) => { body += data; });
      req.on('end', answer);
      socket.on('data', (data) => {
        rest += data;
        answer();
      });
    });
    server.on('connect', (req, socket, head) => socket.end(`${req.url} ${head}`));
    const fields = 'Host: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n';
    assert.strictEqual(await talk(server, `GET /a HTTP/1.1\r\n${fields}\r\nrest`), '/a  rest');
    assert.strictEqual(
      await talk(server, `POST /b HTTP/1.1\r\n${fields}Content-Length: 4\r\n\r\nbodyrest`), '/b body rest');
    const chunked = `POST /c HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n`;
    for (const parts of [['4\r\nbody\r\n0\r\n\r\nrest'], ['4\r\nbo', 'dy\r\n0\r\n\r', '\nre', 'st']]) {
      assert.strictEqual(await talk(server, chunked, ...parts), '/c body rest');
    }
    assert.strictEqual(await talk(server, 'CONNECT c:1 HTTP/1.1\r\nHost: h\r\n\r\nrest'), 'c:1 rest');
  });
}

(async () => {
  await testBytes();
  await testBodies();
  await testFaults();
  await testExpectations();
  await testLimits();
  await testOtherProtocols();
})();
