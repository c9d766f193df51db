// `URL`: parsing, its parts, setting them, resolving, showing, errors.
'use strict';

const assert = require('node:assert');
const { inspect } = require('node:util');
const url = require('node:url');

assert.strictEqual(url.URL, URL);
assert.strictEqual(url.URLSearchParams, URLSearchParams);
assert.deepStrictEqual(Object.keys(URL.prototype), [
  'toString', 'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search',
  'searchParams', 'hash', 'toJSON',
]);
assert.deepStrictEqual(Object.keys(URL), ['parse', 'canParse', 'createObjectURL', 'revokeObjectURL']);

// The parts.
const parts = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];
function hasParts(input, ...values) {
  const parsed = new URL(input);
  assert.deepStrictEqual(parts.map((name) => parsed[name]), values, input);
}
hasParts('https://user:pa%3Ass@Example.COM:8080/a/../b?x=1#f', 'https://user:pa%3Ass@example.com:8080/b?x=1#f',
  'https://example.com:8080', 'https:', 'user', 'pa%3Ass', 'example.com:8080', 'example.com', '8080', '/b', '?x=1', '#f');
hasParts('http://a:80?#', 'http://a/?#', 'http://a', 'http:', '', '', 'a', 'a', '', '/', '', '');
hasParts('file:///C|/a b', 'file:///C:/a%20b', 'null', 'file:', '', '', '', '', '', '/C:/a%20b', '', '');
hasParts('mailto:a@b?c', 'mailto:a@b?c', 'null', 'mailto:', '', '', '', '', '', 'a@b', '?c', '');
hasParts('foo://h:80/x', 'foo://h:80/x', 'null', 'foo:', '', '', 'h:80', 'h', '80', '/x', '', '');
hasParts('foo:/.//p', 'foo:/.//p', 'null', 'foo:', '', '', '', '', '', '//p', '', '');
hasParts('blob:https://a.b/id', 'blob:https://a.b/id', 'https://a.b', 'blob:', '', '', '', '', '', 'https://a.b/id', '', '');

// Normalising.
for (const [input, href] of [
  [' http://a\n/b\t ', 'http://a/b'],
  ['http:\\\\a\\b\\..\\c', 'http://a/c'],
  ['http://a/%2e%2E/./b/%2e', 'http://a/b/'],
  ['http://a/é ?é \'#é `', 'http://a/%C3%A9%20?%C3%A9%20%27#%C3%A9%20%60'],
  ['http://mün%63hen.de/', 'http://xn--mnchen-3ya.de/'],
  ['http://0x7f.1/', 'http://127.0.0.1/'],
  ['http://[1:0:0:2:0:0:0:3]:443/', 'http://[1:0:0:2::3]:443/'],
  ['https://[::ffff:1.2.3.4]:443/', 'https://[::ffff:102:304]/'],
  ['file://localhost//a', 'file:////a'],
  ['file:c|', 'file:///c:'],
  ['foo:a b ?q', 'foo:a b%20?q'],
  ['http://a@b@c/', 'http://a%40b@c/'],
]) assert.strictEqual(new URL(input).href, href);

for (const [input, base, href] of [
  ['../d?e', 'http://h/a/b/c?q#f', 'http://h/a/d?e'],
  ['//x/y', 'https://h/a', 'https://x/y'],
  ['?q', 'http://h/a?b#c', 'http://h/a?q'],
  ['#f', 'mailto:a', 'mailto:a#f'],
  ['', 'http://h/a?b#c', 'http://h/a?b'],
  ['/x', 'file:///C:/a/b', 'file:///C:/x'],
  ['..', 'file:///C:/', 'file:///C:/'],
  ['http:x', 'http://h/a/b', 'http://h/a/x'],
  ['x', 'foo://h', 'foo://h/x'],
]) {
  assert.strictEqual(new URL(input, base).href, href);
  assert.strictEqual(URL.parse(input, base).href, href);
  assert.ok(URL.canParse(input, base));
}

// What is no URL.
for (const input of [
  '', 'a', '/a', 'http://', 'http://a b/', 'http://a:99999/', 'http://a:b/', 'http://[::1', 'http://1.2.3.256/', 'http://@/',
  'http://a%00/', 'foo://a b/', 'http://user@/', 'http://[1:2]/', 'https://a..%/',
]) {
  assert.throws(() => new URL(input), { name: 'TypeError', code: 'ERR_INVALID_URL', message: 'Invalid URL', input }, input);
  assert.strictEqual(URL.parse(input), null);
  assert.strictEqual(URL.canParse(input), false);
}
assert.throws(() => new URL('a', 'b'), { code: 'ERR_INVALID_URL', input: 'a', base: 'b' });
assert.strictEqual(String(URL.parse('http://a', null)), 'null');
for (const fn of [() => new URL(), () => URL.parse(), () => URL.canParse()]) {
  assert.throws(fn, { code: 'ERR_MISSING_ARGS', message: 'The "url" argument must be specified' });
}
assert.throws(() => URL('http://a'), TypeError);
assert.throws(() => new URL(Symbol('a')), TypeError);

// Setting parts.
for (const [href, part, value, expected] of [
  ['http://a/', 'protocol', 'https', 'https://a/'],
  ['http://a:443/', 'protocol', 'https:', 'https://a/'],
  ['http://a/', 'protocol', 'foo', 'http://a/'],
  ['http://a/', 'username', 'ü:', 'http://%C3%BC%3A@a/'],
  ['http://u@a/', 'password', 'p@', 'http://u:p%40@a/'],
  ['http://u:p@a/', 'username', '', 'http://:p@a/'],
  ['file:///a', 'username', 'u', 'file:///a'],
  ['http://a:1/', 'host', 'B.c:2/x', 'http://b.c:2/'],
  ['http://a:1/', 'hostname', 'b:2', 'http://a:1/'],
  ['http://a/', 'host', '', 'http://a/'],
  ['http://a/', 'port', '90x', 'http://a:90/'],
  ['http://a:90/', 'port', '', 'http://a/'],
  ['http://a:90/', 'port', '80', 'http://a/'],
  ['http://a/', 'port', '65536', 'http://a/'],
  ['http://a/x?q#f', 'pathname', 'y/../z?#', 'http://a/z%3F%23?q#f'],
  ['mailto:a', 'pathname', 'b', 'mailto:a'],
  ['http://a/', 'search', '??x #', 'http://a/??x%20%23'],
  ['http://a/?x#f', 'search', '', 'http://a/#f'],
  ['http://a/', 'hash', 'f `', 'http://a/#f%20%60'],
  ['http://a/#f', 'hash', '', 'http://a/'],
  ['foo:/a', 'pathname', '//b', 'foo:/.//b'],
  ['foo:/.//a', 'hostname', 'h', 'foo://h//a'],
]) {
  const changed = new URL(href);
  changed[part] = value;
  assert.strictEqual(changed.href, expected, `${href} ${part} ${value}`);
}
const changing = new URL('http://a/');
changing.href = 'foo:x';
assert.strictEqual(changing.toString(), 'foo:x');
assert.throws(() => { changing.href = 'a b'; }, { code: 'ERR_INVALID_URL', input: 'a b' });
assert.throws(() => { changing.origin = 'a'; }, TypeError);
assert.strictEqual(JSON.stringify({ changing }), '{"changing":"foo:x"}');

// The parameters follow the URL and the other way round.
const linked = new URL('http://a/?x=1&y=2#f');
const { searchParams } = linked;
assert.strictEqual(linked.searchParams, searchParams);
searchParams.append('z', 'ä b');
assert.strictEqual(linked.href, 'http://a/?x=1&y=2&z=%C3%A4+b#f');
linked.search = '?n=1';
assert.deepStrictEqual([...searchParams], [['n', '1']]);
searchParams.delete('n');
assert.strictEqual(linked.search, '');
assert.strictEqual(linked.href, 'http://a/#f');
linked.href = 'http://b/?k=v';
assert.strictEqual(searchParams.get('k'), 'v');
searchParams.set('k', 'w');
linked.pathname = '/p';
assert.strictEqual(`${linked}`, 'http://b/p?k=w');

// How it is shown.
assert.strictEqual(inspect(new URL('http://u@a:1/b?c=d#e')), `URL {
  href: 'http://u@a:1/b?c=d#e',
  origin: 'http://a:1',
  protocol: 'http:',
  username: 'u',
  password: '',
  host: 'a:1',
  hostname: 'a',
  port: '1',
  pathname: '/b',
  search: '?c=d',
  searchParams: URLSearchParams { 'c' => 'd' },
  hash: '#e'
}`);
assert.strictEqual(inspect({ a: { b: new URL('http://a') } }, { depth: 1 }), '{ a: { b: URL {} } }');
assert.match(inspect(new (class Sub extends URL {})('http://a')), /^Sub \{\n {2}href: 'http:\/\/a\/',/);
assert.strictEqual(Object.prototype.toString.call(linked), '[object URL]');
assert.throws(() => URL.prototype.href, TypeError);

// There are no copies.
for (const value of [linked, searchParams]) {
  assert.throws(() => structuredClone(value), { name: 'DataCloneError', message: 'Cannot clone object of unsupported type.' });
}
