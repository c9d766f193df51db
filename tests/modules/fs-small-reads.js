// Small files that are in the system's memory: read, looked at and asked for often and at once, in every order.
'use strict';

const assert = require('assert');
const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const { readFile, stat, lstat, access, realpath } = fs.promises;
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'small-reads-')));
const within = (name) => path.join(folder, name);

/** Asks twice, since the directory is known from the first time on. */
async function twice(ask) {
  await ask();
  await ask();
}

async function findsWhatIsThere() {
  fs.writeFileSync(within('text'), 'h\u00e9llo');
  fs.writeFileSync(within('empty'), '');
  fs.symlinkSync('text', within('link'));
  fs.symlinkSync('nowhere', within('dangling'));
  await twice(async () => {
    assert.strictEqual(await readFile(within('text'), 'utf8'), 'h\u00e9llo');
    assert.strictEqual((await readFile(within('text'))).length, 6);
    assert.strictEqual(await readFile(within('link'), 'latin1'), 'h\u00c3\u00a9llo');
    assert.strictEqual(await readFile(within('empty'), 'utf8'), '');
    assert.strictEqual((await stat(within('link'))).isFile(), true);
    assert.strictEqual((await lstat(within('link'))).isSymbolicLink(), true);
    assert.strictEqual((await lstat(within('dangling'))).isSymbolicLink(), true);
    assert.strictEqual((await stat(folder)).isDirectory(), true);
    assert.strictEqual((await stat(within('text'), { bigint: true })).size, 6n);
    await access(within('link'), fs.constants.R_OK);
    assert.strictEqual(await realpath(within('link')), within('text'));
  });
}

async function tellsWhatIsWrong() {
  const fails = async (promise, code, syscall) => {
    await assert.rejects(promise, (error) => {
      assert.strictEqual(error.code, code);
      assert.strictEqual(error.syscall, syscall);
      assert.strictEqual(error.message.includes(code), true);
      return true;
    });
  };
  await twice(async () => {
    for (const name of ['missing', 'dangling']) {
      await fails(readFile(within(name)), 'ENOENT', 'open');
      await fails(stat(within(name)), 'ENOENT', 'stat');
      await fails(access(within(name)), 'ENOENT', 'access');
    }
    await fails(lstat(within('missing')), 'ENOENT', 'lstat');
    await fails(readFile(folder), 'EISDIR', 'read');
    await fails(readFile(within('text/more')), 'ENOTDIR', 'open');
    await fails(stat(within('text/')), 'ENOTDIR', 'stat');
    const error = await readFile(within('missing')).catch((reason) => reason);
    assert.deepStrictEqual(Object.keys(error), ['errno', 'code', 'syscall', 'path']);
    assert.strictEqual(error.path, within('missing'));
  });
}

/** What has been written is what is read, whoever knew the file before. */
async function followsChanges() {
  const file = within('changing');
  for (let i = 0; i < 50; i++) {
    const text = 'x'.repeat(i * 397);
    fs.writeFileSync(file, text);
    assert.strictEqual(await readFile(file, 'utf8'), text);
    assert.strictEqual((await stat(file)).size, text.length);
    if (i % 3 === 0) {
      fs.unlinkSync(file);
      await assert.rejects(readFile(file), { code: 'ENOENT' });
      await assert.rejects(stat(file), { code: 'ENOENT' });
    }
    if (i % 5 === 0) {
      fs.writeFileSync(within('other'), 'renamed');
      fs.renameSync(within('other'), file);
      assert.strictEqual(await readFile(file, 'latin1'), 'renamed');
    }
  }
  for (const size of [1, 4095, 4096, 4097, 65536, 131072, 131073, 300000]) {
    const bytes = Buffer.alloc(size, 'abcdefg');
    fs.writeFileSync(file, bytes);
    assert.strictEqual(bytes.equals(await readFile(file)), true);
    assert.strictEqual(await readFile(file, 'utf8'), bytes.toString());
  }
}

/** A reader of a pipe waits for its writer, and the writer never loses its reader. */
async function waitsForPipes() {
  const pipe = within('pipe');
  execFileSync('mkfifo', [pipe]);
  for (let i = 0; i < 3; i++) {
    assert.strictEqual((await stat(pipe)).isFIFO(), true);
    const text = readFile(pipe, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const writer = spawn('sh', ['-c', 'exec > "$0"; printf one; sleep 0.05; printf two', pipe]);
    const ended = new Promise((resolve) => writer.on('close', (code, signal) => resolve([code, signal])));
    assert.strictEqual(await text, 'onetwo');
    assert.deepStrictEqual(await ended, [0, null]);
  }
  // The writer is there first.
  const writer = spawn('sh', ['-c', 'exec > "$0"; printf three', pipe]);
  const ended = new Promise((resolve) => writer.on('close', (code, signal) => resolve([code, signal])));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.strictEqual(await readFile(pipe, 'utf8'), 'three');
  assert.deepStrictEqual(await ended, [0, null]);
}

/** Results come from the loop, and a program that only reads leaves time for timers. */
async function sharesTheLoop() {
  await readFile(within('text'));
  let returned = false;
  await new Promise((resolve, reject) => {
    fs.readFile(within('text'), (error) => {
      if (error || !returned) reject(error ?? new Error('called back at once'));
      else resolve();
    });
    process.nextTick(() => { returned = true; });
  });
  let reads = 0;
  let rings = 0;
  const timer = setInterval(() => rings++, 1);
  const endless = async () => {
    while (rings < 5) {
      await readFile(within('text'));
      reads++;
    }
  };
  await Promise.all(Array.from({ length: 200 }, endless));
  clearInterval(timer);
  assert.strictEqual(reads > 200, true);
}

async function leavesNothingOpen() {
  const open = () => fs.readdirSync('/proc/self/fd').length;
  await readFile(within('text'));
  const before = open();
  const asks = [];
  for (let i = 0; i < 2000; i++) {
    asks.push(readFile(within('text')), stat(within('text')), access(within('text')),
              readFile(within('missing')).catch(() => {}), stat(folder));
  }
  await Promise.all(asks);
  assert.strictEqual(open(), before);
}

/** The numbers of one answer are not those of the next one. */
async function keepsAnswersApart() {
  fs.writeFileSync(within('one'), '1');
  fs.writeFileSync(within('two'), '22');
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => stat(within(i % 2 ? 'one' : 'two'))));
  assert.deepStrictEqual(answers.map(({ size }) => size), answers.map((_, i) => i % 2 ? 1 : 2));
  const texts = await Promise.all(Array.from({ length: 100 }, (_, i) => readFile(within(i % 2 ? 'one' : 'two'))));
  assert.deepStrictEqual(texts.map(String), texts.map((_, i) => i % 2 ? '1' : '22'));
}

(async () => {
  try {
    await findsWhatIsThere();
    await tellsWhatIsWrong();
    await followsChanges();
    await waitsForPipes();
    await sharesTheLoop();
    await leavesNothingOpen();
    await keepsAnswersApart();
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
})();
