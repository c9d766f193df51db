// Node's `stream.Duplex`: a stream with a readable and a writable side. It inherits from Readable and takes
// over the methods of Writable.
'use strict';

const { Stream } = require('internal/streams/legacy');
const Readable = require('internal/streams/readable');
const Writable = require('internal/streams/writable');
const { construct } = require('internal/streams/destroy');
const { addAbortSignal } = require('internal/streams/add_abort_signal');
const { kState, kOnConstructed } = require('internal/streams/state_bits');
const readableBits = require('internal/streams/readable_bits');
const writableBits = require('internal/streams/writable_bits');

/** @param {object} [options] See the documentation of `new stream.Duplex()`. */
function Duplex(options) {
  if (!(this instanceof Duplex)) return new Duplex(options);

  // All streams start with the same listeners table, so that code which looks into it stays fast.
  this._events ??= {
    close: undefined,
    error: undefined,
    prefinish: undefined,
    finish: undefined,
    drain: undefined,
    data: undefined,
    end: undefined,
    readable: undefined,
  };
  this._readableState = new Readable.ReadableState(options, this, true);
  this._writableState = new Writable.WritableState(options, this, true);

  if (options) {
    this.allowHalfOpen = options.allowHalfOpen !== false;
    if (options.readable === false) switchOffReadable(this._readableState);
    if (options.writable === false) switchOffWritable(this._writableState);

    if (typeof options.read === 'function') this._read = options.read;
    if (typeof options.write === 'function') this._write = options.write;
    if (typeof options.writev === 'function') this._writev = options.writev;
    if (typeof options.destroy === 'function') this._destroy = options.destroy;
    if (typeof options.final === 'function') this._final = options.final;
    if (typeof options.construct === 'function') this._construct = options.construct;
    if (options.signal) addAbortSignal(options.signal, this);
  } else {
    this.allowHalfOpen = true;
  }

  Stream.call(this, options);

  if (this._construct != null) {
    construct(this, () => {
      this._readableState[kOnConstructed](this);
      this._writableState[kOnConstructed](this);
    });
  }
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype);
Object.setPrototypeOf(Duplex, Readable);

function switchOffReadable(state) {
  state[kState] |= readableBits.ENDED | readableBits.END_EMITTED;
  state.readable = false;
}

function switchOffWritable(state) {
  state[kState] |= writableBits.ENDING | writableBits.ENDED | writableBits.FINISHED;
  state.writable = false;
}

const METHODS = ['write', 'cork', 'uncork', 'setDefaultEncoding', '_write', '_writev', 'end', 'destroy'];
for (const method of METHODS) Duplex.prototype[method] = Writable.prototype[method];

const inherited = Object.getOwnPropertyDescriptors(Writable.prototype);
Object.defineProperties(Duplex.prototype, {
  writable: inherited.writable,
  writableHighWaterMark: inherited.writableHighWaterMark,
  writableObjectMode: inherited.writableObjectMode,
  writableBuffer: inherited.writableBuffer,
  writableLength: inherited.writableLength,
  writableFinished: inherited.writableFinished,
  writableCorked: inherited.writableCorked,
  writableEnded: inherited.writableEnded,
  writableNeedDrain: inherited.writableNeedDrain,
  destroyed: {
    get() {
      return this._readableState !== undefined && this._writableState !== undefined &&
        this._readableState.destroyed && this._writableState.destroyed;
    },
    set(value) {
      // A constructor that runs before ours may set this.
      if (this._readableState && this._writableState) {
        this._readableState.destroyed = value;
        this._writableState.destroyed = value;
      }
    },
  },
});

Duplex.fromWeb = function(pair, options) {
  return require('internal/webstreams/node_adapters').fromPair(pair, options);
};

Duplex.toWeb = function(duplex, options) {
  return require('internal/webstreams/adapters').toPair(duplex, options);
};

/**
 * A duplex of whatever can be read or written: streams, iterables, functions, promises, pairs.
 * @param {unknown} body
 * @returns {Duplex}
 */
Duplex.from = function(body) {
  return require('internal/streams/duplexify').duplexify(body, 'body');
};

module.exports = Duplex;
