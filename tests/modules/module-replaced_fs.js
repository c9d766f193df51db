// Programs that put a function of their own in the place of `fs.readFileSync`: modules are read by it.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'replaced-fs-'));
const inFolder = (name) => path.join(folder, name);
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
fs.writeFileSync(inFolder('a.js'), "module.exports = 'as it lies there';");
fs.writeFileSync(inFolder('b.js'), 'module.exports = 2;');
fs.writeFileSync(inFolder('c.json'), '{ "c": 3 }');
fs.writeFileSync(inFolder('d.mjs'), "import e from './e.cjs'; export { e };");
fs.writeFileSync(inFolder('e.cjs'), 'module.exports = 5;');

const { readFileSync } = fs;
const asked = [];
fs.readFileSync = function (file, options) {
  const name = path.basename(String(file));
  asked.push(file instanceof URL ? `URL of ${name}` : [name, options, this === fs]);
  return name === 'a.js' ? 'module.exports = __filename;' : readFileSync.call(this, file, options);
};

assert.strictEqual(require(inFolder('a.js')), inFolder('a.js'));
assert.deepStrictEqual(require(inFolder('c.json')), { c: 3 });
assert.deepStrictEqual(asked.splice(0), [['a.js', 'utf8', true], ['c.json', 'utf8', true]]);

import(inFolder('d.mjs')).then(({ e }) => {
  assert.strictEqual(e, 5);
  assert.ok(asked.splice(0).includes('URL of d.mjs'));

  fs.readFileSync = readFileSync;
  assert.strictEqual(require(inFolder('b.js')), 2);
  assert.deepStrictEqual(asked, []);
});
