// express 5: routers, middleware, bodies, errors of promises, static files, redirects and ranges.
'use strict';
const express = require('express');
const fs = require('fs');
const http = require('http');

fs.mkdirSync('public', { recursive: true });
fs.writeFileSync('public/page.html', '<h1>page</h1>\n');
fs.utimesSync('public/page.html', 1e9, 1e9);
const app = express();
app.disable('x-powered-by');
app.use(express.json(), express.urlencoded({ extended: true }), express.text());
app.use((req, res, next) => { res.set('X-Seen', `${req.method} ${req.path}`); next(); });
app.use('/files', express.static('public', { etag: true, lastModified: false }));
const router = express.Router({ mergeParams: true });
router.get('/:name{.:format}', (req, res) => res.json({ params: { ...req.params }, query: { ...req.query } }));
app.use('/users/:team', router);
app.post('/echo', (req, res) => res.status(201).send(req.body));
app.get('/go', (req, res) => res.redirect(301, '/users/a/b?c=1'));
app.get('/fail', async () => { throw Object.assign(new Error('refused'), { status: 418 }); });
app.get('/cookie', (req, res) => res.cookie('a', 'b c', { httpOnly: true }).type('txt').send('set'));
app.use((error, req, res, next) => { res.status(error.status ?? 500).json({ error: error.message, type: error.type }); });

const server = app.listen(0, async () => {
  const { port } = server.address();
  const ask = (method, path, headers = {}, body) => new Promise((resolve, reject) => {
    const req = http.request({ port, method, path, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => {
        const { date, ...shown } = res.headers;
        console.log(method, path, res.statusCode, JSON.stringify(shown), JSON.stringify(text));
        resolve(res);
      });
    });
    req.on('error', reject).end(body);
  });
  await ask('GET', '/users/red/ann.json?x[]=1&x[]=2');
  await ask('POST', '/echo', { 'content-type': 'application/json' }, '{"a":[1,2]}');
  await ask('POST', '/echo', { 'content-type': 'application/json' }, '{"a":');
  await ask('POST', '/echo', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1&b[c]=2');
  await ask('GET', '/go');
  await ask('GET', '/fail');
  await ask('GET', '/cookie');
  const page = await ask('GET', '/files/page.html');
  await ask('GET', '/files/page.html', { 'if-none-match': page.headers.etag });
  await ask('GET', '/files/page.html', { range: 'bytes=1-2' });
  await ask('HEAD', '/files/page.html');
  await ask('GET', '/none');
  await ask('OPTIONS', '/echo');
  server.close(() => console.log('closed'));
});
