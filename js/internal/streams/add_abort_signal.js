// Node's `stream.addAbortSignal`: ties a stream to an AbortSignal.
'use strict';

const { AbortError, codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const {
  isNodeStream, isReadableStream, isWritableStream, kControllerErrorFunction,
} = require('internal/streams/utils');

/**
 * Destroys `stream` with an AbortError when `signal` is aborted.
 * @template T
 * @param {AbortSignal} signal
 * @param {T} stream
 * @returns {T}
 * @throws {ERR_INVALID_ARG_TYPE}
 */
function addAbortSignal(signal, stream) {
  if (typeof signal !== 'object' || !('aborted' in signal)) {
    throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  }
  if (!isNodeStream(stream) && !isReadableStream(stream) && !isWritableStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
  return addAbortSignalNoValidate(signal, stream);
}

/** `addAbortSignal` for callers that know their arguments; without a signal it does nothing. */
function addAbortSignalNoValidate(signal, stream) {
  if (typeof signal !== 'object' || !('aborted' in signal)) return stream;

  const onAbort = isNodeStream(stream) ?
    () => stream.destroy(new AbortError(undefined, { cause: signal.reason })) :
    () => stream[kControllerErrorFunction](new AbortError(undefined, { cause: signal.reason }));

  if (signal.aborted) {
    onAbort();
  } else {
    const { addAbortListener } = require('events');
    const { eos } = require('internal/streams/end_of_stream');
    const subscription = addAbortListener(signal, onAbort);
    eos(stream, () => subscription[Symbol.dispose]());
  }
  return stream;
}

module.exports = { addAbortSignal, addAbortSignalNoValidate };
