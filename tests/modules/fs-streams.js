// `fs.createReadStream` and `fs.createWriteStream`.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promises: { finished, pipeline } } = require('node:stream');
const { text } = require('node:stream/consumers');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-streams-'));
process.on('exit', () => fs.rmSync(directory, { recursive: true }));
const file = path.join(directory, 'file');
const other = path.join(directory, 'other');
fs.writeFileSync(file, 'hello world');

function record(stream, log) {
  for (const event of ['open', 'ready', 'end', 'finish', 'close']) stream.on(event, () => log.push(event));
  stream.on('error', (error) => log.push(error.code ?? error.message));
  return stream;
}
const closed = (stream) => new Promise((resolve) => { stream.on('close', resolve); });

async function reading() {
  const log = [];
  const stream = record(fs.createReadStream(file), log);
  assert.deepStrictEqual([stream.path, stream.flags, stream.mode], [file, 'r', 0o666]);
  assert.deepStrictEqual([stream.fd, stream.pending, stream.autoClose], [null, true, true]);
  stream.resume();
  await closed(stream);
  assert.deepStrictEqual(log, ['open', 'ready', 'end', 'close']);
  assert.deepStrictEqual([stream.bytesRead, stream.fd], [11, null]);

  assert.strictEqual(await text(fs.createReadStream(file, { start: 2, end: 4 })), 'llo');
  assert.strictEqual(await text(fs.createReadStream(file, { start: 9, highWaterMark: 1 })), 'ld');
  assert.strictEqual(await text(fs.createReadStream(file, { start: 50 })), '');
  assert.deepStrictEqual(await fs.createReadStream(file, { encoding: 'hex', highWaterMark: 6 }).toArray(),
                         ['68656c6c6f20', '776f726c64']);
  assert.strictEqual(await text(fs.createReadStream(Buffer.from(file), 'utf8')), 'hello world');

  const fd = fs.openSync(file);
  assert.strictEqual(await text(fs.createReadStream(null, { fd, start: 6, autoClose: false })), 'world');
  fs.closeSync(fd);
}

async function writing() {
  const log = [];
  const stream = record(fs.createWriteStream(file), log);
  stream.write('one ');
  stream.write('two ');
  stream.end('three');
  await closed(stream);
  assert.deepStrictEqual(log, ['open', 'ready', 'finish', 'close']);
  assert.strictEqual(stream.bytesWritten, 13);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'one two three');

  await finished(fs.createWriteStream(file, { flags: 'r+', start: 4, flush: true }).end('TWO'));
  await finished(fs.createWriteStream(file, { flags: 'a' }).end('!'));
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'one TWO three!');
  await finished(fs.createWriteStream(other, { encoding: 'hex', mode: 0o600 }).end('6162'));
  assert.strictEqual(fs.readFileSync(other, 'utf8'), 'ab');
  assert.strictEqual(fs.statSync(other).mode & 0o777, 0o600);

  fs.writeFileSync(other, Buffer.alloc(300000, 'x'));
  await pipeline(fs.createReadStream(other), fs.createWriteStream(file));
  assert.deepStrictEqual(fs.readFileSync(file), fs.readFileSync(other));

  const called = [];
  const closing = fs.createWriteStream(file, { autoClose: false });
  closing.close(() => called.push('closed'));
  await closed(closing);
  assert.deepStrictEqual([closing.fd, called], [null, ['closed']]);
}

async function failures() {
  const log = [];
  const missing = record(fs.createReadStream(path.join(directory, 'none')), log);
  await closed(missing);
  assert.deepStrictEqual(log, ['ENOENT', 'close']);

  log.length = 0;
  const unopened = record(fs.createWriteStream(path.join(directory, 'no', 'where')), log);
  unopened.write('x', (error) => log.push(`write ${error.code}`));
  await closed(unopened);
  assert.deepStrictEqual(log, ['write ENOENT', 'ENOENT', 'close']);

  const controller = new AbortController();
  const aborted = fs.createReadStream(file, { signal: controller.signal });
  controller.abort();
  await assert.rejects(text(aborted), { name: 'AbortError' });

  assert.throws(() => fs.createReadStream(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.createReadStream(file, { start: 3, end: 2 }), {
    code: 'ERR_OUT_OF_RANGE',
    message: 'The value of "start" is out of range. It must be <= "end" (here: 2). Received 3',
  });
  assert.throws(() => fs.createReadStream(file, { fd: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.createWriteStream(file, { flush: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.ReadStream.prototype.autoClose, { code: 'ERR_INVALID_THIS' });
}

// Functions of the program's own in the place of those of `fs`.
async function customFunctions() {
  const calls = [];
  const stream = fs.createWriteStream(file, {
    fs: {
      open: (...args) => { calls.push('open'); fs.open(...args); },
      write: (fd, buffer, offset, length, position, callback) => {
        calls.push(`write ${length}`);
        fs.write(fd, buffer, offset, Math.min(2, length), position, callback);
      },
      close: (...args) => { calls.push('close'); fs.close(...args); },
    },
  });
  stream.end('abc');
  await closed(stream);
  // What was not written at once is written then.
  assert.deepStrictEqual(calls, ['open', 'write 3', 'write 1', 'close']);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'abc');
  assert.throws(() => fs.createReadStream(file, { fs: { open() {} } }), { code: 'ERR_INVALID_ARG_TYPE' });
}

(async () => {
  for (const test of [reading, writing, failures, customFunctions]) await test();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
