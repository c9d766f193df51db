// Which file a request means, and how long what was found once stays what it is.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const Module = require('module');

const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'resolution-'));

/** Writes files by their names; those of modules say their own name. */
function write(files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text ?? `module.exports = ${JSON.stringify(name)};`);
  }
}

const requireHere = Module.createRequire(path.join(root, 'app', 'main.js'));

/** The file that `request` means, or the code of the error. */
function find(request, from = requireHere) {
  try {
    return path.relative(root, from.resolve(request));
  } catch (error) {
    return error.code;
  }
}

function checkFiles() {
  write({
    'app/main.js': null,
    'app/a.js': null,
    'app/a.json': '{}',
    'app/a/index.js': null,
    'app/b.json': '{}',
    'app/b/index.js': null,
    'app/c/index.json': '{}',
    'app/d/package.json': '{ "main": "./lib/" }',
    'app/d/lib/index.js': null,
    'app/e.x/package.json': '{ "main": "f" }',
    'app/e.x/f.js': null,
    'app/.hidden/index.js': null,
    'app/node_modules/.odd.js': null,
    'index.js': null,
  });
  const expected = {
    './a': 'app/a.js', './a/': 'app/a/index.js', './a.json': 'app/a.json', './b': 'app/b.json', './c': 'app/c/index.json',
    './d': 'app/d/lib/index.js', './e.x': 'app/e.x/f.js', '..': 'index.js', '../': 'index.js', './.hidden': 'app/.hidden/index.js',
    './/a//../b': 'app/b.json', '.': 'MODULE_NOT_FOUND', './none': 'MODULE_NOT_FOUND', '.odd': 'app/node_modules/.odd.js',
    './a.js/': 'MODULE_NOT_FOUND', [`${root}/app/a`]: 'app/a.js', [`${root}//app/./a`]: 'app/a.js', './\u00e9': 'MODULE_NOT_FOUND',
  };
  for (const [request, file] of Object.entries(expected)) {
    assert.strictEqual(find(request), file, request);
    assert.strictEqual(find(request), file, request);
  }
}

function checkPackages() {
  const exported = {
    '.': { import: './i.mjs', require: { types: './r.d.ts', default: './r.js' } },
    './y': ['./y.js'], './z/*': './lib/*.js', './none': './none.js', './up': './../up.js', './null': null,
  };
  write({
    'node_modules/p/index.js': null,
    'node_modules/p/sub.js': null,
    'app/node_modules/@s/x/package.json': JSON.stringify({ exports: exported }),
    'app/node_modules/@s/x/r.js': null,
    'app/node_modules/@s/x/y.js': null,
    'app/node_modules/@s/x/lib/1.js': null,
    'app/node_modules/m/package.json': '{ "exports": { "default": "./m.js" } }',
    'app/node_modules/m/m.js': null,
    'app/node_modules/bad/package.json': '{ "main": ',
    'app/node_modules/q/package.json': '{ "main": "none.js" }',
    'node_modules/q/index.js': null,
    'app/package.json': '{ "name": "own", "exports": "./a.js", "imports": { "#b": "./b.json" } }',
  });
  // The package of the module that asks is known as it was when it asked first.
  const other = Module.createRequire(path.join(root, 'app', 'd', 'other.js'));
  const expected = {
    'p': 'node_modules/p/index.js', 'p/sub': 'node_modules/p/sub.js', 'p/none': 'MODULE_NOT_FOUND',
    '@s/x': 'app/node_modules/@s/x/r.js', '@s/x/y': 'app/node_modules/@s/x/y.js', '@s/x/z/1': 'app/node_modules/@s/x/lib/1.js',
    '@s/x/none': 'MODULE_NOT_FOUND', '@s/x/up': 'ERR_INVALID_PACKAGE_TARGET', '@s/x/null': 'ERR_PACKAGE_PATH_NOT_EXPORTED',
    '@s/x/r.js': 'ERR_PACKAGE_PATH_NOT_EXPORTED', '@s/x/': 'ERR_PACKAGE_PATH_NOT_EXPORTED', '@s': 'MODULE_NOT_FOUND',
    'm': 'app/node_modules/m/m.js', 'm/m.js': 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'bad': 'ERR_INVALID_PACKAGE_CONFIG',
    'q': 'MODULE_NOT_FOUND',
  };
  for (const [request, file] of Object.entries(expected)) {
    assert.strictEqual(find(request), file, request);
    assert.strictEqual(find(request, other), file, request);
  }
  write({ 'own/package.json': '{ "name": "own", "exports": "./a.js", "imports": { "#b": "./b.js" } }', 'own/a.js': null, 'own/b.js': null });
  const own = Module.createRequire(path.join(root, 'own', 'a.js'));
  assert.strictEqual(find('own', own), 'own/a.js');
  assert.strictEqual(find('#b', own), 'own/b.js');
  assert.strictEqual(find('own/b', own), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
}

function checkLinks() {
  fs.symlinkSync('../app/a.js', path.join(root, 'own', 'link.js'));
  fs.symlinkSync('app', path.join(root, 'folder'));
  const own = Module.createRequire(path.join(root, 'own', 'a.js'));
  assert.strictEqual(find('./link', own), 'app/a.js');
  assert.strictEqual(find('../folder/b', own), 'app/b.json');
}

/** What comes later is found; what was found stays, although it has gone. */
function checkTime() {
  assert.strictEqual(find('./later'), 'MODULE_NOT_FOUND');
  write({ 'app/later.js': null });
  assert.strictEqual(requireHere('./later'), 'app/later.js');
  delete require.cache[requireHere.resolve('./later')];
  fs.unlinkSync(path.join(root, 'app', 'later.js'));
  write({ 'app/later/index.js': null });
  assert.throws(() => requireHere('./later'), { code: 'ENOENT' });
  assert.strictEqual(find('./later'), 'app/later.js');
  // So is what package.json says.
  write({ 'node_modules/p/package.json': '{ "main": "sub.js" }' });
  assert.strictEqual(find('p/'), 'node_modules/p/index.js');
  assert.strictEqual(find('p'), 'node_modules/p/index.js');
}

/** Programs have a say in where modules are found, at any time. */
function checkChanges() {
  write({ 'else/p.js': null, 'app/n.foo': '', 'app/o.js': null });
  const parent = new Module(path.join(root, 'app', 'parent.js'));
  parent.filename = parent.id;
  parent.paths = Module._nodeModulePaths(parent.path);
  assert.strictEqual(parent.require('p'), 'node_modules/p/index.js');
  parent.paths.unshift(path.join(root, 'else'));
  assert.strictEqual(parent.require('p/sub'), 'node_modules/p/sub.js');
  assert.strictEqual(Module._resolveFilename('p', parent), path.join(root, 'else', 'p.js'));

  assert.strictEqual(find('./n'), 'MODULE_NOT_FOUND');
  Module._extensions['.foo'] = () => {};
  assert.strictEqual(find('./n'), 'app/n.foo');
  delete Module._extensions['.foo'];

  const { _findPath, _resolveLookupPaths } = Module;
  Module._findPath = () => '/found';
  assert.strictEqual(Module._resolveFilename('./a', parent), '/found');
  Module._findPath = _findPath;
  Module._resolveLookupPaths = () => [path.join(root, 'else')];
  assert.strictEqual(Module._resolveFilename('./p', parent), path.join(root, 'else', 'p.js'));
  Module._resolveLookupPaths = _resolveLookupPaths;
  Module._pathCache[`./o\0${path.join(root, 'app')}`] = '/known';
  assert.strictEqual(find('./o'), path.relative(root, '/known'));
  delete Module._pathCache[`./o\0${path.join(root, 'app')}`];
  assert.strictEqual(find('./o'), 'app/o.js');
}

try {
  checkFiles();
  checkPackages();
  checkLinks();
  checkTime();
  checkChanges();
} finally {
  fs.rmSync(root, { recursive: true });
}
