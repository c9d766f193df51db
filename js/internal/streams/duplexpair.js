// Node's `stream.duplexPair`: two duplexes, each of which reads what is written to the other.
'use strict';

const Duplex = require('internal/streams/duplex');

const kCallback = Symbol('Callback');
const kOtherSide = Symbol('Other');

class DuplexSide extends Duplex {
  constructor(options) {
    super(options);
    // The write callback of the other side, which waits until we are read.
    this[kCallback] = null;
    this[kOtherSide] = null;
  }

  _read() {
    const callback = this[kCallback];
    if (callback) {
      this[kCallback] = null;
      callback();
    }
  }

  _write(chunk, encoding, callback) {
    const other = this[kOtherSide];
    if (chunk.length === 0) {
      // There is nothing to read, so no _read() will follow.
      process.nextTick(callback);
    } else {
      other.push(chunk);
      other[kCallback] = callback;
    }
  }

  _final(callback) {
    this[kOtherSide].on('end', callback);
    this[kOtherSide].push(null);
  }
}

/**
 * @param {object} [options] Those of `new Duplex()`, for both.
 * @returns {[Duplex, Duplex]}
 */
function duplexPair(options) {
  const first = new DuplexSide(options);
  const second = new DuplexSide(options);
  first[kOtherSide] = second;
  second[kOtherSide] = first;
  return [first, second];
}

module.exports = duplexPair;
