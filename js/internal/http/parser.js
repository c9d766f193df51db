// `HTTPParser` as `_http_common` gives it: the native parser behind the interface of Node's.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');

const binding = internalBinding('http');

const REQUEST = 1;
const RESPONSE = 2;
const kOnMessageBegin = 0;
const kOnHeaders = 1;
const kOnHeadersComplete = 2;
const kOnBody = 3;
const kOnMessageComplete = 4;
const kOnExecute = 5;
const kOnTimeout = 6;

const LENIENT = {
  kLenientNone: 0,
  kLenientHeaders: 1 << 0,
  kLenientChunkedLength: 1 << 1,
  kLenientKeepAlive: 1 << 2,
  kLenientTransferEncoding: 1 << 3,
  kLenientVersion: 1 << 4,
  kLenientDataAfterClose: 1 << 5,
  kLenientOptionalLFAfterCR: 1 << 6,
  kLenientOptionalCRLFAfterChunk: 1 << 7,
  kLenientOptionalCRBeforeLF: 1 << 8,
  kLenientSpacesAfterChunkSize: 1 << 9,
  kLenientHeaderValueRelaxed: 1 << 10,
  kLenientAll: (1 << 10) - 1,
};

/** How many entries of a header are told at once: names and values. */
const MOST_ENTRIES = 62;

/** The bits of the first argument of the native `onHead`. */
const FLAG_UPGRADE = 1;
const FLAG_KEEP_ALIVE = 2;

/**
 * Names and values in turn, out of a line for each.
 * @param {string} text
 * @returns {string[]}
 */
function splitFields(text) {
  const fields = text.split('\n');
  fields.length--;
  return fields;
}

function parseError(report) {
  const error = new Error('Parse Error');
  [error.code, error.reason, error.bytesParsed] = report;
  return error;
}

/** A parser of HTTP/1 messages that calls the functions at its numbered properties. */
class HTTPParser {
  #native = new binding.HttpParser();
  #isResponse = false;
  #url = '';
  #buffer;
  // Once a part of the fields has been told by itself, all are: to the end of the connection.
  #hasFlushed = false;

  constructor() {
    const native = this.#native;
    native.onBegin = () => this[kOnMessageBegin]?.();
    native.onHead = (flags, method, url, fields, version, status, reason) => {
      const isResponse = this.#isResponse;
      this.#url = isResponse ? '' : url;
      const entries = splitFields(fields);
      const areTold = this.#hasFlushed || entries.length > MOST_ENTRIES;
      if (areTold) this.#flush(entries);
      return this[kOnHeadersComplete]?.(
        Math.trunc(version / 10), version % 10, areTold ? undefined : entries,
        isResponse ? undefined : method, areTold || isResponse ? undefined : url,
        isResponse ? status : undefined, isResponse ? reason : undefined,
        (flags & FLAG_UPGRADE) !== 0, (flags & FLAG_KEEP_ALIVE) !== 0,
      );
    };
    native.onBody = (buffer, offset, length) => {
      this[kOnBody]?.(new FastBuffer(buffer, offset, length));
    };
    native.onEnd = (trailers) => {
      if (trailers !== '') this.#flush(splitFields(trailers));
      this[kOnMessageComplete]?.();
    };
  }

  /** Tells of fields by themselves; the target comes with the first ones only. */
  #flush(entries) {
    this.#hasFlushed = true;
    let from = 0;
    do {
      this[kOnHeaders]?.(entries.slice(from, from + MOST_ENTRIES), this.#url);
      this.#url = '';
      from += MOST_ENTRIES;
    } while (from < entries.length);
  }

  /**
   * Begins anew.
   * @param {number} type `REQUEST` or `RESPONSE`
   * @param {object} resource what asynchronous hooks are told
   * @param {number} [maxHeaderSize] in bytes, 0 for the default
   * @param {number} [lenient] a sum of `kLenient*`
   */
  initialize(type, resource, maxHeaderSize, lenient) {
    this.#isResponse = type === RESPONSE;
    this.#hasFlushed = false;
    const { getOptionValue } = require('internal/options');
    const size = maxHeaderSize > 0 ? maxHeaderSize : getOptionValue('--max-http-header-size') || 16 * 1024;
    this.#native.initialize(this.#isResponse, size, lenient | 0);
  }

  /**
   * Reads bytes.
   * @param {Uint8Array} buffer
   * @returns {number | Error} how many bytes were used, or why they are no message
   */
  execute(buffer) {
    this.#buffer = buffer;
    const used = this.#native.execute(buffer);
    return typeof used === 'object' ? parseError(used) : used;
  }

  /** @returns {Error | undefined} why a message cannot end here */
  finish() {
    const report = this.#native.finish();
    return report === undefined ? undefined : parseError(report);
  }

  /** Keeps what has not been read. */
  pause() {
    this.#native.pause();
  }

  /** Reads what was kept. */
  resume() {
    this.#native.resume(this.#buffer);
  }

  /** @returns {Uint8Array | undefined} the bytes that were read last */
  getCurrentBuffer() {
    return this.#buffer;
  }

  close() {}

  free() {}

  remove() {}
}

Object.assign(HTTPParser, {
  REQUEST, RESPONSE, kOnMessageBegin, kOnHeaders, kOnHeadersComplete, kOnBody, kOnMessageComplete, kOnExecute,
  kOnTimeout, ...LENIENT,
});

module.exports = { HTTPParser, splitFields };
