// The machinery of the writable side: one write at a time reaches `_write`, the others queue, and when all
// are done and end() has been called the stream finishes.
'use strict';

const { codes: { ERR_MULTIPLE_CALLBACK, ERR_STREAM_DESTROYED } } = require('internal/errors');
const { errorOrDestroy } = require('internal/streams/destroy');
const {
  kState, kErroredValue, OBJECT_MODE, ERROR_EMITTED, AUTO_DESTROY, DESTROYED, CLOSE_EMITTED, ERRORED,
  CONSTRUCTED,
} = require('internal/streams/state_bits');
const {
  kBufferedValue, kWriteCbValue, kAfterWriteTickInfoValue, kOnFinishedValue, nop, CORKED, SYNC, FINAL_CALLED,
  NEED_DRAIN, ENDING, FINISHED, WRITING, BUFFER_PROCESSING, PREFINISHED, ALL_BUFFERS, ALL_NOOP,
  HAS_ON_FINISHED, HAS_WRITE_CB, EXPECT_WRITE_CB, HAS_AFTER_WRITE_TICK, AFTER_WRITE_PENDING, HAS_BUFFERED,
} = require('internal/streams/writable_bits');
const { END_EMITTED } = require('internal/streams/readable_bits');

// A queue this short keeps its used places until it is empty.
const COMPACT_ABOVE = 256;

/**
 * Hands a chunk to `_write`, or queues it while that is busy.
 * @param {object} stream
 * @param {object} state
 * @param {unknown} chunk
 * @param {number} length What the chunk counts against the high water mark.
 * @param {string} encoding
 * @param {Function} callback
 * @returns {boolean} false asks the caller to wait for 'drain'.
 */
function acceptWrite(stream, state, chunk, length, encoding, callback) {
  state.length += length;
  let bits = state[kState];

  if ((bits & (WRITING | ERRORED | CORKED | CONSTRUCTED)) !== CONSTRUCTED) {
    if ((bits & HAS_BUFFERED) === 0) {
      bits |= HAS_BUFFERED;
      state[kBufferedValue] = [];
    }
    if (encoding !== 'buffer') bits &= ~ALL_BUFFERS;
    if (callback !== nop) bits &= ~ALL_NOOP;
    state[kBufferedValue].push({ chunk, encoding, callback });
    state[kState] = bits;
  } else {
    state.writelen = length;
    if (callback !== nop) {
      state[kWriteCbValue] = callback;
      bits |= HAS_WRITE_CB;
    }
    state[kState] = bits | WRITING | SYNC | EXPECT_WRITE_CB;
    stream._write(chunk, encoding, state.onwrite);
    state[kState] &= ~SYNC;
  }

  // What has been written at once takes no room.
  const hasRoom = state.length < state.highWaterMark || state.length === 0;
  if (!hasRoom) state[kState] |= NEED_DRAIN;
  return hasRoom && (state[kState] & (ERRORED | DESTROYED)) === 0;
}

function startWrite(stream, state, length, chunk, encoding, callback) {
  state.writelen = length;
  if (callback !== nop) {
    state[kWriteCbValue] = callback;
    state[kState] |= HAS_WRITE_CB;
  }
  state[kState] |= WRITING | SYNC | EXPECT_WRITE_CB;
  if ((state[kState] & DESTROYED) !== 0) state.onwrite(new ERR_STREAM_DESTROYED('write'));
  else stream._write(chunk, encoding, state.onwrite);
  state[kState] &= ~SYNC;
}

function startWritev(stream, state, chunks, callback) {
  state.writelen = state.length;
  if (callback !== nop) {
    state[kWriteCbValue] = callback;
    state[kState] |= HAS_WRITE_CB;
  }
  state[kState] |= WRITING | SYNC | EXPECT_WRITE_CB;
  if ((state[kState] & DESTROYED) !== 0) state.onwrite(new ERR_STREAM_DESTROYED('write'));
  else stream._writev(chunks, state.onwrite);
  state[kState] &= ~SYNC;
}

/**
 * What `_write` calls when a chunk is written: `state.onwrite`.
 * @param {object} stream
 * @param {Error} [error]
 */
function finishWrite(stream, error) {
  const state = stream._writableState;
  let bits = state[kState];

  if ((bits & EXPECT_WRITE_CB) === 0) {
    errorOrDestroy(stream, new ERR_MULTIPLE_CALLBACK());
    return;
  }

  const sync = (bits & SYNC) !== 0;
  let callback = nop;
  if ((bits & HAS_WRITE_CB) !== 0) {
    callback = state[kWriteCbValue];
    state[kWriteCbValue] = null;
  }
  bits &= ~(WRITING | EXPECT_WRITE_CB | HAS_WRITE_CB);
  state[kState] = bits;
  state.length -= state.writelen;
  state.writelen = 0;

  if (error) {
    failWrite(stream, state, error, callback, sync);
    return;
  }

  if ((bits & HAS_BUFFERED) !== 0) {
    clearBuffer(stream, state);
    bits = state[kState];
  }

  if (!sync) {
    afterWrites(stream, state, 1, callback);
  } else if (callback === nop) {
    const drains = (bits & NEED_DRAIN) !== 0 && state.length === 0;
    if ((drains || (bits & OBJECT_MODE) !== 0) && (bits & AFTER_WRITE_PENDING) === 0) {
      state[kState] = bits | AFTER_WRITE_PENDING;
      process.nextTick(afterWrites, stream, state, 1, nop);
    } else {
      state.pendingcb--;
      if ((bits & ENDING) !== 0) finishMaybe(stream, state, true);
    }
  } else if ((bits & HAS_AFTER_WRITE_TICK) !== 0 && state[kAfterWriteTickInfoValue].cb === callback) {
    state[kAfterWriteTickInfoValue].count++;
  } else {
    const info = { count: 1, cb: callback, stream, state };
    state[kAfterWriteTickInfoValue] = info;
    state[kState] = bits | AFTER_WRITE_PENDING | HAS_AFTER_WRITE_TICK;
    process.nextTick(afterWriteTick, info);
  }
}

function failWrite(stream, state, error, callback, sync) {
  void error.stack;
  if ((state[kState] & ERRORED) === 0) {
    state[kErroredValue] = error;
    state[kState] |= ERRORED;
  }
  const readable = stream._readableState;
  if (readable && !readable.errored) readable.errored = error;

  if (sync) process.nextTick(reportFailedWrite, stream, state, error, callback);
  else reportFailedWrite(stream, state, error, callback);
}

function reportFailedWrite(stream, state, error, callback) {
  state.pendingcb--;
  callback(error);
  // The writes that waited fail before the stream tells of the error.
  failBuffered(state);
  errorOrDestroy(stream, error);
}

function afterWriteTick({ stream, state, count, cb }) {
  state[kState] &= ~HAS_AFTER_WRITE_TICK;
  state[kAfterWriteTickInfoValue] = null;
  afterWrites(stream, state, count, cb);
}

// Runs the callback of `count` finished writes, after 'drain' if that is due.
function afterWrites(stream, state, count, callback) {
  const bits = state[kState] &= ~AFTER_WRITE_PENDING;
  if ((bits & (ENDING | DESTROYED | NEED_DRAIN)) === NEED_DRAIN && state.length === 0) {
    state[kState] &= ~NEED_DRAIN;
    stream.emit('drain');
  }

  while (count-- > 0) {
    state.pendingcb--;
    callback(null);
  }

  if ((state[kState] & DESTROYED) !== 0) failBuffered(state);
  if ((state[kState] & ENDING) !== 0) finishMaybe(stream, state, true);
}

/**
 * Fails the writes that wait and the callbacks of end(), after an error or destroy().
 * @param {object} state
 */
function failBuffered(state) {
  if ((state[kState] & WRITING) !== 0) return;

  if ((state[kState] & HAS_BUFFERED) !== 0) {
    const buffered = state[kBufferedValue];
    for (let i = state.bufferedIndex; i < buffered.length; i++) {
      const { chunk, callback } = buffered[i];
      state.length -= (state[kState] & OBJECT_MODE) !== 0 ? 1 : chunk.length;
      callback(state.errored ?? new ERR_STREAM_DESTROYED('write'));
    }
  }

  callOnFinished(state, state.errored ?? new ERR_STREAM_DESTROYED('end'));
  resetBuffer(state);
}

/**
 * Starts the writes that wait: all of them with `_writev`, or one after the other while they finish at once.
 * @param {object} stream
 * @param {object} state
 */
function clearBuffer(stream, state) {
  if ((state[kState] & (DESTROYED | BUFFER_PROCESSING | CORKED | HAS_BUFFERED | CONSTRUCTED)) !==
      (HAS_BUFFERED | CONSTRUCTED)) return;

  const buffered = state[kBufferedValue];
  let index = state.bufferedIndex;
  const waiting = buffered.length - index;
  if (waiting === 0) return;

  state[kState] |= BUFFER_PROCESSING;
  if (waiting > 1 && stream._writev) {
    state.pendingcb -= waiting - 1;
    const allNoop = (state[kState] & ALL_NOOP) !== 0;
    const chunks = allNoop && index === 0 ? buffered : buffered.slice(index);
    chunks.allBuffers = (state[kState] & ALL_BUFFERS) !== 0;
    startWritev(stream, state, chunks, allNoop ? nop : (error) => {
      for (let i = index; i < buffered.length; i++) buffered[i].callback(error);
    });
    resetBuffer(state);
  } else {
    do {
      const { chunk, encoding, callback } = buffered[index];
      buffered[index++] = null;
      const length = (state[kState] & OBJECT_MODE) !== 0 ? 1 : chunk.length;
      startWrite(stream, state, length, chunk, encoding, callback);
    } while (index < buffered.length && (state[kState] & WRITING) === 0);

    if (index === buffered.length) {
      resetBuffer(state);
    } else if (index > COMPACT_ABOVE && index * 2 > buffered.length) {
      buffered.splice(0, index);
      state.bufferedIndex = 0;
    } else {
      state.bufferedIndex = index;
    }
  }
  state[kState] &= ~BUFFER_PROCESSING;
}

function resetBuffer(state) {
  state[kBufferedValue] = null;
  state.bufferedIndex = 0;
  state[kState] = (state[kState] | ALL_BUFFERS | ALL_NOOP) & ~HAS_BUFFERED;
}

/** Makes `callback` wait for 'finish', for end(). */
function addOnFinished(state, callback) {
  if ((state[kState] & HAS_ON_FINISHED) === 0) {
    state[kState] |= HAS_ON_FINISHED;
    state[kOnFinishedValue] = [];
  }
  state[kOnFinishedValue].push(callback);
}

function callOnFinished(state, error) {
  if ((state[kState] & HAS_ON_FINISHED) === 0) return;
  const callbacks = state[kOnFinishedValue];
  state[kOnFinishedValue] = null;
  state[kState] &= ~HAS_ON_FINISHED;
  for (let i = 0; i < callbacks.length; i++) callbacks[i](error);
}

// end() has been called and everything has been written.
function canFinish(state) {
  return (
    (state[kState] & (ENDING | DESTROYED | CONSTRUCTED | HAS_BUFFERED | FINISHED | WRITING | ERRORED |
      ERROR_EMITTED | CLOSE_EMITTED)) === (ENDING | CONSTRUCTED) &&
    state.length === 0
  );
}

/**
 * Takes the next steps towards 'finish', as far as they are possible: `_final`, 'prefinish', 'finish'.
 * @param {object} stream
 * @param {object} state
 * @param {boolean} sync Whether the program's own call is on the stack, so that 'finish' must wait.
 */
function finishMaybe(stream, state, sync) {
  if (!canFinish(state)) return;
  prefinish(stream, state);
  if (state.pendingcb !== 0) return;

  if (sync) {
    state.pendingcb++;
    process.nextTick(finishIfPossible, stream, state);
  } else if (canFinish(state)) {
    state.pendingcb++;
    finish(stream, state);
  }
}

function finishIfPossible(stream, state) {
  if (canFinish(state)) finish(stream, state);
  else state.pendingcb--;
}

function prefinish(stream, state) {
  if ((state[kState] & (PREFINISHED | FINAL_CALLED)) !== 0) return;
  if (typeof stream._final === 'function' && (state[kState] & DESTROYED) === 0) {
    state[kState] |= FINAL_CALLED;
    callFinal(stream, state);
  } else {
    state[kState] |= FINAL_CALLED | PREFINISHED;
    stream.emit('prefinish');
  }
}

function callFinal(stream, state) {
  let done = false;

  function onFinal(error) {
    if (done) {
      errorOrDestroy(stream, error ?? new ERR_MULTIPLE_CALLBACK());
      return;
    }

    state.pendingcb--;
    if (error) {
      callOnFinished(state, error);
      errorOrDestroy(stream, error, (state[kState] & SYNC) !== 0);
    } else if (canFinish(state)) {
      done = true;
      state[kState] |= PREFINISHED;
      stream.emit('prefinish');
      // 'finish' never comes while end() is on the stack, even when _final() calls back at once.
      state.pendingcb++;
      process.nextTick(finish, stream, state);
    }
  }

  state[kState] |= SYNC;
  state.pendingcb++;
  try {
    stream._final(onFinal);
  } catch (error) {
    onFinal(error);
  }
  state[kState] &= ~SYNC;
}

function finish(stream, state) {
  state.pendingcb--;
  state[kState] |= FINISHED;
  callOnFinished(state, null);
  stream.emit('finish');

  if ((state[kState] & AUTO_DESTROY) === 0) return;
  // A duplex goes down when both sides are through.
  const readable = stream._readableState;
  if (!readable || (
    (readable[kState] & AUTO_DESTROY) !== 0 &&
    ((readable[kState] & END_EMITTED) !== 0 || readable.readable === false)
  )) {
    stream.destroy();
  }
}

module.exports = {
  acceptWrite,
  addOnFinished,
  clearBuffer,
  failBuffered,
  finishMaybe,
  finishWrite,
};
