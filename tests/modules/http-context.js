// Tests of `http`: listeners of requests and responses run in the asynchronous context of their request, also
// on connections that are used again.
'use strict';

const assert = require('assert');
const http = require('http');
const { AsyncLocalStorage, createHook, executionAsyncId } = require('async_hooks');
const { once } = require('events');

const storage = new AsyncLocalStorage();

/** Does a request in a context; gives the contexts in which its listeners ran. */
function get(store, options) {
  return storage.run(store, () => new Promise((resolve, reject) => {
    const stores = [];
    const note = () => stores.push(storage.getStore());
    const req = http.request(options, (res) => {
      note();
      res.on('data', note);
      res.on('end', note);
    });
    req.on('socket', note);
    req.on('finish', note);
    req.on('close', () => setImmediate(resolve, stores));
    req.on('error', reject);
    req.end('body');
  }));
}

async function contexts() {
  const server = http.createServer((req, res) => {
    const store = req.url;
    storage.run(store, () => {
      req.on('end', () => assert.strictEqual(storage.getStore(), undefined));
      res.on('finish', () => assert.strictEqual(storage.getStore(), store));
      setImmediate(() => {
        assert.strictEqual(storage.getStore(), store);
        res.end('hi');
      });
    });
    req.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const options = { host: '127.0.0.1', port, agent, method: 'POST', headers: { 'content-length': 4 } };
  const all = await Promise.all([1, 2, 3].map((n) => get(n, { ...options, path: `/${n}` })));
  all.push(await get(4, { ...options, path: '/4' }));
  for (const [index, stores] of all.entries()) {
    assert.strictEqual(stores.length, 5);
    assert.deepStrictEqual(stores, new Array(5).fill(index + 1));
  }
  agent.destroy();
  server.close();
  await once(server, 'close');
}

async function resources() {
  const types = new Map();
  const destroyed = [];
  const hook = createHook({
    init(id, type) {
      types.set(id, type);
    },
    destroy(id) {
      destroyed.push(types.get(id));
    },
  }).enable();
  const seen = [];
  const server = http.createServer((req, res) => {
    seen.push(types.get(executionAsyncId()));
    res.end('hi');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const req = http.get({ host: '127.0.0.1', port: server.address().port, agent: false }, (res) => {
    seen.push(types.get(executionAsyncId()));
    res.resume();
  });
  await once(req, 'close');
  server.close();
  await once(server, 'close');
  await new Promise((resolve) => setTimeout(resolve, 1));
  hook.disable();
  assert.deepStrictEqual(seen, ['HTTPINCOMINGMESSAGE', 'HTTPCLIENTREQUEST']);
  const ended = destroyed.filter((type) => type?.startsWith('HTTP')).sort();
  assert.deepStrictEqual(ended, ['HTTPCLIENTREQUEST', 'HTTPINCOMINGMESSAGE']);
}

(async () => {
  await contexts();
  await resources();
})();
