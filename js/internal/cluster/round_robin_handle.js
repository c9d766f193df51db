// Scheduling by turns: the primary process listens and accepts, and each connection goes to the worker that has
// been free for longest.
'use strict';

const { send } = require('internal/cluster/messages');

/** Where the primary process listens for some of the workers. */
class RoundRobinHandle {
  constructor(key, address, { port, fd, flags, backlog, readableAll, writableAll }) {
    this.key = key;
    /** All workers that share it, by their ids. */
    this.all = new Map();
    /** Those of them that wait for a connection. */
    this.free = new Map();
    /** Connections that wait for a worker. */
    this.handles = [];
    /** What was sent to a worker that has not said yet whether it takes it, by the worker's id. */
    this.offered = new Map();
    this.handle = null;
    const { Server } = require('net');
    const { IPV6_ONLY } = require('internal/net/handles');
    this.server = new Server();
    if (fd >= 0) {
      this.server.listen({ fd, backlog });
    } else if (port >= 0) {
      this.server.listen({ port, host: address, ipv6Only: Boolean(flags & IPV6_ONLY), backlog });
    } else {
      this.server.listen({ path: address, backlog, readableAll, writableAll });
    }
    this.server.once('listening', () => {
      this.handle = this.server._handle;
      this.handle.onconnection = (status, handle) => this.distribute(status, handle);
      this.server._handle = null;
      this.server = null;
    });
  }

  /** @param {(errno: number | null, reply: object | null, handle: null) => void} answer */
  add(worker, answer) {
    this.all.set(worker.id, worker);
    const done = () => {
      if (this.handle.getsockname) {
        const sockname = {};
        this.handle.getsockname(sockname);
        answer(null, { sockname }, null);
      } else {
        answer(null, null, null);
      }
      this.handoff(worker);
    };
    if (this.server === null) {
      done();
      return;
    }
    this.server.once('listening', done);
    this.server.once('error', (error) => answer(error.errno, null));
  }

  /** @returns {boolean} whether it was the last one, and nothing listens any more */
  remove(worker) {
    if (!this.all.delete(worker.id)) return false;
    this.free.delete(worker.id);
    const offered = this.offered.get(worker.id);
    this.offered.delete(worker.id);
    if (this.all.size !== 0) {
      // It will not answer: another one takes what it was to have.
      if (offered !== undefined) this.distribute(0, offered);
      return false;
    }
    offered?.close();
    for (const handle of this.handles) handle.close();
    this.handles = [];
    this.handle?.close();
    this.handle = null;
    return true;
  }

  distribute(status, handle) {
    if (handle === undefined || handle === null) return;
    this.handles.push(handle);
    for (const [id, worker] of this.free) {
      this.free.delete(id);
      this.handoff(worker);
      return;
    }
  }

  /** Gives the next connection to a worker, or has it wait for one. */
  handoff(worker) {
    if (!this.all.has(worker.id)) return;
    const handle = this.handles.shift();
    if (handle === undefined) {
      this.free.set(worker.id, worker);
      return;
    }
    this.offered.set(worker.id, handle);
    send(worker.process, { act: 'newconn', key: this.key }, handle, (reply) => {
      if (this.offered.get(worker.id) !== handle) return;
      this.offered.delete(worker.id);
      if (reply.accepted) handle.close();
      else this.distribute(0, handle);
      this.handoff(worker);
    });
  }
}

module.exports = { RoundRobinHandle };
