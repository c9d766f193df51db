// The media type multipart/form-data: forms as bodies, and back (RFC 7578, as the HTML and Fetch Standards read it).
'use strict';

const { File, isAscii } = require('buffer');

const decoder = new TextDecoder();
const CR = 13;
const LF = 10;
const DASH = 45;

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
    const text = this.bytes.subarray(this.position, end);
    this.position = end + 2;
    return text;
  }
}

const fieldName = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t ]*:[\t ]*/;
const disposition = /^form-data;[\t ]*name="([^"]*)"(?:;[\t ]*filename="([^"]*)")?/i;

const unescapeName = (text) =>
  decoder.decode(Buffer.from(text, 'latin1')).replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%22', '"');

/** The fields before one part: its name, file name, media type and encoding. */
function readHead(reader) {
  const head = { name: undefined, filename: undefined, type: undefined, encoding: undefined };
  for (;;) {
    if (reader.takes('\r\n')) {
      if (head.name === undefined) throw parsingError('header name is null');
      return head;
    }
    const line = reader.line().latin1Slice().trim();
    const match = fieldName.exec(line);
    if (match === null) throw parsingError('header name does not match the field-name token production');
    const value = line.slice(match[0].length);
    switch (match[1].toLowerCase()) {
      case 'content-disposition': {
        const parts = disposition.exec(value);
        if (parts === null) throw parsingError('expected form-data; name=" for content-disposition header');
        head.name = unescapeName(parts[1]);
        if (parts[2] !== undefined) head.filename = unescapeName(parts[2]);
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
  const reader = new Reader(bytes);
  const entries = [];
  while (reader.takes('\r\n'));
  for (;;) {
    if (!reader.takes(`--${boundary}`)) throw parsingError('expected a value starting with -- and the boundary');
    if (bytes[reader.position] === DASH && bytes[reader.position + 1] === DASH) return entries;
    if (bytes[reader.position] !== CR || bytes[reader.position + 1] !== LF) throw parsingError('expected CRLF');
    reader.position += 2;
    const { name, filename, type, encoding } = readHead(reader);
    const end = bytes.indexOf(`\r\n--${boundary}`, reader.position - 2);
    if (end === -1) throw parsingError('expected boundary after body');
    let content = bytes.subarray(reader.position, Math.max(end, reader.position));
    if (encoding === 'base64') content = Buffer.from(content.latin1Slice(), 'base64');
    reader.position = end + 2;
    if (filename === undefined) {
      entries.push([name, decoder.decode(content)]);
    } else {
      const known = type === undefined ? 'text/plain' : isAscii(Buffer.from(type, 'latin1')) ? type : '';
      entries.push([name, new File([content], filename, { type: known })]);
    }
  }
}

module.exports = { decodeForm, encodeForm };
