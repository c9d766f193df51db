// Node's `stream.compose`: several streams, functions and iterables as one duplex.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS } } = require('internal/errors');
const Duplex = require('internal/streams/duplex');
const { Bridge } = require('internal/streams/bridge');
const { pipelineImpl } = require('internal/streams/pipeline');
const { eos } = require('internal/streams/end_of_stream');
const {
  isNodeStream, isReadable, isReadableStream, isTransformStream, isWebStream, isWritable, isWritableStream,
} = require('internal/streams/utils');

function canRead(stream) {
  return !!(isReadable(stream) || isReadableStream(stream) || isTransformStream(stream));
}

function canWrite(stream) {
  return !!(isWritable(stream) || isWritableStream(stream) || isTransformStream(stream));
}

/**
 * @param {...unknown} parts The first may have no writable side, the last no readable one.
 * @returns {Duplex} Writes to the first, reads from the last.
 * @throws {ERR_MISSING_ARGS | ERR_INVALID_ARG_VALUE}
 */
function compose(...parts) {
  if (parts.length === 0) throw new ERR_MISSING_ARGS('streams');
  if (parts.length === 1) return Duplex.from(parts[0]);

  const streams = parts.slice();
  const last = streams.length - 1;
  if (typeof streams[0] === 'function') streams[0] = Duplex.from(streams[0]);
  if (typeof streams[last] === 'function') streams[last] = Duplex.from(streams[last]);
  validateParts(streams, parts);

  const head = streams[0];
  let bridge;
  let writable;
  let readable;
  const tail = pipelineImpl(streams, (error) => {
    if (!bridge.close(error) && !readable && !writable) bridge.duplex.destroy();
  });
  writable = canWrite(head);
  readable = canRead(tail);

  bridge = new Bridge(new Duplex({
    // Web streams are of objects.
    writableObjectMode: !!head?.writableObjectMode,
    readableObjectMode: !!tail?.readableObjectMode,
    writable,
    readable,
  }));
  if (writable) connectHead(bridge, head, tail);
  if (readable) connectTail(bridge, tail);
  bridge.destroyWith(isNodeStream(tail) ? [tail] : [], true);
  return bridge.duplex;
}

function validateParts(streams, parts) {
  const last = streams.length - 1;
  for (let i = 0; i <= last; i++) {
    const stream = streams[i];
    // Functions and iterables are the pipeline's business.
    if (!isNodeStream(stream) && !isWebStream(stream)) continue;
    if (i < last && !canRead(stream)) {
      throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, parts[i], 'must be readable');
    }
    if (i > 0 && !canWrite(stream)) {
      throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, parts[i], 'must be writable');
    }
  }
}

function connectHead(bridge, head, tail) {
  if (isNodeStream(head)) bridge.writeTo(head);
  else bridge.writeToWeb(isTransformStream(head) ? head.writable : head);
  eos(isTransformStream(tail) ? tail.readable : tail, () => bridge.finish());
}

function connectTail(bridge, tail) {
  if (isNodeStream(tail)) bridge.flowFrom(tail);
  else bridge.readFromWeb(isTransformStream(tail) ? tail.readable : tail);
}

module.exports = { compose };
