// Node's `util`: helpers of many kinds; the larger ones live in files of their own.
'use strict';

const {
  codes: {
    ERR_FALSY_VALUE_REJECTION,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_OUT_OF_RANGE,
    ERR_WORKER_UNSUPPORTED_OPERATION,
  },
  errnoException,
  exceptionWithHostPort,
  hideFrame,
} = require('internal/errors');
const {
  inspect,
  format,
  formatWithOptions,
  stripVTControlCharacters,
} = require('internal/util/inspect');
const { debuglog } = require('internal/util/debuglog');
const {
  defineLazyProperties,
  deprecate: internalDeprecate,
  getSystemErrorMap,
  getSystemErrorMessage: internalErrorMessage,
  getSystemErrorName: internalErrorName,
  kEmptyObject,
  promisify,
  toUSVString,
} = require('internal/util');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateNumber,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/validators');
const types = require('internal/util/types');

const binding = internalBinding('util');

/**
 * Makes a constructor inherit from another one: their prototypes, and `super_` for the constructor.
 * @param {Function} ctor
 * @param {Function} superCtor
 */
function inherits(ctor, superCtor) {
  if (ctor == null) throw new ERR_INVALID_ARG_TYPE('ctor', 'Function', ctor);
  if (superCtor == null) throw new ERR_INVALID_ARG_TYPE('superCtor', 'Function', superCtor);
  if (superCtor.prototype === undefined) {
    throw new ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', superCtor.prototype);
  }
  Object.defineProperty(ctor, 'super_', {
    value: superCtor,
    writable: true,
    configurable: true,
  });
  Object.setPrototypeOf(ctor.prototype, superCtor.prototype);
}

function _extend(target, source) {
  if (source === null || typeof source !== 'object') return target;
  for (const key of Object.keys(source)) target[key] = source[key];
  return target;
}

/** Calls back with what a promise was rejected with; a callback needs something truthy. */
function callbackifyOnRejected(reason, callback) {
  if (!reason) reason = hideFrame(new ERR_FALSY_VALUE_REJECTION(reason), callbackifyOnRejected);
  return callback(reason);
}

/**
 * Turns a function that returns a promise into one that takes a Node callback.
 * @param {Function} original
 * @returns {Function}
 */
function callbackify(original) {
  validateFunction(original, 'original');

  // What the callback throws must not reject a promise, so it is called from a tick.
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, 'last argument');
    const bound = callback.bind(this);
    Reflect.apply(original, this, args).then(
      (value) => process.nextTick(bound, null, value),
      (reason) => process.nextTick(callbackifyOnRejected, reason, bound),
    );
  }

  const descriptors = Object.getOwnPropertyDescriptors(original);
  if (typeof descriptors.length.value === 'number') descriptors.length.value++;
  if (typeof descriptors.name.value === 'string') descriptors.name.value += 'Callbackified';
  for (const key of Reflect.ownKeys(descriptors)) {
    Object.defineProperty(callbackified, key, descriptors[key]);
  }
  return callbackified;
}

/**
 * Wraps a function or class so that its first use emits a `DeprecationWarning`.
 * @param {Function} fn
 * @param {string} msg
 * @param {string} [code] such as `DEP0001`; one warning a code
 * @param {{ modifyPrototype?: boolean }} [options]
 * @returns {Function}
 */
function deprecate(fn, msg, code, { modifyPrototype } = {}) {
  if (code !== undefined) validateString(code, 'code');
  return internalDeprecate(fn, msg, code, false, modifyPrototype ?? true);
}

function validateErrno(errno) {
  validateNumber(errno, 'err');
  if (errno >= 0 || !Number.isSafeInteger(errno)) {
    throw hideFrame(new ERR_OUT_OF_RANGE('err', 'a negative integer', errno), validateErrno);
  }
}

/**
 * The name of a system error, such as `ENOENT` for -2.
 * @param {number} err
 * @returns {string}
 */
function getSystemErrorName(err) {
  validateErrno(err);
  return internalErrorName(err);
}

/**
 * What a system error means, such as `no such file or directory` for -2.
 * @param {number} err
 * @returns {string}
 */
function getSystemErrorMessage(err) {
  validateErrno(err);
  return internalErrorMessage(err);
}

function _errnoException(...args) {
  validateErrno(args[0]);
  return hideFrame(errnoException(...args), _errnoException);
}

function _exceptionWithHostPort(...args) {
  validateErrno(args[0]);
  return hideFrame(exceptionWithHostPort(...args), _exceptionWithHostPort);
}

/**
 * Whether two values are equal as `assert.deepStrictEqual` sees it.
 * @param {unknown} val1
 * @param {unknown} val2
 * @param {boolean} [skipPrototype] whether prototypes and constructors do not count
 * @returns {boolean}
 */
function isDeepStrictEqual(val1, val2, skipPrototype) {
  return require('internal/util/comparisons').isDeepStrictEqual(val1, val2, skipPrototype);
}

const hexColor = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const colorReset = '\u001b[39m';

/** The sequence that turns on a colour given as `#rgb` or `#rrggbb`. */
function hexColorSequence(format) {
  if (!hexColor.test(format)) {
    throw new ERR_INVALID_ARG_VALUE('format', format, 'must be a valid hex color (#RGB or #RRGGBB)');
  }
  const isShort = format.length === 4;
  const channel = (i) => {
    const digits = isShort ? format[i + 1] + format[i + 1] : format.slice(2 * i + 1, 2 * i + 3);
    return parseInt(digits, 16);
  };
  return `\u001b[38;2;${channel(0)};${channel(1)};${channel(2)}m`;
}

/** The sequences that turn a format on and off; undefined for `none`. */
function findStyle(format) {
  if (format === 'none') return undefined;
  if (typeof format === 'string' && format[0] === '#') {
    return { open: hexColorSequence(format), close: colorReset, keepsClose: false };
  }
  const { colors } = inspect;
  if (!Object.hasOwn(colors, format)) validateOneOf(format, 'format', Object.getOwnPropertyNames(colors));
  const [on, off] = colors[format];
  // Bold and dim end with the same sequence: the inner one must end before the outer one goes on.
  return { open: `\u001b[${on}m`, close: `\u001b[${off}m`, keepsClose: on === 1 || on === 2 };
}

/** Lets a style go on after styles inside the text have ended it. */
function continueStyle(text, { open, close, keepsClose }) {
  let end = text.indexOf(close);
  if (end === -1) return text;
  const replacement = keepsClose ? close + open : open;
  let result = '';
  let position = 0;
  while (end !== -1 && end + close.length < text.length) {
    result += text.slice(position, end) + replacement;
    position = end + close.length;
    end = text.indexOf(close, position);
  }
  return result + text.slice(position);
}

function isStream(value) {
  const { isReadableStream, isWritableStream, isNodeStream } = require('internal/streams/utils');
  return isReadableStream(value) || isWritableStream(value) || isNodeStream(value);
}

/**
 * A text with the escape sequences of a style, unless the stream it is meant for shows no colours.
 * @param {string | string[]} format names of `util.inspect.colors`, `none`, or `#rgb` and `#rrggbb`
 * @param {string} text
 * @param {{ validateStream?: boolean, stream?: object }} [options] `stream` is `process.stdout` unless given
 * @returns {string}
 */
function styleText(format, text, options) {
  validateString(text, 'text');
  if (options !== undefined) validateObject(options, 'options');
  const validateStream = options?.validateStream ?? true;
  let isPlain = false;
  if (validateStream) {
    validateBoolean(validateStream, 'options.validateStream');
    const stream = options?.stream === undefined ? process.stdout : options.stream;
    if (stream !== null && !isStream(stream)) {
      throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    }
    isPlain = !require('internal/util/colors').shouldColorize(stream);
  }

  if (!Array.isArray(format)) {
    const style = findStyle(format);
    if (isPlain || style === undefined) return text;
    return style.open + continueStyle(text, style) + style.close;
  }
  let open = '';
  let close = '';
  let body = text;
  for (const name of format) {
    const style = findStyle(name);
    if (style === undefined) continue;
    open += style.open;
    close = style.close + close;
    body = continueStyle(body, style);
  }
  return isPlain ? text : open + body + close;
}

/**
 * Parses the text of an `.env` file.
 * @param {string} content
 * @returns {Record<string, string>}
 */
function parseEnv(content) {
  validateString(content, 'content');
  const pairs = binding.parseEnv(content);
  const values = new Map();
  for (let i = 0; i < pairs.length; i += 2) values.set(pairs[i], pairs[i + 1]);
  const env = { __proto__: null };
  for (const name of [...values.keys()].sort()) env[name] = values.get(name);
  return env;
}

/** A call site with the position in the source that a source map gives. */
function mapCallSite(callSite) {
  const { scriptName, lineNumber, columnNumber } = callSite;
  const sourceMap = require('module').findSourceMap(scriptName);
  if (sourceMap === undefined) return undefined;
  const { originalSource, originalLine, originalColumn } =
    sourceMap.findEntry(lineNumber - 1, columnNumber - 1);
  if (originalSource === undefined) return undefined;
  return {
    __proto__: null,
    functionName: callSite.functionName,
    scriptId: callSite.scriptId,
    scriptName: originalSource,
    lineNumber: originalLine + 1,
    columnNumber: originalColumn + 1,
    column: originalColumn + 1,
  };
}

/**
 * Where the caller was called from, and so on outwards.
 * @param {number} [frameCount] 1 to 200
 * @param {{ sourceMap?: boolean }} [options]
 * @returns {{ functionName: string, scriptId: string, scriptName: string, lineNumber: number,
 *   columnNumber: number, column: number }[]}
 */
function getCallSites(frameCount = 10, options) {
  if (options === undefined && typeof frameCount === 'object') {
    options = frameCount;
    frameCount = 10;
  } else if (options === undefined) {
    options = kEmptyObject;
  }
  validateObject(options, 'options');
  if (options.sourceMap !== undefined) validateBoolean(options.sourceMap, 'options.sourceMap');
  validateInteger(frameCount, 'frameCount', 1, 200);
  const callSites = binding.getCallSites(frameCount);
  const usesSourceMaps = options.sourceMap ??
    require('internal/options').getOptionValue('--enable-source-maps');
  return usesSourceMaps ? callSites.map((callSite) => mapCallSite(callSite) ?? callSite) : callSites;
}

/**
 * The exit code by which shells tell of a process that a signal ended.
 * @param {string} signalCode such as `SIGTERM`
 * @returns {number}
 */
function convertProcessSignalToExitCode(signalCode) {
  const { signals } = require('os').constants;
  validateOneOf(signalCode, 'signalCode', Object.keys(signals));
  return 128 + signals[signalCode];
}

const { then } = Promise.prototype;

function ignore() {}

/**
 * Keeps the rejection of a promise from being reported as unhandled.
 * @param {Promise<unknown>} promise
 */
function markPromiseAsHandled(promise) {
  if (!types.isPromise(promise)) throw new ERR_INVALID_ARG_TYPE('promise', 'Promise', promise);
  Reflect.apply(then, promise, [undefined, ignore]);
}

/**
 * What has been inserted into (1), deleted from (-1) and kept of (0) `expected` to give `actual`.
 * @param {string | string[]} actual
 * @param {string | string[]} expected
 * @returns {[operation: -1 | 0 | 1, value: string][]}
 */
function diff(actual, expected) {
  return require('internal/util/diff').diff(actual, expected);
}

/**
 * Turns the printing of the JavaScript stack on SIGINT on or off.
 * @param {boolean} enable
 * @throws {Error} ERR_WORKER_UNSUPPORTED_OPERATION where the process is not this runtime's own
 */
function setTraceSigInt(enable) {
  if (!binding.setTraceSigInt(Boolean(enable))) {
    throw new ERR_WORKER_UNSUPPORTED_OPERATION('Calling util.setTraceSigInt');
  }
}

module.exports = {
  _errnoException,
  _exceptionWithHostPort,
  _extend: internalDeprecate(
    _extend, 'The `util._extend` API is deprecated. Please use Object.assign() instead.', 'DEP0060'),
  callbackify,
  convertProcessSignalToExitCode,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  styleText,
  formatWithOptions,
  getCallSites,
  getSystemErrorMap,
  getSystemErrorName,
  getSystemErrorMessage,
  inherits,
  inspect,
  isArray: internalDeprecate(
    Array.isArray,
    'The `util.isArray` API is deprecated. Please use `Array.isArray()` instead.',
    'DEP0044'),
  isDeepStrictEqual,
  markPromiseAsHandled,
  promisify,
  stripVTControlCharacters,
  toUSVString,
  get transferableAbortSignal() {
    return require('web/abort_controller').transferableAbortSignal;
  },
  get transferableAbortController() {
    return require('web/abort_controller').transferableAbortController;
  },
  get aborted() {
    return require('web/abort_controller').aborted;
  },
  types,
  parseEnv,
};

defineLazyProperties(module.exports, 'internal/util/parse_args', ['parseArgs']);
defineLazyProperties(module.exports, 'web/encoding', ['TextDecoder', 'TextEncoder']);
defineLazyProperties(module.exports, 'internal/mime', ['MIMEType', 'MIMEParams']);

Object.defineProperties(module.exports, Object.getOwnPropertyDescriptors({
  diff,
  get debounce() {
    return require('internal/util/debounce').debounce;
  },
  get throttle() {
    return require('internal/util/throttle').throttle;
  },
  setTraceSigInt,
}));
