// How `for await` reads a stream.
'use strict';

const { aggregateTwoErrors } = require('internal/errors');
const { eos } = require('internal/streams/end_of_stream');
const { destroyer } = require('internal/streams/destroy');

function nop() {}

/**
 * An async iterator over the chunks of a stream.
 * @param {object} stream A stream of any make.
 * @param {{ destroyOnReturn?: boolean }} [options] false keeps the stream when the loop is left early.
 * @returns {AsyncGenerator & { stream: object }}
 */
function createIterator(stream, options) {
  if (typeof stream.read !== 'function') {
    const Readable = require('internal/streams/readable');
    stream = Readable.wrap(stream, { objectMode: true });
  }
  const iterator = iterate(stream, options);
  iterator.stream = stream;
  return iterator;
}

async function* iterate(stream, options) {
  let wake = nop;
  // undefined while the stream goes on, null after its end
  let error;

  function wakeUp() {
    wake();
    wake = nop;
  }
  function sleep(resolve) {
    wake = resolve;
  }

  stream.on('readable', wakeUp);
  const cleanup = eos(stream, { writable: false }, (err) => {
    error = err ? aggregateTwoErrors(error, err) : null;
    wakeUp();
  });

  try {
    while (true) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (error) throw error;
      else if (error === null) return;
      else await new Promise(sleep);
    }
  } catch (err) {
    error = aggregateTwoErrors(error, err);
    throw error;
  } finally {
    if ((error || options?.destroyOnReturn !== false) &&
        (error === undefined || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off('readable', wakeUp);
      cleanup();
    }
  }
}

module.exports = { createIterator };
