// Sockets that one process has handed to another, counted on both sides, so that a server knows how many
// connections it has and when the last one has ended.
'use strict';

const EventEmitter = require('events');
const {
  codes: { ERR_CHILD_CLOSED_BEFORE_REPLY },
} = require('internal/errors');

/** The sockets of one server that a child has got, seen from the server's side. */
class SocketListSend extends EventEmitter {
  constructor(child, key) {
    super();
    this.key = key;
    this.child = child;
    child.once('exit', () => this.emit('exit', this));
  }

  #request(question, answer, swallowErrors, callback) {
    const { child, key } = this;
    if (!child.connected) {
      callback(new ERR_CHILD_CLOSED_BEFORE_REPLY());
      return;
    }
    const onAnswer = (message) => {
      if (message.cmd !== answer || message.key !== key) return;
      forget();
      callback(null, message);
    };
    const onDisconnect = () => {
      forget();
      callback(new ERR_CHILD_CLOSED_BEFORE_REPLY());
    };
    const forget = () => {
      child.removeListener('internalMessage', onAnswer);
      child.removeListener('disconnect', onDisconnect);
    };
    child.once('disconnect', onDisconnect);
    child.on('internalMessage', onAnswer);
    child._send({ cmd: question, key }, undefined, swallowErrors);
  }

  /** Calls back when the child has none of them any more. */
  close(callback) {
    this.#request('NODE_SOCKET_NOTIFY_CLOSE', 'NODE_SOCKET_ALL_CLOSED', true, callback);
  }

  /** @param {(error: Error | null, count?: number) => void} callback */
  getConnections(callback) {
    this.#request('NODE_SOCKET_GET_COUNT', 'NODE_SOCKET_COUNT', false, (error, message) => {
      if (error) callback(error);
      else callback(null, message.count);
    });
  }
}

/** The sockets of one server that this process has got. */
class SocketListReceive extends EventEmitter {
  constructor(child, key) {
    super();
    this.connections = 0;
    this.key = key;
    this.child = child;
    child.on('internalMessage', (message) => {
      if (message.key !== key) return;
      if (message.cmd === 'NODE_SOCKET_NOTIFY_CLOSE') {
        if (this.connections === 0) this.#tellEmpty();
        else this.once('empty', () => this.#tellEmpty());
      } else if (message.cmd === 'NODE_SOCKET_GET_COUNT' && child.connected) {
        child._send({ cmd: 'NODE_SOCKET_COUNT', key, count: this.connections });
      }
    });
  }

  #tellEmpty() {
    if (this.child.connected) {
      this.child._send({ cmd: 'NODE_SOCKET_ALL_CLOSED', key: this.key }, undefined, true);
    }
  }

  add({ socket }) {
    this.connections++;
    socket.once('close', () => {
      this.connections--;
      if (this.connections === 0) this.emit('empty', this);
    });
  }
}

/** The lists of each side of a channel. */
const allLists = new WeakMap();

/**
 * @param {object} child  the side of the channel
 * @returns {{ got: Record<string, SocketListReceive>, send: Record<string, SocketListSend> }}
 */
function listsOf(child) {
  let lists = allLists.get(child);
  if (lists === undefined) {
    lists = { got: { __proto__: null }, send: { __proto__: null } };
    allLists.set(child, lists);
  }
  return lists;
}

/**
 * @param {'send' | 'got'} side
 * @param {object} child  the side of the channel
 * @param {string} key  which server
 * @returns {SocketListSend | SocketListReceive}
 */
function getSocketList(side, child, key) {
  const lists = listsOf(child);
  const List = side === 'send' ? SocketListSend : SocketListReceive;
  return lists[side][key] ??= new List(child, key);
}

module.exports = { getSocketList, listsOf };
