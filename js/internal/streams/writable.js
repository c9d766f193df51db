// Node's `stream.Writable`: the class, its methods and properties. How writes queue is in writable_queue.js.
'use strict';

const EventEmitter = require('events');
const { Buffer } = require('buffer');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_STREAM_ALREADY_FINISHED, ERR_STREAM_CANNOT_PIPE,
    ERR_STREAM_DESTROYED, ERR_STREAM_NULL_VALUES, ERR_STREAM_WRITE_AFTER_END, ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { Stream } = require('internal/streams/legacy');
const { viewToBuffer } = require('internal/streams/utils');
const destroyImpl = require('internal/streams/destroy');
const { addAbortSignal } = require('internal/streams/add_abort_signal');
const {
  kState, kOnConstructed, OBJECT_MODE, DESTROYED, ERRORED,
} = require('internal/streams/state_bits');
const {
  nop, CORKED, ENDED, ENDING, DECODE_STRINGS, DEFAULT_UTF8, FINISHED, HAS_BUFFERED, HAS_ON_FINISHED,
  NEED_DRAIN, WRITING,
} = require('internal/streams/writable_bits');
const { WritableState } = require('internal/streams/writable_state');
const {
  acceptWrite, addOnFinished, clearBuffer, failBuffered, finishMaybe,
} = require('internal/streams/writable_queue');

const { errorOrDestroy } = destroyImpl;

/** @param {object} [options] See the documentation of `new stream.Writable()`. */
function Writable(options) {
  if (!(this instanceof Writable)) return new Writable(options);

  // All streams start with the same listeners table, so that code which looks into it stays fast.
  this._events ??= {
    close: undefined,
    error: undefined,
    prefinish: undefined,
    finish: undefined,
    drain: undefined,
  };
  this._writableState = new WritableState(options, this, false);

  if (options) {
    if (typeof options.write === 'function') this._write = options.write;
    if (typeof options.writev === 'function') this._writev = options.writev;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.final === 'function') this._final = options.final;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  }

  Stream.call(this, options);

  if (this._construct != null) {
    destroyImpl.construct(this, () => this._writableState[kOnConstructed](this));
  }
}
Object.setPrototypeOf(Writable.prototype, Stream.prototype);
Object.setPrototypeOf(Writable, Stream);
Writable.WritableState = WritableState;

// A Duplex inherits from Readable only, and yet is a Writable.
Object.defineProperty(Writable, Symbol.hasInstance, {
  value: {
    [Symbol.hasInstance](object) {
      if (Function.prototype[Symbol.hasInstance].call(this, object)) return true;
      if (this !== Writable) return false;
      return object && object._writableState instanceof WritableState;
    },
  }[Symbol.hasInstance],
});

// A readable that is piped nowhere is a mistake; so is reading from what can only be written.
Writable.prototype.pipe = function() {
  errorOrDestroy(this, new ERR_STREAM_CANNOT_PIPE());
};

/**
 * @param {unknown} chunk Bytes or a string, in object mode anything but null.
 * @param {string | Function} [encoding]
 * @param {(error?: Error) => void} [callback]
 * @returns {boolean} false asks the caller to wait for 'drain'.
 */
Writable.prototype.write = function(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  return write(this, chunk, encoding, callback) === true;
};

// Returns what write() returns, or the error that end() must report.
function write(stream, chunk, encoding, callback) {
  if (typeof callback !== 'function') callback = nop;
  const state = stream._writableState;
  const bits = state[kState];
  let length = 1;

  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if ((bits & OBJECT_MODE) === 0) {
    if (!encoding) {
      encoding = (bits & DEFAULT_UTF8) !== 0 ? 'utf8' : state.defaultEncoding;
    } else if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
      throw new ERR_UNKNOWN_ENCODING(encoding);
    }
    if (typeof chunk === 'string') {
      if ((bits & DECODE_STRINGS) !== 0) {
        chunk = Buffer.from(chunk, encoding);
        encoding = 'buffer';
      }
    } else if (chunk instanceof Buffer) {
      encoding = 'buffer';
    } else if (ArrayBuffer.isView(chunk)) {
      chunk = viewToBuffer(chunk);
      encoding = 'buffer';
    } else {
      throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    }
    length = chunk.length;
  }

  if ((bits & (ENDING | DESTROYED)) !== 0) return refuseWrite(stream, bits, callback);
  state.pendingcb++;
  return acceptWrite(stream, state, chunk, length, encoding, callback);
}

function refuseWrite(stream, bits, callback) {
  const error = (bits & ENDING) !== 0 ?
    new ERR_STREAM_WRITE_AFTER_END() :
    new ERR_STREAM_DESTROYED('write');
  process.nextTick(callback, error);
  errorOrDestroy(stream, error, true);
  return error;
}

/** Holds writes back until as many uncork() calls. */
Writable.prototype.cork = function() {
  const state = this._writableState;
  state.corked++;
  state[kState] |= CORKED;
};

/** Undoes one cork(); the last one lets the writes go that were held back. */
Writable.prototype.uncork = function() {
  const state = this._writableState;
  if (state.corked === 0) return;
  state.corked--;
  if (state.corked === 0) state[kState] &= ~CORKED;
  if ((state[kState] & WRITING) === 0) clearBuffer(this, state);
};

/**
 * @param {string} encoding Of strings written without one.
 * @returns {this}
 * @throws {ERR_UNKNOWN_ENCODING}
 */
Writable.prototype.setDefaultEncoding = function setDefaultEncoding(encoding) {
  if (typeof encoding === 'string') encoding = encoding.toLowerCase();
  if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
  this._writableState.defaultEncoding = encoding;
  return this;
};

Writable.prototype._write = function(chunk, encoding, callback) {
  if (!this._writev) throw new ERR_METHOD_NOT_IMPLEMENTED('_write()');
  this._writev([{ chunk, encoding }], callback);
};
Writable.prototype._writev = null;

/**
 * Says that nothing more will be written.
 * @param {unknown} [chunk] A last chunk.
 * @param {string} [encoding]
 * @param {(error?: Error) => void} [callback] Called when the stream has finished, or cannot.
 * @returns {this}
 */
Writable.prototype.end = function(chunk, encoding, callback) {
  const state = this._writableState;
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }

  let error;
  if (chunk !== null && chunk !== undefined) {
    const result = write(this, chunk, encoding);
    if (result instanceof Error) error = result;
  }

  if ((state[kState] & CORKED) !== 0) {
    state.corked = 1;
    this.uncork();
  }

  if (error === undefined) {
    if ((state[kState] & (ERRORED | ENDING)) === 0) {
      state[kState] |= ENDING;
      finishMaybe(this, state, true);
      state[kState] |= ENDED;
    } else if ((state[kState] & FINISHED) !== 0) {
      error = new ERR_STREAM_ALREADY_FINISHED('end');
    } else if ((state[kState] & DESTROYED) !== 0) {
      error = new ERR_STREAM_DESTROYED('end');
    }
  }

  if (typeof callback === 'function') {
    if (error !== undefined) process.nextTick(callback, error);
    else if ((state[kState] & ERRORED) !== 0) process.nextTick(callback, state.errored);
    else if ((state[kState] & FINISHED) !== 0) process.nextTick(callback);
    else addOnFinished(state, callback);
  }
  return this;
};

Object.defineProperties(Writable.prototype, {
  closed: {
    get() { return this._writableState ? this._writableState.closed : false; },
  },
  destroyed: {
    get() { return this._writableState ? this._writableState.destroyed : false; },
    set(value) { if (this._writableState) this._writableState.destroyed = value; },
  },
  writable: {
    get() {
      const state = this._writableState;
      // A stream whose state says `writable: false` is one half of a duplex that is switched off.
      return !!state && state.writable !== false &&
        (state[kState] & (DESTROYED | ERRORED | ENDING | ENDED)) === 0;
    },
    set(value) { if (this._writableState) this._writableState.writable = !!value; },
  },
  writableFinished: {
    get() { return this._writableState ? this._writableState.finished : false; },
  },
  writableObjectMode: {
    get() { return this._writableState ? this._writableState.objectMode : false; },
  },
  writableBuffer: {
    get() { return this._writableState?.getBuffer(); },
  },
  writableEnded: {
    get() { return this._writableState ? this._writableState.ending : false; },
  },
  writableNeedDrain: {
    get() {
      const state = this._writableState;
      return state ? (state[kState] & (DESTROYED | ENDING | NEED_DRAIN)) === NEED_DRAIN : false;
    },
  },
  writableHighWaterMark: {
    get() { return this._writableState?.highWaterMark; },
  },
  writableCorked: {
    get() { return this._writableState ? this._writableState.corked : 0; },
  },
  writableLength: {
    get() { return this._writableState?.length; },
  },
  errored: {
    get() { return this._writableState ? this._writableState.errored : null; },
  },
  writableAborted: {
    get() {
      const state = this._writableState;
      return !!state && state.writable !== false &&
        (state[kState] & (DESTROYED | ERRORED)) !== 0 && (state[kState] & FINISHED) === 0;
    },
  },
});

Writable.prototype.destroy = function(error, callback) {
  const state = this._writableState;
  // Nothing will write what still waits.
  if ((state[kState] & (HAS_BUFFERED | HAS_ON_FINISHED)) !== 0 && (state[kState] & DESTROYED) === 0) {
    process.nextTick(failBuffered, state);
  }
  destroyImpl.destroy.call(this, error, callback);
  return this;
};

Writable.prototype._undestroy = destroyImpl.undestroy;
Writable.prototype._destroy = function(error, callback) {
  callback(error);
};

Writable.prototype[EventEmitter.captureRejectionSymbol] = function(error) {
  this.destroy(error);
};

Writable.fromWeb = function(writableStream, options) {
  return require('internal/webstreams/node_adapters').fromWritableStream(writableStream, options);
};

Writable.toWeb = function(streamWritable) {
  return require('internal/webstreams/adapters').toWritableStream(streamWritable);
};

Writable.prototype[Symbol.asyncDispose] = function() {
  return require('internal/streams/end_of_stream').destroyAndWait(this, this.writableFinished);
};

module.exports = Writable;
