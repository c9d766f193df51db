// `Console`: consoles that write to streams of the program's choice.
'use strict';

const { codes: { ERR_CONSOLE_WRITABLE_STREAM, ERR_INCOMPATIBLE_OPTION_PAIR } } = require('internal/errors');
const { validateInteger, validateObject, validateOneOf } = require('internal/validators');
const { StreamOutput, createErrorHandler } = require('internal/console/output');
const { kState, methods } = require('internal/console/methods');

const WIDEST_GROUP = 1000;
const DEFAULT_GROUP_WIDTH = 2;

/**
 * Sets what programs can find on a console besides its methods, and its state.
 * @param {object} console
 * @param {object} output
 * @param {boolean} ignoreErrors
 * @param {number} [groupWidth] spaces that a group indents
 */
function initialize(console, output, ignoreErrors, groupWidth = DEFAULT_GROUP_WIDTH) {
  const hidden = {
    _stdoutErrorHandler: createErrorHandler(() => console._stdout),
    _stderrErrorHandler: createErrorHandler(() => console._stderr),
    _ignoreErrors: Boolean(ignoreErrors),
    _times: new Map(),
    [kState]: { output, counts: new Map(), groupWidth },
  };
  for (const key of Reflect.ownKeys(hidden)) {
    Object.defineProperty(console, key, {
      __proto__: null, value: hidden[key], writable: true, enumerable: false, configurable: true,
    });
  }
}

/** Lets `Object.prototype.toString` say `[object console]`. */
function tag(console) {
  Object.defineProperty(console, Symbol.toStringTag, {
    __proto__: null, value: 'console', writable: false, enumerable: false, configurable: true,
  });
}

function bindMethod(console, name) {
  const bound = console[name].bind(console);
  Object.defineProperty(bound, 'name', { __proto__: null, value: name });
  return bound;
}

/** The options of `inspect` by stream. */
function readInspectOptions(options, stdout, stderr) {
  const { inspectOptions, colorMode } = options;
  if (inspectOptions === undefined) return undefined;
  validateObject(inspectOptions, 'options.inspectOptions');
  const byStream = require('internal/util/types').isMap(inspectOptions) ?
    inspectOptions :
    new Map([[stdout, inspectOptions], [stderr, inspectOptions]]);
  for (const streamOptions of byStream.values()) {
    if (streamOptions.colors !== undefined && colorMode !== undefined) {
      throw new ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
    }
  }
  return byStream;
}

/**
 * @param {object} options `{ stdout, stderr, ignoreErrors, colorMode, inspectOptions, groupIndentation }`, or
 *   the stream stdout, followed by stderr and ignoreErrors
 * @throws {TypeError} ERR_CONSOLE_WRITABLE_STREAM, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
 *   ERR_INCOMPATIBLE_OPTION_PAIR
 * @throws {RangeError} ERR_OUT_OF_RANGE
 */
function Console(options) {
  if (new.target === undefined) return Reflect.construct(Console, arguments);
  if (!options || typeof options.write === 'function') {
    options = { stdout: options, stderr: arguments[1], ignoreErrors: arguments[2] };
  }
  const { stdout, stderr = stdout, ignoreErrors = true, colorMode = 'auto', groupIndentation } = options;
  if (!stdout || typeof stdout.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stdout');
  if (!stderr || typeof stderr.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stderr');
  validateOneOf(colorMode, 'colorMode', ['auto', true, false]);
  if (groupIndentation !== undefined) validateInteger(groupIndentation, 'groupIndentation', 0, WIDEST_GROUP);
  const inspectOptions = readInspectOptions(options, stdout, stderr);

  for (const name of Object.keys(Console.prototype)) this[name] = bindMethod(this, name);
  for (const { 0: name, 1: stream } of [['_stdout', stdout], ['_stderr', stderr]]) {
    Object.defineProperty(this, name, {
      __proto__: null, value: stream, writable: true, enumerable: false, configurable: true,
    });
  }
  initialize(this, new StreamOutput(colorMode, inspectOptions), ignoreErrors, groupIndentation);
  tag(this);
}

Object.assign(Console.prototype, methods);

Object.defineProperty(Console, Symbol.hasInstance, {
  __proto__: null,
  value: { [Symbol.hasInstance](instance) { return instance[kState] !== undefined; } }[Symbol.hasInstance],
});

module.exports = { Console, initialize, tag };
