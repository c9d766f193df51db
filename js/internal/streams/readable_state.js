// ReadableState: what a stream knows about its readable side, shown to programs as `_readableState`.
'use strict';

const { Buffer } = require('buffer');
const { StringDecoder } = require('string_decoder');
const { codes: { ERR_UNKNOWN_ENCODING } } = require('internal/errors');
const { getDefaultHighWaterMark, getHighWaterMark } = require('internal/streams/state');
const bits = require('internal/streams/state_bits');
const { kState, OBJECT_MODE, AUTO_DESTROY, EMIT_CLOSE, ERRORED, CONSTRUCTED } = bits;
const {
  kDecoderValue, kEncodingValue, ENDED, END_EMITTED, READING, SYNC, NEED_READABLE, EMITTED_READABLE,
  READABLE_LISTENING, RESUME_SCHEDULED, MULTI_AWAIT_DRAIN, READING_MORE, DATA_EMITTED, DEFAULT_UTF8,
  HAS_DECODER, HAS_ENCODING, FLOWING_DECIDED, FLOWING, PAUSED_DECIDED, PAUSED,
} = require('internal/streams/readable_bits');
const { maybeReadMore } = require('internal/streams/readable_queue');

/**
 * @param {object} [options] The stream constructor's options.
 * @param {object} [stream] The stream that the state belongs to.
 * @param {boolean} [isDuplex] Whether the `readable...` options count.
 */
function ReadableState(options, stream, isDuplex) {
  let initial = EMIT_CLOSE | AUTO_DESTROY | CONSTRUCTED | SYNC | DEFAULT_UTF8;
  if (options?.objectMode || (isDuplex && options?.readableObjectMode)) initial |= OBJECT_MODE;

  this[kState] = initial;
  this.highWaterMark = options ?
    getHighWaterMark(this, options, 'readableHighWaterMark', isDuplex) :
    getDefaultHighWaterMark(false);
  // The queue: chunks from bufferIndex on wait to be read, the places before it are empty.
  this.buffer = [];
  this.bufferIndex = 0;
  // Bytes that wait to be read, or objects in object mode.
  this.length = 0;
  this.pipes = [];
  // What a paused pipe waits for the 'drain' of: null, a stream, or a set once there were two pipes.
  this.awaitDrainWriters = null;
  if (options) applyOptions(this, options);
}

function applyOptions(state, options) {
  if (options.emitClose === false) state[kState] &= ~EMIT_CLOSE;
  if (options.autoDestroy === false) state[kState] &= ~AUTO_DESTROY;

  const { defaultEncoding } = options;
  if (defaultEncoding != null && defaultEncoding !== 'utf8' && defaultEncoding !== 'utf-8') {
    if (!Buffer.isEncoding(defaultEncoding)) throw new ERR_UNKNOWN_ENCODING(defaultEncoding);
    state.defaultEncoding = defaultEncoding;
  }
  if (options.encoding) {
    state.decoder = new StringDecoder(options.encoding);
    state.encoding = options.encoding;
  }
}

// What to do once _construct() is done: read() calls made before could not reach _read().
ReadableState.prototype[bits.kOnConstructed] = function onConstructed(stream) {
  if ((this[kState] & NEED_READABLE) !== 0) maybeReadMore(stream, this);
};

bits.defineFlags(ReadableState.prototype, {
  objectMode: OBJECT_MODE,
  ended: ENDED,
  endEmitted: END_EMITTED,
  reading: READING,
  constructed: CONSTRUCTED,
  sync: SYNC,
  needReadable: NEED_READABLE,
  emittedReadable: EMITTED_READABLE,
  readableListening: READABLE_LISTENING,
  resumeScheduled: RESUME_SCHEDULED,
  errorEmitted: bits.ERROR_EMITTED,
  emitClose: EMIT_CLOSE,
  autoDestroy: AUTO_DESTROY,
  destroyed: bits.DESTROYED,
  closed: bits.CLOSED,
  closeEmitted: bits.CLOSE_EMITTED,
  multiAwaitDrain: MULTI_AWAIT_DRAIN,
  readingMore: READING_MORE,
  dataEmitted: DATA_EMITTED,
});
bits.defineOptionalValue(ReadableState.prototype, 'errored', ERRORED, bits.kErroredValue, null);
bits.defineDefaultEncoding(ReadableState.prototype, DEFAULT_UTF8);
bits.defineOptionalValue(ReadableState.prototype, 'decoder', HAS_DECODER, kDecoderValue, null);
bits.defineOptionalValue(ReadableState.prototype, 'encoding', HAS_ENCODING, kEncodingValue, null);
bits.defineTriState(ReadableState.prototype, 'flowing', FLOWING_DECIDED, FLOWING, null);

Object.defineProperties(ReadableState.prototype, {
  pipesCount: {
    get() { return this.pipes.length; },
  },
  paused: {
    get() { return (this[kState] & PAUSED) !== 0; },
    set(value) {
      if (value) this[kState] |= PAUSED_DECIDED | PAUSED;
      else this[kState] = (this[kState] | PAUSED_DECIDED) & ~PAUSED;
    },
  },
});

module.exports = { ReadableState };
