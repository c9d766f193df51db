// Ways round the permission model that have been found in the wild, and others: none leads out.
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

/** Where Node itself is open, only Ironode has to hold. */
const isStrict = process.versions.ironode !== undefined;

const refusal = { code: 'ERR_ACCESS_DENIED' };

if (process.argv[2] === 'inside') {
  inside().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  outside();
}

function outside() {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(require('os').tmpdir(), 'attacks-')));
  const at = (...names) => path.join(root, ...names);
  try {
    for (const folder of ['open', 'denied', 'denied/sub', 'open/deep', 'readonly']) fs.mkdirSync(at(folder));
    fs.writeFileSync(at('denied', 'file'), 'secret');
    fs.writeFileSync(at('open', 'file'), 'text');
    fs.writeFileSync(at('readonly', 'target'), 'text');
    fs.symlinkSync(at('denied', 'sub'), at('open', 'way'));
    const { status, stderr } = spawnSync(process.execPath, [
      '--permission', '--allow-worker', `--allow-fs-read=${at('open')}`, `--allow-fs-read=${at('readonly')}`,
      `--allow-fs-write=${at('open')}`, __filename, 'inside', root,
    ], { encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } });
    assert.strictEqual(status, 0, stderr);
    assert.strictEqual(fs.readFileSync(at('denied', 'file'), 'utf8'), 'secret');
    assert.deepStrictEqual(fs.readdirSync(at('denied')), ['file', 'sub']);
    if (isStrict) assert.deepStrictEqual(fs.readdirSync(at('readonly')), ['target']);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

async function inside() {
  const root = process.argv[3];
  const at = (...names) => path.join(root, ...names);
  traversal(root);
  tampering(at('denied', 'file'));
  system(at('denied', 'file'));
  await prototypes(root);
  links(at);
  await latecomers(root);
  await workers(at('denied', 'file'));
}

/** Names that say something else than they mean. */
function traversal(root) {
  const names = [
    '/open/../denied/file', '/open/deep/../../denied/file', '/open/./deep/.././../denied/./file',
    '//open//..//denied//file', '/open/missing/../../denied/file', '/open/../denied/file/', '/openly/../denied/file',
  ];
  for (const name of names) {
    const whole = root + name;
    for (const form of [whole, Buffer.from(whole), new TextEncoder().encode(whole)]) {
      assert.throws(() => fs.readFileSync(form), refusal, name);
      assert.throws(() => fs.writeFileSync(form, 'x'), refusal, name);
    }
    assert.strictEqual(process.permission.has('fs.read', whole), false);
  }
  assert.throws(() => fs.readFileSync(new URL(`file://${root}/open/%2e%2e/denied/file`)), refusal);
  assert.throws(() => fs.mkdtempSync(`${root}/open/../denied/x`), refusal);
  assert.throws(() => fs.readFileSync(`${root}/open/file\0/../../denied/file`), { code: 'ERR_INVALID_ARG_VALUE' });
}

/** What a program may overwrite is not asked. */
function tampering(denied) {
  assert.throws(() => {
    path.resolve = () => '/usr';
  }, TypeError);
  const { has } = process.permission;
  const { utf8Write, toString } = Buffer.prototype;
  const { startsWith, includes } = String.prototype;
  const { indexOf } = Array.prototype;
  process.permission.has = () => true;
  Buffer.prototype.utf8Write = Buffer.prototype.toString = () => '/usr';
  String.prototype.startsWith = String.prototype.includes = () => true;
  Array.prototype.indexOf = () => -1;
  const outcomes = [];
  for (const form of [denied, Buffer.from(denied), new Uint8Array(Buffer.from(denied))]) {
    try {
      outcomes.push(fs.readFileSync(form));
    } catch (error) {
      outcomes.push(error.code);
    }
  }
  process.permission.has = has;
  Object.assign(Buffer.prototype, { utf8Write, toString });
  Object.assign(String.prototype, { startsWith, includes });
  Array.prototype.indexOf = indexOf;
  assert.deepStrictEqual(outcomes.map((outcome) => outcome === 'ERR_ACCESS_DENIED' || outcome === 'ERR_INVALID_ARG_VALUE'),
                         [true, true, true]);
}

/** Files of the system that stand for others. */
function system(denied) {
  const fd = fs.openSync(__filename);
  for (const name of [
    `/proc/self/root${denied}`, `/proc/self/cwd/${denied}`, `/proc/${process.pid}/root${denied}`, `/proc/self/fd/${fd}`,
    `/dev/fd/${fd}`, '/proc/self/environ', '/proc/self/mem', `/proc/thread-self/root${denied}`,
  ]) {
    assert.throws(() => fs.readFileSync(name), refusal, name);
    assert.throws(() => fs.openSync(name, 'r+'), refusal, name);
  }
  fs.closeSync(fd);
  assert.throws(() => process.binding('fs'), refusal);
  assert.throws(() => process.binding('spawn_sync'), refusal);
  assert.throws(() => process.mainModule.require('child_process').execSync('ls'), refusal);
  assert.throws(() => process.mainModule.constructor._load('child_process').spawnSync('ls'), refusal);
  if (isStrict) {
    for (const flags of ['--logfile=/tmp/x --log', '--prof', '--trace-turbo', '--allow-natives-syntax', '--perf_prof']) {
      assert.throws(() => require('v8').setFlagsFromString(flags), refusal, flags);
    }
  }
  process.report.directory = path.dirname(denied);
  process.report.filename = 'report';
  assert.throws(() => process.report.writeReport(), refusal);
  process.report.directory = '';
}

/** Objects that answer otherwise when they are asked again. */
async function prototypes(root) {
  const denied = `${root}/denied/file`;
  const url = new URL(`file://${root}/open/file`);
  let asked = 0;
  Object.defineProperty(url, 'pathname', { get: () => (asked++ === 0 ? `${root}/open/file` : denied) });
  try {
    assert.notStrictEqual(fs.readFileSync(url, 'utf8'), 'secret');
  } catch (error) {
    assert.strictEqual(error.code, 'ERR_ACCESS_DENIED');
  }
  const shared = new Uint8Array(new SharedArrayBuffer(`${root}/open/file`.length));
  shared.set(Buffer.from(`${root}/open/file`));
  const reading = fs.promises.readFile(shared, 'utf8').catch((error) => error.code);
  shared.set(Buffer.from(denied).subarray(0, shared.length));
  assert.notStrictEqual(await reading, 'secret');
}

/** Links lead only where they have led before. */
function links(at) {
  for (const target of ['../denied/file', at('denied', 'file'), 'file']) {
    assert.throws(() => fs.symlinkSync(target, at('open', 'link')), refusal);
    assert.throws(() => fs.linkSync(at('denied', 'file'), at('open', 'link')), refusal);
  }
  assert.throws(() => fs.cpSync(at('denied'), at('open', 'copy'), { recursive: true }), refusal);
  assert.throws(() => fs.renameSync(at('denied'), at('open', 'moved')), refusal);
  assert.throws(() => fs.realpathSync.native(at('denied', 'file')), refusal);
  // Behind a link, `..` is the directory above its end.
  if (isStrict) {
    assert.throws(() => fs.readFileSync(`${at('open', 'way')}/../file`), refusal);
    assert.throws(() => fs.writeFileSync(`${at('open', 'way')}/../file`, 'x'), refusal);
    assert.throws(() => fs.unlinkSync(`${at('open', 'way')}/../file`), refusal);
  }
}

/** What begins later goes where it was allowed to, though the working directory has changed. */
async function latecomers(root) {
  process.chdir(`${root}/open`);
  const writes = [];
  for (let i = 0; i < 16; i++) writes.push(fs.promises.writeFile('late', 'x'), fs.promises.writeFile('target', 'x'));
  process.chdir(`${root}/readonly`);
  await Promise.all(writes);
  if (isStrict) assert.strictEqual(fs.readFileSync(`${root}/readonly/target`, 'utf8'), 'text');
}

/** Workers give themselves no more than there is. */
async function workers(denied) {
  const { Worker } = require('worker_threads');
  const { once } = require('events');
  const program = `
    const { parentPort, workerData } = require('worker_threads');
    let code;
    try { require('fs').readFileSync(workerData); } catch (error) { code = error.code; }
    parentPort.postMessage(code);
  `;
  const attempts = [{}, { env: { NODE_OPTIONS: '--permission --allow-fs-read=*' } }];
  if (isStrict) {
    attempts.push({ execArgv: ['--permission', '--allow-fs-read=*'] }, { execArgv: [] }, { execArgv: ['--permission-audit'] });
  } else {
    attempts.pop();
  }
  for (const options of attempts) {
    const worker = new Worker(program, { eval: true, workerData: denied, ...options });
    const [code] = await once(worker, 'message');
    assert.strictEqual(code, 'ERR_ACCESS_DENIED', JSON.stringify(options));
    await once(worker, 'exit');
  }
  // What the parent has given up, a worker does not have either.
  if (isStrict) {
    const own = path.join(path.dirname(path.dirname(denied)), 'open', 'file');
    process.permission.drop('fs.read');
    const worker = new Worker(program, { eval: true, workerData: own });
    assert.deepStrictEqual(await once(worker, 'message'), ['ERR_ACCESS_DENIED']);
  }
}
