// When hooks hear of ends, in which order ids are given, and what a full stack does to hooks of promises.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');

if (process.argv[2] === undefined) {
  for (const part of ['ends', 'late', 'full']) {
    const { status, stderr } = spawnSync(process.execPath, [__filename, part], { encoding: 'utf8' });
    assert.strictEqual(status, 0, `${part}: ${stderr}`);
  }
} else {
  ({ ends, late, full })[process.argv[2]]();
}

// What ended before the loop had anything to do is told before `beforeExit`.
function ends() {
  const { AsyncResource, createHook } = require('async_hooks');
  const seen = [];
  createHook({ init() {}, destroy: (id) => seen.push(id) }).enable();
  const first = new AsyncResource('first');
  first.emitDestroy();
  process.once('beforeExit', () => assert.deepStrictEqual(seen, [first.asyncId()]));
}

// A promise that was made before the hooks has an id before its child has.
function late() {
  const promise = new Promise((resolve) => resolve(5));
  const { createHook } = require('async_hooks');
  const made = [];
  createHook({ init: (id, type, triggerId) => made.push([type, id - triggerId]) }).enable();
  promise.then(() => {});
  assert.deepStrictEqual(made, [['PROMISE', 1]]);
}

// A program can catch that its stack is full where hooks have no room either.
function full() {
  const { createHook } = require('async_hooks');
  createHook({ init() {} }).enable();
  let depth = 0;
  const recurse = () => {
    new Promise(() => {});
    depth++;
    recurse();
  };
  assert.throws(recurse, { name: 'RangeError', message: 'Maximum call stack size exceeded' });
  assert.ok(depth > 100);
}
