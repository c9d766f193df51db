// `REPLServer`: reads lines, evaluates them and prints the values.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_REPL_EVAL_CONFIG, ERR_INVALID_REPL_INPUT },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');
const { deprecate, kEmptyObject } = require('internal/util');
const { Interface } = require('readline');
const { inspect } = require('internal/util/inspect');
const {
  kAddNewLineOnTTY, kColorize, kLastCommandErrored, kMultilinePrompt,
} = require('internal/readline/symbols');
const { Recoverable, evaluate } = require('internal/repl/evaluate');
const { createContext } = require('internal/repl/context');
const { defineCommands } = require('internal/repl/commands');
const { describeThrown } = require('internal/repl/report');

const REPL_MODE_SLOPPY = Symbol('repl-sloppy');
const REPL_MODE_STRICT = Symbol('repl-strict');
/** Option: this REPL is the program. */
const kStandaloneREPL = Symbol('kStandaloneREPL');

const kBufferedCommand = Symbol('bufferedCommand');
const kContextId = Symbol('contextId');
const kHeld = Symbol('heldInput');
const kPreview = Symbol('preview');
const kLoading = Symbol('loading');
const kSawSigint = Symbol('sawSigint');

const multilinePrompt = kMultilinePrompt.description;
const commandLine = /^\.([^\s]+)\s*(.*)$/;
let lastEvaluation = 0;

/** Which REPL the running code was entered in. */
let storage;

/** Shows values as the REPL does. */
function writer(value) {
  return inspect(value, writer.options);
}
writer.options = { ...inspect.defaultOptions, showProxy: true };
Object.defineProperty(inspect, 'replDefaults', {
  configurable: true,
  enumerable: true,
  get: () => writer.options,
  set(options) {
    validateObject(options, 'options');
    Object.assign(writer.options, options);
  },
});

function readArguments(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode) {
  if (prompt !== null && typeof prompt === 'object') return { ...prompt };
  return { prompt, stream, eval: eval_, useGlobal, ignoreUndefined, replMode };
}

function completeOptions(options) {
  if (!options.input && !options.output) {
    const stream = options.stream || process;
    options.input = stream.stdin || stream;
    options.output = stream.stdout || stream;
  }
  if (options.terminal === undefined) options.terminal = options.output.isTTY;
  options.terminal = !!options.terminal;
  if (options.terminal && options.useColors === undefined) {
    options.useColors = require('internal/util/colors').shouldColorize(options.output);
  }
  return options;
}

/**
 * @class
 * @param {string | object} [prompt]  or the options
 * @param {Duplex | object} [stream]
 * @param {Function} [eval_]
 * @param {boolean} [useGlobal]
 * @param {boolean} [ignoreUndefined]
 * @param {symbol} [replMode]
 */
function REPLServer(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode) {
  if (!(this instanceof REPLServer)) {
    return new REPLServer(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode);
  }
  const options = completeOptions(readArguments(prompt, stream, eval_, useGlobal, ignoreUndefined, replMode));
  if (options.breakEvalOnSigint && options.eval) throw new ERR_INVALID_REPL_EVAL_CONFIG();
  if (options.eval) validateFunction(options.eval, 'options.eval');
  const hasPreview = options.terminal && (options.preview !== undefined ? !!options.preview : !options.eval);

  this[kContextId] = undefined;
  this[kLastCommandErrored] = false;
  this.allowBlockingCompletions = !!options.allowBlockingCompletions;
  this.useColors = !!options.useColors;
  this._isStandalone = !!options[kStandaloneREPL];
  this.useGlobal = !!options.useGlobal;
  this.ignoreUndefined = !!options.ignoreUndefined;
  this.replMode = options.replMode || REPL_MODE_SLOPPY;
  this.underscoreAssigned = false;
  this.last = undefined;
  this.underscoreErrAssigned = false;
  this.lastError = undefined;
  this.breakEvalOnSigint = !!options.breakEvalOnSigint;
  this.editorMode = false;
  this._userErrorHandler = options.handleError;
  this[kBufferedCommand] = '';
  this[kHeld] = null;
  this[kSawSigint] = false;

  const completer = typeof options.completer === 'function' ? options.completer : (text, callback) => {
    this.complete(text, this.editorMode ? this.completeOnEditorMode(callback) : callback);
  };
  const initialPrompt = options.prompt ?? '> ';
  Interface.call(this, {
    input: options.input,
    output: options.output,
    completer,
    terminal: options.terminal,
    historySize: options.historySize,
    prompt: initialPrompt,
  });
  this._initialPrompt = `${initialPrompt}`;
  defineStreams(this);
  this.strictMode = REPL_MODE_STRICT;
  Object.defineProperty(this, 'strictMode', { enumerable: false });
  this.eval = wrapEvaluation(this, options.eval);
  this.resetContext();
  this.lines = [];
  this.lines.level = [];
  this.commands = { __proto__: null };
  defineCommands(this);
  this.writer = options.writer || writer;
  if (options.writer === undefined || options.writer === writer) {
    // Colours belong to the REPL, not to all of them.
    if (this.useColors) this.writer = colouredWriter();
  }
  if (this.useColors && this.terminal && process.env.TERM !== 'dumb') {
    this[kColorize] = require('internal/repl/highlight').highlight;
  }
  listen(this);
  if (this.terminal && process.env.TERM !== 'dumb') watchKeys(this, hasPreview);
  guardProcess();
  this.displayPrompt();
}
Object.setPrototypeOf(REPLServer.prototype, Interface.prototype);
Object.setPrototypeOf(REPLServer, Interface);
Object.defineProperty(REPLServer.prototype, 'constructor', { enumerable: false });

function colouredWriter() {
  const colored = (value) => inspect(value, colored.options);
  colored.options = { ...writer.options, colors: true };
  return colored;
}

function defineStreams(repl) {
  const message = 'repl.inputStream and repl.outputStream are deprecated. Use repl.input and repl.output instead';
  const isTold = require('internal/options').getOptionValue('--pending-deprecation');
  const mark = isTold ? (access) => deprecate(access, message, 'DEP0141') : (access) => access;
  for (const [name, target] of [['inputStream', 'input'], ['outputStream', 'output']]) {
    Object.defineProperty(repl, name, {
      __proto__: null,
      enumerable: false,
      configurable: true,
      get: mark(() => repl[target]),
      set: mark((value) => {
        repl[target] = value;
      }),
    });
  }
}

/** Has what the entered code does later be known as this REPL's. */
function wrapEvaluation(repl, custom) {
  const evaluation = custom || function defaultEval(code, context, file, callback) {
    evaluate(repl, code, context, file, callback);
  };
  return function REPLEval(code, context, file, callback) {
    storage.run(repl, evaluation, code, context, file, callback);
  };
}

/** Errors of entered code that nobody catches are shown where it was entered. */
function guardProcess() {
  const uncaught = require('internal/process/uncaught');
  if (uncaught.hasTaker()) return;
  uncaught.setTaker((error) => {
    const repl = storage.getStore();
    if (repl === undefined) return false;
    if (repl._isStandalone && process.listenerCount('uncaughtException') > 0) return false;
    repl._handleError(error);
    if (!repl.closed) repl.displayPrompt();
    return true;
  });
  process.prependListener('newListener', (event) => {
    if (event !== 'uncaughtException') return;
    const repl = storage.getStore();
    if (repl === undefined || repl._isStandalone) return;
    throw new ERR_INVALID_REPL_INPUT(
      'Listeners for `uncaughtException` cannot be used in the REPL');
  });
}

function listen(repl) {
  repl.on('close', () => {
    // What is being evaluated comes to its end first.
    if (repl[kHeld] === null) repl.emit('exit');
    else repl[kHeld].push(() => repl.emit('exit'));
  });
  repl.on('SIGINT', () => {
    const isEmpty = repl.line.length === 0;
    repl.clearLine();
    const wasEditing = repl.editorMode;
    repl.leaveEditorMode();
    if (repl[kBufferedCommand] === '' && isEmpty && !wasEditing) {
      if (repl[kSawSigint]) {
        repl.close();
        repl[kSawSigint] = false;
        return;
      }
      repl.output.write('(To exit, press Ctrl+C again or Ctrl+D or type .exit)\n');
      repl[kSawSigint] = true;
    } else {
      repl[kSawSigint] = false;
    }
    repl.clearBufferedCommand();
    repl.lines.level = [];
    repl.displayPrompt();
  });
  repl.on('line', (line) => onLine(repl, line));
  repl.on('SIGCONT', () => {
    if (repl.editorMode) {
      repl.output.write(`${repl._initialPrompt}.editor\n`);
      repl.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
      repl.output.write(`${repl[kBufferedCommand]}\n`);
      repl.prompt(true);
    } else {
      repl.displayPrompt(true);
    }
  });
}

/** What keys do beside editing the line: previews, the editor mode, the end. */
function watchKeys(repl, hasPreview) {
  const { Preview } = require('internal/repl/preview');
  const { ReverseSearch } = require('internal/repl/reverse_search');
  const write = repl._ttyWrite;
  const preview = new Preview(repl);
  const search = new ReverseSearch(repl);
  repl[kPreview] = preview;
  repl._ttyWrite = (text, key) => {
    key ||= {};
    if (repl[kHeld] !== null && !(repl.breakEvalOnSigint && key.ctrl && key.name === 'c')) {
      repl[kHeld].push(() => repl._ttyWrite(text, key));
      return;
    }
    if (!repl.editorMode) {
      const isEnd = key.ctrl && !key.shift && key.name === 'd' && repl.cursor === 0 && repl.line.length === 0;
      if (isEnd) repl.clearLine();
      preview.clear();
      if (search.handle(text, key)) return;
      Reflect.apply(write, repl, [text, key]);
      if (hasPreview && !repl.closed && repl[kHeld] === null && key.name !== 'escape') preview.show();
      return;
    }
    if (key.ctrl && !key.shift && key.name === 'd') {
      repl.leaveEditorMode();
      repl.emit('line', repl.line);
      return;
    }
    Reflect.apply(write, repl, [text, key]);
  };
}

function onLine(repl, line) {
  let entered = line || '';
  repl[kSawSigint] = false;
  // The lines of one entry come from the history's form of it.
  if (repl.terminal) entered = entered.replaceAll('\r', '\n');
  if (repl.editorMode) {
    repl[kBufferedCommand] += `${entered}\n`;
    alignEditor(repl, entered);
    return;
  }
  const trimmed = entered.trim();
  if (trimmed.startsWith('.') && trimmed[1] !== '.' && Number.isNaN(parseFloat(trimmed))) {
    const match = commandLine.exec(trimmed);
    const definition = match === null ? undefined : repl.commands[match[1]];
    if (definition !== undefined) {
      Reflect.apply(definition.action, repl, [match[2]]);
      return;
    }
    if (repl[kBufferedCommand] === '') {
      repl.output.write('Invalid REPL keyword\n');
      finish(repl, entered, 1, null);
      return;
    }
  }
  const code = `${repl[kBufferedCommand]}${entered}\n`;
  function settle(error, value) {
    finish(repl, entered, arguments.length, error, value);
  }
  repl.eval(code, repl.context, `REPL${++lastEvaluation}`, settle);
}

/** The callback of an evaluation, which has been called with `count` arguments. */
function finish(repl, entered, count, error, value) {
  repl[kLastCommandErrored] = false;
  if (error instanceof Recoverable && !repl.closed) {
    if (repl.terminal && repl[kLoading] !== true && process.env.TERM !== 'dumb') {
      repl[kAddNewLineOnTTY]();
    } else {
      repl[kBufferedCommand] += `${entered}\n`;
      repl.displayPrompt();
    }
    return;
  }
  if (error) {
    repl[kLastCommandErrored] = true;
    repl._handleError(error instanceof Recoverable ? error.err : error);
  }
  if (!error) repl.lines.push(entered);
  repl.clearBufferedCommand();
  if (!error && count === 2 && (!repl.ignoreUndefined || value !== undefined)) {
    if (!repl.underscoreAssigned) repl.last = value;
    repl.output.write(`${repl.writer(value)}\n`);
  }
  if (!repl.closed) repl.displayPrompt();
}

/** Begins the next line of the editor where the last one has begun. */
function alignEditor(repl, line) {
  const indentation = repl._sawKeyPress && !repl[kLoading] ? /^\s+/.exec(line) : null;
  if (indentation !== null) repl.write(indentation[0]);
}

const proto = REPLServer.prototype;

/** Keeps keys, and the end, back until `continueInput`: the last line is still being evaluated. */
Object.defineProperty(proto, 'holdInput', {
  value() {
    this[kHeld] = [];
  },
});

/** Goes on with what was kept back. */
Object.defineProperty(proto, 'continueInput', {
  value() {
    const held = this[kHeld];
    this[kHeld] = null;
    if (!this.closed && this.paused) this.resume();
    for (let i = 0; i < held.length; i++) {
      held[i]();
      if (this[kHeld] !== null) {
        this[kHeld] = this[kHeld].concat(held.slice(i + 1));
        return;
      }
    }
  },
});

Object.defineProperty(proto, 'enterEditorMode', {
  value() {
    this.editorMode = true;
    Reflect.apply(Interface.prototype.setPrompt, this, ['']);
  },
});

Object.defineProperty(proto, 'leaveEditorMode', {
  value() {
    if (!this.editorMode) return;
    this.editorMode = false;
    Reflect.apply(Interface.prototype.setPrompt, this, [this._initialPrompt]);
  },
});

/** Evaluates a text as if it had been entered. */
Object.defineProperty(proto, 'loadText', {
  value(text) {
    this.enterEditorMode();
    this[kLoading] = true;
    this.write(text);
    this[kLoading] = false;
    this.leaveEditorMode();
    if (this.terminal) this.line = '';
    this.write('\n');
  },
});

/**
 * Keeps the history in a file.
 * @param {object | string} [historyConfig]
 * @param {(error: Error | null, repl: REPLServer) => void} [callback]
 */
proto.setupHistory = function setupHistory(historyConfig = kEmptyObject, callback) {
  if (typeof historyConfig === 'function') {
    callback = historyConfig;
    historyConfig = kEmptyObject;
  }
  const config = typeof historyConfig === 'string' ? { filePath: historyConfig } : { ...historyConfig };
  config.size ??= this.historySize;
  config.onHistoryFileLoaded = callback ?? config.onHistoryFileLoaded ?? (() => {});
  if (typeof config.onHistoryFileLoaded !== 'function') {
    throw new ERR_INVALID_ARG_VALUE('callback', config.onHistoryFileLoaded);
  }
  this.setupHistoryManager(config);
};

proto.clearBufferedCommand = function clearBufferedCommand() {
  this[kBufferedCommand] = '';
};

/** Shows what was thrown. */
proto._handleError = function _handleError(error) {
  if (typeof this._userErrorHandler === 'function') {
    const verdict = this._userErrorHandler(error);
    if (verdict === 'ignore') return;
  }
  if (this._isStandalone && process.listenerCount('uncaughtException') > 0) {
    process.emit('uncaughtException', error, 'uncaughtException');
    return;
  }
  if (!this.underscoreErrAssigned) this.lastError = error;
  const text = describeThrown(this, error);
  if (this.closed && this.output.writableEnded) return;
  this.output.write(text);
};

proto.close = function close() {
  if (this.terminal && this.historyManager.isFlushing && !this._closingOnFlush) {
    this._closingOnFlush = true;
    this.once('flushHistory', () => Reflect.apply(Interface.prototype.close, this, []));
    return;
  }
  process.nextTick(() => Reflect.apply(Interface.prototype.close, this, []));
};

proto.createContext = function() {
  return createContext(this);
};

proto.resetContext = function() {
  this.context = this.createContext();
  this.underscoreAssigned = false;
  this.underscoreErrAssigned = false;
  this.lines = [];
  this.lines.level = [];
  defineUnderscore(this, '_', 'last', 'underscoreAssigned', 'Expression assignment to _ now disabled.\n');
  defineUnderscore(this, '_error', 'lastError', 'underscoreErrAssigned',
                   'Expression assignment to _error now disabled.\n');
  this.emit('reset', this.context);
};

function defineUnderscore(repl, name, property, flag, message) {
  Object.defineProperty(repl.context, name, {
    __proto__: null,
    configurable: true,
    get: () => repl[property],
    set: (value) => {
      repl[property] = value;
      if (repl[flag]) return;
      repl[flag] = true;
      repl.output.write(message);
    },
  });
}

proto.displayPrompt = function(preserveCursor) {
  const prompt = this[kBufferedCommand] === '' ? this._initialPrompt : multilinePrompt;
  Reflect.apply(Interface.prototype.setPrompt, this, [prompt]);
  this.prompt(preserveCursor);
};

proto.setPrompt = function setPrompt(prompt) {
  this._initialPrompt = prompt;
  Reflect.apply(Interface.prototype.setPrompt, this, [prompt]);
};

proto.complete = function() {
  const [line, callback] = arguments;
  const { complete } = require('internal/repl/completer');
  callback(null, complete(this, line));
};

proto.completeOnEditorMode = function(callback) {
  return (error, results) => {
    if (error) {
      callback(error);
      return;
    }
    const [completions, completeOn = ''] = results;
    const result = completions.filter(Boolean);
    if (completeOn && result.length !== 0) {
      const { commonPrefix } = require('internal/readline/text');
      callback(null, [[commonPrefix(result)], completeOn]);
      return;
    }
    callback(null, [[`${completeOn}    `], completeOn]);
  };
};

/**
 * @param {string} keyword  without the dot
 * @param {Function | { help?: string, action: Function }} command
 */
proto.defineCommand = function(keyword, command) {
  if (typeof command === 'function') command = { action: command };
  else validateFunction(command.action, 'cmd.action');
  this.commands[keyword] = command;
};

/** Makes the storage of which REPL code belongs to; as long as there is none, nothing is tracked. */
function prepare() {
  const { AsyncLocalStorage } = require('async_hooks');
  storage ??= new AsyncLocalStorage();
}

/**
 * Starts a REPL.
 * @param {string | object} [prompt]  or the options
 * @returns {REPLServer}
 */
function start(prompt, source, eval_, useGlobal, ignoreUndefined, replMode) {
  return new REPLServer(prompt, source, eval_, useGlobal, ignoreUndefined, replMode);
}
prepare();

module.exports = {
  REPLServer, REPL_MODE_SLOPPY, REPL_MODE_STRICT, kStandaloneREPL, start, writer,
};
