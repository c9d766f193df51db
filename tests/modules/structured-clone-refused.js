// Objects that no copy can stand for are refused by structuredClone and postMessage, also inside others; lists of
// blocked addresses share their rules with their copies.
'use strict';

const assert = require('node:assert');
const dns = require('node:dns');
const net = require('node:net');
const tls = require('node:tls');
const v8 = require('node:v8');
const { MessageChannel } = require('node:worker_threads');

const refused = {
  Request: new Request('http://localhost/'),
  Response: new Response('text'),
  Headers: new Headers(),
  FormData: new FormData(),
  MessageEvent: new MessageEvent('message'),
  CloseEvent: new CloseEvent('close'),
  ErrorEvent: new ErrorEvent('error'),
  URL: new URL('http://localhost/'),
  URLSearchParams: new URLSearchParams(),
  URLPattern: new URLPattern({ pathname: '/a' }),
  Resolver: new dns.Resolver(),
  PromisesResolver: new dns.promises.Resolver(),
  Serializer: new v8.Serializer(),
  Deserializer: new v8.Deserializer(Buffer.alloc(8)),
  SecureContext: tls.createSecureContext(),
};
const isRefusal = { name: 'DataCloneError', code: 25, message: 'Cannot clone object of unsupported type.' };
const { port1 } = new MessageChannel();
for (const [name, object] of Object.entries(refused)) {
  assert.throws(() => structuredClone(object), isRefusal, name);
  assert.throws(() => structuredClone([{ object }]), isRefusal, name);
  assert.throws(() => port1.postMessage(object), isRefusal, name);
}
port1.close();

const list = new net.BlockList();
list.addAddress('192.0.2.1');
const copy = structuredClone(list);
assert.ok(copy instanceof net.BlockList);
copy.addSubnet('198.51.100.0', 24);
list.addRange('203.0.113.1', '203.0.113.9');
assert.deepStrictEqual(copy.rules, list.rules);
assert.ok(list.check('198.51.100.7'));
assert.ok(copy.check('203.0.113.5'));
list.clear();
assert.strictEqual(copy.size, 0);

// What can be cloned but not handed over is no more welcome in a transfer list than anything else.
for (const object of [new Blob([]), new DOMException('m'), new URL('http://a'), {}]) {
  assert.throws(() => structuredClone(1, { transfer: [object] }), {
    name: 'DataCloneError',
    message: 'Found invalid value in transferList.',
  });
}
