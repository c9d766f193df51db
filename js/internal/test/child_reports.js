// Events of a test file that runs in a process of its own, on their way to the process that runs it: framed
// on standard output, between whatever the file itself prints.
'use strict';

const { Buffer } = require('buffer');
const { isError } = require('internal/util');
const v8 = require('v8');

const MARK = [0xff, 0x0f];
const HEADER = 6;

/** Errors as plain objects: what they carry must arrive. */
function encodeError(error) {
  const properties = {};
  for (const key of Object.keys(error)) {
    if (key !== 'cause') properties[key] = transferable(error[key]);
  }
  return {
    isEncodedError: true,
    name: error.name,
    message: error.message,
    stack: error.stack,
    hasCause: 'cause' in error,
    cause: isError(error.cause) ? encodeError(error.cause) : transferable(error.cause),
    properties,
  };
}

function transferable(value) {
  try {
    v8.serialize(value);
    return value;
  } catch {
    return require('internal/util/inspect').inspect(value);
  }
}

function decodeError(encoded) {
  if (encoded === null || typeof encoded !== 'object' || !encoded.isEncodedError) return encoded;
  const error = new Error(encoded.message);
  const hidden = { __proto__: null, configurable: true, enumerable: false, writable: true };
  Object.defineProperty(error, 'stack', { ...hidden, value: encoded.stack });
  if (encoded.name !== 'Error') Object.defineProperty(error, 'name', { ...hidden, value: encoded.name });
  Object.assign(error, encoded.properties);
  if (encoded.hasCause) error.cause = decodeError(encoded.cause);
  return error;
}

/** Has the events of a run written to standard output. */
function connect(stream) {
  stream.on('data', ({ type, data }) => {
    const error = data.details?.error;
    const sent = isError(error) ? { ...data, details: { ...data.details, error: encodeError(error) } } : data;
    const body = v8.serialize({ type, data: 'data' in sent ? { ...sent, data: transferable(sent.data) } : sent });
    const header = Buffer.from([...MARK, 0, 0, 0, 0]);
    header.writeUInt32BE(body.length, MARK.length);
    process.stdout.write(Buffer.concat([header, body]));
  });
}

/** Takes the standard output of a test file apart. */
class ReportReader {
  #bytes = Buffer.alloc(0);
  #onEvent;
  #onText;

  /**
   * @param {(event: { type: string, data: object }) => void} onEvent
   * @param {(text: string) => void} onText  what the file itself prints
   */
  constructor(onEvent, onText) {
    this.#onEvent = onEvent;
    this.#onText = onText;
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length > 0 && this.#takeOne());
  }

  #takeOne() {
    const bytes = this.#bytes;
    const start = bytes.indexOf(MARK[0]);
    if (start !== 0) {
      this.#text(start < 0 ? bytes.length : start);
      return true;
    }
    if (bytes.length < HEADER) return bytes.length > 1 && bytes[1] !== MARK[1] && this.#text(1);
    if (bytes[1] !== MARK[1]) return this.#text(1);
    const end = HEADER + bytes.readUInt32BE(MARK.length);
    if (bytes.length < end) return false;
    const event = v8.deserialize(bytes.subarray(HEADER, end));
    this.#bytes = bytes.subarray(end);
    const { details } = event.data;
    if (details?.error !== undefined) details.error = decodeError(details.error);
    this.#onEvent(event);
    return true;
  }

  #text(length) {
    this.#onText(this.#bytes.toString('utf8', 0, length));
    this.#bytes = this.#bytes.subarray(length);
    return true;
  }

  /** There will be no more. */
  end() {
    if (this.#bytes.length > 0) this.#text(this.#bytes.length);
  }
}

module.exports = { ReportReader, connect };
