// ioredis: commands, pipelines, transactions, subscriptions and errors against a small server of Redis's protocol.
'use strict';
const net = require('net');
const Redis = require('ioredis');

const store = new Map();
const bulk = (text) => (text === undefined ? '$-1\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
const server = net.createServer((socket) => {
  let rest = '';
  let queued;
  socket.on('error', () => {});
  const run = ([name, ...args]) => {
    switch (name.toLowerCase()) {
      case 'info': return bulk('redis_version:7.0.0\r\nloading:0');
      case 'set': store.set(args[0], args[1]); return '+OK\r\n';
      case 'get': return bulk(store.get(args[0]));
      case 'incr': store.set(args[0], String(Number(store.get(args[0]) ?? 0) + 1)); return `:${store.get(args[0])}\r\n`;
      case 'hgetall': return `*4\r\n${bulk('a')}${bulk('1')}${bulk('b')}${bulk('ü')}`;
      case 'subscribe': setImmediate(() => socket.write(`*3\r\n${bulk('message')}${bulk(args[0])}${bulk('hello')}`)); return `*3\r\n${bulk('subscribe')}${bulk(args[0])}:1\r\n`;
      case 'quit': setImmediate(() => socket.end()); return '+OK\r\n';
      case 'client': return '+OK\r\n';
      default: return `-ERR unknown command '${name}'\r\n`;
    }
  };
  socket.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n');
    while (lines.length > 1 && lines.length > 2 * Number(lines[0].slice(1)) + 1) {
      const count = Number(lines.shift().slice(1));
      const command = [];
      for (let n = 0; n < count; n++) { lines.shift(); command.push(lines.shift()); }
      const name = command[0].toLowerCase();
      if (name === 'multi') { queued = []; socket.write('+OK\r\n'); } else if (name === 'exec') { socket.write(`*${queued.length}\r\n${queued.map(run).join('')}`); queued = undefined; } else if (queued) { queued.push(command); socket.write('+QUEUED\r\n'); } else socket.write(run(command));
    }
    rest = lines.join('\r\n');
  });
}).listen(0, '127.0.0.1', async () => {
  const options = { port: server.address().port, host: '127.0.0.1', disableClientInfo: true };
  const redis = new Redis(options);
  console.log(await redis.set('k', 'wört'), await redis.get('k'), await redis.get('none'), await redis.getBuffer('k'), await redis.hgetall('h'));
  console.log(await redis.pipeline().incr('n').incr('n').get('n').nothing?.().exec() ?? await redis.pipeline().incr('n').incr('n').get('n').exec());
  console.log(await redis.multi().set('a', '1').get('a').exec());
  await redis.call('strange').catch((error) => console.log(error.name, error.message));
  const subscriber = new Redis(options);
  subscriber.on('message', async (channel, text) => {
    console.log(channel, text);
    subscriber.disconnect();
    console.log(await redis.quit());
    server.close();
  });
  console.log(await subscriber.subscribe('news'));
});
