// `child_process`: spawnSync, execSync and execFileSync.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync, execSync, spawnSync } = require('node:child_process');

// What a process wrote, how it ended, and the order of the properties.
{
  const result = spawnSync('sh', ['-c', 'echo out; echo err >&2; exit 3'], { encoding: 'utf8' });
  assert.deepStrictEqual(Object.keys(result), ['status', 'signal', 'output', 'pid', 'stdout', 'stderr']);
  assert.ok(result.pid > 0);
  delete result.pid;
  assert.deepStrictEqual(result, {
    status: 3, signal: null, output: [null, 'out\n', 'err\n'], stdout: 'out\n', stderr: 'err\n',
  });
}

// Input of every kind; more than a socket holds, while as much comes back.
for (const input of ['text', Buffer.from('text'), new Uint8Array([116, 101, 120, 116])]) {
  assert.strictEqual(spawnSync('cat', { input, encoding: 'latin1' }).stdout, 'text');
}
{
  const input = Buffer.alloc(3 << 20, 'abc\n');
  const { stdout } = spawnSync('cat', { input, maxBuffer: Infinity });
  assert.ok(stdout.equals(input));
}

// Failures.
{
  const { error, status, output, pid } = spawnSync('no-such-program', ['a']);
  assert.deepStrictEqual({ ...error }, {
    errno: -2, code: 'ENOENT', syscall: 'spawnSync no-such-program', path: 'no-such-program', spawnargs: ['a'],
  });
  assert.deepStrictEqual([status, output, pid], [null, null, 0]);
}
assert.strictEqual(spawnSync(os.tmpdir()).error.code, 'EACCES');
assert.strictEqual(spawnSync('true', ['x'.repeat(200_000)]).error.code, 'E2BIG');
assert.strictEqual(spawnSync('true', { cwd: '/no/such/folder' }).error.code, 'ENOENT');
assert.strictEqual(spawnSync('cat', { stdio: [999] }).error.code, 'EBADF');
{
  const { error, signal } = spawnSync('sleep', ['20'], { timeout: 20, killSignal: 'SIGKILL' });
  assert.strictEqual(error.code, 'ETIMEDOUT');
  assert.strictEqual(signal, 'SIGKILL');
}
assert.strictEqual(spawnSync('sh', ['-c', 'echo too long; sleep 20'], { maxBuffer: 3 }).error.code, 'ENOBUFS');
assert.strictEqual(spawnSync('sh', ['-c', 'kill -HUP $$']).signal, 'SIGHUP');

// A grandchild that holds the pipes is waited for; at the time limit it is not.
{
  const { error, stdout } = spawnSync('sh', ['-c', 'sleep 20 & echo here'], { timeout: 100, encoding: 'utf8' });
  assert.strictEqual(error.code, 'ETIMEDOUT');
  assert.strictEqual(stdout, 'here\n');
}

// stdio: what is not piped gives null; descriptors beyond 2.
assert.deepStrictEqual(
  spawnSync('sh', ['-c', 'echo three >&3'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], encoding: 'utf8' }).output,
  [null, null, null, 'three\n'],
);
{
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'child-process-'));
  const file = path.join(folder, 'out');
  const fd = fs.openSync(file, 'w+');
  // Descriptors may trade places.
  spawnSync('sh', ['-c', 'echo one; echo two >&2'], { stdio: ['ignore', fd, fd] });
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'one\ntwo\n');
  fs.closeSync(fd);

  // A script without an interpreter's name is the shell's, and PATH is that of the new environment.
  fs.writeFileSync(path.join(folder, 'script'), 'echo "$0 says $1 in $(pwd)"', { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const script = spawnSync('script', ['hello'], { cwd: folder, env, encoding: 'utf8' });
  assert.strictEqual(script.stdout, `${path.join(folder, 'script')} says hello in ${fs.realpathSync(folder)}\n`);
  fs.rmSync(folder, { recursive: true });
}

// Arguments, environment, shell.
assert.strictEqual(execFileSync('sh', ['-c', 'echo $0'], { argv0: 'other', encoding: 'utf8' }), 'other\n');
assert.strictEqual(execSync('echo $A$B', { env: { A: 1, B: undefined }, encoding: 'utf8' }), '1\n');
assert.strictEqual(spawnSync('echo $((1 + 1))', { shell: true, encoding: 'utf8' }).stdout, '2\n');
assert.deepStrictEqual(execSync('printf x'), Buffer.from('x'));

assert.throws(() => execFileSync('sh', ['-c', 'echo why >&2; exit 4'], { stdio: 'pipe' }), (error) => {
  assert.strictEqual(error.message, 'Command failed: sh -c echo why >&2; exit 4\nwhy\n');
  assert.strictEqual(error.status, 4);
  return true;
});
assert.throws(() => execSync('kill -9 $$'), { status: null, signal: 'SIGKILL', message: 'Command failed: kill -9 $$' });
assert.throws(() => execFileSync('no-such-program'), { code: 'ENOENT', status: null, pid: 0 });

// The arguments are checked.
for (const [args, code] of [
  [[], 'ERR_INVALID_ARG_TYPE'],
  [[''], 'ERR_INVALID_ARG_VALUE'],
  [['a\0b'], 'ERR_INVALID_ARG_VALUE'],
  [['true', 'x'], 'ERR_INVALID_ARG_TYPE'],
  [['true', ['\0']], 'ERR_INVALID_ARG_VALUE'],
  [['true', { cwd: 5 }], 'ERR_INVALID_ARG_TYPE'],
  [['true', { uid: 1.5 }], 'ERR_OUT_OF_RANGE'],
  [['true', { shell: 5 }], 'ERR_INVALID_ARG_TYPE'],
  [['true', { timeout: -1 }], 'ERR_OUT_OF_RANGE'],
  [['true', { maxBuffer: -1 }], 'ERR_OUT_OF_RANGE'],
  [['true', { killSignal: 'SIGNONE' }], 'ERR_UNKNOWN_SIGNAL'],
  [['true', { stdio: 'none' }], 'ERR_INVALID_ARG_VALUE'],
  [['true', { stdio: ['ipc'] }], 'ERR_IPC_SYNC_FORK'],
  [['true', { input: 5 }], 'ERR_INVALID_ARG_TYPE'],
  [['true', { env: { A: '\0' } }], 'ERR_INVALID_ARG_VALUE'],
]) {
  assert.throws(() => spawnSync(...args), { code }, `${code}`);
}
