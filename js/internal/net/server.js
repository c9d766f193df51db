// `net.Server`: accepts connections and makes a `net.Socket` of each.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_SERVER_ALREADY_LISTEN, ERR_SERVER_NOT_RUNNING,
  },
  errnoException,
  uvExceptionWithHostPort,
} = require('internal/errors');
const { validateAbortSignal, validateNumber, validatePort } = require('internal/validators');
const { isPipeName, normalizeArgs, toNumber } = require('internal/net/arguments');
const {
  IPV6_ONLY, PipeHandle, REUSE_PORT, TcpHandle, UV_EINVAL, checkBind, handleForDescriptor, kAdopt, kOwner,
} = require('internal/net/handles');
const { Socket, kSetKeepAlive, kSetKeepAliveInitialDelay, kSetNoDelay, keepAlive } = require('internal/net/socket');
const channels = require('internal/net/channels');
const { getDefaultHighWaterMark } = require('internal/streams/state');

/** How many connections may wait to be accepted where the program does not say. */
const BACKLOG = 511;

/**
 * @param {object | Function} [options]
 * @param {Function} [connectionListener]
 */
function Server(options, connectionListener) {
  if (!(this instanceof Server)) return new Server(options, connectionListener);
  EventEmitter.call(this);
  if (typeof options === 'function') {
    connectionListener = options;
    options = {};
    this.on('connection', connectionListener);
  } else if (options === undefined || options === null || typeof options === 'object') {
    options = { ...options };
    if (typeof connectionListener === 'function') this.on('connection', connectionListener);
  } else {
    throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
  }
  if (options.highWaterMark !== undefined) validateNumber(options.highWaterMark, 'options.highWaterMark');

  this._connections = 0;
  this._handle = null;
  this._usingWorkers = false;
  this._workers = [];
  this._unref = false;
  this._listeningId = 1;
  this.allowHalfOpen = options.allowHalfOpen || false;
  this.pauseOnConnect = Boolean(options.pauseOnConnect);
  this.noDelay = Boolean(options.noDelay);
  this.keepAlive = Boolean(options.keepAlive);
  this.keepAliveInitialDelay = Math.max(0, ~~(options.keepAliveInitialDelay / 1000));
  this.highWaterMark = options.highWaterMark >= 0 ? options.highWaterMark : getDefaultHighWaterMark();
  if (options.blockList) {
    const { BlockList } = require('internal/net/block_list');
    if (!BlockList.isBlockList(options.blockList)) {
      throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', options.blockList);
    }
    this.blockList = options.blockList;
  }
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

/**
 * Makes the handle that a server listens on, bound to its address.
 * @param {string | null} address  an address or a path
 * @param {number} port  -1 for a path
 * @param {number} addressType  4, 6, or -1 for a path
 * @param {number} [fd]  an open descriptor to take over instead
 * @param {number} [flags]
 * @returns {object | number} the handle, or a negative error number
 */
function createServerHandle(address, port, addressType, fd, flags) {
  if (typeof fd === 'number' && fd >= 0) return openServerHandle(fd);
  if (port === -1 && addressType === -1) {
    const handle = new PipeHandle();
    return bound(handle, handle.bind(address));
  }
  const handle = new TcpHandle();
  if (address) return bound(handle, handle.bind(address, port, addressType === 6 ? flags : flags & ~IPV6_ONLY));
  const status = handle.bind('::', port, flags);
  if (status === 0) return handle;
  handle.close();
  return createServerHandle('0.0.0.0', port, 4, null, flags);
}

function bound(handle, status) {
  if (status === 0) return handle;
  handle.close();
  return status;
}

function openServerHandle(fd) {
  let handle;
  try {
    handle = handleForDescriptor(fd);
  } catch (error) {
    if (error.code !== 'ERR_INVALID_FD_TYPE') throw error;
    return UV_EINVAL;
  }
  const status = handle.open(fd);
  return status ? status : handle;
}

/** Begins to listen, on the handle that there is or on a new one. */
function setupListenHandle(address, port, addressType, backlog, fd, flags) {
  if (!this._handle) {
    let handle = null;
    // Any address: of both families where the system has both.
    if (!address && typeof fd !== 'number') {
      handle = createServerHandle('::', port, 6, fd, flags);
      if (typeof handle === 'number') {
        handle = null;
        address = '0.0.0.0';
        addressType = 4;
      } else {
        address = '::';
        addressType = 6;
      }
    }
    handle ??= createServerHandle(address, port, addressType, fd, flags);
    if (typeof handle === 'number') {
      const error = uvExceptionWithHostPort(handle, 'listen', address, port);
      failListening(this, error);
      return;
    }
    this._handle = handle;
  }
  const handle = this._handle;
  handle.onconnection = onconnection;
  handle[kOwner] = this;
  const status = handle.listen(backlog || BACKLOG);
  if (status) {
    const error = uvExceptionWithHostPort(status, 'listen', address, port);
    handle.close();
    this._handle = null;
    failListening(this, error);
    return;
  }
  this._connectionKey = `${addressType}:${address}:${port}`;
  if (this._unref) this.unref();
  if (channels.serverListen?.hasSubscribers) channels.serverListen.asyncEnd.publish({ server: this });
  process.nextTick(emitListeningNT, this);
}

Server.prototype._listen2 = setupListenHandle;

function emitErrorNT(server, error) {
  server.emit('error', error);
}

/** Tells that listening has failed: its channel at once, the program's listeners as soon as possible. */
function failListening(server, error) {
  if (channels.serverListen?.hasSubscribers) channels.serverListen.error.publish({ server, error });
  process.nextTick(emitErrorNT, server, error);
}

function emitListeningNT(server) {
  // It may have been closed at once.
  if (server._handle) server.emit('listening');
}

function emitCloseNT(server) {
  server.emit('close');
}

/**
 * Begins to listen here, or, in a worker of a cluster, by means of the primary process.
 * @param {Server} server
 */
function listenInCluster(server, address, port, addressType, backlog, fd, exclusive, flags) {
  const listeningId = ++server._listeningId;
  if (exclusive || !isClusterWorker()) {
    server._listen2(address, port, addressType, backlog, fd, flags);
    return;
  }
  require('cluster')._getServer(
    server,
    { address, port, addressType, fd, flags, backlog: backlog || 0 },
    (status, handle) => {
      // Another call of `listen` or `close` came meanwhile.
      if (listeningId !== server._listeningId) {
        handle?.close();
        return;
      }
      status = handle?.getsockname ? checkBind(status, port, handle) : status;
      if (status) {
        const error = uvExceptionWithHostPort(status, 'bind', address, port);
        failListening(server, error);
        return;
      }
      server._handle = handle;
      server._listen2(address, port, addressType, backlog, fd, flags);
    },
  );
}

/** Whether this process shares its servers with others. */
function isClusterWorker() {
  return require('internal/cluster/role').isWorker;
}

function flagsOf(options) {
  let flags = 0;
  if (options.ipv6Only === true) flags |= IPV6_ONLY;
  if (options.reusePort === true) flags |= REUSE_PORT;
  return flags;
}

function closeOnAbort(server, options) {
  if (options?.signal === undefined) return;
  validateAbortSignal(options.signal, 'options.signal');
  const { signal } = options;
  const onAborted = () => server.close();
  if (signal.aborted) {
    process.nextTick(onAborted);
    return;
  }
  const { addAbortListener } = require('internal/events/abort_listener');
  const subscription = addAbortListener(signal, onAborted);
  server.once('close', () => subscription[Symbol.dispose]());
}

Server.prototype.listen = function(...args) {
  const normalized = normalizeArgs(args);
  let [options, callback] = normalized;
  if (this._handle) throw new ERR_SERVER_ALREADY_LISTEN();
  if (callback !== null) this.once('listening', callback);
  const backlogFromArgs = (args.length > 1 && toNumber(args[1])) || toNumber(args[2]);
  const given = options;
  options = options._handle || options.handle || options;
  const flags = flagsOf(options);
  if (channels.serverListen?.hasSubscribers) channels.serverListen.asyncStart.publish({ server: this, options });

  if (typeof options[kAdopt] === 'function') options = options[kAdopt]();
  if (options instanceof TcpHandle || options instanceof PipeHandle) {
    this._handle = options;
    listenInCluster(this, null, -1, -1, given.backlog || backlogFromArgs, undefined, true);
    return this;
  }
  closeOnAbort(this, options);
  if (typeof options.fd === 'number' && options.fd >= 0) {
    listenInCluster(this, null, null, null, backlogFromArgs, options.fd);
    return this;
  }

  // `listen()`, `listen(callback)`, `listen(undefined)` and `listen(null)` are any free port.
  if (args.length === 0 || typeof args[0] === 'function' ||
      (options.port === undefined && 'port' in options) || options.port === null) {
    options.port = 0;
  }
  if (typeof options.port === 'number' || typeof options.port === 'string') {
    validatePort(options.port, 'options.port');
    listenOnPort(this, options, options.backlog || backlogFromArgs, flags);
    return this;
  }
  if (options.path && isPipeName(options.path)) {
    listenOnPath(this, options, options.backlog || backlogFromArgs);
    return this;
  }
  if (!('port' in options || 'path' in options)) {
    throw new ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
  }
  throw new ERR_INVALID_ARG_VALUE('options', options);
};

function listenOnPort(server, options, backlog, flags) {
  // Sockets that share a port are not shared a second time by a cluster.
  const exclusive = options.reusePort === true ? true : options.exclusive;
  if (options.host) {
    lookupAndListen(server, options.port | 0, options.host, backlog, exclusive, flags);
  } else {
    listenInCluster(server, null, options.port | 0, 4, backlog, undefined, exclusive, flags);
  }
}

function isLinkLocal(address) {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

function lookupAndListen(server, port, address, backlog, exclusive, flags) {
  server._listeningId++;
  const listeningId = server._listeningId;
  require('internal/dns/lookup').current()(address, { all: true }, (error, addresses) => {
    // Another call of `listen` or `close` came meanwhile.
    if (listeningId !== server._listeningId) return;
    if (error) {
      server.emit('error', error);
      return;
    }
    // One of a single link is of no use without the link's name, where there is another.
    const { address: ip, family } = addresses.find(({ address }) => !isLinkLocal(address)) ?? addresses[0];
    listenInCluster(server, ip, port, family, backlog, undefined, exclusive, flags);
  });
}

function listenOnPath(server, options, backlog) {
  if (options.path[0] === '\0' && (options.readableAll === true || options.writableAll === true)) {
    throw new ERR_INVALID_ARG_VALUE(
      'options', options, 'can not set readableAll or writableAllt to true when path is abstract unix socket');
  }
  const path = server._pipeName = options.path;
  listenInCluster(server, path, -1, -1, backlog, undefined, options.exclusive);
  // The failure is on its way.
  if (!server._handle) return;
  const access = (options.readableAll === true ? 1 : 0) | (options.writableAll === true ? 2 : 0);
  if (access === 0) return;
  const status = server._handle.fchmod(access);
  if (status) {
    server._handle.close();
    server._handle = null;
    throw errnoException(status, 'uv_pipe_chmod');
  }
}

Object.defineProperty(Server.prototype, 'listening', {
  get() {
    return Boolean(this._handle);
  },
  configurable: true,
  enumerable: true,
});

Server.prototype.address = function() {
  if (this._handle?.getsockname) {
    const end = {};
    const status = this._handle.getsockname(end);
    if (status) throw errnoException(status, 'address');
    return end;
  }
  if (this._pipeName) return this._pipeName;
  return null;
};

/** What is told about a connection that was not accepted. */
function describeDropped(client) {
  if (!client.getsockname) return undefined;
  const local = {};
  const remote = {};
  client.getsockname(local);
  client.getpeername(remote);
  return {
    __proto__: null,
    localAddress: local.address,
    localPort: local.port,
    localFamily: local.family,
    remoteAddress: remote.address,
    remotePort: remote.port,
    remoteFamily: remote.family,
  };
}

function drop(server, client) {
  const data = describeDropped(client);
  client.close();
  server.emit('drop', data);
}

/** The event of a handle: somebody has connected. */
function onconnection(status, client) {
  const server = this[kOwner];
  if (status) {
    server.emit('error', errnoException(status, 'accept'));
    return;
  }
  if (server.maxConnections !== undefined && server.maxConnections !== null &&
      server._connections >= server.maxConnections) {
    drop(server, client);
    return;
  }
  if (server.blockList !== undefined && client.getpeername) {
    const remote = {};
    client.getpeername(remote);
    const { address, family } = remote;
    if (address !== undefined && server.blockList.check(address, family.toLowerCase())) {
      drop(server, client);
      return;
    }
  }
  const socket = new Socket({
    handle: client,
    allowHalfOpen: server.allowHalfOpen,
    pauseOnCreate: server.pauseOnConnect,
    readable: true,
    writable: true,
    readableHighWaterMark: server.highWaterMark,
    writableHighWaterMark: server.highWaterMark,
  });
  if (server.noDelay && client.setNoDelay) {
    socket[kSetNoDelay] = true;
    client.setNoDelay(true);
  }
  if (server.keepAlive && client.setKeepAlive) {
    socket[kSetKeepAlive] = true;
    socket[kSetKeepAliveInitialDelay] = server.keepAliveInitialDelay;
    keepAlive(client, true, server.keepAliveInitialDelay);
  }
  server._connections++;
  socket.server = server;
  socket._server = server;
  server.emit('connection', socket);
  if (channels.serverSocket?.hasSubscribers) channels.serverSocket.publish({ socket });
}

/**
 * @param {(error: Error | null, count?: number) => void} callback
 */
Server.prototype.getConnections = function(callback) {
  const end = (error, count) => process.nextTick(callback, error, count);
  if (!this._usingWorkers) {
    end(null, this._connections);
    return this;
  }
  // Workers tell how many they have.
  let left = this._workers.length;
  let total = this._connections;
  const add = (error, count) => {
    if (error) {
      left = -1;
      end(error);
      return;
    }
    total += count;
    if (--left === 0) end(null, total);
  };
  for (const worker of this._workers) worker.getConnections(add);
  return this;
};

Server.prototype.close = function(callback) {
  if (typeof callback === 'function') {
    if (this._handle) this.once('close', callback);
    else this.once('close', () => callback(new ERR_SERVER_NOT_RUNNING()));
  }
  this._listeningId++;
  if (this._handle) {
    this._handle.close();
    this._handle = null;
  }
  if (this._usingWorkers) {
    let left = this._workers.length;
    this._connections++;
    const onWorkerClose = () => {
      if (--left !== 0) return;
      this._connections--;
      this._emitCloseIfDrained();
    };
    for (const worker of this._workers) worker.close(onWorkerClose);
  } else {
    this._emitCloseIfDrained();
  }
  return this;
};

Server.prototype[Symbol.asyncDispose] = async function() {
  if (!this._handle) return;
  await new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
};

Server.prototype._emitCloseIfDrained = function() {
  if (this._handle || this._connections) return;
  process.nextTick(emitCloseNT, this);
};

Server.prototype[EventEmitter.captureRejectionSymbol] = function(error, event, socket) {
  if (event === 'connection') socket.destroy(error);
  else this.emit('error', error);
};

/** Counts the connections of a child process among its own. */
Server.prototype._setupWorker = function(socketList) {
  this._usingWorkers = true;
  this._workers.push(socketList);
  socketList.once('exit', (socketList) => {
    this._workers.splice(this._workers.indexOf(socketList), 1);
  });
};

Server.prototype.ref = function() {
  this._unref = false;
  if (this._handle) this._handle.ref();
  return this;
};

Server.prototype.unref = function() {
  this._unref = true;
  if (this._handle) this._handle.unref();
  return this;
};

module.exports = { Server, createServerHandle };
