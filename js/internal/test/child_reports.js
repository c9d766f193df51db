// Events of a test file that runs in a process of its own, on their way to the process that runs it: framed
// on standard output, between whatever the file itself prints.
'use strict';

const { Buffer } = require('buffer');
const { isError } = require('internal/util');
const { decode, forms } = require('internal/worker/error_codec');
const v8 = require('v8');

const MARK = [0xff, 0x0f];
const HEADER = 6;

/** An error in the best form that can be sent, and so its cause. */
function encodeError(error) {
  for (const form of forms(error)) {
    const cause = form.kind === 'error' ? form.properties.cause : undefined;
    if (cause !== undefined) cause.value = encodeError(error.cause);
    if (isTransferable(form)) return form;
  }
  return undefined;
}

function isTransferable(value) {
  try {
    v8.serialize(value);
    return true;
  } catch {
    return false;
  }
}

function transferable(value) {
  return isTransferable(value) ? value : require('internal/util/inspect').inspect(value);
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
    if (details?.error !== undefined) details.error = decode(details.error);
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
