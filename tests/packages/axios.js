// axios: JSON, parameters, interceptors, errors, forms, streams, aborting, redirects.
'use strict';
const axios = require('axios');
const http = require('http');

const server = http.createServer((req, res) => {
  let body = '';
  req.setEncoding('utf8').on('data', (chunk) => { body += chunk; }).on('end', () => {
    const { pathname } = new URL(req.url, 'http://x');
    if (pathname === '/redirect') return res.writeHead(302, { location: '/get?from=redirect' }).end();
    if (pathname === '/slow') return undefined;
    if (pathname === '/fail') return res.writeHead(503, { 'content-type': 'application/json' }).end('{"reason":"busy"}');
    const type = req.headers['content-type']?.replace(/boundary=.*/, 'boundary=<b>');
    res.setHeader('content-type', 'application/json');
    return res.end(JSON.stringify({ method: req.method, url: req.url, type, own: req.headers['x-own'], body: body.replace(/--+[\w-]+/g, '<b>') }));
  });
}).listen(0, async () => {
  const client = axios.create({ baseURL: `http://localhost:${server.address().port}`, headers: { 'X-Own': 'yes' } });
  client.interceptors.request.use((config) => { config.params = { ...config.params, added: 1 }; return config; });
  client.interceptors.response.use((response) => { response.data.seen = true; return response; });
  const show = async (promise) => promise.then((it) => console.log(it.status, it.data), (error) => console.log(error.name, error.code, error.message, error.response?.data));
  await show(client.get('/get', { params: { a: [1, 2], d: new Date(0), n: null } }));
  await show(client.post('/post', { deep: { value: [1] } }));
  await show(client.put('/form', new URLSearchParams({ a: 'b c' })));
  await show(client.postForm('/multipart', { text: 'x', list: [1, 2], file: new Blob(['content']) }));
  await show(client.get('/redirect'));
  await show(client.get('/fail'));
  await show(client.get('/slow', { timeout: 50 }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  await show(client.get('/slow', { signal: abort.signal }));
  await show(client.get('http://localhost:1/'));
  await show(client.get('/get', { adapter: 'fetch' }));
  const stream = await client.get('/get', { responseType: 'stream', transformResponse: [] });
  let length = 0;
  for await (const chunk of stream.data) length += chunk.length;
  console.log(length > 10);
  server.close();
  server.closeAllConnections();
});
