// `url`: files and their URLs, options of requests, domains.
'use strict';

const assert = require('node:assert');
const { pathToFileURL, fileURLToPath, fileURLToPathBuffer, urlToHttpOptions, domainToASCII, domainToUnicode } =
  require('node:url');

const posix = { windows: false };
const windows = { windows: true };

// Paths of POSIX.
for (const [path, href] of [
  ['/a/b.c', 'file:///a/b.c'],
  ['/a b/%20?#\\\n\t', 'file:///a%20b/%2520%3F%23%5C%0A%09'],
  ['/é~[]|^"<>`{}', 'file:///%C3%A9%7E%5B%5D%7C%5E%22%3C%3E%60%7B%7D'],
  ["/:;@&=+$,!*'()-._", "file:///:;@&=+$,!*'()-._"],
  ['/a/', 'file:///a/'],
  ['//a/./b/../c', 'file:///a/c'],
  ['/', 'file:///'],
]) assert.strictEqual(pathToFileURL(path, posix).href, href);
assert.strictEqual(pathToFileURL('a', posix).href, `${pathToFileURL(process.cwd()).href}/a`);
assert.ok(pathToFileURL('/a') instanceof URL);
for (const [href, path] of [
  ['file:///a/b', '/a/b'],
  ['file:///a%20%C3%A9%25?q#f', '/a é%'],
  ['file://localhost/a', '/a'],
  ['file:///a%5cb', '/a\\b'],
]) {
  assert.strictEqual(fileURLToPath(href, posix), path);
  assert.strictEqual(fileURLToPath(new URL(href), posix), path);
  assert.strictEqual(String(fileURLToPathBuffer(href, posix)), path);
}
assert.deepStrictEqual(fileURLToPathBuffer('file:///%ff', posix), Buffer.from([0x2f, 0xff]));

// Paths of Windows.
for (const [path, href] of [
  ['C:\\a b\\c', 'file:///C:/a%20b/c'],
  ['\\\\server\\share\\a', 'file://server/share/a'],
  ['\\\\?\\C:\\a', 'file:///C:/a'],
  ['\\\\?\\UNC\\server\\share\\a', 'file://server/share/a'],
]) assert.strictEqual(pathToFileURL(path, windows).href, href);
for (const [href, path] of [
  ['file:///C:/a%20b', 'C:\\a b'],
  ['file://server/share/a', '\\\\server\\share\\a'],
  ['file://xn--9ca/a', '\\\\é\\a'],
]) assert.strictEqual(fileURLToPath(href, windows), path);

// Errors.
for (const value of [undefined, null, 5, {}, []]) {
  assert.throws(() => pathToFileURL(value), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "path" argument must be of type string\./ });
  assert.throws(() => fileURLToPath(value), { code: 'ERR_INVALID_ARG_TYPE' });
}
assert.throws(() => fileURLToPath('a'), { code: 'ERR_INVALID_URL', input: 'a' });
assert.throws(() => fileURLToPath('http://a'), { code: 'ERR_INVALID_URL_SCHEME', message: 'The URL must be of scheme file' });
assert.throws(() => fileURLToPath('file://h/a', posix), { code: 'ERR_INVALID_FILE_URL_HOST' });
assert.throws(() => fileURLToPath('file:///a%2Fb', posix), {
  code: 'ERR_INVALID_FILE_URL_PATH',
  message: 'File URL path must not include encoded / characters',
});
assert.throws(() => fileURLToPath('file:///C:/a%5cb', windows), {
  code: 'ERR_INVALID_FILE_URL_PATH',
  message: 'File URL path must not include encoded \\ or / characters',
});
assert.throws(() => fileURLToPath('file:///a', windows), { code: 'ERR_INVALID_FILE_URL_PATH', message: 'File URL path must be absolute' });
assert.throws(() => fileURLToPath('file:///%ff', posix), URIError);
assert.throws(() => pathToFileURL('\\\\server', windows), { code: 'ERR_INVALID_ARG_VALUE' });

// Options of requests.
assert.deepStrictEqual(urlToHttpOptions(new URL('https://a%20:b@[::1]:8080/x?y#z')), {
  __proto__: null,
  protocol: 'https:',
  hostname: '::1',
  hash: '#z',
  search: '?y',
  pathname: '/x',
  path: '/x?y',
  href: 'https://a%20:b@[::1]:8080/x?y#z',
  port: 8080,
  auth: 'a :b',
});
assert.deepStrictEqual(Object.keys(urlToHttpOptions(Object.assign(new URL('http://a'), { agent: 1 }))), [
  'agent', 'protocol', 'hostname', 'hash', 'search', 'pathname', 'path', 'href',
]);
assert.throws(() => urlToHttpOptions('http://a'), { code: 'ERR_INVALID_ARG_TYPE' });

// Domains.
for (const [domain, ascii, unicode] of [
  ['español.com', 'xn--espaol-zwa.com', 'español.com'],
  ['xn--fiq228c.com', 'xn--fiq228c.com', '中文.com'],
  ['EXAMPLE', 'example', 'example'],
  ['xn--iñvalid.com', '', ''],
  ['a b', '', ''],
  ['xn--a', 'xn--a', 'xn--a'],
]) {
  assert.strictEqual(domainToASCII(domain), ascii);
  assert.strictEqual(domainToUnicode(domain), unicode);
}
assert.throws(() => domainToASCII(), { code: 'ERR_MISSING_ARGS' });
assert.throws(() => domainToUnicode(), { code: 'ERR_MISSING_ARGS' });
