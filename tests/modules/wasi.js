// `node:wasi`: options, what programs may have, and that nothing leads out of the directories they are given.
'use strict';

process.removeAllListeners('warning');
process.on('warning', () => {});

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { WASI } = require('wasi');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wasi-'));
const inside = path.join(folder, 'in');
fs.mkdirSync(path.join(inside, 'sub'), { recursive: true });
fs.writeFileSync(path.join(folder, 'secret'), 'secret');
fs.writeFileSync(path.join(inside, 'a.txt'), 'hello');
fs.symlinkSync('a.txt', path.join(inside, 'link'));
fs.symlinkSync('/in/a.txt', path.join(inside, 'absolute'));
fs.symlinkSync('../secret', path.join(inside, 'out'));
fs.symlinkSync('loop', path.join(inside, 'loop'));
process.on('exit', () => fs.rmSync(folder, { recursive: true }));

const errno = { success: 0, badf: 8, exist: 20, inval: 28, isdir: 31, loop: 32, nobufs: 42, noent: 44, nosys: 52,
                notdir: 54, overflow: 61, notcapable: 76 };
const right = { read: 2n, seek: 4n, tell: 32n, write: 64n };
const kOfDirectories = 0xfbffe98n;
const kBeneathDirectories = 0xfffffffn;

// What is no option.
for (const options of [null, 1, 'x']) {
  assert.throws(() => new WASI(options), { code: 'ERR_INVALID_ARG_TYPE' });
}
assert.throws(() => new WASI(), { code: 'ERR_INVALID_ARG_TYPE', message: /"options\.version"/ });
assert.throws(() => new WASI({ version: 'preview2' }), {
  code: 'ERR_INVALID_ARG_VALUE',
  message: "The property 'options.version' unsupported WASI version. Received 'preview2'",
});
for (const name of ['args', 'env', 'preopens', 'returnOnExit', 'stdin', 'stdout', 'stderr']) {
  assert.throws(() => new WASI({ version: 'preview1', [name]: null }), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: new RegExp(`"options\\.${name}"`),
  });
}
assert.throws(() => new WASI({ version: 'preview1', stdin: -1 }), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => new WASI({ version: 'preview1', preopens: { '/': path.join(folder, 'nope') } }), {
  name: 'Error',
  message: 'UVWASI_ENOENT, uvwasi_init',
  errno: errno.noent,
  code: 'UVWASI_ENOENT',
  syscall: 'uvwasi_init',
});
assert.throws(() => new WASI({ version: 'preview1', preopens: { '/': __filename } }), { code: 'UVWASI_ENOTDIR' });

// The shape of what is imported.
const memory = new WebAssembly.Memory({ initial: 1 });
{
  const wasi = new WASI({ version: 'unstable' });
  assert.deepStrictEqual(Object.keys(wasi), ['wasiImport']);
  assert.strictEqual(wasi.getImportObject().wasi_unstable, wasi.wasiImport);
  const functions = Object.values(wasi.wasiImport);
  assert.strictEqual(functions.length, 46);
  assert.strictEqual(wasi.wasiImport.path_open.name, 'bound path_open');
  assert.strictEqual(wasi.wasiImport.path_open.length, 9);
  assert.strictEqual(wasi.wasiImport.args_get(), errno.inval);
  assert.throws(() => wasi.wasiImport.sched_yield(), { code: 'ERR_WASI_NOT_STARTED' });
  assert.throws(() => wasi.finalizeBindings({ exports: {} }), {
    name: 'TypeError',
    code: 'ERR_INVALID_ARG_TYPE',
    message: '"instance.exports.memory" property must be a WebAssembly.Memory object',
  });
  assert.throws(() => wasi.start({ exports: { memory } }), { message: /"instance\.exports\._start"/ });
  assert.throws(() => wasi.start({ exports: { memory, _start() {} } }), { code: 'ERR_WASI_ALREADY_STARTED' });
}
{
  const calls = [];
  const wasi = new WASI({ version: 'preview1' });
  wasi.initialize({ exports: { memory, _initialize: () => calls.push('initialize') } });
  assert.deepStrictEqual(calls, ['initialize']);
  assert.throws(() => new WASI({ version: 'preview1' }).initialize({ exports: { memory, _start() {} } }), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  const unbound = new WASI({ version: 'preview1' });
  unbound.finalizeBindings({ exports: {} }, { memory });
  assert.strictEqual(unbound.wasiImport.sched_yield(), errno.success);
}

// A program: it writes its text to a stream and ends with 7.
{
  const text = Buffer.from('hello from wasm\n');
  const section = (id, ...bytes) => [id, bytes.length, ...bytes];
  const name = (word) => [word.length, ...Buffer.from(word)];
  const kModule = name('wasi_snapshot_preview1');
  const program = new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 3, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0, 0x60, 0, 0),
    ...section(2, 2, ...kModule, ...name('fd_write'), 0, 0, ...kModule, ...name('proc_exit'), 0, 1),
    ...section(3, 1, 2),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...name('memory'), 2, 0, ...name('_start'), 0, 2),
    // fd_write(1, 0, 1, 32), dropped; proc_exit(7)
    ...section(10, 1, 17, 0, 0x41, 1, 0x41, 0, 0x41, 1, 0x41, 32, 0x10, 0, 0x1a, 0x41, 7, 0x10, 1, 0x0b),
    ...section(11, 1, 0, 0x41, 0, 0x0b, 8 + text.length, 8, 0, 0, 0, text.length, 0, 0, 0, ...text),
  ]);
  const output = path.join(folder, 'output');
  const stdout = fs.openSync(output, 'w');
  const wasi = new WASI({ version: 'preview1', stdout });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(program), wasi.getImportObject());
  assert.strictEqual(wasi.start(instance), 7);
  assert.strictEqual(fs.readFileSync(output, 'utf8'), text.toString());
}

// What a program hands over has no sign: there is no descriptor 2^32 - 1.
{
  const section = (id, ...bytes) => [id, bytes.length, ...bytes];
  const name = (word) => [word.length, ...Buffer.from(word)];
  const program = new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x7f),
    ...section(2, 1, ...name('wasi_snapshot_preview1'), ...name('fd_close'), 0, 0),
    ...section(3, 1, 1),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...name('memory'), 2, 0, ...name('close'), 0, 1),
    ...section(10, 1, 6, 0, 0x41, 0x7f, 0x10, 0, 0x0b),
  ]);
  const wasi = new WASI({ version: 'preview1' });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(program), wasi.getImportObject());
  wasi.finalizeBindings(instance);
  assert.strictEqual(instance.exports.close(), errno.badf);
}

// The functions, called as a program would.
const wasi = new WASI({
  version: 'preview1',
  args: ['program', '\u00e9'],
  env: { A: '1', B: undefined },
  preopens: { '/in': inside },
});
wasi.finalizeBindings({ exports: { memory } });
const wasm = wasi.wasiImport;
const kOut = 0;
const kPath = 1000;
const kVectors = 2000;
const kBuffer = 3000;
let view = new DataView(memory.buffer);
const bytes = () => Buffer.from(memory.buffer);
const text = (at, length) => bytes().toString('utf8', at, at + length);
const put = (word, at = kPath) => bytes().write(word, at);
const word = () => view.getUint32(kOut, true);

function vector(length) {
  view.setUint32(kVectors, kBuffer, true);
  view.setUint32(kVectors + 4, length, true);
}

function open(name, { fd = 3, flags = 1, how = 0, rights = right.read | right.seek, beneath = 0n } = {}) {
  const failure = wasm.path_open(fd, flags, kPath, put(name), how, rights, beneath, 0, kOut);
  return failure === 0 ? { fd: word() } : failure;
}

{
  assert.strictEqual(wasm.args_sizes_get(0, 4), 0);
  assert.deepStrictEqual([view.getUint32(0, true), view.getUint32(4, true)], [2, 11]);
  assert.strictEqual(wasm.args_get(0, 100), 0);
  assert.strictEqual(text(100, 11), 'program\0\u00e9\0');
  assert.strictEqual(wasm.environ_get(0, 100), 0);
  assert.strictEqual(text(100, 4), 'A=1\0');
  assert.strictEqual(wasm.args_sizes_get(65533, 0), errno.overflow);
  assert.strictEqual(wasm.clock_time_get(0, 0n, 8), 0);
  assert.ok(Math.abs(Number(view.getBigUint64(8, true) / 1000000n) - Date.now()) < 5000);
  assert.strictEqual(wasm.clock_time_get(4, 0n, 8), errno.inval);
  assert.strictEqual(wasm.proc_raise(0), errno.nosys);
  bytes().fill(0, 100, 200);
  assert.strictEqual(wasm.random_get(100, 100), 0);
  assert.notStrictEqual(bytes().subarray(100, 200).equals(Buffer.alloc(100)), true);
}
{
  assert.strictEqual(wasm.fd_prestat_get(3, 0), 0);
  assert.deepStrictEqual([view.getUint8(0), view.getUint32(4, true)], [0, 3]);
  assert.strictEqual(wasm.fd_prestat_dir_name(3, 100, 2), errno.nobufs);
  assert.strictEqual(wasm.fd_prestat_dir_name(3, 100, 3), 0);
  assert.strictEqual(text(100, 3), '/in');
  assert.strictEqual(wasm.fd_prestat_get(4, 0), errno.badf);
  assert.strictEqual(wasm.fd_fdstat_get(3, 0), 0);
  assert.strictEqual(view.getUint8(0), 3);
  assert.strictEqual(view.getBigUint64(8, true), kOfDirectories);
  assert.strictEqual(view.getBigUint64(16, true), kBeneathDirectories);
}

// Reading, seeking, and rights.
{
  const { fd } = open('a.txt');
  assert.strictEqual(fd, 4);
  vector(100);
  assert.strictEqual(wasm.fd_read(fd, kVectors, 1, kOut), 0);
  assert.strictEqual(text(kBuffer, word()), 'hello');
  assert.strictEqual(wasm.fd_seek(fd, -2n, 2, kOut), 0);
  assert.strictEqual(view.getBigUint64(kOut, true), 3n);
  assert.strictEqual(wasm.fd_pread(fd, kVectors, 1, 1n, kOut), 0);
  assert.strictEqual(text(kBuffer, word()), 'ello');
  assert.strictEqual(wasm.fd_write(fd, kVectors, 1, kOut), errno.notcapable);
  assert.strictEqual(wasm.fd_tell(fd, kOut), errno.notcapable);
  assert.strictEqual(wasm.fd_read(fd, 65530, 1, kOut), errno.overflow);
  vector(65536);
  assert.strictEqual(wasm.fd_read(fd, kVectors, 1, kOut), errno.overflow);
  assert.strictEqual(wasm.fd_fdstat_set_rights(fd, right.write, 0n), errno.notcapable);
  assert.strictEqual(wasm.fd_fdstat_set_rights(fd, right.seek, 0n), 0);
  vector(1);
  assert.strictEqual(wasm.fd_read(fd, kVectors, 1, kOut), errno.notcapable);
  assert.strictEqual(wasm.fd_close(fd), 0);
  assert.strictEqual(wasm.fd_close(fd), errno.badf);
}

// Nothing leads out.
for (const name of ['../secret', '..', '/', '/in/a.txt', 'sub/../../secret', 'out']) {
  assert.strictEqual(open(name), errno.notcapable, name);
  assert.strictEqual(wasm.path_unlink_file(3, kPath, put('../secret')), errno.notcapable);
}
for (const name of ['link', 'absolute', 'sub/../a.txt', '../in/a.txt', './/a.txt']) {
  const { fd } = open(name);
  assert.strictEqual(fd, 4, name);
  wasm.fd_close(fd);
}
assert.strictEqual(open('loop'), errno.loop);
assert.strictEqual(open('a.txt/'), errno.notdir);
assert.strictEqual(open('nope'), errno.noent);
assert.strictEqual(open(''), errno.inval);
assert.strictEqual(open('sub', { rights: right.write }), errno.isdir);
assert.strictEqual(open('a.txt', { rights: 1n << 40n }), errno.notcapable);

// What is beneath a directory that was opened has no more rights than it gives.
{
  const { fd } = open('sub', { how: 2, rights: kOfDirectories, beneath: right.read });
  assert.strictEqual(open('new', { fd, how: 1, rights: right.write }), errno.notcapable);
  assert.strictEqual(open('../a.txt', { fd, rights: right.read }), errno.notcapable);
  wasm.fd_close(fd);
}

// Making, renaming, linking, removing.
{
  const { fd } = open('sub/new', { how: 1 | 4, rights: right.write | right.seek });
  vector(put('text', kBuffer));
  assert.strictEqual(wasm.fd_write(fd, kVectors, 1, kOut), 0);
  assert.strictEqual(word(), 4);
  assert.strictEqual(wasm.fd_pwrite(fd, kVectors, 1, 2n, kOut), 0);
  wasm.fd_close(fd);
  assert.strictEqual(fs.readFileSync(path.join(inside, 'sub/new'), 'utf8'), 'tetext');
  assert.strictEqual(open('sub/new', { how: 1 | 4, rights: right.write | right.seek }), errno.exist);
  const rename = (from, to) => wasm.path_rename(3, kPath, put(from), 3, 1100, put(to, 1100));
  assert.strictEqual(rename('sub/new', 'newer'), 0);
  assert.strictEqual(rename('newer', '../newer'), errno.notcapable);
  const symlink = (target, name) => wasm.path_symlink(kPath, put(target), 3, 1100, put(name, 1100));
  assert.strictEqual(symlink('newer', 'to-newer'), 0);
  assert.strictEqual(symlink('../secret', 'to-secret'), errno.notcapable);
  assert.strictEqual(wasm.path_readlink(3, kPath, put('to-newer'), kBuffer, 5, kOut), errno.nobufs);
  assert.strictEqual(wasm.path_readlink(3, kPath, put('to-newer'), kBuffer, 50, kOut), 0);
  assert.strictEqual(text(kBuffer, word()), 'newer');
  assert.strictEqual(wasm.path_unlink_file(3, kPath, put('to-newer')), 0);
  assert.strictEqual(wasm.path_create_directory(3, kPath, put('made')), 0);
  assert.strictEqual(wasm.path_create_directory(3, kPath, put('made')), errno.exist);
  assert.strictEqual(wasm.path_remove_directory(3, kPath, put('made')), 0);
  assert.strictEqual(wasm.path_filestat_get(3, 0, kPath, put('newer'), kBuffer), 0);
  assert.strictEqual(view.getUint8(kBuffer + 16), 4);
  assert.strictEqual(view.getBigUint64(kBuffer + 32, true), 6n);
  assert.strictEqual(wasm.path_filestat_set_times(3, 0, kPath, put('newer'), 0n, 5000000000n, 4), 0);
  assert.strictEqual(fs.statSync(path.join(inside, 'newer')).mtimeMs, 5000);
}

// Directories, read in pieces.
{
  const { fd } = open('.', { how: 2, rights: kOfDirectories });
  const names = [];
  for (let cookie = 0n; ;) {
    assert.strictEqual(wasm.fd_readdir(fd, kBuffer, 40, cookie, kOut), 0);
    if (word() < 24) break;
    cookie = view.getBigUint64(kBuffer, true);
    names.push(text(kBuffer + 24, view.getUint32(kBuffer + 16, true)));
  }
  assert.deepStrictEqual(names.sort(), fs.readdirSync(inside).sort());
  wasm.fd_close(fd);
}

// Waiting for a clock.
{
  bytes().fill(0, kBuffer, kBuffer + 48);
  view.setBigUint64(kBuffer, 77n, true);
  view.setUint32(kBuffer + 16, 1, true);
  view.setBigUint64(kBuffer + 24, 5000000n, true);
  const begin = process.hrtime.bigint();
  assert.strictEqual(wasm.poll_oneoff(kBuffer, kBuffer + 100, 1, kOut), 0);
  assert.ok(process.hrtime.bigint() - begin >= 4000000n);
  assert.strictEqual(word(), 1);
  assert.strictEqual(view.getBigUint64(kBuffer + 100, true), 77n);
  assert.strictEqual(wasm.poll_oneoff(kBuffer, kBuffer + 100, 0, kOut), errno.inval);
}

// The memory grows.
assert.strictEqual(wasm.args_sizes_get(65536, 65540), errno.overflow);
memory.grow(1);
view = new DataView(memory.buffer);
assert.strictEqual(wasm.args_sizes_get(65536, 65540), 0);
assert.strictEqual(view.getUint32(65536, true), 2);
