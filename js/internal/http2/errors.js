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
  NOMEM: -901,
};

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

module.exports = { NGHTTP2_ERR, NghttpError, errorName };
