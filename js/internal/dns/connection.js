// Connections to a name server: by datagrams, and by a stream for answers that no datagram holds.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');
const { decode } = require('internal/dns/message');
const dgram = internalBinding('dgram');
const net = internalBinding('net');

/** What the two kinds have in common: queries that wait for their answers, and an end when there are none. */
class Connection {
  /**
   * @param {object} server
   * @param {{ answered: (connection: Connection, message: object) => void,
   *   failed: (connection: Connection, code: string) => void }} owner
   */
  constructor(server, owner) {
    this.server = server;
    this.owner = owner;
    /** By their numbers. */
    this.queries = new Map();
    this.handle = undefined;
  }

  /** Sends a query and keeps it until it is answered; whether that worked. */
  add(query) {
    this.queries.set(query.id, query);
    if (this.send(query.packet)) return true;
    this.remove(query);
    return false;
  }

  /** The query does not wait any longer. */
  remove(query) {
    this.queries.delete(query.id);
    if (this.queries.size === 0) this.close();
  }

  close() {
    this.handle?.close();
    this.handle = undefined;
  }

  receive(bytes) {
    const message = decode(bytes);
    if (message === null) this.owner.failed(this, 'EBADRESP');
    else this.owner.answered(this, message);
  }
}

/** By datagrams from a port of its own, so that nobody else's datagrams are taken for answers. */
class DatagramConnection extends Connection {
  /** @returns {boolean} whether there is a socket */
  open(localAddress) {
    const { address, family, port } = this.server;
    this.handle = new dgram.UdpHandle(family, true);
    this.handle.onmessage = (size, arrayBuffer, offset) => {
      if (size < 0) this.owner.failed(this, 'ECONNREFUSED');
      else this.receive(new FastBuffer(arrayBuffer, offset, size));
    };
    if (localAddress !== undefined && this.handle.bind(localAddress, 0, 0) !== 0) return false;
    return this.handle.connect(address, port) === 0 && this.handle.recvStart() === 0;
  }

  send(packet) {
    const status = this.handle.send(packet);
    return status > 0 || (status === 0 && this.handle.enqueue(packet, 0, undefined, () => {}) === 0);
  }
}

/** By a stream: each message has its length before it. */
class StreamConnection extends Connection {
  #connected = false;
  #waiting = [];
  #received = [];
  #length = 0;

  /** @returns {boolean} whether it may come about */
  open(localAddress) {
    const { address, port } = this.server;
    this.handle = new net.TcpHandle();
    this.handle.onread = (count, arrayBuffer, offset) => {
      if (count < 0) this.owner.failed(this, 'ECONNREFUSED');
      else this.#take(new FastBuffer(arrayBuffer, offset, count));
    };
    if (localAddress !== undefined && this.handle.bind(localAddress, 0, 0) !== 0) return false;
    return this.handle.connect(address, port, (status) => this.#begin(status)) === 0;
  }

  #begin(status) {
    if (this.handle === undefined) return;
    if (status !== 0) {
      this.owner.failed(this, 'ECONNREFUSED');
      return;
    }
    this.#connected = true;
    this.handle.readStart();
    for (const packet of this.#waiting.splice(0)) this.send(packet);
  }

  send(packet) {
    if (!this.#connected) {
      this.#waiting.push(packet);
      return true;
    }
    const framed = new Uint8Array(packet.length + 2);
    framed.set([packet.length >> 8, packet.length & 255]);
    framed.set(packet, 2);
    return this.handle.write(framed, 0, () => {}) >= 0;
  }

  #take(bytes) {
    this.#received.push(bytes);
    this.#length += bytes.length;
    while (this.#length >= 2 && this.handle !== undefined) {
      const all = this.#gather();
      const end = 2 + (all[0] << 8 | all[1]);
      if (all.length < end) return;
      this.#received = [all.subarray(end)];
      this.#length = all.length - end;
      this.receive(all.subarray(2, end));
    }
  }

  #gather() {
    if (this.#received.length > 1) this.#received = [require('buffer').Buffer.concat(this.#received)];
    return this.#received[0];
  }
}

module.exports = { DatagramConnection, StreamConnection };
