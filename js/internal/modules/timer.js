// How long it takes to load modules, which `NODE_DEBUG=module_timer` has printed.
'use strict';

const { debuglog, formatTime } = require('internal/util/debuglog');

const print = debuglog('module_timer');

/** Whether the times are to be printed. */
function isAskedFor() {
  return print.enabled;
}

/**
 * Loading begins.
 * @param {string} request  what was required
 * @param {Module | undefined} parent
 * @returns {() => void} to be called at its end
 */
function begin(request, parent) {
  const start = process.hrtime();
  return () => {
    const [seconds, nanoseconds] = process.hrtime(start);
    const time = formatTime(seconds * 1000 + nanoseconds / 1e6);
    print('%s: %s', `[${parent?.filename ?? parent?.id ?? ''}] [${request}]`, time);
  };
}

module.exports = { begin, isAskedFor };
