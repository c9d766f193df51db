// Performance entries of servers: from the header of a request to the end of its response.
'use strict';

const { now } = require('internal/perf/utils');

/** On a response: when its request came. */
const kStart = Symbol('ServerResponseStatistics');

/** @param {ServerResponse} res whose request has just come */
function noteRequest(res) {
  res[kStart] = now();
}

/**
 * Tells the performance timeline of a request that is answered.
 * @param {IncomingMessage} req
 * @param {ServerResponse} res
 */
function noteResponse(req, res) {
  const start = res[kStart];
  if (start === undefined) return;
  const detail = {
    req: { method: req.method, url: req.url, headers: req.headers },
    res: { statusCode: res.statusCode, statusMessage: res.statusMessage, headers: res.getHeaders() },
  };
  require('internal/perf/observe').enqueueNodeEntry('HttpRequest', 'http', start, now() - start, detail);
}

module.exports = { noteRequest, noteResponse };
