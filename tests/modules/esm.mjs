// ECMAScript modules: what an import gives, in which order graphs run, and the errors of those that do not.
import assert from 'node:assert';
import fs, { fdatasyncSync } from 'fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'esm-')));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
process.chdir(folder);
const require = createRequire(path.join(folder, 'x.js'));
const file = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
  return pathToFileURL(path.join(folder, name)).href;
};

// import.meta
const meta = await import(file('meta.mjs', 'export default import.meta;'));
assert.deepStrictEqual(Object.keys(meta.default), ['dirname', 'filename', 'main', 'resolve', 'url']);
assert.strictEqual(meta.default.dirname, folder);
assert.strictEqual(meta.default.filename, path.join(folder, 'meta.mjs'));
assert.strictEqual(meta.default.main, false);
assert.strictEqual(import.meta.main, true);
assert.strictEqual(meta.default.resolve('./none.mjs'), pathToFileURL(path.join(folder, 'none.mjs')).href);
assert.strictEqual(meta.default.resolve('fs'), 'node:fs');

// Live bindings, cycles, and the order of a graph.
globalThis.order = [];
file('a.mjs', "import { b } from './b.mjs'; order.push('a', b); export let a = 1; export const set = (v) => { a = v; };");
file('b.mjs', "import { a } from './a.mjs'; order.push('b', typeof (() => a)); export const b = 2;");
const a = await import(pathToFileURL(path.join(folder, 'a.mjs')).href);
assert.deepStrictEqual(globalThis.order, ['b', 'function', 'a', 2]);
a.set(5);
assert.strictEqual(a.a, 5);

// CommonJS: names by its text, default is module.exports.
file('dep.cjs', 'exports.fromDep = 1;');
const cjs = await import(file('names.cjs', "exports.x = 1; exports['y z'] = 2; Object.defineProperty(exports, 'd', " +
  "{ enumerable: true, get: function () { return q.d; } }); var q = { d: 3 }; /* exports.no = 1 */ '0' && " +
  "(module.exports.late = 4); __exportStar(require('./dep.cjs'), exports); " +
  'function __exportStar(m, e) { Object.assign(e, m); }'));
assert.deepStrictEqual(Object.keys(cjs), ['d', 'default', 'fromDep', 'late', 'module.exports', 'x', 'y z']);
assert.strictEqual(cjs.default, cjs['module.exports']);
assert.strictEqual(cjs.d, 3);
assert.strictEqual(require('./names.cjs'), cjs.default);

// JSON needs its attribute.
const json = file('data.json', '{"a": [1]}');
assert.deepStrictEqual((await import(json, { with: { type: 'json' } })).default, { a: [1] });
await assert.rejects(import(json), { code: 'ERR_IMPORT_ATTRIBUTE_MISSING' });
await assert.rejects(import(json, { with: { type: 'css' } }), { code: 'ERR_IMPORT_ATTRIBUTE_UNSUPPORTED' });

// data: and node: URLs, built-in modules that change.
assert.strictEqual((await import('data:text/javascript,export default 7')).default, 7);
fs.fdatasyncSync = () => 'changed';
assert.notStrictEqual(fdatasyncSync, fs.fdatasyncSync);
syncBuiltinESMExports();
assert.strictEqual(fdatasyncSync, fs.fdatasyncSync);

// Errors.
const missing = pathToFileURL(path.join(folder, 'missing.mjs')).href;
await assert.rejects(import(missing), { code: 'ERR_MODULE_NOT_FOUND', url: missing });
await assert.rejects(import(pathToFileURL(folder).href), { code: 'ERR_UNSUPPORTED_DIR_IMPORT' });
await assert.rejects(import('no-such-package'), { code: 'ERR_MODULE_NOT_FOUND', message: /Cannot find package/ });
await assert.rejects(import(file('x.unknown', '')), { code: 'ERR_UNKNOWN_FILE_EXTENSION' });
await assert.rejects(import('node:nothing'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' });
await assert.rejects(import('http://127.0.0.1/x.mjs'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });
const link = file('link.mjs', "import { no } from './b.mjs';");
await assert.rejects(import(link), (error) => {
  assert.match(error.stack, /link\.mjs:1\nimport \{ no \} from '\.\/b\.mjs';\n {9}\^\^\nSyntaxError: The requested module/);
  return true;
});
await assert.rejects(import(file('named.mjs', "import { no as other } from './names.cjs';")), {
  name: 'SyntaxError',
  message: /^Named export 'no' not found\.[^]*const \{ no: other \} = pkg;\n$/,
});
await assert.rejects(import(file('require.mjs', 'require("fs");')), {
  message: 'require is not defined in ES module scope, you can use import instead',
});

// require() of modules.
file('with-default.mjs', 'export default 1; export const named = 2;');
const required = require('./with-default.mjs');
assert.strictEqual(required.__esModule, true);
assert.strictEqual(required.default, 1);
file('own.mjs', 'export { x as "module.exports" }; const x = { own: true };');
assert.deepStrictEqual(require('./own.mjs'), { own: true });
file('awaits.mjs', 'await 1; export default 1;');
assert.throws(() => require('./awaits.mjs'), { code: 'ERR_REQUIRE_ASYNC_MODULE' });

// A file whose text alone shows what it is, and TypeScript.
file('detected.js', 'import "fs"; export default typeof require;');
assert.strictEqual((await import(pathToFileURL(path.join(folder, 'detected.js')).href)).default, 'undefined');
assert.strictEqual((await import(file('typed.mts', 'const n: number = 1; export default n as number;'))).default, 1);
await assert.rejects(import(file('enum.ts', 'enum A { B }')), { code: 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' });

// Packages: exports with patterns, imports, self reference.
file('node_modules/p/package.json', JSON.stringify({
  name: 'p',
  exports: { '.': { import: './i.mjs', require: './r.cjs' }, './f/*': './lib/*.mjs', './f/no/*': null },
  imports: { '#own': './lib/a.mjs', '#fs': 'fs' },
}));
file('node_modules/p/i.mjs', "export { default } from '#own'; export { default as fs } from '#fs'; export * from 'p/f/a';");
file('node_modules/p/r.cjs', "module.exports = 'required';");
file('node_modules/p/lib/a.mjs', "export default 'a'; export const named = 'n';");
const user = await import(file('user.mjs', "import p, { fs, named } from 'p'; export default [p, named, typeof fs.stat];"));
assert.deepStrictEqual(user.default, ['a', 'n', 'function']);
assert.strictEqual(require('p'), 'required');
await assert.rejects(import(file('bad.mjs', "import 'p/f/no/x';")), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
await assert.rejects(import(file('bad2.mjs', "import 'p/none';")), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
