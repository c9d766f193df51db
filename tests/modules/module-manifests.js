// package.json files with mistakes, and specifiers of files as only URLs write them: what is found, and what is said.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { createRequire, findPackageJSON } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'module-manifests-')));
process.on('exit', () => fs.rmSync(root, { recursive: true }));

const INVALID = 'ERR_INVALID_PACKAGE_CONFIG';
const HIDDEN = 'ERR_PACKAGE_PATH_NOT_EXPORTED';

/** The texts of package.json files, and what `require` of the package and of its `x.js` then finds. */
const manifests = [
  // What nobody asks for is not read.
  ['{"a":nope,"main":"./x.js"}', 'x.js', 'x.js'],
  ['{"main":"./x.js","a":01}', 'x.js', 'x.js'],
  ['{"scripts":{"a":1,},"main":"./x.js"}', 'x.js', 'x.js'],
  ['{"a":"\\x","main":"./x.js"}', 'x.js', 'x.js'],
  ['{"dependencies":{]},"main":"./x.js"}', 'index.js', 'x.js'],
  ['{}}', 'index.js', 'x.js'],
  // What is of no use is as good as nothing.
  ['{"main": ./x.js}', 'index.js', 'x.js'],
  ['{"main":"\\x"}', 'index.js', 'x.js'],
  ['{"main":"./x.js","main":5}', 'x.js', 'x.js'],
  ['{"\\u006dain":"./x.js"}', 'index.js', 'x.js'],
  ['{"exports":tru}', 'index.js', 'x.js'],
  ['{"exports":"./x.js","exports":null}', 'x.js', HIDDEN],
  ['\ufeff{"main":"./x.js"}', 'x.js', 'x.js'],
  // The rest has to be in order.
  ['', INVALID, INVALID],
  ['[]', INVALID, INVALID],
  ['{', INVALID, INVALID],
  ['{"main":"./x.js",}', INVALID, INVALID],
  ['{"main":"./x.js"} more', INVALID, INVALID],
  ['{"main":"./x.js" "a":1}', INVALID, INVALID],
  ['{"main":"./x.js","a"}', INVALID, INVALID],
  ['{"a":[1,}', INVALID, INVALID],
  ['{"a":"line\nbreak"}', INVALID, INVALID],
  ['{"name":5}', INVALID, INVALID],
  ['{"type":null}', INVALID, INVALID],
  ['{"exports":nope}', 'index.js', 'x.js'],
  ['{"exports":[1,]}', 'SyntaxError', 'SyntaxError'],
];

function write(name, text = '') {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

function found(find, folder) {
  try {
    return path.relative(folder, find());
  } catch (error) {
    return error.code ?? error.name;
  }
}

for (const [index, [text, main, inside]] of manifests.entries()) {
  const folder = path.join(root, `${index}`, 'node_modules', 'a');
  write(`${index}/node_modules/a/package.json`, text);
  write(`${index}/node_modules/a/index.js`);
  write(`${index}/node_modules/a/x.js`);
  const { resolve } = createRequire(path.join(root, `${index}`, 'from.js'));
  assert.strictEqual(found(() => resolve('a'), folder), main, text);
  assert.strictEqual(found(() => resolve('a/x.js'), folder), inside, text);
}

const from = write('urls/from.mjs', `
  export const load = (specifier) => import(specifier);
  export const resolve = (specifier) => import.meta.resolve(specifier);
`);
write('urls/x.js');
write('urls/folder/y.js');
write('urls/node_modules/a/x.js');
const url = pathToFileURL(path.dirname(from)).href;

async function main() {
  const { load, resolve } = await import(pathToFileURL(from));
  assert.strictEqual(resolve('.//nope.js'), `${url}//nope.js`);
  assert.strictEqual(resolve('a/x.js?q#h'), `${url}/node_modules/a/x.js?q#h`);
  assert.strictEqual(resolve('a/../a/x.js'), `${url}/node_modules/a/x.js`);
  assert.strictEqual(resolve('./n%6fpe.js'), `${url}/n%6fpe.js`);
  assert.strictEqual(resolve('node:nope'), 'node:nope');
  assert.throws(() => resolve('//host/x.js'), { code: 'ERR_INVALID_FILE_URL_HOST' });
  await assert.rejects(load(`${url}/x.js/`), { code: 'ERR_UNSUPPORTED_DIR_IMPORT', url: `${url}/x.js/` });
  await assert.rejects(load('node:nope'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' });
  await assert.rejects(load('data:,1'), { message: 'Unknown module format: null for URL data:,1' });
  await assert.rejects(load('x:y'), {
    message: 'Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. ' +
      "Received protocol 'x:'",
  });
  await assert.rejects(load('data:text/javascript,import "./b"'), ({ code, cause }) => {
    assert.strictEqual(code, 'ERR_UNSUPPORTED_RESOLVE_REQUEST');
    return cause.code === 'ERR_INVALID_URL' && cause.input === './b';
  });

  const file = path.join(path.dirname(from), 'x.js');
  assert.strictEqual(findPackageJSON('./x.js', from), file);
  assert.strictEqual(findPackageJSON('./folder', from), path.join(path.dirname(from), 'folder'));
  assert.throws(() => findPackageJSON('@s', from), { code: 'ERR_INVALID_MODULE_SPECIFIER' });
  assert.throws(() => findPackageJSON('./nope.js', from), { code: 'ERR_MODULE_NOT_FOUND', url: `${url}/nope.js` });
}

main();
