// `node:module`: the `exports` and `imports` of package.json.
'use strict';

const assert = require('node:assert');
const Module = require('node:module');
const path = require('node:path');

const fixtures = path.join(__dirname, '../../fixtures/packages/loader');
const file = (name) => path.join(fixtures, name);
const load = Module.createRequire(file('index.js'));
const manifest = file('node_modules/exporting/package.json');

// exports
for (const [request, kind] of [
  ['exporting', 'common'], ['exporting/sub', 'sub'], ['exporting/feature/a/b', 'feature'], ['exporting/first', 'sub'],
  ['exporting/order', 'default'], ['exporting/module-sync', 'default'], ['exporting/space', 'space'],
]) {
  assert.strictEqual(load(request).kind, kind, request);
}
assert.strictEqual(load('exporting').self().kind, 'sub');
assert.strictEqual(load('@scope/pack'), 'scoped');

function notExported(subpath) {
  return {
    name: 'Error',
    code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
    message: `Package subpath '${subpath}' is not defined by "exports" in ${manifest}`,
  };
}
assert.throws(() => load('exporting/sub.js'), notExported('./sub.js'));
assert.throws(() => load('exporting/package.json'), notExported('./package.json'));
assert.throws(() => load('exporting/feature/private/a'), notExported('./feature/private/a'));

assert.throws(() => load('exporting/outside'), {
  code: 'ERR_INVALID_PACKAGE_TARGET',
  message: `Invalid "exports" target "../outside.js" defined for './outside' in the package config ${manifest}; ` +
    'targets must start with "./"',
});
assert.throws(() => load('exporting/modules'), { code: 'ERR_INVALID_PACKAGE_TARGET' });
assert.throws(() => load('exporting/feature/../sub'), {
  name: 'TypeError',
  code: 'ERR_INVALID_MODULE_SPECIFIER',
  message: 'Invalid module "./feature/../sub" request is not a valid match in pattern "./feature/*" for the ' +
    `"exports" resolution of ${manifest}`,
});
assert.throws(() => load('exporting/encoded'), {
  code: 'ERR_INVALID_MODULE_SPECIFIER', message: /must not include encoded "\/" or "\\" characters$/,
});
assert.throws(() => load('exporting/missing'), {
  code: 'MODULE_NOT_FOUND',
  message: `Cannot find module '${file('node_modules/exporting/missing.js')}'`,
  path: path.dirname(manifest),
});
assert.throws(() => load('mixed'), {
  code: 'ERR_INVALID_PACKAGE_CONFIG',
  message: `Invalid package config ${file('node_modules/mixed/package.json')}. "exports" cannot contain some keys ` +
    'starting with \'.\' and some not. The exports object must either be an object of package subpath keys or an ' +
    'object of main entry condition name keys only.',
});

// imports, and a package that asks for itself
const importer = load('./importer');
const base = file('importer/index.js');
for (const [request, expected] of [
  ['#other', 'other'], ['#conditional', 'other'], ['#sub/a', 'sub a'], ['importer/other', 'other'],
]) {
  assert.strictEqual(importer.require(request), expected, request);
}
assert.strictEqual(importer.resolve('#package'), file('node_modules/plain/index.js'));
for (const request of ['#null', '#unknown']) {
  assert.throws(() => importer.require(request), {
    name: 'TypeError',
    code: 'ERR_PACKAGE_IMPORT_NOT_DEFINED',
    message: `Package import specifier "${request}" is not defined in package ${file('importer/package.json')} ` +
      `imported from ${base}`,
  });
}
assert.throws(() => importer.require('#outside'), { code: 'ERR_INVALID_PACKAGE_TARGET' });
assert.throws(() => importer.require('#'), {
  message: `Invalid module "#" is not a valid internal imports specifier name imported from ${base}`,
});
assert.throws(() => importer.require('importer/unknown'), {
  message: `Package subpath './unknown' is not defined by "exports" in ${file('importer/package.json')} ` +
    `imported from ${base}`,
});
assert.throws(() => load('#other'), { code: 'MODULE_NOT_FOUND' });

// The package.json of a module
const main = file('index.js');
assert.strictEqual(Module.findPackageJSON('exporting', main), manifest);
assert.strictEqual(Module.findPackageJSON('@scope/pack/sub', main), file('node_modules/@scope/pack/package.json'));
assert.strictEqual(Module.findPackageJSON('./importer/sub/a.js', main), file('importer/package.json'));
assert.throws(() => Module.findPackageJSON('nowhere', main), { code: 'ERR_MODULE_NOT_FOUND' });
assert.throws(() => Module.findPackageJSON(), { code: 'ERR_MISSING_ARGS' });
