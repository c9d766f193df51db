// `stream`: what the module and its classes look like.
'use strict';

const assert = require('node:assert');
const { inspect, promisify } = require('node:util');
const EventEmitter = require('node:events');
const Stream = require('node:stream');

const { Duplex, PassThrough, Readable, Transform, Writable } = Stream;

assert.strictEqual(Stream.Stream, Stream);
assert.strictEqual(Stream.promises, require('node:stream/promises'));
assert.strictEqual(Stream.finished[promisify.custom], Stream.promises.finished);
assert.strictEqual(Stream.pipeline[promisify.custom], Stream.promises.pipeline);
assert.deepStrictEqual(Object.keys(require('node:stream/consumers')), [
  'arrayBuffer', 'blob', 'buffer', 'bytes', 'text', 'json',
]);

// Classes can be called without new, as they could before there were classes.
for (const Class of [Readable, Writable, Duplex, Transform, PassThrough]) {
  assert.ok(Class({}) instanceof Class);
  assert.ok(new Class() instanceof EventEmitter);
}
assert.ok(new Duplex() instanceof Readable);
assert.ok(new Duplex() instanceof Writable);
assert.ok(!(new Readable() instanceof Writable));
assert.ok(!({} instanceof Writable));

// Limits.
assert.strictEqual(new Readable().readableHighWaterMark, 65536);
assert.strictEqual(new Writable({ objectMode: true }).writableHighWaterMark, 16);
const sides = new Duplex({ readableObjectMode: true, writableHighWaterMark: 5 });
assert.deepStrictEqual(
  [sides.readableObjectMode, sides.writableObjectMode],
  [true, false]);
assert.deepStrictEqual([sides.readableHighWaterMark, sides.writableHighWaterMark], [16, 5]);
Stream.setDefaultHighWaterMark(true, 3);
assert.strictEqual(new Readable({ objectMode: true }).readableHighWaterMark, 3);
Stream.setDefaultHighWaterMark(true, 16);
assert.strictEqual(Stream.getDefaultHighWaterMark(false), 65536);
assert.throws(() => Stream.setDefaultHighWaterMark(false, -1), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => new Readable({ highWaterMark: 'x' }), {
  code: 'ERR_INVALID_ARG_VALUE',
  message: "The property 'options.highWaterMark' is invalid. Received 'x'",
});
assert.throws(() => new Writable({ defaultEncoding: 'zz' }), { code: 'ERR_UNKNOWN_ENCODING' });

// Questions about streams.
const readable = new Readable({ read() {} });
assert.deepStrictEqual(
  [Stream.isReadable(readable), Stream.isWritable(readable), Stream.isErrored(readable),
   Stream.isDisturbed(readable), Stream.isDestroyed(readable)],
  [true, null, false, false, false]);
readable.destroy();
assert.deepStrictEqual(
  [Stream.isReadable(readable), Stream.isDisturbed(readable), Stream.isDestroyed(readable)],
  [false, true, true]);
assert.strictEqual(readable.readableAborted, true);
assert.strictEqual(Stream.isReadable({}), null);

// What is printed.
assert.match(inspect(new Writable()), /^Writable \{\n {2}_events: \{\n {4}close: undefined,/);
assert.deepStrictEqual(new PassThrough().eventNames(), ['prefinish']);

// The first streams' pipe.
const source = new Stream();
const dest = new Stream();
const calls = [];
dest.writable = true;
dest.write = (chunk) => { calls.push(chunk); return chunk !== 'stop'; };
dest.end = () => calls.push('end');
source.pause = () => calls.push('pause');
assert.strictEqual(source.pipe(dest), dest);
source.emit('data', 'go');
source.emit('data', 'stop');
source.emit('end');
assert.deepStrictEqual(calls, ['go', 'stop', 'pause', 'end']);
assert.strictEqual(source.listenerCount('data'), 0);
