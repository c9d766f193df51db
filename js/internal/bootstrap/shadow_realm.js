// The beginning of a ShadowRealm: the globals that V8 does not bring, and a loader of modules of its own. The files of
// this layer are there anew, so that nothing of the program's realm is reached from it.
'use strict';

const { defineLazy } = require('internal/bootstrap/lazy_globals');
const { prepareStackTraceCallback } = require('internal/errors');
const entry = require('internal/modules/esm/entry');

require('internal/modules/builtins').hideBuiltins();

delete Intl.v8BreakIterator;

const globals = {
  'web/url': ['URL', 'URLSearchParams'],
  'web/dom_exception': ['DOMException', 'QuotaExceededError'],
  'web/abort_controller': ['AbortController', 'AbortSignal'],
  'web/event_target': ['Event', 'EventTarget', 'CustomEvent'],
  'web/encoding': ['TextEncoder', 'TextDecoder'],
  'stream/web': [
    'TransformStream', 'TransformStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController',
    'WritableStreamDefaultWriter', 'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader',
    'ReadableStreamBYOBRequest', 'ReadableByteStreamController', 'ReadableStreamDefaultController',
    'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'TextEncoderStream', 'TextDecoderStream',
    'CompressionStream', 'DecompressionStream',
  ],
};
for (const [id, names] of Object.entries(globals)) {
  for (const name of names) defineLazy(name, () => require(id)[name]);
}

/** As `entry.importModuleDynamically`; `importValue`, which no script has called, begins at the working directory. */
function importModuleDynamically(symbol, referrer, specifier, attributes, phase) {
  return entry.importByLoader(referrer, specifier, attributes, phase);
}

module.exports = {
  importModuleDynamically,
  initializeImportMeta: entry.initializeImportMeta,
  prepareStackTrace: prepareStackTraceCallback,
};
