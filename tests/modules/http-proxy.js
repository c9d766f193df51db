// Tests of `http.Agent` with a proxy, as the environment names it.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');

let lastRequest;

/** Does a request through the proxy; gives what the proxy has read. */
async function ask(options) {
  const req = http.get({ path: '/', ...options });
  const [res] = await once(req, 'response');
  res.resume();
  await once(res, 'end');
  return lastRequest.split('\r\n').slice(0, -2);
}

(async () => {
  const proxy = net.createServer((socket) => {
    socket.on('data', (chunk) => {
      lastRequest = chunk.toString('latin1');
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${proxy.address().port}`;

  const agent = new http.Agent({ proxyEnv: { HTTP_PROXY: url.replace('//', '//u:p@') } });
  const proxyFields = ['proxy-authorization: Basic dTpw', 'proxy-connection: close', 'Connection: close'];
  assert.deepStrictEqual(await ask({ agent, host: 'x.test', path: '/foo?y=1' }), [
    'GET http://x.test/foo?y=1 HTTP/1.1', 'Host: x.test', ...proxyFields,
  ]);
  assert.deepStrictEqual(await ask({ agent, host: '::1', port: 81 }), [
    'GET http://[::1]:81/ HTTP/1.1', 'Host: [::1]:81', ...proxyFields,
  ]);
  assert.deepStrictEqual(await ask({ agent, host: 'x.test', headers: { Host: 'X.TEST:80' } }), [
    'GET http://x.test/ HTTP/1.1', 'Host: x.test', ...proxyFields,
  ]);
  assert.deepStrictEqual(await ask({ agent, host: 'x.test', method: 'OPTIONS', path: '*' }), [
    'OPTIONS * HTTP/1.1', 'Host: x.test', ...proxyFields,
  ]);
  // Fields in a list stay as they are.
  assert.deepStrictEqual(await ask({ agent, host: 'x.test', headers: ['Host', 'x.test'] }), [
    'GET http://x.test/ HTTP/1.1', 'Host: x.test', 'Connection: close',
  ]);

  // What names two servers is refused.
  const invalid = { code: 'ERR_INVALID_ARG_VALUE' };
  assert.throws(() => http.get({ agent, host: 'x.test', headers: { Host: 'y.test' } }), invalid);
  assert.throws(() => http.get({ agent, host: 'x.test', headers: ['Host', 'y.test'] }), invalid);
  assert.throws(() => http.get({ agent, host: 'x.test', path: 'http://y.test/' }), invalid);
  assert.throws(() => http.get({ agent, host: 'x.test', path: 'https://x.test/' }), invalid);
  assert.throws(() => http.get({ agent, host: 'x.test', path: 'x' }), invalid);

  // Connections to the proxy are kept.
  const keeping = new http.Agent({ keepAlive: true, proxyEnv: { http_proxy: url, HTTP_PROXY: 'http://127.0.0.1:1' } });
  assert.deepStrictEqual((await ask({ agent: keeping, host: 'x.test' })).slice(1), [
    'Host: x.test', 'proxy-connection: keep-alive', 'Connection: keep-alive',
  ]);
  await new Promise(setImmediate);
  assert.deepStrictEqual(Object.keys(keeping.freeSockets), ['x.test:80:']);
  keeping.destroy();

  // Who is reached without it.
  const NO_PROXY = 'no.test, .dot.test,*.star.test,1.2.3.4,5.5.5.1-5.5.5.9,port.test:81';
  const picky = new http.Agent({ proxyEnv: { HTTP_PROXY: url, NO_PROXY } });
  const reached = {};
  const hosts = ['no.test', 'a.no.test', 'NO.test', 'dot.test', 'a.dot.test', 'star.test', 'a.star.test', 'port.test:81', 'port.test'];
  for (const name of hosts) {
    const [host, port] = name.split(':');
    const lookup = (hostname, options, callback) => callback(new Error('direct'));
    const req = http.get({ agent: picky, host, port, lookup });
    reached[name] = await Promise.race([
      once(req, 'response').then(([res]) => res.resume() && 'proxy'),
      new Promise((resolve) => req.on('error', ({ message }) => resolve(message))),
    ]);
  }
  assert.deepStrictEqual(reached, {
    'no.test': 'direct',
    'a.no.test': 'proxy',
    'NO.test': 'direct',
    'dot.test': 'direct',
    'a.dot.test': 'direct',
    'star.test': 'proxy',
    'a.star.test': 'direct',
    'port.test:81': 'direct',
    'port.test': 'proxy',
  });

  // For all requests that name no agent.
  const before = http.globalAgent;
  const restore = http.setGlobalProxyFromEnv({ http_proxy: url });
  assert.notStrictEqual(http.globalAgent, before);
  assert.strictEqual((await ask({ host: 'x.test' }))[0], 'GET http://x.test/ HTTP/1.1');
  http.globalAgent.destroy();
  restore();
  assert.strictEqual(http.globalAgent, before);
  assert.throws(() => http.setGlobalProxyFromEnv(null), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => http.setGlobalProxyFromEnv({ HTTP_PROXY: '::' }), { code: 'ERR_PROXY_INVALID_CONFIG' });
  assert.throws(() => new http.Agent({ proxyEnv: { HTTP_PROXY: 'http://a b' } }), {
    code: 'ERR_PROXY_INVALID_CONFIG',
    message: 'Invalid proxy URL: http://a b',
  });

  proxy.close();
})();
