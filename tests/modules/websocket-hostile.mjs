// WebSocket and its servers that break the protocol: each is an error and a close, whatever has come before.
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const hello = (key, fields = '') => {
  const hash = createHash('sha1').update(key + GUID).digest('base64');
  return 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${hash}\r\n${fields}\r\n`;
};

let answer;
const server = net.createServer((socket) => {
  let request = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    request += chunk.toString('latin1');
    if (request === '' || !request.includes('\r\n\r\n')) return;
    const [, key] = /sec-websocket-key: (.*)\r/i.exec(request);
    socket.removeAllListeners('data').resume();
    answer(socket, key);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

/** What a program is told. */
function connect(protocols = []) {
  const events = [];
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/`, protocols);
  socket.onopen = () => events.push('open');
  socket.onmessage = ({ data }) => events.push(data);
  socket.onerror = ({ message, error }) => events.push(`error ${message}${error.name}${error.message}`);
  return new Promise((resolve) => {
    socket.onclose = ({ code, reason, wasClean }) => {
      events.push([code, reason, wasClean]);
      resolve(events);
    };
  });
}

const FAILED = ['error TypeError', [1006, '', false]];

const handshakes = {
  'another hash': (socket) => socket.end(hello('another')),
  'no change of protocol': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  'a redirect': (socket) => socket.end('HTTP/1.1 302 F\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'),
  'no HTTP': (socket) => socket.end('garbage\r\n\r\n'),
  'nothing': (socket) => socket.end(),
  'a reset': (socket) => socket.resetAndDestroy(),
  'an extension': (socket, key) => socket.end(hello(key, 'Sec-WebSocket-Extensions: other\r\n')),
};
for (const [name, handshake] of Object.entries(handshakes)) {
  answer = handshake;
  assert.deepStrictEqual(await connect(), FAILED, name);
}
answer = (socket, key) => socket.end(hello(key, 'Sec-WebSocket-Protocol: other\r\n'));
assert.deepStrictEqual(await connect(['mine']), FAILED);

const frames = {
  'a mask': [0x81, 0x81, 1, 2, 3, 4, 5],
  'a reserved bit': [0xa1, 1, 65],
  'a compressed one': [0xc1, 1, 65],
  'an unknown kind': [0x83, 1, 65],
  'a long ping': [0x89, 126, 0, 126, ...new Array(126).fill(0)],
  'a ping in parts': [0x09, 0],
  'text that is none': [0x81, 2, 0xc3, 0x28],
  'a second part only': [0x80, 1, 65],
  'two first parts': [0x01, 1, 65, 0x81, 1, 66],
  'half a code': [0x88, 1, 3],
  'a code of nobody': [0x88, 2, 0x03, 0xe7],
  'a reason that is no text': [0x88, 4, 0x03, 0xe8, 0xc3, 0x28],
  'an endless length': [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0],
  'a length beyond all messages': [0x82, 127, 0, 0, 0, 0, 0x08, 0, 0, 1],
  'an end in a frame': [0x82, 10, 1, 2],
  'no end': [],
};
for (const [name, bytes] of Object.entries(frames)) {
  answer = (socket, key) => socket.end(Buffer.concat([Buffer.from(hello(key)), Buffer.from(bytes)]));
  assert.deepStrictEqual(await connect(), ['open', ...FAILED], name);
}

// What comes before the end counts.
answer = (socket, key) => {
  const parts = [0x01, 1, 65, 0x89, 1, 67, 0x80, 1, 66, 0x88, 2, 0x03, 0xe8];
  socket.end(Buffer.concat([Buffer.from(hello(key)), Buffer.from(parts)]));
};
assert.deepStrictEqual(await connect(), ['open', 'AB', [1000, '', true]]);

// The server is told why, after the program; it is the one that ends the connection.
const told = [];
answer = (socket, key) => {
  socket.write(Buffer.concat([Buffer.from(hello(key)), Buffer.from([0x09, 0])]));
  socket.on('data', (frame) => {
    const mask = frame.subarray(2, 6);
    const payload = frame.subarray(6).map((byte, i) => byte ^ mask[i % 4]);
    told.push(frame[0], payload.readUInt16BE(0), String(payload.subarray(2)));
  });
};
assert.deepStrictEqual(await connect().finally(() => assert.deepStrictEqual(told, [])), ['open', ...FAILED]);
while (told.length === 0) await new Promise(setImmediate);
assert.deepStrictEqual(told, [0x88, 1002, 'Invalid frame type was fragmented.']);

let hasEnded = false;
answer = (socket, key) => {
  socket.write(Buffer.concat([Buffer.from(hello(key)), Buffer.from([0x88, 2, 0x03, 0xe8])]));
  socket.on('end', () => assert(hasEnded));
  socket.once('data', () => setImmediate(() => setImmediate(() => {
    hasEnded = true;
    socket.end();
  })));
};
assert.deepStrictEqual(await connect(), ['open', [1000, '', true]]);
assert(hasEnded);
server.close();
