// What is read of a file that the system has in memory: whole chunks but the last, and never inside the call.
'use strict';

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'read-chunk-'));
const file = path.join(folder, 'file');
const bytes = Buffer.alloc(200_000, 'ironode ');
fs.writeFileSync(file, bytes);

async function main() {
  const fd = fs.openSync(file, 'r');
  const read = (size, position) => new Promise((resolve, reject) => {
    let returned = false;
    fs.read(fd, Buffer.alloc(size), 0, size, position, (error, count, buffer) => {
      assert.ok(returned, 'the callback comes later');
      if (error) reject(error);
      else resolve(buffer.subarray(0, count));
    });
    returned = true;
  });
  // Where the descriptor stands: it moves on by what was read.
  assert.deepStrictEqual(await read(65536, null), bytes.subarray(0, 65536));
  assert.deepStrictEqual(await read(10, null), bytes.subarray(65536, 65546));
  assert.deepStrictEqual(await read(65536, 199_000), bytes.subarray(199_000));
  assert.deepStrictEqual(await read(65536, 200_000), Buffer.alloc(0));
  assert.deepStrictEqual(await read(300_000, 1), bytes.subarray(1));
  assert.deepStrictEqual(await read(65536, null), bytes.subarray(65546, 131_082));
  fs.closeSync(fd);
  await assert.rejects(read(10, 0), { code: 'EBADF', syscall: 'read' });

  const lengths = [];
  for await (const chunk of fs.createReadStream(file)) lengths.push(chunk.length);
  assert.deepStrictEqual(lengths, [65536, 65536, 65536, 3392]);

  const directory = fs.openSync(folder, 'r');
  await assert.rejects(fs.promises.readFile(folder), { code: 'EISDIR' });
  await new Promise((resolve) => {
    fs.read(directory, Buffer.alloc(10), 0, 10, null, (error) => {
      assert.strictEqual(error.code, 'EISDIR');
      resolve();
    });
  });
  fs.closeSync(directory);

  // A pipe gives what it has; who finds it empty waits.
  const program = 'const b = Buffer.alloc(100); const go = () => fs.read(0, b, 0, 100, null, (e, n) => {' +
    ' if (e) throw e; console.log(n, b.toString("utf8", 0, n)); if (n > 0) go(); }); go();';
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const seen = [];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    seen.push(...text.trim().split('\n'));
    if (seen.length === 1) child.stdin.end('b');
  });
  child.stdin.write('aa');
  await new Promise((resolve) => child.on('close', resolve));
  assert.deepStrictEqual(seen, ['2 aa', '1 b', '0']);
}

main().finally(() => fs.rmSync(folder, { recursive: true }));
