// Makes web streams of Node's streams: `Readable.toWeb`, `Writable.toWeb`, `Duplex.toWeb`.
'use strict';

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { Buffer } = require('buffer');
const { kEmptyObject } = require('internal/util');
const { isAnyArrayBuffer, isSharedArrayBuffer } = require('internal/util/types');
const { validateObject, validateOneOf } = require('internal/validators');
const { destroyer } = require('internal/streams/destroy');
const { eos } = require('internal/streams/end_of_stream');
const {
  isDestroyed, isReadable, isReadableEnded, isWritable, isWritableEnded, isWritableNodeStream,
} = require('internal/streams/utils');
const { Deferred, nop, silence } = require('internal/webstreams/common');
const { ReadableStream } = require('internal/webstreams/readable_stream');
const { WritableStream } = require('internal/webstreams/writable_stream');
const { ByteLengthQueuingStrategy, CountQueuingStrategy } = require('internal/webstreams/queuing_strategies');

/**
 * @typedef {object} Internal
 * @property {(chunk: unknown) => unknown} [convert] what becomes of chunks that are written
 * @property {(error: Error | undefined) => Error | undefined} [toError] what becomes of errors
 */

/** The error that a web stream gets of what `finished` says: being cut short is an abort there. */
function toWebError(error) {
  if (error?.code !== 'ERR_STREAM_PREMATURE_CLOSE') return error;
  return new AbortError(undefined, { cause: error });
}

function errorsOf({ toError }) {
  return toError === undefined ? toWebError : (error) => toError(toWebError(error));
}

function readableStrategy(stream, strategy) {
  if (strategy) return strategy;
  const { readableHighWaterMark: highWaterMark } = stream;
  return stream.readableObjectMode ?
    new CountQueuingStrategy({ highWaterMark }) :
    new ByteLengthQueuingStrategy({ highWaterMark });
}

/** The source of a web stream that lets a Node stream flow while there is room. */
class NodeSource {
  #stream;
  #isBytes;
  #controller;
  #cleanup;
  #isThrough = false;
  #toError;

  constructor(stream, isBytes, toError) {
    this.#stream = stream;
    this.#isBytes = isBytes;
    this.#toError = toError;
    if (isBytes) this.type = 'bytes';
  }

  start(controller) {
    const stream = this.#stream;
    this.#controller = controller;
    stream.pause();
    this.#cleanup = eos(stream, { writable: false }, (error) => this.#end(this.#toError(error)));
    stream.on('data', (chunk) => this.#onData(chunk));
  }

  pull() {
    this.#stream.resume();
  }

  cancel(reason) {
    this.#isThrough = true;
    destroyer(this.#stream, reason);
  }

  #onData(chunk) {
    if (this.#isThrough) return;
    const controller = this.#controller;
    // The memory of a web stream's chunk belongs to who reads it.
    const isOurs = Buffer.isBuffer(chunk) && !this.#stream.readableObjectMode;
    controller.enqueue(isOurs ? new Uint8Array(chunk) : chunk);
    if (controller.desiredSize <= 0) this.#stream.pause();
  }

  #end(error) {
    this.#cleanup();
    this.#stream.on('error', nop);
    if (this.#isThrough) return;
    this.#isThrough = true;
    if (error) {
      this.#controller.error(error);
      return;
    }
    this.#controller.close();
    if (this.#isBytes) this.#controller.byobRequest?.respond(0);
  }
}

/**
 * `Readable.toWeb`
 * @param {import('stream').Readable} streamReadable
 * @param {{ strategy?: object, type?: 'bytes' }} [options]
 * @param {Internal} [internal]
 * @returns {ReadableStream}
 * @throws {ERR_INVALID_ARG_TYPE | ERR_INVALID_ARG_VALUE}
 */
function toReadableStream(streamReadable, options = kEmptyObject, internal = kEmptyObject) {
  if (typeof streamReadable?._readableState !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', streamReadable);
  }
  validateObject(options, 'options');
  const { type } = options;
  if (type !== undefined) validateOneOf(type, 'options.type', ['bytes', undefined]);

  if (isDestroyed(streamReadable) || !isReadable(streamReadable)) {
    return endedReadableStream(streamReadable, type);
  }
  const source = new NodeSource(streamReadable, type === 'bytes', errorsOf(internal));
  const strategy = type === 'bytes' ?
    { highWaterMark: streamReadable.readableHighWaterMark } :
    readableStrategy(streamReadable, options.strategy);
  return new ReadableStream(source, strategy);
}

/** What a stream becomes that is through. */
function endedReadableStream(stream, type) {
  return new ReadableStream({
    type,
    start(controller) {
      if (isReadableEnded(stream) || stream.readable === false && !isDestroyed(stream)) {
        controller.close();
      } else {
        controller.error(stream.errored ?? new AbortError());
      }
    },
  });
}

/** The sink of a web stream that writes to a Node stream. */
class NodeSink {
  #stream;
  #convert;
  #controller;
  #cleanup;
  // Settled when there is room again
  #room = undefined;
  // Settled when the stream has finished
  #closed = undefined;
  #isThrough = false;
  #toError;

  constructor(stream, convert, toError) {
    this.#stream = stream;
    this.#convert = convert;
    this.#toError = toError;
  }

  start(controller) {
    const stream = this.#stream;
    this.#controller = controller;
    this.#cleanup = eos(stream, (error) => this.#end(this.#toError(error)));
    stream.on('drain', () => {
      this.#room?.resolve();
      this.#room = undefined;
    });
  }

  write(chunk) {
    const stream = this.#stream;
    if (this.#convert === undefined) stream.write(chunk);
    else this.#writeConverted(chunk);
    if (!stream.writableNeedDrain) return undefined;
    this.#room = new Deferred();
    return this.#room.promise;
  }

  // What is refused is an error of both sides.
  #writeConverted(chunk) {
    try {
      this.#stream.write(this.#convert(chunk));
    } catch (error) {
      destroyer(this.#stream, error);
      throw error;
    }
  }

  abort(reason) {
    destroyer(this.#stream, reason);
  }

  close() {
    if (this.#closed === undefined && !isWritableEnded(this.#stream)) this.#stream.end();
    this.#closed = new Deferred();
    return this.#closed.promise;
  }

  #end(error) {
    this.#cleanup();
    this.#stream.on('error', nop);
    if (this.#isThrough) return;
    this.#isThrough = true;
    if (error) {
      this.#room?.rejectQuietly(error);
      this.#closed?.rejectQuietly(error);
      this.#controller.error(error);
    } else if (this.#closed !== undefined) {
      this.#closed.resolve();
    } else {
      this.#controller.error(new AbortError());
    }
  }
}

/**
 * `Writable.toWeb`
 * @param {import('stream').Writable} streamWritable
 * @param {Internal} [internal]
 * @returns {WritableStream}
 * @throws {ERR_INVALID_ARG_TYPE}
 */
function toWritableStream(streamWritable, internal = kEmptyObject) {
  // Responses of HTTP are writable, and have no state of Writable's.
  if (!isWritableNodeStream(streamWritable)) {
    throw new ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', streamWritable);
  }
  if (isDestroyed(streamWritable) || !isWritable(streamWritable)) return closedWritableStream();
  const { writableHighWaterMark: highWaterMark } = streamWritable;
  const strategy = streamWritable.writableObjectMode ?
    new CountQueuingStrategy({ highWaterMark }) :
    { highWaterMark, size: sizeOfChunk };
  return new WritableStream(new NodeSink(streamWritable, internal.convert, errorsOf(internal)), strategy);
}

function sizeOfChunk(chunk) {
  const size = chunk?.byteLength ?? chunk?.length;
  return typeof size === 'number' ? size : 1;
}

function closedWritableStream() {
  const stream = new WritableStream();
  silence(stream.close());
  return stream;
}

/**
 * `Duplex.toWeb`
 * @param {import('stream').Duplex} duplex
 * @param {{ readableType?: 'bytes', type?: 'bytes' }} [options] two names of one option
 * @param {Internal} [internal]
 * @returns {{ readable: ReadableStream, writable: WritableStream }}
 * @throws {ERR_INVALID_ARG_TYPE}
 */
function toPair(duplex, options = kEmptyObject, internal = kEmptyObject) {
  if (typeof duplex?._writableState !== 'object' || typeof duplex?._readableState !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  }
  validateObject(options, 'options');
  const type = options.readableType ?? options.type;
  if (type !== undefined) validateOneOf(type, 'options.readableType', ['bytes', undefined]);

  if (isDestroyed(duplex)) {
    const readable = new ReadableStream({ type });
    const writable = closedWritableStream();
    readable.cancel();
    return { readable, writable };
  }
  const writable = isWritable(duplex) ? toWritableStream(duplex, internal) : closedWritableStream();
  if (isReadable(duplex)) return { writable, readable: toReadableStream(duplex, { type }, internal) };
  const readable = new ReadableStream({ type });
  readable.cancel();
  return { writable, readable };
}

/** What compression streams take: bytes that are not shared, and what Node's streams take. */
function toCompressible(chunk) {
  if (isSharedArrayBuffer(chunk) || (ArrayBuffer.isView(chunk) && isSharedArrayBuffer(chunk.buffer))) {
    throw new ERR_INVALID_ARG_TYPE('chunk', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], chunk);
  }
  if (isAnyArrayBuffer(chunk)) return new Uint8Array(chunk);
  return chunk;
}

module.exports = { toCompressible, toPair, toReadableStream, toWritableStream };
