// node-fetch: bodies, headers, compressed answers, redirects, aborting.
'use strict';
const { default: fetch, FormData, Headers, AbortError, FetchError } = require('node-fetch');
const http = require('http');
const zlib = require('zlib');

const server = http.createServer((req, res) => {
  if (req.url === '/zip') return res.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync('zipped'));
  if (req.url === '/br') return res.writeHead(200, { 'content-encoding': 'br' }).end(zlib.brotliCompressSync('brotli'));
  if (req.url === '/away') return res.writeHead(307, { location: '/echo' }).end();
  if (req.url === '/cut') { res.writeHead(200, { 'content-length': 100 }); res.write('x'); return setTimeout(() => res.destroy(), 10); }
  if (req.url === '/never') return undefined;
  return req.pipe(res);
}).listen(0, async () => {
  const base = `http://localhost:${server.address().port}`;
  console.log(await (await fetch(`${base}/zip`)).text(), await (await fetch(`${base}/br`)).text());
  const res = await fetch(`${base}/away`, { method: 'POST', body: 'kept' });
  console.log(res.redirected, res.ok, await res.text(), res.headers instanceof Headers);
  const form = new FormData();
  form.set('a', 'ü');
  console.log((await (await fetch(base, { method: 'POST', body: form })).text()).split('\r\n').slice(1, 4));
  console.log(await (await fetch('data:text/plain;base64,aGk=')).text());
  await fetch(`${base}/cut`).then((it) => it.text()).catch((error) => console.log(error.name, error.code));
  await fetch('http://localhost:1').catch((error) => console.log(error instanceof FetchError, error.code, error.type));
  await fetch(`${base}/never`, { signal: AbortSignal.timeout(20) }).catch((error) => console.log(error instanceof AbortError, error.name));
  let size = 0;
  for await (const chunk of (await fetch(base, { method: 'PUT', body: Buffer.alloc(300000) })).body) size += chunk.length;
  console.log(size);
  server.close();
  server.closeAllConnections();
});
