// The standard streams, made when a program first asks for them: each of the class that its kind of
// descriptor has in Node.
'use strict';

const binding = internalBinding('stdio');

const streams = [undefined, undefined, undefined];
require('internal/revival').whenRevived(() => streams.fill(undefined));

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

/** Writes to a file, or to the memory of an embedder: what is written is there when the write returns. */
function fileOutput(fd) {
  const { Writable } = require('stream');
  const { uvException } = require('internal/errors');

  class SyncWriteStream extends Writable {
    constructor(fd) {
      super({ autoDestroy: true, decodeStrings: false });
      this.fd = fd;
      this.readable = false;
      this.autoClose = false;
    }

    _write(chunk, encoding, callback) {
      const isText = typeof chunk === 'string';
      const bytes = isText && encoding !== 'utf8' && encoding !== 'utf-8' ? Buffer.from(chunk, encoding) : chunk;
      const status = binding.writeBuffer(this.fd, bytes);
      callback(status < 0 ? uvException({ errno: status, syscall: 'write' }) : null);
    }
  }
  return new SyncWriteStream(fd);
}

/** A socket over a pipe or socket, which shares the queue of what the console writes there. */
function socketOutput(fd) {
  const { Socket } = require('net');
  const { OutputHandle } = require('internal/process/output_handle');
  const stream = new Socket({ handle: new OutputHandle(fd), readable: false, writable: true });
  stream._type = 'pipe';
  return stream;
}

function terminalOutput(fd) {
  const { WriteStream } = require('tty');
  const stream = new WriteStream(fd);
  stream._type = 'tty';
  process.on('SIGWINCH', () => stream._refreshSize());
  return stream;
}

function makeOutput(fd) {
  let stream;
  switch (binding.kindOf(fd)) {
    case 'TTY':
      stream = terminalOutput(fd);
      break;
    case 'FILE':
      stream = fileOutput(fd);
      stream._type = 'fs';
      break;
    case 'PIPE':
    case 'TCP':
      stream = socketOutput(fd);
      break;
    default: {
      const { Writable } = require('stream');
      stream = new Writable({
        write(chunk, encoding, callback) {
          callback();
        },
      });
    }
  }
  stream.fd = fd;
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  stream._destroy = dummyDestroy;
  streams[fd] = stream;
  return stream;
}

function makeInput() {
  switch (binding.kindOf(0)) {
    case 'TTY': {
      const { ReadStream } = require('tty');
      return new ReadStream(0);
    }
    case 'FILE': {
      const { ReadStream } = require('fs');
      return new ReadStream(null, { fd: 0, autoClose: false });
    }
    case 'PIPE':
    case 'TCP': {
      const { Socket } = require('net');
      return new Socket({ fd: binding.openInput(), readable: true, writable: false, manualStart: true });
    }
    default: {
      const { Readable } = require('stream');
      const stream = new Readable({ read() {} });
      stream.push(null);
      return stream;
    }
  }
}

function getStdin() {
  if (streams[0] !== undefined) return streams[0];
  const stream = makeInput();
  streams[0] = stream;
  stream.fd = 0;
  // Nothing is read, and nothing keeps the process alive, before the program wants it.
  if (stream._handle?.readStop) {
    stream._handle.reading = false;
    stream._readableState.reading = false;
    stream._handle.readStop();
  }
  stream.on('pause', () => {
    const handle = stream._handle;
    if (!handle?.reading) return;
    handle.reading = false;
    stream._readableState.reading = false;
    handle.readStop();
  });
  return stream;
}

function getStdout() {
  return streams[1] ?? makeOutput(1);
}

function getStderr() {
  return streams[2] ?? makeOutput(2);
}

module.exports = { getStderr, getStdin, getStdout, materialized };
