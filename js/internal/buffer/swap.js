// Reversing the byte order of 16, 32 and 64 bit units in place.
'use strict';

const binding = internalBinding('buffer');

/** Above this length the native half is faster. */
const MAX_SHORT = 192;

/** @param {Uint8Array} buffer of an even length */
function pairs(buffer) {
  const { length } = buffer;
  if (length > MAX_SHORT) {
    binding.swap(buffer, 2);
    return;
  }
  for (let i = 0; i < length; i += 2) exchange(buffer, i, i + 1);
}

/** @param {Uint8Array} buffer whose length is a multiple of 4 */
function quads(buffer) {
  const { length } = buffer;
  if (length > MAX_SHORT) {
    binding.swap(buffer, 4);
    return;
  }
  for (let i = 0; i < length; i += 4) {
    exchange(buffer, i, i + 3);
    exchange(buffer, i + 1, i + 2);
  }
}

/** @param {Uint8Array} buffer whose length is a multiple of 8 */
function octets(buffer) {
  const { length } = buffer;
  if (length > MAX_SHORT) {
    binding.swap(buffer, 8);
    return;
  }
  for (let i = 0; i < length; i += 8) {
    exchange(buffer, i, i + 7);
    exchange(buffer, i + 1, i + 6);
    exchange(buffer, i + 2, i + 5);
    exchange(buffer, i + 3, i + 4);
  }
}

function exchange(buffer, i, j) {
  const byte = buffer[i];
  buffer[i] = buffer[j];
  buffer[j] = byte;
}

module.exports = { octets, pairs, quads };
