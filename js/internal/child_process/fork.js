// `fork`: another process of this runtime, with a channel to it.
'use strict';

const {
  codes: { ERR_CHILD_PROCESS_IPC_REQUIRED },
} = require('internal/errors');
const { validateArray, validateObject } = require('internal/validators');
const { refuseNullBytes } = require('internal/child_process/arguments');
const { spawn } = require('internal/child_process/child');
const { stdioOfString } = require('internal/child_process/stdio');

/** The options of this process that a forked one gets: not the program of `--eval`. */
function inheritedOptions() {
  if (process._eval == null) return process.execArgv;
  const index = process.execArgv.lastIndexOf(process._eval);
  return index > 0 ? process.execArgv.toSpliced(index - 1, 2) : process.execArgv;
}

/** @returns {Array<unknown>} the `stdio` option with a channel in it */
function stdioOf({ stdio, silent }) {
  if (typeof stdio === 'string') return stdioOfString(stdio, 'ipc');
  if (!Array.isArray(stdio)) return stdioOfString(silent ? 'pipe' : 'inherit', 'ipc');
  if (!stdio.includes('ipc')) throw new ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
  return stdio;
}

/**
 * @param {string | URL | Buffer} modulePath
 * @param {string[] | object} [args]
 * @param {object} [options]
 * @returns {ChildProcess}
 */
function fork(modulePath, args = [], options) {
  const path = require('internal/fs/arguments').toPath(modulePath, 'modulePath');
  if (args == null) {
    args = [];
  } else if (typeof args === 'object' && !Array.isArray(args)) {
    options = args;
    args = [];
  } else {
    validateArray(args, 'args');
  }
  if (options != null) validateObject(options, 'options');
  const settings = { __proto__: null, ...options, shell: false };
  settings.execPath ||= process.execPath;
  refuseNullBytes(settings.execPath, 'options.execPath');
  const execArgv = settings.execArgv || inheritedOptions();
  settings.execArgv = execArgv;
  settings.stdio = stdioOf(settings);
  return spawn(settings.execPath, [...execArgv, path, ...args], settings);
}

module.exports = { fork };
