// `node:path` for Windows.
'use strict';

const assert = require('node:assert');
const { win32 } = require('node:path');

function check(method, cases) {
  for (const [args, expected] of cases) {
    assert.deepStrictEqual(win32[method](...args), expected, `${method}(${JSON.stringify(args)})`);
  }
}

assert.strictEqual(win32.sep + win32.delimiter, '\\;');

check('resolve', [
  [['c:/blah\\blah', 'd:/games', 'c:../a'], 'c:\\blah\\a'], [['c:/ignore', 'c:/some/file'], 'c:\\some\\file'],
  [['//server/share', '..', 'relative\\'], '\\\\server\\share\\relative'], [['c:/', '//dir'], 'c:\\dir'],
  [['C:\\foo\\tmp.3\\', '..\\tmp.3\\cycles\\root.js'], 'C:\\foo\\tmp.3\\cycles\\root.js'],
]);
check('normalize', [
  [['./fixtures///b/../b/c.js'], 'fixtures\\b\\c.js'], [['C:'], 'C:.'], [['C:..\\abc'], 'C:..\\abc'],
  [['//server/share/dir/file.ext'], '\\\\server\\share\\dir\\file.ext'], [['file:stream'], 'file:stream'],
  [['test/../C:/Windows'], '.\\C:\\Windows'], [['test/../??/D:/Test'], '.\\??\\D:\\Test'],
  [['CON:../foo'], '.\\CON:..\\foo'], [['COM9.'], '.\\COM9.'], [['con'], 'con'],
  [['\\\\?\\COM1:.\\..\\..\\foo2.js'], '\\\\?\\COM1:\\foo2.js'], [['C:\\COM9'], 'C:\\COM9'],
]);
check('join', [
  [['c:.', 'file'], 'c:file'], [['//server', 'share'], '\\\\server\\share\\'], [['/', '/foo'], '\\foo'],
  [['c:', '/'], 'c:\\'], [['\\', '\\\\foo'], '\\foo'],
]);
check('relative', [
  [['c:/blah\\blah', 'd:/games'], 'd:\\games'], [['c:/aaaa/bbbb', 'c:/aaaa'], '..'],
  [['c:/AaAa/bbbb', 'c:/aaaa/c'], '..\\c'], [['\\\\foo\\bar', '\\\\foo\\bar\\baz'], 'baz'], [['C:\\', 'C:\\foo'], 'foo'], [['C:\\İa\\b', 'C:\\İA\\c'], '..\\c'],
]);
check('dirname', [
  [['c:\\foo\\'], 'c:\\'], [['c:foo\\bar'], 'c:foo'], [['\\\\unc\\share\\foo'], '\\\\unc\\share\\'], [['\\'], '\\'],
]);
check('basename', [[['C:\\basename.ext\\\\'], 'basename.ext'], [['C:'], ''], [['file:stream'], 'file:stream']]);
check('parse', [
  [['C:\\path\\index.html'], { root: 'C:\\', dir: 'C:\\path', base: 'index.html', ext: '.html', name: 'index' }],
  [['\\\\server\\share\\f.x'], {
    root: '\\\\server\\share\\', dir: '\\\\server\\share\\', base: 'f.x', ext: '.x', name: 'f',
  }],
  [['C:'], { root: 'C:', dir: 'C:', base: '', ext: '', name: '' }],
]);
check('isAbsolute', [[['C:/'], true], [['C:a'], false], [['\\'], true], [['//server'], true]]);
check('toNamespacedPath', [
  [['C:/foo'], '\\\\?\\C:\\foo'], [['//foo//bar'], '\\\\?\\UNC\\foo\\bar\\'], [['\\\\?\\foo'], '\\\\?\\foo'], [[5], 5],
]);
check('matchesGlob', [[['foo\\bar', 'foo/*'], true],
  [['C:\\..\\con', '*'], false], [['a\\..\\con', '*'], true], [['C:\\a', 'c:/a'], true], [['\\\\?\\C:\\a', 'C:/a'], true]]);
