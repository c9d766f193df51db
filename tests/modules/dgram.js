// `dgram`: order of events, closing with work under way, peers that are not there, bursts, lists and strings, the
// asynchronous context, descriptors.
'use strict';

const assert = require('node:assert');
const dgram = require('node:dgram');
const { AsyncLocalStorage } = require('node:async_hooks');
const { once } = require('node:events');
const test = require('node:test');

async function bound(options = 'udp4', address = '127.0.0.1') {
  const socket = dgram.createSocket(options);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

function closed(...sockets) {
  return Promise.all(sockets.map((socket) => new Promise((resolve) => socket.close(resolve))));
}

/** Sends until all `count` datagrams have arrived: the system may drop some. */
async function collect(socket, count) {
  const messages = [];
  await new Promise((resolve) => {
    socket.on('message', (message) => {
      if (messages.push(`${message}`) === count) resolve();
    });
  });
  return messages;
}

test('the callback of a datagram comes after ticks that were there, its error has the peer', async () => {
  const socket = await bound();
  const order = [];
  const done = new Promise((resolve) => {
    socket.send('abc', socket.address().port, '127.0.0.1', (error, bytes) => {
      order.push([error, bytes]);
      resolve();
    });
  });
  process.nextTick(() => order.push('tick'));
  await done;
  assert.deepStrictEqual(order, ['tick', [null, 3]]);
  const error = await new Promise((resolve) => socket.send(Buffer.alloc(70000), 9, '127.0.0.1', resolve));
  assert.strictEqual(error.message, 'send EMSGSIZE 127.0.0.1:9');
  assert.deepStrictEqual({ ...error }, {
    errno: -90, code: 'EMSGSIZE', syscall: 'send', address: '127.0.0.1', port: 9,
  });
  await closed(socket);
});

test('what was sent just before closing does not call back', async () => {
  const socket = await bound();
  let called = false;
  socket.send('x', 9, '127.0.0.1', () => { called = true; });
  const order = [];
  process.nextTick(() => order.push('before'));
  const end = new Promise((resolve) => socket.close(() => { order.push('close'); resolve(); }));
  process.nextTick(() => order.push('after'));
  await end;
  await new Promise(setImmediate);
  assert.deepStrictEqual(order, ['before', 'close', 'after']);
  assert.strictEqual(called, false);
  assert.throws(() => socket.send('x', 9), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
  assert.throws(() => socket.close(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
});

test('a burst arrives in order, with the ticks of each datagram before the next one', async () => {
  const receiver = await bound({ type: 'udp4', recvBufferSize: 1 << 20 });
  const sender = await bound();
  const order = [];
  receiver.on('message', (message, { size, family, address, port }) => {
    assert.deepStrictEqual([size, family, address, port],
                           [message.length, 'IPv4', '127.0.0.1', sender.address().port]);
    order.push(`message ${message}`);
    process.nextTick(() => order.push(`tick ${message}`));
    Promise.resolve().then(() => order.push(`microtask ${message}`));
  });
  const count = 100;
  const received = collect(receiver, count);
  sender.connect(receiver.address().port, '127.0.0.1');
  await once(sender, 'connect');
  for (let index = 0; index < count; index++) sender.send(`${index}`);
  await received;
  await new Promise(setImmediate);
  const expected = Array.from({ length: count }, (_, index) => {
    return [`message ${index}`, `tick ${index}`, `microtask ${index}`];
  });
  assert.deepStrictEqual(order, expected.flat());
  await closed(receiver, sender);
});

test('no datagram comes after closing, even of those that had arrived', async () => {
  const receiver = await bound();
  const sender = await bound();
  let seen = 0;
  receiver.on('message', () => {
    seen++;
    receiver.close();
  });
  sender.connectSync(receiver.address().port, '127.0.0.1');
  for (let index = 0; index < 10; index++) sender.send(`${index}`);
  await once(receiver, 'close');
  await new Promise(setImmediate);
  assert.strictEqual(seen, 1);
  await closed(sender);
});

test('data of all forms', async () => {
  const receiver = await bound();
  const sender = await bound();
  const { port } = receiver.address();
  const large = Buffer.alloc(60000, 'y');
  const datagrams = [
    ['é€\u{1f600}'], ['\xe9'], [''], [[]], [['a', Buffer.from('b'), new Uint8Array([99])]],
    [new DataView(new TextEncoder().encode('view').buffer)], [new Uint16Array([0x4141, 0x4242])],
    [Buffer.from('hello'), 1, 3], ['hello', 1, 3], [large],
  ];
  const received = collect(receiver, datagrams.length);
  for (const data of datagrams) {
    await new Promise((resolve, reject) => {
      sender.send(...data, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  }
  assert.deepStrictEqual(await received, [
    'é€\u{1f600}', '\xe9', '', '', 'abc', 'view', 'AABB', 'ell', 'ell', `${large}`,
  ]);
  await closed(receiver, sender);
});

test('a received datagram keeps its bytes while others come', async () => {
  const receiver = await bound();
  const kept = [];
  const all = collect(receiver, 50);
  receiver.on('message', (message) => kept.push(message));
  for (let index = 0; index < 50; index++) receiver.send(`${index}`.repeat(10), receiver.address().port);
  await all;
  assert.deepStrictEqual(kept.map(String), Array.from(kept, (_, index) => `${index}`.repeat(10)));
  await closed(receiver);
});

test('a peer that is not there', async () => {
  const gone = await bound();
  const { port } = gone.address();
  await closed(gone);
  const socket = dgram.createSocket('udp4');
  socket.connectSync(port, '127.0.0.1');
  socket.send('x');
  const [error] = await once(socket, 'error');
  assert.strictEqual(error.code, 'ECONNREFUSED');
  assert.ok(['send', 'recvmsg'].includes(error.syscall));
  assert.deepStrictEqual(socket.remoteAddress(), { address: '127.0.0.1', family: 'IPv4', port });
  socket.disconnect();
  assert.throws(() => socket.remoteAddress(), { code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
  await closed(socket);
});

test('a failed bind leaves the socket free for another', async () => {
  const first = await bound();
  const second = dgram.createSocket('udp4');
  let dropped = true;
  second.bind(first.address().port, '127.0.0.1', () => assert.fail('the port is taken'));
  second.send('x', 9, '127.0.0.1', () => { dropped = false; });
  const [error] = await once(second, 'error');
  assert.strictEqual(error.code, 'EADDRINUSE');
  assert.strictEqual(error.port, first.address().port);
  assert.deepStrictEqual(second.eventNames(), []);
  assert.throws(() => second.bindSync({ port: first.address().port, address: '127.0.0.1' }), { code: 'EADDRINUSE' });
  assert.ok(second.bindSync({ address: '127.0.0.1' }).port > 0);
  await once(second, 'listening');
  await new Promise(setImmediate);
  assert.strictEqual(dropped, true);
  await closed(first, second);
});

test('the asynchronous context', async () => {
  const storage = new AsyncLocalStorage();
  const seen = {};
  const socket = storage.run('made', () => dgram.createSocket('udp4'));
  const message = new Promise((resolve) => {
    socket.on('message', () => {
      seen.message = storage.getStore();
      resolve();
    });
  });
  await storage.run('bind', () => new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => {
      seen.listening = storage.getStore();
      resolve();
    });
  }));
  await storage.run('send', () => new Promise((resolve) => {
    socket.send('x', socket.address().port, '127.0.0.1', () => {
      seen.sent = storage.getStore();
      resolve();
    });
  }));
  await message;
  await closed(socket);
  assert.deepStrictEqual(seen, { listening: 'bind', sent: 'send', message: 'made' });
});

test('a descriptor that is not open is not taken', async () => {
  const socket = await bound();
  assert.ok(process.getActiveResourcesInfo().includes('UDPWrap'));
  const other = dgram.createSocket('udp4');
  assert.throws(() => other.bind({ fd: 0x7fffffff }), { code: 'ERR_INVALID_FD_TYPE' });
  await closed(socket, other);
});

test('groups and options', async () => {
  const socket = await bound('udp4', '0.0.0.0');
  socket.addMembership('224.0.0.114');
  socket.dropMembership('224.0.0.114');
  assert.throws(() => socket.dropMembership('224.0.0.114'), { code: 'EADDRNOTAVAIL', syscall: 'dropMembership' });
  assert.throws(() => socket.addMembership('127.0.0.1'), { code: 'EINVAL' });
  socket.addSourceSpecificMembership('127.0.0.1', '232.1.1.1');
  socket.dropSourceSpecificMembership('127.0.0.1', '232.1.1.1');
  assert.strictEqual(socket.setTTL(255), 255);
  for (const ttl of [0, 256, -1]) assert.throws(() => socket.setTTL(ttl), { message: 'setTTL EINVAL' });
  assert.strictEqual(socket.setMulticastTTL(0), 0);
  assert.strictEqual(socket.setMulticastLoopback('yes'), 'yes');
  assert.throws(() => socket.setMulticastInterface('nowhere'), { code: 'EINVAL' });
  socket.setRecvBufferSize(8192);
  assert.ok(socket.getRecvBufferSize() >= 8192);
  assert.throws(() => socket.setSendBufferSize(2 ** 31), { code: 'ERR_SOCKET_BUFFER_SIZE' });
  assert.throws(() => socket.setSendBufferSize(-1), { code: 'ERR_SOCKET_BAD_BUFFER_SIZE' });
  await closed(socket);
});
