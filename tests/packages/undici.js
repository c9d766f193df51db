// undici: request, streams, pools, interceptors, mocks, fetch of its own.
'use strict';
const http = require('http');
const undici = require('undici');

const server = http.createServer((req, res) => {
  if (req.url === '/retry' && (server.tries = (server.tries ?? 0) + 1) < 3) return res.writeHead(500).end();
  res.setHeader('x-own', 'a');
  return req.pipe(res);
}).listen(0, async () => {
  const origin = `http://localhost:${server.address().port}`;
  const { statusCode, headers, body } = await undici.request(origin, { method: 'POST', body: '{"a":1}' });
  console.log(statusCode, headers['x-own'], await body.json());
  const pool = new undici.Pool(origin, { connections: 2 });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(async (n) => (await pool.request({ path: '/', method: 'PUT', body: `n${n}` })).body.text()));
  console.log(answers, pool.stats.size);
  await pool.close();
  const parts = [];
  const { Writable } = require('stream');
  await undici.stream(origin, { method: 'POST', body: 'streamed' }, () => new Writable({ write(chunk, encoding, done) { parts.push(String(chunk)); done(); } }));
  console.log(parts);
  const client = new undici.Client(origin).compose(undici.interceptors.retry({ minTimeout: 1, retry: undefined, statusCodes: [500] }));
  console.log((await client.request({ path: '/retry', method: 'GET' })).statusCode, server.tries);
  await client.close();
  const own = await undici.fetch(origin, { method: 'POST', body: new undici.FormData() });
  console.log(own.status, own.headers.get('x-own'), own instanceof undici.Response);
  const mock = new undici.MockAgent();
  mock.disableNetConnect();
  mock.get('http://mocked').intercept({ path: '/x', method: 'GET' }).reply(201, { mocked: true });
  const mocked = await undici.request('http://mocked/x', { dispatcher: mock });
  console.log(mocked.statusCode, await mocked.body.json());
  console.log(await undici.request('http://mocked/y', { dispatcher: mock }).catch((error) => error.name));
  undici.setGlobalDispatcher(mock);
  mock.get('http://global').intercept({ path: '/' }).reply(200, 'by the global one');
  console.log(await (await undici.fetch('http://global/')).text());
  console.log(undici.parseMIMEType('text/html;charset=utf-8').essence, new undici.Headers({ a: 'b' }).get('a'));
  await mock.close();
  server.close();
  server.closeAllConnections();
});
