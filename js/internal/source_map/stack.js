// Stacks and reports in the terms of the sources.
'use strict';

const { startsWith } = require('internal/captured');
const { findSourceMap } = require('internal/source_map/cache');

function toPath(source) {
  return startsWith(source, 'file://') ? require('internal/url').fileURLToPath(source) : source;
}

function entryOf(site) {
  const file = site.getFileName() || site.getEvalOrigin();
  if (!file || site.getLineNumber() === null) return undefined;
  const map = findSourceMap(site.getScriptNameOrSourceURL?.() ?? file) ?? findSourceMap(file);
  const entry = map?.findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
  if (entry?.originalSource === undefined || entry.originalLine === undefined) return undefined;
  return entry;
}

/** The name of a function in the source: at its own place, or what its caller calls it there. */
function symbolOf(site, caller) {
  const map = findSourceMap(site.getFileName());
  const own = map?.findEntry(site.getEnclosingLineNumber() - 1, site.getEnclosingColumnNumber() - 1).name;
  if (own !== undefined) return own;
  const isSameFile = caller !== undefined && caller.getFileName() === site.getFileName();
  const called = isSameFile ? entryOf(caller)?.name : undefined;
  return called ?? site.getFunctionName() ?? site.getMethodName();
}

function describe(site, caller, entry) {
  if (site.isPromiseAll?.()) return `${site}`;
  const type = site.isToplevel() || site.isConstructor() ? null : site.getTypeName();
  const name = symbolOf(site, caller) || '<anonymous>';
  const prefix = type === null || type === 'global' || startsWith(name, `${type}.`) ? '' : `${type}.`;
  const kind = `${site.isAsync?.() ? 'async ' : ''}${site.isConstructor() ? 'new ' : ''}`;
  const place = `${toPath(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  return `${kind}${site.isAsync?.() ? name : prefix + name} (${place})`;
}

/**
 * @param {Error} error
 * @param {CallSite[]} callSites
 * @param {string} header
 * @returns {string} the stack
 */
function prepareStackTrace(error, callSites, header) {
  let stack = header;
  for (let i = 0; i < callSites.length; i++) {
    const site = callSites[i];
    let frame;
    try {
      const entry = entryOf(site);
      frame = entry === undefined ? `${site}` : describe(site, callSites[i + 1], entry);
    } catch {
      frame = `${site}`;
    }
    stack += `\n    at ${frame}`;
  }
  return stack;
}

function sourceText(map, source) {
  const { sources, sourcesContent } = map.payload;
  const content = sourcesContent?.[sources.indexOf(source)];
  if (typeof content === 'string') return content;
  try {
    return require('fs').readFileSync(toPath(source), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {number} line from 1
 * @param {number} column from 0
 * @returns {string | undefined} the place in the source, its line and a caret below it, each with its line end
 */
function originalPlace(file, line, column) {
  const map = findSourceMap(file);
  const entry = map?.findEntry(line - 1, column);
  if (entry?.originalSource === undefined) return undefined;
  const text = sourceText(map, entry.originalSource)?.split(/\r?\n/)[entry.originalLine];
  if (text === undefined) return undefined;
  const indent = text.slice(0, entry.originalColumn).replace(/[^\t]/g, ' ');
  return `${toPath(entry.originalSource)}:${entry.originalLine + 1}\n${text}\n${indent}^\n`;
}

module.exports = { originalPlace, prepareStackTrace };
