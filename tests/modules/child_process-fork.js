// `child_process.fork`: messages, handles, and the end of the channel.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const { once } = require('node:events');
const { fork } = require('node:child_process');

const COUNT = 10_000;

const roles = {
  echo() {
    process.on('message', (message) => process.send(message));
  },
  count() {
    let next = 0;
    process.on('message', ({ number }) => {
      assert.strictEqual(number, next++);
    });
    process.on('disconnect', () => {
      process.exitCode = next === COUNT ? 0 : 1;
    });
  },
  speak() {
    for (let number = 0; number < COUNT; number++) {
      process.send({ number, text: 'x'.repeat(50) }, (error) => {
        assert.strictEqual(error, null);
        if (number === COUNT - 1) process.exit(5);
      });
    }
  },
  hurry() {
    for (let number = 0; number < COUNT; number++) process.send(number);
    process.exit(6);
  },
  late() {
    // A message that came before its listener is kept for it.
    setTimeout(() => process.on('message', (message) => {
      process.send(message);
      process.disconnect();
    }), 50);
    process.channel.ref();
  },
  serve() {
    process.on('message', (message, handle) => {
      if (handle instanceof net.Server) {
        handle.on('connection', (socket) => socket.end('by server'));
        process.send('listening');
      } else if (handle !== undefined) {
        handle.end(message);
      } else {
        process.disconnect();
        process.exit(0);
      }
    });
  },
};

function start(role, options) {
  return fork(__filename, [role], options);
}

function read(port) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => text += chunk);
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

async function echo(serialization) {
  const child = start('echo', { serialization });
  assert.deepStrictEqual([child.connected, typeof child.channel], [true, 'object']);
  const plain = [1, -0.5, 'text', 'é 日本 😀', '', true, false, null, { a: [1, { b: null }] }, 'x'.repeat(500_000)];
  const rich = [new Map([[1, new Set(['a'])]]), Buffer.from('bytes'), new Uint16Array([1, 2]), new Date(5), /x/g,
                10n, { undefined: undefined, nan: NaN }];
  const values = serialization === 'advanced' ? [...plain, ...rich.slice(0, 5), { big: rich[5] }, rich[6]] : plain;
  const answers = [];
  child.on('message', (message) => {
    answers.push(message);
    if (answers.length === values.length) child.disconnect();
  });
  for (const value of values) child.send(value);
  assert.throws(() => child.send(), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => child.send(Symbol('s')), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => child.send('x', {}), { code: 'ERR_INVALID_HANDLE_TYPE' });
  assert.throws(() => child.send('x', undefined, 5), { code: 'ERR_INVALID_ARG_TYPE' });
  await once(child, 'exit');
  assert.deepStrictEqual(answers, values);
  assert.strictEqual(child.connected, false);
  child.on('error', () => {});
  assert.strictEqual(child.send('x', (error) => assert.strictEqual(error.code, 'ERR_IPC_CHANNEL_CLOSED')), false);
  child.once('error', (error) => assert.strictEqual(error.code, 'ERR_IPC_DISCONNECTED'));
  child.disconnect();
}

// Messages of one batch come before the ticks that they cause.
async function order() {
  const child = start('echo');
  const events = [];
  child.on('message', (message) => {
    events.push(message);
    process.nextTick(() => events.push('tick'));
    if (message === 'last') child.disconnect();
  });
  child.send('last', () => events.push('sent'));
  process.nextTick(() => events.push('next'));
  await once(child, 'close').catch(() => {});
  assert.deepStrictEqual(events.slice(0, 4), ['sent', 'next', 'last', 'tick']);
}

async function everyMessage() {
  const listener = async (role, code) => {
    const child = start(role);
    let next = 0;
    child.on('message', (message) => assert.strictEqual(message.number ?? message, next++));
    assert.deepStrictEqual(await once(child, 'close'), [code, null]);
    assert.strictEqual(next, COUNT);
  };
  await listener('speak', 5);
  // What Node drops when the channel is closed or the process ends, is still delivered here.
  if (process.versions.ironode === undefined) return;
  await listener('hurry', 6);
  const child = start('count');
  for (let number = 0; number < COUNT; number++) child.send({ number, text: 'x'.repeat(50) });
  child.disconnect();
  assert.deepStrictEqual(await once(child, 'exit'), [0, null]);
}

async function late() {
  const child = start('late');
  child.send('early');
  const [message] = await once(child, 'message');
  assert.strictEqual(message, 'early');
  await once(child, 'close');
}

async function handles() {
  const child = start('serve');
  let number = 0;
  const server = net.createServer({ pauseOnConnect: true }, (socket) => child.send(`answer ${number++}`, socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const texts = await Promise.all(Array.from({ length: 50 }, () => read(port)));
  const expected = Array.from({ length: 50 }, (_, i) => `answer ${i}`);
  assert.deepStrictEqual(texts.sort(), expected.sort());

  // The server itself: it goes on there when it is closed here.
  child.send('server', server);
  await once(child, 'message');
  server.close();
  assert.strictEqual(await read(port), 'by server');
  child.send('end');
  await once(child, 'exit');
}

async function failures() {
  assert.throws(() => fork(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fork('x', 5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fork('x', { stdio: ['pipe'] }), { code: 'ERR_CHILD_PROCESS_IPC_REQUIRED' });
  assert.throws(() => fork('x', { serialization: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
  const silent = fork('/no/such/file', { silent: true });
  const [code] = await once(silent, 'close');
  assert.strictEqual(code, 1);
}

if (process.argv[2] !== undefined) {
  assert.deepStrictEqual([process.env.NODE_CHANNEL_FD, process.connected], [undefined, true]);
  roles[process.argv[2]]();
} else {
  (async () => {
    await echo('json');
    await echo('advanced');
    await order();
    await everyMessage();
    await late();
    await handles();
    await failures();
  })();
}
