// `cluster`: workers that share ports, their events and their ends.
'use strict';

const assert = require('node:assert');
const cluster = require('node:cluster');
const net = require('node:net');
const { once } = require('node:events');

function ask(port, text = '') {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => answer += chunk);
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(text);
  });
}

async function fork() {
  const worker = cluster.fork();
  const [address] = await once(worker, 'listening');
  return [worker, address.port];
}

async function events() {
  const seen = [];
  const names = ['setup', 'fork', 'online', 'listening', 'disconnect', 'exit'];
  const listeners = names.map((name) => (worker) => seen.push([name, worker.id]));
  names.forEach((name, i) => cluster.on(name, listeners[i]));
  const worker = cluster.fork({ GIVEN: 'value' });
  assert.deepStrictEqual([worker.id, worker.state, worker.isConnected(), worker.isDead()], [1, 'none', true, false]);
  assert.strictEqual(cluster.workers[1], worker);
  const [message] = await once(cluster, 'message').then(([from, text]) => [text, assert.strictEqual(from, worker)]);
  assert.strictEqual(message, 'value');
  if (worker.state !== 'listening') await once(worker, 'listening');
  assert.strictEqual(worker.disconnect(), worker);
  assert.deepStrictEqual(await once(worker, 'exit'), [0, null]);
  assert.deepStrictEqual([worker.exitedAfterDisconnect, worker.state, worker.isDead()], [true, 'dead', true]);
  assert.deepStrictEqual(seen.map(([name]) => name), names);
  names.forEach((name, i) => cluster.off(name, listeners[i]));
}

// By turns, every worker gets as many.
async function turns() {
  const [[a, port], [b, other]] = await Promise.all([fork(), fork()]);
  assert.strictEqual(port, other);
  const counts = {};
  for (let i = 0; i < 40; i++) {
    const id = await ask(port);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  assert.deepStrictEqual(counts, { [a.id]: 20, [b.id]: 20 });

  // A worker that dies with connections offered to it takes none of them along, as it does under Node.
  if (process.versions.ironode !== undefined) {
    a.send('block');
    await once(a, 'message');
    const asked = Array.from({ length: 10 }, () => ask(port));
    setTimeout(() => a.process.kill('SIGKILL'), 50);
    const exited = once(a, 'exit');
    assert.deepStrictEqual(await Promise.all(asked), asked.map(() => `${b.id}`));
    assert.deepStrictEqual(await exited, [null, 'SIGKILL']);
  } else {
    a.process.kill('SIGKILL');
    assert.deepStrictEqual(await once(a, 'exit'), [null, 'SIGKILL']);
  }
  assert.strictEqual(a.exitedAfterDisconnect, false);

  b.kill();
  assert.deepStrictEqual(await once(b, 'exit'), [null, 'SIGTERM']);
}

// One worker after the other is replaced, and no request fails.
async function reload() {
  let [[a, port], [b]] = await Promise.all([fork(), fork()]);
  let asking = true;
  let count = 0;
  const clients = Array.from({ length: 4 }, async () => {
    while (asking) {
      assert.match(await ask(port), /^\d+$/);
      count++;
    }
  });
  for (let i = 0; i < 3; i++) {
    const old = a;
    a = b;
    [b] = await fork();
    const gone = once(old, 'exit');
    old.disconnect();
    assert.deepStrictEqual(await gone, [0, null]);
  }
  asking = false;
  await Promise.all(clients);
  assert.ok(count > 0);
  await new Promise((resolve) => cluster.disconnect(resolve));
  assert.deepStrictEqual(Object.keys(cluster.workers), []);
}

function work() {
  assert.deepStrictEqual([cluster.isWorker, cluster.isPrimary, cluster.worker.process], [true, false, process]);
  assert.strictEqual(process.env.NODE_UNIQUE_ID, undefined);
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${cluster.worker.id}`);
  });
  server.listen(0, '127.0.0.1');
  if (process.env.GIVEN) process.send(process.env.GIVEN);
  process.on('message', (message) => {
    assert.strictEqual(message, 'block');
    process.send('blocked', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000));
  });
}

if (cluster.isPrimary) {
  assert.deepStrictEqual([cluster.schedulingPolicy, cluster.isMaster, cluster.settings], [2, true, {}]);
  (async () => {
    await events();
    await turns();
    await reload();
  })();
} else {
  work();
}
