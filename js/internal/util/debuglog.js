// `util.debuglog`: messages to stderr for the sections that NODE_DEBUG names, and times as people read them.
'use strict';

/** Whether NODE_DEBUG names a section; made when first asked. */
let isNamed;

/** The functions that print, by section in capitals. */
const printers = new Map();

function noOperation() {}

/**
 * Takes the sections whose messages shall appear: `NODE_DEBUG=fs,net*`.
 * @param {string | undefined} text the value of NODE_DEBUG; `*` stands for any text
 */
function initializeDebugEnv(text) {
  printers.clear();
  if (!text) {
    isNamed = () => false;
    return;
  }
  const patterns = text.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replaceAll('*', '.*').split(',');
  const expression = new RegExp(`^(?:${patterns.join('|')})$`, 'i');
  isNamed = (section) => expression.test(section);
}

/** Whether messages of a section, given in capitals, appear. */
function isEnabled(section) {
  if (isNamed === undefined) initializeDebugEnv(process.env.NODE_DEBUG);
  return isNamed(section);
}

function warnAboutSecrets(section) {
  if (section !== 'HTTP' && section !== 'HTTP2') return;
  process.emitWarning(
    `Setting the NODE_DEBUG environment variable to '${section.toLowerCase()}' can expose sensitive data ` +
    '(such as passwords, tokens and authentication headers) in the resulting log.');
}

/** The function that prints a section's messages, or does nothing. */
function printerOf(section) {
  let printer = printers.get(section);
  if (printer !== undefined) return printer;
  if (isEnabled(section)) {
    warnAboutSecrets(section);
    printer = function debug(...args) {
      const { formatWithOptions } = require('internal/util/inspect');
      const colors = require('internal/util/colors').shouldColorize(process.stderr);
      const label = formatWithOptions({ colors }, '%s %d: ', section, process.pid);
      process.stderr.write(`${label}${formatWithOptions({ colors }, ...args)}\n`);
    };
  } else {
    printer = noOperation;
  }
  printers.set(section, printer);
  return printer;
}

/**
 * A function that prints formatted messages to stderr while NODE_DEBUG names the section.
 * @param {string} set the section
 * @param {(debug: Function) => void} [replace] receives a faster function when the first message comes
 * @returns {((...args: unknown[]) => void) & { readonly enabled: boolean }}
 */
function debuglog(set, replace) {
  let section;
  let print;

  function initialize() {
    section ??= `${set}`.toUpperCase();
    print = printerOf(section);
    if (typeof replace === 'function') replace(print);
  }

  const logger = (...args) => {
    if (print === undefined) initialize();
    print(...args);
  };
  Object.defineProperty(logger, 'enabled', {
    get() {
      section ??= `${set}`.toUpperCase();
      return isEnabled(section);
    },
    configurable: true,
    enumerable: true,
  });
  return logger;
}

function pad(number, width) {
  return `${number}`.padStart(width, '0');
}

/**
 * A duration as `console.timeEnd` shows it: `1.5ms`, `1.500s`, `1:00.300 (m:ss.mmm)`.
 * @param {number} milliseconds
 * @returns {string}
 */
function formatTime(milliseconds) {
  if (milliseconds < 1000 || milliseconds !== milliseconds) return `${Number(milliseconds.toFixed(3))}ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(3)}s`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const [seconds, fraction] = ((milliseconds % 60_000) / 1000).toFixed(3).split('.');
  const rest = `${pad(seconds, 2)}.${fraction}`;
  return hours === 0 ? `${minutes}:${rest} (m:ss.mmm)` : `${hours}:${pad(minutes, 2)}:${rest} (h:mm:ss.mmm)`;
}

/**
 * Timers whose readings are printed to stderr while NODE_DEBUG names the section.
 * @param {string} set the section
 * @param {(start: Function, end: Function, log: Function) => void} [replace] as in `debuglog`
 * @returns {{ startTimer(label: string): void, endTimer(label: string): void,
 *   logTimer(label: string, ...args: unknown[]): void }}
 */
function debugWithTimer(set, replace) {
  const started = new Map();
  let print;

  function elapsed(label) {
    const [seconds, nanoseconds] = process.hrtime(started.get(label));
    return formatTime(seconds * 1000 + nanoseconds / 1e6);
  }

  function start(label) {
    if (!started.has(label)) started.set(label, process.hrtime());
  }

  function log(label, ...args) {
    if (started.has(label)) print('%s: %s', label, elapsed(label), ...args);
  }

  function end(label) {
    log(label);
    started.delete(label);
  }

  function initialize() {
    print = printerOf(`${set}`.toUpperCase());
    if (typeof replace !== 'function') return;
    if (print === noOperation) replace(noOperation, noOperation, noOperation);
    else replace(start, end, log);
  }

  const timed = (measure) => (label, ...args) => {
    if (print === undefined) initialize();
    if (print !== noOperation) measure(label, ...args);
  };
  return { startTimer: timed(start), endTimer: timed(end), logTimer: timed(log) };
}

module.exports = {
  debuglog,
  debugWithTimer,
  formatTime,
  initializeDebugEnv,
};
