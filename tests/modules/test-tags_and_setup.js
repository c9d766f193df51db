// Tests that are chosen by their tags, and what is done before and after all tests of a run.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'test-tags-')));
process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));

fs.writeFileSync(path.join(directory, 'tags.js'), `
const { describe, it, test } = require('node:test');
test('one', { tags: ['Fast', 'db'] }, () => {});
test('two', { tags: ['slow'] }, () => {});
test('three', () => {});
describe('suite', { tags: ['unit'] }, () => {
  it('four', { tags: ['db-more'] }, () => {});
  it('five', () => {});
});
`);
fs.writeFileSync(path.join(directory, 'setup.mjs'), `
import { writeSync } from 'node:fs';
export async function globalSetup() { writeSync(1, '# setup\\n'); }
export async function globalTeardown() { writeSync(1, '# teardown\\n'); }
`);

function runTests(...args) {
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  return spawnSync(process.execPath, ['--no-warnings', '--test-reporter=tap', ...args], {
    cwd: directory, encoding: 'utf8', env,
  });
}

for (const [filters, expected] of [
  [['db'], ['one']],
  [['DB or slow'], ['one', 'two']],
  [['!db && !slow'], ['three', 'four', 'five']],
  [['not (slow or unit)'], ['one', 'three']],
  [['db*'], ['one', 'four']],
  [['unit', 'db*'], ['four']],
]) {
  const { stdout, status } = runTests(...filters.map((text) => `--experimental-test-tag-filter=${text}`), 'tags.js');
  assert.strictEqual(status, 0);
  const names = [...stdout.matchAll(/^ *ok \d+ - (\w+)$/gm)].map((match) => match[1]).filter((name) => name !== 'suite');
  assert.deepStrictEqual(names, expected);
}

for (const [filter, message] of [
  ['db & fast', "unexpected '&' at position 3; use '&&' or 'and'"],
  ['(db', "expected ')' at position 3"],
  ['db fast', 'unexpected token at position 3'],
  ['and', "unexpected token 'AND' at position 0"],
  ['!', "expected operand after 'not' at position 0"],
]) {
  const { stderr, status } = runTests(`--experimental-test-tag-filter=${filter}`, 'tags.js');
  assert.notStrictEqual(status, 0);
  assert.ok(stderr.includes(`'--experimental-test-tag-filter[0]' ${message}. Received '${filter}'`), stderr);
}

for (const args of [['--test'], ['--test', '--test-isolation=none'], []]) {
  const { stdout, status } = runTests(...args, '--test-global-setup=./setup.mjs', 'tags.js');
  assert.strictEqual(status, 0);
  const told = stdout.split('\n').filter((line) => /^# (?:setup|teardown|tests)/.test(line));
  assert.strictEqual(told[0], '# setup');
  assert.deepStrictEqual(told.sort(), ['# setup', '# teardown', '# tests 5']);
}
