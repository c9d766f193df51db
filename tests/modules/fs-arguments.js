// Arguments of `fs` of which several are wrong: which one an error is about.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');

const RANGE = 'ERR_OUT_OF_RANGE';
const TYPE = 'ERR_INVALID_ARG_TYPE';

/** A call: its function, its arguments, and what is wrong with which of them, where its forms agree. */
const calls = [
  ['writeFile', [null, true, { mode: 1.5 }], RANGE, 'mode'],
  ['writeFile', [null, true, { flag: 'bad' }], TYPE, 'data'],
  ['writeFile', [null, 'text', { flush: 5, mode: 1.5 }], TYPE, 'options.flush'],
  ['appendFile', [null, true, { mode: 1.5 }], RANGE, 'mode'],
];

const about = (code, name) => ({ code, message: new RegExp(`"${name.replace('.', '\\.')}"`) });

async function main() {
  for (const [name, args, code, what] of calls) {
    assert.throws(() => fs[`${name}Sync`](...args), about(code, what), `${name}Sync`);
    assert.throws(() => fs[name](...args, assert.fail), about(code, what), name);
    await assert.rejects(fs.promises[name](...args), about(code, what), `promises.${name}`);
  }
  assert.throws(() => fs.openSync(null, 'r', 1.5), about(RANGE, 'mode'));
  await assert.rejects(fs.promises.mkdir(null, 1.5), about(TYPE, 'path'));
  for (const options of [null, 'utf8', () => {}, []]) {
    await assert.rejects(fs.promises.stat(__filename, options), about(TYPE, 'options'));
    await assert.rejects(fs.promises.lstat(__filename, options), about(TYPE, 'options'));
  }
  assert.ok(await fs.promises.stat(__filename, { encoding: 'bad' }));

  const fd = fs.openSync(__filename);
  assert.throws(() => fs.read(fd, Buffer.alloc(5), 0, 99, 1.5, assert.fail), about(RANGE, 'position'));
  assert.throws(() => fs.read(fd, Buffer.alloc(5), 0, 0, 'x', assert.fail), about(TYPE, 'position'));
  fs.closeSync(fd);

  assert.strictEqual(fs.rmSync(`${__filename}/x`, { recursive: true, force: true }), undefined);
  assert.throws(() => fs.rmSync(`${__filename}/x`, { force: true }), { code: 'ENOTDIR', syscall: 'lstat' });
}

main();
