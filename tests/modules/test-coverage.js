// What of a program its tests have run: `--experimental-test-coverage`, `run({ coverage })`, NODE_V8_COVERAGE.
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-test-')));
process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));

fs.writeFileSync(path.join(directory, 'lib.js'), `'use strict';
function used(x) {
  if (x) {
    return 1;
  } else {
    return 2;
  }
}
function unused() {
  return 3;
}
/* node:coverage ignore next 3 */
function left() {
  return 4;
}
module.exports = { used, unused, left };
`);
fs.writeFileSync(path.join(directory, 'unloaded.js'), 'module.exports = 1;\n');
fs.writeFileSync(path.join(directory, 'a.test.js'), `
require('node:test')('a', () => require('./lib.js').used(1));
`);
fs.writeFileSync(path.join(directory, 'b.test.js'), `
require('node:test')('b', () => require('./lib.js').used(0));
`);

function runTests(...args) {
  const { NODE_TEST_CONTEXT, NODE_V8_COVERAGE, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8', env });
  assert.strictEqual(stderr, '');
  return { status, report: stdout.slice(stdout.indexOf('# start of coverage report')), stdout };
}

const table = (row, all) => `# start of coverage report
# ----------------------------------------------------------
# file      | line % | branch % | funcs % | uncovered lines
# ----------------------------------------------------------
# ${row}
# ----------------------------------------------------------
# ${all}
# ----------------------------------------------------------
# end of coverage report
`;

{
  const { status, report } = runTests('--experimental-test-coverage', '--test-reporter=tap', 'a.test.js');
  assert.strictEqual(status, 0);
  assert.strictEqual(report, table('lib.js    |  68.75 |    66.67 |   66.67 | 6-7 9-11',
                                   'all files |  68.75 |    66.67 |   66.67 | '));
}
{
  const { status, report, stdout } = runTests(
    '--test', '--experimental-test-coverage', '--test-coverage-functions=90', '--test-reporter=tap',
  );
  assert.strictEqual(status, 1);
  assert.match(stdout, /^# Error: 66\.67% function coverage does not meet threshold of 90%\.$/m);
  assert.match(report, /^# lib\.js {4}\| +\d+\.\d\d \| +\d+\.\d\d \| {3}66\.67 \| 9-11$/m);
}
{
  const { status, report } = runTests(
    '--experimental-test-coverage', '--test-coverage-include-all', '--test-reporter=tap', 'a.test.js',
  );
  assert.strictEqual(status, 0);
  assert.match(report, /^# unloaded\.js +\| +0\.00 \| +100\.00 \| +100\.00 \| 1$/m);
}
{
  const { stdout } = runTests('--experimental-test-coverage', '--test-reporter=lcov', 'a.test.js');
  assert.match(stdout, /^TN:\nSF:lib\.js\nFN:2,used\n/);
  assert.match(stdout, /\nDA:6,0\nDA:7,0\n/);
}

// The files that tools read.
{
  const target = path.join(directory, 'reports');
  const { status } = spawnSync(process.execPath, ['-e', 'require("./lib.js").used(1); process.exit()'], {
    cwd: directory, env: { ...process.env, NODE_V8_COVERAGE: 'reports' },
  });
  assert.strictEqual(status, 0);
  const [name, ...others] = fs.readdirSync(target);
  assert.deepStrictEqual(others, []);
  assert.match(name, /^coverage-\d+-\d{13}-0\.json$/);
  const { result } = JSON.parse(fs.readFileSync(path.join(target, name), 'utf8'));
  const { functions } = result.find(({ url }) => url.endsWith('/lib.js'));
  const counts = functions.map(({ functionName, ranges }) => [functionName, ...ranges.map((range) => range.count)]);
  assert.deepStrictEqual(counts, [['', 1], ['used', 1, 0], ['unused', 0], ['left', 0]]);
}
