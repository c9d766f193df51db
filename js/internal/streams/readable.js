// Node's `stream.Readable`: the class, its methods and properties. How chunks queue is in readable_queue.js.
'use strict';

const EventEmitter = require('events');
const { StringDecoder } = require('string_decoder');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED, ERR_STREAM_ITER_MISSING_FLAG },
} = require('internal/errors');
const { validateAbortSignal, validateObject } = require('internal/validators');
const { Stream } = require('internal/streams/legacy');
const destroyImpl = require('internal/streams/destroy');
const { addAbortSignal, addAbortSignalNoValidate } = require('internal/streams/add_abort_signal');
const { isNodeStream, isWritable } = require('internal/streams/utils');
const {
  kState, kOnConstructed, OBJECT_MODE, ERROR_EMITTED, DESTROYED, CLOSE_EMITTED, ERRORED, CONSTRUCTED,
} = require('internal/streams/state_bits');
const {
  ENDED, END_EMITTED, READING, NEED_READABLE, EMITTED_READABLE, READABLE_DEFERRED, READABLE_LISTENING,
  RESUME_SCHEDULED, MULTI_AWAIT_DRAIN, DATA_EMITTED, FLOWING_DECIDED, FLOWING, PAUSED_DECIDED, PAUSED,
  DATA_LISTENING,
} = require('internal/streams/readable_bits');
const { ReadableState } = require('internal/streams/readable_state');
const {
  amountToRead, callRead, emitData, emitReadable, endReadable, fromList, highWaterMarkFor, pushBytes,
  pushObject, scheduleResume, unshiftBytes, unshiftObject,
} = require('internal/streams/readable_queue');
const { pipe, unpipe } = require('internal/streams/readable_pipe');
const { createIterator } = require('internal/streams/readable_iterator');

const { errorOrDestroy } = destroyImpl;

/** @param {object} [options] See the documentation of `new stream.Readable()`. */
function Readable(options) {
  if (!(this instanceof Readable)) return new Readable(options);

  // All streams start with the same listeners table, so that code which looks into it stays fast.
  this._events ??= {
    close: undefined,
    error: undefined,
    data: undefined,
    end: undefined,
    readable: undefined,
  };
  this._readableState = new ReadableState(options, this, false);

  if (options) {
    if (typeof options.read === 'function') this._read = options.read;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  }

  Stream.call(this, options);

  if (this._construct != null) {
    destroyImpl.construct(this, () => this._readableState[kOnConstructed](this));
  }
}
Object.setPrototypeOf(Readable.prototype, Stream.prototype);
Object.setPrototypeOf(Readable, Stream);
Readable.ReadableState = ReadableState;

Readable.prototype.destroy = destroyImpl.destroy;
Readable.prototype._undestroy = destroyImpl.undestroy;
Readable.prototype._destroy = function(error, callback) {
  callback(error);
};
Readable.prototype[EventEmitter.captureRejectionSymbol] = function(error) {
  this.destroy(error);
};
Readable.prototype[Symbol.asyncDispose] = function() {
  return require('internal/streams/end_of_stream').destroyAndWait(this, this.readableEnded);
};

/**
 * Gives the stream a chunk to deliver, or null for the end.
 * @param {unknown} chunk
 * @param {string} [encoding] Of a string.
 * @returns {boolean} false asks the producer to wait for the next `_read`.
 */
Readable.prototype.push = function(chunk, encoding) {
  const state = this._readableState;
  return (state[kState] & OBJECT_MODE) === 0 ?
    pushBytes(this, state, chunk, encoding) :
    pushObject(this, state, chunk, encoding);
};

/** As push(), but before what waits to be read. */
Readable.prototype.unshift = function(chunk, encoding) {
  const state = this._readableState;
  return (state[kState] & OBJECT_MODE) === 0 ?
    unshiftBytes(this, state, chunk, encoding) :
    unshiftObject(this, state, chunk);
};

Readable.prototype.isPaused = function() {
  const bits = this._readableState[kState];
  return (bits & PAUSED) !== 0 || (bits & (FLOWING_DECIDED | FLOWING)) === FLOWING_DECIDED;
};

/**
 * Makes the stream deliver strings, also from what it holds already.
 * @param {string} encoding
 * @returns {this}
 */
Readable.prototype.setEncoding = function(encoding) {
  const state = this._readableState;
  const decoder = new StringDecoder(encoding);
  state.decoder = decoder;
  state.encoding = decoder.encoding;

  let content = '';
  for (const data of state.buffer.slice(state.bufferIndex)) content += decoder.write(data);
  state.buffer.length = 0;
  state.bufferIndex = 0;
  if (content !== '') state.buffer.push(content);
  state.length = content.length;
  return this;
};

/**
 * @param {number} [amount] How many bytes (or characters); without it, what is there.
 * @returns {unknown} null when there is not as much.
 */
Readable.prototype.read = function(amount) {
  const state = this._readableState;
  let asked = NaN;
  if (amount !== undefined) {
    asked = Number.isInteger(amount) ? amount : Number.parseInt(amount, 10);
    if (asked > state.highWaterMark) state.highWaterMark = highWaterMarkFor(asked);
  }

  if (asked !== 0) {
    state[kState] &= ~(EMITTED_READABLE | READABLE_DEFERRED);
  } else if ((state[kState] & NEED_READABLE) !== 0 && (
    (state[kState] & ENDED) !== 0 ||
    (state.highWaterMark !== 0 ? state.length >= state.highWaterMark : state.length > 0)
  )) {
    // read(0) asks for no data, only for the event that is due.
    if (state.length === 0 && (state[kState] & ENDED) !== 0) endReadable(this, state);
    else emitReadable(this, state);
    return null;
  }

  let size = amountToRead(asked, state);
  if (size === 0 && (state[kState] & ENDED) !== 0) {
    if (state.length === 0) endReadable(this, state);
    return null;
  }

  const needsMore = (state[kState] & NEED_READABLE) !== 0 ||
    state.length === 0 ||
    state.length - size < state.highWaterMark;
  if (needsMore && (state[kState] & (ENDED | READING | DESTROYED | ERRORED | CONSTRUCTED)) === CONSTRUCTED) {
    callRead(this, state);
    // What was pushed at once counts.
    if ((state[kState] & READING) === 0) size = amountToRead(asked, state);
  }

  const chunk = size > 0 ? fromList(size, state) : null;
  if (chunk === null) {
    if (state.length <= state.highWaterMark) state[kState] |= NEED_READABLE;
    else state[kState] &= ~NEED_READABLE;
    size = 0;
  } else {
    state.length -= size;
    if ((state[kState] & MULTI_AWAIT_DRAIN) !== 0) state.awaitDrainWriters.clear();
    else state.awaitDrainWriters = null;
  }

  if (state.length === 0) {
    if ((state[kState] & ENDED) === 0) state[kState] |= NEED_READABLE;
    else if (asked !== size) endReadable(this, state);
  }

  if (chunk !== null && (state[kState] & (ERROR_EMITTED | CLOSE_EMITTED)) === 0) {
    state[kState] |= DATA_EMITTED;
    emitData(this, chunk);
  }
  return chunk;
};

Readable.prototype._read = function(amount) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_read()');
};

Readable.prototype.pipe = pipe;
Readable.prototype.unpipe = unpipe;

// Listening to 'data' starts the flow, listening to 'readable' takes the flow under the program's control.
Readable.prototype.on = function(event, listener) {
  const result = Stream.prototype.on.call(this, event, listener);
  const state = this._readableState;

  if (event === 'data') {
    state[kState] |= DATA_LISTENING;
    if (this.listenerCount('readable') > 0) state[kState] |= READABLE_LISTENING;
    if ((state[kState] & (FLOWING_DECIDED | FLOWING)) !== FLOWING_DECIDED) this.resume();
  } else if (event === 'readable') {
    if ((state[kState] & (END_EMITTED | READABLE_LISTENING)) === 0) {
      state[kState] = (state[kState] & ~(FLOWING | EMITTED_READABLE)) |
        READABLE_LISTENING | NEED_READABLE | FLOWING_DECIDED;
      if (state.length !== 0) {
        emitReadable(this, state);
      } else {
        if ((state[kState] & READABLE_DEFERRED) !== 0) {
          state[kState] &= ~READABLE_DEFERRED;
          emitReadable(this, state);
        }
        if ((state[kState] & READING) === 0) process.nextTick(startReading, this);
      }
    }
  }
  return result;
};
Readable.prototype.addListener = Readable.prototype.on;

function startReading(stream) {
  stream.read(0);
}

Readable.prototype.removeListener = function(event, listener) {
  const result = Stream.prototype.removeListener.call(this, event, listener);
  if (event === 'readable') {
    // A listener that is replaced by another in this tick must not set the stream going.
    process.nextTick(updateReadableListening, this);
  } else if (event === 'data' && this.listenerCount('data') === 0) {
    this._readableState[kState] &= ~DATA_LISTENING;
  }
  return result;
};
Readable.prototype.off = Readable.prototype.removeListener;

Readable.prototype.removeAllListeners = function(event) {
  const result = Stream.prototype.removeAllListeners.apply(this, arguments);
  if (event === 'readable' || event === undefined) process.nextTick(updateReadableListening, this);
  return result;
};

function updateReadableListening(stream) {
  const state = stream._readableState;
  if (stream.listenerCount('readable') > 0) state[kState] |= READABLE_LISTENING;
  else state[kState] &= ~READABLE_LISTENING;

  const bits = state[kState] & (RESUME_SCHEDULED | PAUSED_DECIDED | PAUSED);
  if (bits === (RESUME_SCHEDULED | PAUSED_DECIDED)) {
    // resume() came while 'readable' listeners kept it from taking effect.
    state[kState] |= FLOWING_DECIDED | FLOWING;
  } else if ((state[kState] & DATA_LISTENING) !== 0) {
    stream.resume();
  } else if ((state[kState] & READABLE_LISTENING) === 0) {
    state[kState] &= ~(FLOWING_DECIDED | FLOWING);
  }
}

/** Lets data flow to the 'data' listeners, unless there are 'readable' listeners. */
Readable.prototype.resume = function() {
  const state = this._readableState;
  if ((state[kState] & DESTROYED) !== 0) return this;
  if ((state[kState] & FLOWING) === 0) {
    state[kState] |= FLOWING_DECIDED;
    if ((state[kState] & READABLE_LISTENING) === 0) state[kState] |= FLOWING;
    scheduleResume(this, state);
  }
  state[kState] = (state[kState] | PAUSED_DECIDED) & ~PAUSED;
  return this;
};

/** Stops the flow of data. */
Readable.prototype.pause = function() {
  const state = this._readableState;
  if ((state[kState] & DESTROYED) !== 0) return this;
  if ((state[kState] & (FLOWING_DECIDED | FLOWING)) !== FLOWING_DECIDED) {
    state[kState] = (state[kState] | FLOWING_DECIDED) & ~FLOWING;
    this.emit('pause');
  }
  state[kState] |= PAUSED_DECIDED | PAUSED;
  return this;
};

/**
 * Makes this stream deliver what an old-style one emits.
 * @param {object} stream With 'data' and 'end' events, pause() and resume().
 * @returns {this}
 */
Readable.prototype.wrap = function(stream) {
  let paused = false;

  stream.on('data', (chunk) => {
    if (!this.push(chunk) && stream.pause) {
      paused = true;
      stream.pause();
    }
  });
  stream.on('end', () => this.push(null));
  stream.on('error', (error) => errorOrDestroy(this, error));
  stream.on('close', () => this.destroy());
  stream.on('destroy', () => this.destroy());

  this._read = () => {
    if (paused && stream.resume) {
      paused = false;
      stream.resume();
    }
  };

  // The old stream's own methods stay within reach.
  for (const key of Object.keys(stream)) {
    if (this[key] === undefined && typeof stream[key] === 'function') this[key] = stream[key].bind(stream);
  }
  return this;
};

Readable.prototype[Symbol.asyncIterator] = function() {
  return createIterator(this);
};

/**
 * @param {{ destroyOnReturn?: boolean }} [options] false keeps the stream when the loop is left early.
 * @returns {AsyncIterator}
 */
Readable.prototype.iterator = function(options) {
  if (options !== undefined) validateObject(options, 'options');
  return createIterator(this, options);
};

/**
 * @param {unknown} stream What this stream feeds: a stream, function or iterable.
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {import('stream').Duplex} Both as one.
 */
Readable.prototype.compose = function compose(stream, options) {
  if (options != null) validateObject(options, 'options');
  if (options?.signal != null) validateAbortSignal(options.signal, 'options.signal');
  if (isNodeStream(stream) && !isWritable(stream)) {
    throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be writable');
  }
  const composed = require('internal/streams/compose').compose(this, stream);
  if (options?.signal) addAbortSignalNoValidate(options.signal, composed);
  return composed;
};

Readable.prototype[Symbol.for('Stream.toAsyncStreamable')] = function() {
  throw new ERR_STREAM_ITER_MISSING_FLAG();
};

Object.defineProperties(Readable.prototype, {
  readable: {
    get() {
      const state = this._readableState;
      // A stream whose state says `readable: false` is one half of a duplex that is switched off.
      return !!state && state.readable !== false &&
        (state[kState] & (DESTROYED | ERROR_EMITTED | END_EMITTED)) === 0;
    },
    set(value) { if (this._readableState) this._readableState.readable = !!value; },
  },
  readableDidRead: {
    get() { return this._readableState.dataEmitted; },
  },
  readableAborted: {
    get() {
      const state = this._readableState;
      return state.readable !== false &&
        (state[kState] & (DESTROYED | ERRORED)) !== 0 && (state[kState] & END_EMITTED) === 0;
    },
  },
  readableHighWaterMark: {
    get() { return this._readableState.highWaterMark; },
  },
  readableBuffer: {
    get() { return this._readableState?.buffer; },
  },
  readableFlowing: {
    get() { return this._readableState.flowing; },
    set(value) { if (this._readableState) this._readableState.flowing = value; },
  },
  readableLength: {
    get() { return this._readableState.length; },
  },
  readableObjectMode: {
    get() { return this._readableState ? this._readableState.objectMode : false; },
  },
  readableEncoding: {
    get() { return this._readableState ? this._readableState.encoding : null; },
  },
  errored: {
    get() { return this._readableState ? this._readableState.errored : null; },
  },
  closed: {
    get() { return this._readableState ? this._readableState.closed : false; },
  },
  destroyed: {
    get() { return this._readableState ? this._readableState.destroyed : false; },
    set(value) { if (this._readableState) this._readableState.destroyed = value; },
  },
  readableEnded: {
    get() { return this._readableState ? this._readableState.endEmitted : false; },
  },
});

Readable._fromList = fromList;

/**
 * A stream of what an iterable yields.
 * @param {Iterable | AsyncIterable} iterable
 * @param {object} [options] Those of `new Readable()`; object mode unless they say otherwise.
 * @returns {Readable}
 */
Readable.from = function(iterable, options) {
  return require('internal/streams/from').from(Readable, iterable, options);
};

Readable.fromWeb = function(readableStream, options) {
  return require('internal/webstreams/node_adapters').fromReadableStream(readableStream, options);
};

Readable.toWeb = function(streamReadable, options) {
  return require('internal/webstreams/adapters').toReadableStream(streamReadable, options);
};

/**
 * A stream of what an old-style one emits.
 * @param {object} source
 * @param {object} [options] Those of `new Readable()`.
 * @returns {Readable}
 */
Readable.wrap = function(source, options) {
  return new Readable({
    objectMode: source.readableObjectMode ?? source.objectMode ?? true,
    ...options,
    destroy(error, callback) {
      destroyImpl.destroyer(source, error);
      callback(error);
    },
  }).wrap(source);
};

require('internal/streams/operators').installOperators(Readable);

module.exports = Readable;
