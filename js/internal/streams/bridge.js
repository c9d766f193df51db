// Bridge: makes a Duplex write into one stream and read from another. Composed streams and pairs are such.
'use strict';

const { AbortError } = require('internal/errors');
const { destroyer } = require('internal/streams/destroy');

class Bridge {
  /** @type {import('stream').Duplex} */
  duplex;
  // Callbacks of the duplex that wait for an event of the streams behind it
  #onDrain = null;
  #onFinish = null;
  #onReadable = null;
  // undefined until the duplex is destroyed, null once the streams behind it are through
  #onClose;

  constructor(duplex) {
    this.duplex = duplex;
  }

  /** What is written to the duplex goes to the Node stream `head`. */
  writeTo(head) {
    this.duplex._write = (chunk, encoding, callback) => {
      if (head.write(chunk, encoding)) callback();
      else this.#onDrain = callback;
    };
    this.duplex._final = (callback) => {
      head.end();
      this.#onFinish = callback;
    };
    head.on('drain', () => {
      const callback = this.#onDrain;
      this.#onDrain = null;
      if (callback) callback();
    });
  }

  /** What is written to the duplex goes to a web stream. */
  writeToWeb(writableStream) {
    const writer = writableStream.getWriter();
    this.duplex._write = async (chunk, encoding, callback) => {
      try {
        await writer.ready;
        writer.write(chunk).catch(() => {});
        callback();
      } catch (error) {
        callback(error);
      }
    };
    this.duplex._final = async (callback) => {
      try {
        await writer.ready;
        writer.close().catch(() => {});
        this.#onFinish = callback;
      } catch (error) {
        callback(error);
      }
    };
  }

  /** To be called when all that was written has gone through: the duplex may emit 'finish'. */
  finish() {
    const callback = this.#onFinish;
    this.#onFinish = null;
    if (callback) callback();
  }

  /** What is read from the duplex comes from the Node stream `tail`. */
  readFrom(tail) {
    const { duplex } = this;
    tail.on('readable', () => {
      const read = this.#onReadable;
      this.#onReadable = null;
      if (read) read();
    });
    tail.on('end', () => duplex.push(null));
    duplex._read = () => {
      while (true) {
        const chunk = tail.read();
        if (chunk === null) {
          this.#onReadable = duplex._read;
          return;
        }
        if (!duplex.push(chunk)) return;
      }
    };
  }

  /** As readFrom(), but lets `tail` flow rather than reading it. */
  flowFrom(tail) {
    const { duplex } = this;
    tail.on('data', (chunk) => {
      if (!duplex.push(chunk)) tail.pause();
    });
    tail.on('end', () => duplex.push(null));
    duplex._read = () => tail.resume();
  }

  /** What is read from the duplex comes from a web stream. */
  readFromWeb(readableStream) {
    const { duplex } = this;
    const reader = readableStream.getReader();
    duplex._read = async () => {
      while (true) {
        try {
          const { value, done } = await reader.read();
          if (done) {
            duplex.push(null);
            return;
          }
          if (!duplex.push(value)) return;
        } catch {
          return;
        }
      }
    };
  }

  /**
   * Destroying the duplex destroys these streams.
   * @param {object[]} streams
   * @param {boolean} evenIfClosed Whether also when close() has been called.
   */
  destroyWith(streams, evenIfClosed) {
    this.duplex._destroy = (error, callback) => {
      if (!error && this.#onClose !== null) error = new AbortError();
      this.#onReadable = null;
      this.#onDrain = null;
      this.#onFinish = null;

      const isClosed = this.#onClose === null;
      if (!isClosed) this.#onClose = callback;
      if (!isClosed || evenIfClosed) {
        for (const stream of streams) destroyer(stream, error);
      }
      if (isClosed) callback(error);
    };
  }

  /**
   * To be called when the streams behind the duplex are through.
   * @param {Error} [error]
   * @returns {boolean} Whether the duplex has been dealt with.
   */
  close(error) {
    const callback = this.#onClose;
    this.#onClose = null;
    if (callback) callback(error);
    else if (error) this.duplex.destroy(error);
    else return false;
    return true;
  }
}

module.exports = { Bridge };
