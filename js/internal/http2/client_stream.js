// `ClientHttp2Stream`: a request, or a response that was promised.
'use strict';

const { Http2Stream } = require('internal/http2/stream');
const { kInit, kState } = require('internal/http2/symbols');

/** What the statuses of information are. */
const CONTINUE = 100;

function onHeaders(headers) {
  if (headers[':status'] === CONTINUE) this.emit('continue');
}

class ClientHttp2Stream extends Http2Stream {
  constructor(session, id, options) {
    super(session, options);
    this[kState].isHeadersSent = true;
    if (id !== undefined) this[kInit](id);
    this.on('headers', onHeaders);
  }
}

module.exports = { ClientHttp2Stream };
