// `fs/promises` and `FileHandle`: results, errors with their stacks, and the life of a handle.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const promises = require('fs/promises');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ironode-promises-'));
const file = path.join(root, 'file');

function refused(promise, expected) {
  return assert.rejects(promise, expected);
}

async function wholeFiles() {
  assert.strictEqual(fs.promises, promises);
  await promises.writeFile(file, 'né');
  assert.strictEqual(await promises.readFile(file, 'utf8'), 'né');
  assert.deepStrictEqual(await promises.readFile(file), Buffer.from('né'));
  async function* pieces() {
    yield 'one ';
    yield Buffer.from('two ');
    yield new Uint16Array([0x3333]);
  }
  await promises.writeFile(file, pieces());
  await promises.appendFile(file, ['!', '?']);
  assert.strictEqual(await promises.readFile(file, { encoding: 'latin1' }), 'one two 33!?');
  await refused(promises.writeFile(file, 5), { code: 'ERR_INVALID_ARG_TYPE' });
  await refused(promises.readFile(root), { code: 'EISDIR', message: `EISDIR: illegal operation on a directory, read '${root}'` });
  await refused(promises.writeFile('/dev/full', 'x'), { code: 'ENOSPC', syscall: 'write' });
}

async function signals() {
  const reason = new Error('enough');
  await refused(promises.readFile(file, { signal: AbortSignal.abort(reason) }), { name: 'AbortError', cause: reason });
  const controller = new AbortController();
  const writing = promises.writeFile(file, Buffer.alloc(4 << 20), { signal: controller.signal });
  process.nextTick(() => controller.abort());
  await refused(writing, { name: 'AbortError', code: 'ABORT_ERR' });
  assert(fs.statSync(file).size < 4 << 20);
}

async function stacks() {
  async function waiting() {
    await promises.stat(path.join(root, 'missing'));
  }
  const error = await waiting().catch((error) => error);
  assert.match(error.stack, /at async waiting/);
  assert.deepStrictEqual(Object.keys(error), ['errno', 'code', 'syscall', 'path']);
  assert.strictEqual(await promises.stat(path.join(root, 'missing'), { throwIfNoEntry: false }), undefined);
}

async function handles() {
  fs.writeFileSync(file, 'hello world');
  const handle = await promises.open(file, 'r+');
  const result = await handle.read(Buffer.alloc(5), 0, 5, 6);
  assert.strictEqual(Object.getPrototypeOf(result), null);
  assert.strictEqual(result.buffer.toString(), 'world');
  assert.deepStrictEqual(await handle.readv([Buffer.alloc(2), Buffer.alloc(1)], 0),
                         { __proto__: null, bytesRead: 3, buffers: [Buffer.from('he'), Buffer.from('l')] });
  assert.strictEqual((await handle.read(Buffer.alloc(4), 0, null, 0)).bytesRead, 4);
  assert.strictEqual((await handle.write('J', 0)).bytesWritten, 1);
  assert.strictEqual((await handle.stat({ bigint: true })).size, 11n);
  await handle.truncate(5);
  assert.strictEqual(await handle.readFile('utf8'), 'Jello');
  assert.deepStrictEqual(Object.keys(handle), ['_events', '_eventsCount', '_maxListeners', 'close']);

  const events = [];
  handle.on('close', () => events.push(`close ${handle.fd}`));
  const reading = handle.read(Buffer.alloc(1), 0, 1, 0);
  const closing = handle.close();
  assert.notStrictEqual(handle.fd, -1);
  assert.strictEqual(handle.close(), closing);
  assert.strictEqual((await reading).bytesRead, 1);
  await closing;
  assert.strictEqual(handle.fd, -1);
  assert.strictEqual(events.length, 1);
  await refused(handle.stat(), { message: 'file closed', code: 'EBADF', syscall: 'fstat' });
  await handle.close();
  await handle[Symbol.asyncDispose]();
}

async function handleStreams() {
  fs.writeFileSync(file, 'stream');
  const source = await promises.open(file);
  const copy = await promises.open(`${file}2`, 'w');
  source.createReadStream({ highWaterMark: 2 }).pipe(copy.createWriteStream());
  await new Promise((resolve) => copy.on('close', resolve));
  await copy.close();
  assert.strictEqual(fs.readFileSync(`${file}2`, 'utf8'), 'stream');
  assert.strictEqual(copy.fd, -1);
}

async function webStreams() {
  fs.writeFileSync(file, 'bytes');
  const handle = await promises.open(file);
  const chunks = await Array.fromAsync(handle.readableWebStream());
  assert.deepStrictEqual(chunks.map((chunk) => Buffer.from(chunk).toString()), ['bytes']);
  assert.throws(() => handle.readableWebStream(), { code: 'ERR_INVALID_STATE' });
  assert.notStrictEqual(handle.fd, -1);
  await handle.close();
  const closing = await promises.open(file);
  for await (const chunk of closing.readableWebStream({ autoClose: true })) assert.strictEqual(chunk.length, 5);
  assert.strictEqual(closing.fd, -1);
  const lines = await promises.open(file);
  assert.deepStrictEqual(await Array.fromAsync(lines.readLines()), ['bytes']);
  assert.strictEqual(lines.fd, -1);
}

async function directories() {
  const made = await promises.mkdir(path.join(root, 'a', 'b'), { recursive: true });
  assert.strictEqual(made, path.join(root, 'a'));
  await promises.cp(file, path.join(root, 'a', 'b', 'c'));
  assert.deepStrictEqual(await promises.readdir(path.join(root, 'a'), { recursive: true }), ['b', 'b/c']);
  const names = [];
  for await (const entry of await promises.opendir(path.join(root, 'a', 'b'))) names.push(entry.name);
  assert.deepStrictEqual(names, ['c']);
  await refused(promises.rm(path.join(root, 'a')), { code: 'ERR_FS_EISDIR' });
  await promises.rm(path.join(root, 'a'), { recursive: true });
  const temporary = await promises.mkdtempDisposable(path.join(root, 't-'));
  assert(fs.existsSync(temporary.path));
  await temporary.remove();
  assert(!fs.existsSync(temporary.path));
  await refused(promises.lchmod(file, 0o600), { code: 'ERR_METHOD_NOT_IMPLEMENTED' });
}

(async () => {
  await wholeFiles();
  await signals();
  await stacks();
  await handles();
  await handleStreams();
  await webStreams();
  await directories();
  fs.rmSync(root, { recursive: true });
})();
