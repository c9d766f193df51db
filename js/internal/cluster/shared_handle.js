// Scheduling by the system: all workers get the same socket and accept from it by themselves.
'use strict';

/** A socket that some of the workers share. */
class SharedHandle {
  constructor(key, address, { port, addressType, fd, flags }) {
    this.key = key;
    this.workers = new Map();
    this.handle = null;
    this.errno = 0;
    const created = addressType === 'udp4' || addressType === 'udp6' ?
      require('internal/dgram')._createSocketHandle(address, port, addressType, fd, flags) :
      require('net')._createServerHandle(address, port, addressType, fd, flags);
    if (typeof created === 'number') this.errno = created;
    else this.handle = created;
  }

  /** @param {(errno: number, reply: null, handle: object | null) => void} answer */
  add(worker, answer) {
    this.workers.set(worker.id, worker);
    answer(this.errno, null, this.handle);
  }

  /** @returns {boolean} whether it was the last one, and the socket is closed */
  remove(worker) {
    if (!this.workers.delete(worker.id) || this.workers.size !== 0) return false;
    this.handle?.close();
    this.handle = null;
    return true;
  }
}

module.exports = { SharedHandle };
