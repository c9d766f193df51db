// How a `net.Socket` connects: to a path, to one address, or to the first address that answers.
'use strict';

const {
  NodeAggregateError,
  codes: {
    ERR_INVALID_ADDRESS_FAMILY, ERR_INVALID_ARG_TYPE, ERR_INVALID_IP_ADDRESS, ERR_IP_BLOCKED,
    ERR_SOCKET_CONNECTION_TIMEOUT,
  },
  exceptionWithHostPort,
} = require('internal/errors');
const {
  validateBoolean, validateFunction, validateInt32, validateNumber, validatePort, validateString,
} = require('internal/validators');
const { isIP } = require('internal/net_address');
const {
  LEAST_TIMEOUT, getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout,
} = require('internal/net/auto_select_family');
const {
  TcpHandle, UV_ECANCELED, UV_ETIMEDOUT, bindHandle, checkBind, refusalOf,
} = require('internal/net/handles');
const wanted = require('internal/perf/wanted');
const { tracing } = require('internal/tracing');
const { afterConnected, kReinitializeHandle } = require('internal/net/socket');

function destroyNT(socket, error) {
  socket.destroy(error);
}

/** The error of a connection that did not come about, with the local end where it was asked for. */
function connectError(status, address, port, localAddress, localPort) {
  const details = localAddress && localPort ? `${localAddress}:${localPort}` : undefined;
  const error = exceptionWithHostPort(status, 'connect', address, port, details);
  if (details !== undefined) {
    error.localAddress = localAddress;
    error.localPort = localPort;
  }
  return error;
}

/** The error of an attempt that could not even begin: it names the end that the socket was bound to. */
function beginError(status, handle, address, port) {
  const end = {};
  const details = handle.getsockname(end) === 0 ? `${end.address}:${end.port}` : undefined;
  return exceptionWithHostPort(status, 'connect', address, port, details);
}

/** @returns {number} when a connection begins, if anybody wants to know; else -1 */
function startTime() {
  return wanted.net > 0 ? require('internal/perf/utils').now() : -1;
}

/** Tells the performance timeline of a connection that stands. */
function reportConnection(start, host, port) {
  if (start < 0 || wanted.net === 0) return;
  const duration = require('internal/perf/utils').now() - start;
  require('internal/perf/observe').enqueueNodeEntry('connect', 'net', start, duration, { host, port });
}

function finishConnect(socket, handle, status, address, port, family, localAddress, localPort) {
  if (socket.destroyed || socket._handle !== handle) return;
  socket.connecting = false;
  socket._sockname = null;
  if (status === 0) {
    afterConnected(socket);
    return;
  }
  const error = connectError(status, address, port, localAddress, localPort);
  socket.emit('connectionAttemptFailed', address, port, family, error);
  socket.destroy(error);
}

/** Begins to connect to an address; what the permission model refuses is the status. */
function begin(handle, address, port, callback) {
  try {
    if (tracing.net) callback = tracedCallback({ ip: address, port }, callback);
    if (Object.hasOwn(handle, 'connect')) return beginReplaced(handle, address, port, callback);
    return handle.connect(address, port, callback);
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * As `begin`, where a program has replaced the function of the handle, as libraries do that answer requests themselves:
 * it is called in Node's form.
 */
function beginReplaced(handle, address, port, callback) {
  const request = { address, port, oncomplete: (status) => callback(status) };
  const name = isIP(address) === 6 ? 'connect6' : 'connect';
  return handle[name](request, address, port);
}

/** Records that connecting begins, and its end. */
function tracedCallback(args, callback) {
  const { beginConnecting, endConnecting } = require('internal/tracing');
  const id = beginConnecting(args);
  return (status) => {
    endConnecting(id, status);
    callback(status);
  };
}

function pathArgs(path) {
  const isAbstract = path.startsWith('\0');
  return {
    path_type: isAbstract ? 'abstract socket' : 'file',
    pipe_path: isAbstract ? path.slice(1) : path,
  };
}

/** As `begin`, to a local socket. */
function beginLocal(handle, path, callback) {
  try {
    if (tracing.net) callback = tracedCallback(pathArgs(path), callback);
    return handle.connect(path, callback);
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * Connects to a local socket.
 * @param {Socket} socket
 * @param {string} path
 */
function connectPath(socket, path) {
  const handle = socket._handle;
  const status = beginLocal(handle, path, (status) => finishConnect(socket, handle, status, path));
  if (status) socket.destroy(exceptionWithHostPort(status, 'connect', path));
}

/** Failures are told later: who has asked for the socket cannot listen before. */
function connectAddress(socket, address, port, family, localAddress, localPort) {
  const handle = socket._handle;
  if (localAddress || localPort) {
    localAddress ||= family === 4 ? '0.0.0.0' : '::';
    const status = checkBind(bindHandle(handle, localAddress, localPort | 0, 0), localPort, handle);
    if (status) {
      process.nextTick(destroyNT, socket, exceptionWithHostPort(status, 'bind', localAddress, localPort));
      return;
    }
  }
  socket.emit('connectionAttempt', address, port, family);
  if (isBlocked(socket, address, family)) {
    process.nextTick(destroyNT, socket, new ERR_IP_BLOCKED(address));
    return;
  }
  const start = startTime();
  const connected = (status) => {
    if (status === 0) reportConnection(start, address, port);
    finishConnect(socket, handle, status, address, port, family, localAddress, localPort);
  };
  const status = begin(handle, address, port, connected);
  if (status) process.nextTick(destroyNT, socket, beginError(status, handle, address, port));
}

function isBlocked(socket, address, family) {
  return socket.blockList !== undefined && socket.blockList.check(address, `ipv${family}`);
}

function checkOptions(options) {
  const { localAddress, localPort, port } = options;
  if (localAddress && !isIP(localAddress)) throw new ERR_INVALID_IP_ADDRESS(localAddress);
  if (localPort) validateNumber(localPort, 'options.localPort');
  if (port !== undefined) {
    if (typeof port !== 'number' && typeof port !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
    }
    validatePort(port);
  }
}

function attemptOptions(options) {
  let { autoSelectFamily, autoSelectFamilyAttemptTimeout: timeout } = options;
  if (autoSelectFamily === undefined || autoSelectFamily === null) {
    autoSelectFamily = getDefaultAutoSelectFamily();
  } else {
    validateBoolean(autoSelectFamily, 'options.autoSelectFamily');
  }
  if (timeout === undefined || timeout === null) {
    timeout = getDefaultAutoSelectFamilyAttemptTimeout();
  } else {
    validateInt32(timeout, 'options.autoSelectFamilyAttemptTimeout', 1);
    timeout = Math.max(timeout, LEAST_TIMEOUT);
  }
  return { autoSelectFamily, timeout };
}

/**
 * Looks the host up and connects to it.
 * @param {Socket} socket
 * @param {object} options of `net.connect`
 */
function lookupAndConnect(socket, options) {
  checkOptions(options);
  const { localAddress, localPort } = options;
  const host = options.host || 'localhost';
  const port = options.port | 0;
  if (typeof host !== 'string') validateString(host, 'options.host');
  const { autoSelectFamily, timeout } = attemptOptions(options);

  const family = isIP(host);
  if (family !== 0) {
    process.nextTick(() => {
      if (socket.connecting) connectAddress(socket, host, port, family, localAddress, localPort);
    });
    return;
  }

  if (options.lookup !== undefined && options.lookup !== null) validateFunction(options.lookup, 'options.lookup');
  const lookupOptions = { family: socketFamily(options.family), hints: options.hints || 0 };
  const anyFamily = lookupOptions.family !== 4 && lookupOptions.family !== 6;
  const dns = require('internal/dns/lookup');
  // Only families that this machine has an address of.
  if (anyFamily && lookupOptions.hints === 0) lookupOptions.hints = dns.ADDRCONFIG;
  socket._host = host;
  const lookup = options.lookup || dns.current();
  if (autoSelectFamily && anyFamily && !localAddress) {
    lookupAndConnectMultiple(socket, lookup, host, options, lookupOptions, port, localPort, timeout);
    return;
  }
  lookup(host, lookupOptions, function emitLookup(error, ip, family) {
    socket.emit('lookup', error, ip, family, host);
    // The program may have given up meanwhile.
    if (!socket.connecting) return;
    if (error) {
      process.nextTick(destroyNT, socket, error);
    } else if (typeof ip !== 'string' || !isIP(ip)) {
      process.nextTick(destroyNT, socket, new ERR_INVALID_IP_ADDRESS(ip));
    } else if (family !== 4 && family !== 6) {
      process.nextTick(destroyNT, socket, new ERR_INVALID_ADDRESS_FAMILY(family, options.host, options.port));
    } else {
      socket._unrefTimer();
      connectAddress(socket, ip, port, family, localAddress, localPort);
    }
  });
}

function socketFamily(family) {
  if (family === 'IPv4') return 4;
  if (family === 'IPv6') return 6;
  return family;
}

function lookupAndConnectMultiple(socket, lookup, host, options, lookupOptions, port, localPort, timeout) {
  lookupOptions.all = true;
  lookup(host, lookupOptions, function emitLookup(error, addresses) {
    if (!socket.connecting) return;
    if (error) {
      socket.emit('lookup', error, undefined, undefined, host);
      process.nextTick(destroyNT, socket, error);
      return;
    }
    const usable = emitAndSort(socket, addresses, host);
    if (!socket.connecting) return;
    if (usable.length === 0) {
      const { address, family } = addresses[0];
      const error = typeof address === 'string' && isIP(address) ?
        new ERR_INVALID_ADDRESS_FAMILY(family, options.host, options.port) :
        new ERR_INVALID_IP_ADDRESS(address);
      process.nextTick(destroyNT, socket, error);
      return;
    }
    socket._unrefTimer();
    if (usable.length === 1) {
      const [{ address, family }] = usable;
      connectAddress(socket, address, port, family, undefined, localPort);
      return;
    }
    socket.autoSelectFamilyAttemptedAddresses = [];
    connectNext({ socket, addresses: usable, current: 0, port, localPort, timeout, errors: [], timer: null });
  });
}

/**
 * Announces the addresses and puts the usable ones in the order of the attempts: the families in turn,
 * that of the first address first.
 */
function emitAndSort(socket, addresses, host) {
  const first = [];
  const second = [];
  let firstFamily;
  for (const { address, family } of addresses) {
    socket.emit('lookup', null, address, family, host);
    if (!socket.connecting) return [];
    if (typeof address !== 'string' || !isIP(address) || (family !== 4 && family !== 6)) continue;
    firstFamily ??= family;
    (family === firstFamily ? first : second).push({ address, family });
  }
  const sorted = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    if (i < first.length) sorted.push(first[i]);
    if (i < second.length) sorted.push(second[i]);
  }
  return sorted;
}

/** Begins the attempt with the next address. */
function connectNext(attempts, canceled = false) {
  clearTimeout(attempts.timer);
  const { socket, port, localPort } = attempts;
  if (canceled || attempts.current === attempts.addresses.length) {
    const error = attempts.errors.length === 0 ?
      new ERR_SOCKET_CONNECTION_TIMEOUT() :
      new NodeAggregateError(attempts.errors);
    process.nextTick(destroyNT, socket, error);
    return;
  }
  const index = attempts.current++;
  if (index > 0) socket[kReinitializeHandle](new TcpHandle());
  const handle = socket._handle;
  const { address, family } = attempts.addresses[index];
  let localAddress;
  if (localPort) {
    localAddress = family === 4 ? '0.0.0.0' : '::';
    const status = checkBind(bindHandle(handle, localAddress, localPort, 0), localPort, handle);
    if (status) {
      attempts.errors.push(exceptionWithHostPort(status, 'bind', localAddress, localPort));
      connectNext(attempts);
      return;
    }
  }
  if (isBlocked(socket, address, family)) {
    const error = new ERR_IP_BLOCKED(address);
    attempts.errors.push(error);
    socket.emit('connectionAttemptFailed', address, port, family, error);
    connectNext(attempts);
    return;
  }
  socket.emit('connectionAttempt', address, port, family);
  socket.autoSelectFamilyAttemptedAddresses.push(`${address}:${port}`);
  const attempt = { address, family, localAddress, handle, start: startTime(), given: false };
  const status = begin(handle, address, port, (status) => finishAttempt(attempts, attempt, status));
  if (status) {
    failAttempt(attempts, attempt, beginError(status, handle, address, port));
    return;
  }
  if (index < attempts.addresses.length - 1) {
    attempts.timer = setTimeout(giveUpAttempt, attempts.timeout, attempts, attempt);
  }
}

function failAttempt(attempts, { address, family }, error, canceled) {
  const { socket, port } = attempts;
  attempts.errors.push(error);
  socket.emit('connectionAttemptFailed', address, port, family, error);
  if (socket.connecting) connectNext(attempts, canceled);
}

function giveUpAttempt(attempts, attempt) {
  const { socket, port, localPort } = attempts;
  const { address, family, localAddress, handle } = attempt;
  socket.emit('connectionAttemptTimeout', address, port, family);
  attempt.given = true;
  attempts.errors.push(connectError(UV_ETIMEDOUT, address, port, localAddress, localPort));
  handle.close();
  if (socket.connecting) connectNext(attempts);
}

function finishAttempt(attempts, attempt, status) {
  // Its time was over before.
  if (attempt.given) return;
  clearTimeout(attempts.timer);
  const { socket, port, localPort } = attempts;
  const { address, family, localAddress, handle } = attempt;
  if (status === 0) {
    reportConnection(attempt.start, address, port);
    finishConnect(socket, handle, status, address, port, family, localAddress, localPort);
    return;
  }
  if (socket.destroyed) return;
  failAttempt(attempts, attempt, connectError(status, address, port, localAddress, localPort), status === UV_ECANCELED);
}

module.exports = { connectPath, lookupAndConnect };
