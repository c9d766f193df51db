// The flags of a stream's writable side, beside the shared ones of state_bits.js.
'use strict';

/** Writes that wait for the one under way: `{ chunk, encoding, callback }`. */
const kBufferedValue = Symbol('kBufferedValue');
/** The callback of the write under way. */
const kWriteCbValue = Symbol('kWriteCbValue');
/** Finished writes with one callback whose report is scheduled for the next tick. */
const kAfterWriteTickInfoValue = Symbol('kAfterWriteTickInfoValue');
/** Callbacks given to end() that wait for 'finish'. */
const kOnFinishedValue = Symbol('kOnFinishedValue');

const SYNC = 1 << 9; // _write() is on the stack
const FINAL_CALLED = 1 << 10;
const NEED_DRAIN = 1 << 11;
const ENDING = 1 << 12; // end() has been called
const FINISHED = 1 << 13;
const DECODE_STRINGS = 1 << 14;
const WRITING = 1 << 15;
const BUFFER_PROCESSING = 1 << 16;
const PREFINISHED = 1 << 17;
const ALL_BUFFERS = 1 << 18; // nothing but buffers waits
const ALL_NOOP = 1 << 19; // no write that waits has a callback
const HAS_ON_FINISHED = 1 << 20;
const WRITABLE_DECIDED = 1 << 21;
const WRITABLE = 1 << 22;
const CORKED = 1 << 23; // corked is not 0
const DEFAULT_UTF8 = 1 << 24;
const HAS_WRITE_CB = 1 << 25;
const EXPECT_WRITE_CB = 1 << 26; // _write() has not called back yet
const HAS_AFTER_WRITE_TICK = 1 << 27;
const AFTER_WRITE_PENDING = 1 << 28;
const HAS_BUFFERED = 1 << 29;
const ENDED = 1 << 30; // end() has returned

/** The callback of writes that have none. */
function nop() {}

module.exports = {
  kBufferedValue,
  kWriteCbValue,
  kAfterWriteTickInfoValue,
  kOnFinishedValue,
  SYNC,
  FINAL_CALLED,
  NEED_DRAIN,
  ENDING,
  FINISHED,
  DECODE_STRINGS,
  WRITING,
  BUFFER_PROCESSING,
  PREFINISHED,
  ALL_BUFFERS,
  ALL_NOOP,
  HAS_ON_FINISHED,
  WRITABLE_DECIDED,
  WRITABLE,
  CORKED,
  DEFAULT_UTF8,
  HAS_WRITE_CB,
  EXPECT_WRITE_CB,
  HAS_AFTER_WRITE_TICK,
  AFTER_WRITE_PENDING,
  HAS_BUFFERED,
  ENDED,
  nop,
};
