// `net`: much data, in all the ways it can be written and read.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { buffer } = require('node:stream/consumers');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'net-'));
process.on('exit', () => fs.rmSync(directory, { recursive: true }));
const file = path.join(directory, 'socket');

/** A connected pair over TCP or a local socket. */
async function pair(where, options = {}) {
  const server = net.createServer({ allowHalfOpen: true, ...options.server }).listen(where);
  await once(server, 'listening');
  const client = net.connect({ ...(where === 0 ? { port: server.address().port } : { path: where }), ...options.client });
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  server.close();
  return [client, accepted];
}

async function backpressure(where) {
  const [client, accepted] = await pair(where);
  const big = Buffer.alloc(8 << 20);
  for (let i = 0; i < big.length; i += 4) big.writeUInt32LE(i, i);
  const done = [];
  const wholeEnough = client.write(big, () => done.push('big'));
  assert.strictEqual(wholeEnough, false);
  assert.strictEqual(client.writableNeedDrain, true);
  client.cork();
  client.write('straße', () => done.push('text'));
  client.write('ÿ', 'latin1');
  client.write('€', 'utf16le');
  client.write('ff00', 'hex', () => done.push('hex'));
  client.uncork();
  client.end(Buffer.from('end'));
  assert.strictEqual(client.bytesWritten, big.length + 7 + 1 + 2 + 2 + 3);
  // Nobody reads yet, so that the system's buffers are full.
  await new Promise(setImmediate);
  assert.deepStrictEqual(done, []);
  const received = await buffer(accepted);
  const tail = Buffer.concat([Buffer.from('straße'), Buffer.from([0xff, 0xac, 0x20, 0xff, 0]), Buffer.from('end')]);
  assert.ok(received.equals(Buffer.concat([big, tail])));
  assert.deepStrictEqual(done, ['big', 'text', 'hex']);
  assert.strictEqual(accepted.bytesRead, received.length);
  accepted.end();
  client.resume();
  await once(client, 'close');
}

async function userBuffer() {
  const room = Buffer.alloc(4);
  const seen = [];
  let client;
  const onread = {
    buffer: room,
    callback(count, buffer) {
      assert.strictEqual(buffer, room);
      seen.push(buffer.toString('latin1', 0, count));
      if (seen.length === 2) {
        setImmediate(() => client.resume());
        return false;
      }
      return true;
    },
  };
  let accepted;
  [client, accepted] = await pair(0, { client: { onread } });
  accepted.end('0123456789');
  client.on('data', () => assert.fail('the bytes go to the callback'));
  await once(client, 'end');
  assert.deepStrictEqual(seen, ['0123', '4567', '89']);
  client.destroy();
}

async function pausing() {
  const [client, accepted] = await pair(0, { server: { pauseOnConnect: true } });
  client.end('early');
  await new Promise(setImmediate);
  assert.strictEqual(accepted.bytesRead, 0);
  assert.strictEqual((await buffer(accepted)).toString(), 'early');
  accepted.end();
  client.resume();
  await once(client, 'close');
}

async function chunksAreTheirOwn() {
  const [client, accepted] = await pair(0);
  const chunks = [];
  client.on('data', (chunk) => {
    chunks.push(chunk);
    if (chunks.length < 6) accepted.write(`${chunks.length}`.repeat(8));
    else accepted.end();
  });
  accepted.write('0'.repeat(8));
  await once(client, 'end');
  assert.strictEqual(Buffer.concat(chunks).toString(), [0, 1, 2, 3, 4, 5].map((i) => `${i}`.repeat(8)).join(''));
  client.destroy();
}

async function destroyed() {
  const [client, accepted] = await pair(0);
  const outcome = new Promise((resolve) => { client.write(Buffer.alloc(16 << 20), resolve); });
  client.destroy();
  const error = await outcome;
  assert.deepStrictEqual([error.code, error.syscall, error.errno], ['ECANCELED', 'write', -125]);
  accepted.destroy();
}

async function paths() {
  const server = net.createServer((socket) => socket.end());
  server.listen({ path: file, readableAll: true, writableAll: true });
  await once(server, 'listening');
  assert.strictEqual(server.address(), file);
  assert.strictEqual(fs.statSync(file).mode & 0o666, 0o666);
  const client = net.connect(file);
  client.resume();
  await once(client, 'connect');
  assert.deepStrictEqual([client.remoteAddress, client.address()], [undefined, {}]);
  await once(client, 'close');
  server.close();
  await once(server, 'close');
  assert.strictEqual(fs.existsSync(file), false);
}

(async () => {
  await backpressure(0);
  await backpressure(file);
  await userBuffer();
  await pausing();
  await chunksAreTheirOwn();
  await destroyed();
  await paths();
})().then(() => { process.exitCode = 0; });
process.exitCode = 1;

// Sockets have the operators of streams, whether the program has loaded `stream` or not.
assert.strictEqual(typeof net.Socket.prototype.toArray, 'function');
