// `structuredClone`: deep copies of values by the algorithm of the HTML standard.
'use strict';

const {
  codes: { ERR_MISSING_ARGS },
} = require('internal/errors');
const { codedTypeError, toSequence } = require('internal/webidl');
const { kClone, kDeserialize, kTransfer, kTransferMode } = require('internal/transferable');

const binding = internalBinding('structured_clone');

function createError(message) {
  return require('internal/messaging/transfer_list').dataCloneError(message);
}

function toTransferable(value, name) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    throw codedTypeError(`${name} is not an object.`);
  }
  return value;
}

/** What the options hand over; undefined where they do not speak of it. */
function toTransfers(options) {
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw codedTypeError('Failed to execute \'structuredClone\': Options cannot be converted to a dictionary');
  }
  const { transfer } = options;
  if (transfer === undefined) return undefined;
  const list = toSequence(transfer, 'Failed to execute \'structuredClone\': transfer in Options', toTransferable);
  const { Transfers } = require('internal/messaging/transfer_list');
  const transfers = new Transfers();
  for (const object of list) transfers.add(object);
  return transfers;
}

/** The `deserializeInfo` of `process.env`, whose copy is an object like any other. */
const VARIABLES = 'internal/process/variables:Variables';

/** What is cloned in place of an object of the runtime's own, or handed over. */
function describe(object, isHandedOver) {
  if (object === process.env) return [VARIABLES, { ...object }];
  const method = object[isHandedOver ? kTransfer : kClone];
  if (typeof method !== 'function') throw createError('Cannot clone object of unsupported type.');
  const { data, deserializeInfo } = Reflect.apply(method, object, []);
  return [deserializeInfo, data];
}

/** An object that what has been described is going to be read into. */
function create(deserializeInfo, isForeign) {
  if (isForeign) {
    const { codes: { ERR_MESSAGE_TARGET_CONTEXT_UNAVAILABLE } } = require('internal/errors');
    const message = 'A message object could not be deserialized successfully in the target vm.Context';
    throw new ERR_MESSAGE_TARGET_CONTEXT_UNAVAILABLE(message);
  }
  const [id, name] = deserializeInfo.split(':');
  const { hasBuiltin } = require('internal/bootstrap/realm');
  if (!hasBuiltin(id)) throw new Error(`Missing internal module '${id}'`);
  const Class = require(id)[name];
  return new Class();
}

function fill(object, data) {
  object[kDeserialize](data);
}

function createPort(global) {
  return require('internal/messaging').createPort(global);
}

let receiveMessage;

function receive(handle, value, ports, isError) {
  receiveMessage ??= require('internal/messaging').receive;
  receiveMessage(handle, value, ports, isError);
}

function receiveFromThread(value, source) {
  if (process.listenerCount('workerMessage') === 0) return 1;
  try {
    process.emit('workerMessage', value, source);
    return 0;
  } catch {
    return 2;
  }
}

let isPrepared = false;
require('internal/revival').whenRevived(() => {
  isPrepared = false;
});

/** Gives the native half what it calls: before the first message of any kind. */
function prepare() {
  if (isPrepared) return;
  isPrepared = true;
  binding.setHooks(kTransferMode, createError, describe, create, fill, createPort, receive, receiveFromThread);
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
  let transfers;
  if (options !== undefined && options !== null) {
    transfers = toTransfers(options);
  } else if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') {
    return value;
  }
  prepare();
  if (transfers === undefined) return binding.clone(value);
  const copy = binding.clone(value, transfers.buffers, transfers.objects, transfers.handles);
  transfers.leave();
  return copy;
}

module.exports = { prepare, structuredClone };
