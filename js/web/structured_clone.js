// `structuredClone`: deep copies of values by the algorithm of the HTML standard.
'use strict';

const {
  codes: { ERR_MISSING_ARGS },
} = require('internal/errors');
const { codedTypeError, toSequence } = require('internal/webidl');
const { isArrayBuffer } = require('internal/util/types');
const { kClone, kDeserialize, kTransferMode } = require('internal/transferable');

const binding = internalBinding('structured_clone');

function createError(message) {
  const { DOMException } = require('web/dom_exception');
  return new DOMException(message, 'DataCloneError');
}

function toTransferable(value, name) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    throw codedTypeError(`${name} is not an object.`);
  }
  return value;
}

/** The buffers that the options hand over, each once; undefined where they do not speak of any. */
function toTransferList(options) {
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw codedTypeError('Failed to execute \'structuredClone\': Options cannot be converted to a dictionary');
  }
  const { transfer } = options;
  if (transfer === undefined) return undefined;
  const list = toSequence(transfer, 'Failed to execute \'structuredClone\': transfer in Options', toTransferable);
  const { isMarkedAsUntransferable } = require('internal/buffer/untransferable');
  const seen = new Set();
  for (const object of list) {
    if (!isArrayBuffer(object)) throw createError('Found invalid value in transferList.');
    if (isMarkedAsUntransferable(object) || !binding.isDetachable(object)) {
      throw createError('Cannot transfer object of unsupported type.');
    }
    if (seen.has(object)) throw createError('Transfer list contains duplicate ArrayBuffer');
    seen.add(object);
  }
  return list;
}

/** What is cloned in place of an object of the runtime's own. */
function describe(object) {
  const clone = object[kClone];
  if (typeof clone !== 'function') throw createError('Cannot clone object of unsupported type.');
  const { data, deserializeInfo } = Reflect.apply(clone, object, []);
  return [deserializeInfo, data];
}

/** An object that what has been described is going to be read into. */
function create(deserializeInfo) {
  const [id, name] = deserializeInfo.split(':');
  const Class = require(id)[name];
  return new Class();
}

function fill(object, data) {
  object[kDeserialize](data);
}

/**
 * Copies a value with all that it refers to.
 * @param {unknown} value
 * @param {{ transfer?: Iterable<ArrayBuffer> }} [options] whose memory is handed over instead of copied
 * @returns {any}
 * @throws {DOMException} DataCloneError for functions, symbols and whatever else has no copy
 */
function structuredClone(value, options) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('The value argument must be specified');
  let transferList;
  if (options !== undefined && options !== null) {
    transferList = toTransferList(options);
  } else if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') {
    return value;
  }
  return binding.clone(value, transferList, kTransferMode, createError, describe, create, fill);
}

module.exports = { structuredClone };
