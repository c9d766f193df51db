// Performance entries of requests: from the end of a request to the header of its response.
'use strict';

const { now } = require('internal/perf/utils');

/** On a request: when it was sent. */
const kStart = Symbol('ClientRequestStatistics');

/** @param {ClientRequest} req  which has been sent */
function noteRequest(req) {
  req[kStart] = now();
}

/**
 * Tells the performance timeline of a request that is answered.
 * @param {ClientRequest} req
 * @param {IncomingMessage} res
 */
function noteResponse(req, res) {
  const start = req[kStart];
  if (start === undefined) return;
  const detail = {
    req: {
      method: req.method,
      url: `${req.protocol}//${req.host}${req.path}`,
      headers: req.getHeaders(),
    },
    res: {
      statusCode: res.statusCode,
      statusMessage: res.statusMessage,
      headers: res.headers,
    },
  };
  require('internal/perf/observe').enqueueNodeEntry('HttpClient', 'http', start, now() - start, detail);
}

module.exports = { noteRequest, noteResponse };
