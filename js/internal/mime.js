// `util.MIMEType` and `util.MIMEParams`, after the MIME Sniffing Standard.
'use strict';

const { codes: { ERR_INVALID_MIME_SYNTAX } } = require('internal/errors');

const notToken = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/;
const notQuotedText = /[^\t\u0020-\u007E\u0080-\u00FF]/;
const leadingSpace = /^[\t\n\r ]+/;
const trailingSpace = /[\t\n\r ]+$/;
const upperCase = /[A-Z]/g;

function toAsciiLowerCase(text) {
  return text.replace(upperCase, (letter) => letter.toLowerCase());
}

/** The position where text ends: at the first of a character from a place on, or at the end of it all. */
function endAt(text, character, start) {
  const end = text.indexOf(character, start);
  return end === -1 ? text.length : end;
}

/** Reads a quoted string from behind its opening quote; an unclosed one ends with the text. */
function readQuoted(text, start) {
  let value = '';
  let position = start;
  while (position < text.length && text[position] !== '"') {
    if (text[position] === '\\' && position + 1 < text.length) position++;
    value += text[position];
    position++;
  }
  return { value, end: position };
}

/** Parses `;name=value;...`; of parameters with the same name the first one counts. */
function parseParams(text, position) {
  const params = new Map();
  while (position < text.length) {
    position++;
    while (leadingSpace.test(text[position])) position++;
    const end = endAt(text, ';', position);
    const equals = text.indexOf('=', position);
    if (equals === -1) break;
    if (equals > end) {
      position = end;
      continue;
    }
    const name = toAsciiLowerCase(text.slice(position, equals));
    let value;
    if (text[equals + 1] === '"') {
      const quoted = readQuoted(text, equals + 2);
      value = quoted.value;
      position = endAt(text, ';', quoted.end);
    } else {
      value = text.slice(equals + 1, end).replace(trailingSpace, '');
      position = end;
      if (value === '') continue;
    }
    if (name !== '' && !notToken.test(name) && !notQuotedText.test(value) && !params.has(name)) {
      params.set(name, value);
    }
  }
  return params;
}

function serializeValue(value) {
  if (value !== '' && !notToken.test(value)) return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** A part that must be a token, in lower case. */
function readToken(part, production, whole) {
  const invalid = part.search(notToken);
  if (part === '' || invalid !== -1) throw new ERR_INVALID_MIME_SYNTAX(production, whole, invalid);
  return toAsciiLowerCase(part);
}

let paramsOf;

/** The parameters of a MIME type, by name, in the order in which they were set. */
class MIMEParams {
  #params = new Map();

  /** Text not looked at yet, and where the parameters begin in it. */
  #source;
  #start = 0;

  static {
    paramsOf = (source, start) => {
      const params = new MIMEParams();
      params.#source = source;
      params.#start = start;
      return params;
    };
  }

  #parsed() {
    if (this.#source !== undefined) {
      this.#params = parseParams(this.#source, this.#start);
      this.#source = undefined;
    }
    return this.#params;
  }

  /** @param {string} name */
  delete(name) {
    this.#parsed().delete(toAsciiLowerCase(`${name}`));
  }

  /**
   * @param {string} name
   * @returns {string | null}
   */
  get(name) {
    return this.#parsed().get(toAsciiLowerCase(`${name}`)) ?? null;
  }

  /**
   * @param {string} name
   * @returns {boolean}
   */
  has(name) {
    return this.#parsed().has(toAsciiLowerCase(`${name}`));
  }

  /**
   * @param {string} name a token
   * @param {string} value of characters that a quoted string may hold
   */
  set(name, value) {
    const params = this.#parsed();
    name = `${name}`;
    value = `${value}`;
    const token = readToken(name, 'parameter name', name);
    const invalid = value.search(notQuotedText);
    if (invalid !== -1) throw new ERR_INVALID_MIME_SYNTAX('parameter value', value, invalid);
    params.set(token, value);
  }

  * entries() {
    yield* this.#parsed().entries();
  }

  * keys() {
    yield* this.#parsed().keys();
  }

  * values() {
    yield* this.#parsed().values();
  }

  toString() {
    const parts = [];
    for (const [name, value] of this.#parsed()) parts.push(`${name}=${serializeValue(value)}`);
    return parts.join(';');
  }
}

Object.defineProperties(MIMEParams.prototype, {
  toJSON: { configurable: true, writable: true, value: MIMEParams.prototype.toString },
  [Symbol.iterator]: { configurable: true, writable: true, value: MIMEParams.prototype.entries },
});

/** A MIME type such as `text/html;charset=utf-8`. */
class MIMEType {
  #type;
  #subtype;
  #params;

  /** @param {string} string */
  constructor(string) {
    string = `${string}`;
    const text = string.replace(leadingSpace, '').replace(trailingSpace, '');
    const slash = text.indexOf('/');
    if (slash === -1) {
      throw new ERR_INVALID_MIME_SYNTAX('type', string, text.search(notToken));
    }
    const end = endAt(text, ';', slash);
    this.#type = readToken(text.slice(0, slash), 'type', string);
    this.#subtype = readToken(text.slice(slash + 1, end).replace(trailingSpace, ''), 'subtype', string);
    this.#params = paramsOf(text, end);
  }

  /**
   * @param {string} string
   * @returns {MIMEType | null} null when the string is not a MIME type
   */
  static parse(string) {
    try {
      return new MIMEType(string);
    } catch (error) {
      if (error.code === 'ERR_INVALID_MIME_SYNTAX') return null;
      throw error;
    }
  }

  get type() {
    return this.#type;
  }

  set type(value) {
    value = `${value}`;
    this.#type = readToken(value, 'type', value);
  }

  get subtype() {
    return this.#subtype;
  }

  set subtype(value) {
    value = `${value}`;
    this.#subtype = readToken(value, 'subtype', value);
  }

  /** @returns {string} type and subtype without parameters */
  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }

  /** @returns {MIMEParams} */
  get params() {
    return this.#params;
  }

  toString() {
    const essence = `${this.#type}/${this.#subtype}`;
    const params = this.#params.toString();
    return params === '' ? essence : `${essence};${params}`;
  }
}

Object.defineProperties(MIMEType.prototype, {
  toJSON: { configurable: true, writable: true, value: MIMEType.prototype.toString },
});

module.exports = { MIMEParams, MIMEType };
