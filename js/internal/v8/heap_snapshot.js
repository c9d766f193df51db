// Snapshots of the heap, as a stream or in a file.
'use strict';

const { Readable } = require('stream');
const { validateBoolean, validateObject, validateUint32 } = require('internal/validators');
const { notThereYet } = require('internal/not_yet');
const binding = internalBinding('v8');

function checkSnapshotOptions(options) {
  if (options === undefined) return;
  validateObject(options, 'options');
  const { exposeInternals = false, exposeNumericValues = false } = options;
  validateBoolean(exposeInternals, 'options.exposeInternals');
  validateBoolean(exposeNumericValues, 'options.exposeNumericValues');
  if (exposeInternals || exposeNumericValues) {
    throw notThereYet('Options of heap snapshots are not there yet in Ironode');
  }
}

/** A snapshot that was taken when the stream was made. */
class HeapSnapshotStream extends Readable {
  #chunks = [];

  constructor() {
    super({ autoDestroy: true });
    binding.takeHeapSnapshot((chunk) => this.#chunks.push(chunk));
    this.#chunks.reverse();
  }

  _read() {
    this.push(this.#chunks.pop() ?? null);
  }

  _destroy(error, callback) {
    this.#chunks = [];
    callback(error);
  }
}

/**
 * @param {object} [options] exposeInternals, exposeNumericValues
 * @returns {Readable} the snapshot as JSON text
 */
function getHeapSnapshot(options) {
  checkSnapshotOptions(options);
  return new HeapSnapshotStream();
}

/** A name that tells the time, the process and the number of the snapshot. */
function defaultName() {
  const name = binding.diagnosticName('Heap', 'heapsnapshot');
  const folder = require('internal/options').getOptionValue('--diagnostic-dir');
  return folder ? require('path').join(folder, name) : name;
}

/**
 * @param {string | Buffer | URL} [filename]
 * @param {object} [options] exposeInternals, exposeNumericValues
 * @returns {string} the file's name
 */
function writeHeapSnapshot(filename, options) {
  const fs = require('fs');
  if (filename !== undefined) filename = require('internal/fs/arguments').toPath(filename, 'path');
  checkSnapshotOptions(options);
  if (filename === undefined) internalBinding('permission').demand('fs.write', process.cwd());
  const name = filename ?? defaultName();
  const fd = fs.openSync(name, 'w');
  try {
    binding.takeHeapSnapshot((chunk) => fs.writeSync(fd, chunk));
  } finally {
    fs.closeSync(fd);
  }
  return `${name}`;
}

/**
 * Has snapshots written when the heap is nearly full. The first call counts, and what the command line says before it.
 * @param {number} limit how many at most
 */
function setHeapSnapshotNearHeapLimit(limit) {
  validateUint32(limit, 'limit', true);
  internalBinding('permission').demand('fs.write', process.cwd());
  binding.snapshotNearHeapLimit(limit);
}

module.exports = { checkSnapshotOptions, getHeapSnapshot, setHeapSnapshotNearHeapLimit, writeHeapSnapshot };
