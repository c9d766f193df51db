// Which part this process has in a cluster.
'use strict';

module.exports = {
  /** Whether `cluster` has forked it: set when the program begins. */
  isWorker: false,
};
