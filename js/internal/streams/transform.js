// Node's `stream.Transform`: a duplex whose output is computed from its input.
'use strict';

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const Duplex = require('internal/streams/duplex');
const { getHighWaterMark } = require('internal/streams/state');
const { kState } = require('internal/streams/state_bits');
const readableBits = require('internal/streams/readable_bits');
const writableBits = require('internal/streams/writable_bits');

// The write callback that waits until the output has been read.
const kCallback = Symbol('kCallback');

/** @param {object} [options] See the documentation of `new stream.Transform()`. */
function Transform(options) {
  if (!(this instanceof Transform)) return new Transform(options);

  // With no room for output, each write waits for a read, unless the writable side has room of its own.
  const readableHighWaterMark = options ?
    getHighWaterMark(this, options, 'readableHighWaterMark', true) :
    null;
  if (readableHighWaterMark === 0) {
    options = {
      ...options,
      highWaterMark: null,
      readableHighWaterMark,
      writableHighWaterMark: options.writableHighWaterMark || 0,
    };
  }

  Duplex.call(this, options);

  // _read() only lets the next write go on, its chunks do not come on its stack.
  this._readableState[kState] &= ~readableBits.SYNC;
  this[kCallback] = null;

  if (options) {
    if (typeof options.transform === 'function') this._transform = options.transform;
    if (typeof options.flush === 'function') this._flush = options.flush;
  }

  this.on('prefinish', prefinish);
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype);
Object.setPrototypeOf(Transform, Duplex);

function final(callback) {
  if (typeof this._flush !== 'function' || this.destroyed) {
    this.push(null);
    if (callback) callback();
    return;
  }
  this._flush((error, data) => {
    if (error) {
      if (callback) callback(error);
      else this.destroy(error);
      return;
    }
    if (data != null) this.push(data);
    this.push(null);
    if (callback) callback();
  });
}

// Streams with a `_final` of their own are flushed as well.
function prefinish() {
  if (this._final !== final) final.call(this);
}

Transform.prototype._final = final;

Transform.prototype._transform = function(chunk, encoding, callback) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_transform()');
};

Transform.prototype._write = function(chunk, encoding, callback) {
  const readable = this._readableState;
  const writable = this._writableState;
  const lengthBefore = readable.length;

  this._transform(chunk, encoding, (error, value) => {
    if (error) {
      callback(error);
      return;
    }
    if (value != null) this.push(value);

    if ((readable[kState] & readableBits.ENDED) !== 0) {
      // push(null) has been called
      process.nextTick(callback);
    } else if ((writable[kState] & writableBits.ENDED) !== 0 || lengthBefore === readable.length ||
        readable.length < readable.highWaterMark) {
      callback();
    } else {
      this[kCallback] = callback;
    }
  });
};

Transform.prototype._read = function() {
  if (!this[kCallback]) return;
  const callback = this[kCallback];
  this[kCallback] = null;
  callback();
};

module.exports = Transform;
