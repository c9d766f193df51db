// `http.Agent`: keeps connections, lends them to requests, and lets requests wait for them.
'use strict';

const EventEmitter = require('events');
const { validateNumber, validateOneOf, validateString } = require('internal/validators');
const { once } = require('internal/util');
const { isIP } = require('internal/net_address');
const { debuglog } = require('internal/util/debuglog');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_hooks');
const { kOwner } = require('internal/net/handles');
const { headText } = require('internal/http/incoming');

/** On an agent: the listener that passes on the keys of TLS connections, once somebody wants them. */
const kOnKeylog = Symbol('onkeylog');
/** On an agent with the option `proxyEnv`: its proxy, or null. */
const kProxyConfig = Symbol('kProxyConfig');
/** On a socket that `createConnection` returns: it calls back only when its tunnel stands. */
const kWaitForProxyTunnel = Symbol('kWaitForProxyTunnel');
/** On a socket of the pool: what its handle calls otherwise. */
const kOnRead = Symbol('kOnRead');
/** On a request that waits: its options, and the asynchronous operation that waiting is. */
const kRequestOptions = Symbol('requestOptions');
const kQueueResource = Symbol('queueResource');

const debug = debuglog('http');

const DEFAULT_KEEP_ALIVE_MSECS = 1000;
const DEFAULT_MAX_FREE_SOCKETS = 256;
const DEFAULT_TIMEOUT_BUFFER = 1000;

/**
 * @param {object} [options]  `keepAlive`, `keepAliveMsecs`, `agentKeepAliveTimeoutBuffer`, `maxSockets`,
 *   `maxTotalSockets`, `maxFreeSockets`, `scheduling`, `timeout`, `proxyEnv`, `defaultPort`, `protocol`, and
 *   whatever `createConnection` understands
 */
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  EventEmitter.call(this);

  options = { __proto__: null, ...options };
  this.options = options;
  this.defaultPort = options.defaultPort || 80;
  this.protocol = options.protocol || 'http:';
  if (options.noDelay === undefined) options.noDelay = true;
  // A path among the options of a connection would mean a local socket.
  options.path = null;

  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = options.keepAliveMsecs || DEFAULT_KEEP_ALIVE_MSECS;
  this.keepAlive = options.keepAlive || false;
  this.maxSockets = options.maxSockets || Agent.defaultMaxSockets;
  this.maxFreeSockets = options.maxFreeSockets || DEFAULT_MAX_FREE_SOCKETS;
  this.scheduling = options.scheduling || 'lifo';
  this.maxTotalSockets = options.maxTotalSockets;
  this.totalSocketCount = 0;
  const buffer = options.agentKeepAliveTimeoutBuffer;
  this.agentKeepAliveTimeoutBuffer =
    typeof buffer === 'number' && buffer >= 0 && Number.isFinite(buffer) ? buffer : DEFAULT_TIMEOUT_BUFFER;

  const { proxyEnv } = options;
  if (typeof proxyEnv === 'object' && proxyEnv !== null) {
    this[kProxyConfig] = require('internal/http/proxy').proxyFor(proxyEnv, this.protocol);
  }
  validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
  if (this.maxTotalSockets === undefined) this.maxTotalSockets = Infinity;
  else validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);

  this.on('free', (socket, options) => takeBack(this, socket, options));
  this.on('newListener', maybeEnableKeylog);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);

Agent.defaultMaxSockets = Infinity;

function maybeEnableKeylog(eventName) {
  if (eventName !== 'keylog') return;
  this.removeListener('newListener', maybeEnableKeylog);
  const agent = this;
  this[kOnKeylog] = function onkeylog(keylog) {
    agent.emit('keylog', keylog, this);
  };
  for (const name in this.sockets) {
    for (const socket of this.sockets[name]) socket.on('keylog', this[kOnKeylog]);
  }
}

/** An idle connection that fails is closed; nobody needs to know. */
function freeSocketErrorListener() {
  this.destroy();
}

/** What a handle reads while nobody has asked for anything is its end, or would be taken for the next response. */
function closeWhenRead() {
  this[kOwner].destroy();
}

function guardIdle(socket) {
  const handle = socket._handle;
  if (!handle || typeof handle.onread !== 'function' || handle[kOwner] !== socket) return;
  socket[kOnRead] = handle.onread;
  handle.onread = closeWhenRead;
}

function unguard(socket) {
  const handle = socket._handle;
  if (handle?.onread === closeWhenRead) handle.onread = socket[kOnRead];
}

/** A request is over: its connection goes to the next one that waits, into the pool, or away. */
function takeBack(agent, socket, options) {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const name = agent.getName(options);
  const waiting = agent.requests[name];
  if (waiting !== undefined && waiting.length > 0) {
    const request = waiting.shift();
    if (waiting.length === 0) delete agent.requests[name];
    lendToWaiting(agent, request, socket);
    return;
  }

  const request = socket._httpMessage;
  if (!request || !request.shouldKeepAlive || !agent.keepAlive) {
    socket.destroy();
    return;
  }
  const free = agent.freeSockets[name];
  const freeCount = free === undefined ? 0 : free.length;
  const inUse = agent.sockets[name];
  const count = freeCount + (inUse === undefined ? 0 : inUse.length);
  if (agent.totalSocketCount > agent.maxTotalSockets || count > agent.maxSockets ||
      freeCount >= agent.maxFreeSockets || !agent.keepSocketAlive(socket)) {
    socket.destroy();
    return;
  }
  if (free === undefined) agent.freeSockets[name] = [socket];
  else free.push(socket);
  socket._httpMessage = null;
  agent.removeSocket(socket, options);
  socket.once('error', freeSocketErrorListener);
  guardIdle(socket);
}

function lendToWaiting(agent, request, socket) {
  request[kRequestOptions] = undefined;
  const resource = request[kQueueResource];
  if (resource === undefined) {
    setRequestSocket(agent, request, socket);
    return;
  }
  request[kQueueResource] = undefined;
  resource.runInAsyncScope(setRequestSocket, null, agent, request, socket);
}

function setRequestSocket(agent, request, socket) {
  request.onSocket(socket);
  const timeout = agent.options.timeout || 0;
  if (request.timeout === undefined || request.timeout === timeout) return;
  socket.setTimeout(request.timeout);
}

/**
 * Makes a connection.
 * @returns {net.Socket}
 */
Agent.prototype.createConnection = function createConnection() {
  const proxy = this[kProxyConfig];
  if (proxy) {
    const { connectToProxy, goesThrough } = require('internal/http/proxy');
    const [options] = arguments;
    if (typeof options === 'object' && goesThrough(proxy, options)) return connectToProxy(proxy);
  }
  return Reflect.apply(require('net').createConnection, undefined, arguments);
};

/** What was named last: most names are asked for again at once. */
const last = { host: undefined, port: undefined, localAddress: undefined, family: undefined, path: undefined, name: '' };

/** @returns {string} `host:port:localAddress[:family][:socketPath]` */
function nameOf(host, port, localAddress, family, path) {
  if (last.port === port && last.host === host && last.path === path && last.localAddress === localAddress &&
      last.family === family && last.name !== '') {
    return last.name;
  }
  let name = `${host || 'localhost'}:${port || ''}:${localAddress || ''}`;
  if (family === 4 || family === 6) name += `:${family}`;
  if (path) name += `:${path}`;
  last.host = host;
  last.port = port;
  last.localAddress = localAddress;
  last.family = family;
  last.path = path;
  last.name = name;
  return name;
}

/**
 * The name of the connections that serve requests with such options.
 * @param {object} [options]  `host`, `port`, `localAddress`, `family`, `socketPath`
 * @returns {string} `host:port:localAddress[:family][:socketPath]`
 */
Agent.prototype.getName = function getName(options = {}) {
  return nameOf(options.host, options.port, options.localAddress, options.family, options.socketPath);
};

const { getName } = Agent.prototype;

/** The host that a request is meant for, as TLS names servers; '' for an address. */
function calculateServerName(options, request) {
  let name = options.host;
  const header = request.getHeader('host');
  if (header) {
    validateString(header, 'options.headers.host');
    if (header.startsWith('[')) {
      const end = header.indexOf(']');
      name = end === -1 ? header : header.slice(1, end);
    } else {
      const colon = header.indexOf(':');
      name = colon === -1 ? header : header.slice(0, colon);
    }
  }
  return isIP(name) ? '' : name;
}

/** The options of a request with those of the agent. */
function mergeOptions(agent, request, options) {
  const merged = { __proto__: null, ...options, ...agent.options };
  if (merged.socketPath) merged.path = merged.socketPath;
  if (!merged.servername && merged.servername !== '') merged.servername = calculateServerName(merged, request);
  return merged;
}

/** The name of the connections for a request: the options of the agent go first. */
function nameOfBoth(options, own) {
  return nameOf(
    'host' in own ? own.host : options.host,
    'port' in own ? own.port : options.port,
    'localAddress' in own ? own.localAddress : options.localAddress,
    'family' in own ? own.family : options.family,
    'socketPath' in own ? own.socketPath : options.socketPath,
  );
}

/** A connection of the pool that is still open, taken out of it; undefined if there is none. */
function takeFree(agent, name) {
  const free = agent.freeSockets[name];
  if (free === undefined) return undefined;
  let socket;
  do {
    socket = agent.scheduling === 'fifo' ? free.shift() : free.pop();
  } while (socket !== undefined && socket.destroyed);
  if (free.length === 0) delete agent.freeSockets[name];
  return socket;
}

/**
 * Finds a request a connection: from the pool, a new one, or later.
 * @param {ClientRequest} req
 * @param {object} options  of the request; formerly host, port and local address
 */
Agent.prototype.addRequest = function addRequest(req, options, port, localAddress) {
  if (typeof options === 'string') options = { __proto__: null, host: options, port, localAddress };
  // Whoever names connections in another way may look at any option.
  let merged = this.getName === getName ? undefined : mergeOptions(this, req, options);
  const name = merged === undefined ? nameOfBoth(options, this.options) : this.getName(merged);
  const inUse = this.sockets[name] ??= [];
  const socket = takeFree(this, name);
  if (socket !== undefined) {
    this.reuseSocket(socket, req);
    setRequestSocket(this, req, socket);
    inUse.push(socket);
    return;
  }
  merged ??= mergeOptions(this, req, options);
  const free = this.freeSockets[name];
  const count = inUse.length + (free === undefined ? 0 : free.length);
  if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets) {
    this.createSocket(req, merged, (error, socket) => {
      if (error) req.onSocket(socket, error);
      else setRequestSocket(this, req, socket);
    });
    return;
  }
  req[kRequestOptions] = merged;
  if (hooks.state.tracking || asyncContext.active) {
    const { AsyncResource } = require('internal/async_resource');
    req[kQueueResource] = new AsyncResource('QueuedRequest');
  }
  const waiting = this.requests[name];
  if (waiting === undefined) this.requests[name] = [req];
  else waiting.push(req);
};

/**
 * Makes a connection for a request.
 * @param {ClientRequest} req
 * @param {object} options
 * @param {(error: Error | null, socket?: Duplex) => void} cb
 */
Agent.prototype.createSocket = function createSocket(req, options, cb) {
  options = mergeOptions(this, req, options);
  const name = this.getName(options);
  options._agentKey = name;
  options.encoding = null;
  debug('createConnection', name);

  const oncreate = once((error, socket) => {
    if (error) {
      cb(error);
      return;
    }
    this.sockets[name] ??= [];
    this.sockets[name].push(socket);
    this.totalSocketCount++;
    debug('sockets', name, this.sockets[name].length, this.totalSocketCount);
    installListeners(this, socket, options);
    cb(null, socket);
  });
  if (options.keepAlive) options.keepAliveInitialDelay = this.keepAliveMsecs;
  const socket = this.createConnection(options, oncreate);
  if (!socket) return;
  if (socket[kWaitForProxyTunnel]) timeTunnel(req, socket);
  else oncreate(null, socket);
};

/** The time that a request gives its connection is also that for its tunnel. */
function timeTunnel(req, socket) {
  if (req.timeout !== undefined) socket.setTimeout(req.timeout);
  socket.once('timeout', () => {
    if (req.socket === null) req.emit('timeout');
  });
}

function installListeners(agent, socket, options) {
  function onFree() {
    agent.emit('free', socket, options);
  }
  function onClose() {
    debug('CLIENT socket onClose');
    agent.totalSocketCount--;
    agent.removeSocket(socket, options);
  }
  function onTimeout() {
    // Nobody uses it: it was idle for too long.
    for (const name in agent.freeSockets) {
      if (agent.freeSockets[name].includes(socket)) {
        socket.destroy();
        return;
      }
    }
  }
  function onRemove() {
    // A program has taken it over, for another protocol: it is no longer the agent's.
    agent.totalSocketCount--;
    agent.removeSocket(socket, options);
    socket.removeListener('close', onClose);
    socket.removeListener('free', onFree);
    socket.removeListener('timeout', onTimeout);
    socket.removeListener('agentRemove', onRemove);
  }
  socket.on('free', onFree);
  socket.on('close', onClose);
  socket.on('timeout', onTimeout);
  socket.on('agentRemove', onRemove);
  if (agent[kOnKeylog]) socket.on('keylog', agent[kOnKeylog]);
}

function removeFrom(pool, name, socket) {
  const sockets = pool[name];
  if (sockets === undefined) return;
  const index = sockets.indexOf(socket);
  if (index === -1) return;
  sockets.splice(index, 1);
  if (sockets.length === 0) delete pool[name];
}

/**
 * Forgets a connection, and makes one for a request that waits for its place.
 * @param {Duplex} socket
 * @param {object} options  with which it was made
 */
Agent.prototype.removeSocket = function removeSocket(socket, options) {
  const name = this.getName(options);
  debug('removeSocket', name, 'writable:', socket.writable);
  removeFrom(this.sockets, name, socket);
  // One that can be written goes from the requests to the pool.
  if (!socket.writable) removeFrom(this.freeSockets, name, socket);

  const request = nextWaiting(this, name);
  if (request === undefined) return;
  this.createSocket(request, request[kRequestOptions] ?? options, (error, socket) => {
    if (error) {
      dequeue(this, request);
      request.onSocket(null, error);
    } else {
      socket.emit('free');
    }
  });
};

function countInUse(agent) {
  let count = 0;
  for (const name in agent.sockets) count += agent.sockets[name].length;
  return count;
}

/** The request that gets the place that is free now: of the same name first. */
function nextWaiting(agent, name) {
  if (agent.maxTotalSockets !== Infinity && countInUse(agent) >= agent.maxTotalSockets) return undefined;
  const waiting = agent.requests[name];
  if (waiting !== undefined) {
    const inUse = agent.sockets[name];
    return inUse !== undefined && inUse.length >= agent.maxSockets ? undefined : waiting[0];
  }
  for (const other in agent.requests) {
    const inUse = agent.sockets[other];
    if (inUse === undefined || inUse.length < agent.maxSockets) return agent.requests[other][0];
  }
  return undefined;
}

function dequeue(agent, request) {
  for (const name in agent.requests) {
    const waiting = agent.requests[name];
    const index = waiting.indexOf(request);
    if (index === -1) continue;
    waiting.splice(index, 1);
    if (waiting.length === 0) delete agent.requests[name];
    return;
  }
}

/** The lines of the field: what follows a value of this text is a name, which has no equals sign. */
const KEEP_ALIVE_FIELD = /(?:^|\n)keep-alive\ntimeout=(\d+)/i;

/** How long a server keeps an idle connection, by its header `Keep-Alive`, in milliseconds; or undefined. */
function keepAliveHint(socket) {
  const res = socket._httpMessage?.res;
  if (!res) return undefined;
  const hint = KEEP_ALIVE_FIELD.exec(headText(res))?.[1];
  return hint === undefined ? undefined : Number.parseInt(hint, 10) * 1000;
}

/**
 * Makes a connection ready for the pool.
 * @param {Duplex} socket
 * @returns {boolean} false if it shall be closed instead
 */
Agent.prototype.keepSocketAlive = function keepSocketAlive(socket) {
  socket.setKeepAlive(true, this.keepAliveMsecs);
  socket.unref();
  let timeout = this.options.timeout || 0;
  const hint = keepAliveHint(socket);
  if (hint !== undefined) {
    // The server is not to close it in the moment in which it is used again.
    const ours = hint - this.agentKeepAliveTimeoutBuffer;
    if (ours <= 0) return false;
    if (timeout === 0 || ours < timeout) timeout = ours;
  }
  if (socket.timeout !== timeout) socket.setTimeout(timeout);
  return true;
};

/**
 * Takes a connection of the pool into use again.
 * @param {Duplex} socket
 * @param {ClientRequest} req
 */
Agent.prototype.reuseSocket = function reuseSocket(socket, req) {
  req.reusedSocket = true;
  socket.removeListener('error', freeSocketErrorListener);
  unguard(socket);
  socket.ref();
};

/** Closes all connections, those in use as well. */
Agent.prototype.destroy = function destroy() {
  for (const pool of [this.freeSockets, this.sockets]) {
    for (const name of Object.keys(pool)) {
      for (const socket of pool[name].slice()) socket.destroy();
    }
  }
};

/** @returns {object | undefined} the variables that the global agent takes its proxy from, if it is to have one */
function globalProxyEnv() {
  const { getOptionValue } = require('internal/options');
  const isWanted = getOptionValue('--use-env-proxy') || process.env.NODE_USE_ENV_PROXY === '1';
  return isWanted ? require('internal/http/proxy').environment() : undefined;
}

module.exports = {
  Agent,
  globalAgent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: globalProxyEnv() }),
  globalProxyEnv,
  kProxyConfig,
  kWaitForProxyTunnel,
};
