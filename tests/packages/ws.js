// ws: text, binary, fragments, compression, ping, close codes and a refused upgrade.
'use strict';
const { once } = require('events');
const http = require('http');
const { WebSocket, WebSocketServer, createWebSocketStream } = require('ws');

async function main() {
  const server = http.createServer((req, res) => res.writeHead(426).end());
  const wss = new WebSocketServer({
    noServer: true,
    perMessageDeflate: { threshold: 10 },
    handleProtocols: (offered) => [...offered].find((name) => name === 'echo') ?? false,
  });
  const closed = [];
  server.on('upgrade', (req, socket, head) => {
    if (req.url === '/refused') return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    wss.handleUpgrade(req, socket, head, (ws) => wss.emit('connection', ws, req));
  });
  wss.on('connection', (ws) => {
    ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }));
    ws.on('close', (code, reason) => closed.push(`server saw close ${code} ${reason}`));
  });
  server.listen(0);
  await once(server, 'listening');
  const url = `ws://localhost:${server.address().port}`;
  const ws = new WebSocket(url, ['other', 'echo']);
  await once(ws, 'open');
  console.log('open', ws.protocol, ws.extensions, ws.readyState);
  const say = async (...args) => { ws.send(...args); return once(ws, 'message'); };
  console.log((await say('grüße'))[0].toString());
  const [bytes, isBinary] = await say(Buffer.from([1, 2, 3]));
  console.log(bytes, isBinary);
  console.log((await say('x'.repeat(100000)))[0].length);
  ws.send('frag', { fin: false });
  ws.send('ment', { fin: true });
  console.log(String((await once(ws, 'message'))[0]));
  ws.ping('are you there');
  console.log('pong', String((await once(ws, 'pong'))[0]));
  ws.close(4001, 'enough');
  const [code, reason] = await once(ws, 'close');
  console.log('client saw close', code, String(reason));

  const stream = createWebSocketStream(new WebSocket(url), { encoding: 'utf8' });
  stream.write('through a stream');
  console.log((await once(stream, 'data'))[0]);
  stream.end();
  await once(stream, 'close');
  const refused = new WebSocket(`${url}/refused`);
  console.log((await once(refused, 'error'))[0].message);

  const native = new globalThis.WebSocket(url, 'echo');
  await once(native, 'open');
  native.send('from the global one');
  console.log((await once(native, 'message'))[0].data);
  native.close(1000, 'bye');
  const [event] = await once(native, 'close');
  console.log(event.code, event.wasClean);
  wss.close();
  server.close(() => console.log(closed));
}
main();
