// The transfer lists of `postMessage()` and `structuredClone()`: what is handed over along with a message.
'use strict';

const { isArrayBuffer } = require('internal/util/types');
const { kTransfer, kTransferable, kTransferList, kTransferMode } = require('internal/transferable');

const binding = internalBinding('structured_clone');

function dataCloneError(message) {
  const { DOMException } = require('web/dom_exception');
  return new DOMException(message, 'DataCloneError');
}

/**
 * Sorts out what is handed over. The three lists are what the native half wants: buffers, objects of the
 * runtime's own, and for each of these its port handle or undefined.
 */
class Transfers {
  buffers = [];
  objects = [];
  handles = [];
  #source;

  /** @param {object} [source] the port that the message is posted to */
  constructor(source = undefined) {
    this.#source = source;
  }

  /** @param {unknown} object */
  add(object) {
    if (isArrayBuffer(object)) return this.#addBuffer(object);
    const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function';
    const mode = isObject ? object[kTransferMode] : undefined;
    const isTransferable = mode !== undefined && (mode & kTransferable) !== 0;
    if (!isTransferable) throw dataCloneError('Found invalid value in transferList.');
    const { isMarkedAsUntransferable } = require('internal/buffer/untransferable');
    if (isMarkedAsUntransferable(object)) {
      throw dataCloneError('Cannot transfer object of unsupported type.');
    }
    const handle = require('internal/messaging').portHandle(object);
    if (handle === undefined) return this.#addTransferable(object);
    if (object === this.#source) throw dataCloneError('Transfer list contains source port');
    if (this.objects.includes(object)) throw dataCloneError('Transfer list contains duplicate MessagePort');
    if (!handle.isOpen || !handle.isAttached()) throw dataCloneError('MessagePort in transfer list is already detached');
    this.objects.push(object);
    this.handles.push(handle);
  }

  #addBuffer(buffer) {
    const { isMarkedAsUntransferable } = require('internal/buffer/untransferable');
    if (isMarkedAsUntransferable(buffer) || !binding.isDetachable(buffer)) {
      throw dataCloneError('Cannot transfer object of unsupported type.');
    }
    if (this.buffers.includes(buffer)) throw dataCloneError('Transfer list contains duplicate ArrayBuffer');
    this.buffers.push(buffer);
  }

  #addTransferable(object) {
    if (typeof object[kTransfer] !== 'function') throw dataCloneError('Found invalid value in transferList.');
    if (this.objects.includes(object)) {
      throw dataCloneError(`Transfer list contains duplicate ${object.constructor.name}`);
    }
    this.objects.push(object);
    this.handles.push(undefined);
    // What it consists of goes along.
    for (const part of object[kTransferList]?.() ?? []) this.add(part);
  }

  /** Closes what has been left behind by ports that were handed over. */
  leave() {
    for (const handle of this.handles) if (handle !== undefined) require('internal/messaging').closePort(handle.owner);
  }
}

module.exports = { Transfers, dataCloneError };
