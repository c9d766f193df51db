// A socket that was read, paused and sent to another process: what comes after is read there, all of it.
'use strict';

const assert = require('node:assert');
const { fork } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const { setImmediate } = require('node:timers/promises');

const TOTAL = 8 * 1024 * 1024;
/** How much the parent reads before it pauses: more than one large read. */
const READ_HERE = 3 * 1024 * 1024;
const WORDS = 65_521;

/** The bytes from `start` to `end`: numbers of four bytes that do not repeat where pieces may end. */
function pattern(words) {
  return Buffer.from(Uint32Array.from({ length: words }, (_, index) => index * 2654435761).buffer);
}

const PATTERN = pattern(WORDS);

/** Counts what comes, which has to be the pattern over and over. */
class Checker {
  count = 0;

  add(bytes) {
    let done = 0;
    while (done < bytes.length) {
      const start = this.count % PATTERN.length;
      const length = Math.min(bytes.length - done, PATTERN.length - start);
      assert.strictEqual(PATTERN.compare(bytes, done, done + length, start, start + length), 0, `at ${this.count}`);
      this.count += length;
      done += length;
    }
  }
}

if (process.argv[2] === 'child') readRest();
else main();

function readRest() {
  process.on('message', (count, socket) => {
    const checker = new Checker();
    checker.count = count;
    socket.on('data', (bytes) => checker.add(bytes));
    socket.on('end', () => {
      socket.end();
      process.send(checker.count, () => process.disconnect());
    });
  });
}

async function main() {
  const child = fork(__filename, ['child']);
  const server = net.createServer({ allowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  const [socket] = await once(server, 'connection');
  server.close();

  const all = Buffer.alloc(TOTAL);
  for (let at = 0; at < TOTAL; at += PATTERN.length) PATTERN.copy(all, at);
  client.end(all);
  client.resume();

  const checker = new Checker();
  socket.on('data', (bytes) => {
    checker.add(bytes);
    if (checker.count >= READ_HERE) socket.pause();
  });
  // A paused stream takes in what it has room for, and that stays here.
  while (socket.readableLength < socket.readableHighWaterMark) await setImmediate();
  const here = checker.count + socket.readableLength;
  child.send(here, socket);
  const [count] = await once(child, 'message');
  assert.strictEqual(count, TOTAL);
  if (child.exitCode === null) await once(child, 'exit');
  assert.strictEqual(child.exitCode, 0);
}
