// `cluster` in a worker.
'use strict';

const EventEmitter = require('events');
const path = require('path');
const { listener, send: sendTo } = require('internal/cluster/messages');
const { Worker } = require('internal/cluster/worker');
const { kOwner } = require('internal/net/handles');

const cluster = new EventEmitter();

/** The longest time of a timer, in milliseconds. */
const MAX_DELAY = 2 ** 31 - 1;

/** What this worker listens on, by the keys of the primary process. */
const handles = new Map();

/** How often each place is listened on, for `listen(0)` twice: the numbers in use, by the place. */
const indexes = new Map();

module.exports = cluster;

cluster.isWorker = true;
cluster.isMaster = false;
cluster.isPrimary = false;
cluster.worker = null;
cluster.Worker = Worker;

function send(message, callback) {
  return sendTo(process, message, null, callback);
}

/** Becomes a worker: when the program begins. */
cluster._setupWorker = function() {
  const worker = new Worker({ id: +process.env.NODE_UNIQUE_ID | 0, process, state: 'online' });
  cluster.worker = worker;
  process.once('disconnect', () => {
    process.channel = null;
    worker.emit('disconnect');
    // Without the primary process there is nothing to work for.
    if (!worker.exitedAfterDisconnect) process.exit(0);
  });
  process.on('internalMessage', listener(worker, onMessage));
  send({ act: 'online' });
};

function onMessage(message, handle) {
  if (message.act === 'newconn') onConnection(message, handle);
  else if (message.act === 'disconnect') disconnect(this, true);
}

/** The first number that no other server of this worker has for the same place. */
function takeIndex(place) {
  let taken = indexes.get(place);
  if (taken === undefined) indexes.set(place, taken = new Set());
  let index = 0;
  while (taken.has(index)) index++;
  taken.add(index);
  return index;
}

function releaseIndex(place, index) {
  const taken = indexes.get(place);
  taken?.delete(index);
  if (taken?.size === 0) indexes.delete(place);
}

/**
 * Asks the primary process for what a server is to listen on.
 * @param {object} server  a net.Server or a dgram.Socket
 * @param {object} options  where, as `listen` has read it
 * @param {(errno: number, handle: object | null) => void} callback
 */
cluster._getServer = function(server, options, callback) {
  let { address } = options;
  if (options.port < 0 && typeof address === 'string') address = path.resolve(address);
  const place = `${address}:${options.port}:${options.addressType}:${options.fd}`;
  const index = takeIndex(place);
  const message = { act: 'queryServer', index, data: null, ...options };
  message.address = address;
  if (typeof server._getServerData === 'function') message.data = server._getServerData();
  send(message, (reply, handle) => {
    if (typeof server._setServerData === 'function') server._setServerData(reply.data);
    const release = () => releaseIndex(place, index);
    if (handle) share(reply, handle, release, callback);
    else takeTurns(reply, release, callback);
  });
  server.once('listening', () => {
    // Closed while `listening` was on its way.
    if (!indexes.has(place)) return;
    cluster.worker.state = 'listening';
    message.act = 'listening';
    message.port = server.address()?.port || options.port;
    send(message);
  });
};

/** A socket that the workers share: closing it is told to the primary process. */
function share({ errno, key }, handle, release, callback) {
  const { close } = handle;
  handle.close = function() {
    send({ act: 'close', key });
    handles.delete(key);
    release();
    handle.close = close;
    return Reflect.apply(close, handle, arguments);
  };
  handles.set(key, handle);
  callback(errno, handle);
}

/** Stands for a socket of the primary process, which sends its connections. */
class TurnHandle {
  #key;
  #release;
  /** Keeps the program running, as an open socket would. */
  #alive = setInterval(() => {}, MAX_DELAY);

  constructor(key, sockname, release) {
    this.#key = key;
    this.#release = release;
    if (sockname === undefined) return;
    this.getsockname = (out) => {
      Object.assign(out, sockname);
      return 0;
    };
  }

  listen() {
    return 0;
  }

  /** Works also when it is called twice. */
  close(callback) {
    if (this.#key !== undefined) {
      send({ act: 'close', key: this.#key });
      handles.delete(this.#key);
      this.#release();
      clearInterval(this.#alive);
      this.#key = undefined;
    }
    if (typeof callback === 'function') process.nextTick(callback);
  }

  ref() {
    this.#alive.ref();
  }

  unref() {
    this.#alive.unref();
  }

  hasRef() {
    return this.#alive.hasRef();
  }

  get fd() {
    return -1;
  }
}

function takeTurns({ errno, key, sockname }, release, callback) {
  if (errno) {
    release();
    callback(errno, null);
    return;
  }
  const handle = new TurnHandle(key, sockname, release);
  handles.set(key, handle);
  callback(0, handle);
}

/** The primary process offers a connection. */
function onConnection(message, handle) {
  const listening = handles.get(message.key);
  const server = listening?.[kOwner];
  // A server that is full leaves the connection to another worker, or drops it.
  const isFull = server?.maxConnections != null && server._connections >= server.maxConnections &&
    !server.dropMaxConnection;
  const accepted = listening !== undefined && !isFull && handle !== undefined;
  send({ ack: message.seq, accepted });
  if (accepted) listening.onconnection(0, handle);
  else handle?.close();
}

/** Closes what listens, then the channel. */
function disconnect(worker, byPrimary) {
  worker.exitedAfterDisconnect = true;
  let left = 1;
  const done = () => {
    if (--left !== 0) return;
    if (byPrimary) {
      process.disconnect();
    } else {
      // The primary process is to know the reason before it sees the end.
      send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
    }
  };
  for (const handle of handles.values()) {
    left++;
    const owner = handle[kOwner];
    if (owner) owner.close(done);
    else handle.close(done);
  }
  handles.clear();
  done();
}

Worker.prototype.disconnect = function() {
  if (this.state !== 'disconnecting' && this.state !== 'destroying') {
    this.state = 'disconnecting';
    disconnect(this, false);
  }
  return this;
};

Worker.prototype.destroy = function() {
  if (this.state === 'destroying') return;
  this.exitedAfterDisconnect = true;
  if (!this.isConnected()) {
    process.exit(0);
    return;
  }
  this.state = 'destroying';
  send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
  process.once('disconnect', () => process.exit(0));
};
