// Libraries that answer requests themselves put functions of their own in the place of those of a socket's handle:
// they are called as in Node.
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');

async function connect(host, name) {
  const socket = net.connect({ host, port: 9 });
  const handle = socket._handle;
  const calls = [];
  handle[name === 'connect' ? 'connect6' : 'connect'] = () => assert.fail('for the other family');
  handle[name] = (request, address, port) => {
    calls.push([address, port]);
    setImmediate(() => request.oncomplete(0, handle, request, true, true));
    return 0;
  };
  handle.readStart = () => 0;
  await once(socket, 'connect');
  assert.deepStrictEqual(calls, [[host, 9]]);
  assert.strictEqual(socket.connecting, false);
  socket.destroy();
  await once(socket, 'close');
}

async function refuse() {
  const socket = net.connect({ host: '127.0.0.1', port: 9 });
  socket._handle.connect = (request) => {
    assert.deepStrictEqual([request.address, request.port], ['127.0.0.1', 9]);
    return -13;
  };
  const [error] = await once(socket, 'error');
  assert.strictEqual(error.code, 'EACCES');
}

connect('127.0.0.1', 'connect').then(() => connect('::1', 'connect6')).then(refuse);
