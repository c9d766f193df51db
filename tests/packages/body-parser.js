// body-parser: JSON, forms, raw bytes, encodings, limits and their errors.
'use strict';
const bodyParser = require('body-parser');
const http = require('http');
const zlib = require('zlib');

const parsers = [bodyParser.json({ limit: '1kb', strict: true, reviver: (key, value) => (key === 'drop' ? undefined : value) }),
  bodyParser.urlencoded({ extended: true, parameterLimit: 3 }), bodyParser.raw({ type: 'application/octet-stream' }), bodyParser.text({ defaultCharset: 'utf-8' })];
const server = http.createServer((req, res) => {
  const next = (index) => (error) => {
    if (error) return res.writeHead(error.status ?? 500).end(`${error.type}: ${error.message}`);
    if (index < parsers.length) return parsers[index](req, res, next(index + 1));
    res.end(Buffer.isBuffer(req.body) ? `bytes ${req.body.toString('hex')}` : JSON.stringify(req.body) ?? 'nothing');
  };
  next(0)();
}).listen(0, async () => {
  const json = 'application/json';
  const form = 'application/x-www-form-urlencoded';
  for (const [type, body, more] of [[json, '{"a":1,"drop":2}'], [json, '"loose"'], [json, '[1,'], [json, `["${'x'.repeat(2000)}"]`],
    [json, zlib.gzipSync('{"zipped":true}'), { 'content-encoding': 'gzip' }], [json, zlib.brotliCompressSync('[2]'), { 'content-encoding': 'br' }],
    [json, '[3]', { 'content-encoding': 'strange' }], [`${json}; charset=utf-16le`, Buffer.from('{"wide":"ü"}', 'utf16le')],
    [form, 'a[b]=1&a[c]=2&d=%C3%BC'], [form, 'a=1&b=2&c=3&d=4'], ['application/octet-stream', Buffer.from([0, 255, 1])],
    ['text/plain; charset=iso-8859-1', Buffer.from('grün', 'latin1')], ['text/plain; charset=nonsense', 'x']]) {
    const res = await fetch(`http://localhost:${server.address().port}`, { method: 'POST', body, headers: { 'content-type': type, ...more } });
    console.log(type, res.status, await res.text());
  }
  server.close();
  server.closeAllConnections();
});
