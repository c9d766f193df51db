// Diagnostics channels of sockets and servers. They exist once a program has loaded `diagnostics_channel`:
// nobody can listen before.
'use strict';

const channels = {
  clientSocket: undefined,
  serverSocket: undefined,
  serverListen: undefined,
  udpSocket: undefined,

  /**
   * Called by `diagnostics_channel` when it is loaded.
   * @param {(name: string) => object} channel gives the channel of a name
   * @param {(name: string) => object} tracingChannel gives the tracing channel of a name
   */
  connect(channel, tracingChannel) {
    channels.clientSocket = channel('net.client.socket');
    channels.serverSocket = channel('net.server.socket');
    channels.serverListen = tracingChannel('net.server.listen');
    channels.udpSocket = channel('udp.socket');
  },
};

module.exports = channels;
