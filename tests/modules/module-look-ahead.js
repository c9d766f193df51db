// Programs that ran before, with a compile cache: what they change, or have changed, while they load their modules is
// seen by the next `require`, although the run before has asked for the same files.
'use strict';
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'look-ahead-'));
const env = { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'cache') };
const main = path.join(folder, 'main.js');
const COUNT = 12;

const inFolder = (...names) => path.join(folder, ...names);
const part = (number) => inFolder(`part${number}.js`);

/** Writes the modules: each says its number, and the last two lie in packages. */
function write() {
  for (const name of ['node_modules', 'inner']) fs.rmSync(inFolder(name), { recursive: true, force: true });
  for (let i = 0; i < COUNT; i++) {
    fs.rmSync(part(i), { force: true });
    fs.writeFileSync(part(i), `module.exports = ${i};\n`);
  }
  for (const name of ['one', 'two']) {
    fs.mkdirSync(inFolder('node_modules', name, 'lib'), { recursive: true });
    fs.writeFileSync(inFolder('node_modules', name, 'package.json'), '{ "main": "lib/first.js" }');
    fs.writeFileSync(inFolder('node_modules', name, 'lib', 'first.js'), `module.exports = '${name}';\n`);
    fs.writeFileSync(inFolder('node_modules', name, 'lib', 'second.js'), `module.exports = '${name} other';\n`);
  }
  fs.mkdirSync(inFolder('inner'));
  fs.writeFileSync(inFolder('inner', 'index.js'), "module.exports = require('one');\n");
  fs.writeFileSync(inFolder('inner', 'next.js'), "module.exports = require('two');\n");
}

/** Runs the program, which does `change` in the middle; what its modules have said. */
function run(change = '') {
  write();
  const parts = Array.from({ length: COUNT }, (_, i) => `say(() => require('./part${i}'));`);
  fs.writeFileSync(main, `
const said = [];
function say(load) {
  try { said.push(load()); } catch (error) { said.push(error.code); }
}
${parts.slice(0, COUNT / 2).join('\n')}
{ ${change} }
${parts.slice(COUNT / 2).join('\n')}
say(() => require('./inner'));
say(() => require('./inner/next'));
say(() => require('two'));
process.stdout.write(JSON.stringify(said));
`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], { env });
  assert.strictEqual(status, 0, String(stderr));
  return JSON.parse(String(stdout));
}

const usual = Array.from({ length: COUNT }, (_, i) => i);
const asEver = [...usual, 'one', 'two', 'two'];

/** The usual answers but for some. */
const except = (changes) => Object.assign([...asEver], changes);

const other = JSON.stringify(part(9));
const cases = [
  ['a file written', `require('fs').writeFileSync(${other}, 'module.exports = "new"');`, { 9: 'new' }],
  ['a file removed', `require('fs').unlinkSync(${other});`, { 9: 'MODULE_NOT_FOUND' }],
  [
    'a file replaced by a link',
    `const fs = require('fs'); fs.unlinkSync(${other}); fs.symlinkSync(${JSON.stringify(part(3))}, ${other});`,
    { 9: 3 },
  ],
  [
    'a folder that was not there',
    `const fs = require('fs'), path = require('path');
     const name = path.join(__dirname, 'inner', 'node_modules', 'two');
     fs.mkdirSync(name, { recursive: true });
     fs.writeFileSync(path.join(name, 'index.js'), 'module.exports = "nearer"');`,
    { 13: 'nearer' },
  ],
  [
    'another package.json',
    `require('fs').writeFileSync(__dirname + '/node_modules/two/package.json', '{ "main": "lib/second" }');`,
    { 13: 'two other', 14: 'two other' },
  ],
  [
    'a child process',
    `require('child_process').execFileSync(process.execPath, ['-e',
       'fs.writeFileSync(' + ${JSON.stringify(other)} + ', "module.exports = 77")']);`,
    { 9: 77 },
  ],
  [
    'a worker',
    `const { Worker } = require('worker_threads');
     const done = new Int32Array(new SharedArrayBuffer(4));
     new Worker('const { workerData: { done, name } } = require("worker_threads");' +
       'require("fs").writeFileSync(name, "module.exports = 88"); Atomics.store(done, 0, 1);',
       { eval: true, workerData: { done, name: ${other} } });
     while (Atomics.load(done, 0) === 0);`,
    { 9: 88 },
  ],
];

try {
  assert.deepStrictEqual(run(), asEver);
  assert.deepStrictEqual(run(), asEver);
  for (const [what, change, changes] of cases) {
    for (let round = 0; round < 3; round++) assert.deepStrictEqual(run(change), except(changes), `${what}, ${round}`);
    assert.deepStrictEqual(run(), asEver, `after ${what}`);
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
