// `WebSocket` against a server of our own that speaks the protocol by hand.
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import zlib from 'node:zlib';

const frame = (first, ...bytes) => Buffer.concat([Buffer.from([first, bytes.length]), Buffer.from(bytes)]);
const text = (string) => frame(0x81, ...Buffer.from(string));
const closing = (code, reason) => frame(0x88, code >> 8, code & 0xff, ...Buffer.from(reason));

// What the client sends, without its mask.
function* framesOf(bytes) {
  for (let at = 0; at < bytes.length; ) {
    let length = bytes[at + 1] & 0x7f;
    let start = at + 2;
    assert.strictEqual(bytes[at + 1] & 0x80, 0x80, 'a client masks');
    if (length === 126) (length = bytes.readUInt16BE(start)), (start += 2);
    else if (length === 127) (length = Number(bytes.readBigUInt64BE(start))), (start += 8);
    const mask = bytes.subarray(start, start + 4);
    const payload = Buffer.from(bytes.subarray(start + 4, start + 4 + length).map((byte, i) => byte ^ mask[i & 3]));
    yield { opcode: bytes[at] & 0x0f, payload };
    at = start + 4 + length;
  }
}

const server = http.createServer();
let answer;
let extensions = '';
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const protocol = request.headers['sec-websocket-protocol']?.split(', ').at(-1);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}${extensions}\r\n`);
  socket.on('error', () => {});
  answer(socket);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `ws://127.0.0.1:${server.address().port}/path?query`;

/** Opens a connection and tells what happens until it is closed. */
async function run(serve, use = () => {}, protocols = undefined) {
  answer = serve;
  const events = [];
  const socket = new WebSocket(url, protocols);
  socket.onopen = () => (events.push(['open', socket.protocol, socket.readyState]), use(socket));
  socket.onmessage = ({ data, origin }) => events.push(['message', data, origin.startsWith('ws://127.0.0.1:')]);
  socket.onerror = () => events.push(['error']);
  const { code, reason, wasClean } = await new Promise((resolve) => (socket.onclose = resolve));
  events.push(['close', code, reason, wasClean]);
  assert.strictEqual(socket.readyState, WebSocket.CLOSED);
  return events;
}

// The server's closing is answered; whole, fragmented and control frames in one piece and byte by byte.
const stream = Buffer.concat([
  text('one'), frame(0x89, 1, 2), frame(0x01, 65), frame(0x80, 66), closing(4001, 'done'),
]);
for (const step of [stream.length, 1]) {
  const events = await run((socket) => {
    for (let i = 0; i < stream.length; i += step) socket.write(stream.subarray(i, i + step));
    const pieces = [];
    socket.on('data', (piece) => pieces.push(piece)).on('end', () => {
      const frames = [...framesOf(Buffer.concat(pieces))];
      assert.deepStrictEqual(frames.map(({ opcode }) => opcode), [10, 8]);
      assert.deepStrictEqual([...frames[0].payload], [1, 2]);
      socket.end();
    }).once('data', () => setImmediate(() => socket.end()));
  }, undefined, ['a', 'b']);
  assert.deepStrictEqual(events, [
    ['open', 'b', 1], ['message', 'one', true], ['message', 'AB', true], ['close', 4001, 'done', true],
  ]);
}

// What is sent arrives in its order before the closing: strings, bytes, blobs, long messages.
const received = [];
const long = 'x'.repeat(70_000);
const closed = await run((socket) => {
  let bytes = Buffer.alloc(0);
  socket.on('data', (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes.length < 70_000 + 126 + 40) return;
    received.push(...framesOf(bytes));
    socket.end(closing(3000, ''));
  });
}, (socket) => {
  socket.send('ä');
  socket.send(new Blob(['blob']));
  socket.send(new Uint8Array([1, 2, 3]).subarray(1));
  socket.send('y'.repeat(126));
  socket.send(long);
  assert.ok(socket.bufferedAmount > 70_000);
  socket.close(3000, 'bye');
  assert.strictEqual(socket.readyState, WebSocket.CLOSING);
});
// Node's closing overtakes what waits for a blob.
if (!process.versions.ironode) received.sort((a, b) => (a.opcode === 8) - (b.opcode === 8));
assert.deepStrictEqual(received.map(({ opcode, payload }) => [opcode, payload.length]),
  [[1, 2], [2, 4], [2, 2], [1, 126], [1, 70_000], [8, 5]]);
assert.strictEqual(received.at(-1).payload.subarray(2).toString(), 'bye');
assert.deepStrictEqual(closed.at(-1), ['close', 3000, '', true]);

// Binary messages, as asked for.
for (const type of ['blob', 'arraybuffer']) {
  const [, message] = await run(
    (socket) => {
      socket.write(Buffer.concat([frame(0x82, 1, 2), closing(1000, '')]));
      socket.once('data', () => socket.end());
    },
    (socket) => (socket.binaryType = type)
  );
  const bytes = type === 'blob' ? await message[1].arrayBuffer() : message[1];
  assert.deepStrictEqual([...new Uint8Array(bytes)], [1, 2]);
}

// Compressed messages, the second with what the first has taught.
extensions = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';
const deflate = zlib.createDeflateRaw();
const compress = (string) => new Promise((resolve) => {
  const parts = [];
  const onData = (part) => parts.push(part);
  deflate.on('data', onData).write(string);
  deflate.flush(zlib.constants.Z_SYNC_FLUSH, () => {
    deflate.off('data', onData);
    resolve(Buffer.concat(parts).subarray(0, -4));
  });
});
const [first, second] = [await compress('what repeats itself, repeats itself'), await compress('repeats itself')];
assert.deepStrictEqual(
  await run((socket) => {
    socket.write(Buffer.concat([frame(0xc1, ...first), frame(0xc1, ...second), text('plain'), closing(1000, '')]));
    socket.once('data', () => socket.end());
  }),
  [
    ['open', '', 1], ['message', 'what repeats itself, repeats itself', true], ['message', 'repeats itself', true],
    ['message', 'plain', true], ['close', 1000, '', true],
  ]
);
extensions = '';

// What breaks the protocol, and what ends without a word.
for (const bytes of [
  frame(0x83), Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]), frame(0x81, 0xff), frame(0xc1, 65), frame(0x80, 65),
  Buffer.concat([frame(0x01, 65), text('B')]), frame(0x88, 1), frame(0x09, 1),
]) {
  const events = await run((socket) => (socket.write(bytes), socket.on('data', () => socket.end())));
  assert.deepStrictEqual([events[0], events.at(-1)], [['open', '', 1], ['close', 1006, '', false]]);
}
assert.deepStrictEqual(await run((socket) => setImmediate(() => socket.destroy())),
  [['open', '', 1], ['error'], ['close', 1006, '', false]]);

// Closed before it was open: Node never tells the end of it.
if (process.versions.ironode) {
  answer = (socket) => socket.resume().on('end', () => socket.end());
  const early = new WebSocket(url);
  early.close();
  assert.strictEqual(early.readyState, WebSocket.CLOSING);
  assert.strictEqual((await once(early, 'close'))[0].code, 1006);
}

// No handshake.
server.removeAllListeners('upgrade').on('request', (request, response) => response.writeHead(404).end());
assert.deepStrictEqual(await run(() => {}), [['error'], ['close', 1006, '', false]]);

server.close();
server.closeAllConnections();
