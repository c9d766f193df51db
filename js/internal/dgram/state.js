// How far a datagram socket has come.
'use strict';

const { codes: { ERR_SOCKET_DGRAM_NOT_RUNNING } } = require('internal/errors');
const { kState } = require('internal/dgram');

/** `bindState` */
const UNBOUND = 0;
const BINDING = 1;
const BOUND = 2;

/** `connectState` */
const DISCONNECTED = 0;
const CONNECTING = 1;
const CONNECTED = 2;

/** Throws where a socket has been closed. */
function checkRunning(socket) {
  if (!socket[kState].handle) throw new ERR_SOCKET_DGRAM_NOT_RUNNING();
}

module.exports = { BINDING, BOUND, CONNECTED, CONNECTING, DISCONNECTED, UNBOUND, checkRunning };
