// What fetch sends and what it makes of servers that misbehave; proxies and dispatchers.
import assert from 'node:assert';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

const echo = http.createServer((req, res) => {
  if (req.url === '/credentials') {
    res.writeHead(302, { location: `http://a:b@${req.headers.host}/` }).end();
    return;
  }
  if (req.url === '/again') {
    res.writeHead(307, { location: '/' }).end();
    return;
  }
  let body = '';
  req.setEncoding('latin1').on('data', (more) => {
    body += more;
  }).on('end', () => res.end(JSON.stringify({ url: req.url, fields: req.rawHeaders, body })));
});
const base = await listen(echo);
const { host } = new URL(base);
const get = async (init, path = '/') => (await fetch(base + path, init)).json();
const causeOf = async (promise) => {
  const error = await promise.then(() => assert.fail('it has not failed'), (reason) => reason);
  assert.strictEqual(error.message, 'fetch failed');
  return error.cause;
};

// What the program says about the connection is checked, and nothing is sent twice.
{
  const usual = ['accept', '*/*', 'accept-language', '*', 'sec-fetch-mode', 'cors', 'user-agent', 'node',
    'accept-encoding', 'gzip, deflate'];
  const start = ['host', host, 'connection', 'keep-alive'];
  assert.deepStrictEqual((await get({ headers: { host: 'other' } })).fields, [...start, ...usual]);
  const sent = await get({ method: 'POST', headers: { 'content-length': '3' }, body: 'abc' });
  assert.deepStrictEqual(sent.fields,
    [...start, 'content-type', 'text/plain;charset=UTF-8', ...usual, 'content-length', '3']);
  assert.strictEqual(sent.body, 'abc');
  const closing = await fetch(base, { headers: { connection: 'close' } });
  assert.strictEqual(closing.headers.get('connection'), 'close');
  assert.strictEqual((await closing.json()).fields.filter((name) => name === 'connection').length, 1);
  for (const connection of [undefined, 'keep-alive']) {
    const headers = connection === undefined ? {} : { connection };
    const { headers: told } = await fetch(base, { method: 'HEAD', headers });
    assert.strictEqual(told.get('connection'), 'close');
  }
  assert.ok((await get({ headers: { 'sec-fetch-mode': 'x' } })).fields.includes('cors'));
  assert.ok(!(await get({ referrer: `${base}/a#b`, referrerPolicy: 'no-referrer' })).fields.includes('referer'));
  assert.ok((await get({ referrer: `${base}/a#b` })).fields.includes(`${base}/a`));
  assert.ok((await get({ referrer: 'http://other/a' })).fields.includes('http://other/'));

  for (const name of ['transfer-encoding', 'upgrade', 'keep-alive']) {
    const cause = await causeOf(fetch(base, { headers: { [name]: 'chunked' } }));
    assert.strictEqual(cause.message, `invalid ${name} header`);
    assert.strictEqual(cause.code, 'UND_ERR_INVALID_ARG');
  }
  const expects = await causeOf(fetch(base, { headers: { expect: '100-continue' } }));
  assert.strictEqual(expects.code, 'UND_ERR_NOT_SUPPORTED');
  const short = await causeOf(fetch(base, { method: 'POST', headers: { 'content-length': '4' }, body: 'abc' }));
  assert.strictEqual(short.code, 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH');
  assert.deepStrictEqual(Object.keys(short), ['name', 'code', 'message']);
}

// Redirects.
{
  const cause = await causeOf(fetch(`${base}/credentials`));
  assert.strictEqual(cause.message, 'cross origin not allowed for request mode "cors"');
  const body = new Blob(['a']).stream();
  assert.strictEqual((await causeOf(fetch(`${base}/again`, { method: 'POST', body, duplex: 'half' }))).message, '');
  assert.strictEqual((await get({ method: 'POST', body: 'again' }, '/again')).body, 'again');
}

// Servers that misbehave.
{
  let answer;
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer, 'latin1'));
  });
  const url = await listen(server);
  const codes = {
    'HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\n': ['UND_ERR_SOCKET', 'bad response'],
    'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n': ['UND_ERR_SOCKET', 'bad upgrade'],
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n':
      ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Response body length does not match content-length header'],
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab':
      ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Response body length does not match content-length header'],
    [`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`]: ['UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error'],
  };
  for (const [text, expected] of Object.entries(codes)) {
    answer = text;
    const { code, message } = await causeOf(fetch(url));
    assert.deepStrictEqual([code, message], expected);
  }
  answer = 'HTTP/1.1 103 E\r\nLink: a\r\n\r\nHTTP/1.1 200 \xc3\xa9\r\nContent-Length: 1\r\n\r\naX';
  const response = await fetch(url);
  assert.strictEqual(response.statusText, 'é');
  assert.strictEqual(await response.text(), 'a');
  server.close();
}

// Proxies: plain requests are passed on, others go through a tunnel.
{
  const asked = [];
  const proxy = http.createServer((req, res) => {
    asked.push([req.method, req.url, req.headers.host, req.headers['proxy-authorization']]);
    res.end('proxied');
  });
  proxy.on('connect', (req, socket) => {
    asked.push([req.method, req.url, req.headers.host, req.headers['proxy-authorization']]);
    socket.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n');
  });
  const url = new URL(await listen(proxy));
  url.username = 'us er';
  url.password = 'pw';
  const restore = http.setGlobalProxyFromEnv({ http_proxy: url.href, no_proxy: '127.0.0.1' });
  assert.strictEqual(await (await fetch('http://nowhere.test/a?b#c')).text(), 'proxied');
  const cause = await causeOf(fetch('https://nowhere.test/a'));
  assert.strictEqual(cause.cause.code, 'UND_ERR_ABORTED');
  assert.strictEqual((await get()).url, '/');
  restore();
  const auth = `Basic ${btoa('us er:pw')}`;
  assert.deepStrictEqual(asked, [
    ['GET', 'http://nowhere.test/a?b', 'nowhere.test', auth],
    ['CONNECT', 'nowhere.test:443', 'nowhere.test', auth],
  ]);
  assert.strictEqual((await get()).url, '/');
  proxy.close();
}

// A dispatcher of the program's sends instead.
{
  let options;
  const dispatcher = {
    dispatch(given, handler) {
      options = given;
      const rawHeaders = ['A', 'b', 'Set-Cookie', '1', 'Set-Cookie', '2'];
      const controller = { rawHeaders, pause() {}, resume() {}, abort() {} };
      setImmediate(() => {
        handler.onRequestStart(controller, {});
        handler.onResponseStart(controller, 201, {}, 'Made');
        handler.onResponseData(controller, Buffer.from('up'));
        handler.onResponseEnd(controller, {});
      });
      return true;
    },
  };
  const response = await fetch('http://nowhere.test/p?q#f', { dispatcher, method: 'POST', body: 'abc' });
  assert.deepStrictEqual([response.status, response.statusText, await response.text()], [201, 'Made', 'up']);
  assert.deepStrictEqual(response.headers.getSetCookie(), ['1', '2']);
  assert.deepStrictEqual([options.path, options.origin, options.method], ['/p?q', 'http://nowhere.test', 'POST']);
  assert.strictEqual(options.headers['content-length'], '3');
  let sent = '';
  for await (const chunk of options.body) sent += Buffer.from(chunk).toString();
  assert.strictEqual(sent, 'abc');

  const slot = Symbol.for('undici.globalDispatcher.2');
  const before = globalThis[slot];
  globalThis[slot] = dispatcher;
  assert.strictEqual((await fetch('http://nowhere.test/')).status, 201);
  globalThis[slot] = before;
  const wrong = await causeOf(fetch(base, { dispatcher: {} }));
  assert.strictEqual(wrong.message, 'agent.dispatch is not a function');
}

echo.closeAllConnections();
echo.close();
