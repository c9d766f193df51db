// The random order of tests: the same for the same seed.
'use strict';

const MAX_SEED = 2 ** 32 - 1;

/** @returns {number} a seed for a run that was given none */
function makeSeed() {
  return Math.floor(Math.random() * (MAX_SEED + 1));
}

/**
 * A sequence of choices, by the generator Mulberry32.
 * @param {number} seed  an integer of 32 bits
 * @returns {(count: number) => number} gives one of the numbers below `count`
 */
function makePicker(seed) {
  let state = seed | 0;
  return (count) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor(((bits ^ (bits >>> 14)) >>> 0) / (MAX_SEED + 1) * count);
  };
}

module.exports = { MAX_SEED, makePicker, makeSeed };
