// `fs.glob`, `fs.globSync`, `fs.promises.glob` and `fs.openAsBlob`.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ironode-glob-'));
for (const folder of ['a/b/c', 'd/b', '.hid/in', 'e']) fs.mkdirSync(path.join(root, folder), { recursive: true });
for (const file of ['f.txt', 'g.js', 'a/f.txt', 'a/b/f.js', 'd/b/f.txt', '.hid/in/z']) {
  fs.writeFileSync(path.join(root, file), file);
}
fs.symlinkSync('../a', path.join(root, 'e', 'link'));

const expected = {
  '*': ['a', 'd', 'e', 'f.txt', 'g.js'],
  '**': ['.', 'f.txt', 'g.js', 'e', 'e/link', 'd', 'd/b', 'd/b/f.txt', 'a', 'a/f.txt', 'a/b', 'a/b/f.js', 'a/b/c'],
  '**/*.js': ['g.js', 'a/b/f.js'],
  '*.{js,txt}': ['g.js', 'f.txt'],
  '{a,d}/**/f*': ['d/b/f.txt', 'a/f.txt', 'a/b/f.js'],
  '**/b/': ['d/b', 'a/b'],
  '.*/**': ['.hid', '.hid/in', '.hid/in/z'],
  'a/../d/*': ['d/b'],
  'e/link/*': ['e/link/b', 'e/link/f.txt'],
  '**/link/*': [],
  '!(a|d)': ['e', 'f.txt', 'g.js'],
  'f.txt/': [],
  'nothing/*': [],
  [`${root}/*.js`]: [`${root}/g.js`],
};

(async () => {
  for (const [pattern, paths] of Object.entries(expected)) {
    assert.deepStrictEqual(fs.globSync(pattern, { cwd: root }), paths, pattern);
    assert.deepStrictEqual(await Array.fromAsync(fs.promises.glob(pattern, { cwd: root })), paths, pattern);
  }
  assert.deepStrictEqual(fs.globSync('**', { cwd: root, exclude: ['a/**', 'd', './e/'] }), ['.', 'f.txt', 'g.js']);
  assert.deepStrictEqual(fs.globSync('**/f*', { cwd: root, exclude: (name) => name === 'b' }), ['f.txt', 'a/f.txt']);
  assert.deepStrictEqual(fs.globSync('e/link/**/*.js', { cwd: root }), ['e/link/b/f.js']);
  assert.deepStrictEqual(fs.globSync('e/**/*.js', { cwd: root, followSymlinks: true }), ['e/link/b/f.js']);
  const [entry] = fs.globSync('a/b', { cwd: root, withFileTypes: true });
  assert.deepStrictEqual([entry.name, entry.parentPath, entry.isDirectory()], ['b', path.join(root, 'a'), true]);
  await new Promise((resolve) => {
    fs.glob('*.js', { cwd: root }, (error, found) => {
      assert.deepStrictEqual([error, found], [null, ['g.js']]);
      resolve();
    });
  });
  assert.throws(() => fs.globSync(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.globSync('*', { exclude: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.glob('*'), { code: 'ERR_INVALID_ARG_TYPE' });

  const blob = await fs.openAsBlob(path.join(root, 'g.js'), { type: 'text/javascript' });
  assert.deepStrictEqual([blob.size, blob.type, await blob.slice(1).text()], [4, 'text/javascript', '.js']);
  fs.writeFileSync(path.join(root, 'g.js'), 'changed');
  await assert.rejects(blob.text(), { name: 'NotReadableError' });
  assert.throws(() => fs.openAsBlob(path.join(root, 'missing')), { code: 'ENOENT' });
  fs.rmSync(root, { recursive: true });
})();
