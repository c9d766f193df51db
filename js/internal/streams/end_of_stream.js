// Node's `stream.finished`: tells when a stream of any make has ended, failed or gone away.
'use strict';

const {
  AbortError, codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_PREMATURE_CLOSE },
} = require('internal/errors');
const asyncContext = require('internal/async_context');
const { kEmptyObject, once } = require('internal/util');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateObject,
} = require('internal/validators');
const {
  isClosed, isNodeStream, isReadable, isReadableErrored, isReadableFinished, isReadableNodeStream,
  isReadableStream, isWritable, isWritableErrored, isWritableFinished, isWritableNodeStream, isWritableStream,
  kIsClosedPromise, willEmitClose,
} = require('internal/streams/utils');

function nop() {}

function isClientRequest(stream) {
  return stream.setHeader && typeof stream.abort === 'function';
}

/**
 * Calls `callback` once when the stream is readable or writable no more, with an error unless it got there
 * in order.
 * @param {object} stream
 * @param {{ readable?: boolean, writable?: boolean, error?: boolean, signal?: AbortSignal }} [options] false
 *   for a side leaves it out of account, false for `error` leaves 'error' events to others.
 * @param {(this: object, error?: Error) => void} callback
 * @returns {() => void} Removes the listeners; the callback will not be called.
 */
function eos(stream, options, callback) {
  if (arguments.length === 2) {
    callback = options;
    options = kEmptyObject;
  } else if (options == null) {
    options = kEmptyObject;
  } else {
    validateObject(options, 'options');
  }
  validateFunction(callback, 'callback');
  validateAbortSignal(options.signal, 'options.signal');
  callback = once(keepAsyncContext(callback));

  if (isReadableStream(stream) || isWritableStream(stream)) return watchWebStream(stream, options, callback);
  if (!isNodeStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
  return watchNodeStream(stream, options, callback);
}

// The callback runs in the async context of the one who asked.
function keepAsyncContext(callback) {
  if (!asyncContext.active) return callback;
  const context = asyncContext.current();
  return function(...args) {
    asyncContext.run(context, callback, args, this);
  };
}

function watchNodeStream(stream, options, callback) {
  const readable = options.readable ?? isReadableNodeStream(stream);
  const writable = options.writable ?? isWritableNodeStream(stream);
  const writableState = stream._writableState;
  const readableState = stream._readableState;

  let readableFinished = isReadableFinished(stream, false);
  let writableFinished = isWritableFinished(stream, false);
  let closed = isClosed(stream);

  // When both sides are watched and 'close' is certain to come, it says more than 'end' and 'finish'.
  let closeWillTell = willEmitClose(stream) &&
    isReadableNodeStream(stream) === readable &&
    isWritableNodeStream(stream) === writable;

  function onFinish() {
    writableFinished = true;
    if (stream.destroyed) closeWillTell = false;
    if (closeWillTell) return;
    if (!readable || readableFinished) callback.call(stream);
  }

  function onEnd() {
    readableFinished = true;
    if (stream.destroyed) closeWillTell = false;
    if (closeWillTell) return;
    if (!writable || writableFinished) callback.call(stream);
  }

  // Of a stream that was through before, an error is no news; being listened to, it harms nobody.
  function onError(error) {
    if (goesOn) callback.call(stream, error);
  }

  function storedError() {
    const error = isWritableErrored(stream) || isReadableErrored(stream);
    return typeof error === 'boolean' ? null : error;
  }

  function onClose() {
    closed = true;
    const error = storedError();
    if (error) {
      callback.call(stream, error);
      return;
    }
    const cutShort =
      (readable && !readableFinished && isReadableNodeStream(stream, true) &&
        !isReadableFinished(stream, false)) ||
      (writable && !writableFinished && !isWritableFinished(stream, false));
    if (cutShort) callback.call(stream, new ERR_STREAM_PREMATURE_CLOSE());
    else callback.call(stream);
  }

  // For streams that had been through it all before they were watched.
  function onAlreadyClosed(error) {
    closed = true;
    if (error) callback.call(stream, error);
    else callback.call(stream);
  }

  function onLegacyFinish() {
    if (!stream.writable) onFinish();
  }

  function onRequest() {
    stream.req.on('finish', onFinish);
  }

  const goesOn = !closed && !isThroughAlready();
  if (goesOn) listen();
  if (options.error !== false) stream.on('error', onError);
  if (goesOn) stream.on('close', onClose);
  else if (closed) process.nextTick(onClose);
  else process.nextTick(onAlreadyClosed, storedError());

  function listen() {
    if (isClientRequest(stream)) {
      stream.on('complete', onFinish);
      if (!closeWillTell) stream.on('abort', onClose);
      if (stream.req) onRequest();
      else stream.on('request', onRequest);
    } else if (writable && !writableState) {
      stream.on('end', onLegacyFinish);
      stream.on('close', onLegacyFinish);
    }
    // Not all streams emit 'close' after 'aborted'.
    if (!closeWillTell && typeof stream.aborted === 'boolean') stream.on('aborted', onClose);
    stream.on('end', onEnd);
    stream.on('finish', onFinish);
  }

  // Streams of the past, so to say: no event will come.
  function isThroughAlready() {
    if (writableState?.errorEmitted || readableState?.errorEmitted) return !closeWillTell;
    if (
      !readable &&
      (!closeWillTell || isReadable(stream)) &&
      (writableFinished || isWritable(stream) === false) &&
      (writableState == null || writableState.pendingcb === undefined || writableState.pendingcb === 0)
    ) {
      return true;
    }
    if (
      !writable &&
      (!closeWillTell || isWritable(stream)) &&
      (readableFinished || isReadable(stream) === false)
    ) {
      return true;
    }
    return !!(readableState && stream.req && stream.aborted);
  }

  function cleanup() {
    callback = nop;
    stream.removeListener('aborted', onClose);
    stream.removeListener('complete', onFinish);
    stream.removeListener('abort', onClose);
    stream.removeListener('request', onRequest);
    if (stream.req) stream.req.removeListener('finish', onFinish);
    stream.removeListener('end', onLegacyFinish);
    stream.removeListener('close', onLegacyFinish);
    stream.removeListener('finish', onFinish);
    stream.removeListener('end', onEnd);
    stream.removeListener('error', onError);
    stream.removeListener('close', onClose);
  }

  const { signal } = options;
  if (signal && !closed) {
    const onAbort = () => {
      const report = callback;
      cleanup();
      report.call(stream, new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) {
      process.nextTick(onAbort);
    } else {
      callback = withAbortListener(signal, onAbort, callback);
    }
  }

  return cleanup;
}

// Listens to `signal` until `callback` runs.
function withAbortListener(signal, onAbort, callback) {
  const { addAbortListener } = require('events');
  const subscription = addAbortListener(signal, onAbort);
  return once(function(...args) {
    subscription[Symbol.dispose]();
    callback.apply(this, args);
  });
}

function watchWebStream(stream, options, callback) {
  let aborted = false;
  const { signal } = options;
  if (signal) {
    const onAbort = () => {
      aborted = true;
      callback.call(stream, new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) process.nextTick(onAbort);
    else callback = withAbortListener(signal, onAbort, callback);
  }

  const settle = (...args) => {
    if (!aborted) process.nextTick(() => callback.apply(stream, args));
  };
  stream[kIsClosedPromise].promise.then(settle, settle);
  return nop;
}

/**
 * `stream/promises`' `finished`.
 * @param {object} stream
 * @param {object} [options] Those of `finished`, and `cleanup`: whether to remove the listeners at the end.
 * @returns {Promise<void>}
 */
function finished(stream, options) {
  let autoCleanup = false;
  options ??= kEmptyObject;
  if (options.cleanup) {
    validateBoolean(options.cleanup, 'cleanup');
    autoCleanup = options.cleanup;
  }
  return new Promise((resolve, reject) => {
    const cleanup = eos(stream, options, (error) => {
      if (autoCleanup) cleanup();
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * What `await using` does with a stream: destroys it and waits until it is closed.
 * @param {object} stream
 * @param {boolean} isDone Whether the stream is through, so that destroying it is not an abort.
 * @returns {Promise<void>} Rejects with an error that is not of our making.
 */
function destroyAndWait(stream, isDone) {
  let abortError;
  if (!stream.destroyed) {
    abortError = isDone ? null : new AbortError();
    stream.destroy(abortError);
  }
  return new Promise((resolve, reject) => {
    eos(stream, (error) => {
      if (error && error !== abortError) reject(error);
      else resolve();
    });
  });
}

module.exports = { eos, finished, destroyAndWait };
