// WritableState: what a stream knows about its writable side, shown to programs as `_writableState`.
'use strict';

const { Buffer } = require('buffer');
const { codes: { ERR_UNKNOWN_ENCODING } } = require('internal/errors');
const { getDefaultHighWaterMark, getHighWaterMark } = require('internal/streams/state');
const bits = require('internal/streams/state_bits');
const { kState, OBJECT_MODE, AUTO_DESTROY, EMIT_CLOSE, ERRORED, CONSTRUCTED } = bits;
const {
  kBufferedValue, kWriteCbValue, kAfterWriteTickInfoValue, nop, SYNC, FINAL_CALLED, NEED_DRAIN, ENDING,
  FINISHED, DECODE_STRINGS, WRITING, BUFFER_PROCESSING, PREFINISHED, ALL_BUFFERS, ALL_NOOP,
  WRITABLE_DECIDED, WRITABLE, DEFAULT_UTF8, HAS_WRITE_CB, HAS_AFTER_WRITE_TICK, HAS_BUFFERED, ENDED,
} = require('internal/streams/writable_bits');
const { clearBuffer, finishMaybe, finishWrite } = require('internal/streams/writable_queue');

/**
 * @param {object} [options] The stream constructor's options.
 * @param {object} stream The stream that the state belongs to.
 * @param {boolean} [isDuplex] Whether the `writable...` options count.
 */
function WritableState(options, stream, isDuplex) {
  let initial = EMIT_CLOSE | AUTO_DESTROY | CONSTRUCTED | SYNC | DECODE_STRINGS |
    ALL_BUFFERS | ALL_NOOP | DEFAULT_UTF8;
  if (options?.objectMode || (isDuplex && options?.writableObjectMode)) initial |= OBJECT_MODE;

  this[kState] = initial;
  this.highWaterMark = options ?
    getHighWaterMark(this, options, 'writableHighWaterMark', isDuplex) :
    getDefaultHighWaterMark(false);
  if (options) applyOptions(this, options);
  // Bytes (or objects) that have been written to the stream and not yet taken by the resource below.
  this.length = 0;
  this.corked = 0;
  this.onwrite = (error) => finishWrite(stream, error);
  // What the write under way counts in `length`.
  this.writelen = 0;
  this[kBufferedValue] = null;
  this.bufferedIndex = 0;
  // Callbacks that have not run: 'finish' waits for them.
  this.pendingcb = 0;
}

function applyOptions(state, options) {
  if (options.emitClose === false) state[kState] &= ~EMIT_CLOSE;
  if (options.autoDestroy === false) state[kState] &= ~AUTO_DESTROY;
  if (options.decodeStrings === false) state[kState] &= ~DECODE_STRINGS;

  const { defaultEncoding } = options;
  if (defaultEncoding != null && defaultEncoding !== 'utf8' && defaultEncoding !== 'utf-8') {
    if (!Buffer.isEncoding(defaultEncoding)) throw new ERR_UNKNOWN_ENCODING(defaultEncoding);
    state.defaultEncoding = defaultEncoding;
  }
}

/** @returns {object[]} The writes that wait. */
WritableState.prototype.getBuffer = function getBuffer() {
  return (this[kState] & HAS_BUFFERED) === 0 ? [] : this[kBufferedValue].slice(this.bufferedIndex);
};

// What to do once _construct() is done: writes and end() had to wait for it.
WritableState.prototype[bits.kOnConstructed] = function onConstructed(stream) {
  if ((this[kState] & WRITING) === 0) clearBuffer(stream, this);
  if ((this[kState] & ENDING) !== 0) finishMaybe(stream, this, false);
};

bits.defineFlags(WritableState.prototype, {
  objectMode: OBJECT_MODE,
  finalCalled: FINAL_CALLED,
  needDrain: NEED_DRAIN,
  ending: ENDING,
  ended: ENDED,
  finished: FINISHED,
  destroyed: bits.DESTROYED,
  decodeStrings: DECODE_STRINGS,
  writing: WRITING,
  sync: SYNC,
  bufferProcessing: BUFFER_PROCESSING,
  constructed: CONSTRUCTED,
  prefinished: PREFINISHED,
  errorEmitted: bits.ERROR_EMITTED,
  emitClose: EMIT_CLOSE,
  autoDestroy: AUTO_DESTROY,
  closed: bits.CLOSED,
  closeEmitted: bits.CLOSE_EMITTED,
  allBuffers: ALL_BUFFERS,
  allNoop: ALL_NOOP,
});
bits.defineOptionalValue(WritableState.prototype, 'errored', ERRORED, bits.kErroredValue, null);
bits.defineTriState(WritableState.prototype, 'writable', WRITABLE_DECIDED, WRITABLE, undefined);
bits.defineDefaultEncoding(WritableState.prototype, DEFAULT_UTF8);
bits.defineOptionalValue(WritableState.prototype, 'writecb', HAS_WRITE_CB, kWriteCbValue, nop);
bits.defineOptionalValue(
  WritableState.prototype, 'afterWriteTickInfo', HAS_AFTER_WRITE_TICK, kAfterWriteTickInfoValue, null,
);

Object.defineProperties(WritableState.prototype, {
  buffered: {
    get() { return (this[kState] & HAS_BUFFERED) !== 0 ? this[kBufferedValue] : []; },
    set(value) {
      this[kBufferedValue] = value;
      if (value) this[kState] |= HAS_BUFFERED;
      else this[kState] &= ~HAS_BUFFERED;
    },
  },
  bufferedRequestCount: {
    get() {
      return (this[kState] & HAS_BUFFERED) === 0 ? 0 : this[kBufferedValue].length - this.bufferedIndex;
    },
  },
});

module.exports = { WritableState };
