// Node's `stream`: the base class of streams, and with it the whole family.
'use strict';

const { Buffer } = require('buffer');
const { promisify } = require('internal/util');
const utils = require('internal/streams/utils');
const { Stream } = require('internal/streams/legacy');
const Readable = require('internal/streams/readable');
const { pipeline } = require('internal/streams/pipeline');
const { eos } = require('internal/streams/end_of_stream');
const { getDefaultHighWaterMark, setDefaultHighWaterMark } = require('internal/streams/state');
const promises = require('stream/promises');

Stream.isDestroyed = utils.isDestroyed;
Stream.isDisturbed = utils.isDisturbed;
Stream.isErrored = utils.isErrored;
Stream.isReadable = utils.isReadable;
Stream.isWritable = utils.isWritable;

Stream.Readable = Readable;
Stream.Writable = require('internal/streams/writable');
Stream.Duplex = require('internal/streams/duplex');
Stream.Transform = require('internal/streams/transform');
Stream.PassThrough = require('internal/streams/passthrough');
Stream.duplexPair = require('internal/streams/duplexpair');
Stream.pipeline = pipeline;
Stream.addAbortSignal = require('internal/streams/add_abort_signal').addAbortSignal;
Stream.finished = eos;
Stream.destroy = require('internal/streams/destroy').destroyer;
Stream.compose = require('internal/streams/compose').compose;
Stream.setDefaultHighWaterMark = setDefaultHighWaterMark;
Stream.getDefaultHighWaterMark = getDefaultHighWaterMark;

Object.defineProperty(Stream, 'promises', {
  configurable: true,
  enumerable: true,
  get() { return promises; },
});
for (const [method, withPromise] of [[pipeline, promises.pipeline], [eos, promises.finished]]) {
  Object.defineProperty(method, promisify.custom, { enumerable: true, get() { return withPromise; } });
}

// The class is the module, as it was when there was only one.
Stream.Stream = Stream;

Stream._isArrayBufferView = ArrayBuffer.isView;
Stream._isUint8Array = function isUint8Array(value) { return value instanceof Uint8Array; };
Stream._uint8ArrayToBuffer = function _uint8ArrayToBuffer(chunk) {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
};

module.exports = Stream;
