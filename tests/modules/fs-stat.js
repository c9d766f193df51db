// `fs`: what `stat` and its kin tell, and changing it.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');

process.chdir(fs.mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'fs-stat-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

fs.writeFileSync('file', 'x'.repeat(5000), { mode: 0o644 });
fs.symlinkSync('file', 'link');
fs.symlinkSync('nowhere', 'dangling');

const names = [
  'dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino', 'size', 'blocks',
  'atimeMs', 'mtimeMs', 'ctimeMs', 'birthtimeMs',
];
const kinds = [
  'isDirectory', 'isFile', 'isBlockDevice', 'isCharacterDevice', 'isSymbolicLink', 'isFIFO', 'isSocket',
];

fs.utimesSync('file', 1000.25, new Date(2_000_500));
const stats = fs.statSync('file');
assert.deepStrictEqual(Object.keys(stats), names);
assert.ok(stats instanceof fs.Stats);
assert.strictEqual(stats.constructor.name, 'Stats');
assert.deepStrictEqual([stats.size, stats.nlink, stats.mode], [5000, 1, 0o100644]);
assert.deepStrictEqual([stats.atimeMs, stats.mtimeMs], [1_000_250, 2_000_500]);
assert.deepStrictEqual([stats.atime, stats.mtime], [new Date(1_000_250), new Date(2_000_500)]);
assert.strictEqual(stats.atime, stats.atime);
assert.deepStrictEqual(Object.keys(stats), [...names, 'atime', 'mtime']);
assert.deepStrictEqual(kinds.filter((kind) => stats[kind]()), ['isFile']);
assert.deepStrictEqual(kinds.filter((kind) => fs.lstatSync('link')[kind]()), ['isSymbolicLink']);
assert.deepStrictEqual(kinds.filter((kind) => fs.statSync('.')[kind]()), ['isDirectory']);
assert.deepStrictEqual(kinds.filter((kind) => fs.statSync('/dev/null')[kind]()), ['isCharacterDevice']);
stats.mtime = 'other';
assert.strictEqual(stats.mtime, 'other');

const exact = fs.statSync('file', { bigint: true });
assert.deepStrictEqual(Object.keys(exact), [...names, 'atimeNs', 'mtimeNs', 'ctimeNs', 'birthtimeNs']);
for (const name of names) {
  assert.strictEqual(typeof exact[name], 'bigint');
  assert.strictEqual(exact[name], BigInt(Math.floor(stats[name])));
}
assert.strictEqual(exact.atimeNs, 1_000_250_000_000n);
assert.ok(exact.isFile() && !exact.isDirectory());
assert.deepStrictEqual(exact.mtime, new Date(2_000_500));
const fd = fs.openSync('file', 'r+');
assert.deepStrictEqual(fs.fstatSync(fd, { bigint: true }).ino, exact.ino);
assert.strictEqual(fs.fstatSync(fd).size, 5000);

// Times before 1970, and of links.
fs.futimesSync(fd, '-1.5', new Date(-1500));
assert.deepStrictEqual([fs.statSync('file').atimeMs, fs.statSync('file').mtimeMs], [-1500, -1500]);
assert.strictEqual(fs.statSync('file', { bigint: true }).mtimeNs, -1_500_000_000n);
fs.lutimesSync('link', 7, 8);
assert.deepStrictEqual([fs.lstatSync('link').atimeMs, fs.lstatSync('link').mtimeMs], [7000, 8000]);
assert.strictEqual(fs.statSync('link').mtimeMs, -1500);
assert.ok(Math.abs(fs._toUnixTimestamp(-1) * 1000 - Date.now()) < 5000);
assert.throws(() => fs.utimesSync('file', 'soon', 0), {
  message: 'The "time" argument must be an instance of Date or an Time in seconds. ' +
    "Received type string ('soon')",
});

// Nothing there
assert.throws(() => fs.statSync('none'), { message: "ENOENT: no such file or directory, stat 'none'" });
assert.throws(() => fs.lstatSync('file/x'), { message: "ENOTDIR: not a directory, lstat 'file/x'" });
assert.strictEqual(fs.statSync('dangling', { throwIfNoEntry: false }), undefined);
assert.strictEqual(fs.statSync('file/x', { throwIfNoEntry: false }), undefined);
assert.strictEqual(fs.lstatSync('none', { throwIfNoEntry: false }), undefined);
assert.throws(() => fs.lstatSync('file/x', { throwIfNoEntry: false }), { code: 'ENOTDIR' });

// Modes and owners
fs.chmodSync('file', '600');
assert.strictEqual(fs.statSync('file').mode & 0o777, 0o600);
fs.fchmodSync(fd, 0o644);
assert.strictEqual(fs.statSync('file').mode & 0o777, 0o644);
fs.chownSync('file', -1, -1);
fs.lchownSync('dangling', stats.uid, stats.gid);
fs.fchownSync(fd, stats.uid, -1);
assert.throws(() => fs.chownSync('file', -2, 0), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.chmodSync('file', '8'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.strictEqual(fs.lchmodSync, undefined);

// File systems
const space = fs.statfsSync('.');
assert.deepStrictEqual(Object.keys(space), [
  'type', 'bsize', 'frsize', 'blocks', 'bfree', 'bavail', 'files', 'ffree',
]);
assert.strictEqual(fs.statfsSync('.', { bigint: true }).bsize, BigInt(space.bsize));

/** A callback function as a promise of its callback's arguments. */
function called(fn, ...args) {
  return new Promise((resolve) => { fn(...args, (...answer) => resolve(answer)); });
}

(async () => {
  const [none, found] = await called(fs.stat, 'link');
  assert.strictEqual(none, null);
  assert.deepStrictEqual(Object.keys(found), names);
  assert.strictEqual((await called(fs.lstat, 'link', { bigint: true }))[1].size, 4n);
  assert.strictEqual((await called(fs.fstat, fd))[1].size, 5000);
  assert.strictEqual((await called(fs.statfs, '.'))[1].type, space.type);
  assert.deepStrictEqual(await called(fs.stat, 'none', { throwIfNoEntry: false }), [null, undefined]);
  const [error, ...rest] = await called(fs.stat, 'none');
  assert.deepStrictEqual({ ...error }, { errno: -2, code: 'ENOENT', syscall: 'stat', path: 'none' });
  assert.deepStrictEqual(rest, []);
  const [aborted] = await called(fs.stat, 'file', { signal: AbortSignal.abort() });
  assert.strictEqual(aborted.code, 'ABORT_ERR');
  assert.deepStrictEqual(await called(fs.utimes, 'file', 3, 4), [null]);
  assert.deepStrictEqual(await called(fs.lutimes, 'link', 3, 4), [null]);
  assert.deepStrictEqual(await called(fs.futimes, fd, 5, 6), [null]);
  assert.strictEqual(fs.statSync('file').mtimeMs, 6000);
  assert.deepStrictEqual(await called(fs.chmod, 'file', 0o600), [null]);
  assert.deepStrictEqual(await called(fs.chown, 'file', -1, -1), [null]);
  fs.closeSync(fd);
  assert.throws(() => fs.fstatSync(fd), { message: 'EBADF: bad file descriptor, fstat' });
})();
