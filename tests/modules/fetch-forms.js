// What fetch makes of bodies and fields that are at the edge of their formats: forms, ranges of blobs, chunks, codings.
'use strict';

const assert = require('assert');
const http = require('http');
const zlib = require('zlib');

const part = (disposition, body = 'v') => `--x\r\nContent-Disposition: ${disposition}\r\n\r\n${body}\r\n--x--`;

async function decode(body, boundary = 'x') {
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return [...await new Response(body, { headers }).formData()];
}

async function testForms() {
  const plain = 'form-data; name="a"';
  assert.deepStrictEqual(await decode(`preamble\r\n${part(plain)}`), [['a', 'v']]);
  assert.deepStrictEqual(await decode(part('form-data; name=a')), [['a', 'v']]);
  assert.deepStrictEqual(await decode(part('FORM-DATA;NAME="%0d%0A%22%41"')), [['\r\n"%41', 'v']]);
  assert.deepStrictEqual(await decode(part(plain, '\ufeffq')), [['a', '\ufeffq']]);
  const [[name, file]] = await decode(part("form-data; filename=z; name=\"a\"; filename*=UTF-8''%e2%82%ac"));
  assert.deepStrictEqual([name, file.name, file.type], ['a', '\u20ac', 'text/plain']);
  const failures = [
    ['', 'no boundary found in multipart body'],
    [part('form-data; filename="q"'), 'name attribute is required in content-disposition header'],
    [part('attachment; name="a"'), 'expected form-data for content-disposition header'],
    [part('form-data; name="a'), 'Closing quote not found'],
    [part('form-data; name="a\\"b"'), 'expected CRLF'],
    [part("form-data; name=a; filename*=latin1''q"), "unknown encoding, expected utf-8''"],
    [`--x\r\nContent-Disposition: ${plain}\r\nv\r\n--x--`, 'expected :'],
    [part(plain, 'v--x'), 'expected CRLF'],
  ];
  for (const [body, message] of failures) {
    await assert.rejects(decode(body), ({ cause }) => cause.message === message, message);
  }
  const urlencoded = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  assert.deepStrictEqual([...await new Response('\ufeffa=b', urlencoded).formData()], [['\ufeffa', 'b']]);
}

async function testBlobs() {
  const blob = new Blob(['abcdefghij']);
  assert.deepStrictEqual(
    await Promise.all([[1.5], [2.5], [-2.5], [0, 1.5], [0.5, 1]].map((range) => blob.slice(...range).text())),
    ['cdefghij', 'cdefghij', 'ij', 'ab', 'a']
  );
  const url = URL.createObjectURL(blob);
  const read = async (range) => {
    const response = await fetch(url, { headers: { range } });
    return [response.status, response.headers.get('content-range'), await response.text()];
  };
  assert.deepStrictEqual(await read('bytes=1-3'), [206, 'bytes 1-3/10', 'bcd']);
  assert.deepStrictEqual(await read('bytes=-3'), [206, 'bytes 7-9/10', 'hij']);
  assert.deepStrictEqual(await read('bytes = 8 - 20'), [206, 'bytes 8-9/10', 'ij']);
  for (const range of ['bytes=10-', 'bytes=3-2', 'bytes=-', 'lines=1-2', 'bytes=0-0,2-3']) {
    await assert.rejects(read(range), { message: 'fetch failed' });
  }
  await assert.rejects(fetch(`${url}?query`), { message: 'fetch failed' });
  assert.strictEqual((await fetch(`${url}#fragment`)).status, 200);
}

async function testServer() {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    if (pathname === '/trailing') {
      response.setHeader('content-encoding', 'deflate');
      response.end(Buffer.concat([zlib.deflateSync('data'), Buffer.from('trailing')]));
    } else if (pathname === '/cut') {
      response.setHeader('content-encoding', 'zstd');
      response.end(zlib.zstdCompressSync('data'.repeat(100)).subarray(0, -6));
    } else {
      request.pipe(response.setHeader('x-connection', request.headers.connection));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  assert.strictEqual(await (await fetch(`${url}/trailing`)).text(), 'data');
  await assert.rejects((await fetch(`${url}/cut`)).text(), ({ cause }) => cause.code === 'Z_BUF_ERROR');

  const send = async (body, headers) => fetch(url, { method: 'POST', body, duplex: 'half', headers });
  const stream = (chunk) => new ReadableStream({
    start(controller) {
      controller.enqueue(chunk);
      controller.close();
    },
  });
  assert.strictEqual(await (await send(stream('text'))).text(), 'text');
  assert.strictEqual(await (await send(stream(new Uint16Array([0x4142])))).text(), 'BA');
  await assert.rejects(send(stream(5)), ({ cause }) => cause.code === 'ERR_INVALID_ARG_TYPE');
  assert.strictEqual(await (await send(new Uint8Array(new SharedArrayBuffer(2)))).text(), '0,0');
  assert.strictEqual((await send('', { connection: 'x, Close' })).headers.get('x-connection'), 'close');
  assert.strictEqual((await send('', { connection: 'other' })).headers.get('x-connection'), 'keep-alive');
  await assert.rejects(send('', { connection: '' }), ({ cause }) => cause.code === 'UND_ERR_INVALID_ARG');
  server.close();
  server.closeAllConnections();
}

async function testIterables() {
  async function* pieces() {
    yield '';
    yield 'a';
    yield new Uint8Array(0);
    yield [66];
  }
  assert.strictEqual(await new Response(pieces()).text(), 'aB');
  async function* wrong() { yield 5; }
  await assert.rejects(new Response(wrong()).text(), { code: 'ERR_INVALID_ARG_TYPE' });
}

let hasEnded = false;
testForms().then(testBlobs).then(testServer).then(testIterables).then(() => { hasEnded = true; });
process.on('exit', () => assert.ok(hasEnded));
