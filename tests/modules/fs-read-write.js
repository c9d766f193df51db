// `fs`: opening, reading, writing and closing, with all forms of arguments.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');

process.chdir(fs.mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'fs-read-write-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

const pending = [];

/** Runs a callback function; its callback's arguments are given to `check` once it was called. */
function later(start, check) {
  let called = false;
  pending.push(new Promise((resolve, reject) => {
    start((...args) => {
      try {
        assert.ok(called, 'the callback is never called at once');
        check(...args);
        resolve();
      } catch (error) {
        reject(error);
      }
    });
    called = true;
  }));
}

fs.writeFileSync('numbers', '0123456789');
const fd = fs.openSync('numbers', 'r+');

{
  const buffer = Buffer.alloc(6, '.');
  assert.strictEqual(fs.readSync(fd, buffer, 1, 3, 2), 3);
  assert.strictEqual(buffer.toString(), '.234..');
  assert.strictEqual(fs.readSync(fd, buffer, { offset: 4, position: 0 }), 2);
  assert.strictEqual(buffer.toString(), '.23401');
  assert.strictEqual(fs.readSync(fd, buffer, 0, 0, 0), 0);
  assert.strictEqual(fs.readSync(fd, buffer, 0, 2, 8n), 2);
  assert.strictEqual(buffer.toString(), '893401');
  assert.strictEqual(fs.readSync(fd, buffer, 0, 6, 20), 0);
  assert.strictEqual(fs.readSync(fd, new Uint16Array(2)), 4);
  const first = new Uint8Array(3);
  const second = new DataView(new ArrayBuffer(4));
  assert.strictEqual(fs.readvSync(fd, [first, second], 1), 7);
  assert.deepStrictEqual([...first], [0x31, 0x32, 0x33]);
  assert.strictEqual(second.getUint8(3), 0x37);
  assert.throws(() => fs.readvSync(fd, []), { code: 'EINVAL', syscall: 'read' });
}

{
  const out = fs.openSync('out', 'w+');
  assert.strictEqual(fs.writeSync(out, Buffer.from('abcdef')), 6);
  assert.strictEqual(fs.writeSync(out, Buffer.from('XYZ'), 1, 1, 0), 1);
  assert.strictEqual(fs.writeSync(out, Buffer.from('12'), { position: 4 }), 2);
  assert.strictEqual(fs.writeSync(out, 'é€\ud800'), 8);
  assert.strictEqual(fs.writeSync(out, 'é', null, 'latin1'), 1);
  assert.strictEqual(fs.writeSync(out, '6869', 2, 'hex'), 2);
  assert.strictEqual(fs.writevSync(out, [Buffer.from('v'), new Uint8Array([0x77])]), 2);
  assert.strictEqual(fs.writevSync(out, []), 0);
  assert.strictEqual(fs.readFileSync('out', 'latin1'), 'Ybhi12\xc3\xa9\xe2\x82\xac\xef\xbf\xbd\xe9vw');
  fs.ftruncateSync(out, 3);
  fs.fsyncSync(out);
  fs.fdatasyncSync(out);
  assert.strictEqual(fs.fstatSync(out).size, 3);
  fs.closeSync(out);
  fs.truncateSync('out', 1);
  assert.strictEqual(fs.readFileSync('out', 'utf8'), 'Y');
  fs.truncateSync('out');
  assert.strictEqual(fs.statSync('out').size, 0);
}

{
  const before = fs.openSync('numbers', 'r');
  const message = 'EBADF: bad file descriptor, write';
  assert.throws(() => fs.writeSync(before, 'x'), (thrown) => {
    assert.deepStrictEqual(Object.keys(thrown), ['errno', 'syscall', 'code']);
    assert.deepStrictEqual([thrown.message, thrown.errno, thrown.code], [message, -9, 'EBADF']);
    return true;
  });
  later((done) => fs.write(before, 'x', done), (thrown, written, text) => {
    assert.deepStrictEqual(Object.keys(thrown), ['errno', 'code', 'syscall']);
    assert.deepStrictEqual([thrown.message, written, text], [message, 0, 'x']);
  });
}

later((done) => fs.read(fd, done), (error, count, buffer) => {
  assert.deepStrictEqual([error, count, buffer.length], [null, 6, 16384]);
});
later((done) => fs.read(fd, { buffer: Buffer.alloc(2), position: 4 }, done), (error, count, buffer) => {
  assert.deepStrictEqual([error, count, buffer.toString()], [null, 2, '45']);
});
const part = { offset: 1, length: 1, position: 9 };
later((done) => fs.read(fd, Buffer.alloc(3), part, done), (error, count, buffer) => {
  assert.deepStrictEqual([error, count, [...buffer]], [null, 1, [0, 0x39, 0]]);
});
later((done) => fs.readv(fd, [Buffer.alloc(1), Buffer.alloc(1)], 3, done), (error, count, buffers) => {
  assert.deepStrictEqual([error, count, buffers.join('|')], [null, 2, '3|4']);
});
later((done) => fs.open('shared', 'w', 0o600, done), (error, out) => {
  assert.strictEqual(error, null);
  assert.strictEqual(fs.fstatSync(out).mode & 0o777, 0o600);
  const bytes = Buffer.from('bytes');
  later((next) => fs.write(out, bytes, 1, 2, 0, next), (failure, written, given) => {
    assert.deepStrictEqual([failure, written], [null, 2]);
    assert.strictEqual(given, bytes);
    later((last) => fs.writev(out, [bytes, bytes], 2, last), (problem, count) => {
      assert.deepStrictEqual([problem, count], [null, 10]);
      assert.strictEqual(fs.readFileSync('shared', 'utf8'), 'ytbytesbytes');
      later((closed) => fs.close(out, closed), (...args) => assert.deepStrictEqual(args, [null]));
    });
  });
});

// Flags as text and as numbers.
assert.throws(() => fs.openSync('numbers', 'wx'), { code: 'EEXIST', path: 'numbers' });
assert.throws(() => fs.openSync('numbers', 'rw'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.openSync('numbers', 1.5), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.openSync('numbers', 'r', '8'), { code: 'ERR_INVALID_ARG_VALUE' });
fs.closeSync(fs.openSync('numbers', fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW));

// Arguments are checked at once, callbacks too.
assert.throws(() => fs.open('numbers'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.read(fd, Buffer.alloc(1), 0, 2, 0, () => {}), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.read(fd, Buffer.alloc(0), 0, 1, 0, () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.readSync(fd, Buffer.alloc(1), 0, 1, '0'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.writeSync(fd, 5), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.closeSync(-1), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => fs.closeSync(54321), { message: 'EBADF: bad file descriptor, close' });

(async () => {
  for (let i = 0; i < pending.length; i++) await pending[i];
  fs.closeSync(fd);
  assert.strictEqual(pending.length, 9);
})();
