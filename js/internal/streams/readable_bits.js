// The flags of a stream's readable side, beside the shared ones of state_bits.js.
'use strict';

const kDecoderValue = Symbol('kDecoderValue');
const kEncodingValue = Symbol('kEncodingValue');

const ENDED = 1 << 9; // push(null) happened
const END_EMITTED = 1 << 10;
const READING = 1 << 11; // _read() has been called and has not pushed yet
const SYNC = 1 << 12; // _read() is on the stack
const NEED_READABLE = 1 << 13; // the next chunk to arrive is worth a 'readable'
const EMITTED_READABLE = 1 << 14; // a 'readable' is scheduled or has not been answered by read()
const READABLE_LISTENING = 1 << 15;
const RESUME_SCHEDULED = 1 << 16;
const MULTI_AWAIT_DRAIN = 1 << 17; // awaitDrainWriters is a set
const READING_MORE = 1 << 18;
const DATA_EMITTED = 1 << 19;
const DEFAULT_UTF8 = 1 << 20;
const HAS_DECODER = 1 << 21;
const HAS_ENCODING = 1 << 22;
const FLOWING_DECIDED = 1 << 23;
const FLOWING = 1 << 24;
const PAUSED_DECIDED = 1 << 25;
const PAUSED = 1 << 26;
const DATA_LISTENING = 1 << 27;
const END_SCHEDULED = 1 << 28;
const READABLE_DEFERRED = 1 << 29; // the 'readable' that tells of the end waits for a listener

module.exports = {
  kDecoderValue,
  kEncodingValue,
  ENDED,
  END_EMITTED,
  READING,
  SYNC,
  NEED_READABLE,
  EMITTED_READABLE,
  READABLE_LISTENING,
  RESUME_SCHEDULED,
  MULTI_AWAIT_DRAIN,
  READING_MORE,
  DATA_EMITTED,
  DEFAULT_UTF8,
  HAS_DECODER,
  HAS_ENCODING,
  FLOWING_DECIDED,
  FLOWING,
  PAUSED_DECIDED,
  PAUSED,
  DATA_LISTENING,
  END_SCHEDULED,
  READABLE_DEFERRED,
};
