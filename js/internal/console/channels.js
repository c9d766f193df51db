// Diagnostics channels of the console's methods. They exist once a program has loaded `diagnostics_channel`:
// nobody can listen before.
'use strict';

const channels = {
  log: undefined,
  info: undefined,
  debug: undefined,
  warn: undefined,
  error: undefined,

  /**
   * Called by `diagnostics_channel` when it is loaded.
   * @param {(name: string) => object} channel gives the channel of a name
   */
  connect(channel) {
    for (const method of ['log', 'info', 'debug', 'warn', 'error']) {
      channels[method] = channel(`console.${method}`);
    }
  },
};

module.exports = channels;
