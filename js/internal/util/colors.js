// Escape sequences for messages of the runtime itself, empty where stderr shall have no colours.
'use strict';

const binding = internalBinding('stdio');

const codes = {
  blue: '\u001b[34m',
  green: '\u001b[32m',
  white: '\u001b[39m',
  yellow: '\u001b[33m',
  red: '\u001b[31m',
  gray: '\u001b[90m',
  clear: '\u001bc',
  reset: '\u001b[0m',
};

/** Whether stderr shall have colours; found out when it is first asked for. */
let enabled;

/**
 * Whether text written to a stream shall have colours.
 * @param {object} [stream]
 * @returns {boolean|undefined} falsy if not
 */
function shouldColorize(stream) {
  if (process.env.FORCE_COLOR !== undefined) return require('internal/tty').getColorDepth() > 2;
  return stream?.isTTY && (typeof stream.getColorDepth !== 'function' || stream.getColorDepth() > 2);
}

/**
 * Whether text written to a descriptor shall have colours, without making a stream of it.
 * @param {number} fd
 * @returns {boolean}
 */
function shouldColorizeDescriptor(fd) {
  if (process.env.FORCE_COLOR === undefined && !binding.isatty(fd)) return false;
  return require('internal/tty').getColorDepth() > 2;
}

/** Looks at stderr and the environment again. */
function refresh() {
  enabled = Boolean(shouldColorize(process.stderr));
}

module.exports = {
  shouldColorize,
  shouldColorizeDescriptor,
  refresh,
  get hasColors() {
    if (enabled === undefined) refresh();
    return enabled;
  },
};

for (const name of Object.keys(codes)) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    enumerable: true,
    get() { return this.hasColors ? codes[name] : ''; },
  });
}
