// `URLSearchParams`: reading, changing, writing and showing pairs.
'use strict';

const assert = require('node:assert');
const { inspect } = require('node:util');

const text = (init) => new URLSearchParams(init).toString();
const pairs = (init) => [...new URLSearchParams(init)];

// Reading.
assert.deepStrictEqual(pairs('?a=1&b=2&&c&=d&e=f=g'), [['a', '1'], ['b', '2'], ['c', ''], ['', 'd'], ['e', 'f=g']]);
assert.deepStrictEqual(pairs('a+b=%20%c3%a4+%zz%f'), [['a b', ' ä %zz%f']]);
assert.deepStrictEqual(pairs('a=%ff%fe&b=%ef%bb%bf%e2%82%ac'), [['a', '\ufffd\ufffd'], ['b', '\ufeff€']]);
assert.deepStrictEqual(pairs('a=\ud800'), [['a', '\ufffd']]);
assert.deepStrictEqual(pairs(), []);
assert.deepStrictEqual(pairs(null), [['null', '']]);
assert.deepStrictEqual(pairs({ a: 1, b: [2, 3] }), [['a', '1'], ['b', '2,3']]);
assert.deepStrictEqual(pairs(new Map([['a', 1], ['b', null]])), [['a', '1'], ['b', 'null']]);
assert.deepStrictEqual(pairs([['a', 1], new Set(['b', 2])]), [['a', '1'], ['b', '2']]);
assert.deepStrictEqual(pairs({ '\ud800': 1, '\ufffd': 2 }), [['\ufffd', '2']]);
const source = new URLSearchParams('a=1');
const copy = new URLSearchParams(source);
copy.append('b', 2);
assert.strictEqual(`${source} ${copy}`, 'a=1 a=1&b=2');

// Writing.
assert.strictEqual(text([['a b', 'ä/?&=+']]), 'a+b=%C3%A4%2F%3F%26%3D%2B');
assert.strictEqual(text([["!'()~*-._", '😀']]), '%21%27%28%29%7E*-._=%F0%9F%98%80');
assert.strictEqual(text([['', '']]), '=');

// Asking and changing.
const params = new URLSearchParams('a=1&b=2&a=3&c=4');
assert.strictEqual(params.size, 4);
assert.strictEqual(params.get('a'), '1');
assert.strictEqual(params.get('x'), null);
assert.deepStrictEqual(params.getAll('a'), ['1', '3']);
assert.ok(params.has('a') && params.has('a', '3') && !params.has('a', '2') && params.has('a', undefined));
params.set('a', 'x');
assert.strictEqual(`${params}`, 'a=x&b=2&c=4');
params.set('d', 5);
params.append('b', 'y');
params.delete('b', '2');
assert.strictEqual(`${params}`, 'a=x&c=4&d=5&b=y');
params.delete('c');
params.sort();
assert.strictEqual(`${params}`, 'a=x&b=y&d=5');
const sorted = new URLSearchParams('z=1&\ufffd=2&😀=3&z=0&a=4');
sorted.sort();
assert.deepStrictEqual([...sorted.keys()], ['a', 'z', 'z', '😀', '\ufffd']);
assert.deepStrictEqual(sorted.getAll('z'), ['1', '0']);

// Walking through.
assert.deepStrictEqual([...params.keys()], ['a', 'b', 'd']);
assert.deepStrictEqual([...params.values()], ['x', 'y', '5']);
assert.deepStrictEqual([...params.entries()], [['a', 'x'], ['b', 'y'], ['d', '5']]);
assert.strictEqual(URLSearchParams.prototype[Symbol.iterator], URLSearchParams.prototype.entries);
const seen = [];
params.forEach(function(value, name, object) {
  seen.push(this.id, value, name, object === params);
}, { id: 7 });
assert.deepStrictEqual(seen.slice(0, 4), [7, 'x', 'a', true]);
const walked = [];
for (const [name] of params) {
  walked.push(name);
  if (name === 'a') params.append('late', '');
}
assert.deepStrictEqual(walked, ['a', 'b', 'd', 'late']);

// How they are shown.
assert.strictEqual(inspect(new URLSearchParams('a=1&b=x')), "URLSearchParams { 'a' => '1', 'b' => 'x' }");
assert.strictEqual(inspect(new URLSearchParams()), 'URLSearchParams {}');
assert.strictEqual(inspect(new URLSearchParams('a=1').entries()), "URLSearchParams Iterator { [ 'a', '1' ] }");
assert.strictEqual(inspect(new URLSearchParams('abc=1&def=2'), { breakLength: 20 }),
  "URLSearchParams {\n  'abc' => '1',\n  'def' => '2' }");
assert.strictEqual(Object.prototype.toString.call(params), '[object URLSearchParams]');
assert.strictEqual(Object.prototype.toString.call(params.keys()), '[object URLSearchParams Iterator]');

// Errors.
for (const init of [[1], [['a']], [['a', 'b', 'c']], ['ab'], [null]]) {
  assert.throws(() => new URLSearchParams(init), {
    code: 'ERR_INVALID_TUPLE',
    message: 'Each query pair must be an iterable [name, value] tuple',
  });
}
assert.throws(() => new URLSearchParams({ [Symbol.iterator]: 5 }), { code: 'ERR_ARG_NOT_ITERABLE' });
assert.throws(() => new URLSearchParams(Symbol('a')), TypeError);
assert.throws(() => URLSearchParams('a'), TypeError);
for (const name of ['append', 'set']) {
  assert.throws(() => params[name]('a'), {
    code: 'ERR_MISSING_ARGS',
    message: 'The "name" and "value" arguments must be specified',
  });
}
for (const name of ['delete', 'get', 'getAll', 'has']) {
  assert.throws(() => params[name](), { code: 'ERR_MISSING_ARGS', message: 'The "name" argument must be specified' });
  assert.throws(() => URLSearchParams.prototype[name].call({}, 'a'), {
    code: 'ERR_INVALID_THIS',
    message: 'Value of "this" must be of type URLSearchParams',
  });
}
assert.throws(() => params.forEach(5), { code: 'ERR_INVALID_ARG_TYPE' });
