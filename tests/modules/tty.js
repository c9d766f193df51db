// `tty` and the standard streams of this process, whatever they are connected to.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const tty = require('node:tty');

for (const fd of [-1, 1.5, 'a', null, 2 ** 31]) assert.strictEqual(tty.isatty(fd), false);
for (const Stream of [tty.ReadStream, tty.WriteStream]) {
  assert.throws(() => new Stream(-1), { code: 'ERR_INVALID_FD', name: 'RangeError' });
}
const nowhere = fs.openSync('/dev/null');
assert.throws(() => new tty.ReadStream(nowhere), {
  code: 'ERR_TTY_INIT_FAILED',
  message: 'TTY initialization failed: uv_tty_init returned EINVAL (invalid argument)',
});

/** What a child says of its standard streams. */
function describe(stdio, input) {
  const program = `
    const describe = (it) => [it.constructor.name, it.fd, it._type, it.readable, it.writable, it.isTTY];
    require('fs').writeSync(2, JSON.stringify([describe(process.stdin), describe(process.stdout)]));`;
  const { stderr } = spawnSync(process.execPath, ['-e', program], { stdio, input });
  return JSON.parse(stderr.toString());
}
assert.deepStrictEqual(describe(['pipe', 'pipe', 'pipe'], 'x'), [
  ['Socket', 0, null, true, false, null],
  ['Socket', 1, 'pipe', false, true, null],
]);
assert.deepStrictEqual(describe([nowhere, nowhere, 'pipe']), [
  ['ReadStream', 0, null, true, null, null],
  ['SyncWriteStream', 1, 'fs', false, true, null],
]);
fs.closeSync(nowhere);

// All of a large input goes through; what nobody reads holds nothing up.
const echo = 'process.stdin.pipe(process.stdout)';
const large = Buffer.alloc(3e6, 'line\n');
const options = { input: large, maxBuffer: Infinity };
const { stdout, status } = spawnSync(process.execPath, ['-e', echo], options);
assert.deepStrictEqual([stdout.equals(large), status], [true, 0]);
const silent = 'process.stdin; process.stdin.once("data", () => process.stdin.pause())';
assert.strictEqual(spawnSync(process.execPath, ['-e', silent], { input: 'x' }).status, 0);
