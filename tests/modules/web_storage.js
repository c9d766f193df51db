// Web storage: sessionStorage in memory, localStorage in the file of --localstorage-file.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { inspect } = require('node:util');

const storage = sessionStorage;
storage.setItem('b', 2);
storage.a = null;
storage['\ud800'] = '\udc00';
assert.deepStrictEqual(Object.entries(storage), [['\ud800', '\udc00'], ['a', 'null'], ['b', '2']]);
assert.strictEqual(storage.length, 3);
assert.deepStrictEqual([storage.key(1), storage.key('2'), storage.key(9), storage.key(-1)], ['a', 'b', null, null]);
delete storage['\ud800'];
assert.strictEqual(inspect(storage), "Storage { a: 'null', b: '2' }");
assert.deepStrictEqual([storage.getItem('c'), storage.c, 'c' in storage, 'a' in storage], [null, undefined, false, true]);
storage.length = 'text';
assert.strictEqual(storage.length, 3);
assert.strictEqual(storage.getItem('length'), 'text');
assert.throws(() => storage.setItem('x'), {
  code: 'ERR_MISSING_ARGS',
  message: "Failed to execute 'setItem' on 'Storage': 2 arguments required",
});
assert.throws(() => { storage.big = 'x'.repeat(6e6); }, { name: 'QuotaExceededError', code: 22 });
assert.strictEqual(storage.big, undefined);
storage.clear();
assert.deepStrictEqual(Object.keys(storage), []);
assert.throws(() => new Storage(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
assert.throws(() => Storage.prototype.getItem.call({}, 'x'), TypeError);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'web-storage-'));
const file = path.join(folder, 'local');
function run(program) {
  return spawnSync(process.execPath, ['--localstorage-file', file, '-p', program], { encoding: 'utf8' }).stdout;
}
assert.strictEqual(run('localStorage === localStorage'), 'true\n');
assert.deepStrictEqual(fs.readdirSync(folder), []);
assert.strictEqual(run('localStorage.a = "é€"'), 'é€\n');
assert.deepStrictEqual(fs.readdirSync(folder), ['local']);
assert.strictEqual(run('localStorage.a + localStorage.length'), 'é€1\n');
fs.rmSync(folder, { recursive: true });

const off = spawnSync(process.execPath, ['--no-webstorage', '-p', 'typeof Storage + typeof sessionStorage'], { encoding: 'utf8' });
assert.strictEqual(off.stdout, 'undefinedundefined\n');
console.log('ok');
