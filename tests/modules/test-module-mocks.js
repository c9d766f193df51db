// Flags: --experimental-test-module-mocks --no-warnings
// `mock.module`: the exports of modules of both kinds, of built-in ones and of packages, are others for a while.
'use strict';

const assert = require('assert');
const fs = require('fs');
const { createRequire } = require('module');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'test-mocks-')));
process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));
const write = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
  fs.writeFileSync(path.join(directory, name), text);
};
write('common.js', "exports.who = 'common';");
write('user.js', "module.exports = () => require('./common').who;");
write('module.mjs', "export const who = 'module'; export default 1;");
write('importer.mjs', "export { who } from './module.mjs'; export { default as common } from './common.js';");
write('data.json', '{ "who": "json" }');
write('node_modules/pkg/package.json', '{ "exports": { "import": "./i.mjs", "require": "./r.js" } }');
write('node_modules/pkg/i.mjs', "export const who = 'import';");
write('node_modules/pkg/r.js', "exports.who = 'require';");

const local = createRequire(path.join(directory, 'main.js'));
const url = (name) => pathToFileURL(path.join(directory, name)).href;

/** Mocks for as long as `use` runs. */
async function during(specifier, options, use) {
  const { mock } = require('node:test');
  const context = mock.module(specifier, options);
  try {
    await use();
  } finally {
    context.restore();
  }
}

async function main() {
  const { mock } = require('node:test');
  const noMock = {
    message: 'Cannot create mock because named exports cannot be applied to the provided default export.',
  };
  await during('readline', { exports: { default: { x: 1 }, y: 2 } }, async () => {
    assert.deepStrictEqual(require('node:readline'), { x: 1, y: 2 });
    const namespace = await import('readline');
    assert.deepStrictEqual(Object.keys(namespace), ['default', 'module.exports', 'y']);
    assert.notStrictEqual(namespace, await import('readline'));
    assert.throws(() => mock.module('node:readline'), {
      code: 'ERR_INVALID_STATE',
      message: "Invalid state: Cannot mock 'node:readline'. The module is already mocked.",
    });
  });
  assert.strictEqual(typeof require('readline').cursorTo, 'function');
  assert.strictEqual(typeof (await import('readline')).cursorTo, 'function');

  const original = local('./common');
  await during(url('common.js'), { exports: { who: 'mock' }, cache: true }, async () => {
    assert.strictEqual(local('./user.js')(), 'mock');
    assert.strictEqual(local('./common'), local('./common.js'));
    assert.strictEqual(local.cache[local.resolve('./common')].exports.who, 'mock');
    const namespace = await import(url('common.js'));
    assert.strictEqual(namespace, await import(url('common.js')));
    assert.strictEqual(namespace.default, local('./common'));
  });
  assert.strictEqual(local('./common'), original);
  assert.strictEqual(local('./user.js')(), 'common');
  await during(url('common.js'), { exports: { default: () => {}, who: 'mock' } }, async () => {
    assert.throws(() => local('./common'), noMock);
    await assert.rejects(import(url('common.js')), noMock);
  });

  await during(url('module.mjs'), { exports: { who: 'mock' } }, async () => {
    await during(url('common.js'), { exports: { default: 'mock' } }, async () => {
      const importer = await import(url('importer.mjs'));
      assert.deepStrictEqual({ ...importer }, { who: 'mock', common: 'mock' });
    });
    assert.deepStrictEqual(Object.keys(await import(url('module.mjs'))), ['who']);
    assert.strictEqual(local('./module.mjs').who, 'mock');
  });
  assert.strictEqual((await import(url('module.mjs'))).default, 1);

  await during(url('data.json'), { exports: { default: 'mock' } }, async () => {
    assert.strictEqual((await import(url('data.json'), { with: { type: 'json' } })).default, 'mock');
    assert.strictEqual(local('./data.json'), 'mock');
    await assert.rejects(import(url('data.json')), { code: 'ERR_IMPORT_ATTRIBUTE_MISSING' });
  });

  // What a name means depends on the file that mocks it.
  write('mocks.js', "module.exports = (...args) => require('node:test').mock.module(...args);");
  const context = local('./mocks.js')('pkg', { exports: { who: 'mock' } });
  assert.strictEqual(local('pkg').who, 'mock');
  write('imports.mjs', "export default () => import('pkg');");
  const { default: imports } = await import(url('imports.mjs'));
  assert.strictEqual((await imports()).who, 'mock');
  context.restore();
  assert.strictEqual(local('pkg').who, 'require');
  assert.strictEqual((await imports()).who, 'import');

  let reads = 0;
  await during(url('common.js'), { exports: { get who() { return ++reads; } } }, async () => {
    assert.strictEqual(reads, 0);
    assert.strictEqual((await import(url('common.js'))).who, 1);
  });

  assert.throws(() => mock.module(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => mock.module('fs', null), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => mock.module('fs', { cache: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => mock.module('fs', { exports: [] }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => mock.module('fs', { exports: {}, namedExports: {} }), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: "The property 'options.exports' cannot be used with 'options.namedExports'. Received {}",
  });
  assert.throws(() => mock.module('node:test'), { code: 'ERR_MODULE_NOT_FOUND' });
  assert.throws(() => mock.module('./none.js'), { code: 'ERR_MODULE_NOT_FOUND' });
}
main();
