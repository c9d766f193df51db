// The other protocol of a connection whose request has a body that is still on its way: what comes behind the
// body, and what is written.
'use strict';

const Duplex = require('internal/streams/duplex');

class UpgradeStream extends Duplex {
  #socket;
  #isBodyComplete = false;

  /** @param {Duplex} socket the connection */
  constructor(socket) {
    super({ allowHalfOpen: socket.allowHalfOpen });
    this.#socket = socket;
    socket.on('error', (error) => this.destroy(error));
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
  }

  /**
   * From now on what the socket receives is of the other protocol.
   * @param {Uint8Array} head what has come already
   */
  requestBodyCompleted(head) {
    const socket = this.#socket;
    this.#isBodyComplete = true;
    if (head.length > 0) this.push(head);
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.resume();
  }

  _read() {
    if (this.#isBodyComplete) this.#socket.resume();
  }

  _write(chunk, encoding, callback) {
    this.#socket.write(chunk, encoding, callback);
  }

  _final(callback) {
    this.#socket.end(callback);
  }

  _destroy(error, callback) {
    this.#socket.destroy(error);
    callback(error);
  }
}

module.exports = { UpgradeStream };
