// `node:module`: the class Module, `require`, and what programs replace in them.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const fixtures = path.join(__dirname, '../../fixtures/packages/loader');
const file = (name) => path.join(fixtures, name);
const load = Module.createRequire(file('index.js'));

// This module
assert.strictEqual(module.id, '.');
assert.strictEqual(module.filename, __filename);
assert.strictEqual(module.path, __dirname);
assert.strictEqual(module.loaded, false);
assert.strictEqual(this, module.exports);
assert.strictEqual(arguments.length, 5);
assert.strictEqual(require.main, module);
assert.strictEqual(process.mainModule, module);
assert.strictEqual(module.paths[0], path.join(__dirname, 'node_modules'));
assert.ok(module instanceof Module && module.constructor === Module && !module.isPreloading);
assert.deepStrictEqual(
  Object.keys(module),
  ['id', 'path', 'exports', 'filename', 'loaded', 'children', 'paths']
);
assert.strictEqual(require.cache, Module._cache);
assert.strictEqual(require.extensions, Module._extensions);
assert.deepStrictEqual(Object.keys(require.extensions).slice(0, 3), ['.js', '.json', '.node']);
assert.strictEqual(Module.Module, Module);
assert.strictEqual(Module.wrap('1'), '(function (exports, require, module, __filename, __dirname) { 1\n});');

// Children and the cache
{
  const name = file('both.js');
  const exports = require(name);
  const child = require.cache[name];
  assert.strictEqual(child.exports, exports);
  assert.strictEqual(child.loaded, true);
  assert.strictEqual(module.children.at(-1), child);
  require(name);
  assert.strictEqual(module.children.filter((one) => one === child).length, 1);
  require.cache[name] = { exports: 'replaced', loaded: true };
  assert.strictEqual(require(name), 'replaced');
  delete require.cache[name];
  assert.notStrictEqual(require(name), exports);

  require.cache.fs = { exports: 'not fs', loaded: true };
  assert.strictEqual(require('fs'), 'not fs');
  assert.strictEqual(require('node:fs'), fs);
  delete require.cache.fs;
  assert.strictEqual(require('fs'), fs);
}

// A file that throws leaves no trace
for (const name of ['throws.js', 'requires_throws.js']) {
  const children = module.children.length;
  assert.throws(() => require(file(name)), { message: 'thrown' });
  assert.strictEqual(require.cache[file(name)], undefined);
  assert.strictEqual(module.children.length, children);
}
assert.throws(() => load('./syntax_error'), { name: 'SyntaxError' });
assert.throws(() => load('./bad.json'), {
  name: 'SyntaxError',
  message: `${file('bad.json')}: Unexpected token '}', "{ "a": }\n" is not valid JSON`,
});

// Arguments
for (const value of [1, null, undefined, {}]) {
  assert.throws(() => require(value), { code: 'ERR_INVALID_ARG_TYPE', message: /^The "id" argument must be of type/ });
  assert.throws(() => require.resolve(value), { message: /^The "request" argument must be of type string/ });
  assert.throws(() => require.resolve.paths(value), { code: 'ERR_INVALID_ARG_TYPE' });
}
assert.throws(() => require(''), {
  code: 'ERR_INVALID_ARG_VALUE', message: "The argument 'id' must be a non-empty string. Received ''",
});

// Replacing parts
{
  const { _load, _resolveFilename, prototype: { require: original } } = Module;
  Module._load = function (request, parent, isMain) {
    return request === 'magic' ? ['loaded', parent === module, isMain] : Reflect.apply(_load, this, arguments);
  };
  assert.deepStrictEqual(require('magic'), ['loaded', true, false]);
  Module._load = _load;

  Module._resolveFilename = (request, ...rest) =>
    request === 'fs' || request === 'magic' ? file('both/index.js') : _resolveFilename(request, ...rest);
  assert.strictEqual(require('magic').kind, 'folder');
  assert.strictEqual(require('fs').kind, 'folder');
  assert.strictEqual(require.resolve('magic'), file('both/index.js'));
  Module._resolveFilename = _resolveFilename;

  const requested = [];
  Module.prototype.require = function (id) {
    requested.push(id);
    return Reflect.apply(original, this, [id]);
  };
  require('path');
  Module.prototype.require = original;
  assert.deepStrictEqual(requested, ['path']);

  const { '.js': loadJs } = Module._extensions;
  Module._extensions['.js'] = (target, filename) => target._compile('exports.name = __filename;', filename);
  delete require.cache[file('dotted.name.js')];
  assert.strictEqual(load('./dotted.name').name, file('dotted.name.js'));
  Module._extensions['.js'] = loadJs;
  delete require.cache[file('dotted.name.js')];
  assert.strictEqual(load('./dotted.name').name, 'dotted.name');
}

// An extension of the program's own, and the wrapper
{
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(process.env.TMPDIR || '/tmp'), 'module-'));
  fs.writeFileSync(path.join(folder, 'a.text'), 'text');
  Module._extensions['.text'] = (target, filename) => { target.exports = fs.readFileSync(filename, 'utf8'); };
  assert.strictEqual(require(path.join(folder, 'a')), 'text');
  delete Module._extensions['.text'];

  fs.writeFileSync(path.join(folder, 'wrapped.js'), 'exports.value = globalThis.wrapped;');
  const { wrapper } = Module;
  Module.wrapper = [`${wrapper[0]} globalThis.wrapped = 1; `, wrapper[1]];
  assert.strictEqual(require(path.join(folder, 'wrapped.js')).value, 1);
  Module.wrapper = wrapper;
  delete globalThis.wrapped;
  fs.rmSync(folder, { recursive: true });
}

// Modules made by hand
{
  const made = new Module('/made/by/hand.js', module);
  assert.strictEqual(made.path, '/made/by');
  made.filename = '/made/by/hand.js';
  made.paths = [path.join(fixtures, 'node_modules')];
  assert.strictEqual(made._compile('exports.name = require("plain").name; return 42;', made.filename), 42);
  assert.strictEqual(made.exports.name, 'plain');
  assert.strictEqual(made.loaded, false);
  assert.strictEqual(made.parent, module);
  made.loaded = true;
  assert.throws(() => made.load('/made/by/hand.js'), { code: 'ERR_INTERNAL_ASSERTION' });
}

// createRequire
{
  assert.strictEqual(load('plain').name, 'plain');
  assert.strictEqual(Module.createRequire(`file://${fixtures}/`)('./both').kind, 'file');
  assert.strictEqual(Module.createRequire(new URL(`file://${fixtures}/x.js`)).resolve('./both'), file('both.js'));
  for (const value of [undefined, 5, 'relative', 'http://x', {}]) {
    assert.throws(() => Module.createRequire(value), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: /must be a file URL object, file URL string, or absolute path string\. Received/,
    });
  }
}

// Built-in modules
assert.ok(Object.isFrozen(Module.builtinModules) && Module.builtinModules.includes('fs'));
assert.ok(!Module.builtinModules.includes('test') && !Module.builtinModules.includes('internal/util'));
for (const [id, expected] of [
  ['fs', true], ['node:fs', true], ['path/posix', true], ['nope', false], ['node:nope', false], ['test', false],
  ['internal/errors', false], ['node:internal/errors', false], ['', false], [5, false],
]) {
  assert.strictEqual(Module.isBuiltin(id), expected, String(id));
}
assert.strictEqual(require('node:fs'), fs);
assert.throws(() => require('node:nope'), {
  code: 'ERR_UNKNOWN_BUILTIN_MODULE', message: 'No such built-in module: node:nope',
});
assert.strictEqual(Module._stat(fixtures), 1);
assert.strictEqual(Module._stat(__filename), 0);
assert.ok(Module._stat('/nowhere/at/all') < 0);
