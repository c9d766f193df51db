// The compile cache between runs: a text that changes without its time or size, damage, many writers at once.
'use strict';
const assert = require('assert');
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'compile-cache-'));
const cache = path.join(folder, 'cache');
const main = path.join(folder, 'main.js');
const part = path.join(folder, 'part.js');
const env = { ...process.env, NODE_COMPILE_CACHE: cache };
const then = new Date(2020, 1, 1);

/** Writes the module that says `word`, always at the same time. */
function write(word) {
  fs.writeFileSync(part, `module.exports = () => '${word}';\n`);
  fs.utimesSync(part, then, then);
}

function run(extra = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], { env: { ...env, ...extra } });
  assert.strictEqual(status, 0, String(stderr));
  return String(stdout);
}

/** The files that hold what is kept. */
function files() {
  return fs.readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

fs.writeFileSync(main, `// \u00e9\u2192
process.stdout.write(require('./part')() + require('./data.json').a);
if (process.env.REWRITE) {
  const fs = require('fs');
  const fresh = require.resolve('./fresh');
  fs.writeFileSync(fresh, "module.exports = 'new';");
  process.stdout.write(require('./fresh'));
}
`);
fs.writeFileSync(path.join(folder, 'data.json'), '{ "a": "!" }');
fs.writeFileSync(path.join(folder, 'fresh.js'), "module.exports = 'old';");

// Length, inode and time of the file are the same.
write('one');
assert.strictEqual(run(), 'one!');
assert.strictEqual(run(), 'one!');
write('two');
assert.strictEqual(run(), 'two!');
write('one');
assert.strictEqual(run(), 'one!');
assert.strictEqual(run(), 'one!');
fs.writeFileSync(path.join(folder, 'data.json'), '{ "a": "?" }');
assert.strictEqual(run(), 'one?');

// What the program itself changes before it loads it.
assert.strictEqual(run({ REWRITE: 'yes' }), 'one?new');
fs.writeFileSync(path.join(folder, 'fresh.js'), "module.exports = 'old';");
assert.strictEqual(run({ REWRITE: 'yes' }), 'one?new');
fs.writeFileSync(path.join(folder, 'fresh.js'), "module.exports = 'old';");
assert.strictEqual(run({ REWRITE: 'yes' }), 'one?new');

// Damage of any kind is as good as nothing kept.
for (const damage of [
  (bytes) => bytes.fill(0x5a, bytes.length >> 1),
  (bytes) => bytes.fill(0xff, 0, 64),
  (bytes) => bytes.subarray(0, bytes.length - 7),
  (bytes) => bytes.map((byte, index) => (index % 97 === 0 ? byte ^ 1 : byte)),
  (bytes) => bytes.subarray(0, 10),
  () => Buffer.alloc(0),
  () => Buffer.alloc(5000, 'junk'),
]) {
  assert.notStrictEqual(files().length, 0);
  for (const file of files()) fs.writeFileSync(file, damage(fs.readFileSync(file)));
  assert.strictEqual(run(), 'one?');
  assert.strictEqual(run(), 'one?');
}

// A folder that goes while a program runs.
fs.writeFileSync(path.join(folder, 'goes.js'), `
require('fs').rmSync(${JSON.stringify(cache)}, { recursive: true });
process.stdout.write('gone');
`);
assert.strictEqual(String(spawnSync(process.execPath, [path.join(folder, 'goes.js')], { env }).stdout), 'gone');

// Several programs that end at the same time.
const names = Array.from({ length: 6 }, (_, index) => path.join(folder, `many${index}.js`));
for (const name of names) fs.writeFileSync(name, "process.stdout.write(require('./part')() + __filename);");
let left = names.length;
for (const name of names) {
  const child = spawn(process.execPath, [name], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data) => { text += data; });
  child.on('close', (code) => {
    assert.strictEqual(code, 0);
    assert.strictEqual(text, `one${name}`);
    if (--left === 0) afterMany();
  });
}

function afterMany() {
  for (const name of names) {
    const { stderr, stdout } = spawnSync(process.execPath, [name],
      { env: { ...env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' } });
    assert.strictEqual(String(stdout), `one${name}`);
    assert.match(String(stderr), new RegExp(`${path.basename(name)} was accepted`));
  }
  fs.rmSync(folder, { recursive: true });
}
