// `process.report`: diagnostic reports, their settings and what sets them off.
'use strict';

const {
  codes: { ERR_ACCESS_DENIED, ERR_INVALID_ARG_TYPE, ERR_SYNTHETIC },
} = require('internal/errors');
const { validateBoolean, validateObject, validateSignalName, validateString } = require('internal/validators');
const { getOptionValue } = require('internal/options');
const uncaught = require('internal/process/uncaught');

const permission = internalBinding('permission');
const binding = internalBinding('v8');

const isOn = (name) => getOptionValue(name) === true;

const settings = {
  __proto__: null,
  directory: getOptionValue('--report-dir') ?? '',
  filename: getOptionValue('--report-filename') ?? '',
  compact: isOn('--report-compact'),
  excludeNetwork: isOn('--report-exclude-network'),
  signal: getOptionValue('--report-signal') ?? 'SIGUSR2',
  onFatalError: false,
  onSignal: false,
  onUncaughtException: false,
  excludeEnv: isOn('--report-exclude-env'),
};

/** How many reports there have been. */
let count = 0;

const digits = (number, length) => `${number}`.padStart(length, '0');

function makeFilename() {
  const now = new Date();
  const date = `${now.getFullYear()}${digits(now.getMonth() + 1, 2)}${digits(now.getDate(), 2)}`;
  const time = `${digits(now.getHours(), 2)}${digits(now.getMinutes(), 2)}${digits(now.getSeconds(), 2)}`;
  const { threadId } = require('worker_threads');
  return `report.${date}.${time}.${process.pid}.${threadId}.${digits(++count, 3)}.json`;
}

/** The text of a report. */
function describe(event, trigger, filename, error, { isCompact = settings.compact, heapLimit } = {}) {
  const { collect } = require('internal/process/report/content');
  const { excludeEnv, excludeNetwork } = settings;
  const report = collect({ event, trigger, filename, error, heapLimit, excludeEnv, excludeNetwork });
  return JSON.stringify(report, null, isCompact ? 0 : 2);
}

/** Writes a report to a file, or to a standard stream that bears its name. */
function write(event, trigger, file, error, options) {
  const { writeSync } = require('fs');
  const filename = file || settings.filename || makeFilename();
  if (filename === 'stdout' || filename === 'stderr') {
    writeSync(filename === 'stdout' ? 1 : 2, `\n${describe(event, trigger, filename, error, options)}\n`);
    writeSync(2, '\nNode.js report completed\n');
    return filename;
  }
  const { openSync, closeSync } = require('fs');
  const { directory } = settings;
  let fd;
  try {
    fd = openSync(directory === '' ? filename : `${directory}/${filename}`, 'w');
  } catch (failure) {
    const place = directory === '' ? '' : ` directory: ${directory}`;
    writeSync(2, `\nFailed to open Node.js report file: ${filename}${place} (errno: ${-failure.errno})\n`);
    return '';
  }
  writeSync(2, `\nWriting Node.js report to file: ${filename}\n`);
  try {
    writeSync(fd, `${describe(event, trigger, filename, error, options)}\n`);
  } finally {
    closeSync(fd);
  }
  writeSync(2, 'Node.js report completed\n');
  return filename;
}

/** The error that shows where a report was asked for. */
function makeSynthetic() {
  const error = new ERR_SYNTHETIC();
  Error.captureStackTrace(error, makeSynthetic);
  return error;
}

/** Throws where the program may not write a report: to that file, or without one to the directory of reports. */
function checkPermission(file) {
  const place = file ?? (settings.directory || process.cwd());
  if (permission.mode() === 1 && !permission.has('fs.write', place)) {
    throw new ERR_ACCESS_DENIED('Access to this API has been restricted', 'FileSystemWrite', place);
  }
}

/** Called for an exception that nobody has caught. */
function onUncaught(error) {
  write('Exception', 'Exception', undefined, error);
}

function setOnUncaught(value) {
  settings.onUncaughtException = value;
  uncaught.setReportWriter(value ? onUncaught : null);
}

/** The limit of the heap in bytes; when it is reached, the engine is given more. */
let heapLimit;

/** Called when the heap is full, just before the process ends: where the program is, is not known any more. */
function onFullHeap() {
  write('Allocation failed - JavaScript heap out of memory', 'OOMError', undefined, {}, { heapLimit });
}

function setOnFatalError(value) {
  if (settings.onFatalError === value) return;
  settings.onFatalError = value;
  // The full heap of a worker ends the worker alone.
  if (!require('worker_threads').isMainThread) return;
  heapLimit = require('v8').getHeapStatistics().heap_size_limit;
  binding.actOnFullHeap(value ? onFullHeap : undefined);
}

function onSignal(signal) {
  write(signal, 'Signal', undefined, '');
}

function setOnSignal(value) {
  if (settings.onSignal === value) return;
  settings.onSignal = value;
  if (value) process.on(settings.signal, onSignal);
  else process.removeListener(settings.signal, onSignal);
}

function checkTrigger(value) {
  if (typeof value !== 'boolean') throw new ERR_INVALID_ARG_TYPE('trigger', 'boolean', value);
}

const report = {
  /**
   * @param {string} [file] name; by default one of time and process
   * @param {Error} [err] whose stack the report shows
   * @returns {string} the name of the file; '' where it could not be written
   */
  writeReport(file, err) {
    if (typeof file === 'object' && file !== null) {
      err = file;
      file = undefined;
    } else if (file !== undefined) {
      validateString(file, 'file');
    }
    if (permission.mode() !== 0) checkPermission(file);
    if (err === undefined) err = makeSynthetic();
    else validateObject(err, 'err');
    return write('JavaScript API', 'API', file, err);
  },

  /**
   * @param {Error} [err] whose stack the report shows
   * @returns {object}
   */
  getReport(err) {
    if (err === undefined) err = makeSynthetic();
    else validateObject(err, 'err');
    return JSON.parse(describe('JavaScript API', 'GetReport', undefined, err, { isCompact: true }));
  },

  get directory() {
    return settings.directory;
  },
  set directory(value) {
    validateString(value, 'directory');
    settings.directory = value;
  },
  get filename() {
    return settings.filename;
  },
  set filename(value) {
    validateString(value, 'filename');
    settings.filename = value;
  },
  get compact() {
    return settings.compact;
  },
  set compact(value) {
    validateBoolean(value, 'compact');
    settings.compact = value;
  },
  get excludeNetwork() {
    return settings.excludeNetwork;
  },
  set excludeNetwork(value) {
    validateBoolean(value, 'excludeNetwork');
    settings.excludeNetwork = value;
  },
  get signal() {
    return settings.signal;
  },
  set signal(value) {
    validateSignalName(value, 'signal');
    const { onSignal: isWatched } = settings;
    setOnSignal(false);
    settings.signal = value;
    setOnSignal(isWatched);
  },
  get reportOnFatalError() {
    return settings.onFatalError;
  },
  set reportOnFatalError(value) {
    checkTrigger(value);
    setOnFatalError(value);
  },
  get reportOnSignal() {
    return settings.onSignal;
  },
  set reportOnSignal(value) {
    checkTrigger(value);
    setOnSignal(value);
  },
  get reportOnUncaughtException() {
    return settings.onUncaughtException;
  },
  set reportOnUncaughtException(value) {
    checkTrigger(value);
    setOnUncaught(value);
  },
  get excludeEnv() {
    return settings.excludeEnv;
  },
  set excludeEnv(value) {
    validateBoolean(value, 'excludeEnv');
    settings.excludeEnv = value;
  },
};

/**
 * Turns on what the options ask for.
 * @param {boolean} isMain  signals are the main thread's
 */
function begin(isMain) {
  setOnUncaught(isOn('--report-uncaught-exception'));
  setOnFatalError(isOn('--report-on-fatalerror'));
  setOnSignal(isMain && isOn('--report-on-signal'));
}

module.exports = { begin, report };
