// Options of the command line that a file holds: `node.config.json` or one that is named.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-config-file-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

function run(settings, args, env = {}) {
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
  fs.writeFileSync(path.join(folder, 'node.config.json'), text);
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } };
  return spawnSync(process.execPath, ['--no-warnings', '--experimental-config-file', ...args], options);
}

const limit = ['-p', 'require("http").maxHeaderSize'];
const general = { nodeOptions: { 'max-http-header-size': 1000 } };
assert.strictEqual(run(general, limit).stdout, '1000\n');
// What is nearer to the program counts.
assert.strictEqual(run(general, limit, { NODE_OPTIONS: '--max-http-header-size=2000' }).stdout, '2000\n');
assert.strictEqual(run(general, ['--max-http-header-size=3000', ...limit]).stdout, '3000\n');
assert.strictEqual(run({ permission: {} }, ['-p', 'typeof process.permission']).stdout, 'object\n');

const mistakes = [
  ['{"nodeOptions"', 'Can\'t parse node.config.json'],
  ['[]', 'Root value unexpected not an object for node.config.json\n'],
  [{ other: {} }, 'Unknown namespace other'],
  [{ watch: 1 }, '"watch" value unexpected for node.config.json (should be an object)'],
  [{ nodeOptions: { test: true } }, 'Unknown or not allowed option test for namespace nodeOptions'],
  [{ nodeOptions: { 'expose-gc': true } }, 'V8 flag --expose-gc is currently not supported'],
  [{ nodeOptions: { 'http-parser': 'a' } }, 'No-op flag --http-parser is currently not supported'],
  [{ nodeOptions: { title: 1 } }, 'Invalid value for --title'],
  ['{"nodeOptions":{"title":"a","title":"b"}}', 'Option --title is already defined'],
];
for (const [settings, message] of mistakes) {
  const { status, stderr } = run(settings, limit);
  assert.strictEqual(stderr, `${message}\n${process.execPath}: node.config.json: invalid content\n`);
  assert.strictEqual(status, 9);
}

const none = spawnSync(process.execPath, ['--experimental-config-file=none.json', '-p', '1'], { encoding: 'utf8' });
assert.strictEqual(none.stderr, 'Cannot read configuration from none.json: no such file or directory\n' +
  `${process.execPath}: none.json: not found\n`);
assert.strictEqual(none.status, 9);
