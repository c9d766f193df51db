// `node:module`: packages that are broken, for `require` and for `import`.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { setImmediate } = require('node:timers/promises');
const { pathToFileURL } = require('node:url');

const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'broken-'));
process.on('exit', () => fs.rmSync(root, { recursive: true }));
process.removeAllListeners('warning');

const inPackages = (name) => path.join(root, 'node_modules', name);

function write(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

function pack(name, manifest, files = {}) {
  const isText = typeof manifest === 'string' || Buffer.isBuffer(manifest);
  if (manifest !== undefined) write(inPackages(`${name}/package.json`), isText ? manifest : JSON.stringify(manifest));
  for (const file of Object.keys(files)) write(inPackages(`${name}/${file}`), files[file]);
}

const text = (value) => `module.exports = ${JSON.stringify(value)};`;
const importer = path.join(root, 'importer.mjs');
write(importer, 'export default (specifier) => import(specifier);');
const load = createRequire(importer);

const config = (name) => `Invalid package config ${inPackages(name)}/package.json`;
const NO_CONFIG = 'ERR_INVALID_PACKAGE_CONFIG';
const NOT_EXPORTED = 'ERR_PACKAGE_PATH_NOT_EXPORTED';
const BAD_TARGET = 'ERR_INVALID_PACKAGE_TARGET';
const NOT_FOUND = 'MODULE_NOT_FOUND';
const MODULE_NOT_FOUND = 'ERR_MODULE_NOT_FOUND';

// What cannot be read as an object of JSON
for (const [name, manifest] of [
  ['bad', '{ "main": '], ['empty', ''], ['list', '[]'], ['five', '5'], ['nothing', 'null'], ['text', '"x"'],
  ['trailing', '{"a":1,}'], ['named_five', '{"name":5}'], ['type_null', '{"type":null}'],
  ['utf16', Buffer.from('{"main":"x.js"}', 'utf16le')],
]) pack(name, manifest, { 'index.js': text(name) });

/** Name, outcome of `require`, outcome of `import`: a code, or the value in a list. */
const cases = [
  ['absent', NOT_FOUND, MODULE_NOT_FOUND],
  ['main_missing', NOT_FOUND, MODULE_NOT_FOUND],
  ['no_main', NOT_FOUND, MODULE_NOT_FOUND],
  ['main_empty', NOT_FOUND, MODULE_NOT_FOUND],
  ['main_gives_way', ['index'], ['index']],
  ['main_folder', ['lib'], ['lib']],
  ['main_five', ['index'], ['index']],
  ['main_outside', ['secret'], ['secret']],
  ['main_dot', ['dot'], ['dot']],
  ['main_manifest', [{ main: './package.json' }], 'ERR_IMPORT_ATTRIBUTE_MISSING'],
  ['nowhere', NOT_FOUND, MODULE_NOT_FOUND],
  ['nowhere/sub', NOT_FOUND, MODULE_NOT_FOUND],
  ['outside', BAD_TARGET, BAD_TARGET],
  ['outside/sub', BAD_TARGET, BAD_TARGET],
  ['inner_modules', BAD_TARGET, BAD_TARGET],
  ['absolute', BAD_TARGET, BAD_TARGET],
  ['url_target', BAD_TARGET, BAD_TARGET],
  ['names_itself', BAD_TARGET, BAD_TARGET],
  ['builtin', BAD_TARGET, BAD_TARGET],
  ['exports_null', ['index'], ['index']],
  ['exports_five', ['index'], ['index']],
  ['no_keys', NOT_EXPORTED, NOT_EXPORTED],
  ['no_targets', NOT_EXPORTED, NOT_EXPORTED],
  ['target_null', NOT_EXPORTED, NOT_EXPORTED],
  ['no_condition', NOT_EXPORTED, NOT_EXPORTED],
  ['second_target', ['i'], ['i']],
  ['mixed', NO_CONFIG, NO_CONFIG],
  ['numeric', NO_CONFIG, NO_CONFIG],
  ['exports_folder', NOT_FOUND, 'ERR_UNSUPPORTED_DIR_IMPORT'],
  ['pattern/a', ['a'], ['a']],
  ['pattern/', NOT_EXPORTED, NOT_EXPORTED],
  ['pattern/..%2fx', 'ERR_INVALID_MODULE_SPECIFIER', 'ERR_INVALID_MODULE_SPECIFIER'],
  ['pattern/a/../../secret', 'ERR_INVALID_MODULE_SPECIFIER', 'ERR_INVALID_MODULE_SPECIFIER'],
  ['circular', [{ b: undefined, done: true }], [{ b: undefined, done: true }]],
  ['manifest_is_folder', ['index'], ['index']],
  ['big', ['big'], ['big']],
  ['deep', ['deep'], ['deep']],
  ['twice', ['b'], ['b']],
  ['bom', ['bom'], ['bom']],
  ['strange_type', ['index'], ['index']],
  ['loop', NO_CONFIG, MODULE_NOT_FOUND],
  ['loop.js', NO_CONFIG, MODULE_NOT_FOUND],
  ['dangling', NOT_FOUND, MODULE_NOT_FOUND],
  ['a\\b', NOT_FOUND, 'ERR_INVALID_MODULE_SPECIFIER'],
  ['a%2fb', NOT_FOUND, 'ERR_INVALID_MODULE_SPECIFIER'],
  ['.hidden', NOT_FOUND, 'ERR_INVALID_MODULE_SPECIFIER'],
  ['@scope', NOT_FOUND, 'ERR_INVALID_MODULE_SPECIFIER'],
];

pack('main_missing', { main: './nope.js' });
pack('no_main', {});
pack('main_empty', { main: '' });
pack('module_without_main', { type: 'module' }, { 'index.js': '' });
pack('main_gives_way', { main: './nope.js' }, { 'index.js': text('index') });
pack('main_folder', { main: './lib' }, { 'lib/index.js': text('lib') });
pack('main_five', { main: 5 }, { 'index.js': text('index') });
pack('main_outside', { main: '../secret.js' });
write(inPackages('secret.js'), text('secret'));
pack('main_dot', { main: '.' }, { 'index.js': text('dot') });
pack('main_manifest', { main: './package.json' });
pack('nowhere', { exports: { '.': './nope.js', './sub': './nope.js' } });
pack('outside', { exports: { '.': '../secret.js', './sub': './../secret.js' } });
pack('inner_modules', { exports: './node_modules/x.js' });
pack('absolute', { exports: '/etc/passwd' });
pack('url_target', { exports: 'file:///etc/passwd' });
pack('names_itself', { exports: 'names_itself' });
pack('builtin', { exports: 'node:fs' });
pack('exports_null', { exports: null }, { 'index.js': text('index') });
pack('exports_five', { exports: 5 }, { 'index.js': text('index') });
pack('no_keys', { exports: {} });
pack('no_targets', { exports: [] });
pack('target_null', { exports: { '.': null } });
pack('no_condition', { exports: { '.': { browser: './i.js', node: { deno: './i.js' } } } });
pack('second_target', { exports: ['bad', './i.js'] }, { 'i.js': text('i') });
pack('mixed', { exports: { '.': './i.js', 'import': './i.js' } });
pack('numeric', { exports: { 0: './i.js' } });
pack('exports_folder', { exports: './lib' }, { 'lib/index.js': '' });
pack('pattern', { exports: { './*': './lib/*.js' } }, { 'lib/a.js': text('a') });
pack('circular', { exports: { '.': './a.js', './b': './b.js' } }, {
  'a.js': 'exports.b = require("circular/b").done; exports.done = true;',
  'b.js': 'exports.a = require("circular");',
});
pack('manifest_is_folder', undefined, { 'package.json/x': '', 'index.js': text('index') });
pack('big', { main: 'm.js', filler: 'x'.repeat(10 * 1024 * 1024) }, { 'm.js': text('big') });
pack('deep', `{"exports":${'{"node":'.repeat(400)}"./i.js"${'}'.repeat(401)}`, { 'i.js': text('deep') });
pack('twice', '{"main":"a.js","main":"b.js"}', { 'a.js': text('a'), 'b.js': text('b') });
pack('bom', '\ufeff{"main":"m.js"}', { 'm.js': text('bom'), 'index.js': text('index') });
pack('strange_type', { type: 'nonsense' }, { 'index.js': text('index') });
fs.symlinkSync('loop2', inPackages('loop'));
fs.symlinkSync('loop', inPackages('loop2'));
fs.symlinkSync('loop.js', inPackages('loop.js'));
fs.symlinkSync('not_there', inPackages('dangling'));

const outcome = (expected) => (Array.isArray(expected) ? undefined : { code: expected });

async function checkAll() {
  const { default: importFrom } = await import(pathToFileURL(importer));
  for (const name of ['bad', 'empty', 'list', 'five', 'nothing', 'text', 'trailing', 'named_five', 'type_null', 'utf16']) {
    assert.throws(() => load(name), { name: 'Error', code: NO_CONFIG, message: `${config(name)}.` });
    const message = `${config(name)} while importing "${name}" from ${importer}.`;
    await assert.rejects(importFrom(name), { name: 'Error', code: NO_CONFIG, message });
  }
  for (const [name, required, imported] of cases) {
    const refusal = outcome(required);
    if (refusal) assert.throws(() => load(name), refusal, name);
    else assert.deepStrictEqual({ ...[load(name)] }, { ...required }, name);
    const rejection = outcome(imported);
    if (rejection) await assert.rejects(importFrom(name), rejection, name);
    else assert.deepStrictEqual((await importFrom(name)).default, imported[0], name);
  }
  const reason = 'too many symbolic links encountered';
  const message = `Cannot read package config ${inPackages('loop')}/package.json: ${reason}.`;
  assert.throws(() => load('loop'), { message });
  await checkHints(importFrom);
}

// What `require` would find is told to those who import
async function checkHints(importFrom) {
  const advice = (hint) => ({ message: new RegExp(`\nDid you mean to import "${hint}"\\?$`) });
  await assert.rejects(importFrom('main_folder/lib/index'), advice('main_folder/lib/index\\.js'));
  await assert.rejects(importFrom(inPackages('secret')), advice('/.*/secret\\.js'));
  await assert.rejects(importFrom('secret.js'), advice('file:///.*/node_modules/secret\\.js'));
  await assert.rejects(importFrom('main_missing'), { message: /nope\.js' imported from .*importer\.mjs$/ });
  await checkMains(importFrom);
}

// What the main files of packages that are imported lack
async function checkMains(importFrom) {
  for (const [name, file] of [['no_main', '/index.js'], ['main_empty', '']]) {
    const message = `Cannot find package '${inPackages(name)}${file}' imported from ${importer}`;
    const error = await importFrom(name).catch((reason) => reason);
    assert.deepStrictEqual([error.message, error.stack.split('\n')[0]], [message, `Error: ${message}`]);
  }
  const warnings = [];
  process.on('warning', (warning) => warnings.push(warning));
  await importFrom('module_without_main');
  await setImmediate();
  const warning = warnings.find(({ code }) => code === 'DEP0151');
  assert.match(warning?.message, /entry point "index\.js", .*\nDefault "index" lookups for the main are deprecated/);
}

checkAll();
