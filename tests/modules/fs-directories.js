// `fs`: directories and trees of them.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

process.chdir(fs.mkdtempSync(path.join(require('node:os').tmpdir(), 'fs-directories-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

// mkdir
assert.strictEqual(fs.mkdirSync('one'), undefined);
assert.strictEqual(fs.mkdirSync('a/b/c', { recursive: true }), 'a');
assert.strictEqual(fs.mkdirSync('a/b/c', { recursive: true }), undefined);
assert.strictEqual(fs.mkdirSync(Buffer.from('a/b/d/./e//f/'), { recursive: true }), 'a/b/d');
assert.strictEqual(fs.mkdirSync(path.resolve('a/x/y'), { recursive: true }), path.resolve('a/x'));
fs.mkdirSync('mode', 0o700);
assert.strictEqual(fs.statSync('mode').mode & 0o777, 0o700);
fs.writeFileSync('file', '');
assert.throws(() => fs.mkdirSync('one'), { code: 'EEXIST', syscall: 'mkdir', path: 'one' });
assert.throws(() => fs.mkdirSync('file', { recursive: true }), { code: 'EEXIST', path: 'file' });
assert.throws(() => fs.mkdirSync('file/x/y', { recursive: true }), { code: 'ENOTDIR', path: 'file/x/y' });
assert.throws(() => fs.mkdirSync('none/x'), { code: 'ENOENT', path: 'none/x' });
assert.throws(() => fs.mkdirSync('x', { recursive: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });

// mkdtemp
{
  const made = fs.mkdtempSync('temporary-');
  assert.match(made, /^temporary-[A-Za-z0-9]{6}$/);
  assert.ok(fs.statSync(made).isDirectory());
  assert.ok(Buffer.isBuffer(fs.mkdtempSync('temporary-', 'buffer')));
  assert.throws(() => fs.mkdtempSync('none/x'), { code: 'ENOENT', path: 'none/xXXXXXX' });
  const disposable = fs.mkdtempDisposableSync('disposable-');
  fs.writeFileSync(path.join(disposable.path, 'file'), '');
  disposable[Symbol.dispose]();
  assert.strictEqual(fs.existsSync(disposable.path), false);
}

// readdir
fs.mkdirSync('tree/b/y', { recursive: true });
fs.mkdirSync('tree/a');
for (const name of ['tree/z', 'tree/B', 'tree/b/f', 'tree/b/y/g']) fs.writeFileSync(name, '');
fs.symlinkSync('b', 'tree/link');
fs.symlinkSync('nowhere', 'tree/dangling');
assert.deepStrictEqual(fs.readdirSync('tree'), ['B', 'a', 'b', 'dangling', 'link', 'z']);
assert.deepStrictEqual(fs.readdirSync('tree', 'buffer')[1], Buffer.from('a'));
assert.deepStrictEqual(fs.readdirSync('tree', { encoding: 'hex' })[1], '61');
assert.deepStrictEqual(fs.readdirSync('tree', { recursive: true }), [
  'B', 'a', 'b', 'dangling', 'link', 'z', 'b/f', 'b/y', 'link/f', 'link/y', 'b/y/g', 'link/y/g',
]);
{
  const entries = fs.readdirSync('tree', { withFileTypes: true });
  assert.deepStrictEqual(entries.map((entry) => [entry.name, entry.parentPath, entry.isDirectory()]), [
    ['B', 'tree', false], ['a', 'tree', true], ['b', 'tree', true],
    ['dangling', 'tree', false], ['link', 'tree', false], ['z', 'tree', false],
  ]);
  assert.ok(entries[3].isSymbolicLink());
  assert.ok(entries[0].isFile() && entries[0] instanceof fs.Dirent);
  assert.strictEqual('path' in entries[0], false);
  const below = fs.readdirSync('./tree/', { withFileTypes: true, recursive: true });
  assert.deepStrictEqual(below.map((entry) => `${entry.parentPath}|${entry.name}`).slice(5), [
    './tree/|z', 'tree/b|f', 'tree/b|y', 'tree/link|f', 'tree/link|y', 'tree/b/y|g', 'tree/link/y|g',
  ]);
}
{
  const odd = Buffer.from([0x6f, 0xff, 0x64]);
  fs.mkdirSync('odd');
  fs.writeFileSync(Buffer.concat([Buffer.from('odd/'), odd]), '');
  assert.deepStrictEqual(fs.readdirSync('odd', 'buffer'), [odd]);
  assert.deepStrictEqual(fs.readdirSync('odd'), ['o\ufffdd']);
  assert.deepStrictEqual(fs.readdirSync('odd', 'latin1'), ['o\xffd']);
  assert.deepStrictEqual(fs.readdirSync('odd', { withFileTypes: true, encoding: 'buffer' })[0].name, odd);
}
assert.throws(() => fs.readdirSync('file'), { code: 'ENOTDIR', syscall: 'scandir', path: 'file' });
assert.throws(() => fs.readdirSync('none'), { message: "ENOENT: no such file or directory, scandir 'none'" });

// rmdir and rm
fs.rmdirSync('one');
assert.throws(() => fs.rmdirSync('tree'), { code: 'ENOTEMPTY', syscall: 'rmdir', path: 'tree' });
assert.throws(() => fs.rmdirSync('tree', { recursive: true }), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.rmSync('tree'), {
  name: 'SystemError',
  code: 'ERR_FS_EISDIR',
  message: 'Path is a directory: rm returned EISDIR (is a directory) tree',
});
assert.throws(() => fs.rmSync('none'), { code: 'ENOENT', syscall: 'lstat', path: 'none' });
fs.rmSync('none', { force: true });
fs.rmSync('tree/link', { recursive: true });
assert.ok(fs.existsSync('tree/b/f'), 'a link is removed, not what it leads to');
fs.rmSync('tree', { recursive: true });
assert.strictEqual(fs.existsSync('tree'), false);
fs.rmSync(Buffer.from('file'));

/** A callback function as a promise of its callback's arguments. */
function called(fn, ...args) {
  return new Promise((resolve) => { fn(...args, (...answer) => resolve(answer)); });
}

(async () => {
  assert.deepStrictEqual(await called(fs.mkdir, 'later'), [null]);
  assert.deepStrictEqual(await called(fs.mkdir, 'later/x/y', { recursive: true }), [null, 'later/x']);
  assert.deepStrictEqual(await called(fs.mkdir, 'later/x/y', { recursive: true }), [null]);
  assert.deepStrictEqual(await called(fs.readdir, 'later', { recursive: true }), [null, ['x', 'x/y']]);
  const [error] = await called(fs.rm, 'later');
  assert.strictEqual(error.code, 'ERR_FS_EISDIR');
  assert.deepStrictEqual(await called(fs.rm, 'later', { recursive: true, maxRetries: 1 }), [null]);
  assert.deepStrictEqual((await called(fs.rmdir, 'later'))[0].code, 'ENOENT');
  const [none, made] = await called(fs.mkdtemp, 'later-');
  assert.deepStrictEqual([none, made.length], [null, 12]);
})();
