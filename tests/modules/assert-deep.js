// Deep equality in its three modes: loose, strict and partial.
'use strict';

const assert = require('node:assert');
const { isDeepStrictEqual } = require('node:util');

function passes(name, a, b) {
  try {
    assert[name](a, b);
    return true;
  } catch (error) {
    if (error.code !== 'ERR_ASSERTION') throw error;
    return false;
  }
}

/** Whether `a` and `b` are equal: loosely, strictly, and as far as `b` has it. */
function compare(a, b, loose, strict, partial = strict) {
  const context = { a, b };
  assert.strictEqual(passes('deepEqual', a, b), loose, context);
  assert.strictEqual(passes('notDeepEqual', a, b), !loose, context);
  assert.strictEqual(passes('deepStrictEqual', a, b), strict, context);
  assert.strictEqual(passes('notDeepStrictEqual', a, b), !strict, context);
  assert.strictEqual(isDeepStrictEqual(a, b), strict, context);
  assert.strictEqual(passes('partialDeepStrictEqual', a, b), partial, context);
}

const equal = (a, b) => compare(a, b, true, true);
const unequal = (a, b) => compare(a, b, false, false);
const loose = (a, b) => compare(a, b, true, false);
const partial = (a, b) => compare(a, b, false, false, true);
const argumentsOf = (function() { return arguments; });
const hidden = (object, key, value) => Object.defineProperty(object, key, { value });
const symbol = Symbol('a');

// Primitives.
equal(NaN, NaN);
equal(symbol, symbol);
loose(0, -0);
loose(1, '1');
loose(null, undefined);
loose(1n, 1);
unequal(1, 2);
unequal('a', Symbol('a'));
unequal(1, new Number(1));
unequal(null, {});

// Objects, their keys and prototypes.
equal({ a: 1, b: [{}] }, { b: [{}], a: 1 });
unequal({ a: undefined }, { b: undefined });
partial({ a: 1, b: 2 }, { a: 1 });
loose({ [symbol]: 1 }, { [symbol]: 2 });
compare({ [symbol]: 1 }, {}, true, false, true);
equal(hidden({}, 'a', 1), hidden({}, 'a', 2));
compare({ __proto__: null, a: 1 }, { a: 1 }, true, false, true);
compare(new (class A {})(), new (class A {})(), true, false, true);
unequal(hidden({}, Symbol.toStringTag, 'A'), {});
unequal(argumentsOf(1), [1]);
equal(argumentsOf(1), argumentsOf(1));
unequal(() => 1, () => 1);
equal(new Proxy({ a: 1 }, {}), { a: 1 });
assert.strictEqual(isDeepStrictEqual(new (class A {})(), {}, true), true);

// Arrays.
equal([1, , 3], [1, , 3]);
unequal([1, undefined, 3], [1, , 4]);
unequal([1], { 0: 1 });
unequal(Object.assign([1], { a: 1 }), Object.assign([1], { a: 2 }));
partial([1, 2, 3, 4], [2, 4]);
unequal([1, 2, 3, 4], [4, 2]);
partial([1, , 3], [3]);
partial(Object.assign([1, 2], { a: 1 }), [2]);
const sparse = () => Object.assign(new Array(1e8), { 5: 1, 9e7: 2 });
equal(sparse(), sparse());
partial(sparse(), [2]);

// What holds a value inside.
equal(new Date(5), new Date(5));
equal(new Date(NaN), new Date(NaN));
unequal(new Date(5), new Date(6));
equal(/a/gi, /a/gi);
unequal(/a/g, /a/i);
unequal(Object.assign(/a/g, { lastIndex: 1 }), /a/g);
equal(Object('a'), Object('a'));
unequal(Object(0), Object(-0));
unequal(Object(1n), Object(2n));
unequal(new WeakMap(), new WeakMap());
unequal(Promise.resolve(1), Promise.resolve(1));
equal(new URL('http://a/'), new URL('http://a'));
unequal(new URL('http://a/'), new URL('http://b/'));

// Bytes and numbers.
equal(new Uint8Array([1, 2]), new Uint8Array([1, 2]));
equal(new Uint8Array(1000), new Uint8Array(1000));
unequal(new Uint8Array(1000), new Uint8Array(1000).fill(1, 999));
partial(new Uint8Array([1, 2, 3]), new Uint8Array([1, 3]));
unequal(new Uint8Array(2), new Int8Array(2));
loose(new Float64Array([0]), new Float64Array([-0]));
equal(new Float64Array(100).fill(1.5), new Float64Array(100).fill(1.5));
compare(Buffer.from('ab'), new Uint8Array([97, 98]), true, false, true);
equal(new ArrayBuffer(3), new ArrayBuffer(3));
unequal(new ArrayBuffer(3), new SharedArrayBuffer(3));
equal(new DataView(new ArrayBuffer(3), 1), new DataView(new ArrayBuffer(2)));
unequal(Object.assign(new Uint8Array(1), { a: 1 }), Object.assign(new Uint8Array(1), { a: 2 }));

// Errors.
equal(new Error('a', { cause: [1] }), new Error('a', { cause: [1] }));
unequal(new Error('a'), new Error('b'));
unequal(new Error('a'), new TypeError('a'));
unequal(new Error('a', { cause: 1 }), new Error('a', { cause: 2 }));
partial(new Error('a', { cause: undefined }), new Error('a'));
unequal(new Error('a'), new Error('a', { cause: undefined }));
unequal(new AggregateError([1]), new AggregateError([2]));
partial(new AggregateError([1, 2], 'a'), new AggregateError([2]));
partial(Object.assign(new Error('a'), { code: 1 }), new Error('a'));

// Sets and Maps, whose order does not count.
equal(new Set([1, 'a', NaN]), new Set([NaN, 'a', 1]));
equal(new Set([{ a: 1 }, [2], { a: 1 }]), new Set([[2], { a: 1 }, { a: 1 }]));
unequal(new Set([{ a: 1 }, { a: 1 }]), new Set([{ a: 1 }, { a: 2 }]));
loose(new Set([1, '2']), new Set(['1', 2]));
partial(new Set([1, { a: 1, b: 2 }, 3]), new Set([{ a: 1 }, 1]));
equal(new Map([[1, { a: 1 }], [{}, 2]]), new Map([[{}, 2], [1, { a: 1 }]]));
equal(new Map([[{}, 'a'], [{}, 'b']]), new Map([[{}, 'b'], [{}, 'a']]));
unequal(new Map([[1, undefined]]), new Map([[2, undefined]]));
loose(new Map([[1, 'a'], ['1', 'b']]), new Map([['1', 'a'], [true, 'b']]));
partial(new Map([['a', [1, 2]], ['b', 1]]), new Map([['a', [2]]]));
unequal(Object.assign(new Set(), { a: 1 }), Object.assign(new Set(), { a: 2 }));
unequal(new Set(), new Map());

// Circles.
const circle = (key) => {
  const object = {};
  object[key] = object;
  return object;
};
equal(circle('a'), circle('a'));
unequal(circle('a'), circle('b'));
unequal(circle('a'), { a: { a: {} } });
const setCircle = () => {
  const set = new Set();
  return set.add(set);
};
equal(setCircle(), setCircle());
const nest = (depth, end) => (depth === 0 ? end : { inner: nest(depth - 1, end) });
equal(nest(200, 1), nest(200, 1));
unequal(nest(200, 1), nest(200, 2));
equal(nest(50, circle('a')), nest(50, circle('a')));
