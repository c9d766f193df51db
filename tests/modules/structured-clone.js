// `structuredClone`: what is copied, what is shared, what is handed over, and what cannot be.
'use strict';

const assert = require('node:assert');

const dataCloneError = (message) => ({ name: 'DataCloneError', code: 25, message, constructor: DOMException });

// The global
{
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'structuredClone');
  assert.deepStrictEqual(
    { ...descriptor, value: typeof descriptor.value },
    { value: 'function', writable: true, enumerable: true, configurable: true });
  assert.strictEqual(structuredClone.length, 2);
  assert.strictEqual(structuredClone.name, 'structuredClone');
  assert.throws(() => structuredClone(), { name: 'TypeError', code: 'ERR_MISSING_ARGS' });
}

// Primitives
for (const value of [undefined, null, true, false, 0, -0, 1.5, NaN, Infinity, 10n, -(2n ** 70n), '', 'text', '€\ud800']) {
  assert.ok(Object.is(structuredClone(value), value));
  assert.ok(Object.is(structuredClone({ value }).value, value));
}

// Objects of the language
{
  const original = {
    array: [1, , 3],
    nested: { deep: { deeper: 'x' } },
    date: new Date(0),
    invalid: new Date(NaN),
    regexp: /a+/gi,
    map: new Map([[{ a: 1 }, new Set([1, 'two'])]]),
    boxed: [Object(1), Object('s'), Object(true), Object(5n)],
    bytes: Uint8Array.of(1, 2, 3),
    floats: Float64Array.of(1.5, -0),
    big: BigInt64Array.of(-1n),
    view: new DataView(new ArrayBuffer(8), 2, 4),
    buffer: new ArrayBuffer(3),
  };
  const copy = structuredClone(original);
  assert.deepStrictEqual(copy, original);
  for (const key of Object.keys(original)) assert.notStrictEqual(copy[key], original[key]);
  assert.ok(!(1 in copy.array));
  assert.strictEqual(copy.view.byteOffset, 2);
}

// Of objects the own enumerable properties with strings as names
{
  class Point {
    #hidden = 1;
    x = 1;
    get sum() {
      return this.#hidden;
    }
  }
  const point = structuredClone(new Point());
  assert.strictEqual(Object.getPrototypeOf(point), Object.prototype);
  assert.deepStrictEqual(point, { x: 1 });
  assert.deepStrictEqual(structuredClone({ get a() { return 5; }, [Symbol('b')]: 1 }), { a: 5 });
  assert.deepStrictEqual(structuredClone(Object.create({ a: 1 }, { b: { value: 1 } })), {});
  assert.deepStrictEqual(structuredClone(Object.assign([1], { extra: 2 })), Object.assign([1], { extra: 2 }));
  const regexp = /a/g;
  regexp.lastIndex = 3;
  assert.strictEqual(structuredClone(regexp).lastIndex, 0);
  assert.throws(() => structuredClone({ get a() { throw new RangeError('mine'); } }), /^RangeError: mine$/);
}

// Identity and circles
{
  const inner = {};
  const original = { a: inner, b: [inner] };
  original.self = original;
  original.map = new Map([[original, inner]]);
  const copy = structuredClone(original);
  assert.strictEqual(copy.self, copy);
  assert.strictEqual(copy.a, copy.b[0]);
  assert.strictEqual(copy.map.get(copy), copy.a);
  const bytes = new Uint8Array(8);
  const views = structuredClone([bytes, new Uint16Array(bytes.buffer)]);
  assert.strictEqual(views[0].buffer, views[1].buffer);
}

// Errors
{
  for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    const error = new Class('message', { cause: { a: [1] } });
    error.extra = 1;
    const copy = structuredClone(error);
    assert.strictEqual(copy.constructor, Class);
    assert.strictEqual(copy.message, 'message');
    assert.strictEqual(copy.stack, error.stack);
    assert.deepStrictEqual(copy.cause, { a: [1] });
    assert.ok(!('extra' in copy));
  }
  class Own extends TypeError {
    name = 'Own';
  }
  assert.strictEqual(structuredClone(new Own('m')).constructor, Error);
  const circular = new Error('m');
  circular.cause = circular;
  const copy = structuredClone(circular);
  assert.strictEqual(copy.cause, copy);
  assert.throws(() => structuredClone(new Error('m', { cause() {} })), dataCloneError('cause() {} could not be cloned.'));
}

// Objects of the runtime
{
  const exception = new DOMException('message', { name: 'AbortError', cause: 1 });
  const [first, second] = structuredClone([exception, { exception }]);
  assert.ok(first instanceof DOMException);
  assert.strictEqual(first, second.exception);
  assert.strictEqual(first.name, 'AbortError');
  assert.strictEqual(first.message, 'message');
  assert.strictEqual(first.code, 20);
  assert.strictEqual(first.stack, exception.stack);
  assert.strictEqual(first.cause, undefined);

  const quota = structuredClone(new QuotaExceededError('message', { quota: 1, requested: 2 }));
  assert.ok(quota instanceof QuotaExceededError);
  assert.deepStrictEqual([quota.message, quota.quota, quota.requested], ['message', 1, 2]);

  class Mine extends DOMException {}
  assert.strictEqual(structuredClone(new Mine()).constructor, DOMException);
  assert.throws(() => structuredClone([exception, () => {}]), { name: 'DataCloneError' });

  const files = structuredClone([new Blob(['abc'], { type: 'text/plain' }), new File(['d'], 'name', { lastModified: 5 })]);
  assert.ok(files[0] instanceof Blob);
  assert.deepStrictEqual([files[0].size, files[0].type], [3, 'text/plain']);
  assert.deepStrictEqual([files[1].name, files[1].lastModified, files[1].size], ['name', 5, 1]);
  files[0].text().then((text) => assert.strictEqual(text, 'abc'));
  assert.deepStrictEqual(structuredClone(Object.create(Blob.prototype)), {});
}

// What has no copy
for (const [value, shown] of [
  [() => {}, '() => {}'],
  [class A {}, 'class A {}'],
  [Symbol('s'), 'Symbol(s)'],
  [Object(Symbol('s')), '[object Symbol]'],
  [new WeakMap(), '#<WeakMap>'],
  [new WeakSet(), '#<WeakSet>'],
  [Promise.resolve(), '#<Promise>'],
  [new Proxy({}, {}), '#<Object>'],
  [new Map().keys(), '[object Map Iterator]'],
  [function* generator() {}(), '[object Generator]'],
]) {
  assert.throws(() => structuredClone(value), dataCloneError(`${shown} could not be cloned.`));
  assert.throws(() => structuredClone({ a: [value] }), dataCloneError(`${shown} could not be cloned.`));
}

// Shared memory stays shared
{
  const shared = new SharedArrayBuffer(8);
  const copy = structuredClone({ shared, view: new Int32Array(shared) });
  assert.notStrictEqual(copy.shared, shared);
  assert.strictEqual(copy.view.buffer, copy.shared);
  new Int32Array(shared)[1] = 42;
  assert.strictEqual(copy.view[1], 42);
  assert.ok(structuredClone(new SharedArrayBuffer(4, { maxByteLength: 8 })).growable);
}

// Compiled code stays compiled
{
  const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  assert.ok(structuredClone({ module }).module instanceof WebAssembly.Module);
}

// Resizable buffers stay resizable
{
  const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
  const copy = structuredClone(new Uint8Array(buffer));
  copy.buffer.resize(8);
  assert.strictEqual(copy.length, 8);
  assert.ok(structuredClone(buffer, { transfer: [buffer] }).resizable);
  assert.ok(buffer.detached);
}

// Handing over
{
  const buffer = Uint8Array.of(1, 2, 3, 4).buffer;
  const copy = structuredClone({ buffer, view: new Uint8Array(buffer, 1, 2) }, { transfer: new Set([buffer]) });
  assert.strictEqual(buffer.byteLength, 0);
  assert.ok(buffer.detached);
  assert.strictEqual(copy.view.buffer, copy.buffer);
  assert.deepStrictEqual([...copy.view], [2, 3]);

  const unused = new ArrayBuffer(1);
  assert.strictEqual(structuredClone(5, { transfer: [unused] }), 5);
  assert.ok(unused.detached);
  assert.throws(() => structuredClone(unused), dataCloneError('An ArrayBuffer is detached and could not be cloned.'));

  const kept = new ArrayBuffer(1);
  for (const [value, transfer, message] of [
    [() => {}, [kept], '() => {} could not be cloned.'],
    [1, [kept, kept], 'Transfer list contains duplicate ArrayBuffer'],
    [1, [kept, {}], 'Found invalid value in transferList.'],
    [1, [new Uint8Array(1)], 'Found invalid value in transferList.'],
    [1, [new SharedArrayBuffer(1)], 'Found invalid value in transferList.'],
    [1, [unused], 'Cannot transfer object of unsupported type.'],
    [1, [Buffer.from('pool').buffer], 'Cannot transfer object of unsupported type.'],
    [1, [new WebAssembly.Memory({ initial: 1 }).buffer], 'Cannot transfer object of unsupported type.'],
  ]) {
    assert.throws(() => structuredClone(value, { transfer }), dataCloneError(message));
    assert.ok(!kept.detached);
  }
}

// The options
{
  const invalid = (message) => ({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message });
  const prefix = 'Failed to execute \'structuredClone\': ';
  for (const options of [undefined, null, {}, [], () => {}, { transfer: undefined }, { transfer: [] }]) {
    assert.strictEqual(structuredClone(1, options), 1);
  }
  for (const options of [1, 'x', true, Symbol('s')]) {
    assert.throws(() => structuredClone(1, options), invalid(`${prefix}Options cannot be converted to a dictionary`));
  }
  const iterators = [() => 1, () => ({}), () => ({ next: () => 1 })];
  for (const transfer of [
    null, 1, 'ab', {}, { [Symbol.iterator]: 1 }, ...iterators.map((method) => ({ [Symbol.iterator]: method })),
  ]) {
    assert.throws(
      () => structuredClone(1, { transfer }), invalid(`${prefix}transfer in Options cannot be converted to sequence.`));
  }
  assert.throws(
    () => structuredClone(1, { transfer: [new ArrayBuffer(1), 3] }),
    invalid(`${prefix}transfer in Options[1] is not an object.`));
}

// The copy of the environment is an object like any other.
{
  process.env.IRONODE_TEST = '1';
  const copy = structuredClone({ env: process.env }).env;
  assert.deepStrictEqual(copy, { ...process.env });
  assert.strictEqual(Object.getPrototypeOf(copy), Object.prototype);
  assert.deepStrictEqual(Reflect.ownKeys(copy), Object.keys(process.env));
  copy.IRONODE_TEST = 2;
  assert.strictEqual(process.env.IRONODE_TEST, '1');
}
