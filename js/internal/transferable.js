// How objects of the runtime travel by structured clone: to another thread, or into a copy.
'use strict';

/**
 * `object[kClone]()` returns `{ data, deserializeInfo }`: what is cloned in its place, and the
 * `module:export` of the class whose instance receives it by `[kDeserialize](data)`. An object with
 * `[kTransfer]()` and `[kTransferList]()` in the same shape is handed over instead.
 */
module.exports = {
  kClone: Symbol('messaging_clone_symbol'),
  kDeserialize: Symbol('messaging_deserialize_symbol'),
  kTransfer: Symbol('messaging_transfer_symbol'),
  kTransferList: Symbol('messaging_transfer_list_symbol'),
};
