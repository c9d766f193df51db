// Errors with a `code`: the `ERR_*` classes, system errors, `AbortError`, and what stacks look like.
'use strict';

const table = require('internal/error_codes');

const { determineSpecificType, formatList } = table;

const binding = internalBinding('errno');

/** Marks the errors whose stack begins with `Name [CODE]: message`. */
const kIsNodeError = Symbol('kIsNodeError');

const captureStackTrace = Error.captureStackTrace;
const defineProperty = Object.defineProperty;
const { apply, construct } = Reflect;

/** Turns an argument into the text that takes the place of `%s` or `%d`. */
function placeholderText(value, isNumber) {
  switch (typeof value) {
    case 'string':
      return isNumber ? `${Number(value)}` : value;
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'undefined':
    case 'boolean':
      return `${value}`;
    default:
      return require('internal/util/inspect').format(isNumber ? '%d' : '%s', value);
  }
}

/** Splits a message text at its placeholders; returns null for a text without any. */
function parseTemplate(text) {
  const parts = [];
  let first = '';
  let start = 0;
  // No regular expression: a program sees in `RegExp.$1` and its like what was matched last.
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 1)) {
    const kind = text[at + 1];
    if (kind !== 's' && kind !== 'd') continue;
    if (parts.length === 0) first = text.slice(0, at);
    else parts[parts.length - 1].after = text.slice(start, at);
    start = at + 2;
    parts.push({ isNumber: kind === 'd', after: '' });
  }
  if (parts.length === 0) return null;
  parts[parts.length - 1].after = text.slice(start);
  return { first, parts };
}

function fillTemplate(template, args) {
  let text = template.first;
  for (let i = 0; i < template.parts.length; i++) {
    const { isNumber, after } = template.parts[i];
    text += placeholderText(args[i], isNumber) + after;
  }
  return text;
}

/** The class of a code whose message is a text: message first, then `code`, as Node orders them. */
function textErrorClass(Base, code, text) {
  const template = parseTemplate(text);
  return class NodeError extends Base {
    constructor(...args) {
      super(template === null ? text : fillTemplate(template, args));
      this.code = code;
    }
  };
}

/** The class of a code whose message a function words, which may add properties before the message. */
function wordedErrorClass(Base, code, word) {
  return class NodeError extends Base {
    constructor(...args) {
      super();
      this.code = code;
      defineProperty(this, 'message', {
        value: apply(word, this, args),
        writable: true,
        enumerable: false,
        configurable: true,
      });
    }
  };
}

function describeNodeError() {
  return `${this.name} [${this.code}]: ${this.message}`;
}

function nodeErrorClass(Base, code, message) {
  const NodeError = typeof message === 'string' ?
    textErrorClass(Base, code, message) :
    wordedErrorClass(Base, code, message);
  const { prototype } = NodeError;
  // Programs see the well-known class: `err.constructor === TypeError`.
  const attributes = { writable: true, enumerable: false, configurable: true };
  defineProperty(prototype, 'constructor', { ...attributes, value: Base });
  defineProperty(prototype, 'toString', { ...attributes, value: describeNodeError });
  defineProperty(prototype, kIsNodeError, { ...attributes, value: true });
  return NodeError;
}

/** The "class" of a code that Node's native half raises: a plain error with a `code`. */
function nativeErrorClass(Base, code, text) {
  const template = parseTemplate(text);
  return function NativeError(...args) {
    const error = new Base(template === null ? text : fillTemplate(template, args));
    captureStackTrace(error, NativeError);
    error.code = code;
    return error;
  };
}

/**
 * A system call that failed, with all that is known about it in `info`.
 *
 * The accessors `errno`, `syscall`, `path` and `dest` read and write `info`.
 */
class SystemError extends Error {
  /**
   * @param {string} key what failed
   * @param {{ code: string, message: string, syscall: string, errno: number, path?: string | Buffer,
   *   dest?: string | Buffer }} context
   */
  constructor(key, context) {
    let message = `${key}: ${context.syscall} returned ${context.code} (${context.message})`;
    if (context.path !== undefined) message += ` ${context.path}`;
    if (context.dest !== undefined) message += ` => ${context.dest}`;
    super();
    this.code = key;
    const hidden = { writable: true, enumerable: false, configurable: true };
    defineProperty(this, 'name', { ...hidden, value: 'SystemError' });
    defineProperty(this, 'message', { ...hidden, value: message });
    defineProperty(this, 'info', { value: context, enumerable: true, configurable: true, writable: false });
    defineInfoAccessor(this, context, 'errno');
    defineInfoAccessor(this, context, 'syscall');
    if (context.path !== undefined) defineTextAccessor(this, context, 'path');
    if (context.dest !== undefined) defineTextAccessor(this, context, 'dest');
    defineProperty(this, kIsNodeError, { value: true, configurable: true });
  }

  toString() {
    return describeNodeError.call(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    return require('internal/util/inspect').inspect(this, { ...options, getters: true, customInspect: false });
  }
}

function defineInfoAccessor(error, context, key) {
  defineProperty(error, key, {
    get() { return context[key]; },
    set(value) { context[key] = value; },
    enumerable: true,
    configurable: true,
  });
}

/** As `defineInfoAccessor`, for names that the context may hold as bytes. */
function defineTextAccessor(error, context, key) {
  defineProperty(error, key, {
    get() { return context[key]?.toString(); },
    set(value) {
      context[key] = value ? require('buffer').Buffer.from(value.toString()) : undefined;
    },
    enumerable: true,
    configurable: true,
  });
}

function systemErrorClass(code, prefix) {
  return class NodeError extends SystemError {
    constructor(context) {
      super(prefix, context);
      this.code = code;
    }
  };
}

const baseClasses = { Error, TypeError, RangeError, SyntaxError, URIError };

/** Makes the class of a code from the table; undefined when there is no such code. */
function makeErrorClass(code) {
  for (const name in baseClasses) {
    const message = table.messages[name][code];
    if (message !== undefined) {
      const NodeError = nodeErrorClass(baseClasses[name], code, message);
      const others = table.alsoAs[code];
      for (const other in others) NodeError[other] = nodeErrorClass(others[other], code, message);
      return NodeError;
    }
    const nativeMessage = table.nativeMessages[name]?.[code];
    if (nativeMessage !== undefined) return nativeErrorClass(baseClasses[name], code, nativeMessage);
  }
  const system = table.systemMessages[code];
  return system === undefined ? undefined : systemErrorClass(code, system);
}

/**
 * The error classes by code, each made when it is first asked for.
 *
 * A code that is not in the table is a mistake in our own source, so asking for one throws.
 * @type {Record<string, new (...args: any[]) => Error>}
 */
const codes = new Proxy({ __proto__: null }, {
  get(made, code) {
    const known = made[code];
    if (known !== undefined || typeof code !== 'string') return known;
    const NodeError = makeErrorClass(code);
    if (NodeError === undefined) throw new Error(`internal/error_codes has no ${code}`);
    made[code] = NodeError;
    return NodeError;
  },
});

/**
 * Wraps a function so that it and what it calls do not show in the stack of an error it throws.
 *
 * `withoutStackTrace` is the function itself, for callers that hide frames of their own.
 * @template {Function} F
 * @param {F} fn
 * @returns {F & { withoutStackTrace: F }}
 */
function hideStackFrames(fn) {
  function wrappedFn(...args) {
    try {
      return apply(fn, this, args);
    } catch (error) {
      if (Error.stackTraceLimit) captureStackTrace(error, wrappedFn);
      throw error;
    }
  }
  wrappedFn.withoutStackTrace = fn;
  return wrappedFn;
}

/**
 * Takes `fn` and what it called out of an error's stack: `throw hideFrame(new ERR_X(), validate)`.
 *
 * The way of hot functions, which pay nothing for it until they fail.
 * @template {Error} E
 * @param {E} error
 * @param {Function} fn
 * @returns {E}
 */
function hideFrame(error, fn) {
  captureStackTrace(error, fn);
  return error;
}

/** What an aborted operation throws or rejects with. */
class AbortError extends Error {
  /**
   * @param {string} [message]
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message = 'The operation was aborted', options = undefined) {
    if (options !== undefined && typeof options !== 'object') {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

/** The name of an error number as libuv gives it, such as `ENOENT`. */
function errnoName(errno) {
  return binding.name(errno) ?? `Unknown system error ${errno}`;
}

/** The name of an error number and what it means: `ENOENT` and `no such file or directory`. */
function describeErrno(errno) {
  const code = binding.name(errno);
  return code === undefined ? ['UNKNOWN', 'unknown error'] : [code, binding.message(errno)];
}

/**
 * An error whose stack begins where `maker` was called.
 *
 * The engine leaves the function that stands for `new.target` out of the stack; `maker` passes for it.
 */
function errorFrom(maker, message) {
  return construct(Error, [message], maker);
}

/** The properties of a failed file system call that are not its own. */
const uvContextKeys = new Set(['message', 'path', 'dest']);

/**
 * The error of a failed file system call: `ENOENT: no such file or directory, open '/path'`.
 *
 * Properties in order: errno, syscall (with whatever else the context holds), code, path, dest.
 * @param {{ errno: number, syscall: string, path?: string | Buffer, dest?: string | Buffer,
 *   message?: string, [other: string]: unknown }} context
 * @returns {Error}
 */
function uvException(context) {
  const [code, meaning] = describeErrno(context.errno);
  let message = `${code}: ${context.message || meaning}, ${context.syscall}`;
  let path;
  let dest;
  if (context.path) {
    path = context.path.toString();
    message += ` '${path}'`;
  }
  if (context.dest) {
    dest = context.dest.toString();
    message += ` -> '${dest}'`;
  }
  const error = errorFrom(uvException, message);
  for (const key of Object.keys(context)) {
    if (!uvContextKeys.has(key)) error[key] = context[key];
  }
  error.code = code;
  if (path) error.path = path;
  if (dest) error.dest = dest;
  return error;
}

function endpoint(address, port) {
  if (port && port > 0) return ` ${address}:${port}`;
  return address ? ` ${address}` : '';
}

function setEndpoint(error, address, port) {
  error.address = address;
  if (port) error.port = port;
  return error;
}

/**
 * The error of a failed network call, with its meaning:
 * `connect ECONNREFUSED: connection refused 127.0.0.1:80`.
 * @param {number} errno
 * @param {string} syscall
 * @param {string} [address]
 * @param {number} [port]
 * @returns {Error}
 */
function uvExceptionWithHostPort(errno, syscall, address, port) {
  const [code, meaning] = describeErrno(errno);
  const message = `${syscall} ${code}: ${meaning}${endpoint(address, port)}`;
  const error = errorFrom(uvExceptionWithHostPort, message);
  error.code = code;
  error.errno = errno;
  error.syscall = syscall;
  return setEndpoint(error, address, port);
}

/**
 * The error of a failed network call: `connect ECONNREFUSED 127.0.0.1:80 - Local (0.0.0.0:0)`.
 * @param {number} errno
 * @param {string} syscall
 * @param {string} [address]
 * @param {number} [port]
 * @param {string} [additional] the local end, for the message
 * @returns {Error}
 */
function exceptionWithHostPort(errno, syscall, address, port, additional) {
  if (typeof errno !== 'number') return refusedWithHostPort(errno, syscall, address, port);
  const code = errnoName(errno);
  const local = additional ? ` - Local (${additional})` : '';
  const error = errorFrom(exceptionWithHostPort, `${syscall} ${code}${endpoint(address, port)}${local}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  return setEndpoint(error, address, port);
}

/** What the permission model has refused, as the error of a call that is about an address. */
function refusedWithHostPort(refusal, syscall, address, port) {
  const error = errorFrom(exceptionWithHostPort, `${syscall} ${refusal.code} ${refusal.message}`);
  error.errno = refusal;
  error.code = refusal.code;
  error.syscall = syscall;
  return setEndpoint(error, address, port);
}

/**
 * The error of a failed system call: `kill ESRCH`.
 * @param {number} errno
 * @param {string} syscall
 * @param {string} [original] more about it, for the message
 * @returns {Error}
 */
function errnoException(errno, syscall, original) {
  const code = errnoName(errno);
  const error = errorFrom(errnoException, original ? `${syscall} ${code} ${original}` : `${syscall} ${code}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  return error;
}

/**
 * The error of a failed name lookup: `getaddrinfo ENOTFOUND example.invalid`.
 * @param {number | string} code an error number of libuv, or a name such as `ENOTFOUND`
 * @param {string} syscall
 * @param {string} [hostname]
 * @returns {Error}
 */
function dnsException(code, syscall, hostname) {
  let errno;
  let name = code;
  if (typeof code === 'number') {
    errno = code;
    name = errnoName(code);
    // A name that has no address and one that is not known are the same to programs.
    if (name === 'EAI_NODATA' || name === 'EAI_NONAME') name = 'ENOTFOUND';
  }
  const error = errorFrom(dnsException, `${syscall} ${name}${hostname ? ` ${hostname}` : ''}`);
  error.errno = errno;
  error.code = name;
  error.syscall = syscall;
  if (hostname) error.hostname = hostname;
  return error;
}

/**
 * The error of a connection that its peer broke off.
 * @param {string} message
 * @returns {Error}
 */
function connResetException(message) {
  const error = errorFrom(connResetException, message);
  error.code = 'ECONNRESET';
  return error;
}

/**
 * A plain `Error` with properties.
 * @param {string} message
 * @param {object} properties
 * @returns {Error}
 */
function genericNodeError(message, properties) {
  const error = errorFrom(genericNodeError, message);
  return Object.assign(error, properties);
}

for (const maker of [
  uvException,
  uvExceptionWithHostPort,
  exceptionWithHostPort,
  errnoException,
  dnsException,
  connResetException,
  genericNodeError,
]) {
  maker.prototype = Error.prototype;
}

/**
 * One error for two: the outer one, or an `AggregateError` with its message and code that holds both.
 * @param {Error | null | undefined} innerError
 * @param {Error | null | undefined} outerError
 * @returns {Error | null | undefined}
 */
function aggregateTwoErrors(innerError, outerError) {
  if (!innerError || !outerError || innerError === outerError) return innerError || outerError;
  if (Array.isArray(outerError.errors)) {
    outerError.errors.push(innerError);
    return outerError;
  }
  const error = new AggregateError([outerError, innerError], outerError.message);
  captureStackTrace(error, aggregateTwoErrors);
  error.code = outerError.code;
  return error;
}

/**
 * An `AggregateError` with the code of its first error.
 */
class NodeAggregateError extends AggregateError {
  /**
   * @param {Error[]} errors
   * @param {string} [message]
   */
  constructor(errors, message) {
    super(errors, message);
    this.code = errors[0]?.code;
  }

  get [kIsNodeError]() {
    return true;
  }

  get ['constructor']() {
    return AggregateError;
  }
}

/**
 * Whether a value can pass for an error: an object with a message and a stack, from any realm.
 * @param {unknown} value
 * @returns {boolean}
 */
function isErrorLike(value) {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'message') &&
    Object.hasOwn(value, 'stack');
}

let stackOverflowName;
let stackOverflowMessage;

/**
 * Whether an error is the engine's "Maximum call stack size exceeded".
 * @param {Error} error
 * @returns {boolean}
 */
function isStackOverflowError(error) {
  if (stackOverflowMessage === undefined) {
    try {
      (function overflow() { overflow(); })();
    } catch (overflow) {
      stackOverflowName = overflow.name;
      stackOverflowMessage = overflow.message;
    }
  }
  return Boolean(error) && error.name === stackOverflowName && error.message === stackOverflowMessage;
}

const OwnError = Error;
const errorToString = Error.prototype.toString;

/** The first line of a stack. */
function stackHeader(error) {
  try {
    if (typeof error === 'object' && error !== null && kIsNodeError in error) {
      return `${error.name} [${error.code}]: ${error.message}`;
    }
    return apply(errorToString, error, []);
  } catch {
    return '<error>';
  }
}

let prepareInternally;

/**
 * Sets what makes a stack while no program's `Error.prepareStackTrace` does, for source maps.
 * @param {((error: Error, callSites: CallSite[], header: string) => string) | undefined} prepare
 */
function setInternalPrepareStackTrace(prepare) {
  prepareInternally = prepare;
}

function formatStack(error, callSites) {
  const header = stackHeader(error);
  if (prepareInternally !== undefined) return prepareInternally(error, callSites, header);
  let stack = header;
  for (let i = 0; i < callSites.length; i++) stack += `\n    at ${callSites[i]}`;
  return stack;
}

/** How the stacks of single errors are made, where that is a way of their own. */
let ownWays;

/**
 * @param {Error} error  whose stack has not been read yet
 * @param {(error: Error, callSites: CallSite[]) => string} prepare  makes it when it is
 */
function overrideStack(error, prepare) {
  ownWays ??= new WeakMap();
  ownWays.set(error, prepare);
}

function makeStack(error, callSites) {
  const own = ownWays?.get(error);
  return own === undefined ? formatStack(error, callSites) : own(error, callSites);
}

/** What `Error.prepareStackTrace` is until a program sets its own. */
function ErrorPrepareStackTrace(error, callSites) {
  return makeStack(error, callSites);
}

/**
 * Makes the `stack` of an error; the engine calls it when a stack is read for the first time.
 * @param {typeof globalThis} realm the global object of the error's realm
 * @param {Error} error
 * @param {CallSite[]} callSites
 * @returns {unknown}
 */
function prepareStackTraceCallback(realm, error, callSites) {
  const RealmError = realm.Error;
  const prepare = RealmError?.prepareStackTrace;
  if (typeof prepare === 'function' && prepare !== ErrorPrepareStackTrace) {
    return apply(prepare, RealmError, [error, callSites]);
  }
  if (RealmError !== OwnError) {
    // Contexts of `vm` whose programs have none are served by that of the program.
    const ours = OwnError.prepareStackTrace;
    if (typeof ours === 'function' && ours !== ErrorPrepareStackTrace) {
      return apply(ours, OwnError, [error, callSites]);
    }
  }
  return makeStack(error, callSites);
}

module.exports = {
  codes,
  kIsNodeError,
  hideStackFrames,
  hideFrame,
  AbortError,
  SystemError,
  NodeAggregateError,
  aggregateTwoErrors,
  connResetException,
  describeErrno,
  determineSpecificType,
  dnsException,
  errnoException,
  exceptionWithHostPort,
  formatList,
  genericNodeError,
  isErrorLike,
  isStackOverflowError,
  uvException,
  uvExceptionWithHostPort,
  ErrorPrepareStackTrace,
  formatStack,
  overrideStack,
  prepareStackTraceCallback,
  setInternalPrepareStackTrace,
};
