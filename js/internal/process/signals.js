// Signals: listeners on the process, and `process.kill`.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_SIGNAL },
  errnoException,
} = require('internal/errors');
const binding = internalBinding('process');
const signalBinding = internalBinding('signals');

let numbers;

/** @returns {Record<string, number>} the numbers by name */
function signalNumbers() {
  return numbers ??= internalBinding('constants').os.signals;
}

const handles = new Map();

function isSignal(event) {
  return typeof event === 'string' && event.startsWith('SIG') && Object.hasOwn(signalNumbers(), event);
}

function startListening(event) {
  if (!isSignal(event) || handles.has(event)) return;
  const number = signalNumbers()[event];
  const handle = new signalBinding.SignalHandle();
  handle.unref();
  handle.signum = number;
  handle.signal = event;
  handle.onsignal = (signal) => process.emit(event, event, signal);
  const status = handle.start(number);
  if (status < 0) {
    handle.close();
    throw errnoException(status, 'uv_signal_start');
  }
  handles.set(event, handle);
}

function stopListening(event) {
  const handle = handles.get(event);
  if (handle === undefined || process.listenerCount(event) !== 0) return;
  handle.close();
  handles.delete(event);
}

/** Has the listeners of signal names start and end the watching of those signals. */
function watchListeners(process) {
  process.on('newListener', startListening);
  process.on('removeListener', stopListening);
}

/** Watches what listeners were for when the program was kept in a snapshot. */
function watchAgain() {
  const events = [...handles.keys()];
  handles.clear();
  events.forEach(startListening);
}

/**
 * @param {number} pid
 * @param {string | number} [signal]  by default SIGTERM
 * @returns {true}
 */
function kill(pid, signal) {
  if (pid != (pid | 0)) throw new ERR_INVALID_ARG_TYPE('pid', 'number', pid);
  let number;
  if (typeof signal === 'number') {
    number = signal;
  } else {
    signal ||= 'SIGTERM';
    number = signalNumbers()[signal];
    if (number === undefined) throw new ERR_UNKNOWN_SIGNAL(signal);
  }
  const status = process._kill(pid | 0, number);
  if (status) throw errnoException(status, 'kill');
  return true;
}

/**
 * @param {number} pid
 * @param {number} number  of a signal; 0 only asks
 * @returns {number} 0 or a negative error number
 */
function send(pid, number) {
  if (pid === process.pid && number !== 0 && !isWatched(number)) {
    require('internal/process/exit').writeLastRecordings();
  }
  return binding.kill(pid, number);
}

function isWatched(number) {
  for (const event of handles.keys()) {
    if (signalNumbers()[event] === number) return true;
  }
  return false;
}

/**
 * Asks another process to open its server for debuggers.
 * @param {number} pid
 */
function debug(pid) {
  if (pid === undefined) {
    const error = new TypeError('Invalid number of arguments.');
    error.code = 'ERR_MISSING_ARGS';
    throw error;
  }
  const status = process._kill(pid | 0, signalNumbers().SIGUSR1);
  if (status === 0) return;
  const { errno, code } = errnoException(status, 'kill');
  const error = new Error(`${code}, ${binding.systemMessage(-errno)}`);
  Object.assign(error, { errno: -errno, code, syscall: 'kill' });
  throw error;
}

module.exports = { debug, kill, send, watchAgain, watchListeners };
