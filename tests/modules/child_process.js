// `child_process`: spawn, exec and execFile.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { once } = require('node:events');
const { promisify } = require('node:util');
const { ChildProcess, exec, execFile, spawn } = require('node:child_process');

/** Collects what a stream gives. */
async function textOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

async function streams() {
  const child = spawn('sh', ['-c', 'cat; cat <&3 >&4; echo done >&2'], { stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] });
  assert.ok(child instanceof ChildProcess);
  const events = [];
  for (const event of ['spawn', 'exit', 'close']) child.on(event, (...args) => events.push([event, ...args]));
  child.stdin.end('through');
  child.stdio[3].end('beyond');
  const texts = await Promise.all([textOf(child.stdout), textOf(child.stderr), textOf(child.stdio[4]), once(child, 'close')]);
  assert.deepStrictEqual(texts.slice(0, 3), ['through', 'done\n', 'beyond']);
  assert.deepStrictEqual(events, [['spawn'], ['exit', 0, null], ['close', 0, null]]);
  assert.deepStrictEqual([child.exitCode, child.signalCode, child.killed], [0, null, false]);
  assert.deepStrictEqual([child.spawnfile, child.spawnargs[0]], ['sh', 'sh']);
}

// What nobody reads does not hold back `close`.
async function unread() {
  const child = spawn('sh', ['-c', 'printf %070000d 0']);
  const [code] = await once(child, 'close');
  assert.strictEqual(code, 0);
}

async function failures() {
  const child = spawn('no-such-program', ['a']);
  assert.strictEqual(child.pid, undefined);
  assert.strictEqual(child.kill(), false);
  const [error] = await once(child, 'error');
  assert.deepStrictEqual({ ...error }, {
    errno: -2, code: 'ENOENT', syscall: 'spawn no-such-program', path: 'no-such-program', spawnargs: ['a'],
  });
  assert.throws(() => spawn('true', ['x'.repeat(200_000)]), { code: 'E2BIG', syscall: 'spawn' });
  assert.throws(() => spawn('true', { stdio: ['text'] }), { code: 'ERR_INVALID_SYNC_FORK_INPUT' });
  assert.throws(() => spawn('true', { stdio: ['ipc', 'ipc'] }), { code: 'ERR_IPC_ONE_PIPE' });
}

async function signals() {
  const child = spawn('sleep', ['20']);
  assert.throws(() => child.kill('SIGNONE'), { code: 'ERR_UNKNOWN_SIGNAL' });
  assert.strictEqual(child.kill(0), true);
  assert.strictEqual(child.kill('sigint'), true);
  assert.strictEqual(child.killed, true);
  assert.deepStrictEqual(await once(child, 'exit'), [null, 'SIGINT']);
  assert.strictEqual(child.kill(), false);

  const limited = spawn('sleep', ['20'], { timeout: 20, killSignal: 'SIGKILL' });
  assert.deepStrictEqual(await once(limited, 'exit'), [null, 'SIGKILL']);

  const controller = new AbortController();
  const aborted = spawn('sleep', ['20'], { signal: controller.signal });
  const failed = once(aborted, 'error');
  controller.abort('why');
  const [error] = await failed;
  assert.deepStrictEqual([error.name, error.code, error.cause], ['AbortError', 'ABORT_ERR', 'why']);

  const disposed = spawn('sleep', ['20']);
  disposed[Symbol.dispose]();
  assert.deepStrictEqual(await once(disposed, 'exit'), [null, 'SIGTERM']);
}

// A process group of its own, which a signal reaches as a whole.
async function detached() {
  const child = spawn('sh', ['-c', 'sleep 20 & echo $!; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [chunk] = await once(child.stdout, 'data');
  process.kill(-child.pid, 'SIGTERM');
  assert.deepStrictEqual(await once(child, 'close'), [null, 'SIGTERM']);
  assert.throws(() => {
    // The grandchild is gone, or still to be taken from the system by its new parent.
    const state = fs.readFileSync(`/proc/${Number(chunk)}/stat`, 'utf8').split(') ')[1][0];
    assert.notStrictEqual(state, 'Z');
    process.kill(Number(chunk), 0);
  });
}

// The output of one process is the input of another, without this one in between.
async function chained() {
  const first = spawn('echo', ['from one to the other']);
  const second = spawn('wc', ['-w'], { stdio: [first.stdout, 'pipe', 'inherit'] });
  assert.strictEqual((await textOf(second.stdout)).trim(), '5');
}

async function buffered() {
  const { stdout, stderr } = await promisify(exec)('echo out; echo err >&2');
  assert.deepStrictEqual([stdout, stderr], ['out\n', 'err\n']);
  const promise = promisify(execFile)('sh', ['-c', 'echo partly; exit 7']);
  assert.ok(promise.child instanceof ChildProcess);
  await assert.rejects(promise, {
    message: 'Command failed: sh -c echo partly; exit 7\n', code: 7, killed: false, signal: null,
    cmd: 'sh -c echo partly; exit 7', stdout: 'partly\n', stderr: '',
  });
  await assert.rejects(promisify(exec)('echo 0123456789', { maxBuffer: 4 }), {
    code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER', stdout: '0123',
  });
  await assert.rejects(promisify(exec)('sleep 20', { timeout: 20 }), { killed: true, signal: 'SIGTERM' });
  const bytes = await promisify(exec)('printf x', { encoding: 'buffer' });
  assert.deepStrictEqual(bytes.stdout, Buffer.from('x'));
  const [plain] = await new Promise((resolve) => {
    exec('exit 0', function(...args) { resolve([args, this]); });
  });
  assert.deepStrictEqual(plain, [null, '', '']);
}

// Nothing is left behind: neither descriptors nor processes.
async function clean() {
  const count = () => fs.readdirSync('/proc/self/fd').length;
  const before = count();
  for (let i = 0; i < 20; i++) await once(spawn('true'), 'close');
  await new Promise(setImmediate);
  assert.ok(count() <= before, `${count()} descriptors, ${before} before`);
  const children = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  assert.strictEqual(children.trim(), '');
}

(async () => {
  await streams();
  await unread();
  await failures();
  await signals();
  await detached();
  await chained();
  await buffered();
  await clean();
})();
