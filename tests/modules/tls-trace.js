// `tls`: connections in words on standard error, by the option, the method and the command line's `--trace-tls`.
'use strict';

const assert = require('node:assert');
const tls = require('node:tls');
const { spawnSync } = require('node:child_process');
const { once } = require('node:events');

async function connect(options) {
  const { certify } = require('../../fixtures/certificates');
  const { key, cert } = certify();
  const server = tls.createServer({ key, cert, ...options.server }, (socket) => socket.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', ca: cert, servername: 'localhost', ...options.client });
  if (options.method) assert.strictEqual(socket.enableTrace(), undefined);
  socket.resume();
  await once(socket, 'close');
  server.close();
}

const cases = {
  client: { client: { enableTrace: true } },
  server: { server: { enableTrace: true } },
  method: { method: true },
  all: {},
};

function run(name, ...flags) {
  const { status, stderr } = spawnSync(process.execPath, [...flags, __filename, name], { encoding: 'utf8' });
  assert.strictEqual(status, 0, stderr);
  return stderr;
}

/** Who has sent the first message. */
function first(text) {
  return /^(Sent|Received) TLS Record$/m.exec(text)?.[1];
}

if (process.argv[2] !== undefined) {
  connect(cases[process.argv[2]]);
} else {
  for (const name of ['client', 'method']) {
    const text = run(name);
    assert.strictEqual(first(text), 'Sent');
    assert.match(text, /^ {4}ClientHello, Length=\d+$/m);
  }
  assert.strictEqual(first(run('server')), 'Received');
  assert.strictEqual(first(run('all')), undefined);
  const all = run('all', '--trace-tls');
  assert.match(all, /^Sent TLS Record$/m);
  assert.match(all, /^Received TLS Record$/m);
  assert.match(all, /Warning: Enabling --trace-tls can expose sensitive data in the resulting log\./);
}
