// What nghttp2 reports as errors, and the names of the codes that end streams.
'use strict';

const { codes, kIsNodeError } = require('internal/errors');
const { errorNames } = require('internal/http2/constants');

const binding = internalBinding('http2');

/** What the library calls its errors. */
const NGHTTP2_ERR = {
  INVALID_ARGUMENT: -501,
  PROTO: -505,
  STREAM_CLOSED: -510,
  STREAM_ID_NOT_AVAILABLE: -509,
  SESSION_CLOSING: -530,
  NOMEM: -901,
};

/** What the library's errors about frames are as codes of the protocol. */
const FRAME_ERROR_CODES = {
  [-522]: 6,
  [-523]: 9,
  [-524]: 3,
  [-533]: 7,
  [-510]: 5,
};

/** Errors of frames that nobody misses: their stream or session is at its end. */
const QUIET_FRAME_ERRORS = new Set([-510, -511, -530]);

/** An error of the library's. */
class NghttpError extends Error {
  /**
   * @param {number} errno
   * @param {string} [code] of a limit of Node's that was passed
   */
  constructor(errno, code) {
    super(code === undefined ? binding.errorText(errno) : new codes[code]().message);
    this.code = code ?? 'ERR_HTTP2_ERROR';
    this.errno = errno;
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}
Object.defineProperty(NghttpError.prototype, kIsNodeError, { value: true, configurable: true });

/**
 * @param {number} code with which a stream or a session ends
 * @returns {string | number} its name, if it has one
 */
function errorName(code) {
  return errorNames[code] ?? code;
}

module.exports = { FRAME_ERROR_CODES, NGHTTP2_ERR, NghttpError, QUIET_FRAME_ERRORS, errorName };
