// Node's deprecated `_tls_wrap`: the sockets and servers of `tls`.
'use strict';

const { Server, TLSSocket, connect, createServer } = require('tls');

process.emitWarning(
  'The _tls_wrap module is deprecated. Use `node:tls` instead.', 'DeprecationWarning', 'DEP0192');

module.exports = { TLSSocket, Server, createServer, connect };
