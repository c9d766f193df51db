// The standard streams, made when a program first asks for them.
'use strict';

const binding = internalBinding('stdio');

const streams = [undefined, undefined, undefined];

/**
 * @param {0 | 1 | 2} fd
 * @returns {object | undefined} the stream, if the program has asked for it
 */
function materialized(fd) {
  return streams[fd];
}

function dummyDestroy(error, callback) {
  callback(error);
  this._undestroy();
  // Closing is announced, although the descriptor stays open.
  if (!this._writableState.emitClose) process.nextTick(() => this.emit('close'));
}

function makeOutput(fd) {
  const { Writable } = require('stream');
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, callback) {
      const bytes = typeof chunk === 'string' && encoding !== 'utf8' ? Buffer.from(chunk, encoding) : chunk;
      const status = binding.writeBuffer(fd, bytes, callback);
      if (status === 0) callback();
      else if (status < 0) callback(require('internal/errors').errnoException(status, 'write'));
    },
  });
  stream.fd = fd;
  stream._isStdio = true;
  stream._destroy = dummyDestroy;
  stream.destroySoon = stream.destroy;
  if (binding.isatty(fd)) addTerminal(stream, fd);
  else if (binding.isPipe(fd)) stream._type = 'pipe';
  else stream._type = 'fs';
  streams[fd] = stream;
  return stream;
}

function addTerminal(stream, fd) {
  const { getColorDepth, hasColors } = require('internal/tty');
  stream.isTTY = true;
  stream._type = 'tty';
  stream.getColorDepth = getColorDepth;
  stream.hasColors = hasColors;
  stream.getWindowSize = () => [stream.columns, stream.rows];
  const size = binding.windowSize(fd);
  if (size !== undefined) [stream.columns, stream.rows] = size;
}

function getStdout() {
  return streams[1] ?? makeOutput(1);
}

function getStderr() {
  return streams[2] ?? makeOutput(2);
}

function getStdin() {
  const { codes: { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM } } = require('internal/errors');
  throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('process.stdin');
}

module.exports = { getStderr, getStdin, getStdout, materialized };
