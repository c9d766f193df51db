// Streams that are handed over to another thread, or to a copy: each becomes a stream that a port feeds or drains.
// A read or write of the program's keeps the event loop alive; what the runtime does for the other side does not.
'use strict';

const { dataCloneError } = require('internal/messaging/transfer_list');

/** The streams that have arrived and wait for their ports. */
const arriving = new WeakMap();
/** The channels of streams that are about to be handed over. */
const leaving = new WeakMap();

const noop = () => {};

function errorOf(reason) {
  return { type: 'error', value: reason };
}

/** Posts an error, or what can be cloned in its place; the channel then ends. */
function postError(port, reason) {
  try {
    port.postMessage(errorOf(reason));
  } catch (error) {
    port.postMessage(errorOf(error));
  } finally {
    port.close();
  }
}

/** Reads from a port what the other side writes. */
class PortSource {
  #port;
  #isProgram;
  #controller;
  #pulled = Promise.withResolvers();
  #opened = Promise.withResolvers();

  /** @param {boolean} isProgram  whether the program works with the stream */
  constructor(isProgram) {
    this.#isProgram = isProgram;
  }

  start(controller) {
    this.#controller = controller;
  }

  open(port) {
    this.#port = port;
    port.on('message', (message) => this.#onMessage(message));
    port.unref();
    this.#opened.resolve();
  }

  #onMessage({ type, value }) {
    this.#port.unref();
    if (type === 'chunk') {
      this.#controller.enqueue(value);
      this.#pulled.resolve();
      return;
    }
    if (type === 'close') this.#controller.close();
    else this.#controller.error(value);
    this.#pulled.resolve();
    this.#port.close();
  }

  async pull() {
    await this.#opened.promise;
    this.#pulled = Promise.withResolvers();
    if (this.#isProgram) this.#port.ref();
    this.#port.postMessage({ type: 'pull' });
    return this.#pulled.promise;
  }

  cancel(reason) {
    postError(this.#port, reason);
  }
}

/** Writes to a port what the other side reads. */
class PortSink {
  #port;
  #isProgram;
  #controller;
  #wanted = Promise.withResolvers();

  /** @param {boolean} isProgram  whether the program works with the stream */
  constructor(isProgram) {
    this.#isProgram = isProgram;
  }

  start(controller) {
    this.#controller = controller;
  }

  open(port) {
    this.#port = port;
    port.on('message', (message) => this.#onMessage(message));
    port.unref();
  }

  #onMessage({ type, value }) {
    this.#port.unref();
    if (type === 'error') this.#controller.error(value);
    this.#wanted.resolve();
  }

  async write(chunk) {
    if (this.#isProgram) this.#port.ref();
    await this.#wanted.promise;
    this.#wanted = Promise.withResolvers();
    try {
      this.#port.postMessage({ type: 'chunk', value: chunk });
    } catch (error) {
      postError(this.#port, error);
      throw error;
    }
  }

  close() {
    this.#port.postMessage({ type: 'close' });
    this.#port.close();
  }

  abort(reason) {
    postError(this.#port, reason);
  }
}

/** A stream that will read from a port. */
function TransferredReadableStream() {
  const { ReadableStream } = require('internal/webstreams/readable_stream');
  const source = new PortSource(true);
  const stream = new ReadableStream(source, { highWaterMark: 0 });
  arriving.set(stream, source);
  return stream;
}

/** A stream that will write to a port. */
function TransferredWritableStream() {
  const { WritableStream } = require('internal/webstreams/writable_stream');
  const sink = new PortSink(true);
  const stream = new WritableStream(sink);
  arriving.set(stream, sink);
  return stream;
}

/** Opens the channel of a stream that is about to be handed over; returns what goes along. */
function openChannel(stream) {
  if (stream.locked) throw dataCloneError(`Cannot transfer a locked ${stream.constructor.name}`);
  const { MessageChannel } = require('internal/messaging');
  const channel = new MessageChannel();
  leaving.set(stream, channel);
  return [channel.port2];
}

function channelOf(stream) {
  const channel = leaving.get(stream);
  leaving.delete(stream);
  return channel;
}

/** Hands a readable stream over: what is left here is read from it and posted. */
function transferReadable(stream) {
  const { port1, port2 } = channelOf(stream);
  const { WritableStream } = require('internal/webstreams/writable_stream');
  const sink = new PortSink(false);
  const writable = new WritableStream(sink);
  sink.open(port1);
  stream.pipeTo(writable).then(noop, noop);
  return { data: { port: port2 }, deserializeInfo: 'internal/webstreams/transfer:TransferredReadableStream' };
}

/** Hands a writable stream over: what is posted here is written to it. */
function transferWritable(stream) {
  const { port1, port2 } = channelOf(stream);
  const { ReadableStream } = require('internal/webstreams/readable_stream');
  const source = new PortSource(false);
  const readable = new ReadableStream(source, { highWaterMark: 0 });
  source.open(port1);
  readable.pipeTo(stream).then(noop, noop);
  return { data: { port: port2 }, deserializeInfo: 'internal/webstreams/transfer:TransferredWritableStream' };
}

/** Gives a stream that has arrived its port. */
function arrive(stream, { port }) {
  arriving.get(stream).open(port);
}

module.exports = {
  TransferredReadableStream,
  TransferredWritableStream,
  arrive,
  openChannel,
  transferReadable,
  transferWritable,
};
