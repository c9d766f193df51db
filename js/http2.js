// Node's `http2`, which is not there yet: a program that only might use it can load it.
'use strict';

const { notYet } = require('internal/not_yet');

module.exports = {
  ...notYet('http2', [
    'connect', 'createSecureServer', 'createServer', 'getDefaultSettings', 'getPackedSettings',
    'getUnpackedSettings', 'Http2ServerRequest', 'Http2ServerResponse', 'performServerHandshake',
  ]),
  sensitiveHeaders: Symbol('sensitiveHeaders'),
};
