// `fs.Utf8Stream`: gathering, flushing, reopening, limits and the end.
'use strict';

const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ironode-utf8-'));
const file = (name) => path.join(root, name);
const read = (name) => fs.readFileSync(file(name), 'utf8');

async function gathers(sync) {
  const name = `gathered-${sync}`;
  const stream = new fs.Utf8Stream({ dest: file(name), minLength: 100, sync });
  await once(stream, 'ready');
  assert.strictEqual(stream.write('één '), true);
  assert.strictEqual(read(name), '');
  await new Promise((resolve) => stream.flush(resolve));
  assert.strictEqual(read(name), 'één ');
  stream.write('two');
  stream.flushSync();
  assert.strictEqual(read(name), 'één two');
  // What is written at once does not wait.
  assert.strictEqual(stream.write('x'.repeat(20_000)), sync);
  stream.end();
  await once(stream, 'finish');
  assert.strictEqual(read(name).length, 20_007);
  assert.throws(() => stream.write('late'), { code: 'ERR_INVALID_STATE' });
}

async function reopens() {
  const stream = new fs.Utf8Stream({ dest: file('log'), sync: false });
  stream.write('before');
  await once(stream, 'drain');
  fs.renameSync(file('log'), file('log.1'));
  stream.reopen();
  await once(stream, 'ready');
  stream.write('after');
  stream.end();
  await once(stream, 'close');
  assert.deepStrictEqual([read('log.1'), read('log')], ['before', 'after']);
}

function limits() {
  const stream = new fs.Utf8Stream({ dest: file('limited'), maxLength: 3, minLength: 2, sync: true });
  const dropped = [];
  stream.on('drop', (data) => dropped.push(data));
  stream.write('abcd');
  stream.write('abc');
  assert.deepStrictEqual([dropped, read('limited')], [['abcd'], 'abc']);
  stream.destroy();
  assert.throws(() => new fs.Utf8Stream({}), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => new fs.Utf8Stream({ fd: 1, contentMode: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => new fs.Utf8Stream({ fd: 1, minLength: 16384 }), { code: 'ERR_INVALID_ARG_VALUE' });
}

(async () => {
  await gathers(true);
  await gathers(false);
  await reopens();
  limits();
  fs.rmSync(root, { recursive: true });
})();
