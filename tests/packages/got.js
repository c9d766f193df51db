// got: retries, hooks, pagination, streams, errors.
'use strict';
const { got } = require('got');
const http = require('http');

let tries = 0;
const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://x');
  if (url.pathname === '/retry') return res.writeHead(++tries < 3 ? 503 : 200, { 'retry-after': '0' }).end('at last');
  if (url.pathname === '/page') { const n = Number(url.searchParams.get('n') ?? 0); if (n < 2) res.setHeader('link', `<http://${req.headers.host}/page?n=${n + 1}>; rel="next"`); return res.end(JSON.stringify([n * 2, n * 2 + 1])); }
  if (url.pathname === '/bad') return res.writeHead(404).end('none');
  return req.pipe(res);
}).listen(0, async () => {
  const client = got.extend({ prefixUrl: `http://localhost:${server.address().port}`, retry: { backoffLimit: 1 } });
  console.log(await client.post('echo', { json: { a: 1 } }).json(), await client.put('echo', { form: { a: 'b' } }).text());
  console.log(await client('retry').text(), tries);
  console.log(await client.paginate.all('page'));
  await client('bad').catch((error) => console.log(error.name, error.code, error.response.body));
  await client('not json').json().catch((error) => console.log(error.name, error.code));
  const hooked = client.extend({ hooks: { beforeRequest: [(options) => { options.headers['x-h'] = '1'; }], afterResponse: [(response) => { response.body = `${response.body}!`; return response; }] } });
  console.log(await hooked.post('echo', { body: 'text' }).text());
  const { pipeline } = require('stream/promises');
  const chunks = [];
  await pipeline(['one ', 'two'], client.stream.post('echo'), async (source) => { for await (const chunk of source) chunks.push(chunk); });
  console.log(Buffer.concat(chunks).toString());
  await client.post('echo', { body: new (require('stream').Readable)({ read() {} }), timeout: { request: 30 }, retry: { limit: 0 } }).catch((error) => console.log(error.name, error.event));
  server.close();
  server.closeAllConnections();
});
