// Where in the program a test was made.
'use strict';

const { findSourceMap, isEnabled } = require('internal/source_map/cache');
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
  if (isEnabled()) {
    const entry = findSourceMap(file)?.findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
    const { originalSource, originalLine, originalColumn } = entry ?? {};
    if (originalSource !== undefined && originalLine !== undefined) {
      const source = originalSource.startsWith('file://') ? fileURLToPath(originalSource) : originalSource;
      return { line: originalLine + 1, column: originalColumn + 1, file: source };
    }
  }
  return { line: site.getLineNumber(), column: site.getColumnNumber(), file };
}

module.exports = { callerLocation };
