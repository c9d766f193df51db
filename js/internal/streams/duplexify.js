// Node's `stream.Duplex.from`: a duplex of whatever can be read or written.
'use strict';

const { AbortError, codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE } } = require('internal/errors');
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const Duplex = require('internal/streams/duplex');
const { Bridge } = require('internal/streams/bridge');
const { destroyer } = require('internal/streams/destroy');
const { eos } = require('internal/streams/end_of_stream');
const { from } = require('internal/streams/from');
const {
  isDuplexNodeStream, isIterable, isNodeStream, isReadable, isReadableNodeStream, isReadableStream,
  isWritable, isWritableNodeStream, isWritableStream,
} = require('internal/streams/utils');

// Shows in printed streams where they come from.
class Duplexify extends Duplex {}

/**
 * @param {unknown} body A stream, iterable, function, promise, Blob, or a pair `{ readable, writable }`.
 * @param {string} name What errors call it.
 * @returns {Duplex}
 * @throws {ERR_INVALID_ARG_TYPE | ERR_INVALID_RETURN_VALUE}
 */
function duplexify(body, name) {
  if (isDuplexNodeStream(body)) return body;
  if (isReadableNodeStream(body)) return fromPair({ readable: body });
  if (isWritableNodeStream(body)) return fromPair({ writable: body });
  if (isNodeStream(body)) return fromPair({ writable: false, readable: false });
  if (isReadableStream(body)) return fromPair({ readable: Readable.fromWeb(body) });
  if (isWritableStream(body)) return fromPair({ writable: Writable.fromWeb(body) });
  if (typeof body === 'function') return fromFunction(body, name);
  if (isBlob(body)) return duplexify(body.arrayBuffer());
  if (isIterable(body)) return from(Duplexify, body, { objectMode: true, writable: false });
  if (isReadableStream(body?.readable) && isWritableStream(body?.writable)) return Duplexify.fromWeb(body);
  if (typeof body?.writable === 'object' || typeof body?.readable === 'object') {
    return fromPair({ readable: sideOf(body.readable, isReadableNodeStream),
                      writable: sideOf(body.writable, isWritableNodeStream) });
  }
  if (typeof body?.then === 'function') return fromPromise(body);

  throw new ERR_INVALID_ARG_TYPE(name, [
    'Blob', 'ReadableStream', 'WritableStream', 'Stream', 'Iterable', 'AsyncIterable', 'Function',
    '{ readable, writable } pair', 'Promise',
  ], body);
}

function isBlob(body) {
  return body != null && typeof body === 'object' && require('buffer').Blob !== undefined &&
    body instanceof require('buffer').Blob;
}

function sideOf(side, isUsable) {
  if (!side) return undefined;
  return isUsable(side) ? side : duplexify(side);
}

function fromPromise(promise) {
  const duplex = new Duplexify({ objectMode: true, writable: false, read() {} });
  promise.then((value) => {
    if (value != null) duplex.push(value);
    duplex.push(null);
  }, (error) => {
    destroyer(duplex, error);
  });
  return duplex;
}

// The function gets what is written as an async iterable. What it yields can be read.
function fromFunction(fn, name) {
  const { value, write, final, destroy } = callWithInput(fn);

  if (isDuplexNodeStream(value)) return value;
  if (isIterable(value)) return from(Duplexify, value, { objectMode: true, write, final, destroy });
  if (typeof value?.then !== 'function') {
    throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or AsyncFunction', name, value);
  }

  const done = value.then((result) => {
    if (result != null) throw new ERR_INVALID_RETURN_VALUE('nully', 'body', result);
  }, (error) => {
    destroyer(duplex, error);
  });
  const duplex = new Duplexify({
    objectMode: true,
    readable: false,
    write,
    final(callback) {
      final(async () => {
        try {
          await done;
          process.nextTick(callback, null);
        } catch (error) {
          process.nextTick(callback, error);
        }
      });
    },
    destroy,
  });
  return duplex;
}

function callWithInput(fn) {
  let { promise, resolve } = Promise.withResolvers();
  const controller = new AbortController();
  const { signal } = controller;

  async function* input() {
    while (true) {
      const arrival = promise;
      promise = null;
      const { chunk, done, callback } = await arrival;
      process.nextTick(callback);
      if (done) return;
      if (signal.aborted) throw new AbortError(undefined, { cause: signal.reason });
      ({ promise, resolve } = Promise.withResolvers());
      yield chunk;
    }
  }

  function deliver(message) {
    const arrive = resolve;
    resolve = null;
    arrive(message);
  }

  return {
    value: fn(input(), { signal }),
    write(chunk, encoding, callback) {
      deliver({ chunk, done: false, callback });
    },
    final(callback) {
      deliver({ done: true, callback });
    },
    destroy(error, callback) {
      controller.abort(error);
      // The function shall not wait for what never comes.
      if (resolve !== null) deliver({ done: true, callback: nop });
      callback(error);
    },
  };
}

function nop() {}

function fromPair({ readable: source, writable: sink }) {
  if (source && typeof source.read !== 'function') source = Readable.wrap(source);
  const readable = !!isReadable(source);
  const writable = !!isWritable(sink);

  const bridge = new Bridge(new Duplexify({
    readableObjectMode: !!source?.readableObjectMode,
    writableObjectMode: !!sink?.writableObjectMode,
    readable,
    writable,
  }));

  if (writable) {
    eos(sink, (error) => {
      if (error) destroyer(source, error);
      bridge.close(error);
    });
    bridge.writeTo(sink);
    sink.on('finish', () => bridge.finish());
  }
  if (readable) {
    eos(source, (error) => {
      if (error) destroyer(sink, error);
      bridge.close(error);
    });
    bridge.readFrom(source);
  }
  bridge.destroyWith([sink, source], false);
  return bridge.duplex;
}

module.exports = { duplexify };
