// `node:util`: the functions that have no file of their own.
'use strict';

const assert = require('node:assert');
const util = require('node:util');

// inherits
{
  function Animal() {}
  function Dog() {}
  util.inherits(Dog, Animal);
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(Dog, 'super_'), {
    value: Animal, writable: true, enumerable: false, configurable: true,
  });
  assert.ok(new Dog() instanceof Animal);
  assert.throws(() => util.inherits(Dog, {}), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: 'The "superCtor.prototype" property must be of type object. Received undefined',
  });
  assert.throws(() => util.inherits(null, Animal), {
    message: 'The "ctor" argument must be of type function. Received null',
  });
}

// promisify
{
  const original = Object.assign(function read(name, callback) { callback(null, name); }, { extra: 1 });
  const promisified = util.promisify(original);
  assert.strictEqual(promisified.name, 'read');
  assert.strictEqual(promisified.length, 2);
  assert.strictEqual(promisified.extra, 1);
  assert.strictEqual(util.promisify(promisified), promisified);
  assert.strictEqual(util.promisify.custom, Symbol.for('nodejs.util.promisify.custom'));

  const custom = () => {};
  original[util.promisify.custom] = custom;
  assert.strictEqual(util.promisify(original), custom);
  original[util.promisify.custom] = 42;
  assert.throws(() => util.promisify(original), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: 'The "util.promisify.custom" property must be of type function. Received type number (42)',
  });
  assert.throws(() => util.promisify('no'), { code: 'ERR_INVALID_ARG_TYPE' });
}

// callbackify
{
  const callbackified = util.callbackify(async function load(name) { return name; });
  assert.strictEqual(callbackified.name, 'loadCallbackified');
  assert.strictEqual(callbackified.length, 2);
  assert.throws(() => callbackified('x'), {
    message: 'The last argument must be of type function. Received type string (\'x\')',
  });
}

// deprecate
{
  function area(width, height) { return width * height; }
  const deprecated = util.deprecate(area, 'use surface()', 'TEST0001');
  assert.strictEqual(deprecated.length, 2);
  assert.strictEqual(Object.getPrototypeOf(deprecated), area);
  assert.strictEqual(deprecated.prototype, area.prototype);
  const plain = util.deprecate(area, 'use surface()', 'TEST0002', { modifyPrototype: false });
  assert.notStrictEqual(Object.getPrototypeOf(plain), area);
  assert.throws(() => util.deprecate(area, 'text', 1), { code: 'ERR_INVALID_ARG_TYPE' });
}

// System errors
{
  assert.strictEqual(util.getSystemErrorName(-2), 'ENOENT');
  assert.strictEqual(util.getSystemErrorMessage(-2), 'no such file or directory');
  assert.deepStrictEqual(util.getSystemErrorMap().get(-13), ['EACCES', 'permission denied']);
  assert.strictEqual(util.getSystemErrorName(-99999), 'Unknown system error -99999');
  assert.throws(() => util.getSystemErrorName(5), {
    code: 'ERR_OUT_OF_RANGE',
    message: 'The value of "err" is out of range. It must be a negative integer. Received 5',
  });
  const error = util._errnoException(-2, 'open', 'more');
  assert.strictEqual(error.message, 'open ENOENT more');
  assert.deepStrictEqual({ ...error }, { errno: -2, code: 'ENOENT', syscall: 'open' });
  const refused = util._exceptionWithHostPort(-111, 'connect', '127.0.0.1', 80, 'x:1');
  assert.strictEqual(refused.message, 'connect ECONNREFUSED 127.0.0.1:80 - Local (x:1)');
  assert.deepStrictEqual(Object.keys(refused), ['errno', 'code', 'syscall', 'address', 'port']);
}

// Text
{
  assert.strictEqual(util.toUSVString('a\ud800b'), 'a\ufffdb');
  assert.strictEqual(util.stripVTControlCharacters('\u001b[31mred\u001b[39m'), 'red');
  assert.strictEqual(util.format('%s=%d', 'x', 42), 'x=42');
  assert.strictEqual(util.convertProcessSignalToExitCode('SIGTERM'), 143);
  assert.throws(() => util.convertProcessSignalToExitCode('SIGNOPE'), { code: 'ERR_INVALID_ARG_VALUE' });
}

// parseEnv
{
  const env = util.parseEnv('B=1\nA="x y" # note\nexport C=\'z\'\nB=2\n');
  assert.deepStrictEqual(env, { __proto__: null, A: 'x y', B: '2', C: 'z' });
  assert.deepStrictEqual(Object.keys(env), ['A', 'B', 'C']);
  assert.throws(() => util.parseEnv(1), /The "content" argument must be of type string/);
}

// getCallSites
{
  const [site] = util.getCallSites(1);
  assert.strictEqual(site.scriptName, __filename);
  assert.strictEqual(site.column, site.columnNumber);
  assert.strictEqual(typeof site.scriptId, 'string');
  assert.throws(() => util.getCallSites(0), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => util.getCallSites(1, 5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => util.getCallSites({ sourceMap: 1 }), {
    message: 'The "options.sourceMap" property must be of type boolean. Received type number (1)',
  });
}

// diff
{
  assert.deepStrictEqual(util.diff('abc', 'abd'), [[0, 'a'], [0, 'b'], [1, 'c'], [-1, 'd']]);
  assert.deepStrictEqual(util.diff(['a', 'b'], ['b', 'c']), [[1, 'a'], [0, 'b'], [-1, 'c']]);
  assert.deepStrictEqual(util.diff('same', 'same'), []);
  assert.throws(() => util.diff(['a', 1], ['a']), /The "actual\[1\]" argument must be of type string/);
}

// types
{
  assert.strictEqual(util.types, require('node:util/types'));
  const { types } = util;
  assert.ok(types.isTypedArray(new Float64Array()) && types.isFloat64Array(new Float64Array()));
  assert.ok(!types.isTypedArray(new DataView(new ArrayBuffer(1))));
  assert.ok(types.isArrayBufferView(new DataView(new ArrayBuffer(1))));
  assert.ok(types.isUint8Array(Buffer.alloc(1)) && !types.isUint8Array(new Uint8ClampedArray(1)));
  assert.ok(types.isProxy(new Proxy({}, {})) && types.isPromise(Promise.resolve()));
  assert.ok(types.isDate(new Date()) && !types.isDate({ __proto__: Date.prototype }));
  assert.strictEqual(types.isKeyObject({}), false);
  const disguised = Object.defineProperty(new Int8Array(1), Symbol.toStringTag, { value: 'other' });
  assert.ok(types.isInt8Array(disguised));
}

// Old names
{
  assert.strictEqual(util.isArray([]), true);
  assert.deepStrictEqual(util._extend({ a: 1 }, { b: 2 }), { a: 1, b: 2 });
  assert.deepStrictEqual(util._extend({ a: 1 }, null), { a: 1 });
  assert.strictEqual(util.debug, util.debuglog);
}

// What comes later, in order.
(async () => {
  const args = util.promisify((a, callback) => callback(null, a, 'ignored'));
  assert.strictEqual(await args(7), 7);
  await assert.rejects(util.promisify((callback) => callback(new Error('bad')))(), /bad/);

  const rejected = Promise.reject(new Error('handled'));
  util.markPromiseAsHandled(rejected);
  assert.throws(() => util.markPromiseAsHandled({}), { code: 'ERR_INVALID_ARG_TYPE' });

  await new Promise((resolve) => {
    util.callbackify(() => Promise.reject(null))((error) => {
      assert.strictEqual(error.code, 'ERR_FALSY_VALUE_REJECTION');
      assert.strictEqual(error.reason, null);
      assert.strictEqual(error.message, 'Promise was rejected with falsy value');
      resolve();
    });
  });

  const controller = new AbortController();
  const aborted = util.aborted(controller.signal, {});
  controller.abort();
  await aborted;
})();

const warnings = [];
process.on('warning', (warning) => warnings.push(warning.code));
util.deprecate(() => {}, 'first', 'TEST0003')();
util.deprecate(() => {}, 'second', 'TEST0003')();
process.on('exit', () => {
  assert.deepStrictEqual(warnings, ['DEP0044', 'DEP0060', 'TEST0003']);
});
