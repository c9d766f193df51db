// Single executables: one is made of a CommonJS program with assets and options, and runs with them; settings that are
// wrong are told as Node tells them.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sea-build-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

function write(name, text) {
  fs.writeFileSync(path.join(folder, name), typeof text === 'string' ? text : JSON.stringify(text));
}

function run(file, args, env = {}) {
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } };
  return spawnSync(file, args, options);
}

const usual = { main: 'main.js', output: 'out' };
write('main.js', 'console.log(1)');
write('asset.txt', 'an asset \u20ac');

/** The settings, and what is said of them. */
const mistakes = [
  ['', 'Cannot parse JSON from c.json: EMPTY: no JSON found'],
  ['[]', 'Cannot parse JSON from c.json: INCORRECT_TYPE: The JSON element does not have the requested type.'],
  [`${JSON.stringify(usual)}{}`,
   'Cannot parse JSON from c.json: TRAILING_CONTENT: Unexpected trailing content in the JSON input.'],
  ['{"main":"main.js",}', 'Cannot read key from c.json'],
  [{}, '"main" field of c.json is not a non-empty string'],
  [{ main: 'main.js' }, '"output" field of c.json is not a non-empty string'],
  [{ ...usual, main: 'none.js' }, 'Cannot read main script none.js:no such file or directory'],
  [{ ...usual, useSnapshot: 1 }, '"useSnapshot" field of c.json is not a Boolean'],
  [{ ...usual, assets: [] }, '"assets" field of c.json is not a map of strings'],
  [{ ...usual, assets: { a: 'none' } }, 'Cannot read asset none: no such file or directory'],
  [{ ...usual, execArgv: [1] }, '"execArgv" field of c.json is not an array of strings'],
  [{ ...usual, execArgvExtension: 'x' }, '"execArgvExtension" field of c.json must be one of "none", "env", or "cli"'],
  [{ ...usual, mainFormat: 'x' }, '"mainFormat" field of c.json must be one of "commonjs" or "module"'],
  [{ ...usual, output: 'none/x' }, 'Cannot write output to none/x:no such file or directory'],
];
for (const [settings, message] of mistakes) {
  write('c.json', settings);
  const { status, stderr } = run(process.execPath, ['--experimental-sea-config', 'c.json']);
  assert.strictEqual(stderr, `${message}\n`);
  assert.strictEqual(status, 1);
}
write('c.json', { ...usual, executable: 'asset.txt' });
const foreign = run(process.execPath, ['--build-sea', 'c.json']);
assert.strictEqual(foreign.stderr, 'Error: Executable must be a supported format: ELF, PE, or Mach-O\n');
assert.strictEqual(foreign.status, 1);

write('main.js', `
  const assert = require('node:assert');
  const sea = require('node:sea');
  assert.strictEqual(require.main, module);
  assert.strictEqual(__filename, process.execPath);
  assert.strictEqual(module.filename, process.execPath);
  assert(sea.isSea());
  assert.deepStrictEqual(sea.getAssetKeys(), ['a']);
  assert.strictEqual(sea.getAsset('a', 'utf8'), 'an asset \\u20ac');
  assert.strictEqual(sea.getRawAsset('a').byteLength, 12);
  assert.throws(() => sea.getAsset('b'), { code: 'ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND' });
  assert.throws(() => require('./main.js'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' });
  const { createRequire } = require('node:module');
  assert.strictEqual(createRequire(__filename)('./data.json'), 5);
  const { argv, execArgv } = process;
  import('node:path').then(({ sep }) => {
    console.log(JSON.stringify({ argv, execArgv, sep }));
    return sea.getAssetAsBlob('a').text();
  }).then((text) => {
    assert.strictEqual(text, 'an asset \\u20ac');
    return assert.rejects(import('./main.js'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' });
  });
`);
write('data.json', '5');
write('c.json', {
  ...usual, assets: { a: 'asset.txt' }, disableExperimentalSEAWarning: true, useCodeCache: true,
  execArgv: ['--throw-deprecation'], execArgvExtension: 'cli',
});
const made = run(process.execPath, ['--build-sea', 'c.json']);
assert.strictEqual(made.stderr, '');
assert.strictEqual(made.stdout, `Generated single executable ${process.execPath} + c.json -> out\n`);
assert.strictEqual(made.status, 0);

const out = path.join(folder, 'out');
const { status, stdout, stderr } = run(out, ['a', '--node-options=--no-deprecation', '-v'], { NODE_OPTIONS: '--none' });
assert.strictEqual(stderr, '');
assert.strictEqual(status, 0);
assert.deepStrictEqual(JSON.parse(stdout), {
  argv: [fs.realpathSync(out), out, 'a', '-v'],
  execArgv: ['--throw-deprecation', '--no-deprecation'],
  sep: '/',
});

write('c.json', { ...usual, output: 'again', executable: 'out' });
const again = run(process.execPath, ['--build-sea', 'c.json']);
assert.strictEqual(again.stderr, 'Error: note section NODE_SEA_BLOB already exists in the ELF executable\n');
assert.strictEqual(again.status, 1);
