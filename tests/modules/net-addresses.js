// `net`: addresses, lists of them, and sockets that are bound before their use.
'use strict';

const assert = require('node:assert');
const net = require('node:net');
const { inspect } = require('node:util');
const { once } = require('node:events');

function texts() {
  for (const text of ['127.0.0.1', '0.0.0.0', '255.255.255.255']) assert.strictEqual(net.isIP(text), 4, text);
  for (const text of ['::', '::1', '1::', 'fe80::1%eth0', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8']) {
    assert.strictEqual(net.isIP(text), 6, text);
  }
  for (const text of ['', '1.2.3', '256.1.1.1', '01.2.3.4', ':::', '1::2::3', '[::1]', 'localhost']) {
    assert.strictEqual(net.isIP(text), 0, text);
  }
}

function socketAddress() {
  const { SocketAddress } = net;
  const address = new SocketAddress({ address: '0:0::1', family: 'IPv6', port: 80, flowlabel: 3 });
  assert.deepStrictEqual(address.toJSON(), { address: '::1', port: 80, family: 'ipv6', flowlabel: 3 });
  assert.strictEqual(inspect(new SocketAddress()),
    "SocketAddress { address: '127.0.0.1', port: 0, family: 'ipv4', flowlabel: 0 }");
  assert.strictEqual(SocketAddress.isSocketAddress(address), true);
  assert.strictEqual(SocketAddress.isSocketAddress({}), false);
  assert.deepStrictEqual(structuredClone(address).toJSON(), address.toJSON());
  for (const [text, host, port] of [['1.2.3.4:81', '1.2.3.4', 81], ['[::1]:81', '::1', 81], ['[::1]', '::1', 0]]) {
    const parsed = SocketAddress.parse(text);
    assert.deepStrictEqual([parsed.address, parsed.port], [host, port]);
  }
  for (const text of ['name:81', '::1', '1.2.3.4:99999']) assert.strictEqual(SocketAddress.parse(text), undefined);
  assert.throws(() => new SocketAddress({ address: '::1' }), { code: 'ERR_INVALID_ADDRESS' });
  assert.throws(() => new SocketAddress({ family: 'ip' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => new SocketAddress({ port: 65536 }), { code: 'ERR_SOCKET_BAD_PORT' });
}

function blockList() {
  const list = new net.BlockList();
  list.addAddress('1.1.1.1');
  list.addRange('10.0.0.1', '10.0.0.9');
  list.addSubnet('8592:757c:efae:4e45::', 64, 'ipv6');
  assert.deepStrictEqual(list.rules,
    ['Address: IPv4 1.1.1.1', 'Subnet: IPv6 8592:757c:efae:4e45::/64', 'Range: IPv4 10.0.0.1-10.0.0.9']);
  const checks = [
    ['1.1.1.1', 'ipv4', true], ['1.1.1.2', 'ipv4', false], ['::ffff:1.1.1.1', 'ipv6', true],
    ['10.0.0.1', 'ipv4', true], ['10.0.0.9', 'ipv4', true], ['10.0.0.10', 'ipv4', false],
    ['8592:757c:efae:4e45:fb5d:d62a:d00:8e17', 'ipv6', true], ['8592:757c:efae:4f45::', 'ipv6', false],
    ['not an address', 'ipv4', false],
  ];
  for (const [address, family, expected] of checks) assert.strictEqual(list.check(address, family), expected, address);
  assert.strictEqual(list.check(new net.SocketAddress({ address: '1.1.1.1' })), true);
  assert.strictEqual(net.BlockList.isBlockList(list), true);
  assert.throws(() => list.addAddress('x'), { code: 'ERR_INVALID_ADDRESS' });
  assert.throws(() => list.addSubnet('1.1.1.1', 33), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => list.addRange('1.1.1.2', '1.1.1.1'), { code: 'ERR_INVALID_ARG_VALUE' });
  const other = new net.BlockList();
  other.fromJSON(list.toJSON());
  assert.deepStrictEqual(other.rules, list.rules);
  assert.strictEqual(inspect(new net.BlockList()), 'BlockList { rules: [] }');
}

function newerLists() {
  // Not in releases before 26.
  if (typeof net.BlockList.prototype.addCIDR !== 'function') return;
  const list = new net.BlockList();
  list.addCIDRs(['10.0.0.0/8', 'fc00::/7']);
  list.addAddresses(['1.1.1.1', '2.2.2.2']);
  assert.strictEqual(list.size, 4);
  assert.deepStrictEqual(['10.1.2.3', '2.2.2.2', '3.3.3.3'].map((it) => list.check(it)), [true, true, false]);
  list.removeCIDR('10.0.0.0/8');
  list.removeAddress('2.2.2.2');
  assert.deepStrictEqual(['10.1.2.3', '2.2.2.2', '1.1.1.1'].map((it) => list.check(it)), [false, false, true]);
  assert.throws(() => list.addCIDR('1.1.1.1'), { code: 'ERR_INVALID_ARG_VALUE' });
  list.clear();
  assert.strictEqual(list.size, 0);
}

async function boundSocket() {
  if (net.BoundSocket === undefined) return;
  const bound = new net.BoundSocket({ host: '127.0.0.1' });
  const { port } = bound.address();
  assert.ok(port > 0 && bound.fd() > 0);
  const server = net.createServer((socket) => socket.end()).listen(bound);
  await once(server, 'listening');
  assert.strictEqual(server.address().port, port);
  assert.throws(() => bound.address(), { code: 'ERR_SOCKET_HANDLE_ADOPTED' });
  assert.throws(() => new net.BoundSocket({ host: '127.0.0.1', port }), { code: 'EADDRINUSE', syscall: 'bind' });
  const local = new net.BoundSocket({ host: '127.0.0.1' });
  const { port: localPort } = local.address();
  const client = new net.Socket({ handle: local });
  client.connect({ port, host: '127.0.0.1' });
  client.resume();
  await once(client, 'connect');
  assert.strictEqual(client.localPort, localPort);
  await once(client, 'close');
  server.close();
}

texts();
socketAddress();
blockList();
newerLists();
boundSocket().then(() => { process.exitCode = 0; });
process.exitCode = 1;
