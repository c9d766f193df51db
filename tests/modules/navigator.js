// `navigator`.
'use strict';

const assert = require('node:assert');
const os = require('node:os');
const util = require('node:util');

const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
assert.deepStrictEqual([get.name, set, enumerable, configurable], ['get navigator', undefined, true, true]);
assert.throws(() => { navigator = 1; }, TypeError);

assert.strictEqual(Navigator, navigator.constructor);
const { writable, ...descriptor } = Object.getOwnPropertyDescriptor(globalThis, 'Navigator');
assert.deepStrictEqual(descriptor, { value: Navigator, enumerable: false, configurable: true });
assert.strictEqual(writable, true);
assert.throws(() => new Navigator(), { name: 'TypeError', code: 'ERR_ILLEGAL_CONSTRUCTOR' });
assert.strictEqual(util.inspect(navigator), 'Navigator {}');
assert.strictEqual(navigator, navigator);

assert.strictEqual(navigator.hardwareConcurrency, os.availableParallelism());
assert.strictEqual(navigator.language, Intl.DateTimeFormat().resolvedOptions().locale);
assert.deepStrictEqual(navigator.languages, [navigator.language]);
assert.ok(Object.isFrozen(navigator.languages));
assert.strictEqual(navigator.languages, navigator.languages);
assert.strictEqual(navigator.userAgent, `Node.js/${process.versions.node.split('.')[0]}`);
if (process.platform === 'linux' && process.arch === 'x64') assert.strictEqual(navigator.platform, 'Linux x86_64');

for (const name of ['hardwareConcurrency', 'language', 'languages', 'platform', 'userAgent']) {
  const accessor = Object.getOwnPropertyDescriptor(Navigator.prototype, name);
  assert.ok(accessor.enumerable && accessor.set === undefined);
  assert.throws(() => accessor.get.call({}), TypeError);
}
