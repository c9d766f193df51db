// module.register: hooks on a thread of their own, what they are given and what they may answer.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';

const folder = mkdtempSync(join(tmpdir(), 'register-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const write = (name, text) => {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name));
};
const asModule = (text) => `data:text/javascript,${encodeURIComponent(text)}`;

// What is refused
assert.throws(() => register('./nowhere.mjs'), { code: 'ERR_UNSUPPORTED_RESOLVE_REQUEST' });
assert.throws(() => register('./nowhere.mjs', pathToFileURL(`${folder}/`)), { code: 'ERR_MODULE_NOT_FOUND' });
assert.throws(() => register(asModule('throw new RangeError("at the top")')), {
  name: 'RangeError', message: 'at the top',
});
assert.throws(() => register(asModule('export async function initialize() { throw 5; }')), (error) => error === 5);
assert.throws(() => register(asModule('export const initialize = () => new Promise(() => {})')), {
  code: 'ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED',
});
assert.throws(() => register(asModule(''), { data: () => {} }), { name: 'DataCloneError' });

// Data and ports reach the hooks; the hooks see a thread of their own
const { port1, port2 } = new MessageChannel();
write('hooks.mjs', `
  import { isInternalThread, isMainThread, parentPort, workerData } from 'node:worker_threads';
  let port;
  export function initialize(data) {
    port = data.port;
    port.postMessage({ name: data.name, isInternalThread, isMainThread, parentPort, workerData,
      resolve: typeof import.meta.resolve, self: this === undefined });
  }
  export async function resolve(specifier, context, nextResolve) {
    if (specifier === 'never:resolve') return new Promise(() => {});
    if (specifier === 'throws:') throw Object.assign(new TypeError('thrown'), { code: 'OWN', cause: new Error('why') });
    if (specifier === 'invalid:') return { url: 5, shortCircuit: true };
    if (specifier === 'short:') return { url: 'text:short' };
    if (/^(?:text|cjs):/.test(specifier)) return { url: specifier, format: specifier.slice(0, 4), shortCircuit: true };
    return nextResolve(specifier, context);
  }
  export async function load(url, context, nextLoad) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (url.startsWith('text:')) {
      const source = 'export default ' + JSON.stringify(url) + '; export const format = "' + context.format + '";';
      return { format: 'module', source, shortCircuit: true };
    }
    if (url.startsWith('cjs:')) return { format: 'commonjs', source: 'exports.url = __filename;', shortCircuit: true };
    if (url.endsWith('/custom.cjs')) {
      const source = 'module.exports = [require("./other.cjs"), require("fs") === require("node:fs"), require.resolve("./other.cjs")]';
      return { format: 'commonjs', source, shortCircuit: true };
    }
    if (url.endsWith('/other.cjs')) return { format: 'commonjs', source: 'exports.isOther = true', shortCircuit: true };
    if (url.endsWith('/nothing.mjs')) return { format: 'module', shortCircuit: true };
    return nextLoad(url, context);
  }
`);
const result = register('./hooks.mjs', {
  parentURL: pathToFileURL(`${folder}/`), data: { name: 'given', port: port2 }, transferList: [port2],
});
assert.strictEqual(result, undefined);
const [greeting] = await once(port1, 'message');
assert.deepStrictEqual(greeting, {
  name: 'given', isInternalThread: true, isMainThread: false, parentPort: null, workerData: null,
  resolve: 'undefined', self: true,
});
port1.close();

// import
const virtual = await import('text:a');
assert.strictEqual(virtual.default, 'text:a');
assert.strictEqual(virtual.format, 'text');
assert.strictEqual(await import('text:a'), virtual);
assert.strictEqual((await import('cjs:b')).url, 'cjs:b');
assert.strictEqual(import.meta.resolve('text:c'), 'text:c');
write('other.cjs', 'exports.isOther = false;');
const custom = await import(write('custom.cjs', ''));
assert.deepStrictEqual(custom.default, [{ isOther: true }, true, join(folder, 'other.cjs')]);
write('graph-a.mjs', 'import "./graph-b.mjs"; export { default } from "text:inner"; export const a = 1;');
write('graph-b.mjs', 'import { a } from "./graph-a.mjs"; export const read = () => a;');
const graph = await Promise.all(['graph-a.mjs', 'graph-b.mjs'].map((name) => import(pathToFileURL(join(folder, name)))));
assert.strictEqual(graph[0].default, 'text:inner');
assert.strictEqual(graph[1].read(), 1);

// require does not ask these hooks, but an ECMAScript module that it loads does
const require = createRequire(import.meta.url);
assert.throws(() => require('text:d'), { code: 'MODULE_NOT_FOUND' });
write('required.mjs', 'export { default as inner } from "text:required";');
assert.strictEqual(require(join(folder, 'required.mjs')).inner, 'text:required');

// Mistakes
await assert.rejects(import('throws:'), (error) => {
  assert(error instanceof TypeError);
  assert.strictEqual(error.code, 'OWN');
  assert.strictEqual(error.cause.message, 'why');
  return true;
});
await assert.rejects(import('invalid:'), {
  code: 'ERR_INVALID_RETURN_PROPERTY_VALUE',
  message: `Expected a URL string to be returned for the "url" from the "./hooks.mjs 'resolve'" hook but got type number (5).`,
});
await assert.rejects(import('short:'), { code: 'ERR_LOADER_CHAIN_INCOMPLETE', message: /^"\.\/hooks\.mjs 'resolve'" did not/ });
await assert.rejects(import(pathToFileURL(join(folder, 'nothing.mjs'))), { code: 'ERR_MODULE_NOT_FOUND' });
await assert.rejects(import(write('nothing.mjs', '')), { code: 'ERR_INVALID_RETURN_PROPERTY_VALUE' });
assert.throws(() => import.meta.resolve('never:resolve'), { code: 'ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED' });

// In other processes: loaders of the command line, ends of hooks
const loader = write('loader.mjs', `
  export function resolve(specifier, context, nextResolve) {
    if (specifier === 'exit:') process.exit(42);
    if (specifier === 'later:') setTimeout(() => { throw new Error('later'); });
    return specifier.endsWith(':') ? new Promise(() => {}) : nextResolve(specifier, context);
  }
`);
const run = (program, ...options) => spawnSync(
  process.execPath, ['--no-warnings', '--experimental-loader', loader.href, ...options, '-e', program],
  { encoding: 'utf8' }
);
assert.strictEqual(run('import("exit:")').status, 42);
assert.strictEqual(run('import.meta.resolve("exit:")', '--input-type=module').status, 42);
assert.strictEqual(run('await import("never:")', '--input-type=module').status, 13);
assert.strictEqual(run('import("never:"); console.log("goes on")').stdout, 'goes on\n');
assert.strictEqual(run('import("never:")', '--experimental-loader', asModule('throw null')).status, 1);
const warned = spawnSync(process.execPath, ['--experimental-loader', loader.href, '-e', ''], { encoding: 'utf8' });
assert.match(warned.stderr, /ExperimentalWarning: `--experimental-loader` may be removed in the future; instead use/);
const deprecated = spawnSync(process.execPath, ['-e', `require('module').register('${asModule('')}')`], { encoding: 'utf8' });
assert.match(deprecated.stderr, /\[DEP0205\] DeprecationWarning: `module\.register\(\)` is deprecated/);
