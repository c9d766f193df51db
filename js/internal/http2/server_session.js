// `ServerHttp2Session`: a server's side of a connection.
'use strict';

const {
  codes: {
    ERR_HTTP2_ALTSVC_INVALID_ORIGIN, ERR_HTTP2_ALTSVC_LENGTH, ERR_HTTP2_INVALID_ORIGIN, ERR_HTTP2_INVALID_SESSION,
    ERR_HTTP2_ORIGIN_LENGTH, ERR_INVALID_ARG_TYPE, ERR_INVALID_CHAR, ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const { Http2Session } = require('internal/http2/session');
const { kNative, kServer } = require('internal/http2/symbols');

/** What frames of this kind have room for. */
const MAX_LENGTH = 16382;

/** What an Alt-Svc field may have. */
const QUOTED_STRING = /^[\x09\x20-\x5b\x5d-\x7e\x80-\xff]*$/;

/** The length of an entry of an ORIGIN frame besides its text. */
const ENTRY_OVERHEAD = 2;

/** The origin of a URL, of an object that has one, or of a text. */
function originOf(value) {
  if (typeof value === 'string') {
    const { URL } = require('web/url');
    return new URL(value).origin;
  }
  return value.origin;
}

class ServerHttp2Session extends Http2Session {
  constructor(options, socket, server) {
    super(true, options, socket);
    this[kServer] = server;
  }

  get server() {
    return this[kServer];
  }

  /**
   * Names another service.
   * @param {string} alt
   * @param {number | string | URL | { origin: string }} originOrStream
   */
  altsvc(alt, originOrStream) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    let stream = 0;
    let origin;
    if (typeof originOrStream === 'string') {
      origin = originOf(originOrStream);
      if (origin === 'null') throw new ERR_HTTP2_ALTSVC_INVALID_ORIGIN();
    } else if (typeof originOrStream === 'number') {
      if (originOrStream >>> 0 !== originOrStream || originOrStream === 0) {
        throw new ERR_OUT_OF_RANGE('originOrStream', '> 0 && < 4294967296', originOrStream);
      }
      stream = originOrStream;
    } else if (originOrStream !== undefined) {
      if (originOrStream !== null && typeof originOrStream === 'object') origin = originOrStream.origin;
      if (typeof origin !== 'string') {
        throw new ERR_INVALID_ARG_TYPE('originOrStream', ['string', 'number', 'URL', 'object'], originOrStream);
      }
      if (origin === 'null' || origin.length === 0) throw new ERR_HTTP2_ALTSVC_INVALID_ORIGIN();
    }
    validateString(alt, 'alt');
    if (!QUOTED_STRING.test(alt)) throw new ERR_INVALID_CHAR('alt');
    if (alt.length + (origin !== undefined ? origin.length : 0) > MAX_LENGTH) throw new ERR_HTTP2_ALTSVC_LENGTH();
    this[kNative].altsvc(stream, origin || '', alt);
  }

  /**
   * Names the origins for which the session may be used.
   * @param {...(string | URL | { origin: string })} origins
   */
  origin(...origins) {
    if (this.destroyed) throw new ERR_HTTP2_INVALID_SESSION();
    if (origins.length === 0) return;
    let length = 0;
    const names = [];
    for (const given of origins) {
      let name;
      if (typeof given === 'string') name = originOf(given);
      else if (given != null && typeof given === 'object') name = given.origin;
      if (typeof name !== 'string') throw new ERR_INVALID_ARG_TYPE('origin', ['string', 'URL', 'object'], given);
      if (name === 'null') throw new ERR_HTTP2_INVALID_ORIGIN();
      names.push(name);
      length += name.length + ENTRY_OVERHEAD;
    }
    if (length > MAX_LENGTH) throw new ERR_HTTP2_ORIGIN_LENGTH();
    this[kNative].origin(names);
  }
}

module.exports = { ServerHttp2Session };
