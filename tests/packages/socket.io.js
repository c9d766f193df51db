// socket.io with its client: both transports, acknowledgements, rooms, namespaces, binary data.
'use strict';
const { createServer } = require('http');
const { Server } = require('socket.io');
const { io: connect } = require('socket.io-client');

async function main() {
  const server = createServer();
  const io = new Server(server);
  io.use((socket, next) => (socket.handshake.auth.token === 'good' ? next() : next(new Error('not allowed'))));
  io.on('connection', (socket) => {
    socket.join('room');
    socket.on('sum', (a, b, answer) => answer(a + b));
    socket.on('bytes', (bytes, answer) => answer(Buffer.concat([bytes, bytes])));
    socket.on('all', (text) => io.to('room').emit('said', text));
  });
  io.of('/admin').on('connection', (socket) => socket.emit('welcome', socket.nsp.name));
  await new Promise((resolve) => { server.listen(0, resolve); });
  const url = `http://localhost:${server.address().port}`;
  const event = (socket, name) => new Promise((resolve) => { socket.once(name, resolve); });

  for (const transports of [['websocket'], ['polling']]) {
    const socket = connect(url, { transports, auth: { token: 'good' }, forceNew: true });
    await event(socket, 'connect');
    console.log(socket.io.engine.transport.name, socket.connected);
    console.log(await socket.emitWithAck('sum', 2, 3), await socket.emitWithAck('bytes', Buffer.from('ab')));
    socket.emit('all', { deep: ['value', null] });
    console.log(await event(socket, 'said'));
    socket.disconnect();
  }
  const refused = connect(url, { auth: { token: 'bad' }, forceNew: true, reconnection: false });
  console.log((await event(refused, 'connect_error')).message);
  refused.disconnect();
  const admin = connect(`${url}/admin`, { forceNew: true });
  console.log(await event(admin, 'welcome'));
  admin.disconnect();
  await io.close();
  console.log('closed');
}
main();
