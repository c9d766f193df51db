// The names of signals.
'use strict';

let names;

/**
 * @param {number} number
 * @returns {string | null} such as `SIGTERM`
 */
function signalName(number) {
  if (names === undefined) {
    names = new Map();
    for (const [name, value] of Object.entries(internalBinding('constants').os.signals)) {
      if (!names.has(value)) names.set(value, name);
    }
  }
  return names.get(number) ?? null;
}

module.exports = { signalName };
