// The globals that V8 does not bring. What a one-line script does not use is loaded when it is touched.
'use strict';

const timers = require('timers');
const { queueMicrotask } = require('internal/process/ticks');
const { Buffer } = require('buffer');
const { ErrorPrepareStackTrace } = require('internal/errors');
const { define, defineLazy } = require('internal/bootstrap/lazy_globals');

function defineAccessor(name, value) {
  let current = value;
  Object.defineProperty(globalThis, name, {
    configurable: true,
    enumerable: false,
    get() {
      return current;
    },
    set(other) {
      current = other;
    },
  });
}

/** Globals that are enumerable accessors, as they are in the given object. */
function defineAccessors(accessors) {
  Object.defineProperties(globalThis, Object.getOwnPropertyDescriptors(accessors));
}

// Makes stacks begin with `Name [CODE]: message`, with the message as it is when the stack is read.
Object.defineProperty(Error, 'prepareStackTrace', {
  configurable: true, enumerable: false, writable: true, value: ErrorPrepareStackTrace,
});

// V8's own, which no standard has.
delete Intl.v8BreakIterator;

Object.defineProperty(globalThis, Symbol.toStringTag, {
  configurable: true, enumerable: false, writable: false, value: 'global',
});

defineAccessor('process', process);
defineAccessor('Buffer', Buffer);
define('global', globalThis, true);
define('console', require('console'), false);
define('clearImmediate', timers.clearImmediate, true);
define('setImmediate', timers.setImmediate, true);
define('clearInterval', timers.clearInterval, true);
define('clearTimeout', timers.clearTimeout, true);
define('setInterval', timers.setInterval, true);
define('setTimeout', timers.setTimeout, true);
define('queueMicrotask', queueMicrotask, true);
define('structuredClone', require('web/structured_clone').structuredClone, true);

const lazy = {
  'web/dom_exception': ['DOMException', 'QuotaExceededError'],
  'web/abort_controller': ['AbortController', 'AbortSignal'],
  'web/event_target': ['Event', 'EventTarget', 'CustomEvent'],
  'web/encoding': ['TextEncoder', 'TextDecoder'],
  'web/url': ['URL', 'URLSearchParams'],
  'web/url_pattern': ['URLPattern'],
  'buffer': ['Blob', 'File'],
  'internal/crypto/webcrypto/crypto': ['Crypto', 'CryptoKey', 'SubtleCrypto'],
  'perf_hooks': ['Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure',
    'PerformanceObserver', 'PerformanceObserverEntryList', 'PerformanceResourceTiming'],
  'web/navigator': ['Navigator'],
  'internal/messaging': ['MessageChannel', 'MessagePort'],
  'web/message_event': ['MessageEvent'],
  'web/broadcast_channel': ['BroadcastChannel'],
  'web/headers': ['Headers'],
  'web/form_data': ['FormData'],
  'web/request': ['Request'],
  'web/response': ['Response'],
  'web/websocket': ['WebSocket'],
  'web/storage': ['Storage'],
  'web/close_event': ['CloseEvent', 'ErrorEvent'],
  'stream/web': [
    'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest',
    'ReadableByteStreamController', 'ReadableStreamDefaultController', 'TransformStream',
    'TransformStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController',
    'WritableStreamDefaultWriter', 'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'TextEncoderStream',
    'TextDecoderStream', 'CompressionStream', 'DecompressionStream',
  ],
};
for (const [id, names] of Object.entries(lazy)) {
  for (const name of names) defineLazy(name, () => require(id)[name]);
}
defineLazy('atob', () => require('buffer').atob, true);
defineLazy('btoa', () => require('buffer').btoa, true);

define('fetch', function fetch(input, init = undefined) {
  return require('web/fetch').fetch(input, init);
}, true);

const ownStorage = { __proto__: null };
defineAccessors({
  get sessionStorage() {
    return 'session' in ownStorage ? ownStorage.session : require('web/storage').sessionStorage;
  },
  set sessionStorage(value) {
    ownStorage.session = value;
  },
});
Object.defineProperty(globalThis, 'localStorage', {
  configurable: true,
  enumerable: false,
  get() {
    return 'local' in ownStorage ? ownStorage.local : require('web/storage').localStorage;
  },
  set(value) {
    ownStorage.local = value;
  },
});

let ownPerformance;
defineAccessors({
  get performance() {
    return ownPerformance === undefined ? require('perf_hooks').performance : ownPerformance.value;
  },
  set performance(value) {
    ownPerformance = { value };
  },
});
defineAccessors({
  get crypto() {
    return require('internal/crypto/webcrypto/crypto').crypto;
  },
  get navigator() {
    return require('web/navigator').navigator;
  },
});
