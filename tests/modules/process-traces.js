// `--trace-sync-io` and `--trace-env` with its stacks: what they tell, and when they are silent. Snapshots of a heap that
// is nearly full.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const v8 = require('v8');
const { spawnSync } = require('child_process');

const env = { ...process.env, NODE_OPTIONS: '' };

/** What a program says on standard error. */
function trace(flags, program, options) {
  const { status, stderr } = spawnSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8', env, ...options });
  assert.strictEqual(status, 0, stderr);
  return stderr;
}

// Waiting is told of once the event loop goes, with the place that waits.
{
  const late = "setImmediate(function later() { fs.statSync('/'); });";
  assert.match(trace(['--trace-sync-io'], late),
               /^\(node:\d+\) WARNING: Detected use of sync API\n {4}at statSync \(.+\)\n {4}at later \(\[eval\]:1:\d+\)\n/);
  assert.strictEqual(trace([], late), '');
  assert.strictEqual(trace(['--trace-sync-io'], "fs.statSync('/');"), '');
  assert.strictEqual(trace(['--trace-sync-io'], "setImmediate(() => fs.stat('/', () => {}));"), '');
  const program = "setImmediate(() => { require('child_process').spawnSync('true'); require('crypto').randomBytes(4); });";
  assert.strictEqual(trace(['--trace-sync-io'], program).match(/WARNING/g).length, 2);
}

// Each use of a variable is told of.
{
  const program = `process.env.FOO; process.env.FOO = '1'; 'BAR' in process.env; delete process.env.FOO; process.env[7];
    for (const name in process.env) break;`;
  const lines = trace(['--trace-env'], program).split('\n');
  for (const use of ['get "FOO"', 'set "FOO"', 'query "BAR"', 'delete "FOO"', 'get "7"', 'enumerate environment variables']) {
    assert.ok(lines.includes(`[--trace-env] ${use}`), use);
  }
  assert.strictEqual(trace([], program), '');
  assert.match(trace(['--trace-env-js-stack'], 'function ask() { return process.env.FOO; }\nask();'),
               /get "FOO"\n\n----- JavaScript stack trace -----\n\n1: ask \(\[eval\]:1:\d+\)\n2: \[eval\]:2:1\n/);
}

// A heap that is nearly full leaves its snapshot.
{
  assert.throws(() => v8.setHeapSnapshotNearHeapLimit('1'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => v8.setHeapSnapshotNearHeapLimit(0), { code: 'ERR_OUT_OF_RANGE' });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'near-limit-'));
  const grow = 'const all = []; for (;;) all.push(new Array(1000).fill().map((_, i) => ({ i })));';
  const flags = ['--heapsnapshot-near-heap-limit=1', '--max-old-space-size=30', '-e', grow];
  const { stderr } = spawnSync(process.execPath, flags, { cwd: folder, encoding: 'utf8', env });
  const [name] = fs.readdirSync(folder).filter((file) => file.startsWith('Heap.'));
  assert.match(name, /^Heap\.\d{8}\.\d{6}\.\d+\.0\.001\.heapsnapshot$/);
  assert.ok(stderr.includes(`Wrote snapshot to ${path.join(fs.realpathSync(folder), name)}`));
  const { snapshot } = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  assert.ok(snapshot.node_count > 1000);
  fs.rmSync(folder, { recursive: true });
}
