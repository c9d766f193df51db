// The stream at this end of a pipe to or from another process.
'use strict';

const { Duplex } = require('stream');
const { Buffer } = require('buffer');
const { errnoException } = require('internal/errors');
const { ENCODINGS, PipeHandle, UV_EOF } = require('internal/net/handles');

/** A pipe as a stream; `readable` and `writable` are for this process. */
class Socket extends Duplex {
  constructor(fd, readable) {
    super({ readable, writable: true, allowHalfOpen: false, decodeStrings: false });
    this._handle = new PipeHandle();
    this._handle.open(fd);
    this._handle.onread = (count, buffer, offset) => this.#take(count, buffer, offset);
  }

  #take(count, buffer, offset) {
    if (count > 0) {
      if (!this.push(Buffer.from(buffer, offset, count))) this._handle?.readStop();
    } else if (count === UV_EOF) {
      this.push(null);
      this.read(0);
    } else if (count < 0) {
      this.destroy(errnoException(count, 'read'));
    }
  }

  _read() {
    this._handle?.readStart();
  }

  _write(chunk, encoding, callback) {
    if (this._handle === null) return callback();
    const code = ENCODINGS[encoding];
    const data = typeof chunk === 'string' && code === undefined ? Buffer.from(chunk, encoding) : chunk;
    const finish = (status) => callback(status < 0 ? errnoException(status, 'write') : null);
    const status = this._handle.write(data, code, finish);
    if (status !== 1) finish(status);
  }

  _final(callback) {
    if (this._handle === null) return callback();
    if (this._handle.shutdown(() => callback()) < 0) callback();
  }

  _destroy(error, callback) {
    const handle = this._handle;
    this._handle = null;
    if (handle !== null) handle.close();
    callback(error);
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', this.destroy);
  }

  ref() {
    this._handle?.ref();
    return this;
  }

  unref() {
    this._handle?.unref();
    return this;
  }
}

module.exports = { Socket };
