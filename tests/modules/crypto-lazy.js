// Names of `crypto` whose code is loaded when they are first read are plain data properties all the same, and older
// names become such properties when they are read or replaced.
'use strict';
const assert = require('assert');
const crypto = require('crypto');

for (const name of ['createSign', 'getDiffieHellman', 'sign', 'pbkdf2']) {
  const { value, get, ...rest } = Object.getOwnPropertyDescriptor(crypto, name);
  assert.strictEqual(get, undefined);
  assert.strictEqual(value, crypto[name]);
  assert.deepStrictEqual(rest, { configurable: true, enumerable: true, writable: true });
}
assert.strictEqual(crypto.createHmac('sha256', 'a').update('b').digest('hex').length, 64);
crypto.createECDH = 5;
assert.strictEqual(crypto.createECDH, 5);

const kind = (name) => Object.keys(Object.getOwnPropertyDescriptor(crypto, name));
assert.deepStrictEqual(kind('prng'), ['get', 'set', 'enumerable', 'configurable']);
assert.strictEqual(crypto.prng, crypto.randomBytes);
assert.deepStrictEqual(kind('prng'), ['value', 'writable', 'enumerable', 'configurable']);
crypto.rng = undefined;
assert.strictEqual(crypto.rng, undefined);
