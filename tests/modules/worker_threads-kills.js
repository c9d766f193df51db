// `worker_threads`: ways to kill a worker. Each ends that worker alone, as its table says, and the process goes on
// serving. IRONODE_REPEATS is how often each is done.
'use strict';

const assert = require('assert');
const net = require('net');
const { Worker } = require('worker_threads');

const repeats = Number(process.env.IRONODE_REPEATS ?? 1);
const AT_ONCE = 4;
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

/** When the worker says so, it is terminated. */
const READY = 'require("worker_threads").parentPort.postMessage("ready");';

/**
 * Each way: its program, the exit code, the error (its code, or its message; undefined where there is none), and
 * options of the worker. `kill` says that the worker is terminated when it is ready.
 */
const ways = {
  'throws at the top': ['throw new Error("top")', 1, 'top'],
  'throws in a tick': ['process.nextTick(() => { throw new Error("tick") })', 1, 'tick'],
  'throws in a microtask': ['queueMicrotask(() => { throw new Error("micro") })', 1, 'micro'],
  'throws in a timer': ['setTimeout(() => { throw new Error("timer") }, 1)', 1, 'timer'],
  'throws in an immediate': ['setImmediate(() => { throw new Error("immediate") })', 1, 'immediate'],
  'throws in a message': [
    `require("worker_threads").parentPort.on("message", () => { throw new Error("message") }); ${READY}`, 1, 'message',
    { post: 1 },
  ],
  'throws in an exit handler': ['process.on("exit", () => { throw new Error("exit") })', 0, 'exit'],
  'throws in its handler of exceptions': [
    'process.on("uncaughtException", () => { throw new Error("inner") }); throw new Error("outer")', 1, 'inner',
  ],
  'throws in the callback of a file': ['require("fs").stat("/", () => { throw new Error("stat") })', 1, 'stat'],
  'throws in a listener': [
    'const e = new (require("events"))(); e.on("x", () => { throw new Error("listener") }); e.emit("x")', 1, 'listener',
  ],
  'rejects a promise': ['Promise.reject(new Error("rejected"))', 1, 'rejected'],
  'emits an error that nobody hears': ['new (require("events"))().emit("error", new Error("unheard"))', 1, 'unheard'],
  'throws null': ['throw null', 1, null],
  'throws a number': ['throw 42', 1, 42],
  'throws a symbol': ['throw Symbol("s")', 1, /Symbol\(s\)/],
  'throws what cannot be cloned': ['throw () => {}', 1, /\(\) => \{\}|Function/],
  'throws an error whose stack throws': [
    'const e = new Error("x"); Object.defineProperty(e, "stack", { get() { throw 1 } }); throw e', 1, /./s,
  ],
  'throws after tampering': [
    'Array.prototype[Symbol.iterator] = Object.keys = Object.create = null; throw new Error("tampered")', 1, /./s,
  ],
  'has a mistake in its syntax': ['let let = (', 1, /./s],
  'requires what is not there': ['require("/none/of/this")', 1, 'MODULE_NOT_FOUND'],
  'exits': ['process.exit(7)', 7],
  'exits in its exit handler': ['process.on("exit", () => process.exit(8))', 8],
  'exits before it would': ['process.on("beforeExit", () => process.exit(9))', 9],
  'exits deep in its calls': ['[1].forEach(() => JSON.parse("1", () => process.exit(11)))', 11],
  'sets its exit code': ['process.exitCode = 10', 10],
  'aborts': ['process.abort()', 1, 'ERR_WORKER_UNSUPPORTED_OPERATION'],
  'overflows its stack': ['function f() { f() } f()', 1, 'Maximum call stack size exceeded'],
  'overflows its stack in a getter': [
    'const o = { get x() { return this.x } }; o.x', 1, 'Maximum call stack size exceeded',
  ],
  'fills its heap with objects': ['const a = []; for (;;) a.push({ a: [1, 2, 3] })', 1, OUT_OF_MEMORY, { limits: true }],
  'fills its heap with strings': [
    'const a = []; for (let i = 0; ; i++) a.push(`${i}`.padStart(1000))', 1, OUT_OF_MEMORY, { limits: true },
  ],
  'fills its heap with a map': [
    'const m = new Map(); for (let i = 0; ; i++) m.set(i, [i])', 1, OUT_OF_MEMORY, { limits: true },
  ],
  'fills its heap with promises': [
    'const a = []; (function f() { a.push(new Promise(() => {})); Promise.resolve().then(f) })()', 1, OUT_OF_MEMORY,
    { limits: true },
  ],
  'fills its heap with closures': [
    'let f = () => {}; for (;;) { const g = f; f = () => g }', 1, OUT_OF_MEMORY, { limits: true },
  ],
  'pushes for ever': ['const a = []; for (;;) a.push(1)', 1, OUT_OF_MEMORY, { limits: true }],
  'nests its calls of native functions': [
    'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; String(a)', 1, 'Maximum call stack size exceeded',
  ],
  'reads beyond the memory of WebAssembly': [
    `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1,
      127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 12, 1, 10, 0, 65, 128, 128, 192, 0, 40, 2, 0,
      11]))).exports.f()`, 1, 'memory access out of bounds',
  ],
  'asks for too long an array': ['new Array(-1)', 1, 'Invalid array length'],
  'loops for ever': [`${READY} for (;;);`, 1, undefined, { kill: true }],
  'loops in microtasks': [`${READY} (function f() { queueMicrotask(f) })()`, 1, undefined, { kill: true }],
  'loops in ticks': [`${READY} (function f() { process.nextTick(f) })()`, 1, undefined, { kill: true }],
  'loops in immediates': [`${READY} (function f() { setImmediate(f) })()`, 1, undefined, { kill: true }],
  'loops in a regular expression': [`${READY} /(a+)+b/.test("a".repeat(60))`, 1, undefined, { kill: true }],
  'loops in another context': [`${READY} require("vm").runInNewContext("for (;;);")`, 1, undefined, { kill: true }],
  'loops where errors are caught': [`${READY} for (;;) try { for (;;); } catch {} finally { continue }`, 1, undefined, { kill: true }],
  'loops in WebAssembly': [
    `${READY} new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1,
      96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]))).exports.f()`,
    1, undefined, { kill: true },
  ],
  'waits for ever': [
    `${READY} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`, 1, undefined, { kill: true },
  ],
  'sleeps in its loop': [`${READY} setInterval(() => {}, 1e9)`, 1, undefined, { kill: true }],
  'serves': [`require("net").createServer().listen(0, () => { ${READY} })`, 1, undefined, { kill: true }],
  'has much to do with files': [
    `const fs = require("fs"); ${READY} (function f() { fs.readFile(__filename, f); fs.stat("/", () => {}) })();`,
    1, undefined, { kill: true },
  ],
  'reads files for ever': [`${READY} for (;;) require("fs").readdirSync("/")`, 1, undefined, { kill: true }],
  'writes for ever': [`${READY} for (;;) process.stderr.write("")`, 1, undefined, { kill: true }],
  'posts for ever': [
    `${READY} const { port1 } = new MessageChannel(); for (;;) port1.postMessage(1)`, 1, undefined, { kill: true },
  ],
  'has a worker that loops': [
    `const w = new (require("worker_threads").Worker)('require("worker_threads").parentPort.postMessage(1); for (;;);',
      { eval: true }); w.on("message", () => { ${READY} });`, 1, undefined, { kill: true },
  ],
  'has a worker that throws': [
    'new (require("worker_threads").Worker)(\'throw new Error("nested")\', { eval: true })', 1, 'nested',
  ],
  'is killed before it lives': ['for (;;);', undefined, undefined, { atOnce: true }],
};

function check(name, error, expected) {
  if (expected instanceof RegExp) {
    assert.match(require('util').inspect(error), expected, name);
    return;
  }
  const isObject = typeof error === 'object' && error !== null;
  const found = isObject ? [error.code, error.message] : [error];
  assert.ok(found.includes(expected), `${name}: ${require('util').inspect(error)} instead of ${expected}`);
}

function kill(name) {
  const [program, code, error, { atOnce, kill, limits, post } = {}] = ways[name];
  return new Promise((resolve) => {
    const worker = new Worker(program, { eval: true, resourceLimits: limits ? LIMITS : undefined, stderr: true });
    let seen;
    worker.on('error', (found) => {
      assert.strictEqual(seen, undefined, `${name}: more than one error`);
      seen = { found };
    });
    worker.on('message', () => {
      if (kill) worker.terminate();
      if (post !== undefined) worker.postMessage(post);
    });
    worker.on('exit', (found) => {
      if (code !== undefined) assert.strictEqual(found, code, `${name}: exit code ${found}`);
      if (error === undefined) assert.strictEqual(seen, undefined, name);
      else check(name, (seen ?? assert.fail(`${name}: no error`)).found, error);
      resolve();
    });
    if (atOnce) worker.terminate();
  });
}

/** One request to the server of this process. */
function ask(port) {
  return new Promise((resolve, reject) => {
    net.connect(port).on('data', (data) => resolve(data.toString())).on('error', reject);
  });
}

const server = net.createServer((socket) => socket.end('alive'));
server.listen(0, async () => {
  const { port } = server.address();
  const left = Object.keys(ways).flatMap((name) => new Array(repeats).fill(name));
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      await kill(name);
      assert.strictEqual(await ask(port), 'alive', name);
    }
  }));
  server.close();
});
