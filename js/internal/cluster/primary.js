// `cluster` in the process that forks the workers.
'use strict';

const EventEmitter = require('events');
const { validatePort } = require('internal/validators');
const { listener, send } = require('internal/cluster/messages');
const { RoundRobinHandle } = require('internal/cluster/round_robin_handle');
const { SharedHandle } = require('internal/cluster/shared_handle');
const { Worker } = require('internal/cluster/worker');

const SCHED_NONE = 1;
const SCHED_RR = 2;

const MIN_PORT = 1024;
const MAX_PORT = 65535;

const cluster = new EventEmitter();

/** Tells of the end of all workers. */
const intercom = new EventEmitter();

/** What workers listen on, by keys that say where. */
const handles = new Map();

const policies = { __proto__: null, none: SCHED_NONE, rr: SCHED_RR };

let initialized = false;
let lastId = 0;
let debugPortOffset = 1;

module.exports = cluster;

cluster.isWorker = false;
cluster.isMaster = true;
cluster.isPrimary = true;
cluster.Worker = Worker;
cluster.workers = {};
cluster.settings = {};
cluster.SCHED_NONE = SCHED_NONE;
cluster.SCHED_RR = SCHED_RR;
cluster.schedulingPolicy = policies[process.env.NODE_CLUSTER_SCHED_POLICY] ?? SCHED_RR;

/** @param {object} [options]  how workers are to be started, added to what is known */
cluster.setupPrimary = function(options) {
  const settings = {
    args: process.argv.slice(2),
    exec: process.argv[1],
    execArgv: process.execArgv,
    silent: false,
    ...cluster.settings,
    ...options,
  };
  cluster.settings = settings;
  if (initialized) {
    process.nextTick(emitSetup, settings);
    return;
  }
  initialized = true;
  const policy = cluster.schedulingPolicy;
  if (policy !== SCHED_NONE && policy !== SCHED_RR) {
    require('assert')(false, `Bad cluster.schedulingPolicy: ${policy}`);
  }
  process.nextTick(emitSetup, settings);
};

cluster.setupMaster = cluster.setupPrimary;

function emitSetup(settings) {
  cluster.emit('setup', settings);
}

/** The port of the next worker's debugger. */
function nextInspectPort() {
  const { inspectPort } = cluster.settings;
  if (inspectPort !== null && inspectPort !== undefined) {
    const port = typeof inspectPort === 'function' ? inspectPort() : inspectPort;
    validatePort(port);
    return port;
  }
  const port = process.debugPort + debugPortOffset++;
  return port > MAX_PORT ? port - MAX_PORT + MIN_PORT - 1 : port;
}

function startProcess(id, env) {
  const { settings } = cluster;
  const execArgv = [...settings.execArgv];
  const isDebugged = execArgv.some((option) => /^--inspect(?:-brk|-port)?(?:=|$)|^--debug-port/.test(option));
  if (isDebugged || process.execArgv.some((option) => option.startsWith('--inspect'))) {
    execArgv.push(`--inspect-port=${nextInspectPort()}`);
  }
  return require('child_process').fork(settings.exec, settings.args, {
    cwd: settings.cwd,
    env: { ...process.env, ...env, NODE_UNIQUE_ID: `${id}` },
    serialization: settings.serialization,
    silent: settings.silent,
    windowsHide: settings.windowsHide,
    execArgv,
    stdio: settings.stdio,
    gid: settings.gid,
    uid: settings.uid,
  });
}

function removeWorker(worker) {
  delete cluster.workers[worker.id];
  if (Object.keys(cluster.workers).length === 0) intercom.emit('disconnect');
}

function removeHandles(worker) {
  for (const [key, handle] of handles) {
    if (handle.remove(worker)) handles.delete(key);
  }
}

/**
 * @param {object} [env]  variables for the worker, added to this process's
 * @returns {Worker}
 */
cluster.fork = function(env) {
  cluster.setupPrimary();
  const id = ++lastId;
  const worker = new Worker({ id, process: startProcess(id, env) });
  worker.on('message', function(message, handle) {
    cluster.emit('message', this, message, handle);
  });
  worker.process.once('exit', (code, signal) => {
    // While it is connected, its last messages are still to come.
    if (!worker.isConnected()) {
      removeHandles(worker);
      removeWorker(worker);
    }
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'dead';
    worker.emit('exit', code, signal);
    cluster.emit('exit', worker, code, signal);
  });
  worker.process.once('disconnect', () => {
    removeHandles(worker);
    if (worker.isDead()) removeWorker(worker);
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'disconnected';
    worker.emit('disconnect');
    cluster.emit('disconnect', worker);
  });
  worker.process.on('internalMessage', listener(worker, onMessage));
  process.nextTick(emitFork, worker);
  cluster.workers[id] = worker;
  return worker;
};

function emitFork(worker) {
  cluster.emit('fork', worker);
}

/** @param {() => void} [callback]  for when no worker is left */
cluster.disconnect = function(callback) {
  const workers = Object.values(cluster.workers);
  if (workers.length === 0) process.nextTick(() => intercom.emit('disconnect'));
  for (const worker of workers) if (worker.isConnected()) worker.disconnect();
  if (typeof callback === 'function') intercom.once('disconnect', callback);
};

const acts = {
  __proto__: null,
  close,
  exitedAfterDisconnect,
  listening,
  online,
  queryServer,
};

function onMessage(message, handle) {
  acts[message.act]?.(this, message, handle);
}

function online(worker) {
  worker.state = 'online';
  worker.emit('online');
  cluster.emit('online', worker);
}

function exitedAfterDisconnect(worker, message) {
  worker.exitedAfterDisconnect = true;
  send(worker.process, { ack: message.seq });
}

/** A worker wants to listen. */
function queryServer(worker, message) {
  if (worker.exitedAfterDisconnect) return;
  const { address, port, addressType, fd, index } = message;
  const key = `${address}:${port}:${addressType}:${fd}:${index}`;
  let handle = handles.get(key);
  if (handle === undefined) {
    const isDatagram = addressType === 'udp4' || addressType === 'udp6';
    const Handle = cluster.schedulingPolicy !== SCHED_RR || isDatagram ? SharedHandle : RoundRobinHandle;
    handle = new Handle(key, port < 0 ? shortestPath(address) : address, message);
    handles.set(key, handle);
  }
  handle.data ||= message.data;
  handle.add(worker, (errno, reply, shared) => {
    const { data } = handle;
    if (errno && handles.get(key) === handle) handles.delete(key);
    send(worker.process, { errno, key, ack: message.seq, data, ...reply }, shared);
  });
}

/** The names of local sockets may have about 100 bytes: the shorter of the two forms of a path. */
function shortestPath(address) {
  if (typeof address !== 'string') return address;
  const relative = require('path').relative(process.cwd(), address);
  return relative.length < address.length ? relative : address;
}

function listening(worker, { addressType, address, port, fd }) {
  const info = { addressType, address, port, fd };
  worker.state = 'listening';
  worker.emit('listening', info);
  cluster.emit('listening', worker, info);
}

function close(worker, message) {
  const handle = handles.get(message.key);
  if (handle?.remove(worker)) handles.delete(message.key);
}

Worker.prototype.disconnect = function() {
  this.exitedAfterDisconnect = true;
  send(this.process, { act: 'disconnect' });
  removeHandles(this);
  removeWorker(this);
  return this;
};

Worker.prototype.destroy = function(signal) {
  this.process.kill(signal || 'SIGTERM');
};
