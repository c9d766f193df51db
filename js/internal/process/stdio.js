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

/** The class of the stream for a descriptor of that kind, by the name that Node's has. */
function outputClass(kind) {
  const { Writable } = require('stream');
  const { uvException, errnoException } = require('internal/errors');
  const makeError = (errno) => (kind === 'fs' ?
    uvException({ errno, syscall: 'write' }) :
    errnoException(errno, 'write'));

  /** Writes chunks to a standard stream of the runtime. */
  class Output extends Writable {
    constructor(fd) {
      super({ decodeStrings: false });
      this.fd = fd;
      this._type = kind;
      this._isStdio = true;
      this.destroySoon = this.destroy;
      this._destroy = dummyDestroy;
    }

    _write(chunk, encoding, callback) {
      const isText = typeof chunk === 'string';
      const bytes = isText && encoding !== 'utf8' && encoding !== 'utf-8' ? Buffer.from(chunk, encoding) : chunk;
      const status = binding.writeBuffer(this.fd, bytes, (error) => callback(error && makeError(error.errno)));
      if (status === 0) callback();
      else if (status < 0) callback(makeError(status));
    }
  }
  Object.defineProperty(Output, 'name', { value: CLASS_NAMES[kind] });
  return Output;
}

const CLASS_NAMES = { fs: 'SyncWriteStream', pipe: 'Socket', tty: 'WriteStream' };

function makeOutput(fd) {
  const kind = binding.isatty(fd) ? 'tty' : binding.isPipe(fd) ? 'pipe' : 'fs';
  const Output = outputClass(kind);
  const stream = new Output(fd);
  if (kind === 'tty') addTerminal(stream, fd);
  streams[fd] = stream;
  return stream;
}

function addTerminal(stream, fd) {
  const { getColorDepth, hasColors } = require('internal/tty');
  stream.isTTY = true;
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
