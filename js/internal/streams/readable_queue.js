// The machinery of the readable side: chunks arrive from `_read`, wait in the queue, and leave by read() or
// as 'data'; 'readable' and 'end' are scheduled on the way.
'use strict';

const EventEmitter = require('events');
const { Buffer } = require('buffer');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_STREAM_PUSH_AFTER_EOF, ERR_STREAM_UNSHIFT_AFTER_END_EVENT,
  },
} = require('internal/errors');
const { errorOrDestroy } = require('internal/streams/destroy');
const { viewToBuffer } = require('internal/streams/utils');
const {
  kState, OBJECT_MODE, AUTO_DESTROY, DESTROYED, CLOSE_EMITTED, ERRORED, CONSTRUCTED,
} = require('internal/streams/state_bits');
const {
  kDecoderValue, ENDED, END_EMITTED, END_SCHEDULED, READING, SYNC, NEED_READABLE, EMITTED_READABLE,
  READABLE_DEFERRED, RESUME_SCHEDULED, MULTI_AWAIT_DRAIN, READING_MORE, DATA_EMITTED,
  HAS_DECODER, FLOWING, DATA_LISTENING,
} = require('internal/streams/readable_bits');

const { emit } = EventEmitter.prototype;
// The emitter's own switch for captureRejections.
const kCapture = Object.getOwnPropertySymbols(EventEmitter.prototype)
  .find((symbol) => symbol.description === 'kCapture');

const MAX_HIGH_WATER_MARK = 0x40000000;
// The used places at the front of a queue are dropped when there are more of them than this.
const COMPACT_ABOVE = 1024;

/** Whether the producer should go on. */
function wantsMore(state) {
  return (state[kState] & ENDED) === 0 && (state.length < state.highWaterMark || state.length === 0);
}

/**
 * `push` in object mode.
 * @returns {boolean} false asks the producer to wait for `_read`.
 */
function pushObject(stream, state, chunk, encoding) {
  if (chunk === null) return pushEnd(stream, state);
  const bits = state[kState];
  if ((bits & ENDED) !== 0) {
    errorOrDestroy(stream, new ERR_STREAM_PUSH_AFTER_EOF());
    return false;
  }
  if ((bits & (DESTROYED | ERRORED)) !== 0) return false;

  state[kState] = bits & ~READING;
  if ((bits & HAS_DECODER) !== 0 && !encoding) chunk = state[kDecoderValue].write(chunk);
  addChunk(stream, state, chunk, false);
  return wantsMore(state);
}

/**
 * `push` of bytes or a string.
 * @returns {boolean} false asks the producer to wait for `_read`.
 */
function pushBytes(stream, state, chunk, encoding) {
  if (chunk === null) return pushEnd(stream, state);

  if (typeof chunk === 'string') {
    encoding ||= state.defaultEncoding;
    if (state.encoding !== encoding) {
      chunk = Buffer.from(chunk, encoding);
      encoding = '';
    }
  } else if (chunk instanceof Buffer) {
    encoding = '';
  } else if (ArrayBuffer.isView(chunk)) {
    chunk = viewToBuffer(chunk);
    encoding = '';
  } else if (chunk !== undefined) {
    errorOrDestroy(stream, invalidChunk(chunk));
    return false;
  }

  if (!chunk || chunk.length <= 0) {
    state[kState] &= ~READING;
    maybeReadMore(stream, state);
    return wantsMore(state);
  }

  const bits = state[kState];
  if ((bits & ENDED) !== 0) {
    errorOrDestroy(stream, new ERR_STREAM_PUSH_AFTER_EOF());
    return false;
  }
  if ((bits & (DESTROYED | ERRORED)) !== 0) return false;

  state[kState] = bits & ~READING;
  if ((bits & HAS_DECODER) !== 0 && !encoding) {
    chunk = state[kDecoderValue].write(chunk);
    // The decoder may have kept all of it, the first bytes of a character.
    if (chunk.length === 0) {
      maybeReadMore(stream, state);
      return wantsMore(state);
    }
  }
  addChunk(stream, state, chunk, false);
  return wantsMore(state);
}

function invalidChunk(chunk) {
  return new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
}

/** `unshift` in object mode. */
function unshiftObject(stream, state, chunk) {
  if (chunk === null) return pushEnd(stream, state);
  return unshiftChunk(stream, state, chunk);
}

/** `unshift` of bytes or a string. */
function unshiftBytes(stream, state, chunk, encoding) {
  if (chunk === null) return pushEnd(stream, state);

  if (typeof chunk === 'string') {
    encoding ||= state.defaultEncoding;
    if (state.encoding !== encoding) {
      chunk = Buffer.from(chunk, encoding);
      if (state.encoding) chunk = chunk.toString(state.encoding);
    }
  } else if (ArrayBuffer.isView(chunk)) {
    if (!(chunk instanceof Buffer)) chunk = viewToBuffer(chunk);
  } else if (chunk !== undefined) {
    errorOrDestroy(stream, invalidChunk(chunk));
    return false;
  }

  if (!chunk || chunk.length <= 0) return wantsMore(state);
  return unshiftChunk(stream, state, chunk);
}

function unshiftChunk(stream, state, chunk) {
  if ((state[kState] & END_EMITTED) !== 0) {
    errorOrDestroy(stream, new ERR_STREAM_UNSHIFT_AFTER_END_EVENT());
  } else if ((state[kState] & (DESTROYED | ERRORED)) !== 0) {
    return false;
  } else {
    addChunk(stream, state, chunk, true);
  }
  return wantsMore(state);
}

function addChunk(stream, state, chunk, atFront) {
  const bits = state[kState];
  if ((bits & (FLOWING | SYNC | DATA_LISTENING)) === (FLOWING | DATA_LISTENING) && state.length === 0) {
    if ((bits & MULTI_AWAIT_DRAIN) !== 0) state.awaitDrainWriters.clear();
    else state.awaitDrainWriters = null;
    state[kState] = bits | DATA_EMITTED;
    emitData(stream, chunk);
  } else {
    state.length += (bits & OBJECT_MODE) !== 0 ? 1 : chunk.length;
    if (!atFront) state.buffer.push(chunk);
    else if (state.bufferIndex > 0) state.buffer[--state.bufferIndex] = chunk;
    else state.buffer.unshift(chunk);
    if ((bits & NEED_READABLE) !== 0) emitReadable(stream, state);
  }
  maybeReadMore(stream, state);
}

/** Emits 'data', for one plain listener without the detour through emit(). */
function emitData(stream, chunk) {
  const listener = stream._events.data;
  if (typeof listener === 'function' && stream.emit === emit && stream[kCapture] === false) {
    listener.call(stream, chunk);
  } else {
    stream.emit('data', chunk);
  }
}

function pushEnd(stream, state) {
  state[kState] &= ~READING;
  if ((state[kState] & ENDED) !== 0) return false;

  const decoder = state.decoder;
  if (decoder) {
    const rest = decoder.end();
    if (rest?.length) {
      state.buffer.push(rest);
      state.length += (state[kState] & OBJECT_MODE) !== 0 ? 1 : rest.length;
    }
  }
  state[kState] |= ENDED;

  if ((state[kState] & SYNC) === 0) {
    state[kState] = (state[kState] & ~NEED_READABLE) | EMITTED_READABLE;
    emitReadableNow(stream);
  } else if ((state[kState] & (FLOWING | NEED_READABLE)) !== 0 || stream.listenerCount('readable') > 0) {
    // read() is on the stack and delivers what is there first.
    emitReadable(stream, state);
  } else {
    state[kState] |= READABLE_DEFERRED;
  }
  return false;
}

/**
 * @param {number} asked NaN asks for what is there.
 * @param {object} state
 * @returns {number} How many bytes (or whether one object) a read() takes now.
 */
function amountToRead(asked, state) {
  if (asked <= 0 || (state.length === 0 && (state[kState] & ENDED) !== 0)) return 0;
  if ((state[kState] & OBJECT_MODE) !== 0) return 1;
  if (Number.isNaN(asked)) {
    // Strings of a paused stream are joined, everything else comes as it was pushed.
    if (state.length !== 0 && (state[kState] & (FLOWING | HAS_DECODER)) !== HAS_DECODER) {
      return state.buffer[state.bufferIndex].length;
    }
    return state.length;
  }
  if (asked <= state.length) return asked;
  return (state[kState] & ENDED) !== 0 ? state.length : 0;
}

/**
 * The high water mark of a queue of which so much at once is asked for: the next power of two.
 * @param {number} amount
 * @returns {number}
 * @throws {ERR_OUT_OF_RANGE}
 */
function highWaterMarkFor(amount) {
  if (amount > MAX_HIGH_WATER_MARK) throw new ERR_OUT_OF_RANGE('size', '<= 1GiB', amount);
  let mark = 1;
  while (mark < amount) mark *= 2;
  return mark;
}

/**
 * Asks the producer for data. What it pushes at once is in the queue when this returns.
 * @param {object} stream
 * @param {object} state
 */
function callRead(stream, state) {
  state[kState] |= state.length === 0 ? READING | SYNC | NEED_READABLE : READING | SYNC;
  try {
    stream._read(state.highWaterMark);
  } catch (error) {
    errorOrDestroy(stream, error);
  }
  state[kState] &= ~SYNC;
}

/**
 * Takes `size` bytes, or one object, off the queue. Also `Readable._fromList`.
 * @param {number} size
 * @param {object} state
 * @returns {unknown} null when there is nothing.
 */
function fromList(size, state) {
  if (state.length === 0) return null;

  const { buffer, bufferIndex } = state;
  const first = buffer[bufferIndex];
  if ((state[kState] & OBJECT_MODE) !== 0) {
    dropFirst(state, buffer, bufferIndex);
    return first;
  }
  const takesAll = !size || size >= state.length;
  // Strings are joined even if there is only one: it may be a buffer that came by unshift().
  if (takesAll && ((state[kState] & HAS_DECODER) !== 0 || bufferIndex + 1 !== buffer.length)) {
    return takeAll(state, buffer, bufferIndex);
  }
  if (takesAll || size === first.length) {
    dropFirst(state, buffer, bufferIndex);
    return first;
  }
  if (size < first.length) {
    buffer[bufferIndex] = first.slice(size);
    return first.slice(0, size);
  }
  return (state[kState] & HAS_DECODER) !== 0 ?
    takeString(size, state, buffer) :
    takeBytes(size, state, buffer);
}

function dropFirst(state, buffer, index) {
  if (index + 1 === buffer.length) {
    // pop() keeps the array's memory for the next chunk.
    if (index === 0) buffer.pop();
    else buffer.length = 0;
    state.bufferIndex = 0;
  } else if (index + 1 > COMPACT_ABOVE) {
    buffer.splice(0, index + 1);
    state.bufferIndex = 0;
  } else {
    buffer[index] = null;
    state.bufferIndex = index + 1;
  }
}

function takeAll(state, buffer, index) {
  let all;
  if ((state[kState] & HAS_DECODER) !== 0) {
    all = '';
    for (let i = index; i < buffer.length; i++) all += buffer[i];
  } else {
    all = Buffer.allocUnsafe(state.length);
    let offset = 0;
    for (let i = index; i < buffer.length; i++) {
      all.set(buffer[i], offset);
      offset += buffer[i].length;
    }
  }
  buffer.length = 0;
  state.bufferIndex = 0;
  return all;
}

function takeString(size, state, buffer) {
  let taken = '';
  let index = state.bufferIndex;
  while (size > 0) {
    const part = buffer[index];
    if (size < part.length) {
      taken += part.slice(0, size);
      buffer[index] = part.slice(size);
      break;
    }
    taken += part;
    size -= part.length;
    buffer[index++] = null;
  }
  advance(state, buffer, index);
  return taken;
}

function takeBytes(size, state, buffer) {
  const taken = Buffer.allocUnsafe(size);
  let index = state.bufferIndex;
  let offset = 0;
  while (offset < size) {
    const part = buffer[index];
    const missing = size - offset;
    if (missing < part.length) {
      taken.set(part.subarray(0, missing), offset);
      buffer[index] = part.subarray(missing);
      break;
    }
    taken.set(part, offset);
    offset += part.length;
    buffer[index++] = null;
  }
  advance(state, buffer, index);
  return taken;
}

function advance(state, buffer, index) {
  if (index === buffer.length) {
    buffer.length = 0;
    state.bufferIndex = 0;
  } else if (index > COMPACT_ABOVE) {
    buffer.splice(0, index);
    state.bufferIndex = 0;
  } else {
    state.bufferIndex = index;
  }
}

/** Schedules 'readable', once however often it is asked for. */
function emitReadable(stream, state) {
  const bits = state[kState] &= ~NEED_READABLE;
  if ((bits & EMITTED_READABLE) !== 0) return;
  state[kState] = bits | EMITTED_READABLE;
  process.nextTick(emitReadableNow, stream);
}

function emitReadableNow(stream) {
  const state = stream._readableState;
  if ((state[kState] & (DESTROYED | ERRORED)) === 0 &&
      (state.length !== 0 || (state[kState] & ENDED) !== 0)) {
    stream.emit('readable');
    state[kState] &= ~EMITTED_READABLE;
  }

  // Another 'readable' is needed unless the stream flows, has ended, or holds enough as it is.
  if ((state[kState] & (FLOWING | ENDED)) === 0 && state.length <= state.highWaterMark) {
    state[kState] |= NEED_READABLE;
  }
  flow(stream);
}

/** Schedules reading ahead, up to the high water mark. */
function maybeReadMore(stream, state) {
  if ((state[kState] & (READING_MORE | READING | CONSTRUCTED)) !== CONSTRUCTED) return;
  state[kState] |= READING_MORE;
  process.nextTick(readMore, stream, state);
}

function readMore(stream, state) {
  while (
    (state[kState] & (READING | ENDED)) === 0 &&
    (state.length < state.highWaterMark || ((state[kState] & FLOWING) !== 0 && state.length === 0))
  ) {
    const before = state.length;
    stream.read(0);
    // A _read() that pushes later, or never.
    if (state.length === before) break;
  }
  state[kState] &= ~READING_MORE;
}

/** Schedules the flow of data to listeners, for resume(). */
function scheduleResume(stream, state) {
  if ((state[kState] & RESUME_SCHEDULED) !== 0) return;
  state[kState] |= RESUME_SCHEDULED;
  process.nextTick(resumeNow, stream, state);
}

function resumeNow(stream, state) {
  if ((state[kState] & READING) === 0) stream.read(0);
  state[kState] &= ~RESUME_SCHEDULED;
  stream.emit('resume');
  flow(stream);
  if ((state[kState] & (FLOWING | READING)) === FLOWING) stream.read(0);
}

function flow(stream) {
  const state = stream._readableState;
  while ((state[kState] & FLOWING) !== 0 && stream.read() !== null);
}

/** Schedules 'end'. */
function endReadable(stream, state) {
  if ((state[kState] & (END_EMITTED | END_SCHEDULED)) !== 0) return;
  state[kState] |= ENDED | END_SCHEDULED;
  process.nextTick(emitEnd, state, stream);
}

function emitEnd(state, stream) {
  state[kState] &= ~END_SCHEDULED;
  // There may have been an unshift() since.
  if ((state[kState] & (ERRORED | CLOSE_EMITTED | END_EMITTED)) !== 0 || state.length !== 0) return;
  state[kState] |= END_EMITTED;
  stream.emit('end');

  if (stream.writable && stream.allowHalfOpen === false) {
    process.nextTick(endWritableSide, stream);
  } else if ((state[kState] & AUTO_DESTROY) !== 0) {
    // A duplex goes down when both sides are through.
    const writable = stream._writableState;
    if (!writable || (writable.autoDestroy && (writable.finished || writable.writable === false))) {
      stream.destroy();
    }
  }
}

function endWritableSide(stream) {
  if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
}

module.exports = {
  amountToRead,
  callRead,
  emitData,
  emitReadable,
  endReadable,
  fromList,
  highWaterMarkFor,
  maybeReadMore,
  pushBytes,
  pushObject,
  scheduleResume,
  unshiftBytes,
  unshiftObject,
};
