// The methods of consoles: `Console.prototype`.
'use strict';

const channels = require('internal/console/channels');
const { STDERR, STDOUT } = require('internal/console/output');
const { traceCount, traceTime, tracing } = require('internal/tracing');
const { formatArguments, inspect } = require('internal/util/inspect');

/** A console's private state: its `Output`, its counters and the width of its groups. */
const kState = Symbol('state');

/**
 * @param {object} console
 * @param {number} fd STDOUT or STDERR
 * @param {object|undefined} channel which is told first and may change the arguments
 * @param {Array} args
 */
function print(console, fd, channel, args) {
  if (channel !== undefined && channel.hasSubscribers) channel.publish(args);
  const { output } = console[kState];
  const text = args.length === 1 && typeof args[0] === 'string' ?
    args[0] :
    formatArguments(output.optionsFor(console, fd), args);
  output.write(console, fd, text);
}

function elapsed(start) {
  const { 0: seconds, 1: nanoseconds } = process.hrtime(start);
  return require('internal/util/debuglog').formatTime(seconds * 1000 + nanoseconds / 1e6);
}

/** The start of a timer, or undefined after a warning that there is none. */
function findTimer(console, label, method) {
  const start = console._times.get(label);
  if (start === undefined) process.emitWarning(`No such label '${label}' for console.${method}()`);
  return start;
}

const methods = {
  log(...args) {
    print(this, STDOUT, channels.log, args);
  },

  info(...args) {
    print(this, STDOUT, channels.info, args);
  },

  debug(...args) {
    print(this, STDOUT, channels.debug, args);
  },

  warn(...args) {
    print(this, STDERR, channels.warn, args);
  },

  error(...args) {
    print(this, STDERR, channels.error, args);
  },

  dir(object, options) {
    const { output } = this[kState];
    const text = inspect(object, { customInspect: false, ...output.optionsFor(this, STDOUT), ...options });
    output.write(this, STDOUT, text);
  },

  time(label = 'default') {
    label = `${label}`;
    if (this._times.has(label)) {
      process.emitWarning(`Label '${label}' already exists for console.time()`);
      return;
    }
    if (tracing.console) traceTime('b', label);
    this._times.set(label, process.hrtime());
  },

  timeEnd(label = 'default') {
    label = `${label}`;
    const start = findTimer(this, label, 'timeEnd');
    if (start === undefined) return;
    this.log('%s: %s', label, elapsed(start));
    if (tracing.console) traceTime('e', label);
    this._times.delete(label);
  },

  timeLog(label = 'default', ...data) {
    label = `${label}`;
    const start = findTimer(this, label, 'timeLog');
    if (start === undefined) return;
    this.log('%s: %s', label, elapsed(start), ...data);
    if (tracing.console) traceTime('n', label);
  },

  trace: function trace(...args) {
    const options = this[kState].output.optionsFor(this, STDERR);
    const record = { name: 'Trace', message: formatArguments(options, args) };
    Error.captureStackTrace(record, trace);
    this.error(record.stack);
  },

  assert(expression, ...args) {
    if (expression) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    this.warn(...args);
  },

  clear() {
    if (!this[kState].output.isTerminal(this) || process.env.TERM === 'dumb') return;
    const stream = this._stdout;
    stream.write('\u001b[1;1H');
    stream.write('\u001b[0J');
  },

  count(label = 'default') {
    label = `${label}`;
    const { counts } = this[kState];
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    if (tracing.console) traceCount(label, count);
    this.log(`${label}: ${count}`);
  },

  countReset(label = 'default') {
    label = `${label}`;
    if (!this[kState].counts.delete(label)) {
      process.emitWarning(`Count for '${label}' does not exist`);
    } else if (tracing.console) {
      traceCount(label, 0);
    }
  },

  group(...data) {
    if (data.length > 0) this.log(...data);
    const { output, groupWidth } = this[kState];
    output.indentation += ' '.repeat(groupWidth);
  },

  groupEnd() {
    const { output, groupWidth } = this[kState];
    output.indentation = output.indentation.slice(0, output.indentation.length - groupWidth);
  },

  table(tabularData, properties) {
    if (tabularData === null || typeof tabularData !== 'object') {
      this.log(tabularData);
      return;
    }
    if (properties !== undefined) require('internal/validators').validateArray(properties, 'properties');
    const options = this[kState].output.optionsFor(this, STDOUT);
    this.log(require('internal/console/table').tableOf(tabularData, properties, options));
  },
};

methods.dirxml = methods.log;
methods.groupCollapsed = methods.group;

module.exports = { kState, methods };
