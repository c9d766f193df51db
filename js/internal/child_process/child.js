// `ChildProcess`: a process that runs beside this one.
'use strict';

const EventEmitter = require('events');
const {
  AbortError,
  errnoException,
} = require('internal/errors');
const { convertToValidSignal } = require('internal/util');
const {
  validateAbortSignal,
  validateArray,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/validators');
const {
  normalizeSpawnArguments,
  sanitizeKillSignal,
  validateTimeout,
} = require('internal/child_process/arguments');
const channels = require('internal/child_process/channels');
const { parseStdio } = require('internal/child_process/stdio');
const { signalName } = require('internal/child_process/signals');
const binding = internalBinding('child_process');

const errnoBinding = internalBinding('errno');

// Programs that print a child see the name that Node's handle has.
Object.defineProperty(binding.ProcessHandle, 'name', { value: 'Process' });

/** Failures to start that the program hears of by the event `error`; others are thrown. */
const REPORTED = ['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT'];

/** On a stream: another process reads what comes. */
const kIsUsedAsStdio = Symbol('kIsUsedAsStdio');

const SERIALIZATIONS = [undefined, 'json', 'advanced'];

/** A process that runs beside this one. */
function ChildProcess() {
  EventEmitter.call(this);
  this._closesNeeded = 1;
  this._closesGot = 0;
  this.connected = false;
  this.signalCode = null;
  this.exitCode = null;
  this.killed = false;
  this.spawnfile = null;
  this._handle = new binding.ProcessHandle();
  this._handle[require('internal/net/handles').kOwner] = this;
  this._handle.onexit = (code, signal) => onExit(this, code, signal === 0 ? null : signalName(signal));
  const { created } = channels;
  if (created !== undefined && created.hasSubscribers) created.publish({ process: this });
}
Object.setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype);
Object.setPrototypeOf(ChildProcess, EventEmitter);

/** The process has ended, or, with a negative code, could not be started. */
function onExit(child, code, signal) {
  if (signal !== null) child.signalCode = signal;
  else child.exitCode = code;
  if (child.stdin) child.stdin.destroy();
  child._handle?.close();
  child._handle = null;
  if (code < 0) {
    const error = errnoException(code, child.spawnfile ? `spawn ${child.spawnfile}` : 'spawn');
    if (child.spawnfile) error.path = child.spawnfile;
    error.spawnargs = child.spawnargs.slice(1);
    child.emit('error', error);
  } else {
    child.emit('exit', child.exitCode, child.signalCode);
  }
  // What nobody reads is read here, so that the streams come to their end.
  process.nextTick(flushStdio, child);
  maybeClose(child);
}

function flushStdio(child) {
  for (const stream of child.stdio) {
    if (stream?.readable && !stream[kIsUsedAsStdio] && stream.listenerCount('readable') === 0) stream.resume();
  }
}

/** Leaves what comes from a stream to the process that it was given to. */
function handOver(stream) {
  if (typeof stream.pause !== 'function' || stream._readableState === undefined) return;
  const { _handle: handle } = stream;
  handle.reading = false;
  handle.readStop();
  stream.pause();
  stream.readableFlowing = false;
  stream._readableState.reading = false;
  stream[kIsUsedAsStdio] = true;
}

/** One more of the things has happened after all of which the event `close` comes. */
function maybeClose(child) {
  child._closesGot++;
  if (child._closesGot === child._closesNeeded) child.emit('close', child.exitCode, child.signalCode);
}

/** The stream of this end of a pipe; `index` is the descriptor of the other end. */
function openPipe(child, fd, index) {
  const { Socket } = require('internal/net/socket');
  const { PipeHandle } = require('internal/net/handles');
  const handle = new PipeHandle();
  handle.open(fd);
  const stream = new Socket({ handle, readable: index > 0 });
  if (index > 0) {
    child._closesNeeded++;
    stream.on('close', () => maybeClose(child));
  }
  return stream;
}

/**
 * Starts the process.
 * @param {object} options  what `normalizeSpawnArguments` has made
 * @returns {number} 0, or the negative error number of which the event `error` will tell
 */
ChildProcess.prototype.spawn = function spawn(options) {
  validateObject(options, 'options');
  const slots = parseStdio(options.stdio || 'pipe', false);
  const channel = slots.findIndex((slot) => slot.type === 'ipc');
  const { serialization } = options;
  validateOneOf(serialization, 'options.serialization', SERIALIZATIONS);
  let envPairs = options.envPairs ?? [];
  if (channel !== -1) {
    if (options.envPairs !== undefined) validateArray(options.envPairs, 'options.envPairs');
    envPairs = [
      ...envPairs,
      `NODE_CHANNEL_FD=${channel}`,
      `NODE_CHANNEL_SERIALIZATION_MODE=${serialization ?? 'json'}`,
    ];
  }
  validateString(options.file, 'options.file');
  this.spawnfile = options.file;
  if (options.args !== undefined) validateArray(options.args, 'options.args');
  this.spawnargs = options.args ?? [];
  const native = { __proto__: null, ...options, args: this.spawnargs, envPairs };
  if (isTraced()) channels.spawn.start.publish({ process: this, options });
  const [status, ...fds] = this._handle.spawn(native, slots.map(toNativeSlot));
  if (isTraced()) publishOutcome(this, status);
  if (status < 0 && !REPORTED.includes(errnoBinding.name(status))) {
    this._handle.close();
    this._handle = null;
    for (const fd of fds) if (fd >= 0) closeEnd(fd);
    throw errnoException(status, 'spawn');
  }
  if (status < 0) {
    process.nextTick(onExit, this, status, null);
    // Without a descriptor for a pipe there are no streams either.
    if (fds.length === 0) return status;
  } else {
    process.nextTick(() => this.emit('spawn'));
    this._handle.pid = status;
  }
  this.pid = status < 0 ? undefined : status;
  for (const { stream } of slots) if (stream !== undefined) handOver(stream);
  const streams = slots.map((slot, i) =>
    (slot.type === 'pipe' || slot.type === 'overlapped' ? openPipe(this, fds[i], i) : null));
  this.stdin = streams.length > 0 ? streams[0] : null;
  this.stdout = streams.length > 1 ? streams[1] : null;
  this.stderr = streams.length > 2 ? streams[2] : null;
  this.stdio = streams;
  if (channel !== -1) {
    const { setupChannel } = require('internal/child_process/ipc');
    this._closesNeeded++;
    setupChannel(this, fds[channel], serialization);
  }
  if (status >= 0) this._handle.enrol();
  return status < 0 ? status : 0;
};

function isTraced() {
  return channels.spawn !== undefined && channels.spawn.hasSubscribers;
}

function publishOutcome(child, status) {
  if (status < 0) channels.spawn.error.publish({ process: child, error: errnoException(status, 'spawn') });
  else channels.spawn.end.publish({ process: child });
}

/** A description of a descriptor as the native half takes it. */
function toNativeSlot(slot) {
  if (slot.type === 'ignore') return null;
  return slot.type === 'fd' ? slot.fd : {};
}

/** Closes this end of a pipe that got no stream. */
function closeEnd(fd) {
  const { PipeHandle } = require('internal/net/handles');
  const handle = new PipeHandle();
  handle.open(fd);
  handle.close();
}

/**
 * @param {string | number} [signal]  by default SIGTERM
 * @returns {boolean} whether it was sent
 */
ChildProcess.prototype.kill = function kill(signal) {
  const number = signal === 0 ? 0 : convertToValidSignal(signal === undefined ? 'SIGTERM' : signal);
  if (!this._handle) return false;
  const status = this._handle.kill(number);
  if (status === 0) {
    this.killed = true;
    return true;
  }
  const code = errnoBinding.name(status);
  if (code === 'EINVAL' || code === 'ENOSYS') throw errnoException(status, 'kill');
  if (code !== 'ESRCH') this.emit('error', errnoException(status, 'kill'));
  return false;
};

ChildProcess.prototype.ref = function ref() {
  if (this._handle) this._handle.ref();
};

ChildProcess.prototype.unref = function unref() {
  if (this._handle) this._handle.unref();
};

ChildProcess.prototype[Symbol.dispose] = function() {
  if (!this.killed) this.kill();
};

/** Ends a process because of an aborted signal. */
function abort(child, killSignal, reason) {
  try {
    if (child.kill(killSignal)) child.emit('error', new AbortError(undefined, { cause: reason }));
  } catch (error) {
    child.emit('error', error);
  }
}

function limitTime(child, timeout, killSignal) {
  const timer = setTimeout(() => {
    try {
      child.kill(killSignal);
    } catch (error) {
      child.emit('error', error);
    }
  }, timeout);
  child.once('exit', () => clearTimeout(timer));
}

function followSignal(child, signal, killSignal) {
  const onAbort = () => abort(child, killSignal, signal.reason);
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  const { addAbortListener } = require('internal/events/abort_listener');
  const subscription = addAbortListener(signal, onAbort);
  child.once('exit', subscription[Symbol.dispose]);
}

/**
 * @param {string} file
 * @param {string[] | object} [args]
 * @param {object} [options]
 * @returns {ChildProcess}
 */
function spawn(file, args, options) {
  const checked = normalizeSpawnArguments(file, args, options);
  validateTimeout(checked.timeout);
  validateAbortSignal(checked.signal, 'options.signal');
  const killSignal = sanitizeKillSignal(checked.killSignal);
  const child = new ChildProcess();
  child.spawn(checked);
  if (checked.timeout > 0) limitTime(child, checked.timeout, killSignal);
  if (checked.signal) followSignal(child, checked.signal, killSignal);
  return child;
}

module.exports = { ChildProcess, maybeClose, spawn };
