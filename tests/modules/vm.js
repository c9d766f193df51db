// Scripts, contexts and functions of `node:vm`.
'use strict';

const assert = require('node:assert');
const vm = require('node:vm');

// A sandbox receives what is set and gives what is read.
{
  const sandbox = vm.createContext({ a: 1, nested: { b: 2 } });
  assert.strictEqual(vm.runInContext('var c = a + nested.b; this.d = 4; e = 5; c', sandbox), 3);
  assert.deepStrictEqual(Object.keys(sandbox).sort(), ['a', 'c', 'd', 'e', 'nested']);
  sandbox.a = 10;
  assert.strictEqual(vm.runInContext('a', sandbox), 10);
  assert.strictEqual(vm.runInContext('delete globalThis.d; typeof d', sandbox), 'undefined');
  assert.strictEqual('d' in sandbox, false);
  assert.strictEqual(vm.runInContext('self = globalThis; self === globalThis', sandbox), true);
  assert.throws(() => vm.runInContext('"use strict"; undeclared = 1', sandbox), { name: 'ReferenceError' });
  assert.strictEqual(vm.runInContext('Array', sandbox) === Array, false);
}

// Accessors and read-only properties of the sandbox are respected.
{
  const seen = [];
  const sandbox = vm.createContext(Object.defineProperties({}, {
    accessor: { get: () => 7, set: (value) => seen.push(value), configurable: true },
    fixed: { value: 1, writable: false, configurable: true },
  }));
  assert.strictEqual(vm.runInContext('accessor = 3; fixed = 2; [accessor, fixed].join()', sandbox), '7,1');
  assert.deepStrictEqual(seen, [3]);
  assert.throws(() => vm.runInContext('"use strict"; fixed = 2', sandbox), { name: 'TypeError' });
}

// Indices are names as well.
{
  const sandbox = vm.createContext(['x']);
  assert.strictEqual(vm.runInContext('this[0] + (this[1] = "y")', sandbox), 'xy');
  assert.deepStrictEqual(sandbox, ['x', 'y']);
}

// An ordinary global object.
{
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  assert.strictEqual(vm.isContext(context), true);
  assert.strictEqual(vm.runInContext('globalThis', context), context);
  assert.throws(() => vm.runInContext('Object.freeze(globalThis); globalThis.x = 1; "use strict"; (() => { "use strict"; x = 1 })()', context));
}

// Errors show where they were thrown, or do not.
{
  const run = (displayErrors) => {
    try {
      vm.runInNewContext('\n throw new Error("from inside")', {}, { filename: 'inside.vm', displayErrors });
    } catch (error) {
      return error.stack.split('\n').slice(0, 5);
    }
  };
  assert.deepStrictEqual(run(true), ['inside.vm:2', ' throw new Error("from inside")', ' ^', '', 'Error: from inside']);
  assert.strictEqual(run(false)[0], 'Error: from inside');
}

// Time limits end a script, and only it.
{
  const error = { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT', message: 'Script execution timed out after 20ms' };
  assert.throws(() => vm.runInNewContext('while (true);', {}, { timeout: 20 }), error);
  assert.throws(() => vm.runInThisContext('while (true);', { timeout: 20 }), error);
  const sandbox = { inner: () => vm.runInNewContext('while (true);', {}, { timeout: 20 }), caught: undefined };
  vm.runInNewContext('try { inner() } catch (error) { caught = error.code }', sandbox, { timeout: 5000 });
  assert.strictEqual(sandbox.caught, 'ERR_SCRIPT_EXECUTION_TIMEOUT');
  const queue = { Promise, loop() { while (true); } };
  const own = vm.createContext(queue, { microtaskMode: 'afterEvaluate' });
  assert.throws(() => vm.runInContext('(async () => {})().then(() => { while (true); })', own, { timeout: 20 }), error);
}

// Caches of compiled code.
{
  const source = 'function add(a, b) { return a + b } add(1, 2)';
  const cachedData = new vm.Script(source).createCachedData();
  assert.ok(Buffer.isBuffer(cachedData));
  const script = new vm.Script(source, { cachedData });
  assert.strictEqual(script.cachedDataRejected, false);
  assert.strictEqual(script.runInThisContext(), 3);
  assert.strictEqual(new vm.Script('other', { cachedData }).cachedDataRejected, true);
}

// Functions of text.
{
  const sandbox = vm.createContext({ base: 100 });
  const options = { parsingContext: sandbox, contextExtensions: [{ extra: 10 }], produceCachedData: true };
  const add = vm.compileFunction('return base + extra + a', ['a'], options);
  assert.strictEqual(add(1), 111);
  assert.strictEqual(add.cachedDataProduced, true);
  const thrower = vm.compileFunction('\nthrow new Error("x")', [], { filename: 'f.vm', lineOffset: 10 });
  assert.throws(thrower, (error) => error.stack.includes('f.vm:12:7'));
}

// What a context may compile.
{
  const noStrings = vm.createContext({}, { codeGeneration: { strings: false } });
  assert.throws(() => vm.runInContext('eval("1")', noStrings), { name: 'EvalError' });
  const noWasm = vm.createContext({}, { codeGeneration: { wasm: false } });
  const bytes = 'new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])';
  assert.throws(() => vm.runInContext(`new WebAssembly.Module(${bytes})`, noWasm), { name: 'CompileError' });
  assert.ok(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
}
