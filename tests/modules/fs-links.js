// `fs`: links, real paths, renaming, removing and copying single files.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

process.chdir(fs.mkdtempSync(path.join(require('node:os').tmpdir(), 'fs-links-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

const here = fs.realpathSync('.');
fs.writeFileSync('file', 'content');
fs.mkdirSync('dir/inner', { recursive: true });

// Links
fs.linkSync('file', 'hard');
assert.strictEqual(fs.statSync('hard').ino, fs.statSync('file').ino);
fs.symlinkSync('file', 'soft');
fs.symlinkSync('../dir', 'dir/up', 'dir');
fs.symlinkSync('loop', 'loop', null);
assert.strictEqual(fs.readlinkSync('soft'), 'file');
assert.deepStrictEqual(fs.readlinkSync('soft', 'buffer'), Buffer.from('file'));
assert.strictEqual(fs.readlinkSync(Buffer.from('soft'), { encoding: 'hex' }), '66696c65');
assert.ok(fs.lstatSync('soft').isSymbolicLink());
assert.ok(fs.statSync('soft').isFile());
assert.throws(() => fs.linkSync('none', 'x'), (error) => {
  assert.deepStrictEqual(Object.entries(error), [
    ['errno', -2], ['code', 'ENOENT'], ['syscall', 'link'], ['path', 'none'], ['dest', 'x'],
  ]);
  assert.strictEqual(error.message, "ENOENT: no such file or directory, link 'none' -> 'x'");
  return true;
});
assert.throws(() => fs.symlinkSync('file', 'soft'), { code: 'EEXIST', path: 'file', dest: 'soft' });
assert.throws(() => fs.symlinkSync('file', 'x', 'folder'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.readlinkSync('file'), { code: 'EINVAL', syscall: 'readlink' });
assert.throws(() => fs.linkSync('file', 5), {
  message: 'The "newPath" argument must be of type string or an instance of Buffer or URL. ' +
    'Received type number (5)',
});

// Real paths
assert.strictEqual(fs.realpathSync('dir/up/inner'), path.join(here, 'dir/inner'));
assert.strictEqual(fs.realpathSync('./dir/../soft'), path.join(here, 'file'));
assert.strictEqual(fs.realpathSync.native('dir/up/up'), path.join(here, 'dir'));
assert.deepStrictEqual(fs.realpathSync('soft', 'buffer'), Buffer.from(path.join(here, 'file')));
assert.throws(() => fs.realpathSync('none/x'), {
  message: `ENOENT: no such file or directory, lstat '${path.resolve('none')}'`,
});
assert.throws(() => fs.realpathSync('loop'), { code: 'ELOOP', syscall: 'stat', path: path.resolve('loop') });
assert.throws(() => fs.realpathSync.native('none/x'), { syscall: 'realpath', path: 'none/x' });

// Renaming, removing, copying
fs.renameSync('hard', 'renamed');
assert.strictEqual(fs.existsSync('hard'), false);
assert.throws(() => fs.renameSync('none', 'x'), { syscall: 'rename', path: 'none', dest: 'x' });
fs.unlinkSync('renamed');
assert.throws(() => fs.unlinkSync('renamed'), { code: 'ENOENT', syscall: 'unlink', path: 'renamed' });

fs.chmodSync('file', 0o640);
fs.copyFileSync('file', 'copy');
assert.strictEqual(fs.readFileSync('copy', 'utf8'), 'content');
assert.strictEqual(fs.statSync('copy').mode & 0o777, 0o640);
fs.writeFileSync('copy', 'a longer content than before');
fs.copyFileSync('file', 'copy', fs.constants.COPYFILE_FICLONE);
assert.strictEqual(fs.readFileSync('copy', 'utf8'), 'content');
assert.throws(() => fs.copyFileSync('file', 'copy', fs.constants.COPYFILE_EXCL), {
  message: "EEXIST: file already exists, copyfile 'file' -> 'copy'",
});
assert.throws(() => fs.copyFileSync('dir', 'copy2'), { code: 'EISDIR', syscall: 'copyfile' });
assert.strictEqual(fs.existsSync('copy2'), false);
assert.throws(() => fs.copyFileSync('file', 'copy', 8), { code: 'ERR_OUT_OF_RANGE' });

// What is there
assert.strictEqual(fs.existsSync('file'), true);
assert.strictEqual(fs.existsSync(Buffer.from('none')), false);
assert.strictEqual(fs.existsSync('loop'), false);
assert.strictEqual(fs.existsSync('a\0b'), false);
assert.strictEqual(fs.existsSync(), false);
assert.strictEqual(fs.accessSync('file', fs.constants.R_OK), undefined);
assert.throws(() => fs.accessSync('none'), { message: "ENOENT: no such file or directory, access 'none'" });
assert.throws(() => fs.accessSync('file', '4'), { code: 'ERR_INVALID_ARG_TYPE' });

/** A callback function as a promise of its callback's arguments. */
function called(fn, ...args) {
  return new Promise((resolve) => { fn(...args, (...answer) => resolve(answer)); });
}

(async () => {
  assert.deepStrictEqual(await called(fs.link, 'file', 'hard'), [null]);
  assert.deepStrictEqual(await called(fs.symlink, 'file', 'soft2'), [null]);
  assert.deepStrictEqual(await called(fs.symlink, 'file', 'soft3', 'file'), [null]);
  assert.deepStrictEqual(await called(fs.readlink, 'soft2'), [null, 'file']);
  assert.deepStrictEqual(await called(fs.readlink, 'soft2', 'buffer'), [null, Buffer.from('file')]);
  assert.deepStrictEqual(await called(fs.realpath, 'soft2'), [null, path.join(here, 'file')]);
  assert.deepStrictEqual(await called(fs.realpath.native, 'soft2'), [null, path.join(here, 'file')]);
  assert.deepStrictEqual(await called(fs.rename, 'soft2', 'soft4'), [null]);
  assert.deepStrictEqual(await called(fs.copyFile, 'file', 'copy3'), [null]);
  assert.deepStrictEqual(await called(fs.copyFile, 'file', 'copy4', 0), [null]);
  assert.deepStrictEqual(await called(fs.unlink, 'copy4'), [null]);
  assert.deepStrictEqual(await called(fs.access, 'file'), [null]);
  assert.deepStrictEqual(await called(fs.exists, 'file'), [true]);
  assert.deepStrictEqual(await called(fs.exists, 'none'), [false]);
  const [error, ...rest] = await called(fs.rename, 'none', 'x');
  assert.strictEqual(error.message, "ENOENT: no such file or directory, rename 'none' -> 'x'");
  assert.deepStrictEqual(rest, []);
})();
