// How streams come up and go down: _construct(), destroy(), and what becomes of an error.
'use strict';

const { AbortError, aggregateTwoErrors, codes: { ERR_MULTIPLE_CALLBACK } } = require('internal/errors');
const {
  kState, kErroredValue, ERROR_EMITTED, AUTO_DESTROY, EMIT_CLOSE, DESTROYED, CLOSED, CLOSE_EMITTED, ERRORED,
  CONSTRUCTED,
} = require('internal/streams/state_bits');
const { kIsDestroyed, isDestroyed, isFinished, isServerRequest } = require('internal/streams/utils');

// Emitted when a destroy() that came before the end of _construct() may go on.
const kDestroy = Symbol('kDestroy');
const kConstruct = Symbol('kConstruct');

function hasFlag(readable, writable, bit) {
  return (readable != null && (readable[kState] & bit) !== 0) ||
    (writable != null && (writable[kState] & bit) !== 0);
}

function setFlag(readable, writable, bit) {
  if (writable) writable[kState] |= bit;
  if (readable) readable[kState] |= bit;
}

function rememberIn(state, error) {
  if (state && (state[kState] & ERRORED) === 0) {
    state[kErroredValue] = error;
    state[kState] |= ERRORED;
  }
}

// The first error wins. Reading `stack` renders it now, while what it describes is still reachable.
function rememberError(readable, writable, error) {
  void error.stack;
  rememberIn(writable, error);
  rememberIn(readable, error);
}

/**
 * The method `destroy` of all streams. May be called again, without effect.
 * @param {Error} [error]
 * @param {(error?: Error) => void} [callback] Called after `_destroy` is done, before 'error' and 'close'.
 * @returns {this}
 */
function destroy(error, callback) {
  const readable = this._readableState;
  const writable = this._writableState;

  if (hasFlag(readable, writable, DESTROYED)) {
    if (typeof callback === 'function') callback();
    return this;
  }

  if (error) rememberError(readable, writable, error);
  setFlag(readable, writable, DESTROYED);

  if (((writable ?? readable)[kState] & CONSTRUCTED) === 0) {
    this.once(kDestroy, function(constructError) {
      runDestroy(this, aggregateTwoErrors(constructError, error), callback);
    });
  } else {
    runDestroy(this, error, callback);
  }
  return this;
}

function runDestroy(stream, error, callback) {
  let done = false;

  function onDestroyed(error) {
    if (done) return;
    done = true;

    const readable = stream._readableState;
    const writable = stream._writableState;
    if (error) rememberError(readable, writable, error);
    setFlag(readable, writable, CLOSED);
    if (typeof callback === 'function') callback(error);
    if (error) process.nextTick(emitErrorAndClose, stream, error);
    else process.nextTick(emitClose, stream);
  }

  try {
    stream._destroy(error || null, onDestroyed);
  } catch (thrown) {
    onDestroyed(thrown);
  }
}

function emitErrorAndClose(stream, error) {
  emitError(stream, error);
  emitClose(stream);
}

function emitClose(stream) {
  const readable = stream._readableState;
  const writable = stream._writableState;
  setFlag(readable, writable, CLOSE_EMITTED);
  if (hasFlag(readable, writable, EMIT_CLOSE)) stream.emit('close');
}

function emitError(stream, error) {
  const readable = stream._readableState;
  const writable = stream._writableState;
  if (hasFlag(readable, writable, ERROR_EMITTED)) return;
  setFlag(readable, writable, ERROR_EMITTED);
  stream.emit('error', error);
}

/** The method `_undestroy`: makes a destroyed stream usable again, for sockets that reconnect. */
function undestroy() {
  const readable = this._readableState;
  const writable = this._writableState;

  if (readable) {
    readable.constructed = true;
    readable.closed = false;
    readable.closeEmitted = false;
    readable.destroyed = false;
    readable.errored = null;
    readable.errorEmitted = false;
    readable.reading = false;
    readable.ended = readable.readable === false;
    readable.endEmitted = readable.readable === false;
  }
  if (writable) {
    writable.constructed = true;
    writable.destroyed = false;
    writable.closed = false;
    writable.closeEmitted = false;
    writable.errored = null;
    writable.errorEmitted = false;
    writable.finalCalled = false;
    writable.prefinished = false;
    writable.ended = writable.writable === false;
    writable.ending = writable.writable === false;
    writable.finished = writable.writable === false;
  }
}

/**
 * Reports an error that the stream itself found: destroys the stream, or, where autoDestroy is off, only
 * emits 'error', at most once.
 * @param {object} stream
 * @param {Error} error
 * @param {boolean} [sync] Whether the program's own call is still on the stack, so that 'error' must wait.
 */
function errorOrDestroy(stream, error, sync) {
  const readable = stream._readableState;
  const writable = stream._writableState;

  if (hasFlag(readable, writable, DESTROYED)) return;
  if (hasFlag(readable, writable, AUTO_DESTROY)) {
    stream.destroy(error);
  } else if (error) {
    rememberError(readable, writable, error);
    if (sync) process.nextTick(emitError, stream, error);
    else emitError(stream, error);
  }
}

/**
 * Starts `stream._construct`, once, after the program has had this tick to attach listeners.
 * @param {object} stream
 * @param {() => void} onConstructed
 */
function construct(stream, onConstructed) {
  if (typeof stream._construct !== 'function') return;

  const readable = stream._readableState;
  const writable = stream._writableState;
  if (readable) readable[kState] &= ~CONSTRUCTED;
  if (writable) writable[kState] &= ~CONSTRUCTED;

  stream.once(kConstruct, onConstructed);
  if (stream.listenerCount(kConstruct) > 1) return;
  process.nextTick(runConstruct, stream);
}

function runConstruct(stream) {
  let done = false;

  function onConstructed(error) {
    if (done) {
      errorOrDestroy(stream, error ?? new ERR_MULTIPLE_CALLBACK());
      return;
    }
    done = true;

    const readable = stream._readableState;
    const writable = stream._writableState;
    setFlag(readable, writable, CONSTRUCTED);
    if (((writable ?? readable)[kState] & DESTROYED) !== 0) stream.emit(kDestroy, error);
    else if (error) errorOrDestroy(stream, error, true);
    else stream.emit(kConstruct);
  }

  try {
    stream._construct((error) => process.nextTick(onConstructed, error));
  } catch (thrown) {
    process.nextTick(onConstructed, thrown);
  }
}

/**
 * `stream.destroy`: destroys any stream, also HTTP messages and those of other makes.
 * @param {object} stream
 * @param {Error} [error] Without one, a stream that is not finished gets an AbortError.
 */
function destroyer(stream, error) {
  if (!stream || isDestroyed(stream)) return;
  if (!error && !isFinished(stream)) error = new AbortError();

  if (isServerRequest(stream)) {
    stream.socket = null;
    stream.destroy(error);
  } else if (isClientRequest(stream)) {
    stream.abort();
  } else if (isClientRequest(stream.req)) {
    stream.req.abort();
  } else if (typeof stream.destroy === 'function') {
    stream.destroy(error);
  } else if (typeof stream.close === 'function') {
    stream.close();
  } else if (error) {
    process.nextTick(emitErrorOfOthers, stream, error);
  } else {
    process.nextTick(emitCloseOfOthers, stream);
  }

  if (!stream.destroyed) stream[kIsDestroyed] = true;
}

// What cannot be destroyed at least tells that it is given up.
function emitErrorOfOthers(stream, error) {
  stream.emit('error', error);
  process.nextTick(emitCloseOfOthers, stream);
}

function emitCloseOfOthers(stream) {
  stream.emit('close');
}

function isClientRequest(stream) {
  return stream?.setHeader && typeof stream.abort === 'function';
}

module.exports = { construct, destroyer, destroy, undestroy, errorOrDestroy };
