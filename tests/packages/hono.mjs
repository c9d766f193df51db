// Hono on Node's server: routes, forms, server-sent events, compression, static files, tokens.
import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { sign, verify } from 'hono/jwt';
import { streamSSE } from 'hono/streaming';
import { once } from 'node:events';
import fs from 'node:fs';

fs.mkdirSync('files');
fs.writeFileSync('files/a.txt', 'a file');
const app = new Hono();
app.use(cors());
app.get('/', (c) => c.text('hi'));
app.get('/json/:x', (c) => c.json({ x: c.req.param('x'), q: c.req.query('q') }));
app.post('/json', async (c) => c.json(await c.req.json()));
app.post('/form', async (c) => {
  const body = await c.req.parseBody();
  return c.json({ name: body.file.name, text: await body.file.text(), a: body.a });
});
app.get('/events', (c) => streamSSE(c, async (stream) => {
  for (let i = 0; i < 3; i++) await stream.writeSSE({ data: `${i}`, id: `${i}` });
}));
app.get('/large', compress(), (c) => c.text('x'.repeat(5000)));
app.use('/files/*', serveStatic({ root: './' }));
app.get('/error', () => { throw new Error('thrown'); });
app.onError((error, c) => c.text(error.message, 500));

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
if (!server.listening) await once(server, 'listening');
const form = new FormData();
form.set('a', '1');
form.set('file', new File(['abc'], 'n.txt'));
const requests = [['/'], ['/json/\u00e9?q=1'], ['/json', { method: 'POST', body: '{"a":1}' }], ['/json', { method: 'POST', body: '{' }],
  ['/form', { method: 'POST', body: form }], ['/events'], ['/large'], ['/files/a.txt'], ['/files/../a'], ['/error'], ['/none'],
  ['/', { method: 'HEAD' }], ['/', { method: 'OPTIONS' }]];
for (const [path, init] of requests) {
  const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, init);
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'last-modified').map((it) => it.join(': '));
  console.log(path, response.status, headers.join('; '), JSON.stringify((await response.text()).slice(0, 90)));
}
const token = await sign({ a: 1 }, 'key');
console.log(token, await verify(token, 'key', 'HS256'));
server.close();
await once(server, 'close');
console.log('closed');
