// Node's `module`: the CommonJS loader as programs see it.
'use strict';

const { Module } = require('internal/modules/cjs');
const { notYet } = require('internal/not_yet');
const { readPackage, findScope } = require('internal/modules/resolve');

/** @returns {string | undefined} the package.json that a file belongs to */
function findPackageJSON(specifier, base) {
  const path = require('path');
  const toPath = (value) => (String(value).startsWith('file:') ? require('url').fileURLToPath(value) : `${value}`);
  if (base === undefined) {
    const file = toPath(specifier);
    const manifest = readPackage(file) ?? findScope(path.join(file, 'x'));
    return manifest && path.join(manifest.folder, 'package.json');
  }
  const from = toPath(base);
  if (/^\.{0,2}\//.test(specifier)) {
    const manifest = findScope(path.resolve(path.dirname(from), specifier));
    return manifest && path.join(manifest.folder, 'package.json');
  }
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier);
  for (const folder of Module._nodeModulePaths(path.dirname(from))) {
    if (readPackage(path.join(folder, name))) return path.join(folder, name, 'package.json');
  }
  return undefined;
}

/** ECMAScript modules see the built-in modules as they are: nothing to be copied yet. */
function syncBuiltinESMExports() {}

Object.assign(Module, {
  findPackageJSON,
  syncBuiltinESMExports,
  constants: Object.freeze({
    compileCacheStatus: Object.freeze({ __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 }),
  }),
  ...notYet('module', [
    'SourceMap', 'enableCompileCache', 'findSourceMap', 'flushCompileCache', 'getCompileCacheDir', 'register',
    'registerHooks', 'stripTypeScriptTypes',
  ]),
});

module.exports = Module;
