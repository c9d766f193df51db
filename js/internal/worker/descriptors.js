// The descriptors that a worker's program opens by number: what it leaves open is closed with the worker.
'use strict';

const binding = internalBinding('worker');

function add(fd) {
  if (!binding.ownDescriptor(fd)) process.emitWarning(`File descriptor ${fd} opened in unmanaged mode twice`);
}

function remove(fd) {
  if (!binding.disownDescriptor(fd)) {
    process.emitWarning(`File descriptor ${fd} closed but not opened in unmanaged mode`);
  }
}

/** Begins to note them. */
function track() {
  require('internal/fs/descriptors').setTracker({ add, remove });
}

module.exports = { track };
