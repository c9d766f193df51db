// Ciphertext over a duplex stream of JavaScript, for TLS sockets whose handle has no descriptor below it.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');
const { UV_EOF } = require('internal/net/handles');
const { codes: { ERR_STREAM_WRAP } } = require('internal/errors');

const UV_EPIPE = -32;

/** Carries ciphertext between a TLS handle and a stream. */
class StreamTransport {
  /** @param {Duplex} stream */
  constructor(stream) {
    this.stream = stream;
    this.handle = null;
    this.reading = false;
  }

  /**
   * Takes what the stream has for `handle` from now on.
   * @param {TlsHandle} handle
   */
  attach(handle) {
    this.handle = handle;
    const { stream } = this;
    stream.pause();
    stream.on('data', (chunk) => {
      if (typeof chunk === 'string' || stream.readableObjectMode) {
        // Whoever decodes the ciphertext has spoilt it.
        stream.emit('error', new ERR_STREAM_WRAP());
        return;
      }
      if (this.handle !== null) this.handle.receive(chunk);
    });
    stream.once('end', () => {
      if (this.handle !== null) this.handle.receiveEnd(UV_EOF);
    });
    stream.once('close', () => {
      this.handle = null;
    });
  }

  resume() {
    this.reading = true;
    this.stream.resume();
  }

  pause() {
    this.reading = false;
    this.stream.pause();
  }

  /** Gives the stream what is encrypted. */
  send() {
    const output = this.handle?.takeOutput();
    if (output !== undefined && this.isWritable()) this.stream.write(output);
  }

  /**
   * Goes on after a write of the handle.
   * @returns {number} the status of the write: 1 where `callback` follows
   */
  sendWrite(handle, status, callback) {
    const output = this.handle?.takeOutput();
    if (output === undefined || status !== 0) {
      if (output !== undefined && this.isWritable()) this.stream.write(output);
      return status;
    }
    if (!this.isWritable()) return UV_EPIPE;
    this.stream.write(output, (error) => {
      if (this.handle !== null) handle.confirmWrite();
      callback.call(handle, error ? UV_EPIPE : 0);
    });
    return 1;
  }

  isWritable() {
    return !this.stream.destroyed && !this.stream.writableEnded;
  }

  /** Ends the stream after what is encrypted. */
  end(handle, callback) {
    this.send();
    if (this.stream.destroyed || this.stream.writableFinished) {
      process.nextTick(() => callback.call(handle, 0));
      return;
    }
    this.stream.end(() => callback.call(handle, 0));
  }

  ref() {
    this.stream.ref?.();
  }

  unref() {
    this.stream.unref?.();
  }

  hasRef() {
    return true;
  }
}

/**
 * Carries ciphertext between a TLS handle and a socket that is encrypted itself: what that receives goes past its
 * own listeners of 'data'.
 */
class SocketTransport extends StreamTransport {
  #below;

  attach(handle) {
    this.handle = handle;
    const below = this.stream._handle;
    this.#below = below;
    below.onread = (count, arrayBuffer, offset) => {
      if (this.handle === null) return;
      if (count > 0) this.handle.receive(new FastBuffer(arrayBuffer, offset, count));
      else if (count < 0) this.handle.receiveEnd(count);
    };
    this.stream.once('close', () => {
      this.handle = null;
    });
  }

  resume() {
    this.reading = true;
    // What the socket has read before it was taken comes first.
    let chunk;
    while (this.stream.readableLength > 0 && (chunk = this.stream.read()) !== null) this.handle?.receive(chunk);
    if (this.#below.reading || this.handle === null) return;
    this.#below.reading = true;
    this.#below.readStart();
  }

  pause() {
    this.reading = false;
    if (!this.#below.reading || this.handle === null) return;
    this.#below.reading = false;
    this.#below.readStop();
  }
}

module.exports = { SocketTransport, StreamTransport };
