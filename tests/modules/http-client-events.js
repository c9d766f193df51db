// Tests of `http.ClientRequest`: which events come, in which order, whatever the server does.
'use strict';

const assert = require('assert');
const http = require('http');
const net = require('net');

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
const CUT_OFF = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi';
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nextra';
const INFORMATION = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n';

const REQUEST_EVENTS = [
  'socket', 'response', 'information', 'continue', 'upgrade', 'connect', 'timeout', 'abort', 'close', 'error',
  'finish', 'prefinish',
];
const RESPONSE_EVENTS = ['data', 'end', 'close', 'error', 'aborted'];

function describe(name, value) {
  return value instanceof Error ? `${name} ${value.code ?? value.message}` : name;
}

/** Does a request to a server that answers with `answer`, and gives what happened. */
function follow({ answer, options, act, onResponse, upgrades }) {
  const { promise, resolve } = Promise.withResolvers();
  const log = [];
  const agent = new http.Agent({ keepAlive: true });
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer?.(socket));
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1', () => {
    const req = http.request({ host: '127.0.0.1', port: server.address().port, agent, ...options });
    for (const name of REQUEST_EVENTS) {
      if (name === 'upgrade' && !upgrades) continue;
      req.on(name, (value) => log.push(describe(name, value)));
    }
    req.on('response', (res) => {
      for (const name of RESPONSE_EVENTS) res.on(name, (value) => log.push(`res ${describe(name, value)}`));
      onResponse?.(req, res);
    });
    req.on('upgrade', (res, socket, head) => {
      if (upgrades) log.push(`${res.statusCode} ${head} ${socket.listenerCount('data')}`);
      socket.destroy();
    });
    req.on('close', () => {
      assert.strictEqual(req.destroyed, true);
      assert.strictEqual(req.closed, true);
      // What belongs to the response comes at the latest in the closing phase that follows.
      setImmediate(() => setImmediate(() => setImmediate(() => {
        log.push(`free ${Object.keys(agent.freeSockets).length}, total ${agent.totalSocketCount}`);
        agent.destroy();
        server.close();
        resolve({ log, req });
      })));
    });
    if (act) act(req);
    else req.end();
  });
  return promise;
}

const SENT = ['socket', 'prefinish', 'finish'];
const NONE_LEFT = 'free 0, total 0';

const cases = {
  async 'a response that keeps the connection'() {
    const { log } = await follow({ answer: (socket) => socket.write(OK) });
    assert.deepStrictEqual(log, [
      ...SENT, 'response', 'res data', 'res end', 'close', 'res close', 'free 1, total 1',
    ]);
  },

  async 'a response that ends the connection'() {
    const { log } = await follow({ answer: (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhi') });
    assert.deepStrictEqual(log, [...SENT, 'response', 'res data', 'res end', 'res close', 'close', NONE_LEFT]);
  },

  async 'a response that is cut off'() {
    const { log } = await follow({ answer: (socket) => socket.end(CUT_OFF) });
    assert.deepStrictEqual(log, [
      ...SENT, 'response', 'res data', 'res aborted', 'close', 'res error ECONNRESET', 'res close', NONE_LEFT,
    ]);
  },

  async 'no response'() {
    for (const answer of [(socket) => socket.end(), (socket) => socket.destroy()]) {
      const { log } = await follow({ answer });
      assert.deepStrictEqual(log, [...SENT, 'error ECONNRESET', 'close', NONE_LEFT]);
    }
  },

  async 'what is no response'() {
    const { log } = await follow({ answer: (socket) => socket.write('HTTP/1.1 2x0 OK\r\n\r\n') });
    assert.deepStrictEqual(log, [...SENT, 'error HPE_INVALID_STATUS', 'close', NONE_LEFT]);
  },

  async 'a body that is no body'() {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { log } = await follow({ answer: (socket) => socket.write(`${head}zz\r\n`) });
    assert.deepStrictEqual(log, [
      ...SENT, 'response', 'error HPE_INVALID_CHUNK_SIZE', 'res aborted', 'close', 'res error ECONNRESET',
      'res close', NONE_LEFT,
    ]);
  },

  async 'two responses'() {
    const { log } = await follow({ answer: (socket) => socket.write(OK + OK) });
    assert.deepStrictEqual(log, [
      ...SENT, 'response', 'res data', 'res end', 'close', 'res close', NONE_LEFT,
    ]);
  },

  async 'information before the response'() {
    const { log } = await follow({ answer: (socket) => socket.write(INFORMATION + OK) });
    assert.deepStrictEqual(log, [
      ...SENT, 'continue', 'information', 'information', 'response', 'res data', 'res end', 'close', 'res close',
      'free 1, total 1',
    ]);
  },

  async 'another protocol'() {
    const headers = { connection: 'upgrade', upgrade: 'x' };
    const { log } = await follow({ answer: (socket) => socket.write(SWITCH), options: { headers }, upgrades: true });
    assert.deepStrictEqual(log, [...SENT, 'upgrade', '101 extra 0', 'close', NONE_LEFT]);
  },

  async 'a tunnel that nobody takes'() {
    const options = { method: 'CONNECT', path: 'a:1' };
    const answer = (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const { log } = await follow({
      answer,
      options,
      act(req) {
        req.removeAllListeners('connect');
        req.end();
      },
    });
    assert.deepStrictEqual(log, [...SENT, 'close', NONE_LEFT]);
  },

  async 'a request that is given up before it has a connection'() {
    const destroyed = await follow({ act: (req) => req.end().destroy() });
    assert.deepStrictEqual(destroyed.log, ['error ECONNRESET', 'close', 'free 1, total 1']);
    const failed = await follow({ act: (req) => req.end().destroy(new Error('mine')) });
    assert.deepStrictEqual(failed.log, ['error mine', 'close', 'free 1, total 1']);
    const aborted = await follow({ act: (req) => req.end().abort() });
    assert.deepStrictEqual(aborted.log, ['close', 'abort', 'free 1, total 1']);
    assert.strictEqual(aborted.req.aborted, true);
  },

  async 'a request that is given up while it waits'() {
    const { log } = await follow({ act: (req) => req.end(() => req.abort()) });
    assert.deepStrictEqual(log, [...SENT, 'abort', 'error ECONNRESET', 'close', NONE_LEFT]);
  },

  async 'a response that is given up'() {
    const answer = (socket) => socket.write(CUT_OFF);
    const byRequest = await follow({ answer, onResponse: (req) => req.destroy(new Error('mine')) });
    assert.deepStrictEqual(byRequest.log, [
      ...SENT, 'response', 'error mine', 'res aborted', 'close', 'res error ECONNRESET', 'res close', NONE_LEFT,
    ]);
    const byResponse = await follow({ answer, onResponse: (req, res) => res.destroy(new Error('mine')) });
    assert.deepStrictEqual(byResponse.log, [
      ...SENT, 'response', 'res aborted', 'error mine', 'res error mine', 'res close', 'close', NONE_LEFT,
    ]);
  },

  async 'a signal'() {
    const controller = new AbortController();
    const late = await follow({
      options: { signal: controller.signal },
      act: (req) => req.end(() => controller.abort()),
    });
    assert.deepStrictEqual(late.log, [...SENT, 'error ABORT_ERR', 'close', NONE_LEFT]);
    const early = await follow({ options: { signal: AbortSignal.abort() } });
    assert.deepStrictEqual(early.log, ['error ABORT_ERR', 'close', 'free 1, total 1']);
  },

  async 'silence'() {
    const { log } = await follow({
      options: { timeout: 20 },
      act: (req) => req.end().on('timeout', () => req.destroy()),
    });
    assert.deepStrictEqual(log, [...SENT, 'timeout', 'error ECONNRESET', 'close', NONE_LEFT]);
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    await run().catch((error) => {
      error.message = `${name}: ${error.message}`;
      throw error;
    });
  }
})();
