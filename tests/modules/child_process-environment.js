// The environment of a new process: that of this one as it is now, or what `env` has, with what it inherits.
'use strict';

const assert = require('assert');
const { execFileSync, spawnSync } = require('child_process');

/** The environment that a program gets, as `NAME=value`. */
function given(options) {
  return execFileSync('/usr/bin/env', { encoding: 'utf8', ...options }).split('\n').slice(0, -1);
}

const own = () => Object.entries(process.env).map(([name, value]) => `${name}=${value}`);

// The same variables in the same order, whatever the program has changed.
assert.deepStrictEqual(given(), own());
process.env.CHILD_TEST_A = 'first';
process.env.CHILD_TEST_B = 'a=b; \u00e4 \u{1f600}';
process.env.CHILD_TEST_EMPTY = '';
assert.deepStrictEqual(given(), own());
assert.ok(given().includes('CHILD_TEST_B=a=b; \u00e4 \u{1f600}'));
delete process.env.CHILD_TEST_A;
process.env.CHILD_TEST_B = 1;
assert.deepStrictEqual(given(), own());
assert.ok(given().includes('CHILD_TEST_B=1'));
assert.deepStrictEqual(given({ env: process.env }), own());

// A name like a number.
process.env[7] = 'seven';
assert.deepStrictEqual(given().toSorted(), own().toSorted());
delete process.env[7];

// What all objects have is a variable.
Object.prototype.childTestInherited = 'yes';
assert.ok(given().includes('childTestInherited=yes'));
delete Object.prototype.childTestInherited;
assert.ok(!given().includes('childTestInherited=yes'));

// Another object.
assert.deepStrictEqual(given({ env: { ONE: 1, TWO: undefined, THREE: null } }), ['ONE=1', 'THREE=null']);
assert.deepStrictEqual(given({ env: Object.create({ UP: 'there' }, { OWN: { value: 1, enumerable: true } }) }),
  ['OWN=1', 'UP=there']);
const before = process.env;
process.env = { REPLACED: 'yes' };
assert.deepStrictEqual(given(), ['REPLACED=yes']);
process.env = before;
assert.deepStrictEqual(given(), own());

// The system would see the end of the text.
process.env.CHILD_TEST_NUL = 'a\0b';
if (process.env.CHILD_TEST_NUL.includes('\0')) {
  assert.throws(() => spawnSync('/usr/bin/env'), { code: 'ERR_INVALID_ARG_VALUE' });
}
delete process.env.CHILD_TEST_NUL;

// Workers have one of their own.
const { Worker } = require('worker_threads');
new Worker(`
  process.env.CHILD_TEST_WORKER = 'only here';
  const { execFileSync } = require('child_process');
  require('worker_threads').parentPort.postMessage(execFileSync('/usr/bin/env', { encoding: 'utf8' }));
`, { eval: true }).on('message', (text) => {
  assert.ok(text.includes('CHILD_TEST_WORKER=only here'));
  assert.ok(!given().includes('CHILD_TEST_WORKER=only here'));
});
