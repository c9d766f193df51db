// Tests in random order, which a seed repeats, and tests that are not run again because they have passed.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { run } = require('node:test');

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'test-order-')));
process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));

fs.writeFileSync(path.join(directory, 'six.js'), `
const { describe, it, test } = require('node:test');
describe('suite', () => { for (let i = 0; i < 6; i++) it('s' + i, () => {}); });
test('outer', (t) => Promise.all([0, 1, 2, 3, 4, 5].map((i) => t.test('t' + i, () => {}))));
`);
fs.writeFileSync(path.join(directory, 'flaky.js'), `
const { describe, it, test } = require('node:test');
const { writeSync } = require('fs');
const round = Number(process.env.ROUND);
const note = (name, needed) => () => {
  writeSync(2, name + ' ');
  if (round < needed) throw new Error(name);
};
test('always', note('always', 0));
test('second', note('second', 1));
describe('suite', () => { it('a', note('a', 0)); it('b', note('b', 2)); });
test('outer', async (t) => { await t.test('c', note('c', 0)); await t.test('d', note('d', 1)); });
for (const name of ['e', 'f']) test('loop', note(name, name === 'f' ? 1 : 0));
`);

function runTests(options, file, env) {
  const { NODE_TEST_CONTEXT, ...rest } = process.env;
  return spawnSync(process.execPath, ['--test-reporter=tap', ...options, file], {
    cwd: directory, encoding: 'utf8', env: { ...rest, ...env },
  });
}
const names = ({ stdout }) => [...stdout.matchAll(/ok \d+ - (\w+)/g)].map((match) => match[1]).join(' ');
const numbers = ({ stdout }) => [...stdout.matchAll(/ {4}ok (\d+)/g)].map((match) => match[1]).join(' ');

for (const options of [['--test-random-seed=1'], ['--test', '--test-random-seed=1']]) {
  const result = runTests(options, 'six.js');
  assert.strictEqual(names(result), 't3 t0 t4 t5 t2 t1 outer s3 s0 s4 s5 s2 s1 suite');
  assert.strictEqual(numbers(result), '4 1 5 6 3 2 4 1 5 6 3 2');
  assert.strictEqual(result.stdout.includes('# Randomized test order seed: 1\n'), options.length === 2);
}
assert.strictEqual(names(runTests([], 'six.js')), 's0 s1 s2 s3 s4 s5 suite t0 t1 t2 t3 t4 t5 outer');
const { stdout } = runTests(['--test', '--test-randomize'], 'six.js');
const [, seed] = /# Randomized test order seed: (\d+)/.exec(stdout);
assert.strictEqual(names(runTests([`--test-random-seed=${seed}`], 'six.js')), names({ stdout }));

for (const options of [[], ['--test']]) {
  const state = path.join(directory, `state-${options.length}.json`);
  const rounds = [0, 1, 2, 3].map((round) => {
    return runTests([...options, `--test-rerun-failures=${state}`], 'flaky.js', { ROUND: round });
  });
  const ran = rounds.map((it) => it.stderr.trim());
  if (options.length === 0) assert.deepStrictEqual(ran, ['always second a b c d e f', 'second b d f', 'b', '']);
  assert.deepStrictEqual(rounds.map(({ status }) => status), [1, 1, 0, 0]);
  for (const round of rounds) assert.strictEqual(names(round), 'always second a b suite c d outer loop loop');
  const runs = JSON.parse(fs.readFileSync(state));
  assert.deepStrictEqual(Object.keys(runs[0]), [
    'flaky.js:9:1', 'flaky.js:11:27', 'flaky.js:12:38', 'flaky.js:13:32',
  ]);
  const last = Object.entries(runs[3]).map(([place, it]) => `${place} ${it.name} ${it.passed_on_attempt} ${it.children.length}`);
  assert.deepStrictEqual(last, [
    'flaky.js:9:1 always 0 0', 'flaky.js:10:1 second 1 0', 'flaky.js:11:27 a 0 0', 'flaky.js:11:50 b 2 0',
    'flaky.js:11:1 suite 2 2', 'flaky.js:12:38 c 0 0', 'flaky.js:12:71 d 1 0', 'flaky.js:12:1 outer 1 2',
    'flaky.js:13:32 loop 0 0', 'flaky.js:13:32:(1) loop 1 0',
  ]);
  assert.strictEqual(runs[3]['flaky.js:9:1'].duration_ms, runs[0]['flaky.js:9:1'].duration_ms);
}

for (const [options, message] of [
  [{ randomize: 1 }, /"options\.randomize" property must be of type boolean/],
  [{ randomSeed: 2 ** 32 }, /"options\.randomSeed" is out of range\. It must be >= 0 && <= 4294967295/],
  [{ randomize: true, watch: true }, /'options\.randomize' is not supported with watch mode\. Received true/],
  [{ randomSeed: 1, watch: true }, /'options\.randomSeed' is not supported with watch mode\. Received 1/],
  [{ randomSeed: 1, rerunFailuresFilePath: 'x' }, /'options\.randomSeed' is not supported with rerun failures mode/],
  [{ rerunFailuresFilePath: 1 }, /"options\.rerunFailuresFilePath" property must be of type string/],
]) {
  assert.throws(() => run({ files: [], ...options }), { message });
}
