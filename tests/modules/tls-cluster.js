// `tls` servers of a cluster: workers that share a port have the same keys of tickets, so that each resumes what
// another has begun.
'use strict';

const assert = require('node:assert');
const cluster = require('node:cluster');
const tls = require('node:tls');
const { once } = require('node:events');
const { certify } = require('../../fixtures/certificates');

const WORKERS = 3;

async function connect(port, cert, session) {
  const client = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ca: cert, session });
  let kept;
  let text = '';
  client.on('session', (it) => kept = it);
  client.setEncoding('utf8').on('data', (chunk) => text += chunk);
  await once(client, 'secureConnect');
  const resumed = client.isSessionReused();
  await once(client, 'close');
  return { worker: text, session: kept, resumed };
}

async function primary() {
  const { key, cert } = certify();
  const workers = Array.from({ length: WORKERS }, () => cluster.fork({ KEY: key, CERT: cert }));
  const addresses = await Promise.all(workers.map((worker) => once(worker, 'listening')));
  const { port } = addresses[0][0];
  assert.deepStrictEqual(new Set(addresses.map(([address]) => address.port)), new Set([port]));
  const seen = new Set();
  const first = await connect(port, cert);
  seen.add(first.worker);
  for (let i = 0; i < 2 * WORKERS; i++) {
    const next = await connect(port, cert, first.session);
    assert.strictEqual(next.resumed, true);
    seen.add(next.worker);
  }
  // The connections went round.
  assert.strictEqual(seen.size, WORKERS);
  for (const it of workers) it.disconnect();
  const ends = await Promise.all(workers.map((it) => once(it, 'exit')));
  assert.deepStrictEqual(ends, ends.map(() => [0, null]));
}

function worker() {
  const server = tls.createServer({ key: process.env.KEY, cert: process.env.CERT }, (socket) => {
    socket.on('error', () => {});
    socket.end(`${cluster.worker.id}`);
  });
  server.listen(0, '127.0.0.1');
}

if (cluster.isPrimary) {
  process.exitCode = 1;
  primary().then(() => { process.exitCode = 0; });
} else {
  worker();
}
