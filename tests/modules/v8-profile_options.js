// `--cpu-prof` and `--heap-prof`: which files a program leaves, however it ends.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'profiles-'));

function run(options, program) {
  for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true });
  const result = spawnSync(process.execPath, [...options, '-e', program], { cwd: folder, encoding: 'utf8' });
  const files = fs.readdirSync(folder).sort();
  return { ...result, files };
}

/** The kinds, threads and numbers of files with the usual names. */
function kinds(files) {
  return files.map((name) => {
    const [, kind, thread, number, extension] =
      /^(CPU|Heap)\.\d{8}\.\d{6}\.\d+\.(\d+)\.(\d{3})\.(\w+)$/.exec(name);
    return `${kind} ${thread} ${number} ${extension}`;
  });
}

try {
  {
    // A worker that is terminated leaves its profiles, too; all names share one number.
    const program = `
      require('v8').writeHeapSnapshot();
      const { Worker } = require('worker_threads');
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
      worker.on('online', () => worker.terminate());`;
    const { files, status } = run(['--cpu-prof', '--heap-prof'], program);
    assert.strictEqual(status, 0);
    assert.deepStrictEqual(kinds(files), [
      'CPU 0 001 cpuprofile', 'CPU 1 004 cpuprofile', 'Heap 0 002 heapprofile', 'Heap 0 003 heapsnapshot',
      'Heap 1 005 heapprofile',
    ]);
    for (const name of files) JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  }

  {
    const { files, signal } = run(['--cpu-prof'], 'process.kill(process.pid, "SIGKILL"); for (;;) {}');
    assert.strictEqual(signal, 'SIGKILL');
    assert.deepStrictEqual(kinds(files), ['CPU 0 001 cpuprofile']);
  }

  {
    const { files, status } = run(['--cpu-prof', '--cpu-prof-name=a-${pid}-${other}'], 'process.reallyExit(3)');
    assert.strictEqual(status, 3);
    assert.strictEqual(files.length, 1);
    assert.match(files[0], /^a-\d+-\$\{other\}$/);
  }

  {
    const { files, status } = run(['--cpu-prof', '--cpu-prof-dir=here'], 'require("fs").mkdirSync("a"); process.chdir("a"); throw new Error()');
    assert.strictEqual(status, 1);
    assert.deepStrictEqual(files, ['a']);
    assert.strictEqual(fs.readdirSync(path.join(folder, 'a/here')).length, 1);
  }

  {
    const { stderr, status } = run(['--heap-prof', '--heap-prof-dir=/dev/null/a'], '');
    assert.strictEqual(status, 0);
    assert.strictEqual(stderr, 'ENOTDIR: Failed to create heap profile directory /dev/null/a\n');
  }

  {
    const { stderr, status } = run(['--cpu-prof', '--cpu-prof-name=none/a'], '');
    assert.strictEqual(status, 0);
    assert.strictEqual(stderr, `ENOENT: Failed to write file ${path.join(fs.realpathSync(folder), 'none/a')}\n`);
  }

  {
    const { stderr, status } = run(['--heap-prof-dir=a', '--heap-prof-interval=1', '--cpu-prof-name=a'], '');
    assert.strictEqual(status, 9);
    assert.strictEqual(stderr, [
      '--cpu-prof-name must be used with --cpu-prof', '--heap-prof-dir must be used with --heap-prof',
      '--heap-prof-interval must be used with --heap-prof',
    ].map((line) => `${process.execPath}: ${line}\n`).join(''));
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
