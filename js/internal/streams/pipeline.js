// Node's `stream.pipeline`: connects streams, functions and iterables, and cleans up behind them.
'use strict';

const {
  AbortError, aggregateTwoErrors,
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE, ERR_MISSING_ARGS, ERR_STREAM_DESTROYED,
    ERR_STREAM_PREMATURE_CLOSE,
  },
} = require('internal/errors');
const { once } = require('internal/util');
const { validateAbortSignal, validateFunction } = require('internal/validators');
const Duplex = require('internal/streams/duplex');
const destroyImpl = require('internal/streams/destroy');
const { eos } = require('internal/streams/end_of_stream');
const {
  isIterable, isNodeStream, isReadable, isReadableFinished, isReadableNodeStream, isReadableStream,
  isTransformStream, isWebStream,
} = require('internal/streams/utils');

/**
 * @param {...unknown} streams Source, transforms and destination, or an array of them; then the callback,
 *   which gets an error or what a function at the end returned.
 * @returns {object} The last stream.
 */
function pipeline(...streams) {
  validateFunction(streams.at(-1), 'streams[stream.length - 1]');
  const callback = once(streams.pop());
  return pipelineImpl(streams, callback);
}

/**
 * `pipeline` with the callback apart.
 * @param {unknown[]} streams
 * @param {(error?: Error, value?: unknown) => void} callback
 * @param {{ signal?: AbortSignal, end?: boolean }} [options] `end: false` leaves the destination open.
 * @returns {object} The last stream.
 * @throws {ERR_MISSING_ARGS | ERR_INVALID_ARG_TYPE | ERR_INVALID_RETURN_VALUE}
 */
function pipelineImpl(streams, callback, options) {
  if (streams.length === 1 && Array.isArray(streams[0])) streams = streams[0];
  if (streams.length < 2) throw new ERR_MISSING_ARGS('streams');
  validateAbortSignal(options?.signal, 'options.signal');
  return new Pipeline(streams, callback, options).connect();
}

class Pipeline {
  #streams;
  #callback;
  #endsLast;
  // Given to functions; aborted when the pipeline is through
  #controller = new AbortController();
  #outerSignal;
  #outerSubscription;
  #error;
  #value;
  #destroys = [];
  // Listeners on a last stream that can still be read when all went well
  #lastStreamCleanups = [];
  // Connections that have not finished
  #pending = 0;

  constructor(streams, callback, options) {
    this.#streams = streams;
    this.#callback = callback;
    this.#endsLast = options?.end !== false;
    this.#outerSignal = options?.signal;
    if (this.#outerSignal) {
      const { addAbortListener } = require('events');
      this.#outerSubscription = addAbortListener(this.#outerSignal, () => this.#abort());
    }
  }

  connect() {
    const streams = this.#streams;
    const last = streams.length - 1;
    let current;
    for (let i = 0; i <= last; i++) {
      const stream = streams[i];
      const end = i < last || this.#endsLast;
      if (isNodeStream(stream)) this.#watch(stream, i, i === last, end);

      if (i === 0) current = this.#openSource(stream);
      else current = this.#feed(stream, current, i, i === last, end);
    }

    if (this.#controller.signal.aborted || this.#outerSignal?.aborted) process.nextTick(() => this.#abort());
    return current;
  }

  #feed(stream, source, index, isLast, end) {
    if (typeof stream === 'function') return this.#callFunction(stream, source, index, isLast, end);
    if (isNodeStream(stream)) return this.#feedNodeStream(stream, source, isLast, end);
    if (isWebStream(stream)) return this.#feedWebStream(stream, source, end);
    return Duplex.from(stream);
  }

  #abort() {
    this.#settle(new AbortError(undefined, { cause: this.#outerSignal?.reason }), false);
  }

  // A connection is through.
  #finish = (error) => {
    this.#settle(error, --this.#pending === 0);
  };

  #fail = (error) => {
    this.#settle(error, false);
  };

  #settle(error, isLast) {
    if (error && (!this.#error || saysLittle(this.#error))) this.#error = error;
    if (!this.#error && !isLast) return;

    while (this.#destroys.length > 0) this.#destroys.shift()(this.#error);
    this.#outerSubscription?.[Symbol.dispose]();
    this.#controller.abort();

    if (isLast) {
      if (!this.#error) this.#lastStreamCleanups.forEach((cleanup) => cleanup());
      process.nextTick(this.#callback, this.#error, this.#value);
    }
  }

  #watch(stream, index, isLast, end) {
    const staysReadable = isLast && isReadable(stream);
    if (end) {
      const cleanup = this.#destroyAtTheEnd(stream, !isLast, index > 0);
      if (staysReadable) this.#lastStreamCleanups.push(cleanup);
    }

    // Also errors that come after the stream was through
    const onError = (error) => {
      if (error && !saysLittle(error)) this.#fail(error);
    };
    stream.on('error', onError);
    if (staysReadable) {
      this.#lastStreamCleanups.push(() => stream.removeListener('error', onError));
    }
  }

  #destroyAtTheEnd(stream, reading, writing) {
    let finished = false;
    stream.on('close', () => { finished = true; });
    const cleanup = eos(stream, { readable: reading, writable: writing }, (error) => { finished = !error; });
    this.#destroys.push((error) => {
      if (finished) return;
      finished = true;
      destroyImpl.destroyer(stream, error || new ERR_STREAM_DESTROYED('pipe'));
    });
    return cleanup;
  }

  #openSource(source) {
    if (typeof source === 'function') {
      const iterable = source({ signal: this.#controller.signal });
      if (!isIterable(iterable)) {
        throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or Stream', 'source', iterable);
      }
      return iterable;
    }
    if (isIterable(source) || isReadableNodeStream(source) || isTransformStream(source)) return source;
    return Duplex.from(source);
  }

  #callFunction(fn, input, index, isLast, end) {
    input = toAsyncIterable(isTransformStream(input) ? input?.readable : input);
    const output = fn(input, { signal: this.#controller.signal });

    if (!isLast) {
      if (!isIterable(output, true)) {
        throw new ERR_INVALID_RETURN_VALUE('AsyncIterable', `transform[${index - 1}]`, output);
      }
      return output;
    }
    return this.#readResult(output, end);
  }

  // The caller of pipeline() gets a stream of what the function at the end yields or resolves to.
  #readResult(output, end) {
    const PassThrough = require('internal/streams/passthrough');
    const stream = new PassThrough({ objectMode: true });

    const then = output?.then;
    if (typeof then === 'function') {
      this.#pending++;
      then.call(output, (value) => {
        this.#value = value;
        if (value != null) stream.write(value);
        if (end) stream.end();
        process.nextTick(this.#finish);
      }, (error) => {
        stream.destroy(error);
        process.nextTick(this.#finish, error);
      });
    } else if (isIterable(output, true)) {
      this.#pending++;
      pumpToNode(output, stream, this.#finish, end);
    } else if (isReadableStream(output) || isTransformStream(output)) {
      this.#pending++;
      pumpToNode(output.readable || output, stream, this.#finish, end);
    } else {
      throw new ERR_INVALID_RETURN_VALUE('AsyncIterable or Promise', 'destination', output);
    }

    this.#lastStreamCleanups.push(this.#destroyAtTheEnd(stream, false, true));
    return stream;
  }

  #feedNodeStream(stream, source, isLast, end) {
    if (isReadableNodeStream(source)) {
      this.#pending += 2;
      const cleanup = pipe(source, stream, this.#finish, this.#fail, end);
      if (isLast && isReadable(stream)) this.#lastStreamCleanups.push(cleanup);
    } else if (isTransformStream(source) || isReadableStream(source)) {
      this.#pending++;
      pumpToNode(source.readable || source, stream, this.#finish, end);
    } else if (isIterable(source)) {
      this.#pending++;
      pumpToNode(source, stream, this.#finish, end);
    } else {
      throw invalidSource(source);
    }
    return stream;
  }

  #feedWebStream(stream, source, end) {
    if (isReadableNodeStream(source)) {
      source = toAsyncIterable(source);
    } else if (!isReadableStream(source) && !isIterable(source)) {
      if (!isTransformStream(source)) throw invalidSource(source);
      source = source.readable;
    }
    this.#pending++;
    pumpToWeb(source, stream, this.#finish, end);
    return stream;
  }
}

// Streams that are torn down because of an error may report a premature close or an abort before it is known.
function saysLittle(error) {
  return error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.name === 'AbortError';
}

function invalidSource(source) {
  return new ERR_INVALID_ARG_TYPE(
    'val', ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'], source);
}

function toAsyncIterable(value) {
  if (isIterable(value)) return value;
  if (isReadableNodeStream(value)) return iterateLegacy(value);
  throw new ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable'], value);
}

async function* iterateLegacy(stream) {
  const Readable = require('internal/streams/readable');
  yield* Readable.prototype[Symbol.asyncIterator].call(stream);
}

async function pumpToNode(iterable, writable, finish, end) {
  let error;
  let wake = null;

  function resume(reason) {
    if (reason) error = reason;
    if (wake) {
      const callback = wake;
      wake = null;
      callback();
    }
  }
  function wait() {
    return new Promise((resolve, reject) => {
      if (error) {
        reject(error);
        return;
      }
      wake = () => {
        if (error) reject(error);
        else resolve();
      };
    });
  }

  writable.on('drain', resume);
  const cleanup = eos(writable, { readable: false }, resume);
  try {
    if (writable.writableNeedDrain) await wait();
    for await (const chunk of iterable) {
      if (!writable.write(chunk)) await wait();
    }
    if (end) {
      writable.end();
      await wait();
    }
    finish();
  } catch (thrown) {
    finish(error !== thrown ? aggregateTwoErrors(error, thrown) : thrown);
  } finally {
    cleanup();
    writable.off('drain', resume);
  }
}

async function pumpToWeb(readable, writable, finish, end) {
  if (isTransformStream(writable)) writable = writable.writable;
  const writer = writable.getWriter();
  try {
    for await (const chunk of readable) {
      await writer.ready;
      writer.write(chunk).catch(() => {});
    }
    await writer.ready;
    if (end) await writer.close();
    finish();
  } catch (error) {
    try {
      await writer.abort(error);
      finish(error);
    } catch (abortError) {
      finish(abortError);
    }
  }
}

function pipe(source, dest, finish, fail, end) {
  let ended = false;
  dest.on('close', () => {
    if (!ended) fail(new ERR_STREAM_PREMATURE_CLOSE());
  });

  source.pipe(dest, { end: false });
  if (end) {
    const endDest = () => {
      ended = true;
      dest.end();
    };
    if (isReadableFinished(source)) process.nextTick(endDest);
    else source.once('end', endDest);
  } else {
    finish();
  }

  eos(source, { readable: true, writable: false }, (error) => {
    const state = source._readableState;
    if (error && error.code === 'ERR_STREAM_PREMATURE_CLOSE' && state?.ended && !state.errored &&
        !state.errorEmitted) {
      // Closed before it has been read to the end: the rest is still there to be read.
      source.once('end', finish).once('error', finish);
    } else {
      finish(error);
    }
  });
  return eos(dest, { readable: false, writable: true }, finish);
}

module.exports = { pipeline, pipelineImpl };
