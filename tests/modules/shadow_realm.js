// Flags: --experimental-shadow-realm
// `ShadowRealm`: its globals, its modules, its errors, and what stays on either side.
'use strict';

const assert = require('assert');

const realm = new ShadowRealm();

// Globals are its own.
assert.strictEqual(realm.evaluate('globalThis.mine = 1; typeof process + typeof require'), 'undefinedundefined');
assert.strictEqual('mine' in globalThis, false);
assert.strictEqual(realm.evaluate('new URL("http://a/../b").href'), 'http://a/b');
assert.strictEqual(realm.evaluate('new TextEncoder().encode("a") instanceof Uint8Array'), true);
assert.strictEqual(realm.evaluate(`
  let count = 0;
  const target = new EventTarget();
  target.addEventListener('x', () => count++);
  target.dispatchEvent(new Event('x'));
  count;
`), 1);
assert.strictEqual(realm.evaluate('new ReadableStream() instanceof ReadableStream'), true);

// What the realm loads of its own leaves this one as it was.
assert.strictEqual(Buffer.from('abc').toString('hex'), '616263');
assert.deepStrictEqual(structuredClone(new Map([[1, [2]]])), new Map([[1, [2]]]));
assert.strictEqual(new URL('http://x').href, 'http://x/');

// Only functions and primitives cross.
assert.throws(() => realm.evaluate('({})'), TypeError);
assert.throws(() => realm.evaluate('throw new RangeError("inner")'), { name: 'TypeError', message: /inner/ });
assert.throws(() => realm.evaluate('1 +'), SyntaxError);
assert.strictEqual(realm.evaluate('(f) => f(2) + 1')((value) => value * 10), 21);

(async () => {
  const url = 'data:text/javascript,let n = 0; export const next = () => ++n; export const keys = Object.keys(import.meta).join()';
  const next = await realm.importValue(url, 'next');
  assert.strictEqual(next(), 1);
  assert.strictEqual((await realm.importValue(url, 'next'))(), 2);
  assert.strictEqual((await import(url)).next(), 1);
  assert.strictEqual((await new ShadowRealm().importValue(url, 'next'))(), 1);
  await assert.rejects(realm.importValue(url, 'nope'), TypeError);
  await assert.rejects(realm.importValue('fs', 'readFileSync'), /Cannot find package 'fs'/);
  await assert.rejects(realm.importValue('node:fs', 'readFileSync'), /No such built-in module: node:fs/);
  assert.strictEqual(typeof (await import('node:fs')).readFileSync, 'function');
})();
