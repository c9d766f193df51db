// express 4: views, parameters, errors, `res.format`, `sendFile`.
'use strict';
const express = require('express-4');
const fs = require('fs');
const http = require('http');
const path = require('path');

fs.mkdirSync('views', { recursive: true });
fs.writeFileSync('views/hello.tpl', 'Hello, {name}!');
fs.utimesSync('views/hello.tpl', 1e9, 1e9);
const app = express();
app.engine('tpl', (file, options, callback) => {
  fs.readFile(file, 'utf8', (error, text) => callback(error, text?.replace('{name}', options.name)));
});
app.set('view engine', 'tpl').set('views', path.resolve('views'));
app.param('id', (req, res, next, id) => { req.number = Number(id); next(Number.isNaN(req.number) ? new Error('no number') : undefined); });
app.get('/view/:name', (req, res) => res.render('hello', { name: req.params.name }));
app.get('/item/:id', (req, res) => res.json({ number: req.number, secure: req.secure, ip: req.ip.replace('::ffff:', ''), fresh: req.fresh }));
app.get('/format', (req, res) => res.format({ json: () => res.json([1]), html: () => res.send('<i>1</i>') }));
app.get('/file', (req, res, next) => res.sendFile(path.resolve('views/hello.tpl'), { lastModified: false, headers: { 'X-A': 'b' } }, (error) => error && next(error)));
app.get('/missing', (req, res) => res.sendFile(path.resolve('views/none'), (error) => res.status(error.status).send(error.code)));
app.use((error, req, res, next) => res.status(500).send(error.message));

const server = http.createServer(app).listen(0, async () => {
  const base = `http://localhost:${server.address().port}`;
  for (const [where, headers] of [['/view/ann'], ['/item/12'], ['/item/x'], ['/format', { accept: 'text/html' }],
    ['/format', { accept: 'application/json' }], ['/format', { accept: 'image/png' }], ['/file'], ['/missing'], ['/nothing']]) {
    const res = await fetch(base + where, { headers: { accept: '*/*', ...headers } });
    console.log(where, res.status, res.headers.get('content-type'), res.headers.get('etag'), JSON.stringify(await res.text()));
  }
  server.close();
  server.closeAllConnections();
});
