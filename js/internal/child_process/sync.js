// `spawnSync`, `execSync` and `execFileSync`: processes whose end is waited for.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_TYPE },
  errnoException,
  genericNodeError,
} = require('internal/errors');
const { isArrayBufferView } = require('internal/util/types');
const {
  DEFAULT_MAX_BUFFER,
  normalizeExecArguments,
  normalizeExecFileArguments,
  normalizeSpawnArguments,
  sanitizeKillSignal,
  validateMaxBuffer,
  validateTimeout,
} = require('internal/child_process/arguments');
const { parseStdio } = require('internal/child_process/stdio');
const { signalName } = require('internal/child_process/signals');
const binding = internalBinding('child_process');

const SIGTERM = 15;
const EMPTY = '';

/** @returns {string | ArrayBufferView} what the process is to read from its standard input */
function toInput(input, encoding, index) {
  if (isArrayBufferView(input)) return input;
  if (typeof input === 'string') return Buffer.from(input, encoding);
  throw new ERR_INVALID_ARG_TYPE(
    `options.stdio[${index}]`, ['Buffer', 'TypedArray', 'DataView', 'string'], input,
  );
}

/** A description of a descriptor as the native half takes it. */
function toNativeSlot(slot) {
  if (slot.type === 'ignore') return null;
  if (slot.type === 'fd') return slot.fd;
  return slot.readable ? { input: slot.input ?? EMPTY } : {};
}

/**
 * @param {string} file
 * @param {string[] | object} [args]
 * @param {object} [options]
 * @returns {{ error?: Error, status: number | null, signal: string | null, output: Array | null, pid: number,
 *   stdout: Buffer | string | null, stderr: Buffer | string | null }}
 */
function spawnSync(file, args, options) {
  return run({
    __proto__: null,
    maxBuffer: DEFAULT_MAX_BUFFER,
    ...normalizeSpawnArguments(file, args, options),
  });
}

/** Runs a process whose arguments `normalizeSpawnArguments` has checked. */
function run(options) {
  validateTimeout(options.timeout);
  validateMaxBuffer(options.maxBuffer);
  const killSignal = sanitizeKillSignal(options.killSignal) ?? SIGTERM;
  const slots = parseStdio(options.stdio || 'pipe', true);
  if (options.input) {
    const input = toInput(options.input, options.encoding, 0);
    if (slots[0] !== undefined) slots[0].input = input;
  }
  const [errno, pid, code, signal, output] = binding.spawnSync(
    options, slots.map(toNativeSlot), options.timeout ?? 0, options.maxBuffer ?? 0, killSignal,
  );
  const result = {};
  if (errno !== 0) result.error = spawnError(errno, `spawnSync ${options.file}`, options);
  const started = code !== -1;
  result.status = started && signal === 0 ? code : null;
  result.signal = started && signal !== 0 ? signalName(signal) : null;
  result.output = started ? output.map((bytes) => toOutput(bytes, options.encoding)) : null;
  result.pid = pid;
  result.stdout = result.output?.[1];
  result.stderr = result.output?.[2];
  return result;
}

function toOutput(bytes, encoding) {
  if (bytes === undefined) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

/** The error of a process that could not be started, or not be run to its end. */
function spawnError(errno, syscall, options) {
  const error = errnoException(errno, syscall);
  error.path = options.file;
  error.spawnargs = options.args.slice(1);
  return error;
}

/** Throws where a process has failed; `command` is what the message names. */
function checkResult(result, command) {
  if (result.error) throw Object.assign(result.error, result);
  if (result.status !== 0) {
    let message = `Command failed: ${command}`;
    if (result.stderr && result.stderr.length > 0) message += `\n${result.stderr.toString()}`;
    throw genericNodeError(message, result);
  }
}

/** Runs a process for its standard output; its standard error is passed on, unless `stdio` says otherwise. */
function outputOf(options, command) {
  const passOn = !options.stdio;
  const result = run(options);
  if (passOn && result.stderr) process.stderr.write(result.stderr);
  checkResult(result, command ?? options.args.join(' '));
  return result.stdout;
}

/**
 * @param {string} file
 * @param {string[] | object} [args]
 * @param {object} [options]
 * @returns {Buffer | string} what the program has written to its standard output
 */
function execFileSync(file, args, options) {
  const given = normalizeExecFileArguments(file, args, options);
  return outputOf({
    __proto__: null,
    maxBuffer: DEFAULT_MAX_BUFFER,
    ...normalizeSpawnArguments(given.file, given.args, given.options),
  });
}

/**
 * @param {string} command  for the shell
 * @param {object} [options]
 * @returns {Buffer | string} what the command has written to its standard output
 */
function execSync(command, options) {
  const given = normalizeExecArguments(command, options, null);
  return outputOf({
    __proto__: null,
    maxBuffer: DEFAULT_MAX_BUFFER,
    ...normalizeSpawnArguments(given.file, undefined, given.options),
  }, command);
}

module.exports = { execFileSync, execSync, spawnSync };
