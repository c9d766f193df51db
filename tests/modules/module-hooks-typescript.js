// What hooks of `require` and of `registerHooks` see of TypeScript files, of files without an extension and of the
// main program.
'use strict';
const assert = require('assert');
const { execFileSync, spawnSync } = require('child_process');
const fs = require('fs');
const Module = require('module');
const os = require('os');
const path = require('path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hooks-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
const write = (name, text) => {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};
write('package.json', '{}');

// `_compile` gets the text with its types, as compilers that replace it need it.
{
  const text = 'const n: number = 1;\nexports.n = n;\n';
  const file = write('common.ts', text);
  const { _compile } = Module.prototype;
  const seen = [];
  Module.prototype._compile = function (content, filename, format) {
    seen.push([content, filename, format]);
    return _compile.call(this, content, filename, format);
  };
  assert.strictEqual(require(file).n, 1);
  Module.prototype._compile = _compile;
  assert.deepStrictEqual(seen, [[text, file, 'typescript']]);
  const module = new Module(file);
  module._compile('const n: number = 2; exports.n = n;', file, 'commonjs-typescript');
  assert.strictEqual(module.exports.n, 2);
  assert.throws(() => new Module(file)._compile('const n: number = 2;', file), SyntaxError);
}

// The main program is resolved by hooks, and what only the text tells is told by the default load.
{
  const hooks = write('hooks.cjs', `
    const { registerHooks } = require('module');
    const name = (url) => url.slice(url.lastIndexOf('/') + 1);
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        console.log('resolve', name(found.url), found.format);
        return found;
      },
      load(url, context, next) {
        const found = next(url, context);
        console.log('load', name(url), context.format, found.format);
        return found;
      },
    });
  `);
  const run = (file) =>
    execFileSync(process.execPath, ['--no-warnings', '--import', hooks, file], { encoding: 'utf8' }).trim().split('\n');
  assert.deepStrictEqual(run(write('main.ts', 'export const n: number = 1;')), [
    'resolve main.ts null',
    'load main.ts null module-typescript',
  ]);
  assert.deepStrictEqual(run(write('plain.ts', 'const n: number = 1; exports.n = n;')), [
    'resolve plain.ts null',
    'load plain.ts null commonjs-typescript',
  ]);
  assert.deepStrictEqual(run(write('main.mts', 'export {};')), [
    'resolve main.mts module-typescript',
    'load main.mts module-typescript module-typescript',
  ]);
}

// package.json says what a file without an extension is.
{
  write('typed/package.json', '{ "type": "module" }');
  assert.throws(() => require(write('typed/common', 'exports.a = 1;')), ReferenceError);
  assert.strictEqual(require(write('typed/module', 'export const a = 1;')).a, 1);
}

// `require` says nothing of files that turn out to be ECMAScript modules; `import` does.
{
  write('module.js', 'export const a = 1;');
  const warnings = (code) =>
    spawnSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' }).stderr.match(/MODULE_TYPELESS_PACKAGE_JSON/g);
  assert.strictEqual(warnings("require('./module.js')"), null);
  assert.strictEqual(warnings("import('./module.js')").length, 1);
}
