// Names and values of HTTP header fields: which are valid, and which mean something to a message.
'use strict';

const {
  codes: { ERR_HTTP_INVALID_HEADER_VALUE, ERR_INVALID_CHAR, ERR_INVALID_HTTP_TOKEN },
  hideStackFrames,
} = require('internal/errors');

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const INVALID_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** What no value may have, however lenient: it would end the field. */
const UNSAFE_IN_VALUE = /[\0\r\n]|[^\0-\xff]/;

/** What a field of an outgoing message says about it. */
const kind = {
  OTHER: 0,
  CONNECTION: 1,
  TRANSFER_ENCODING: 2,
  CONTENT_LENGTH: 3,
  DATE: 4,
  EXPECT: 5,
  TRAILER: 6,
  KEEP_ALIVE: 7,
  COOKIE: 8,
  CONTENT_DISPOSITION: 9,
};

const kinds = new Map([
  ['connection', kind.CONNECTION],
  ['transfer-encoding', kind.TRANSFER_ENCODING],
  ['content-length', kind.CONTENT_LENGTH],
  ['date', kind.DATE],
  ['expect', kind.EXPECT],
  ['trailer', kind.TRAILER],
  ['keep-alive', kind.KEEP_ALIVE],
  ['cookie', kind.COOKIE],
  ['content-disposition', kind.CONTENT_DISPOSITION],
]);

/** How many names are remembered, and up to which length. */
const MOST_NAMES = 1024;
const LONGEST_NAME = 48;

/** The names that were found valid, in lower case. */
const lowerCaseNames = new Map();

/** @returns {boolean} whether a string is a token of the protocol, such as the name of a field */
function checkIsHttpToken(value) {
  return TOKEN.test(value);
}

/** @returns {boolean} whether a string has characters that no value may have */
function checkInvalidHeaderChar(value, lenient) {
  return (lenient ? UNSAFE_IN_VALUE : INVALID_IN_VALUE).test(value);
}

/**
 * @param {string} name
 * @param {string} [label] what the error calls it
 */
const validateHeaderName = hideStackFrames((name, label) => {
  if (typeof name !== 'string' || !name || !TOKEN.test(name)) {
    throw new ERR_INVALID_HTTP_TOKEN(label || 'Header name', name);
  }
});

/**
 * @param {string} name
 * @param {any} value
 * @param {boolean} [lenient] whether only what would end the field is refused
 */
const validateHeaderValue = hideStackFrames((name, value, lenient) => {
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (checkInvalidHeaderChar(value, lenient)) {
    throw new ERR_INVALID_CHAR('header content', name);
  }
});

/**
 * @param {string} name of a field, known to be valid or not
 * @returns {string} the name in lower case; throws where it is none
 */
function lowerCaseName(name) {
  const known = lowerCaseNames.get(name);
  if (known !== undefined) return known;
  validateHeaderName(name);
  const lower = name.toLowerCase();
  if (name.length <= LONGEST_NAME && lowerCaseNames.size < MOST_NAMES) lowerCaseNames.set(name, lower);
  return lower;
}

/**
 * @param {string} lower the name of a field in lower case
 * @returns {number} one of `kind`
 */
function kindOf(lower) {
  return kinds.get(lower) ?? kind.OTHER;
}

module.exports = {
  checkInvalidHeaderChar,
  checkIsHttpToken,
  kind,
  kindOf,
  lowerCaseName,
  validateHeaderName,
  validateHeaderValue,
};
