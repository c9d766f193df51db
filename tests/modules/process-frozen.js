// Flags: --frozen-intrinsics --no-warnings
// `--frozen-intrinsics`: the language, the console and the timers cannot be changed; what inherits from them can.
'use strict';

const assert = require('assert');

for (const change of [
  () => { Object.defineProperty = null; },
  () => { Array.prototype.push = null; },
  () => { Object.prototype.added = 1; },
  () => { Map.prototype.get = null; },
  () => { Object.getPrototypeOf([].values()).next = null; },
  () => { Object.getPrototypeOf(function* () {}).prototype.next = null; },
  () => { Object.getPrototypeOf(Int8Array).from = null; },
  () => { console.log = null; },
  () => { setTimeout.added = 1; },
  () => { JSON.parse = null; },
  () => { globalThis.globalThis = null; },
  () => { delete Promise.prototype.then; },
]) {
  assert.throws(change, TypeError, String(change));
}
for (const value of [Object, Array, Object.prototype, Function.prototype, Promise, Math, Reflect, console, setTimeout]) {
  assert.ok(Object.isFrozen(value));
}

// Inheriting is no hindrance.
const object = {};
object.toString = () => 'own';
object.constructor = 1;
assert.strictEqual(`${object}`, 'own');
assert.deepStrictEqual(Object.keys(object), ['toString', 'constructor']);
class Mistake extends Error {
  constructor() {
    super('first');
    this.name = 'Mistake';
    this.message = 'second';
  }
}
assert.strictEqual(String(new Mistake()), 'Mistake: second');
const list = [1];
list.push = () => 'mine';
assert.strictEqual(list.push(2), 'mine');

// What is the program's own, or Node's, goes on as before.
const written = [];
const { Writable } = require('stream');
const own = new console.Console(new Writable({ write(chunk, _, done) { written.push(String(chunk)); done(); } }));
own.log('text');
own.log = (text) => written.push(text);
own.log('more');
assert.deepStrictEqual(written, ['text\n', 'more']);
setImmediate(() => require('fs').promises.readFile(__filename).then((bytes) => assert.ok(bytes.length > 0)));
