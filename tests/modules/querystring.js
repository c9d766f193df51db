// `node:querystring`.
'use strict';

const assert = require('node:assert');
const querystring = require('node:querystring');

const parse = (...args) => ({ ...querystring.parse(...args) });

assert.strictEqual(querystring.decode, querystring.parse);
assert.strictEqual(querystring.encode, querystring.stringify);
assert.strictEqual(Object.getPrototypeOf(querystring.parse('a=1')), null);

// parse
for (const [args, expected] of [
  [['a=1&a=2&b&=c&&d=e=f'], { a: ['1', '2'], b: '', '': 'c', d: 'e=f' }],
  [['name=hitesh%20aswani&age=22'], { name: 'hitesh aswani', age: '22' }],
  [['a+b=c+d&e=%zz&f=%E0%A4%A'], { 'a b': 'c d', e: '%zz', f: '\ufffd%A' }],
  [['a:1;b:2', ';', ':'], { a: '1', b: '2' }], [['aYYbYYc=1', 'YY'], { a: '', b: '', c: '1' }],
  [['a=1&b=2&c=3', null, null, { maxKeys: 2 }], { a: '1', b: '2' }],
  [['a=1&b=2', null, null, { maxKeys: 0 }], { a: '1', b: '2' }],
  [['a+b=c%20d', null, null, { decodeURIComponent: (text) => `<${text}>` }], { '<a%20b>': '<c%20d>' }],
  [['a=b', null, null, { decodeURIComponent() { throw new Error(); } }], { a: 'b' }],
  [['a', []], { a: '' }], [['a', null, []], { '': 'a' }], [[5], {}], [[''], {}],
]) {
  assert.deepStrictEqual(parse(...args), expected, JSON.stringify(args));
}
assert.strictEqual(querystring.parse('__proto__=1').__proto__, '1');
assert.strictEqual(Object.keys(parse('a&'.repeat(2000).replace(/a/g, () => Math.random()))).length, 1000);

// stringify
for (const [args, expected] of [
  [[{ a: 1, b: 'x y', c: [1, 'é', null], d: undefined, e: true, f: NaN, g: 10n, h: {}, i: '' }],
   'a=1&b=x%20y&c=1&c=%C3%A9&c=&d=&e=true&f=&g=10&h=&i='],
  [[{ a: [], b: 'c' }, ';', ':'], 'b:c'], [[{ n: 1e21, m: -0.5 }], 'n=1e%2B21&m=-0.5'], [['abc'], ''], [[null], ''],
  [[{ a: 'b' }, null, null, { encodeURIComponent: (text) => `<${text}>` }], '<a>=<b>'],
]) {
  assert.strictEqual(querystring.stringify(...args), expected);
}

// escape and unescape
assert.strictEqual(querystring.escape("aZ09-_.!~*'() /?😀"), "aZ09-_.!~*'()%20%2F%3F%F0%9F%98%80");
assert.strictEqual(querystring.escape({}), '%5Bobject%20Object%5D');
assert.throws(() => querystring.escape('\ud800'), {
  name: 'URIError', code: 'ERR_INVALID_URI', message: 'URI malformed',
});
assert.strictEqual(querystring.unescape('a%20b%zz%'), 'a b%zz%');
assert.deepStrictEqual([...querystring.unescapeBuffer('%41+%4', true)], [0x41, 0x20, 0x25, 0x34]);

// A program may replace what the others use
{
  const { escape, unescape } = querystring;
  querystring.escape = (text) => `[${text}]`;
  assert.strictEqual(querystring.stringify({ a: 1 }), '[a]=[1]');
  querystring.escape = escape;
  querystring.unescape = (text) => `(${text})`;
  assert.deepStrictEqual(parse('a=b'), { '(a)': '(b)' });
  querystring.unescape = unescape;
}
