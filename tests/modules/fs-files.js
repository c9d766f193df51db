// `fs`: whole files, read, written and appended to.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { pathToFileURL } = require('node:url');

process.chdir(fs.mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'fs-files-')));
process.on('exit', () => fs.rmSync(process.cwd(), { recursive: true }));

const text = 'zwölf €\u{1f600}\n';
fs.writeFileSync('text', text);
assert.strictEqual(fs.readFileSync('text', 'utf8'), text);
assert.strictEqual(fs.readFileSync('text', { encoding: 'UTF-8' }), text);
assert.deepStrictEqual(fs.readFileSync('text'), Buffer.from(text));
assert.strictEqual(fs.readFileSync(Buffer.from('text')).constructor, Buffer);
assert.strictEqual(fs.readFileSync(pathToFileURL('text'), 'base64'), Buffer.from(text).toString('base64'));
assert.strictEqual(fs.readFileSync('text', 'hex'), Buffer.from(text).toString('hex'));

// What a descriptor is read from is where it stands.
{
  const fd = fs.openSync('text');
  fs.readSync(fd, Buffer.alloc(2));
  assert.strictEqual(fs.readFileSync(fd, 'latin1').length, Buffer.byteLength(text) - 2);
  assert.strictEqual(fs.readFileSync(fd).length, 0);
  fs.closeSync(fd);
}

// Files that do not tell their size, and long ones.
assert.match(fs.readFileSync('/proc/self/status', 'utf8'), /^Name:/);
assert.match(String(fs.readFileSync('/proc/self/status')), /^Name:/);
for (const unit of ['x', 'ä', '€']) {
  const long = unit.repeat(1_500_000 / unit.length);
  fs.writeFileSync('long', long);
  assert.strictEqual(fs.readFileSync('long', 'utf8'), long);
  assert.strictEqual(fs.readFileSync('long').length, Buffer.byteLength(long));
}

// A buffer of the program's own.
{
  const own = Buffer.alloc(100, '.');
  const read = fs.readFileSync('text', { buffer: own });
  assert.strictEqual(read.buffer, own.buffer);
  assert.strictEqual(read.length, Buffer.byteLength(text));
  const make = (size) => Buffer.alloc(size);
  assert.strictEqual(fs.readFileSync('text', { buffer: make, encoding: 'utf8' }), text);
  assert.throws(() => fs.readFileSync('text', { buffer: Buffer.alloc(3) }), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: "The property 'options.buffer.byteLength' is smaller than the file size of " +
      `${Buffer.byteLength(text)} bytes. Received 3`,
  });
  assert.throws(() => fs.readFileSync('/proc/self/status', { buffer: new Uint8Array(3) }), {
    message: "The property 'options.buffer.byteLength' is too small to contain the entire file. Received 3",
  });
}

// Every kind of data.
for (const [data, options, expected] of [
  [new Uint16Array([0x6261]), undefined, 'ab'],
  [new DataView(new ArrayBuffer(2)), undefined, '\0\0'],
  ['6a6b', 'hex', 'jk'],
  ['é', 'latin1', '\xe9'],
  ['', null, ''],
  ['more', { flag: 'a', flush: true }, 'more'],
  ['end', { flag: 'a', mode: '600' }, 'moreend'],
]) {
  fs.writeFileSync('data', data, options);
  assert.strictEqual(fs.readFileSync('data', 'latin1'), expected);
}
fs.appendFileSync('data', '!');
fs.appendFileSync('data', Buffer.from('?'), { encoding: 'utf8' });
assert.strictEqual(fs.readFileSync('data', 'utf8'), 'moreend!?');
{
  const fd = fs.openSync('data', 'r+');
  fs.writeFileSync(fd, 'MORE');
  fs.appendFileSync(fd, 'End');
  fs.closeSync(fd);
  assert.strictEqual(fs.readFileSync('data', 'utf8'), 'MOREEnd!?');
}

// Failures.
const missing = { errno: -2, code: 'ENOENT', syscall: 'open', path: 'none/x' };
for (const fail of [
  () => fs.readFileSync('none/x'),
  () => fs.readFileSync('none/x', 'utf8'),
  () => fs.writeFileSync('none/x', ''),
  () => fs.writeFileSync('none/x', Buffer.alloc(1)),
]) {
  assert.throws(fail, (error) => {
    assert.deepStrictEqual({ ...error }, missing);
    assert.deepStrictEqual(Object.keys(error), Object.keys(missing));
    assert.strictEqual(error.message, "ENOENT: no such file or directory, open 'none/x'");
    return true;
  });
}
assert.throws(() => fs.readFileSync('.'), { message: 'EISDIR: illegal operation on a directory, read' });
assert.throws(() => fs.readFileSync('.', 'utf8'), {
  message: 'EISDIR: illegal operation on a directory, read',
});
assert.throws(() => fs.writeFileSync('/dev/full', 'x'), {
  message: 'ENOSPC: no space left on device, write',
});
assert.throws(() => fs.writeFileSync('x', 5), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => fs.readFileSync('text', 'nonsense'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.readFileSync('a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => fs.readFileSync('text', 'buffer'), { code: 'ERR_UNKNOWN_ENCODING' });
fs.closeSync(fs.openSync('huge', 'w'));
fs.truncateSync('huge', 2 ** 31);
assert.throws(() => fs.readFileSync('huge'), {
  name: 'RangeError',
  code: 'ERR_FS_FILE_TOO_LARGE',
  message: 'File size (2147483648) is greater than 2 GiB',
});
assert.throws(() => fs.readFileSync('huge', 'utf8'), { code: 'ERR_STRING_TOO_LONG' });
fs.unlinkSync('huge');

/** A callback function as a promise of its callback's arguments. */
function called(fn, ...args) {
  return new Promise((resolve) => { fn(...args, (...answer) => resolve(answer)); });
}

(async () => {
  assert.deepStrictEqual(await called(fs.readFile, 'text', 'utf8'), [null, text]);
  assert.deepStrictEqual(await called(fs.readFile, 'text'), [null, Buffer.from(text)]);
  assert.deepStrictEqual(await called(fs.readFile, 'text', { encoding: 'hex' }),
                         [null, Buffer.from(text).toString('hex')]);
  assert.deepStrictEqual(await called(fs.writeFile, 'later', 'first'), [null]);
  const second = Buffer.from(' second');
  assert.deepStrictEqual(await called(fs.appendFile, 'later', second, { flush: true }), [null]);
  assert.deepStrictEqual(await called(fs.readFile, 'later', { flag: 'r', buffer: Buffer.alloc(20) }),
                         [null, Buffer.from('first second')]);
  const [error, ...rest] = await called(fs.readFile, 'none/x', 'utf8');
  assert.deepStrictEqual([{ ...error }, rest], [missing, []]);
  assert.strictEqual(error.stack, "Error: ENOENT: no such file or directory, open 'none/x'");
  const [directory] = await called(fs.readFile, '.');
  assert.strictEqual(directory.message, "EISDIR: illegal operation on a directory, read '.'");
  const [full] = await called(fs.writeFile, '/dev/full', 'x');
  assert.strictEqual(full.message, 'ENOSPC: no space left on device, write');

  // Signals.
  for (const fn of [fs.readFile, fs.writeFile.bind(fs, 'text2')]) {
    const reason = new Error('enough');
    const [before] = await called(fn, 'text', { signal: AbortSignal.abort(reason) });
    assert.deepStrictEqual([before.name, before.code, before.cause], ['AbortError', 'ABORT_ERR', reason]);
    const controller = new AbortController();
    const answer = called(fn, 'text', { signal: controller.signal });
    controller.abort(reason);
    assert.strictEqual((await answer)[0].cause, reason);
    const unused = new AbortController();
    assert.strictEqual((await called(fn, 'text', { signal: unused.signal }))[0], null);
  }
})();
