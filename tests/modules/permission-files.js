// The permission model and files: what the flags grant, what every function of `fs` refuses, and in which words.
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const WORDS = { FileSystemRead: 'read', FileSystemWrite: 'write' };

if (process.argv[2] === 'inside') {
  inside().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  outside();
}

function run(flags, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--permission', ...flags, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  assert.strictEqual(status, 0, stderr);
  return stdout;
}

function outside() {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(require('os').tmpdir(), 'permission-')));
  const at = (...names) => path.join(root, ...names);
  try {
    for (const folder of ['open', 'denied', 'readonly', 'a', 'ab']) fs.mkdirSync(at(folder));
    fs.writeFileSync(at('denied', 'file'), 'secret');
    fs.writeFileSync(at('readonly', 'file'), 'text');
    fs.writeFileSync(at('open', 'file'), 'text');
    const flags = [`--allow-fs-read=${at('open')}`, `--allow-fs-write=${at('open')}`, `--allow-fs-read=${at('readonly')}/`];
    run(flags, __filename, 'inside', root);
    patterns(root);
    lists(root);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

/** What one flag grants of these paths. */
function granted(flag, root, paths) {
  const program = `
    const paths = ${JSON.stringify(paths)};
    console.log(JSON.stringify(paths.filter((path) => process.permission.has('fs.read', path))));
    console.log(process.permission.has('fs.read'));
  `;
  const [list, all] = run([`--allow-fs-read=${flag}`], '-e', program).split('\n');
  return { paths: JSON.parse(list).map((name) => path.relative(root, name)), all: all === 'true' };
}

function patterns(root) {
  const at = (name) => path.join(root, name);
  const paths = ['a', 'a/', 'a/x', 'a/x/y', 'ab', 'ab/x', 'none', 'none/x', 'nonesuch'].map(at);
  const check = (flag, expected, all = false) => {
    const relative = expected.map((name) => path.relative(root, at(name)));
    assert.deepStrictEqual(granted(flag, root, paths), { paths: relative, all }, flag);
  };
  const inA = ['a', 'a/', 'a/x', 'a/x/y'];
  check(at('a'), inA);
  check(`${at('a')}/`, inA);
  check(at('a/*'), inA);
  check(at('a*'), [...inA, 'ab', 'ab/x']);
  check(at('*b'), ['a', 'a/', 'a/x', 'a/x/y', 'ab', 'ab/x', 'none', 'none/x', 'nonesuch']);
  check(at('none'), ['none']);
  check(at('none/*'), ['none', 'none/x']);
  check(at('ab/../a'), inA);
  check(at('a?'), []);
  check('*', ['a', 'a/', 'a/x', 'a/x/y', 'ab', 'ab/x', 'none', 'none/x', 'nonesuch'], true);
}

function lists(root) {
  const flags = [`--allow-fs-read=${root}/a`, '--allow-fs-read', `${root}/ab`];
  const program = `
    const has = (path) => process.permission.has('fs.read', ${JSON.stringify(root)} + path);
    console.log(has('/a/x'), has('/ab/x'), has('/none'));
    console.log(process.permission.has('fs'), process.permission.has('fs.write'), process.permission.has('net'));
    process.permission.drop('fs.read', ${JSON.stringify(`${root}/ab/x`)});
    console.log(has('/ab/x'));
    process.permission.drop('fs.read', ${JSON.stringify(`${root}/ab`)});
    console.log(has('/ab/x'), has('/a/x'));
    process.permission.drop('fs.read');
    console.log(has('/a/x'));
  `;
  assert.strictEqual(run(flags, '-e', program),
                     'true true false\nfalse false false\ntrue\nfalse true\nfalse\n');
}

function isRefusal(error, permission, resource) {
  assert.strictEqual(error.code, 'ERR_ACCESS_DENIED');
  assert.strictEqual(error.permission, permission);
  assert.strictEqual(error.resource, resource);
  const start = 'Access to this API has been restricted';
  const messages = [start, `${start}. Use --allow-fs-${WORDS[permission]} to manage permissions.`];
  assert.ok(messages.includes(error.message), error.message);
  return true;
}

/** Has a function of `fs` refuse in all three forms. */
async function refuses(name, args, permission, resource) {
  const check = (error) => isRefusal(error, permission, resource);
  assert.throws(() => fs[`${name}Sync`](...args), check, name);
  const error = await new Promise((resolve) => {
    try {
      fs[name](...args, resolve);
    } catch (thrown) {
      resolve(thrown);
    }
  });
  check(error);
  if (fs.promises[name]) await assert.rejects(fs.promises[name](...args), check, name);
}

async function inside() {
  const root = process.argv[3];
  const at = (...names) => path.join(root, ...names);
  const denied = at('denied', 'file');
  const open = at('open', 'file');
  const readonly = at('readonly', 'file');
  const R = 'FileSystemRead';
  const W = 'FileSystemWrite';
  for (const name of ['access', 'open', 'stat', 'lstat', 'statfs', 'readlink', 'readFile', 'readdir', 'opendir']) {
    await refuses(name, [denied], R, denied);
  }
  for (const form of [Buffer.from(denied), new Uint8Array(Buffer.from(denied)), require('url').pathToFileURL(denied)]) {
    await refuses('readFile', [form], R, denied);
  }
  await refuses('readdir', [at('denied'), { recursive: true }], R, at('denied'));
  for (const flags of ['w', 'a', 'wx']) await refuses('open', [denied, flags], W, denied);
  const { O_APPEND, O_CREAT, O_NOCTTY, O_RDWR, O_TRUNC, O_WRONLY } = fs.constants;
  await refuses('open', [denied, O_RDWR | 0x10000000], R, denied);
  await refuses('open', [denied, O_NOCTTY], R, denied);
  for (const flags of [O_CREAT, O_TRUNC, O_APPEND, O_WRONLY, O_RDWR]) await refuses('open', [readonly, flags], W, readonly);
  for (const name of ['unlink', 'rmdir']) await refuses(name, [denied], W, denied);
  for (const name of ['writeFile', 'appendFile']) await refuses(name, [readonly, 'x'], W, readonly);
  await refuses('chmod', [readonly, 0o600], W, readonly);
  await refuses('chown', [readonly, 0, 0], W, readonly);
  await refuses('lchown', [readonly, 0, 0], W, readonly);
  await refuses('utimes', [readonly, 1, 1], W, readonly);
  await refuses('lutimes', [readonly, 1, 1], W, readonly);
  await refuses('truncate', [readonly, 1], W, readonly);
  await refuses('rm', [readonly], W, readonly);
  await refuses('mkdir', [at('readonly', 'x')], W, at('readonly', 'x'));
  await refuses('mkdir', [at('readonly', 'x', 'y'), { recursive: true }], W, at('readonly', 'x', 'y'));
  await refuses('mkdtemp', [at('readonly', 'x')], W, at('readonly', 'xXXXXXX'));
  await refuses('mkdtemp', [`${at('open')}/../denied/x`], W, `${at('open')}/../denied/xXXXXXX`);
  await refuses('copyFile', [denied, at('open', 'copy')], R, denied);
  await refuses('copyFile', [open, at('denied', 'copy')], W, at('denied', 'copy'));
  await refuses('rename', [denied, at('open', 'moved')], R, denied);
  await refuses('rename', [readonly, at('open', 'moved')], W, readonly);
  await refuses('rename', [open, at('denied', 'moved')], W, at('denied', 'moved'));
  await refuses('link', [denied, at('open', 'link')], R, denied);
  await refuses('link', [readonly, at('open', 'link')], W, readonly);
  await refuses('link', [open, at('denied', 'link')], W, at('denied', 'link'));
  assert.throws(() => fs.cpSync(denied, at('open', 'copy')), (error) => isRefusal(error, R, denied));
  assert.throws(() => fs.cpSync(open, at('denied', 'copy')), (error) => isRefusal(error, W, at('denied', 'copy')));
  assert.throws(() => fs.existsSync(denied), (error) => isRefusal(error, R, denied));
  assert.strictEqual(await new Promise((resolve) => fs.exists(denied, resolve)), false);
  for (const refused of [
    () => fs.openAsBlob(denied), () => fs.watch(denied), () => fs.watchFile(denied, () => {}),
    () => fs.realpathSync.native(denied), () => process.loadEnvFile(denied),
  ]) {
    assert.throws(refused, (error) => isRefusal(error, R, denied));
  }
  assert.throws(() => process.chdir(at('denied')), (error) => isRefusal(error, R, at('denied')));
  assert.throws(() => require(denied), (error) => isRefusal(error, R, denied));
  await assert.rejects(import(denied), (error) => isRefusal(error, R, denied));
  for (const create of [fs.createReadStream, fs.createWriteStream]) {
    const [error] = await require('events').once(create(denied), 'error');
    assert.strictEqual(error.code, 'ERR_ACCESS_DENIED');
  }
  const symlinks = { code: 'ERR_ACCESS_DENIED', message: 'fs.symlink API requires full fs.read and fs.write permissions.' };
  assert.throws(() => fs.symlinkSync('file', at('open', 'link')), symlinks);
  await assert.rejects(fs.promises.symlink('file', at('open', 'link')), symlinks);
  await descriptors(open);
  await allowed(open, readonly, at);
}

/** Through an open descriptor nothing can be changed that was not to be. */
async function descriptors(open) {
  const fd = fs.openSync(open, 'r+');
  for (const [name, ...args] of [['fchmod', 0o600], ['fchown', 0, 0], ['futimes', 1, 1], ['fsync'], ['fdatasync']]) {
    const refusal = { code: 'ERR_ACCESS_DENIED', message: `${name} API is disabled when Permission Model is enabled.` };
    assert.throws(() => fs[`${name}Sync`](fd, ...args), refusal);
    const error = await new Promise((resolve) => fs[name](fd, ...args, resolve));
    assert.strictEqual(error.message, refusal.message);
  }
  fs.closeSync(fd);
  const handle = await fs.promises.open(open, 'r+');
  for (const [name, ...args] of [['chmod', 0o600], ['chown', 0, 0], ['utimes', 1, 1], ['sync'], ['datasync']]) {
    await assert.rejects(handle[name](...args), { code: 'ERR_ACCESS_DENIED' });
  }
  await handle.close();
}

/** What is granted works, by relative paths as well. */
async function allowed(open, readonly, at) {
  assert.strictEqual(fs.readFileSync(readonly, 'utf8'), 'text');
  process.chdir(at('open'));
  fs.writeFileSync('new', 'more');
  await fs.promises.appendFile('./new', '!');
  assert.strictEqual(fs.readFileSync(Buffer.from('../open/new'), 'utf8'), 'more!');
  fs.renameSync('new', 'newer');
  fs.copyFileSync('newer', 'copy');
  fs.linkSync('copy', 'hard');
  assert.deepStrictEqual(fs.readdirSync('.').sort(), ['copy', 'file', 'hard', 'newer']);
  const made = fs.mkdtempSync('temporary-');
  assert.match(made, /^temporary-.{6}$/);
  assert.strictEqual(fs.mkdirSync(`${made}/a/b`, { recursive: true })?.endsWith(`${made}/a`), true);
  fs.rmSync(made, { recursive: true });
  assert.throws(() => fs.statSync('missing'), { code: 'ENOENT', path: 'missing' });
  for (const name of ['copy', 'hard', 'newer']) fs.unlinkSync(name);
  assert.ok(open);
}
