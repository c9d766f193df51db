// The source maps of the files that are loaded, and whether stacks are told in the terms of the sources.
'use strict';

const { includes, startsWith } = require('internal/captured');
const { setInternalPrepareStackTrace } = require('internal/errors');
const { validateBoolean, validateObject } = require('internal/validators');

const { kept, support } = require('internal/source_map/support');

/** By file URL or, for what is no file, by name. Entries of CommonJS files go with their modules. */
const entries = new Map();
const entriesOfModules = new WeakMap();

/** @returns {boolean} whether stacks are told in the terms of the sources */
function isEnabled() {
  return support.enabled;
}

/** @returns {{ enabled: boolean, nodeModules: boolean, generatedCode: boolean }} */
function getSourceMapsSupport() {
  return Object.freeze({ __proto__: null, ...support });
}

/**
 * @param {boolean} enabled
 * @param {{ nodeModules?: boolean, generatedCode?: boolean }} [options] which further code is looked at
 */
function setSourceMapsSupport(enabled, options = { __proto__: null }) {
  validateBoolean(enabled, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  support.enabled = enabled;
  kept.maps = enabled || kept.forCoverage;
  support.nodeModules = nodeModules;
  support.generatedCode = generatedCode;
  setInternalPrepareStackTrace(enabled ? require('internal/source_map/stack').prepareStackTrace : undefined);
}

const keyOf = (name) => (startsWith(name, '/') ? require('internal/url').pathToFileURL(name).href : name);

/**
 * Keeps what is needed to find the source map of a loaded file.
 * @param {string} name path or URL
 * @param {string} source
 * @param {string | undefined} mapURL what its comment says
 * @param {object} [module] with which the entry goes
 */
function remember(name, source, mapURL, module) {
  if (typeof mapURL !== 'string' || mapURL === '') return;
  const url = keyOf(name);
  if (support.enabled && !support.nodeModules && includes(name, '/node_modules/')) {
    entries.delete(url);
    return;
  }
  const entry = { url, mapURL, lineLengths: lengthsOf(source), map: undefined };
  const held = module === undefined ? entry : new WeakRef(entry);
  if (module !== undefined) entriesOfModules.set(module, entry);
  entries.set(url, held);
  // Stacks know the file by the name that it gives itself.
  const ownName = /\/[*/]#\s+sourceURL=(\S+)/.exec(source)?.[1];
  if (ownName !== undefined) entries.set(keyOf(ownName), held);
}

function lengthsOf(source) {
  return source.split(/\n|\u2028|\u2029/).map((line) => line.length);
}

function readPayload(entry) {
  const { Buffer } = require('buffer');
  const { mapURL } = entry;
  const data = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(mapURL);
  try {
    if (data !== null) {
      const text = data[1] ? Buffer.from(data[2], 'base64').toString() : decodeURIComponent(data[2]);
      return { payload: JSON.parse(text), base: entry.url };
    }
    const base = new (require('web/url').URL)(mapURL, entry.url);
    const text = require('fs').readFileSync(require('internal/url').fileURLToPath(base), 'utf8');
    return { payload: JSON.parse(text), base: base.href };
  } catch {
    return undefined;
  }
}

/** Makes the names of the sources absolute. */
function resolveSources(payload, base) {
  const { URL } = require('web/url');
  const root = payload.sourceRoot ? new URL(payload.sourceRoot, base).href : base;
  const sources = (payload.sources ?? []).map((source) => URL.parse(source ?? '', root)?.href ?? source);
  return { ...payload, sources, sourceRoot: '' };
}

function load(entry) {
  if (entry.map !== undefined) return entry.map;
  const found = readPayload(entry);
  if (found === undefined || found.payload === null || typeof found.payload !== 'object') {
    entry.map = null;
    return null;
  }
  const { SourceMap } = require('internal/source_map/source_map');
  const payload = found.payload.sections ? found.payload : resolveSources(found.payload, found.base);
  entry.map = new SourceMap(payload, { lineLengths: entry.lineLengths });
  return entry.map;
}

/**
 * @param {string} name path or URL of a loaded file
 * @returns {SourceMap | undefined}
 */
function findSourceMap(name) {
  if (typeof name !== 'string' || name === '') return undefined;
  let entry = entries.get(keyOf(name));
  if (entry instanceof WeakRef) entry = entry.deref();
  if (entry === undefined) return undefined;
  return load(entry) ?? undefined;
}

/** Has maps kept for the coverage. */
function keepForCoverage() {
  kept.forCoverage = true;
  kept.maps = true;
}

/**
 * The maps of what is loaded, as they are written with the coverage.
 * @returns {object | undefined} by URL: the lengths of the lines, the map, and where it could not be read, the place
 *   that the file names
 */
function forCoverage() {
  let all;
  for (const [url, held] of entries) {
    const entry = held instanceof WeakRef ? held.deref() : held;
    if (entry === undefined) continue;
    const found = readPayload(entry);
    const isMap = found !== undefined && found.payload !== null && typeof found.payload === 'object';
    all ??= { __proto__: null };
    all[url] = {
      lineLengths: entry.lineLengths,
      data: isMap ? resolveSources(found.payload, found.base) : null,
      url: isMap ? null : entry.mapURL,
    };
  }
  return all;
}

module.exports = { findSourceMap, forCoverage, keepForCoverage, getSourceMapsSupport, isEnabled, remember, setSourceMapsSupport };
