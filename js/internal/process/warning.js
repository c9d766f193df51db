// Warnings: `process.emitWarning` and how they are printed.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateString } = require('internal/validators');
const { getOptionValue } = require('internal/options');
const revival = require('internal/revival');

const { captureStackTrace } = Error;

let hintGiven = false;
let disabled;
revival.whenRevived(() => {
  hintGiven = false;
  disabled = undefined;
});

function isDisabled(warning) {
  disabled ??= getOptionValue('--disable-warning') ?? [];
  return disabled.length > 0 && (disabled.includes(warning.code) || disabled.includes(warning.name));
}

/**
 * @param {string | Error} warning
 * @param {string | object | Function} [type]  the name, or `{ type, code, detail, ctor }`
 * @param {string | Function} [code]
 * @param {Function} [ctor]  the function below which the stack begins
 */
function emitWarning(warning, type, code, ctor) {
  let detail;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ctor = type.ctor;
    code = type.code;
    if (typeof type.detail === 'string') detail = type.detail;
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    ctor = type;
    code = '';
    type = 'Warning';
  }
  if (type !== undefined) validateString(type, 'type');
  if (typeof code === 'function') {
    ctor = code;
    code = undefined;
  } else if (code !== undefined) {
    validateString(code, 'code');
  }
  if (typeof warning === 'string') {
    warning = createWarning(warning, type, code, ctor, detail);
  } else if (!(warning instanceof Error)) {
    throw new ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation) return;
    if (process.throwDeprecation) {
      // Thrown from a tick, so that it is an uncaught exception of its own.
      process.nextTick(() => {
        throw warning;
      });
      return;
    }
  }
  process.nextTick(doEmit, warning);
}

function doEmit(warning) {
  process.emit('warning', warning);
}

/**
 * Emits a warning before it returns, for deprecated functions whose warning must come before their effect.
 * @param {string} text
 * @param {string} type
 * @param {string} [code]
 * @param {Function} [ctor]  the function below which the stack begins
 */
function emitWarningSync(text, type, code, ctor) {
  process.emit('warning', createWarning(text, type, code, ctor));
}

function createWarning(text, type, code, ctor, detail) {
  const { stackTraceLimit } = Error;
  const needsStack = process.traceProcessWarnings ||
    (type === 'DeprecationWarning' && (process.traceDeprecation || process.throwDeprecation));
  if (!needsStack) Error.stackTraceLimit = 0;
  const warning = new Error(text);
  Error.stackTraceLimit = stackTraceLimit;
  warning.name = String(type || 'Warning');
  if (code !== undefined) warning.code = code;
  if (detail !== undefined) warning.detail = detail;
  captureStackTrace(warning, ctor || emitWarning);
  return warning;
}

/** The listener that prints warnings, unless `--no-warnings`. */
function onWarning(warning) {
  if (!(warning instanceof Error) || isDisabled(warning)) return;
  const isDeprecation = warning.name === 'DeprecationWarning';
  if (isDeprecation && process.noDeprecation) return;
  const trace = process.traceProcessWarnings || (isDeprecation && process.traceDeprecation);
  let text = `(${process.release.name}:${process.pid}) `;
  if (warning.code) text += `[${warning.code}] `;
  if (trace && warning.stack) {
    text += `${warning.stack}`;
  } else {
    text += typeof warning.toString === 'function' ?
      `${warning.toString()}` :
      Error.prototype.toString.call(warning);
  }
  if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
  if (!trace && !hintGiven) {
    const flag = isDeprecation ? '--trace-deprecation' : '--trace-warnings';
    const program = require('path').basename(process.argv0 || 'node', '.exe');
    text += `\n(Use \`${program} ${flag} ...\` to show where the warning was created)`;
    hintGiven = true;
  }
  write(text);
}

function write(text) {
  const file = getOptionValue('--redirect-warnings') || process.env.NODE_REDIRECT_WARNINGS;
  if (file) {
    try {
      require('fs').appendFileSync(file, `${text}\n`);
      return;
    } catch {
      // A file that cannot be written leaves standard error.
    }
  }
  require('console').error(text);
}

/** Reads the options that decide about warnings. */
function prepare(process) {
  if (getOptionValue('--deprecation') === false) process.noDeprecation = true;
  if (getOptionValue('--throw-deprecation')) process.throwDeprecation = true;
  if (getOptionValue('--trace-deprecation')) process.traceDeprecation = true;
  if (getOptionValue('--trace-warnings')) process.traceProcessWarnings = true;
  const off = getOptionValue('--warnings') === false || process.env.NODE_NO_WARNINGS === '1';
  if (revival.isRevived()) process.removeListener('warning', onWarning);
  if (!off) process.on('warning', onWarning);
}

module.exports = { emitWarning, emitWarningSync, prepare };
