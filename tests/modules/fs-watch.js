// `fs.watch`, `fs.watchFile` and `fs.promises.watch`: events, names, errors and the end of watching.
'use strict';

const assert = require('assert');
const events = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ironode-watch-'));

/** Collects the events of a watcher until `last` comes, which a change of the directory brings. */
async function collect(watcher, change, last) {
  const seen = [];
  const done = Promise.withResolvers();
  watcher.on('change', (type, name) => {
    seen.push(`${type} ${name}`);
    if (`${type} ${name}` === last) done.resolve();
  });
  await change();
  await done.promise;
  return seen;
}

async function directory() {
  const folder = path.join(root, 'plain');
  fs.mkdirSync(folder);
  const watcher = fs.watch(folder);
  const seen = await collect(watcher, () => {
    fs.mkdirSync(path.join(folder, 'sub'));
    fs.closeSync(fs.openSync(path.join(folder, 'naïve'), 'w'));
    fs.chmodSync(path.join(folder, 'naïve'), 0o600);
    fs.renameSync(path.join(folder, 'naïve'), path.join(folder, 'b'));
    fs.rmdirSync(path.join(folder, 'sub'));
  }, 'rename sub');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepStrictEqual(seen, ['rename sub', 'rename naïve', 'change naïve', 'rename naïve', 'rename b', 'rename sub']);
  watcher.close();
  watcher.close();
  await events.once(watcher, 'close');

  const hex = fs.watch(folder, 'hex');
  assert.deepStrictEqual(await collect(hex, () => fs.unlinkSync(path.join(folder, 'b')), 'rename 62'), ['rename 62']);
  hex.close();
}

async function vanishing() {
  const folder = path.join(root, 'vanishing');
  fs.mkdirSync(folder);
  const watcher = fs.watch(folder);
  const seen = await collect(watcher, () => fs.rmdirSync(folder), 'rename vanishing');
  assert.strictEqual(seen[0], 'rename vanishing');
  watcher.close();
}

async function recursive() {
  const folder = path.join(root, 'tree');
  fs.mkdirSync(path.join(folder, 'a'), { recursive: true });
  const watcher = fs.watch(folder, { recursive: true, ignore: ['*.log', /secret/] });
  fs.writeFileSync(path.join(folder, 'a', 'x.log'), '');
  const seen = await collect(watcher, () => fs.mkdirSync(path.join(folder, 'a', 'b', 'c'), { recursive: true }),
                             'rename a/b/c');
  assert.deepStrictEqual(seen, ['rename a/b', 'rename a/b/c']);
  const more = await collect(watcher, () => fs.writeFileSync(path.join(folder, 'a', 'b', 'c', 'f'), '1'),
                             'change a/b/c/f');
  assert.strictEqual(more[0], 'rename a/b/c/f');
  const closed = events.once(watcher, 'close');
  watcher.close();
  await closed;
}

function errors() {
  const missing = path.join(root, 'missing');
  const expected = { code: 'ENOENT', syscall: 'watch', path: missing, filename: missing,
                     message: `ENOENT: no such file or directory, watch '${missing}'` };
  assert.throws(() => fs.watch(missing), expected);
  assert.throws(() => fs.watch(root, { ignore: [''] }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => fs.watchFile(root), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.watchFile(root, { interval: -1 }, () => {}), { code: 'ERR_OUT_OF_RANGE' });
  fs.unwatchFile(root);
}

async function iteration() {
  const controller = new AbortController();
  const changes = fs.promises.watch(root, { signal: controller.signal });
  const first = changes.next();
  setImmediate(() => fs.writeFileSync(path.join(root, 'news'), ''));
  assert.deepStrictEqual({ ...(await first).value }, { eventType: 'rename', filename: 'news' });
  controller.abort();
  await assert.rejects((async () => { for await (const change of changes) assert(change); })(), { name: 'AbortError' });
  await assert.rejects(fs.promises.watch(root, { overflow: 'x' }).next(), { code: 'ERR_INVALID_ARG_VALUE' });
}

async function polling() {
  const file = path.join(root, 'polled');
  const seen = [];
  const stopped = Promise.withResolvers();
  const watcher = fs.watchFile(file, { interval: 10 }, (current, previous) => {
    seen.push(`${previous.size} ${current.size}`);
    if (seen.length === 1) fs.writeFileSync(file, 'abc');
    if (current.size === 3) fs.unlinkSync(file);
    if (seen.length === 3) fs.unwatchFile(file);
  });
  assert.strictEqual(fs.watchFile(file, () => {}), watcher);
  watcher.on('stop', stopped.resolve);
  await stopped.promise;
  assert.deepStrictEqual(seen, ['0 0', '0 3', '3 0']);
}

// Neither keeps the program alive.
fs.watch(root, { persistent: false });
fs.watchFile(path.join(root, 'other'), { interval: 100_000 }, () => {}).unref();
fs.watch(root).unref();

(async () => {
  await directory();
  await vanishing();
  await recursive();
  errors();
  await iteration();
  await polling();
  fs.rmSync(root, { recursive: true });
})();
