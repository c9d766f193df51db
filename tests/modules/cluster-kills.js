// Workers killed at random under load: only requests that a killed worker had begun may fail, every worker is
// replaced, and the primary process keeps no descriptor of the dead. The number of kills may be given as an
// argument.
'use strict';

const assert = require('assert');
const { fork } = require('child_process');
const cluster = require('cluster');
const { once } = require('events');
const { readdirSync } = require('fs');
const http = require('http');

const WORKERS = 2;
const CLIENTS = 8;

if (cluster.isWorker) {
  http.createServer((request, response) => setImmediate(() => response.end('alive'))).listen(0, '127.0.0.1');
} else if (process.argv[2] === 'client') {
  load(Number(process.argv[3]));
} else {
  main(Number(process.argv[2] ?? 4));
}

// Asks without a pause, on a connection of its own each time, until the parent says that it is enough.
function load(port) {
  let answers = 0;
  let failures = 0;
  let open = 0;
  let isEnough = false;
  const ask = () => {
    open++;
    const request = http
      .get({ host: '127.0.0.1', port, agent: false, timeout: 5000 }, (response) => {
        response.on('error', () => {});
        response.resume().on('close', () => {
          if (response.complete) answers++;
          else failures++;
          if (answers % 50 === 0) process.send({ answers });
          settle();
        });
      })
      .on('timeout', () => request.destroy())
      .on('error', () => {
        failures++;
        settle();
      });
  };
  const settle = () => {
    open--;
    if (!isEnough) ask();
    else if (open === 0) process.send({ answers, failures }, () => process.disconnect());
  };
  process.once('message', () => (isEnough = true));
  for (let i = 0; i < CLIENTS; i++) ask();
}

async function start() {
  const worker = cluster.fork();
  const [address] = await once(worker, 'listening');
  return { worker, port: address.port };
}

const openDescriptors = () => readdirSync('/proc/self/fd').length;

async function main(kills) {
  const started = [];
  for (let i = 0; i < WORKERS; i++) started.push(await start());
  const workers = started.map(({ worker }) => worker);
  const client = fork(__filename, ['client', started[0].port]);
  await once(client, 'message');
  const before = openDescriptors();
  const memory = process.memoryUsage.rss();

  for (let i = 0; i < kills; i++) {
    const place = Math.floor(Math.random() * WORKERS);
    const victim = workers[place];
    victim.process.kill('SIGKILL');
    const [code, signal] = await once(victim, 'exit');
    assert.deepStrictEqual([code, signal, victim.exitedAfterDisconnect], [null, 'SIGKILL', false]);
    workers[place] = (await start()).worker;
    await once(client, 'message');
  }

  const report = new Promise((resolve) => {
    client.on('message', (message) => 'failures' in message && resolve(message));
  });
  client.send('enough');
  const { answers, failures } = await report;
  assert.ok(answers > 0);
  await once(client, 'exit');
  // Node loses what a worker was given and has not taken, and keeps the descriptors of it.
  if (process.versions.ironode) {
    assert.ok(failures <= kills * CLIENTS, `${failures} failures`);
    assert.ok(openDescriptors() <= before, `${openDescriptors()} descriptors, ${before} before`);
  }
  if (process.argv[2]) {
    const grown = (process.memoryUsage.rss() - memory) / (1 << 20);
    console.log(`${kills} kills, ${answers} answers, ${failures} failures; memory grew by ${grown.toFixed(1)} MB, ` +
      `descriptors: ${before} before, ${openDescriptors()} after`);
  }
  for (const worker of workers) worker.disconnect();
}
