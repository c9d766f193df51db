// Bodies of answers that come whole with their head, in parts, and not at all; and bodies that were read.
'use strict';

const assert = require('assert');
const http = require('http');

const LARGE = 'x'.repeat(300_000);

const server = http.createServer((req, res) => {
  switch (req.url) {
    case '/small': return res.end('hello');
    case '/empty': return res.end();
    case '/none': return res.writeHead(204).end();
    case '/chunks':
      res.write('he');
      res.write('ll');
      return res.end('o');
    case '/large': return res.end(LARGE);
    case '/slow':
      res.write('he');
      return setTimeout(() => res.end('llo'), 30);
    case '/cut':
      res.writeHead(200, { 'Content-Length': 10 });
      res.write('he');
      return setTimeout(() => res.destroy(), 30);
    case '/broken': return res.socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\nzz\r\n');
    default: return res.writeHead(302, { Location: '/small' }).end('elsewhere');
  }
});

async function partsOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part).toString('latin1'));
  return parts;
}

async function main() {
  const base = `http://127.0.0.1:${server.address().port}`;
  const get = (path, init) => fetch(base + path, init);

  for (const path of ['/small', '/chunks', '/slow', '/redirect']) {
    assert.strictEqual(await (await get(path)).text(), 'hello');
    assert.strictEqual((await partsOf((await get(path)).body)).join(''), 'hello');
    const response = await get(path);
    const copy = response.clone();
    assert.deepStrictEqual([await response.text(), await copy.text()], ['hello', 'hello']);
  }
  assert.strictEqual(await (await get('/large')).text(), LARGE);
  assert.strictEqual(await (await get('/empty')).text(), '');
  assert.strictEqual((await get('/none')).body, null);
  assert.deepStrictEqual(await partsOf((await get('/empty')).body), []);

  // What a program gets is its own, also where it gives it away.
  const response = await get('/small');
  const reader = response.body.getReader();
  const { value } = await reader.read();
  assert.deepStrictEqual([value.byteLength, value.buffer.byteLength], [5, 5]);
  structuredClone(value, { transfer: [value.buffer] });
  assert.strictEqual(await (await get('/small')).text(), 'hello');
  assert.strictEqual((await (await get('/small')).bytes()).buffer.byteLength, 5);

  // Whoever reads a body locks it for ever.
  for (const body of [await get('/small'), new Response('hello')]) {
    await body.arrayBuffer();
    assert.deepStrictEqual([body.bodyUsed, body.body.locked], [true, true]);
    await assert.rejects(body.text(), TypeError);
  }
  const given = new Response('hello');
  const again = given.clone();
  assert.deepStrictEqual([await given.text(), await again.text()], ['hello', 'hello']);

  // What ends too early has begun.
  for (const path of ['/cut', '/broken']) {
    const cut = await get(path);
    assert.strictEqual(cut.status, 200);
    await assert.rejects(cut.text(), { name: 'TypeError', message: 'terminated' });
  }

  // Fields are an answer's own, although the next one has the same.
  const first = await get('/small');
  const second = await get('/small');
  assert.notStrictEqual(first.headers, second.headers);
  assert.deepStrictEqual([...first.headers.keys()], [...second.headers.keys()]);
}

server.listen(0, '127.0.0.1', () => main().finally(() => {
  server.close();
  server.closeAllConnections();
}));
