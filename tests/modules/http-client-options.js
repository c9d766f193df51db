// Tests of `http.request`: its forms, what it makes of its options, and what it refuses.
'use strict';

const assert = require('assert');
const http = require('http');

/** A request that is never sent. */
function make(...args) {
  const req = http.request(...args);
  req.on('error', () => {});
  req.flushHeaders();
  req.destroy();
  return req;
}

function headerOf(...args) {
  return make(...args)._header.split('\r\n').slice(0, -2);
}

// Its forms.
{
  const forms = [
    ['http://h:8/p?q#f'],
    [new URL('http://h:8/p?q#f')],
    [{ host: 'h', port: 8, path: '/p?q' }],
    ['http://other/', { host: 'h', hostname: 'h', port: 8, path: '/p?q' }],
  ];
  for (const form of forms) {
    assert.deepStrictEqual(headerOf(...form), ['GET /p?q HTTP/1.1', 'Host: h:8', 'Connection: keep-alive']);
    const listener = () => {};
    assert.deepStrictEqual(make(...form, listener).listeners('response'), [listener]);
  }
  assert.deepStrictEqual(headerOf({}), ['GET / HTTP/1.1', 'Host: localhost', 'Connection: keep-alive']);
  assert.strictEqual(make('http://u%20:p@h/').getHeader('authorization'), 'Basic dSA6cA==');
  // What an object inherits is none of its options.
  assert.strictEqual(make(Object.create({ path: '/inherited' })).path, '/');
  assert.strictEqual(make({ method: 'fOo' }).method, 'FOO');
  assert.strictEqual(http.get({ port: 1 }).on('error', () => {}).writableEnded, true);
}

// The header.
{
  const fieldsOf = (options) => headerOf(options).slice(1);
  const alive = 'Connection: keep-alive';
  assert.deepStrictEqual(fieldsOf({ host: '::1', port: 8 }), ['Host: [::1]:8', alive]);
  assert.deepStrictEqual(fieldsOf({ host: 'h', port: '80' }), ['Host: h', alive]);
  assert.deepStrictEqual(fieldsOf({ host: 'h', port: 81, defaultPort: 81 }), ['Host: h', alive]);
  assert.deepStrictEqual(fieldsOf({ setHost: false }), [alive]);
  assert.deepStrictEqual(fieldsOf({ setDefaultHeaders: false }), []);
  assert.deepStrictEqual(fieldsOf({ setDefaultHeaders: false, setHost: true }), ['Host: localhost']);
  assert.deepStrictEqual(fieldsOf({ agent: false }), ['Host: localhost', 'Connection: close']);
  assert.deepStrictEqual(fieldsOf({ headers: { Connection: 'close' } }), ['Connection: close', 'Host: localhost']);
  assert.deepStrictEqual(fieldsOf({ auth: 'ü:p' }), ['Host: localhost', 'Authorization: Basic w7w6cA==', alive]);
  assert.deepStrictEqual(fieldsOf({ headers: ['a', 'b', 'a', 'c'] }), ['a: b', 'a: c', alive]);
  assert.deepStrictEqual(fieldsOf({ headers: [['a', 'b']], auth: 'u:p' }), ['a: b', alive]);
  assert.deepStrictEqual(fieldsOf({ method: 'POST' }), ['Host: localhost', alive, 'Transfer-Encoding: chunked']);
  assert.deepStrictEqual(fieldsOf({ method: 'DELETE' }), ['Host: localhost', alive]);
  assert.deepStrictEqual(fieldsOf({ method: 'CONNECT', host: 'x', path: 'z:80' }), ['Host: z:80', alive]);
  assert.deepStrictEqual(
    fieldsOf({ headers: { cookie: ['a=1', 'b=2'], x: ['1', '2'], y: ['1', '2'] }, uniqueHeaders: ['y'] }),
    ['cookie: a=1; b=2', 'x: 1', 'x: 2', 'y: 1; 2', 'Host: localhost', alive],
  );
  // Who waits for an answer before the body sends the header at once.
  const expecting = http.request({ port: 1, headers: { expect: '100-continue' } }).on('error', () => {});
  assert.strictEqual(expecting.headersSent, true);
  assert.throws(() => expecting.setHeader('a', 'b'), { code: 'ERR_HTTP_HEADERS_SENT' });
  expecting.destroy();
}

// What it refuses.
{
  const refused = [
    [{ path: '/a b' }, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters'],
    [{ path: '/\u1234' }, 'ERR_UNESCAPED_CHARACTERS'],
    [{ protocol: 'https:' }, 'ERR_INVALID_PROTOCOL', 'Protocol "https:" not supported. Expected "http:"'],
    ['x', 'ERR_INVALID_URL'],
    [{ method: 5 }, 'ERR_INVALID_ARG_TYPE',
      'The "options.method" property must be of type string. Received type number (5)'],
    [{ method: 'a b' }, 'ERR_INVALID_HTTP_TOKEN', 'Method must be a valid HTTP token ["a b"]'],
    [{ hostname: 5 }, 'ERR_INVALID_ARG_TYPE',
      'The "options.hostname" property must be of type string or one of undefined or null. Received type number (5)'],
    [{ host: [] }, 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: 'a' }, 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: -1 }, 'ERR_OUT_OF_RANGE',
      'The value of "timeout" is out of range. It must be a non-negative finite number. Received -1'],
    [{ maxHeaderSize: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ insecureHTTPParser: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ httpValidation: 'x' }, 'ERR_INVALID_ARG_VALUE'],
    [{ httpValidation: 'strict', insecureHTTPParser: true }, 'ERR_INVALID_ARG_VALUE'],
    [{ joinDuplicateHeaders: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ signal: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ headers: ['a'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ headers: { a: undefined } }, 'ERR_HTTP_INVALID_HEADER_VALUE'],
    [{ headers: { 'a b': 1 } }, 'ERR_INVALID_HTTP_TOKEN'],
    [{ headers: { a: 'x\ny' } }, 'ERR_INVALID_CHAR'],
    [{ agent: {} }, 'ERR_INVALID_ARG_TYPE',
      'The "options.agent" property must be one of Agent-like Object, undefined, or false. ' +
      'Received an instance of Object'],
    [{ port: 70000 }, 'ERR_SOCKET_BAD_PORT'],
    [{ port: 1, localAddress: 'x' }, 'ERR_INVALID_IP_ADDRESS'],
    [{ lookup: 5 }, 'ERR_INVALID_ARG_TYPE'],
  ];
  for (const [input, code, message] of refused) {
    assert.throws(() => http.request(input), message === undefined ? { code } : { code, message });
  }
}

// What can be changed afterwards.
{
  const req = http.request({ port: 1, path: '/before' }).on('error', () => {});
  assert.throws(() => req.path = '/a\r\nb', { code: 'ERR_UNESCAPED_CHARACTERS' });
  assert.strictEqual(req.path, '/before');
  req.path = '/after';
  assert.strictEqual(req.setTimeout(5), req);
  assert.strictEqual(req.setNoDelay(), undefined);
  assert.strictEqual(req.setSocketKeepAlive(), undefined);
  req.end();
  assert.match(req._header, /^GET \/after HTTP\/1\.1\r\n/);
  req.destroy();
  assert.strictEqual(req.destroy(), req);
}
