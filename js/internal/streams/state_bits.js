// The bit field in which a stream keeps its flags, and the accessors that show each bit under its name.
//
// Bits 0 to 8 mean the same for both sides, so that code for "some stream" needs no names. The rest belong
// to readable_state.js and writable_state.js.
'use strict';

/** The property of a state object that holds the bit field. */
const kState = Symbol('kState');
/** The method of a state object that runs once `_construct` is done. */
const kOnConstructed = Symbol('kOnConstructed');
/** The error of a state whose ERRORED bit is set. */
const kErroredValue = Symbol('kErroredValue');
/** The default encoding of a state whose DEFAULT_UTF8 bit is not set. */
const kDefaultEncodingValue = Symbol('kDefaultEncodingValue');

const OBJECT_MODE = 1 << 0;
const ERROR_EMITTED = 1 << 1;
const AUTO_DESTROY = 1 << 2;
const EMIT_CLOSE = 1 << 3;
const DESTROYED = 1 << 4;
const CLOSED = 1 << 5;
const CLOSE_EMITTED = 1 << 6;
const ERRORED = 1 << 7;
const CONSTRUCTED = 1 << 8;

function define(prototype, name, get, set) {
  Object.defineProperty(prototype, name, { enumerable: false, configurable: false, get, set });
}

/**
 * Gives a state's prototype one boolean property per bit.
 * @param {object} prototype
 * @param {Record<string, number>} flags Property name to bit.
 */
function defineFlags(prototype, flags) {
  for (const [name, bit] of Object.entries(flags)) {
    define(
      prototype, name,
      function get() { return (this[kState] & bit) !== 0; },
      function set(value) {
        if (value) this[kState] |= bit;
        else this[kState] &= ~bit;
      },
    );
  }
}

/**
 * Gives a state's prototype a boolean property that also knows "not decided yet".
 * @param {object} prototype
 * @param {string} name
 * @param {number} decidedBit
 * @param {number} valueBit
 * @param {unknown} undecided What the property reads as while it is undecided.
 */
function defineTriState(prototype, name, decidedBit, valueBit, undecided) {
  define(
    prototype, name,
    function get() {
      const bits = this[kState];
      return (bits & decidedBit) !== 0 ? (bits & valueBit) !== 0 : undecided;
    },
    function set(value) {
      const bits = this[kState] & ~(decidedBit | valueBit);
      if (value == null) this[kState] = bits;
      else this[kState] = bits | decidedBit | (value ? valueBit : 0);
    },
  );
}

/**
 * Gives a state's prototype a property whose value is stored only when there is one.
 * @param {object} prototype
 * @param {string} name
 * @param {number} bit Set while there is a value.
 * @param {symbol} key Where the value is.
 * @param {unknown} absent What the property reads as otherwise.
 */
function defineOptionalValue(prototype, name, bit, key, absent) {
  define(
    prototype, name,
    function get() { return (this[kState] & bit) !== 0 ? this[key] : absent; },
    function set(value) {
      if (value) {
        this[key] = value;
        this[kState] |= bit;
      } else {
        this[kState] &= ~bit;
      }
    },
  );
}

/**
 * Gives a state's prototype `defaultEncoding`, which takes no room while it is utf8.
 * @param {object} prototype
 * @param {number} utf8Bit
 */
function defineDefaultEncoding(prototype, utf8Bit) {
  define(
    prototype, 'defaultEncoding',
    function get() { return (this[kState] & utf8Bit) !== 0 ? 'utf8' : this[kDefaultEncodingValue]; },
    function set(value) {
      if (value === 'utf8' || value === 'utf-8') {
        this[kState] |= utf8Bit;
      } else {
        this[kState] &= ~utf8Bit;
        this[kDefaultEncodingValue] = value;
      }
    },
  );
}

module.exports = {
  kState,
  kOnConstructed,
  kErroredValue,
  kDefaultEncodingValue,
  OBJECT_MODE,
  ERROR_EMITTED,
  AUTO_DESTROY,
  EMIT_CLOSE,
  DESTROYED,
  CLOSED,
  CLOSE_EMITTED,
  ERRORED,
  CONSTRUCTED,
  defineFlags,
  defineTriState,
  defineOptionalValue,
  defineDefaultEncoding,
};
