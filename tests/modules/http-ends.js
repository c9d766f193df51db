// How connections and messages of HTTP end: which events there are, and which there are not.
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const http = require('node:http');

/** Answers one request by `listener`; what the client is told goes to `onResponse`. */
async function serve(listener, options, onResponse) {
  const server = http.createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const request = http.request({ port: server.address().port, host: '127.0.0.1', ...options }, onResponse);
  request.on('error', () => {}).end();
  return { server, request };
}

/** Errors on the way are no matter here. */
const over = (request) => new Promise((resolve) => request.on('close', resolve));

function record(target, events, log, name) {
  for (const event of events) target.on(event, () => log.push(`${name} ${event}`));
}

const cases = {
  async 'an idle connection of an agent goes without a word'() {
    const agent = new http.Agent({ keepAlive: true });
    const log = [];
    let atServer;
    const { server, request } = await serve((req, res) => {
      atServer = req.socket;
      res.end('x');
    }, { agent }, (res) => res.resume());
    const [socket] = await once(agent, 'free');
    record(socket, ['end', 'error', 'finish'], log, 'socket');
    const closed = once(socket, 'close');
    atServer.end();
    await closed;
    assert.deepStrictEqual(log, []);
    assert.deepStrictEqual(Object.keys(agent.freeSockets), []);
    assert.strictEqual(request.reusedSocket, false);
    server.close();
  },

  async 'a request that is destroyed has no end'() {
    const log = [];
    const { server, request } = await serve((req, res) => {
      record(req, ['aborted', 'end', 'close'], log, 'req');
      record(res, ['finish', 'close'], log, 'res');
      res.end('x', (error) => log.push(`ended ${error}`));
      req.destroy();
    }, { agent: false }, (res) => res.on('error', () => {}).resume());
    await over(request);
    await once(server.close(), 'close');
    assert.deepStrictEqual(log, ['req aborted', 'ended null', 'res finish', 'res close', 'req close']);
  },

  async 'a response whose connection fails does not finish'() {
    const log = [];
    const { server, request } = await serve((req, res) => {
      record(res, ['finish', 'close'], log, 'res');
      req.on('error', () => {});
      res.end('x', (error) => log.push(`ended ${error.message}`));
      req.destroy(new Error('mine'));
    }, { agent: false }, (res) => res.on('error', () => {}).resume());
    await over(request);
    await once(server.close(), 'close');
    assert.deepStrictEqual(log, ['ended mine', 'res close']);
  },

  async 'a length is announced with the first piece'() {
    const mismatch = (length) => ({
      code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
      message: `Response body's content-length of ${length} byte(s) does not match the content-length of 3 byte(s) ` +
        'set in header',
    });
    const { server, request } = await serve((req, res) => {
      res.strictContentLength = true;
      res.setHeader('content-length', 3);
      assert.strictEqual(res.write('abcd'), true);
      assert.throws(() => res.write('e'), mismatch(5));
      assert.throws(() => res.end(), mismatch(4));
      res.destroy();
    }, { agent: false }, (res) => res.on('error', () => {}).resume());
    await over(request);
    server.close();
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
