// Much data over a socket: pieces of at most 64 KiB, nothing between pause() and resume(), nothing lost, in order.
'use strict';
const assert = require('assert');
const net = require('net');

const TOTAL = 24 << 20;
const source = Buffer.alloc(1 << 20);
for (let i = 0; i < source.length; i += 4) source.writeUInt32LE(i, i);

function checkPiece(received, data) {
  for (let done = 0; done < data.length;) {
    const start = (received + done) % source.length;
    const length = Math.min(data.length - done, source.length - start);
    assert.ok(source.subarray(start, start + length).equals(data.subarray(done, done + length)));
    done += length;
  }
}

function receive(onData) {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      // Who is cut off.
      socket.on('error', () => {});
      for (let sent = 0; sent < TOTAL; sent += source.length) socket.write(source);
      socket.end();
    });
    server.listen(0, '127.0.0.1', () => {
      let received = 0;
      const client = net.connect(server.address().port, '127.0.0.1');
      client.on('data', (data) => {
        assert.ok(data.length <= 65536);
        checkPiece(received, data);
        received += data.length;
        assert.ok(client.bytesRead >= received);
        onData(client, received);
      });
      client.on('close', () => {
        server.close();
        resolve({ received, bytesRead: client.bytesRead });
      });
    });
  });
}

(async () => {
  assert.deepStrictEqual(await receive(() => {}), { received: TOTAL, bytesRead: TOTAL });

  // Paused in the middle of what has come.
  let paused = false;
  const whole = await receive((client) => {
    assert.ok(!paused);
    if (Math.random() < 0.9) return;
    paused = true;
    client.pause();
    setImmediate(() => {
      paused = false;
      client.resume();
    });
  });
  assert.deepStrictEqual(whole, { received: TOTAL, bytesRead: TOTAL });

  // Nothing comes after destroy().
  let destroyed = false;
  const part = await receive((client, received) => {
    assert.ok(!destroyed);
    if (received < TOTAL / 2) return;
    destroyed = true;
    client.destroy();
  });
  assert.ok(part.received < TOTAL);
})();
