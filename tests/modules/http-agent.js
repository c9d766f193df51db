// Tests of `http.Agent`: which request gets which connection, and what becomes of it afterwards.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { setImmediate: turn } = require('timers/promises');

/** A server whose responses name the connection; ended with `close`. */
async function serve(handler) {
  const sockets = new Map();
  const server = http.createServer((req, res) => {
    if (!sockets.has(req.socket)) sockets.set(req.socket, sockets.size + 1);
    if (handler) handler(req, res);
    else res.end(String(sockets.get(req.socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: server.address().port };
}

/** Does a request; gives the response, its text and the request, when its connection is free again. */
function get(options) {
  return new Promise((resolve, reject) => {
    const req = http.get({ host: '127.0.0.1', ...options }, (res) => {
      const { socket } = res;
      let text = '';
      res.setEncoding('latin1');
      res.on('data', (chunk) => text += chunk);
      res.on('end', () => setImmediate(resolve, { req, res, socket, text }));
    });
    req.on('error', reject);
  });
}

function waitFor(condition) {
  return turn().then(() => condition() || waitFor(condition));
}

const cases = {
  'names'() {
    const agent = new http.Agent();
    assert.strictEqual(agent.getName(), 'localhost::');
    assert.strictEqual(agent.getName({ host: 'h', port: 1, localAddress: 'l', family: 4, socketPath: '/s' }), 'h:1:l:4:/s');
    assert.strictEqual(agent.getName({ family: 5 }), 'localhost::');
  },

  'options'() {
    const agent = http.Agent({ path: '/x', timeout: 4, defaultPort: 8, protocol: 'x:' });
    assert.deepStrictEqual(agent.options, {
      __proto__: null, path: null, timeout: 4, defaultPort: 8, protocol: 'x:', noDelay: true,
    });
    assert.strictEqual(agent.defaultPort, 8);
    assert.strictEqual(agent.protocol, 'x:');
    assert.strictEqual(new http.Agent({ agentKeepAliveTimeoutBuffer: -1 }).agentKeepAliveTimeoutBuffer, 1000);
    assert.strictEqual(new http.Agent({ agentKeepAliveTimeoutBuffer: 0 }).agentKeepAliveTimeoutBuffer, 0);
    assert.throws(() => new http.Agent({ scheduling: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => new http.Agent({ maxTotalSockets: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => new http.Agent({ maxTotalSockets: null }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.deepStrictEqual([http.globalAgent.keepAlive, http.globalAgent.options.timeout], [true, 5000]);
  },

  async 'a connection serves one request after the other'() {
    const { server, port } = await serve();
    const agent = new http.Agent({ keepAlive: true });
    const first = await get({ port, agent });
    const second = await get({ port, agent });
    assert.deepStrictEqual([first.text, second.text], ['1', '1']);
    assert.deepStrictEqual([first.req.reusedSocket, second.req.reusedSocket], [false, true]);
    assert.strictEqual(first.res.socket, null);
    assert.strictEqual(agent.freeSockets[`127.0.0.1:${port}:`].length, 1);
    assert.strictEqual(agent.totalSocketCount, 1);
    agent.destroy();
    await once(second.socket, 'close');
    assert.deepStrictEqual([agent.freeSockets, agent.totalSocketCount], [{ __proto__: null }, 0]);
    server.close();
  },

  async 'requests wait in their order'() {
    const { server, port } = await serve((req, res) => res.end(req.url));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const name = `127.0.0.1:${port}:`;
    const order = [];
    const requests = [1, 2, 3].map((n) => get({ port, agent, path: `/${n}` }).then(({ text }) => order.push(text)));
    assert.strictEqual(agent.requests[name].length, 2);
    assert.strictEqual(agent.sockets[name].length, 1);
    await Promise.all(requests);
    assert.deepStrictEqual(order, ['/1', '/2', '/3']);
    assert.deepStrictEqual(agent.requests, { __proto__: null });
    agent.destroy();
    server.close();
  },

  async 'one limit for all servers'() {
    const one = await serve();
    const two = await serve();
    const agent = new http.Agent({ keepAlive: true, maxTotalSockets: 2 });
    let most = 0;
    agent.on('free', () => {
      const count = Object.values(agent.sockets).reduce((sum, { length }) => sum + length, 0);
      most = Math.max(most, count);
    });
    await Promise.all([1, 2, 3, 4, 5, 6].map((n) => get({ port: (n % 2 ? one : two).port, agent })));
    assert(most <= 2, `${most} connections at once`);
    agent.destroy();
    one.server.close();
    two.server.close();
  },

  async 'the one that was used last, or the one that has waited longest'() {
    const { server, port } = await serve();
    for (const [scheduling, expected] of [['lifo', 1], ['fifo', 0]]) {
      const agent = new http.Agent({ keepAlive: true, scheduling });
      const both = await Promise.all([get({ port, agent }), get({ port, agent })]);
      const free = () => Object.values(agent.freeSockets)[0];
      await waitFor(() => free()?.length === 2);
      const wanted = free()[expected];
      const { socket } = await get({ port, agent });
      assert.strictEqual(socket, wanted);
      assert(both.some((one) => one.socket === socket));
      agent.destroy();
    }
    server.close();
  },

  async 'the pool is not larger than asked for'() {
    const { server, port } = await serve();
    const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 1 });
    await Promise.all([get({ port, agent }), get({ port, agent }), get({ port, agent })]);
    await waitFor(() => agent.totalSocketCount === 1);
    assert.strictEqual(Object.values(agent.freeSockets)[0].length, 1);
    agent.destroy();
    server.close();
  },

  async 'an idle connection that is sent something is closed'() {
    const peers = [];
    const server = net.createServer((socket) => {
      peers.push(socket);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const agent = new http.Agent({ keepAlive: true });
    const { socket } = await get({ port, agent });
    peers[0].write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    await once(socket, 'close');
    assert.deepStrictEqual(agent.freeSockets, { __proto__: null });
    assert.strictEqual((await get({ port, agent })).text, 'hi');
    assert.strictEqual(peers.length, 2);
    agent.destroy();
    server.close();
  },

  async 'a server that keeps connections for a short time'() {
    const timeouts = [];
    for (const [seconds, buffer] of [['5', 1000], ['3', 0], ['1', 1000]]) {
      const { server, port } = await serve((req, res) => {
        res.setHeader('Keep-Alive', `timeout=${seconds}`);
        res.end();
      });
      const agent = new http.Agent({ keepAlive: true, timeout: 60_000, agentKeepAliveTimeoutBuffer: buffer });
      const { socket } = await get({ port, agent });
        timeouts.push(socket.destroyed ? 'closed' : socket.timeout);
      agent.destroy();
      server.close();
    }
    assert.deepStrictEqual(timeouts, [4000, 3000, 'closed']);
  },

  async 'an idle connection ends after a while'() {
    const { server, port } = await serve();
    const agent = new http.Agent({ keepAlive: true, timeout: 20 });
    const { socket } = await get({ port, agent });
    await once(socket, 'close');
    assert.deepStrictEqual(agent.freeSockets, { __proto__: null });
    server.close();
  },

  async 'programs decide'() {
    const { server, port } = await serve();
    const calls = [];
    class Own extends http.Agent {
      createConnection(options, callback) {
        assert.strictEqual(options.port, port);
        assert.strictEqual(options.path, null);
        assert.strictEqual(options._agentKey, `127.0.0.1:${port}:`);
        calls.push(['createConnection', typeof callback]);
        const socket = super.createConnection(options);
        socket.once('connect', () => callback(null, socket));
      }

      keepSocketAlive(socket) {
        calls.push(['keepSocketAlive', socket.constructor.name]);
        return super.keepSocketAlive(socket);
      }

      reuseSocket(socket, req) {
        calls.push(['reuseSocket', req.path]);
        super.reuseSocket(socket, req);
      }
    }
    const agent = new Own({ keepAlive: true });
    await get({ port, agent });
    await get({ port, agent, path: '/again' });
    assert.deepStrictEqual(calls, [
      ['createConnection', 'function'], ['keepSocketAlive', 'Socket'], ['reuseSocket', '/again'],
      ['keepSocketAlive', 'Socket'],
    ]);
    agent.keepSocketAlive = () => false;
    const { socket } = await get({ port, agent });
    await once(socket, 'close');
    server.close();
  },

  async 'a connection that does not come about'() {
    const agent = new http.Agent({ maxSockets: 1 });
    agent.createConnection = (options, callback) => {
      setImmediate(callback, new Error('no connection'));
    };
    await assert.rejects(get({ agent }), { message: 'no connection' });
    assert.strictEqual(agent.totalSocketCount, 0);
  },

  async 'a local socket'() {
    const path = `${require('fs').mkdtempSync(`${require('os').tmpdir()}/http-agent-`)}/socket`;
    const server = http.createServer((req, res) => res.end(req.headers.host));
    server.listen(path);
    await once(server, 'listening');
    const agent = new http.Agent({ keepAlive: true });
    const { text } = await get({ socketPath: path, host: undefined, agent });
    assert.strictEqual(text, 'localhost');
    assert.deepStrictEqual(Object.keys(agent.freeSockets), [`localhost:80::${path}`]);
    agent.destroy();
    server.close();
    await once(server, 'close');
    require('fs').rmdirSync(require('path').dirname(path));
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
})();
