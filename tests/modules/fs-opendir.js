// `fs.opendir` and the entries of a `Dir`.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');

process.chdir(fs.mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'fs-opendir-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

fs.mkdirSync('dir/below/deep', { recursive: true });
const names = Array.from({ length: 100 }, (_, i) => `file${i}`);
for (const name of names) fs.writeFileSync(`dir/${name}`, '');
fs.writeFileSync('dir/below/deep/last', '');
const all = [...names, 'below'].sort();

{
  const dir = fs.opendirSync('dir');
  assert.strictEqual(dir.path, 'dir');
  const found = [];
  for (let entry; (entry = dir.readSync()) !== null;) found.push(entry.name);
  assert.deepStrictEqual(found.sort(), all);
  assert.strictEqual(dir.readSync(), null);
  dir.closeSync();
  assert.throws(() => dir.readSync(), { code: 'ERR_DIR_CLOSED' });
  assert.throws(() => dir.read(() => {}), { code: 'ERR_DIR_CLOSED' });
  assert.throws(() => dir.closeSync(), { code: 'ERR_DIR_CLOSED' });
  assert.throws(() => dir.close(5), { code: 'ERR_INVALID_ARG_TYPE' });
  dir[Symbol.dispose]();
}
{
  const dir = fs.opendirSync('dir', { recursive: true, bufferSize: 3 });
  const found = [];
  for (let entry; (entry = dir.readSync()) !== null;) found.push(`${entry.parentPath}/${entry.name}`);
  assert.deepStrictEqual(found.filter((name) => name.startsWith('dir/below')).sort(),
                         ['dir/below', 'dir/below/deep', 'dir/below/deep/last']);
  assert.strictEqual(found.length, 103);
  dir.closeSync();
}
assert.throws(() => fs.opendirSync('none'), { message: 'ENOENT: no such file or directory, opendir' });
assert.throws(() => fs.opendirSync('dir', { bufferSize: 0 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.opendir('dir'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => new fs.Dir(), { code: 'ERR_MISSING_ARGS' });

(async () => {
  const found = [];
  for await (const entry of fs.opendirSync('dir')) found.push(entry.name);
  assert.deepStrictEqual(found.sort(), all);

  const dir = await new Promise((resolve, reject) => {
    fs.opendir('dir', 'buffer', (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const reading = dir.read();
  assert.throws(() => dir.readSync(), { code: 'ERR_DIR_CONCURRENT_OPERATION' });
  assert.ok(Buffer.isBuffer((await reading).name));
  const [first, second] = await Promise.all([dir.read(), dir.read()]);
  assert.notDeepStrictEqual(first.name, second.name);
  await new Promise((resolve) => dir.close(resolve));
  await assert.rejects(dir.read(), { code: 'ERR_DIR_CLOSED' });
  await assert.rejects(dir.close(), { code: 'ERR_DIR_CLOSED' });

  const left = fs.opendirSync('dir');
  for await (const entry of left) {
    assert.ok(entry.name);
    break;
  }
  assert.throws(() => left.readSync(), { code: 'ERR_DIR_CLOSED' });

  fs.opendir('none', (error, ...rest) => {
    assert.strictEqual(error.message, "ENOENT: no such file or directory, opendir 'none'");
    assert.deepStrictEqual(rest, []);
  });
})();
