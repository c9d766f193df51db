// `node:path` for POSIX, and the globs of `matchesGlob`.
'use strict';

const assert = require('node:assert');
const path = require('node:path');

const { posix } = path;

function check(method, cases) {
  for (const [args, expected] of cases) {
    assert.deepStrictEqual(posix[method](...args), expected, `${method}(${JSON.stringify(args)})`);
  }
}

assert.strictEqual(path.posix, require('node:path/posix'));
assert.strictEqual(path.win32, require('node:path/win32'));
assert.strictEqual(path._makeLong, path.toNamespacedPath);
assert.strictEqual(posix.sep + posix.delimiter, '/:');

check('resolve', [
  [['/var/lib', '../', 'file/'], '/var/file'], [['/some/dir', '.', '/absolute/'], '/absolute'],
  [['/foo/tmp.3/', '../tmp.3/cycles/root.js'], '/foo/tmp.3/cycles/root.js'], [['/'], '/'],
  [['a/b'], `${process.cwd()}/a/b`], [[], process.cwd()], [['//a//b/../c'], '/a/c'],
]);
check('normalize', [
  [['./fixtures///b/../b/c.js'], 'fixtures/b/c.js'], [['/foo/../../../bar'], '/bar'], [['a//b//.'], 'a/b'],
  [['../../../foo/../../../bar/../../'], '../../../../../../'], [[''], '.'], [['./'], './'], [['//'], '/'],
]);
check('join', [
  [['foo', '../../../bar'], '../../bar'], [['', ''], '.'], [[' ', '.'], ' '], [['/', '..', '..'], '/'],
  [['', '', '/foo'], '/foo'], [['foo', '/bar/'], 'foo/bar/'],
]);
check('relative', [
  [['/var/lib', '/var'], '..'], [['/var/lib', '/bin'], '../../bin'], [['/var/', '/var/lib'], 'lib'],
  [['/foo/bar/baz-quux', '/foo/bar/baz'], '../baz'], [['/', '/foo'], 'foo'], [['/page1', '/page1/'], ''],
]);
check('dirname', [[['/a/b/'], '/a'], [['/a'], '/'], [[''], '.'], [['////'], '/'], [['//a'], '//'], [['foo'], '.']]);
check('basename', [
  [['/dir/basename.ext', '.ext'], 'basename'], [['aaa/bbb//', 'bb'], 'b'], [['bbb', 'bbb'], ''],
  [['aaa/bbb', 'bbb'], 'bbb'], [['//a/b/'], 'b'],
]);
check('extname', [
  [['file.ext'], '.ext'], [['.file'], ''], [['file.'], '.'], [['..'], ''], [['a.b/c'], ''], [['...'], '.'],
]);
check('parse', [
  [['/home/user/file.txt'], { root: '/', dir: '/home/user', base: 'file.txt', ext: '.txt', name: 'file' }],
  [['./a'], { root: '', dir: '.', base: 'a', ext: '', name: 'a' }],
  [['/'], { root: '/', dir: '/', base: '', ext: '', name: '' }],
]);
check('format', [
  [[{ dir: '/a', base: 'b.c' }], '/a/b.c'], [[{ root: '/', name: 'f', ext: 'txt' }], '/f.txt'],
  [[{ root: '/', dir: '/', base: 'x' }], '/x'], [[{}], ''],
]);
check('isAbsolute', [[['/a'], true], [['a'], false], [[''], false]]);

for (const method of ['normalize', 'isAbsolute', 'dirname', 'basename', 'extname', 'parse', 'join']) {
  assert.throws(() => posix[method](1), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: 'The "path" argument must be of type string. Received type number (1)',
  });
}
assert.throws(() => posix.resolve('a', null), { message: /^The "paths\[1\]" argument must be of type string/ });
assert.throws(() => posix.format(null), { message: /^The "pathObject" argument must be of type object/ });

// Globs
for (const [text, pattern, expected] of [
  ['foo/bar/baz', 'foo/[bcr]ar/baz', true], ['foo/bar/baz', 'foo/[!bcr]ar/baz', false],
  ['foo/bar/baz', 'foo/**', true], ['foo', 'foo/**', false], ['foo/', 'foo/**', true], ['a/c', 'a/**/c', true],
  ['.a', '*', false], ['.a', '.*', true], ['..', '.*', false], ['a/.b/c', '**/c', false], ['a/./b', 'a/b', true],
  ['a/b/../c', 'a/c', true], ['b', '{a,b}', true], ['2', '{1..3}', true], ['02', '{01..03}', true],
  ['${a,b}', '${a,b}', true], ['{a}', '{a}', true], ['!a', '!a', true], ['a/b', 'a\\b', true],
  ['aab', '+(a|b)', true], ['', '*(a)', true], ['b', '!(a)', true], ['ab', '!(a)b', false], ['é', '[[:alpha:]]', true],
  [']', '[]]', true], ['[a', '[a', true], ['a', '@(a', false], ['ab', '!(a)!(b)', true], ['x.js', '*.@(js|ts)', true],
]) {
  assert.strictEqual(posix.matchesGlob(text, pattern), expected, `${text} ${pattern}`);
}
assert.throws(() => posix.matchesGlob(1, 'a'), { code: 'ERR_INVALID_ARG_TYPE' });
