// `fs.cp` and `fs.cpSync`.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

process.chdir(fs.mkdtempSync(path.join(require('node:os').tmpdir(), 'fs-cp-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

fs.mkdirSync('src/sub/deep', { recursive: true });
fs.writeFileSync('src/a.txt', 'A');
fs.writeFileSync('src/sub/b.txt', 'B', { mode: 0o600 });
fs.writeFileSync('src/read-only', 'R', { mode: 0o444 });
fs.symlinkSync('a.txt', 'src/link');
fs.utimesSync('src/a.txt', 1000, 2000);
fs.writeFileSync('file', 'F');

const tree = ['a.txt', 'link', 'read-only', 'sub', 'sub/b.txt', 'sub/deep'];

function checkCopy(dest) {
  assert.deepStrictEqual(fs.readdirSync(dest, { recursive: true }), tree);
  assert.strictEqual(fs.readFileSync(`${dest}/a.txt`, 'utf8'), 'A');
  assert.strictEqual(fs.statSync(`${dest}/sub/b.txt`).mode & 0o777, 0o600);
  assert.strictEqual(fs.readlinkSync(`${dest}/link`), path.resolve('src/a.txt'));
}

/** `cp` and `cpSync` as functions that return a promise. */
const both = {
  async cpSync(...args) {
    fs.cpSync(...args);
  },
  cp(...args) {
    return new Promise((resolve, reject) => {
      fs.cp(...args, (error) => (error ? reject(error) : resolve()));
    });
  },
};

(async () => {
  for (const [name, copy] of Object.entries(both)) {
    const dest = `${name}-copy`;
    await copy('src', dest, { recursive: true });
    checkCopy(dest);
    fs.writeFileSync(`${dest}/a.txt`, 'changed');
    await copy('src', dest, { recursive: true, force: false });
    assert.strictEqual(fs.readFileSync(`${dest}/a.txt`, 'utf8'), 'changed');
    await copy('src', dest, { recursive: true, preserveTimestamps: true });
    checkCopy(dest);
    assert.strictEqual(fs.statSync(`${dest}/a.txt`).mtimeMs, 2_000_000);

    await copy('file', `${name}/made/file`);
    assert.strictEqual(fs.readFileSync(`${name}/made/file`, 'utf8'), 'F');
    await copy('src/link', `${name}/followed`, { dereference: true, recursive: true });
    assert.ok(fs.lstatSync(`${name}/followed`).isFile());
    await copy('src', `${name}/verbatim`, { recursive: true, verbatimSymlinks: true });
    assert.strictEqual(fs.readlinkSync(`${name}/verbatim/link`), 'a.txt');
    const seen = [];
    await copy('src', `${name}/filtered`, {
      recursive: true,
      filter(from, to) {
        seen.push(`${from}>${to}`);
        return !/link|deep/.test(from);
      },
    });
    assert.deepStrictEqual(fs.readdirSync(`${name}/filtered`, { recursive: true }),
                           ['a.txt', 'read-only', 'sub', 'sub/b.txt']);
    assert.deepStrictEqual(seen.sort()[0], `src/a.txt>${name}/filtered/a.txt`);

    for (const [src, to, options, code] of [
      ['src', `${name}/x`, {}, 'ERR_FS_EISDIR'],
      ['src', 'src', { recursive: true }, 'ERR_FS_CP_EINVAL'],
      ['src', 'src/sub/x', { recursive: true }, 'ERR_FS_CP_EINVAL'],
      ['src', 'file', { recursive: true }, 'ERR_FS_CP_DIR_TO_NON_DIR'],
      ['file', 'src', { recursive: true }, 'ERR_FS_CP_NON_DIR_TO_DIR'],
      ['file', 'src/a.txt', { force: false, errorOnExist: true }, 'ERR_FS_CP_EEXIST'],
      ['src/link', 'file', {}, 'EEXIST'],
      ['none', `${name}/x`, {}, 'ENOENT'],
      ['file', 'file/x', {}, 'ENOTDIR'],
      ['file', 'x', { recursive: 1 }, 'ERR_INVALID_ARG_TYPE'],
      ['file', 'x', { mode: 8 }, 'ERR_OUT_OF_RANGE'],
      ['file', 'x', { dereference: true, verbatimSymlinks: true }, 'ERR_INCOMPATIBLE_OPTION_PAIR'],
      ['file', 'x', null, 'ERR_INVALID_ARG_TYPE'],
    ]) {
      await assert.rejects(async () => copy(src, to, options), { code });
    }
  }

  // The two word some failures differently.
  assert.throws(() => fs.cpSync('src', 'x'), {
    name: 'Error',
    message: 'Recursive option not enabled, cannot copy a directory: src/',
  });
  await assert.rejects(both.cp('src', 'x'), {
    name: 'SystemError',
    message: 'Path is a directory: cp returned EISDIR (src is a directory (not copied)) src',
  });
  assert.throws(() => fs.cpSync('file', 'x', { filter: async () => true }), {
    code: 'ERR_INVALID_RETURN_VALUE',
  });
  await both.cp('file', 'x', { filter: async () => true });
  assert.throws(() => fs.cp('file', 'x', {}), { code: 'ERR_INVALID_ARG_TYPE' });
})();
