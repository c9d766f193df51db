// Diagnostics channels of processes that are started. They exist once a program has loaded `diagnostics_channel`:
// nobody can listen before.
'use strict';

const channels = {
  created: undefined,
  spawn: undefined,

  /**
   * Called by `diagnostics_channel` when it is loaded.
   * @param {(name: string) => object} channel gives the channel of a name
   * @param {(name: string) => object} tracingChannel gives the tracing channel of a name
   */
  connect(channel, tracingChannel) {
    channels.created = channel('child_process');
    channels.spawn = tracingChannel('child_process.spawn');
  },
};

module.exports = channels;
