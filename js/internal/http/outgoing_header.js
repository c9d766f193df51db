// The header of an outgoing message: from its fields to text.
'use strict';

const {
  codes: { ERR_HTTP_TRAILER_INVALID, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { Buffer } = require('buffer');
const {
  checkInvalidHeaderChar, kind, kindOf, lowerCaseName, validateHeaderValue,
} = require('internal/http/fields');
const { kOutHeaders, utcDate } = require('internal/http/shared');

const CHUNKED = /(?:^|\W)chunked(?:$|\W)/i;
const CLOSE = /(?:^|\W)close(?:$|\W)/i;

const kUniqueHeaders = Symbol('kUniqueHeaders');

/** Bits of the kinds of fields that a header has. */
const HAS_CONNECTION = 1 << kind.CONNECTION;
const HAS_TRANSFER_ENCODING = 1 << kind.TRANSFER_ENCODING;
const HAS_CONTENT_LENGTH = 1 << kind.CONTENT_LENGTH;
const HAS_DATE = 1 << kind.DATE;
const HAS_EXPECT = 1 << kind.EXPECT;
const HAS_TRAILER = 1 << kind.TRAILER;
const HAS_LENGTH = HAS_CONTENT_LENGTH | HAS_TRANSFER_ENCODING;

/** What the header under way has; one is made at a time. */
let seen = 0;

/** The fields that most responses end with, and for which time and timeout they are. */
let standardFields = '';
let standardDate = '';
let standardTimeout = -1;

/**
 * The parts of the header that was made last, where it ends with the length of the body: so they are sent,
 * without being put together.
 */
const parts = { header: '', start: '', fields: '', length: 0 };

/** Notes what a field says about its message. */
function note(message, fieldKind, value) {
  seen |= 1 << fieldKind;
  switch (fieldKind) {
    case kind.CONNECTION:
      message._removedConnection = false;
      if (CLOSE.test(value)) message._last = true;
      else message.shouldKeepAlive = true;
      break;
    case kind.TRANSFER_ENCODING:
      message._removedTE = false;
      if (CHUNKED.test(value)) message.chunkedEncoding = true;
      break;
    case kind.CONTENT_LENGTH:
      message._contentLength = +value;
      message._removedContLen = false;
      break;
    case kind.KEEP_ALIVE:
      message._defaultKeepAlive = false;
      break;
  }
}

function checkValue(message, name, value) {
  if (value === undefined || checkInvalidHeaderChar(value, false)) {
    validateHeaderValue(name, value, message._isLenientHeaderValidation());
  }
}

/** The line of a field with one value. */
function line(message, name, fieldKind, value, validate) {
  if (validate) checkValue(message, name, value);
  if (fieldKind !== kind.OTHER) note(message, fieldKind, value);
  return `${name}: ${value}\r\n`;
}

/** The lines of a field. */
function lines(message, name, lower, value, validate) {
  const fieldKind = kindOf(lower);
  if (fieldKind === kind.CONTENT_DISPOSITION && message._contentLength) {
    // The name of a file is a string of bytes, and what they mean is UTF-8.
    value = Array.isArray(value) ?
      value.map((one) => Buffer.from(`${one}`, 'latin1').toString()) :
      Buffer.from(`${value}`, 'latin1').toString();
  }
  if (!Array.isArray(value)) return line(message, name, fieldKind, value, validate);
  const isJoined = (value.length >= 2 && fieldKind === kind.COOKIE) || message[kUniqueHeaders]?.has(lower);
  if (isJoined) return line(message, name, fieldKind, value.join('; '), validate);
  let text = '';
  for (let i = 0; i < value.length; i++) text += line(message, name, fieldKind, value[i], validate);
  return text;
}

/** All given fields: the message's own, or those of `writeHead`, as an object or as a list. */
function allLines(message, headers) {
  let text = '';
  if (headers === message[kOutHeaders]) {
    for (const lower in headers) {
      const entry = headers[lower];
      text += lines(message, entry[0], lower, entry[1], false);
    }
  } else if (Array.isArray(headers)) {
    if (headers.length > 0 && Array.isArray(headers[0])) {
      for (const [name, value] of headers) text += lines(message, name, lowerCaseName(name), value, true);
    } else {
      if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
      for (let i = 0; i < headers.length; i += 2) {
        text += lines(message, headers[i], lowerCaseName(headers[i]), headers[i + 1], true);
      }
    }
  } else {
    for (const name in headers) {
      if (!Object.hasOwn(headers, name)) continue;
      text += lines(message, name, lowerCaseName(name), headers[name], true);
    }
  }
  return text;
}

/** The fields about the connection that is to stay. */
function keepAliveFields(message) {
  if (!message._keepAliveTimeout || !message._defaultKeepAlive) return 'Connection: keep-alive\r\n';
  const seconds = Math.floor(message._keepAliveTimeout / 1000);
  const most = ~~message._maxRequestsPerSocket > 0 ? `, max=${message._maxRequestsPerSocket}` : '';
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}${most}\r\n`;
}

function connectionFields(message) {
  if (message._removedConnection) {
    // The other side learns of it by what the version of the protocol says.
    message._last = !message.shouldKeepAlive;
    return '';
  }
  if ((seen & HAS_CONNECTION) !== 0) return '';
  const keepsAlive = message.shouldKeepAlive &&
    ((seen & HAS_CONTENT_LENGTH) !== 0 || message.useChunkedEncodingByDefault || message.agent);
  if (keepsAlive && !message.maxRequestsOnConnectionReached) return keepAliveFields(message);
  if (!keepsAlive) message._last = true;
  return 'Connection: close\r\n';
}

function lengthFields(message) {
  const length = message._contentLength;
  if ((seen & HAS_LENGTH) !== 0) return '';
  if (!message._hasBody) {
    message.chunkedEncoding = false;
  } else if (!message.useChunkedEncodingByDefault) {
    message._last = true;
  } else if ((seen & HAS_TRAILER) === 0 && !message._removedContLen && typeof length === 'number') {
    return `Content-Length: ${length}\r\n`;
  } else if (!message._removedTE) {
    message.chunkedEncoding = true;
    return 'Transfer-Encoding: chunked\r\n';
  } else {
    // Only the end of the connection tells where the body ends.
    message._last = true;
  }
  return '';
}

/** `Date`, `Connection` and `Keep-Alive` as most responses have them. */
function commonFields(message) {
  const date = utcDate();
  if (date !== standardDate || message._keepAliveTimeout !== standardTimeout) {
    standardDate = date;
    standardTimeout = message._keepAliveTimeout;
    standardFields = `Date: ${date}\r\n${keepAliveFields(message)}`;
  }
  return standardFields;
}

function isCommon(message) {
  return message.sendDate && (seen & (HAS_DATE | HAS_CONNECTION)) === 0 && message.shouldKeepAlive &&
    message.useChunkedEncodingByDefault && message._defaultKeepAlive && !message._removedConnection &&
    !message.maxRequestsOnConnectionReached && !message._maxRequestsPerSocket;
}

/**
 * Makes the text of a header: `message._header`.
 * @param {object} message
 * @param {string} firstLine with its line end
 * @param {object | any[]} [headers] the message's own or those of `writeHead`
 */
function storeHeader(message, firstLine, headers) {
  seen = 0;
  let text = headers ? firstLine + allLines(message, headers) : firstLine;
  let start = null;
  // Neither of them has a body, so none can come in chunks.
  if (message.chunkedEncoding && (message.statusCode === 204 || message.statusCode === 304)) {
    message.chunkedEncoding = false;
    message.shouldKeepAlive = false;
  }
  if (isCommon(message)) {
    start = text;
    text += commonFields(message);
  } else {
    if (message.sendDate && (seen & HAS_DATE) === 0) text += `Date: ${utcDate()}\r\n`;
    text += connectionFields(message);
  }
  const length = lengthFields(message);
  if (message.chunkedEncoding !== true && (seen & HAS_TRAILER) !== 0) throw new ERR_HTTP_TRAILER_INVALID();
  message._header = `${text + length}\r\n`;
  if (start !== null && length !== '' && message.chunkedEncoding === false) {
    parts.header = message._header;
    parts.start = start;
    parts.fields = standardFields;
    parts.length = message._contentLength;
  }
  message._headerSent = false;
  // Who waits for an answer before the body sends the header at once.
  if ((seen & HAS_EXPECT) !== 0) message._send('');
}

module.exports = { kUniqueHeaders, parts, storeHeader };
