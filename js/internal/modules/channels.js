// Who hears of modules that are loaded. The diagnostics channels exist once a program has loaded
// `diagnostics_channel`: nobody can listen before.
'use strict';

const channels = {
  /** @type {TracingChannel | undefined} `tracing:module.require:*`: `{ parentFilename, id }` */
  require: undefined,
  /** @type {TracingChannel | undefined} `tracing:module.import:*`: `{ parentURL, url }` */
  import: undefined,

  /** @type {((path: string) => void) | undefined} told of files of `require` in a process that is watched */
  reportFile: undefined,
  /** @type {((url: string) => void) | undefined} told of modules of `import` there */
  reportURL: undefined,

  /**
   * Called by `diagnostics_channel` when it is loaded.
   * @param {(name: string) => TracingChannel} tracingChannel
   */
  connect(tracingChannel) {
    channels.require = tracingChannel('module.require');
    channels.import = tracingChannel('module.import');
  },
};

module.exports = channels;
