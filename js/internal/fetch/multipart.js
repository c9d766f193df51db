// The media type multipart/form-data: forms as bodies, and back (RFC 7578, as the HTML and Fetch Standards read it).
'use strict';

const { File, isAscii } = require('buffer');

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const CR = 13;
const LF = 10;

const escapeName = (text) => text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
const withBothLineEnds = (text) => text.replace(/\r?\n|\r/g, '\r\n');

/**
 * A form as the parts of a blob.
 * @param {[string, string | File][]} entries
 * @returns {{ boundary: string, parts: (string | File)[] }}
 */
function encodeForm(entries) {
  const boundary = `----formdata-undici-0${`${Math.floor(Math.random() * 1e11)}`.padStart(11, '0')}`;
  const parts = [];
  for (const [name, value] of entries) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(withBothLineEnds(name))}"`;
    if (typeof value === 'string') {
      parts.push(`${head}\r\n\r\n${withBothLineEnds(value)}\r\n`);
    } else {
      const filename = value.name ? `; filename="${escapeName(value.name)}"` : '';
      parts.push(`${head}${filename}\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`);
      parts.push(value, '\r\n');
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return { boundary, parts };
}

const parsingError = (text) => new TypeError('Failed to parse body as FormData.', { cause: new TypeError(text) });

const fieldName = /^([^:]*)(:?)[\t ]*/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const parameterName = /;[\t ]*([^=;\t ]*)=/y;
const quotedValue = /"([^"]*)"/y;
const plainValue = /([^;\t ]*)[^;]*/y;
const extendedCharset = /^utf-8'/i;
const extendedPrefix = "utf-8''";

const textOf = (latin1) => decoder.decode(Buffer.from(latin1, 'latin1'));
const unescapeName = (text) =>
  textOf(text).replace(/%0a/gi, '\n').replace(/%0d/gi, '\r').replaceAll('%22', '"');

function fromExtended(value) {
  if (!extendedCharset.test(value)) throw parsingError("unknown encoding, expected utf-8''");
  return decodeURIComponent(value.slice(extendedPrefix.length));
}

/** The parameters of the field `content-disposition`. */
function readDisposition(value) {
  if (!/^form-data/i.test(value)) throw parsingError('expected form-data for content-disposition header');
  const parameters = { __proto__: null };
  let position = 'form-data'.length;
  for (;;) {
    parameterName.lastIndex = position;
    const start = parameterName.exec(value);
    if (start === null) break;
    const isQuoted = value[parameterName.lastIndex] === '"';
    const pattern = isQuoted ? quotedValue : plainValue;
    pattern.lastIndex = parameterName.lastIndex;
    const found = pattern.exec(value);
    if (found === null) throw parsingError('Closing quote not found');
    position = pattern.lastIndex;
    const name = start[1].toLowerCase();
    const isExtended = name.endsWith('*');
    parameters[name] = isExtended ? fromExtended(found[1]) : unescapeName(found[1]);
  }
  const { name = parameters['name*'], filename } = parameters;
  if (name === undefined) throw parsingError('name attribute is required in content-disposition header');
  if (position < value.length && value[position] !== ';') throw parsingError('expected CRLF');
  return { name, filename: parameters['filename*'] ?? filename };
}

/** Reads a body from left to right. */
class Reader {
  position = 0;

  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  /** Whether these bytes are next; goes behind them. */
  takes(text) {
    const end = this.position + text.length;
    if (end > this.bytes.length || this.bytes.latin1Slice(this.position, end) !== text) return false;
    this.position = end;
    return true;
  }

  /** @returns {string} the text of a line, behind which the position then is */
  line() {
    const end = this.bytes.indexOf('\r\n', this.position);
    if (end === -1) throw parsingError('header line does not end with CRLF');
    const text = this.bytes.latin1Slice(this.position, end);
    this.position = end + 2;
    return text;
  }

  /** The fields before one part: its name, file name, media type and encoding. */
  head() {
    const head = { name: undefined, filename: undefined, type: undefined, encoding: undefined };
    while (!this.takes('\r\n')) {
      const line = this.line();
      const match = fieldName.exec(line);
      const field = match[1].trim();
      if (!token.test(field)) throw parsingError('header name does not match the field-name token production');
      if (match[2] === '') throw parsingError('expected :');
      const value = line.slice(match[0].length).trim();
      switch (field.toLowerCase()) {
        case 'content-disposition': {
          const { name, filename } = readDisposition(value);
          head.name = name;
          head.filename = filename;
          break;
        }
        case 'content-type':
          head.type = value;
          break;
        case 'content-transfer-encoding':
          head.encoding = value;
          break;
      }
    }
    if (head.name === undefined) throw parsingError('header name is null');
    return head;
  }
}

function toEntry({ name, filename, type, encoding }, bytes) {
  const content = encoding === 'base64' ? Buffer.from(bytes.latin1Slice(), 'base64') : bytes;
  if (filename === undefined) return [name, decoder.decode(content)];
  const known = type === undefined ? 'text/plain' : isAscii(Buffer.from(type, 'latin1')) ? type : '';
  return [name, new File([content], filename, { type: known })];
}

/**
 * The entries of a form in a body.
 * @param {Uint8Array} body
 * @param {string | undefined} boundary
 * @returns {[string, string | File][]}
 * @throws {TypeError} with what is wrong as its cause
 */
function decodeForm(body, boundary) {
  if (boundary === undefined) throw parsingError('missing boundary in content-type header');
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = Buffer.from(`--${boundary}`);
  const reader = new Reader(bytes);
  const entries = [];
  let start = bytes.indexOf(delimiter);
  if (start === -1) throw parsingError('no boundary found in multipart body');
  for (;;) {
    reader.position = start + delimiter.length;
    if (reader.takes('--')) return entries;
    if (!reader.takes('\r\n')) throw parsingError('expected CRLF');
    const head = reader.head();
    start = bytes.indexOf(delimiter, reader.position);
    if (start === -1) throw parsingError('expected boundary after body');
    const end = start - 2;
    if (bytes[end] !== CR || bytes[end + 1] !== LF) throw parsingError('expected CRLF');
    entries.push(toEntry(head, bytes.subarray(reader.position, Math.max(end, reader.position))));
  }
}

module.exports = { decodeForm, encodeForm };
