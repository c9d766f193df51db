// Responses whose data comes from a file: read and sent chunk by chunk, each when the one before is on its way.
'use strict';

const {
  codes: { ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_SEND_FILE, ERR_HTTP2_SEND_FILE_NOSEEK },
} = require('internal/errors');
const fs = require('fs');
const { Buffer } = require('buffer');
const {
  kId, kNative, kSendResponse, kSession, kState, kUpdateTimer, kWriteCallback,
} = require('internal/http2/symbols');

const NGHTTP2_INTERNAL_ERROR = 2;

/** How much is read at once. */
const CHUNK_SIZE = 64 * 1024;

/** Data from a descriptor. */
class FileSource {
  constructor(stream, fd, offset, length) {
    this.stream = stream;
    this.fd = fd;
    this.position = offset > 0 ? offset : length >= 0 ? 0 : null;
    this.left = length >= 0 ? length : Infinity;
    this.sent = (error) => {
      this.stream[kSession]?.[kUpdateTimer]();
      if (!error) this.next();
    };
  }

  /** Reads the next chunk. */
  next() {
    if (this.stream.destroyed) return;
    if (this.left === 0) {
      this.end();
      return;
    }
    const room = Buffer.allocUnsafeSlow(Math.min(CHUNK_SIZE, this.left));
    fs.read(this.fd, room, 0, room.length, this.position, (error, count) => {
      if (this.stream.destroyed) return;
      if (error) this.stream.close(NGHTTP2_INTERNAL_ERROR);
      else if (count === 0) this.end();
      else this.send(count === room.length ? room : room.subarray(0, count));
    });
  }

  send(chunk) {
    const { stream } = this;
    if (this.position !== null) this.position += chunk.length;
    this.left -= chunk.length;
    const isLast = this.left === 0;
    stream[kWriteCallback] = this.sent;
    stream[kState].writeQueueSize = chunk.length;
    const status = stream[kSession][kNative].write(stream[kId], chunk, 0, isLast);
    if (status < 0) {
      stream[kWriteCallback] = null;
      stream.close(NGHTTP2_INTERNAL_ERROR);
    } else if (isLast) {
      stream[kWriteCallback] = null;
    }
  }

  end() {
    this.stream[kSession]?.[kNative]?.endStream(this.stream[kId]);
  }
}

/** Sends the headers and then the data; the writing side belongs to the file. */
function begin(stream, fd, all, offset, length, hasTrailers) {
  const state = stream[kState];
  state.sendsFile = true;
  stream._final = null;
  stream.end();
  if (!stream[kSendResponse](all, { isEmpty: false, hasTrailers })) return;
  new FileSource(stream, fd, offset, length).next();
}

/** Asks the program what it thinks of the file; whether the response goes on. */
function isRefused(stream, stat, all, options, offset, length) {
  if (options.statCheck === undefined) return false;
  const answer = options.statCheck.call(stream, stat, all.headers, {
    offset: offset !== undefined ? offset : 0,
    length: length !== undefined ? length : -1,
  });
  return answer === false || stream.destroyed || stream.headersSent;
}

/**
 * @param {ServerHttp2Stream} stream
 * @param {number | FileHandle} source
 * @param {{ headers: object, list: object }} all
 * @param {object} options
 */
function sendDescriptor(stream, source, all, options) {
  const fd = typeof source === 'number' ? source : source.fd;
  const { offset, length } = options;
  const hasTrailers = Boolean(options.waitForTrailers);
  if (options.statCheck === undefined) {
    begin(stream, fd, all, offset ?? -1, length ?? -1, hasTrailers);
    return;
  }
  fs.fstat(fd, (error, stat) => {
    if (stream.session === undefined || stream.destroyed) {
      if (!stream.destroyed) stream.destroy(new ERR_HTTP2_INVALID_STREAM());
      return;
    }
    if (error) {
      stream.destroy(error);
      return;
    }
    try {
      if (isRefused(stream, stat, all, options, offset, length)) return;
      begin(stream, fd, all, offset ?? -1, length ?? -1, hasTrailers);
    } catch (failure) {
      stream.destroy(failure);
    }
  });
}

/** Ends a response that could not begin. */
function fail(stream, options, error) {
  if (options.onError !== undefined) options.onError(error);
  else stream.destroy(error);
}

/**
 * @param {ServerHttp2Stream} stream
 * @param {string | Buffer | URL} path
 * @param {{ headers: object, list: object }} all
 * @param {object} options
 */
function sendFile(stream, path, all, options) {
  fs.open(path, 'r', (error, fd) => {
    if (error) {
      fail(stream, options, error);
      return;
    }
    fs.fstat(fd, (failure, stat) => afterStat(stream, fd, failure, stat, all, options));
  });
}

function close(fd) {
  fs.close(fd, () => {});
}

function afterStat(stream, fd, error, stat, all, options) {
  if (stream.destroyed || stream.closed) {
    close(fd);
    return;
  }
  if (error) {
    close(fd);
    fail(stream, options, error);
    return;
  }
  if (!stat.isFile()) {
    const isSeeking = options.offset !== undefined && options.offset > 0 ||
      options.length !== undefined && options.length >= 0;
    if (stat.isDirectory() || isSeeking) {
      close(fd);
      fail(stream, options, stat.isDirectory() ? new ERR_HTTP2_SEND_FILE() : new ERR_HTTP2_SEND_FILE_NOSEEK());
      return;
    }
  }
  const closeOnce = () => close(fd);
  try {
    if (isRefused(stream, stat, all, options, options.offset, options.length)) {
      closeOnce();
      return;
    }
    const offset = options.offset ?? 0;
    let length = options.length ?? -1;
    if (stat.isFile()) {
      length = length < 0 ? stat.size - offset : Math.min(stat.size - offset, length);
      all.headers['content-length'] = length;
    }
    stream.once('close', closeOnce);
    begin(stream, fd, all, stat.isFile() ? offset : -1, length, Boolean(options.waitForTrailers));
  } catch (failure) {
    stream.removeListener('close', closeOnce);
    closeOnce();
    stream.destroy(failure);
  }
}

module.exports = { sendDescriptor, sendFile };
