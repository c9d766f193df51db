// Node's `_http_incoming`: what receives messages.
'use strict';

const { IncomingMessage, kDetachAbortSignal, readStart, readStop } = require('internal/http/incoming');

module.exports = { IncomingMessage, kDetachAbortSignal, readStart, readStop };
