// `node:module`: modules load in a program that has tampered with the prototypes of built-in classes.
'use strict';

const assert = require('node:assert');
const path = require('node:path');

const { defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const load = require('node:module').createRequire(path.join(__dirname, '../../fixtures/packages/loader/index.js'));
const requests = [
  './both', './both/', './bom.json', './main_folder', 'plain', 'plain/sub', '@scope/pack', 'exporting',
  'exporting/feature/a/b', './importer', 'fs', './missing', 'nowhere', 'node:nope', './throws', './bad.json',
];

// Methods that V8 or every conversion to a string needs.
const spared = ['constructor', '__proto__', 'toString', 'valueOf', 'exec'];
const saved = [];
for (const target of [String, Array, Map, Set, WeakMap, RegExp, Function, Number, Promise, Object]) {
  for (const key of ownKeys(target.prototype)) {
    const descriptor = getOwnPropertyDescriptor(target.prototype, key);
    if (spared.includes(key) || typeof descriptor.value !== 'function' || !descriptor.configurable) continue;
    saved[saved.length] = [target.prototype, key, descriptor];
  }
}
load('fs');

const outcomes = [];
const tampered = { value() { throw new Error('tampered'); }, configurable: true, writable: true };
for (let i = 0; i < saved.length; i++) defineProperty(saved[i][0], saved[i][1], tampered);
for (let i = 0; i < requests.length; i++) {
  let outcome;
  try {
    load(requests[i]);
    outcome = 'loaded';
  } catch (error) {
    outcome = error.code ?? error.message;
  }
  outcomes[i] = outcome;
}
for (let i = 0; i < saved.length; i++) defineProperty(saved[i][0], saved[i][1], saved[i][2]);

assert.deepStrictEqual(outcomes.slice(0, 11), new Array(11).fill('loaded'));
assert.deepStrictEqual(outcomes.slice(11, 15), [
  'MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNKNOWN_BUILTIN_MODULE', 'thrown',
]);
assert.match(outcomes[15], /bad\.json: Unexpected token/);
