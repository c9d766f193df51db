// `util.inspect`: options, layout, custom functions. What each kind of value looks like is in the golden
// output of `fixtures/programs/console_values.js`.
'use strict';

const assert = require('node:assert');
const { inspect, stripVTControlCharacters } = require('node:util');

function check(value, options, expected) {
  assert.strictEqual(inspect(value, options), expected);
}

// The older form of options.
assert.strictEqual(inspect({ a: { b: {}, c: { d: 1 } } }, false, 0), '{ a: [Object] }');
assert.strictEqual(inspect([1], true), '[ 1, [length]: 1 ]');
assert.strictEqual(inspect(1, undefined, undefined, true), '\u001b[33m1\u001b[39m');

// Layout.
check({ a: 1, b: { c: 2 } }, { compact: false }, '{\n  a: 1,\n  b: {\n    c: 2\n  }\n}');
check({ a: 1, b: { c: 2 } }, { compact: true, breakLength: 7 }, '{ a: 1,\n  b:\n   { c: 2 } }');
check({ a: { b: { c: { d: 1 } } } }, { depth: null }, '{\n  a: { b: { c: { d: 1 } } }\n}');
check({ a: { b: { c: { d: 1 } } } }, { depth: null, compact: 1 },
  '{\n  a: {\n    b: {\n      c: { d: 1 }\n    }\n  }\n}');
check({ a: 'x'.repeat(34), b: 'y'.repeat(21) }, {}, `{ a: '${'x'.repeat(34)}', b: '${'y'.repeat(21)}' }`);
check({ a: 'x'.repeat(34), b: 'y'.repeat(22) }, {},
  `{\n  a: '${'x'.repeat(34)}',\n  b: '${'y'.repeat(22)}'\n}`);
check([1, 20, 300, 4, 5, 6, 7], {}, '[\n  1, 20, 300, 4,\n  5,  6,   7\n]');
check(['a', 'b', 'c', 'd', 'e', 'f', 'long'], {},
  '[\n  \'a\',    \'b\',\n  \'c\',    \'d\',\n  \'e\',    \'f\',\n  \'long\'\n]');
check('line one\nline two\nand more', { breakLength: 20 },
  '\'line one\\n\' +\n  \'line two\\n\' +\n  \'and more\'');

// Limits.
check([1, 2, 3], { maxArrayLength: 1 }, '[ 1, ... 2 more items ]');
check(new Set([1, 2]), { maxArrayLength: 0 }, 'Set(2) { ... 2 more items }');
check('abc', { maxStringLength: 1 }, '\'a\'... 2 more characters');
check([, , 1, 2], { maxArrayLength: 2 }, '[ <2 empty items>, 1, ... 1 more item ]');

// Accessors.
const accessors = { get a() { return { b: 1 }; }, get c() { return 5; }, set c(value) {},
  get d() { throw 'no'; } };
check(accessors, {}, '{ a: [Getter], c: [Getter/Setter], d: [Getter] }');
check(accessors, { getters: true },
  '{\n  a: [Getter] { b: 1 },\n  c: [Getter/Setter: 5],\n  d: [Getter: <Inspection threw (\'no\')>]\n}');
check(accessors, { getters: 'set' }, '{ a: [Getter], c: [Getter/Setter: 5], d: [Getter] }');

// Order, numbers, proxies.
check({ b: 1, a: 2 }, { sorted: true }, '{ a: 2, b: 1 }');
check([-1234567.12345, 123456n], { numericSeparator: true }, '[ -1_234_567.123_45, 123_456n ]');
check(new Proxy({ a: 1 }, { get() {} }), { showProxy: true }, 'Proxy [ { a: 1 }, { get: [Function: get] } ]');
check(new Proxy({ a: 1 }, { get() { throw new Error('trapped'); } }), {}, 'Proxy({ a: 1 })');

// Circles.
const circle = { list: [] };
circle.list.push(circle, circle.list);
check(circle, {}, '<ref *1> { list: <ref *2> [ [Circular *1], [Circular *2] ] }');

// Custom functions.
{
  let received;
  const object = {
    [inspect.custom](...args) {
      received = args;
      return 'two\nlines';
    },
  };
  check({ object }, { extra: 'own', depth: 4 }, '{\n  object: two\n  lines\n}');
  const [depth, options, inner] = received;
  assert.strictEqual(depth, 3);
  assert.strictEqual(inner, inspect);
  assert.strictEqual(options.extra, 'own');
  assert.deepStrictEqual(Object.keys(options), [
    'stylize', ...Object.keys(inspect.defaultOptions), 'extra',
  ]);
  assert.strictEqual(options.stylize('text', 'string'), 'text');
  check(object, { customInspect: false },
    '{\n  Symbol(nodejs.util.inspect.custom): [Function: [nodejs.util.inspect.custom]]\n}');
}

// Styles and colours.
assert.strictEqual(inspect.colors.grey, inspect.colors.gray);
check([null, undefined, 'x', Symbol('s'), 1n, true], { colors: true, compact: false },
  '[\n  \u001b[1mnull\u001b[22m,\n  \u001b[90mundefined\u001b[39m,\n  \u001b[32m\'x\'\u001b[39m,\n' +
  '  \u001b[32mSymbol(s)\u001b[39m,\n  \u001b[33m1n\u001b[39m,\n  \u001b[33mtrue\u001b[39m\n]');
check([1], { stylize: (text, style) => `<${style} ${text}>` }, '[ <number 1> ]');
{
  const { number } = inspect.styles;
  inspect.styles.number = 'red';
  check(1, { colors: true }, '\u001b[31m1\u001b[39m');
  inspect.styles.number = number;
  const pattern = /^(a|[b-d]{2,})\p{L}$/u;
  assert.strictEqual(stripVTControlCharacters(inspect(pattern, { colors: true })), String(pattern));
}

// Default options.
{
  const { depth } = inspect.defaultOptions;
  inspect.defaultOptions.depth = 0;
  assert.strictEqual(inspect({ a: { b: 1 } }), '{ a: [Object] }');
  inspect.defaultOptions = { depth };
  assert.strictEqual(inspect({ a: { b: 1 } }), '{ a: { b: 1 } }');
  assert.throws(() => { inspect.defaultOptions = null; }, { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => { inspect.defaultOptions.unknown = 1; }, TypeError);
}

// Tampered prototypes and values that throw.
check(Object.defineProperty({}, Symbol.toStringTag, { get() { throw new Error('tag'); } }), {}, '{}');
check(Object.create({ get constructor() { throw new Error('constructor'); } }), {}, '{}');
check({ hasOwnProperty: 1, toString: null }, {}, '{ hasOwnProperty: 1, toString: null }');

// An object too deep for the stack is interrupted, not an error.
{
  let deep = {};
  for (let i = 0; i < 50000; i++) deep = { deep };
  assert.match(inspect(deep, { depth: Infinity }),
    /Inspection interrupted prematurely\. Maximum call stack size exceeded/);
}

// Escape sequences of terminals.
const link = '\u001b]8;;http://a.b\u0007link\u001b]8;;\u0007';
assert.strictEqual(stripVTControlCharacters(`\u001b[1;31mred\u001b[0m ${link}`), 'red link');
assert.throws(() => stripVTControlCharacters(1), { code: 'ERR_INVALID_ARG_TYPE' });
