// `url.parse`, `format` and `resolve`.
'use strict';

const assert = require('node:assert');
const { Url, parse, format, resolve, resolveObject } = require('node:url');

let warnings = 0;
process.on('warning', (warning) => {
  warnings++;
  assert.strictEqual(warning.code, 'DEP0169');
});
process.on('exit', () => assert.strictEqual(warnings, 1));

const names = ['protocol', 'slashes', 'auth', 'host', 'port', 'hostname', 'hash', 'search', 'query', 'pathname', 'path', 'href'];
assert.deepStrictEqual(Object.keys(new Url()), names);

/** Only the parts that are not null are given. */
function parses(input, parts, ...rest) {
  const expected = Object.assign(new Url(), parts);
  assert.deepStrictEqual(parse(input, ...rest), expected, input);
}

parses('', { href: '' });
parses('/a?b#c', { hash: '#c', search: '?b', query: 'b', pathname: '/a', path: '/a?b', href: '/a?b#c' });
parses(' HTTP://u%20:p@H.com:80\\x y?q\\#f ', {
  protocol: 'http:', slashes: true, auth: 'u :p', host: 'h.com:80', port: '80', hostname: 'h.com', hash: '#f',
  search: '?q%5C', query: 'q%5C', pathname: '/x%20y', path: '/x%20y?q%5C', href: 'http://u%20:p@h.com:80/x%20y?q%5C#f',
});
parses('http://[::1]:8/', {
  protocol: 'http:', slashes: true, host: '[::1]:8', port: '8', hostname: '::1', pathname: '/', path: '/',
  href: 'http://[::1]:8/',
});
parses('mailto:a@b.c?x', {
  protocol: 'mailto:', auth: 'a', host: 'b.c', hostname: 'b.c', search: '?x', query: 'x', path: '?x', href: 'mailto:a@b.c?x',
});
parses('javascript:a("b c")', { protocol: 'javascript:', pathname: 'a("b c")', path: 'a("b c")', href: 'javascript:a("b c")' });
parses('file:///a', { protocol: 'file:', slashes: true, host: '', hostname: '', pathname: '/a', path: '/a', href: 'file:///a' });
parses('http://é.com', {
  protocol: 'http:', slashes: true, host: 'xn--9ca.com', hostname: 'xn--9ca.com', pathname: '/', path: '/',
  href: 'http://xn--9ca.com/',
});
parses('http://a;b"c', { protocol: 'http:', slashes: true, host: 'a', hostname: 'a', pathname: ';b%22c', path: ';b%22c', href: 'http://a/;b%22c' });
parses('//a/b', { pathname: '//a/b', path: '//a/b', href: '//a/b' });
parses('//a/b', { slashes: true, host: 'a', hostname: 'a', pathname: '/b', path: '/b', href: '//a/b' }, false, true);
const query = Object.assign({ __proto__: null }, { x: ['1', '2'], y: '' });
parses('/a?x=1&x=2&y', { search: '?x=1&x=2&y', query, pathname: '/a', path: '/a?x=1&x=2&y', href: '/a?x=1&x=2&y' }, true);
parses('/a', { query: { __proto__: null }, pathname: '/a', path: '/a', href: '/a' }, true);
const parsed = parse('http://a');
assert.strictEqual(parse(parsed), parsed);

// Errors.
for (const value of [undefined, null, 5, {}, []]) {
  assert.throws(() => parse(value), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "url" argument must be of type string\./ });
}
assert.throws(() => parse('http://xn--iñvalid'), { code: 'ERR_INVALID_URL', input: 'http://xn--iñvalid' });
assert.throws(() => parse('http://a:b/'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => parse('http://%zz@a'), URIError);

// format
for (const [parts, text] of [
  [{ protocol: 'http', host: 'a:1', pathname: 'b?#', search: 'q#', hash: 'f' }, 'http://a:1/b%3F%23?q%23#f'],
  [{ protocol: 'http:', hostname: '::1', port: 8, auth: 'a b:c' }, 'http://a%20b:c@[::1]:8'],
  [{ pathname: '/a', query: { b: [1, 2], c: 'ä' } }, '/a?b=1&b=2&c=%C3%A4'],
  [{ protocol: 'mailto', host: 'b', auth: 'a' }, 'mailto:a@b'],
  [{ protocol: 'file', pathname: '/a' }, 'file:///a'],
  [{ slashes: true, host: 'a' }, '//a'],
  [{}, ''],
]) assert.strictEqual(format(parts), text);
assert.strictEqual(format('http://a b'), 'http://a/%20b');
const standard = new URL('http://u:p@xn--9ca.com:8/x?y#z');
assert.strictEqual(format(standard), standard.href);
assert.strictEqual(format(standard, { auth: false, fragment: false, search: false, unicode: true }), 'http://é.com:8/x');
assert.throws(() => format(standard, 5), { code: 'ERR_INVALID_ARG_TYPE' });
for (const value of [undefined, null, 5, () => {}]) {
  assert.throws(() => format(value), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "urlObject" argument must be one of type object or string\./ });
}

// resolve
for (const [base, relative, result] of [
  ['/one/two/three', 'four', '/one/two/four'],
  ['http://example.com/', '/one', 'http://example.com/one'],
  ['http://a/b/c/d;p?q', '../../g', 'http://a/g'],
  ['http://a/b/c/d;p?q', '../../../g', 'http://a/g'],
  ['http://a/b/c/d;p?q', './', 'http://a/b/c/'],
  ['http://a/b/c/d;p?q', '?y', 'http://a/b/c/d;p?y'],
  ['http://a/b/c/d;p?q', '#s', 'http://a/b/c/d;p?q#s'],
  ['http://a/b/c/d;p?q', '//g/x', 'http://g/x'],
  ['http://a/b/c/d;p?q', 'mailto:x@y', 'mailto:x@y'],
  ['http://u:p@a/b', 'https://c/d', 'https://c/d'],
  ['http://u:p@a/b', '/d', 'http://u:p@a/d'],
  ['a/b', '../../../c', '../../c'],
  ['mailto:a@b', 'c@d', 'mailto:c@d'],
  ['.', '#s', '#s'],
  ['', 'b', 'b'],
]) assert.strictEqual(resolve(base, relative), result, `${base} ${relative}`);
assert.strictEqual(resolveObject('http://a/b', 'c').pathname, '/c');
