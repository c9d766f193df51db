// net: an end that comes with the last data is told a turn of the loop later.
'use strict';

const assert = require('node:assert');
const net = require('node:net');

const order = [];
const server = net.createServer((socket) => {
  socket.on('data', () => {
    order.push('data');
    setImmediate(() => order.push('immediate'));
  });
  socket.on('end', () => order.push('end'));
  socket.on('close', () => {
    server.close();
    assert.deepStrictEqual(order, ['data', 'immediate', 'end']);
  });
});
server.listen(0, '127.0.0.1', () => {
  net.connect(server.address().port, '127.0.0.1').resume().end('last');
});
