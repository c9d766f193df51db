// Node's `stream/promises`: `finished` and `pipeline` that return promises.
'use strict';

const { finished } = require('internal/streams/end_of_stream');
const { pipelineImpl } = require('internal/streams/pipeline');
const { isIterable, isNodeStream, isWebStream } = require('internal/streams/utils');

/**
 * @param {...unknown} streams Source, transforms and destination; then options `{ signal, end }`, if any.
 * @returns {Promise<unknown>} What a function at the end returned.
 */
function pipeline(...streams) {
  return new Promise((resolve, reject) => {
    let options;
    const last = streams.at(-1);
    if (last && typeof last === 'object' && !isNodeStream(last) && !isIterable(last) && !isWebStream(last)) {
      options = streams.pop();
    }
    pipelineImpl(streams, (error, value) => {
      if (error) reject(error);
      else resolve(value);
    }, { signal: options?.signal, end: options?.end });
  });
}

module.exports = { finished, pipeline };
