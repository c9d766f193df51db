// Diagnostics channels of HTTP. They exist once a program has loaded `diagnostics_channel`: nobody can listen
// before.
'use strict';

const channels = {
  clientRequestCreated: undefined,
  clientRequestStart: undefined,
  clientRequestError: undefined,
  clientResponseFinish: undefined,
  serverRequestStart: undefined,
  serverResponseCreated: undefined,
  serverResponseFinish: undefined,

  /**
   * Called by `diagnostics_channel` when it is loaded.
   * @param {(name: string) => object} channel gives the channel of a name
   */
  connect(channel) {
    channels.clientRequestCreated = channel('http.client.request.created');
    channels.clientRequestStart = channel('http.client.request.start');
    channels.clientRequestError = channel('http.client.request.error');
    channels.clientResponseFinish = channel('http.client.response.finish');
    channels.serverRequestStart = channel('http.server.request.start');
    channels.serverResponseCreated = channel('http.server.response.created');
    channels.serverResponseFinish = channel('http.server.response.finish');
  },
};

module.exports = channels;
