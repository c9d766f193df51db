// What goes wrong with files: no room, files that shrink or vanish while they are used, streams that are
// destroyed midway. Node's errors, and no descriptor left behind.
'use strict';

const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ironode-faults-'));
const file = path.join(root, 'file');
fs.writeFileSync(file, Buffer.alloc(300_000, 'x'));

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;

async function noRoom() {
  const expected = { code: 'ENOSPC', syscall: 'write', message: 'ENOSPC: no space left on device, write' };
  assert.throws(() => fs.writeFileSync('/dev/full', 'x'), expected);
  const stream = fs.createWriteStream('/dev/full');
  stream.end('x');
  const [error] = await once(stream, 'error');
  assert.strictEqual(error.code, 'ENOSPC');
  await assert.rejects(fs.promises.writeFile('/dev/full', ['a']), expected);
}

async function destroyedMidway() {
  for (let i = 0; i < 200; i++) {
    const stream = fs.createReadStream(file);
    const closed = once(stream, 'close');
    if (i % 2) await once(stream, 'data');
    stream.destroy();
    await closed;
    const handle = await fs.promises.open(file);
    const reading = handle.createReadStream();
    reading.read();
    const ended = once(reading, 'close');
    reading.destroy();
    await ended;
    assert.strictEqual(handle.fd, -1);
  }
}

async function shrinking() {
  const stream = fs.createReadStream(file, { highWaterMark: 1000 });
  let length = 0;
  for await (const chunk of stream) {
    if (length === 0) fs.truncateSync(file, 2500);
    length += chunk.length;
  }
  assert(length >= 1000 && length <= 2500 + 1000);
}

async function vanishing() {
  for (let i = 0; i < 100; i++) {
    const folder = path.join(root, 'folder');
    fs.mkdirSync(folder);
    const watcher = fs.watch(folder);
    fs.rmdirSync(folder);
    const [type, name] = await once(watcher, 'change');
    assert.deepStrictEqual([type, name], ['rename', 'folder']);
    watcher.close();
  }
}

async function unopened() {
  for (let i = 0; i < 200; i++) {
    await assert.rejects(fs.promises.readFile(path.join(root, 'missing')), { code: 'ENOENT' });
    await assert.rejects(fs.promises.readFile(root), { code: 'EISDIR' });
    await assert.rejects(fs.promises.readFile(file, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    await assert.rejects(fs.promises.writeFile(file, [5]), { code: 'ERR_INVALID_ARG_TYPE' });
  }
}

(async () => {
  await noRoom();
  await vanishing();
  // What a runtime opens once, for its first wait of a timer, is open before the count.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = openDescriptors();
  await destroyedMidway();
  fs.writeFileSync(file, Buffer.alloc(300_000, 'x'));
  await shrinking();
  await vanishing();
  await unopened();
  await new Promise((resolve) => setImmediate(resolve));
  assert.strictEqual(openDescriptors(), before);
  fs.rmSync(root, { recursive: true });
})();
