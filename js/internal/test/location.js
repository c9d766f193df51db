// Where in the program a test was made.
'use strict';

const { fileURLToPath } = require('internal/url');

/**
 * @param {Function} below  the frames from this function on are looked at
 * @returns {{ line: number, column: number, file: string } | undefined} the nearest frame of the program
 */
function callerLocation(below) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder = {};
  let sites;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_, frames) => frames;
    Error.captureStackTrace(holder, below);
    sites = holder.stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
  const site = sites[0];
  if (site === undefined) return undefined;
  const name = site.getFileName() ?? site.getScriptNameOrSourceURL();
  // What was evaluated from a text stands nowhere.
  if (!name) return undefined;
  const file = name.startsWith('file://') ? fileURLToPath(name) : name;
  return { line: site.getLineNumber(), column: site.getColumnNumber(), file };
}

module.exports = { callerLocation };
