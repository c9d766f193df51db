// The compatible interface: requests and responses of streams, for servers with a listener of 'request'.
'use strict';

const CONTINUE = '100-continue';

/**
 * The listener of 'stream' of such servers.
 * @this {Http2Server}
 */
function onServerStream(ServerRequest, ServerResponse, stream, headers, flags, rawHeaders) {
  const request = new ServerRequest(stream, headers, undefined, rawHeaders);
  const response = new ServerResponse(stream);
  // Those of CONNECT are as others where nobody listens.
  if (headers[':method'] === 'CONNECT' && headers[':protocol'] === undefined) {
    if (!this.emit('connect', request, response)) {
      response.statusCode = 405;
      response.end();
    }
    return;
  }
  const { expect } = headers;
  if (expect === undefined) {
    this.emit('request', request, response);
    return;
  }
  if (expect === CONTINUE) {
    if (this.listenerCount('checkContinue') > 0) {
      this.emit('checkContinue', request, response);
    } else {
      response.writeContinue();
      this.emit('request', request, response);
    }
  } else if (this.listenerCount('checkExpectation') > 0) {
    this.emit('checkExpectation', request, response);
  } else {
    response.statusCode = 417;
    response.end();
  }
}

module.exports = { onServerStream };
