// How objects of the runtime travel by structured clone: to another thread, or into a copy.
'use strict';

const binding = internalBinding('structured_clone');

/**
 * Makes `postMessage()` and `structuredClone()` refuse an object.
 * @param {unknown} object  anything but an object is ignored
 */
function markAsUncloneable(object) {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return;
  object[binding.transferMode] = 0;
}

/**
 * `object[kTransferMode]` is a set of the bits below; without it an object is copied like any other, its
 * own properties one by one. The symbol is a private one of the engine's: programs cannot see it.
 *
 * A cloneable object has `[kClone]()`, which returns `{ data, deserializeInfo }`: what is cloned in its
 * place, and the `module:export` of the class whose instance receives it by `[kDeserialize](data)`. A
 * transferable one has `[kTransfer]()` and `[kTransferList]()` in the same shape and is handed over.
 */
module.exports = {
  kTransferMode: binding.transferMode,

  /** Neither: cloning it is an error. */
  kUncloneable: 0,
  kTransferable: 1,
  kCloneable: 2,

  markAsUncloneable,

  kClone: Symbol('messaging_clone_symbol'),
  kDeserialize: Symbol('messaging_deserialize_symbol'),
  kTransfer: Symbol('messaging_transfer_symbol'),
  kTransferList: Symbol('messaging_transfer_list_symbol'),
};
