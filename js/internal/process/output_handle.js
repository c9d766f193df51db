// The handle of a standard output that is a pipe or a socket: what a `net.Socket` wants of a native stream,
// over the output that the console writes to.
'use strict';

const { Buffer } = require('buffer');
const binding = internalBinding('stdio');

/** Encodings as native streams number them; 0 is UTF-8. */
const ENCODINGS = ['utf8', 'latin1', 'utf16le'];

/** Standard output or error as a native stream; reading from it gives nothing. */
class OutputHandle {
  #fd;
  #bytesWritten = 0;
  #referenced = true;

  /** @param {1 | 2} fd */
  constructor(fd) {
    this.#fd = fd;
    this.reading = false;
    this.onread = undefined;
  }

  get fd() {
    return this.#fd;
  }

  get bytesRead() {
    return 0;
  }

  get bytesWritten() {
    return this.#bytesWritten;
  }

  get writeQueueSize() {
    return binding.queued(this.#fd);
  }

  /**
   * @param {Uint8Array | string} data
   * @param {number} encoding
   * @param {(this: OutputHandle, status: number) => void} callback  where the rest is
   *   queued
   * @returns {number} 0 where all is written, 1 where the rest is queued, or a negative error number
   */
  write(data, encoding, callback) {
    const bytes = typeof data === 'string' ? Buffer.from(data, ENCODINGS[encoding]) : data;
    this.#bytesWritten += bytes.byteLength;
    return binding.writeBuffer(this.#fd, bytes, (error) => callback.call(this, error ? error.errno : 0));
  }

  /** As `write`, for a list of views, or of texts and views each followed by its encoding. */
  writev(chunks, allBuffers, callback) {
    if (allBuffers) return this.write(Buffer.concat(chunks), 0, callback);
    const buffers = [];
    for (let i = 0; i < chunks.length; i += 2) {
      const chunk = chunks[i];
      const encoding = chunks[i + 1];
      buffers.push(typeof chunk === 'string' ? Buffer.from(chunk, ENCODINGS[encoding] ?? encoding) : chunk);
    }
    return this.write(Buffer.concat(buffers), 0, callback);
  }

  /** Ends nothing: other processes may write there, too. */
  shutdown(callback) {
    process.nextTick(() => Reflect.apply(callback, this, [0]));
    return 0;
  }

  /** @param {boolean} on  whether writes wait for the reader */
  setBlocking(on) {
    binding.setBlocking(this.#fd, on);
    return 0;
  }

  readStart() {
    return 0;
  }

  readStop() {
    return 0;
  }

  close(callback) {
    if (typeof callback === 'function') process.nextTick(() => Reflect.apply(callback, this, []));
  }

  ref() {
    this.#referenced = true;
  }

  unref() {
    this.#referenced = false;
  }

  hasRef() {
    return this.#referenced;
  }
}

module.exports = { OutputHandle };
