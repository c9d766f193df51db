// Rolling replacement of the workers of a cluster under load: with Ironode no request fails, and a version whose workers
// die early replaces nobody. The number of replacements of all workers may be given as an argument.
'use strict';

const assert = require('assert');
const { fork } = require('child_process');
const cluster = require('cluster');
const { once } = require('events');
const http = require('http');

const WORKERS = 2;
const CLIENTS = 8;

if (cluster.isWorker) {
  if (process.env.VERSION === 'buggy') process.exit(3);
  http.createServer((request, response) => response.end(process.env.VERSION)).listen(0, '127.0.0.1');
} else if (process.argv[2] === 'client') {
  load(Number(process.argv[3]));
} else {
  main(Number(process.argv[2] ?? 2));
}

// Asks without a pause, on a connection of its own each time, until the parent says that it is enough.
function load(port) {
  const versions = new Set();
  const failures = [];
  let answers = 0;
  let open = 0;
  let isEnough = false;
  const finish = () => {
    process.send({ answers, failures, versions: [...versions] }, () => process.disconnect());
  };
  const ask = () => {
    open++;
    const request = http.get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => (body += text)).on('end', () => {
        versions.add(body);
        answers++;
        if (answers % 50 === 0) process.send(answers);
        settle();
      });
    });
    request.on('error', (error) => {
      failures.push(`${error.code}: ${error.message}`);
      settle();
    });
  };
  const settle = () => {
    open--;
    if (!isEnough) ask();
    else if (open === 0) finish();
  };
  process.once('message', () => (isEnough = true));
  for (let i = 0; i < CLIENTS; i++) ask();
}

async function start(version) {
  const worker = cluster.fork({ VERSION: version });
  const how = await Promise.race([
    once(worker, 'listening').then(([address]) => ({ address })),
    once(worker, 'exit').then(([code]) => ({ code })),
  ]);
  return { worker, ...how };
}

/** Replaces the workers one after the other. Returns whether the new version lived. */
async function rollOver(workers, version) {
  for (let i = 0; i < workers.length; i++) {
    const { worker, address } = await start(version);
    if (!address) return false;
    const old = workers[i];
    workers[i] = worker;
    old.disconnect();
    const [code, signal] = await once(old, 'exit');
    assert.deepStrictEqual([code, signal, old.exitedAfterDisconnect], [0, null, true]);
  }
  return true;
}

async function main(rounds) {
  const first = [];
  for (let i = 0; i < WORKERS; i++) first.push(await start('v1'));
  const workers = first.map(({ worker }) => worker);
  const client = fork(__filename, ['client', first[0].address.port]);
  await once(client, 'message');

  for (let round = 0; round < rounds; round++) {
    assert.strictEqual(await rollOver(workers, round % 2 === 0 ? 'v2' : 'v1'), true);
    await once(client, 'message');
  }
  assert.strictEqual(await rollOver(workers, 'buggy'), false);
  assert.deepStrictEqual(workers.map((worker) => worker.isConnected()), [true, true]);

  const report = new Promise((resolve) => {
    client.on('message', (message) => typeof message === 'object' && resolve(message));
  });
  client.send('enough');
  const { answers, failures, versions } = await report;
  // Node's workers drop what they were given and have not taken.
  if (process.versions.ironode) assert.deepStrictEqual(failures, []);
  assert.deepStrictEqual(versions.sort(), rounds > 0 ? ['v1', 'v2'] : ['v1']);
  if (process.argv[2]) console.log(`${rounds} replacements of ${WORKERS} workers, ${answers} answers, ${failures.length} failures`);
  for (const worker of workers) worker.disconnect();
}
