// `--entry-url`: the program is named by a URL, which it sees.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cli-entry-url-')));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));
fs.writeFileSync(path.join(folder, 'a.mjs'), 'console.log(import.meta.url, import.meta.main, process.argv.slice(1));');
fs.writeFileSync(path.join(folder, 'b.cjs'), 'console.log(__filename, require.main === module);');

function run(...args) {
  const options = { cwd: folder, encoding: 'utf8' };
  return spawnSync(process.execPath, ['--entry-url', ...args], options);
}

const url = pathToFileURL(folder);
assert.strictEqual(run('./a.mjs?q#h', 'x').stdout, `${url}/a.mjs?q#h true [ './a.mjs?q#h', 'x' ]\n`);
assert.strictEqual(run('b.cjs').stdout, `${path.join(folder, 'b.cjs')} true\n`);
assert.strictEqual(run('data:text/javascript,console.log(1)').stdout, '1\n');
const { status, stderr } = run('none.mjs');
assert.match(stderr, /ExperimentalWarning: --entry-url is an experimental feature/);
assert.match(stderr, /ERR_MODULE_NOT_FOUND/);
assert.strictEqual(status, 1);
