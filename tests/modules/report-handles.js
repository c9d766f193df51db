// The handles of a diagnostic report: every kind with the fields that tell of it, also where nothing keeps the loop alive.
'use strict';

const assert = require('assert');
const dgram = require('dgram');
const fs = require('fs');
const net = require('net');

const common = ['type', 'is_active', 'is_referenced', 'address'];
const socket = ['localEndpoint', 'remoteEndpoint', 'sendBufferSize', 'recvBufferSize', 'fd', 'writeQueueSize'];

process.on('SIGUSR2', () => {});
const watcher = fs.watch(__dirname);
fs.watchFile(__filename, () => {});
const server = net.createServer().listen(0, '127.0.0.1', () => {
  const udp = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => {
    const { libuv } = process.report.getReport();
    const find = (type) => libuv.find((handle) => handle.type === type);
    assert.deepStrictEqual(Object.keys(find('tcp')), [...common, ...socket, 'readable', 'writable']);
    assert.strictEqual(find('tcp').localEndpoint.port, server.address().port);
    assert.ok(find('tcp').recvBufferSize > 0);
    assert.deepStrictEqual(Object.keys(find('udp')), [...common, ...socket, 'writeQueueCount']);
    assert.strictEqual(find('udp').localEndpoint.port, udp.address().port);
    assert.deepStrictEqual(Object.keys(find('fs_event')), [...common, 'filename']);
    assert.strictEqual(find('fs_event').filename, __dirname);
    assert.strictEqual(find('fs_poll').filename, __filename);
    const { is_referenced: isReferenced, signum, signal } = find('signal');
    assert.deepStrictEqual([isReferenced, signum, signal], [false, 12, 'SIGUSR2']);
    fs.unwatchFile(__filename);
    watcher.close();
    udp.close();
    server.close();
  });
});
