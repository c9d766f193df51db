// `node:module`: from a request to a file: extensions, folders, `node_modules`, links, what is not found.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const fixtures = path.join(__dirname, '../../fixtures/packages/loader');
const file = (name) => path.join(fixtures, name);
const load = Module.createRequire(file('index.js'));

function resolvesTo(cases) {
  for (const [request, expected] of cases) assert.strictEqual(load.resolve(request), file(expected), request);
}

resolvesTo([
  ['./both', 'both.js'], ['./both/', 'both/index.js'], ['./both/.', 'both/index.js'], ['./both.js', 'both.js'],
  ['./no_extension', 'no_extension'], ['./dotted.name', 'dotted.name.js'], ['./index_json', 'index_json/index.json'],
  ['./main_folder', 'main_folder/lib/index.js'], ['../loader/both', 'both.js'], [file('both'), 'both.js'],
  ['plain', 'node_modules/plain/index.js'], ['plain/', 'node_modules/plain/index.js'],
  ['plain/sub', 'node_modules/plain/sub.js'], ['@scope/pack/sub', 'node_modules/@scope/pack/sub.js'],
]);
assert.strictEqual(load.resolve('fs'), 'fs');
assert.strictEqual(load.resolve('node:fs'), 'node:fs');
assert.strictEqual(load('./shebang').ok, true);
assert.strictEqual(load('./bom').bom, true);
assert.strictEqual(load('./bom.json').bom, true);
assert.strictEqual(load('./self').self, load('./self'));
assert.strictEqual(load('./type_module/common.cjs').format, 'commonjs');
assert.strictEqual(load('plain').parent, file('index.js'));

// What is not there
for (const request of [
  './missing', './missing/', '.', 'nowhere', 'nowhere/sub', 'plain/missing', '@scope', 'fs/', './a\0b',
]) {
  const requireStack = [file('index.js')];
  const message = `Cannot find module '${request}'\nRequire stack:\n- ${requireStack[0]}`;
  assert.throws(() => load(request), { code: 'MODULE_NOT_FOUND', message, requireStack });
  assert.throws(() => load.resolve(request), { code: 'MODULE_NOT_FOUND', message, requireStack });
}
assert.throws(() => load('./main_nowhere'), {
  code: 'MODULE_NOT_FOUND',
  message: `Cannot find module '${file('main_nowhere/missing.js')}'. ` +
    'Please verify that the package.json has a valid "main" entry',
  path: file('main_nowhere/package.json'),
  requestPath: './main_nowhere',
});
assert.throws(() => load('./bad_manifest'), {
  code: 'ERR_INVALID_PACKAGE_CONFIG', message: `Invalid package config ${file('bad_manifest/package.json')}.`,
});

// A `main` that is missing gives way to the index, with a warning
process.once('warning', (warning) => {
  assert.strictEqual(warning.code, 'DEP0128');
  assert.strictEqual(
    warning.message,
    `Invalid 'main' field in '${file('main_missing/package.json')}' of 'missing.js'. ` +
      'Please either fix that or report it to the module author'
  );
});
assert.strictEqual(load('./main_missing').name, 'fallback');

// paths
assert.strictEqual(load.resolve.paths('fs'), null);
assert.deepStrictEqual(load.resolve.paths('./a'), [fixtures]);
assert.strictEqual(load.resolve.paths('a')[0], file('node_modules'));
assert.strictEqual(require.resolve('plain', { paths: [fixtures] }), file('node_modules/plain/index.js'));
assert.strictEqual(require.resolve('./both', { paths: ['/', fixtures] }), file('both.js'));
assert.throws(() => require.resolve('plain', { paths: [] }), { code: 'MODULE_NOT_FOUND' });
assert.throws(() => require.resolve('plain', { paths: 'x' }), {
  code: 'ERR_INVALID_ARG_VALUE', message: "The property 'options.paths' is invalid. Received 'x'",
});
assert.throws(() => require.resolve('./a', { paths: [1] }), {
  message: 'The "paths" argument must be array of strings. Received an instance of Array',
});
assert.deepStrictEqual(Module._nodeModulePaths('/a/b/node_modules/c'), [
  '/a/b/node_modules/c/node_modules', '/a/b/node_modules', '/a/node_modules', '/node_modules',
]);
assert.deepStrictEqual(Module._nodeModulePaths('/'), ['/node_modules']);
assert.strictEqual(Module._findPath('./both', [fixtures]), file('both.js'));
assert.strictEqual(Module._findPath('both', null), false);

// NODE_PATH and HOME
{
  const { HOME, NODE_PATH } = process.env;
  process.env.HOME = '/home/nobody';
  process.env.NODE_PATH = `${path.delimiter}/first${path.delimiter}${file('node_modules')}`;
  Module._initPaths();
  assert.deepStrictEqual(Module.globalPaths.slice(0, 4), [
    '/first', file('node_modules'), '/home/nobody/.node_modules', '/home/nobody/.node_libraries',
  ]);
  assert.strictEqual(require('plain').name, 'plain');
  for (const [name, value] of Object.entries({ HOME, NODE_PATH })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  Module._initPaths();
}

// Links lead to the file itself; what disappears is not found any more
{
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(process.env.TMPDIR || '/tmp', 'module-')));
  const at = (name) => path.join(folder, name);
  fs.mkdirSync(at('real'));
  fs.writeFileSync(at('real/a.js'), 'module.exports = __filename;');
  fs.symlinkSync('real', at('linked'));
  fs.symlinkSync('real/a.js', at('b.js'));
  fs.symlinkSync('nowhere', at('dangling.js'));
  assert.strictEqual(require(at('linked/a')), at('real/a.js'));
  assert.strictEqual(require(at('b')), at('real/a.js'));
  assert.throws(() => require(at('dangling')), { code: 'MODULE_NOT_FOUND' });

  assert.throws(() => require(at('late')), { code: 'MODULE_NOT_FOUND' });
  fs.writeFileSync(at('late.json'), '[1]');
  assert.deepStrictEqual(require(at('late')), [1]);

  fs.mkdirSync(at('gone'));
  fs.writeFileSync(at('gone/c.js'), 'module.exports = () => require("../real/a.js");');
  const late = require(at('gone/c'));
  fs.rmSync(at('gone'), { recursive: true });
  assert.strictEqual(late(), at('real/a.js'));
  fs.rmSync(folder, { recursive: true });
}
