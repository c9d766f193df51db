// The coding `deflate`: with the header of zlib, as it is defined, or without it, as some servers send it.
'use strict';

const { Transform } = require('stream');
const zlib = require('zlib');

const METHOD_MASK = 0x0f;
const METHOD_DEFLATE = 0x08;

class EitherInflate extends Transform {
  #options;
  #inflate;

  constructor(options) {
    super();
    this.#options = options;
  }

  _transform(chunk, encoding, callback) {
    if (this.#inflate === undefined) {
      if (chunk.length === 0) {
        callback();
        return;
      }
      const hasHeader = (chunk[0] & METHOD_MASK) === METHOD_DEFLATE;
      this.#inflate = hasHeader ? zlib.createInflate(this.#options) : zlib.createInflateRaw(this.#options);
      this.#inflate.on('data', (bytes) => this.push(bytes)).on('error', (error) => this.destroy(error));
    }
    // What follows the end of the data is nobody's.
    if (this.#inflate.readableEnded) callback();
    else this.#inflate.write(chunk, encoding, callback);
  }

  _flush(callback) {
    if (this.#inflate === undefined || this.#inflate.readableEnded) {
      callback();
      return;
    }
    this.#inflate.on('end', () => callback());
    this.#inflate.end();
  }
}

/**
 * @param {import('zlib').ZlibOptions} options
 * @returns {Transform}
 */
function createInflate(options) {
  return new EitherInflate(options);
}

module.exports = { createInflate };
