// URLPattern: what patterns match, how they print, and what they refuse.
'use strict';

const assert = require('assert');
const { inspect } = require('util');

assert.strictEqual(require('url').URLPattern, URLPattern);
assert.strictEqual(inspect(new URLPattern()), 'URLPattern {}');

const books = new URLPattern({ pathname: '/books/:id(\\d+)/:rest*', hostname: '{:shop.}?example.com' });
assert.strictEqual(books.pathname, '/books/:id(\\d+)/:rest*');
assert.strictEqual(books.hash, '*');
assert.strictEqual(books.hasRegExpGroups, true);
assert.strictEqual(books.test('https://example.com/books/12'), true);
assert.strictEqual(books.test('https://example.com/books/x'), false);
const match = books.exec('https://de.example.com/books/12/a/b?q#h');
assert.strictEqual(Object.getPrototypeOf(match), null);
assert.deepStrictEqual(Object.keys(match), [
  'hash', 'hostname', 'inputs', 'password', 'pathname', 'port', 'protocol', 'search', 'username',
]);
assert.deepStrictEqual(match.hostname, { groups: { shop: 'de' }, input: 'de.example.com' });
assert.deepStrictEqual(match.pathname, { groups: { id: '12', rest: 'a/b' }, input: '/books/12/a/b' });
assert.deepStrictEqual(match.inputs, ['https://de.example.com/books/12/a/b?q#h']);
assert.strictEqual(books.exec('https://example.org/'), null);
assert.strictEqual(books.test('no url'), false);

const whole = new URLPattern('https://*.example.com:8080/a/*\\?x=:y#top');
assert.deepStrictEqual(
  ['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'].map((name) => whole[name]),
  ['https', '*.example.com', '8080', '/a/*', 'x=:y', 'top']);
assert.strictEqual(new URLPattern('/a', 'https://b.c/').test('/a', 'https://b.c'), true);
assert.strictEqual(new URLPattern({ pathname: '/A' }, { ignoreCase: true }).test({ pathname: '/a' }), true);
assert.strictEqual(new URLPattern({ hostname: 'EX\u00e4mple.com' }).hostname, 'xn--exmple-cua.com');
assert.strictEqual(new URLPattern({ protocol: 'https', port: '443' }).port, '');
assert.strictEqual(new URLPattern({ pathname: 'c', baseURL: 'https://x.y/a/b' }).pathname, '/a/c');

for (const bad of ['/relative', '(', '{', { pathname: '/:a:a' }, { pathname: '/(?x)' }, { port: 'x' }]) {
  assert.throws(() => new URLPattern(bad), {
    name: 'TypeError', code: 'ERR_INVALID_URL_PATTERN', message: 'Failed to construct URLPattern',
  });
}
assert.throws(() => URLPattern(), { code: 'ERR_CONSTRUCT_CALL_REQUIRED' });
assert.throws(() => new URLPattern(1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => new URLPattern({}, 1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => books.test(1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => books.exec({}, 'https://a.b'), { code: 'ERR_OPERATION_FAILED' });
assert.throws(() => URLPattern.prototype.test.call({}), { name: 'TypeError', message: 'Illegal invocation' });
const { get } = Object.getOwnPropertyDescriptor(URLPattern.prototype, 'hash');
assert.throws(() => get({}), { message: 'Illegal invocation' });
