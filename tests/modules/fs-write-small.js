// `writeFile` where a file is there already: what it held is gone, whatever was longer, linked or not an ordinary file.
'use strict';

const assert = require('assert');
const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'write-small-'));
const within = (name) => path.join(folder, name);
const inode = (file) => fs.statSync(file).ino;

/** The ways to write a file, which have to agree. */
const ways = {
  sync: async (...args) => fs.writeFileSync(...args),
  callback: (...args) => new Promise((resolve, reject) => {
    fs.writeFile(...args, (error) => error ? reject(error) : resolve());
  }),
  promise: (...args) => fs.promises.writeFile(...args),
};

async function replaces(write) {
  const file = within('file');
  fs.writeFileSync(file, 'old '.repeat(5000), { mode: 0o640 });
  fs.linkSync(file, within('hard'));
  fs.symlinkSync('file', within('soft'));
  const number = inode(file);
  for (const size of [4096, 4097, 1, 0, 10, 4095, 20000, 3]) {
    const text = 'n'.repeat(size);
    await write(within('soft'), text);
    assert.strictEqual(fs.readFileSync(file, 'latin1'), text);
    await write(file, Buffer.from(text.toUpperCase()));
    assert.strictEqual(fs.readFileSync(within('hard'), 'latin1'), text.toUpperCase());
  }
  assert.strictEqual(inode(file), number);
  assert.strictEqual(fs.statSync(file).mode & 0o777, 0o640);
  assert.strictEqual(fs.lstatSync(within('soft')).isSymbolicLink(), true);

  fs.utimesSync(file, 1, 1);
  await write(file, 'NNN');
  assert.strictEqual(fs.statSync(file).mtimeMs > 1e12, true);

  await write(file, 'more', { flag: 'a' });
  assert.strictEqual(fs.readFileSync(file, 'latin1'), 'NNNmore');
  await write(file, 'XX', { flag: 'r+' });
  assert.strictEqual(fs.readFileSync(file, 'latin1'), 'XXNmore');
  await write(file, 'both', { flag: 'w+' });
  assert.strictEqual(fs.readFileSync(file, 'latin1'), 'both');
  await assert.rejects(write(file, 'x', { flag: 'wx' }), { code: 'EEXIST', syscall: 'open' });
  assert.strictEqual(fs.readFileSync(file, 'latin1'), 'both');
  await assert.rejects(write(folder, 'x'), { code: 'EISDIR', syscall: 'open' });
  await assert.rejects(write(within('none/file'), 'x'), { code: 'ENOENT', syscall: 'open' });
  for (const name of ['file', 'hard', 'soft']) fs.unlinkSync(within(name));
}

/** Who reads a pipe sees one writer and one end. */
async function writesIntoPipes(write) {
  const pipe = within('pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  reader.stdout.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
  const ended = new Promise((resolve) => reader.on('close', resolve));
  await write(pipe, 'through the pipe');
  assert.strictEqual(await ended, 0);
  assert.strictEqual(text, 'through the pipe');
  fs.unlinkSync(pipe);
}

(async () => {
  try {
    for (const write of Object.values(ways)) {
      await replaces(write);
      if (write !== ways.sync) await writesIntoPipes(write);
      await write('/dev/null', 'nothing');
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
})();
