// `fetch` against servers of our own: bodies both ways, redirects, codings, ends of every kind, connections.
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import zlib from 'node:zlib';

const big = Buffer.alloc(3_000_000, 'what flows must arrive. ');
const sockets = new Set();
const handlers = {
  '/echo': (request, response) => {
    response.writeHead(200, { 'x-method': request.method, 'x-type': request.headers['content-type'] ?? 'none' });
    request.pipe(response);
  },
  '/big': (request, response) => response.writeHead(200, { 'content-length': big.byteLength }).end(big),
  '/gzip': (request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(zlib.gzipSync(big));
  },
  '/twice': (request, response) => {
    response.writeHead(200, { 'content-encoding': 'deflate, br' });
    response.end(zlib.brotliCompressSync(zlib.deflateSync('both')));
  },
  '/raw-deflate': (request, response) => {
    response.writeHead(200, { 'content-encoding': 'deflate' });
    response.end(zlib.deflateRawSync('without a header'));
  },
  '/no-gzip': (request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end('this is not gzip');
  },
  '/cookies': (request, response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end(),
  '/loop': (request, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/see-other': (request, response) => response.writeHead(303, { location: '/echo' }).end('gone'),
  '/temporary': (request, response) => {
    request.resume().on('end', () => response.writeHead(307, { location: '/echo#there' }).end());
  },
  '/empty': (request, response) => response.writeHead(204).end(),
  '/never': () => {},
  '/slowly': (request, response) => response.write('begin'),
};
const server = http.createServer((request, response) => handlers[request.url](request, response));
server.on('connection', (socket) => sockets.add(socket));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const at = (path) => `http://127.0.0.1:${server.address().port}${path}`;

// Bodies of every kind are sent and come back.
const form = new FormData();
form.append('text', 'ä\r\n"quoted"');
form.append('file', new File(['content'], 'ü.txt', { type: 'text/x' }));
for (const [body, text, type] of [
  ['text', 'text', 'text/plain;charset=UTF-8'],
  [new URLSearchParams({ a: 'b c' }), 'a=b+c', 'application/x-www-form-urlencoded;charset=UTF-8'],
  [new Blob(['blob'], { type: 'a/b' }), 'blob', 'a/b'],
  [new Uint8Array([104, 105]), 'hi', 'none'],
  [new ReadableStream({ start: (c) => (c.enqueue(new Uint8Array([111, 107])), c.close()) }), 'ok', 'none'],
  [(async function* () { yield Buffer.from('one '); yield Buffer.from('two'); })(), 'one two', 'none'],
]) {
  const response = await fetch(at('/echo'), { method: 'POST', body, duplex: 'half' });
  assert.deepStrictEqual([await response.text(), response.headers.get('x-type')], [text, type]);
}
const returned = await (async () => {
  const response = await fetch(at('/echo'), { method: 'POST', body: form });
  const type = response.headers.get('x-type');
  return new Response(await response.arrayBuffer(), { headers: { 'content-type': type } }).formData();
})();
assert.strictEqual(returned.get('text'), 'ä\r\n"quoted"');
assert.strictEqual(returned.get('file').name, 'ü.txt');
assert.strictEqual(await returned.get('file').text(), 'content');

// Large bodies, whole and compressed; codings one upon the other.
assert.ok(big.equals(await (await fetch(at('/big'))).bytes()));
assert.ok(big.equals(Buffer.from(await (await fetch(at('/gzip'))).arrayBuffer())));
assert.strictEqual(await (await fetch(at('/twice'))).text(), 'both');
assert.strictEqual(await (await fetch(at('/raw-deflate'))).text(), 'without a header');
const broken = await (await fetch(at('/no-gzip'))).text().catch((error) => error);
assert.deepStrictEqual([broken.name, broken.message, broken.cause.code], ['TypeError', 'terminated', 'Z_DATA_ERROR']);
let read = 0;
for await (const chunk of (await fetch(at('/big'))).body) read += chunk.byteLength;
assert.strictEqual(read, big.byteLength);

// Heads.
const cookies = await fetch(at('/cookies'));
assert.deepStrictEqual(cookies.headers.getSetCookie(), ['a=1', 'b=2']);
assert.throws(() => cookies.headers.set('a', 'b'), { name: 'TypeError', message: 'immutable' });
const empty = await fetch(at('/empty'));
assert.deepStrictEqual([empty.status, empty.body, empty.statusText], [204, null, 'No Content']);
assert.strictEqual((await fetch(at('/big'), { method: 'HEAD' })).headers.get('content-length'), '3000000');

// Redirects.
const other = await fetch(at('/see-other'), { method: 'PUT', body: 'lost' });
assert.deepStrictEqual([other.headers.get('x-method'), other.redirected, other.url, await other.text()],
  ['GET', true, at('/echo'), '']);
const temporary = await fetch(at('/temporary'), { method: 'PUT', body: 'kept' });
assert.deepStrictEqual([temporary.headers.get('x-method'), temporary.url, await temporary.text()],
  ['PUT', at('/echo'), 'kept']);
await assert.rejects(fetch(at('/loop')), (error) => error.cause.message === 'redirect count exceeded');
const stream = new ReadableStream({ start: (c) => (c.enqueue(new Uint8Array(1)), c.close()) });
await assert.rejects(fetch(at('/temporary'), { method: 'PUT', body: stream, duplex: 'half' }), { message: 'fetch failed' });

// Integrity.
const hash = `sha256-${createHash('sha256').update(big).digest('base64')}`;
assert.strictEqual((await (await fetch(at('/big'), { integrity: hash })).bytes()).byteLength, big.byteLength);
await assert.rejects(fetch(at('/cookies'), { integrity: hash }), (error) => error.cause.message === 'integrity mismatch');

// Aborting before the head, and in the midst of the body.
const before = new AbortController();
const never = fetch(at('/never'), { signal: before.signal });
setImmediate(() => before.abort(new Error('enough')));
await assert.rejects(never, { message: 'enough' });
const during = new AbortController();
const slow = await fetch(at('/slowly'), { signal: during.signal });
const reader = slow.body.getReader();
assert.strictEqual(new TextDecoder().decode((await reader.read()).value), 'begin');
during.abort();
await assert.rejects(reader.read(), { name: 'AbortError' });
await assert.rejects(fetch(at('/never'), { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });

// A connection serves one request after the other.
sockets.clear();
for (let i = 0; i < 20; i++) await (await fetch(at('/echo'), { method: 'POST', body: `${i}` })).text();
assert.ok(sockets.size <= 2, `${sockets.size} new connections`);

// A server that closes what it has kept, and one that answers nothing.
let requests = 0;
const closing = net.createServer((socket) => {
  socket.on('error', () => {}).once('data', () => {
    requests++;
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
}).listen(0, '127.0.0.1');
await once(closing, 'listening');
const closes = `http://127.0.0.1:${closing.address().port}/`;
for (let i = 0; i < 5; i++) assert.strictEqual(await (await fetch(closes)).text(), 'ok');
assert.strictEqual(requests, 5);
closing.close();
await once(closing, 'close');
await assert.rejects(fetch(closes), (error) => error.message === 'fetch failed' && error.cause.code === 'ECONNREFUSED');

server.close();
server.closeAllConnections();
