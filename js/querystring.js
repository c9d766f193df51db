// Node's `querystring`: query strings of URLs as objects, and back.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_URI },
} = require('internal/errors');

const { isArray } = Array;
const PERCENT = 37;
const PLUS = 43;
const SPACE = 32;

const DEFAULT_MAX_KEYS = 1000;

function hexValue(code) {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/**
 * Decodes `%XX` byte for byte; what is malformed stays.
 * @param {string} s
 * @param {boolean} [decodeSpaces] whether '+' is a space
 * @returns {Buffer}
 */
function unescapeBuffer(s, decodeSpaces) {
  const out = Buffer.allocUnsafe(s.length);
  let length = 0;
  for (let i = 0; i < s.length; i++) {
    let code = s.charCodeAt(i);
    if (code === PLUS && decodeSpaces) {
      code = SPACE;
    } else if (code === PERCENT && i + 2 < s.length) {
      const high = hexValue(s.charCodeAt(i + 1));
      const low = hexValue(s.charCodeAt(i + 2));
      if (high !== -1 && low !== -1) {
        code = (high << 4) | low;
        i += 2;
      }
    }
    out[length++] = code;
  }
  return length === out.length ? out : out.slice(0, length);
}

/**
 * Decodes percent-encoding; what is malformed is decoded byte for byte.
 * @param {string} s
 * @param {boolean} [decodeSpaces] whether '+' is a space in malformed text
 * @returns {string}
 */
function qsUnescape(s, decodeSpaces) {
  try {
    return decodeURIComponent(s);
  } catch {
    return QueryString.unescapeBuffer(s, decodeSpaces).toString();
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
// Which of the first 128 characters stay as they are.
const UNRESERVED = Array.from({ length: 128 }, (_, code) => /[\w!'()*.~-]/.test(String.fromCharCode(code)));

// Encodes from `i` on, which is the first character that has to be.
function encodeFrom(text, i) {
  const { length } = text;
  let out = '';
  let kept = 0;
  for (; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80 && UNRESERVED[code]) continue;
    if (kept < i) out += text.slice(kept, i);
    if (code < 0x80) {
      out += HEX[code];
    } else if (code < 0x800) {
      out += HEX[0xc0 | (code >> 6)] + HEX[0x80 | (code & 0x3f)];
    } else if (code < 0xd800 || code > 0xdfff) {
      out += HEX[0xe0 | (code >> 12)] + HEX[0x80 | ((code >> 6) & 0x3f)] + HEX[0x80 | (code & 0x3f)];
    } else {
      // As in Node, half a surrogate pair is taken together with whatever character comes next.
      if (++i >= length) throw new ERR_INVALID_URI();
      const point = 0x10000 + (((code & 0x3ff) << 10) | (text.charCodeAt(i) & 0x3ff));
      out += HEX[0xf0 | (point >> 18)] + HEX[0x80 | ((point >> 12) & 0x3f)];
      out += HEX[0x80 | ((point >> 6) & 0x3f)] + HEX[0x80 | (point & 0x3f)];
    }
    kept = i + 1;
  }
  return kept < length ? out + text.slice(kept) : out;
}

/**
 * Percent-encodes a string for the query of a URL.
 * @param {unknown} str
 * @returns {string}
 */
function qsEscape(str) {
  if (typeof str !== 'string') str = typeof str === 'object' ? String(str) : `${str}`;
  for (let i = 0; i < str.length; i++) {
    const code = str.charCodeAt(i);
    if (code >= 0x80 || !UNRESERVED[code]) return encodeFrom(str, i);
  }
  return str;
}

// What has no form in a query is empty.
function primitiveToString(value) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return Number.isFinite(value) ? `${value}` : '';
    case 'bigint':
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return '';
  }
}

function encodeValue(value, encode) {
  switch (typeof value) {
    case 'string':
      return value.length > 0 ? encode(value) : '';
    case 'number':
      // Only the exponent of a large number has a character to encode.
      if (!Number.isFinite(value)) return '';
      return Math.abs(value) < 1e21 ? `${value}` : encode(`${value}`);
    case 'bigint':
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return '';
  }
}

function encodeAnyValue(value, encode) {
  return encode(primitiveToString(value));
}

/**
 * @param {object} obj values are strings, numbers, bigints, booleans or arrays of these
 * @param {string} [sep] between pairs
 * @param {string} [eq] between key and value
 * @param {{ encodeURIComponent?: (text: string) => string }} [options]
 * @returns {string}
 */
function stringify(obj, sep, eq, options) {
  if (obj === null || typeof obj !== 'object') return '';
  sep ||= '&';
  eq ||= '=';
  let encode = QueryString.escape;
  if (options && typeof options.encodeURIComponent === 'function') encode = options.encodeURIComponent;
  const convert = encode === qsEscape ? encodeValue : encodeAnyValue;

  let fields = '';
  for (const key of Object.keys(obj)) {
    const value = obj[key];
    const prefix = convert(key, encode) + eq;
    if (!isArray(value)) {
      if (fields !== '') fields += sep;
      fields += prefix + convert(value, encode);
      continue;
    }
    for (let i = 0; i < value.length; i++) {
      if (fields !== '') fields += sep;
      fields += prefix + convert(value[i], encode);
    }
  }
  return fields;
}

const encodedByte = /%[0-9a-f]{2}/i;
const twoEncodedBytes = /%[0-9a-f]{2}.*%[0-9a-f]{2}/is;
// As in Node, a '+' in between does not keep a value from being decoded.
const encodedByteOfValue = /%\+*[0-9a-f]\+*[0-9a-f]/i;

// A copy of this object has a hidden class, where the literal `{ __proto__: null }` is a hash table.
const emptyResult = Object.setPrototypeOf({}, null);

/** How the pairs of one query are decoded, and how many of them there may be. */
class Reader {
  result = { ...emptyResult, __proto__: null };

  constructor(options) {
    this.decode = QueryString.unescape;
    if (options && typeof options.decodeURIComponent === 'function') this.decode = options.decodeURIComponent;
    this.isCustom = this.decode !== qsUnescape;
    this.left = options && typeof options.maxKeys === 'number' ? options.maxKeys : DEFAULT_MAX_KEYS;
    if (this.left <= 0) this.left = -1;
  }

  decodeText(text) {
    try {
      return this.decode(text);
    } catch {
      return QueryString.unescape(text, true);
    }
  }

  withSpaces(text) {
    return text.includes('+') ? text.replaceAll('+', this.isCustom ? '%20' : ' ') : text;
  }

  /**
   * Adds a pair with '%' or '+' in it, or any pair where the program has its own decoder. `ownKey` and `ownValue`
   * are what is looked at for encoded bytes.
   */
  addEncoded(key, value, ownKey = key, ownValue = value) {
    const encodedKey = this.isCustom || encodedByte.test(ownKey);
    // As in Node, a second encoded byte in the key counts as one in the value.
    const encodedValue =
      this.isCustom || encodedByteOfValue.test(ownValue) || (encodedKey && twoEncodedBytes.test(ownKey));
    key = this.withSpaces(key);
    value = this.withSpaces(value);
    if (encodedKey && key !== '') key = this.decodeText(key);
    if (encodedValue && value !== '') value = this.decodeText(value);
    this.add(key, value);
  }

  add(key, value) {
    const { result } = this;
    const current = result[key];
    if (current === undefined) result[key] = value;
    else if (typeof current === 'string') result[key] = [current, value];
    else current.push(value);
  }
}

// Separators of one character each, which is what nearly everybody has.
function readPairs(qs, sep, eq, reader) {
  const { length } = qs;
  let start = 0;
  let equals = -1;
  let special = reader.isCustom;
  for (let i = 0; i <= length; i++) {
    const code = i === length ? sep : qs.charCodeAt(i);
    if (code === sep) {
      if (i > start) {
        const key = qs.slice(start, equals === -1 ? i : equals);
        const value = equals === -1 ? '' : qs.slice(equals + 1, i);
        if (special) reader.addEncoded(key, value);
        else reader.add(key, value);
      }
      if (--reader.left === 0) return;
      start = i + 1;
      equals = -1;
      special = reader.isCustom;
    } else if (code === eq && equals === -1) {
      equals = i;
    } else if (code === PERCENT || code === PLUS) {
      special = true;
    }
  }
}

/**
 * @param {string} qs
 * @param {string} [sep] between pairs
 * @param {string} [eq] between key and value
 * @param {{ maxKeys?: number, decodeURIComponent?: (text: string) => string }} [options] 0 keys: no limit
 * @returns {Record<string, string | string[]>} without a prototype
 */
function parse(qs, sep, eq, options) {
  if (typeof qs !== 'string' || qs.length === 0) return { __proto__: null };
  const reader = new Reader(options);
  const separator = sep ? `${sep}` : '&';
  const equals = eq ? `${eq}` : '=';
  if (separator.length === 1 && equals.length === 1) {
    readPairs(qs, separator.charCodeAt(0), equals.charCodeAt(0), reader);
  } else {
    readPairsWithLongSeparators(qs, separator, equals, reader);
  }
  return reader.result;
}

// As in Node, text is read once from left to right: a character that breaks off the match of a separator is
// not looked at again as its beginning, and encoded bytes are looked for as if the matched part were not there.
// Where `eq` is empty, all of a pair is its value.
function readPairsWithLongSeparators(qs, sep, eq, reader) {
  const noKeys = eq.length === 0;
  let start = 0;
  let valueStart = noKeys ? 0 : -1;
  let sepMatched = 0;
  let eqMatched = 0;
  let ownKey = '';
  let ownValue = '';
  const finish = (end) => {
    if (end <= start && (valueStart === -1 || noKeys)) return;
    const key = qs.slice(start, valueStart === -1 ? end : valueStart - eq.length);
    reader.addEncoded(key, valueStart === -1 ? '' : qs.slice(valueStart, end), ownKey, ownValue);
  };
  for (let i = 0; i < qs.length; i++) {
    const code = qs.charCodeAt(i);
    if (code === sep.charCodeAt(sepMatched)) {
      if (++sepMatched < sep.length) continue;
      finish(i - sep.length + 1);
      if (--reader.left === 0) return;
      start = i + 1;
      valueStart = noKeys ? start : -1;
      sepMatched = eqMatched = 0;
      ownKey = ownValue = '';
      continue;
    }
    sepMatched = 0;
    if (valueStart !== -1) {
      ownValue += qs[i];
    } else if (code === eq.charCodeAt(eqMatched)) {
      if (++eqMatched === eq.length) valueStart = i + 1;
    } else {
      eqMatched = 0;
      ownKey += qs[i];
    }
  }
  finish(qs.length);
}

const QueryString = {
  unescapeBuffer,
  unescape: qsUnescape,
  escape: qsEscape,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};

module.exports = QueryString;
