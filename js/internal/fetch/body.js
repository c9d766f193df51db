// Bodies of requests and responses: what a program gives as one, and the methods that read them.
'use strict';

const { Blob, Buffer } = require('buffer');
const { copyOf, toDOMString } = require('internal/fetch/webidl');
const { kEnumerableProperty } = require('internal/util');
const { isArrayBuffer } = require('internal/util/types');
const { ReadableStream } = require('stream/web');
const { kWeakHandler } = require('web/event_target');
const { FormData, entriesOf } = require('web/form_data');

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const formDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A body: bytes, a blob or a stream. The stream of bytes and blobs is made when somebody looks at it. */
class Body {
  #stream;
  #isRead = false;

  /**
   * @param {{ bytes?: Uint8Array, blob?: Blob, stream?: ReadableStream, signal?: AbortSignal }} source one of the
   *   first three; the signal ends the body of a response as long as it is not read to its end
   * @param {number | null} length in bytes, if it is known
   */
  constructor({ bytes, blob, stream, signal }, length) {
    this.bytes = bytes;
    this.signal = signal;
    this.blob = blob;
    this.#stream = stream;
    this.length = length;
    /** Of what it was made, where that is text or a form. */
    this.isText = false;
    this.form = undefined;
  }

  /** @returns {string | Uint8Array | Blob | FormData | ReadableStream} what a program gave as the body */
  get source() {
    if (this.isText) return decoder.decode(this.bytes);
    return this.form ?? this.bytes ?? this.blob ?? this.stream;
  }

  /** Whether the body can be sent again. */
  get isRepeatable() {
    return this.bytes !== undefined || this.blob !== undefined;
  }

  /** @returns {ReadableStream} */
  get stream() {
    if (this.#stream !== undefined) return this.#stream;
    const stream = this.blob === undefined ? streamOfBytes(this.bytes, this.signal) : this.blob.stream();
    this.#stream = stream;
    if (this.#isRead) {
      // Who has read it keeps its lock.
      stream.cancel().catch(() => {});
      stream.getReader();
    }
    return stream;
  }

  get isUsed() {
    return this.#isRead || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  get isLocked() {
    return this.#stream !== undefined && this.#stream.locked;
  }

  /**
   * Reads all of it.
   * @returns {Promise<Uint8Array>}
   */
  async readAll() {
    if (this.#stream !== undefined) return await readStream(this.#stream);
    this.#isRead = true;
    if (this.signal !== undefined) {
      // Who ends it in the same breath is not too late.
      await undefined;
      this.signal.throwIfAborted();
    }
    return this.blob === undefined ? this.bytes : new Uint8Array(await this.blob.arrayBuffer());
  }

  /** @returns {Body} with the same content; this one goes on with the other half of its stream */
  clone() {
    const { bytes, blob, signal, length } = this;
    // What a signal can end has one end, whichever half is read.
    let half;
    if (this.#stream !== undefined || signal !== undefined) [this.#stream, half] = this.stream.tee();
    const copy = new Body({ bytes, blob, stream: half }, length);
    copy.isText = this.isText;
    copy.form = this.form;
    return copy;
  }
}

const isDisturbed = (stream) => require('stream').isDisturbed(stream);

function streamOfBytes(bytes, signal) {
  let isGiven = bytes.byteLength === 0;
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      if (signal !== undefined) failWith(signal, controller);
    },
    pull(controller) {
      if (!isGiven) {
        isGiven = true;
        controller.enqueue(bytes.slice());
        if (signal !== undefined) return;
      }
      controller.close();
      controller.byobRequest?.respond(0);
    },
  }, { highWaterMark: 0 });
}

/**
 * Has a signal end a stream that is not read to its end. The signal does not keep the stream alive.
 * @param {AbortSignal} signal
 * @param {ReadableByteStreamController} controller
 */
function failWith(signal, controller) {
  if (signal.aborted) {
    controller.error(signal.reason);
    return;
  }
  const fail = () => controller.error(signal.reason);
  signal.addEventListener('abort', fail, { __proto__: null, once: true, [kWeakHandler]: controller });
}

async function readStream(stream) {
  const chunks = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!(value instanceof Uint8Array)) throw new TypeError('Received non-Uint8Array chunk');
    chunks.push(value);
    length += value.byteLength;
  }
  if (chunks.length === 1) return chunks[0];
  const all = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    all.set(chunk, position);
    position += chunk.byteLength;
  }
  return all;
}

function streamOfIterable(iterable) {
  let iterator;
  return new ReadableStream({
    type: 'bytes',
    start() {
      iterator = iterable[Symbol.asyncIterator]();
    },
    async pull(controller) {
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) {
          queueMicrotask(() => {
            controller.close();
            controller.byobRequest?.respond(0);
          });
          return;
        }
        const bytes = new Uint8Array(Buffer.from(value));
        // Who waits for a chunk goes on waiting where there is nothing in it.
        if (bytes.byteLength > 0) {
          controller.enqueue(bytes);
          return;
        }
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/**
 * What a program gives as a body.
 * @param {unknown} object
 * @param {string} prefix the interface, for messages
 * @param {string} name the argument, for messages
 * @param {boolean} [keepalive] whether the request outlives its program
 * @returns {{ body: Body, type: string | null }} with the media type that it has by itself
 */
function extractBody(object, prefix, name, keepalive = false) {
  if (typeof object === 'object' && object !== null) {
    if (object instanceof ReadableStream) {
      if (keepalive) throw new TypeError('keepalive');
      if (isDisturbed(object) || object.locked) {
        throw new TypeError('Response body object should not be disturbed or locked');
      }
      return { body: new Body({ stream: object }, null), type: null };
    }
    if (object instanceof URLSearchParams) {
      return ofText(object.toString(), 'application/x-www-form-urlencoded;charset=UTF-8');
    }
    if (object instanceof FormData) return ofForm(object);
    if (object instanceof Blob) {
      return { body: new Body({ blob: object }, object.size), type: object.type === '' ? null : object.type };
    }
    // What threads share is no bytes of this one, and is made into a text like any other object.
    if (isArrayBuffer(object) || (ArrayBuffer.isView(object) && isArrayBuffer(object.buffer))) {
      return ofBytes(copyOf(object), null);
    }
    if (typeof object[Symbol.asyncIterator] === 'function') {
      if (keepalive) throw new TypeError('keepalive');
      return { body: new Body({ stream: streamOfIterable(object) }, null), type: null };
    }
  }
  const text = toDOMString(object, prefix, name).toWellFormed();
  return ofText(text, 'text/plain;charset=UTF-8');
}

function ofBytes(bytes, type) {
  return { body: new Body({ bytes }, bytes.byteLength), type };
}

function ofText(text, type) {
  const extracted = ofBytes(encoder.encode(text), type);
  extracted.body.isText = true;
  return extracted;
}

function ofForm(form) {
  const { boundary, parts } = require('internal/fetch/multipart').encodeForm(entriesOf(form));
  const blob = new Blob(parts);
  const body = new Body({ blob }, blob.size);
  body.form = form;
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

function readForm(bytes, mime) {
  switch (mime?.essence) {
    case 'multipart/form-data':
      return require('internal/fetch/multipart').decodeForm(bytes, mime.params.get('boundary') ?? undefined);
    case 'application/x-www-form-urlencoded':
      return [...new URLSearchParams(formDecoder.decode(bytes))];
    default:
      throw new TypeError(
        'Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".'
      );
  }
}

function toFormData(bytes, mime) {
  const form = new FormData();
  for (const [name, value] of readForm(bytes, mime)) form.append(name, value);
  return form;
}

/**
 * Gives an interface the members that read a body.
 * @param {Function} Class
 * @param {(self: object) => { body: Body | null, mime: () => MIMEType | undefined }} stateOf throws where `self`
 *   is something else
 */
function mixBody(Class, stateOf) {
  // Rejects also where the method is called on something else.
  const consume = async (self, convert) => {
    const { body, mime } = stateOf(self);
    if (body === null) return convert(new Uint8Array(0), mime);
    if (body.isUsed || body.isLocked) throw new TypeError('Body is unusable: Body has already been read');
    return convert(await body.readAll(), mime);
  };
  const methods = {
    blob() {
      return consume(this, (bytes, mime) => new Blob([bytes], { type: mime()?.toString() ?? '' }));
    },
    arrayBuffer() {
      return consume(this, (bytes) => copyOf(bytes).buffer);
    },
    text() {
      return consume(this, (bytes) => decoder.decode(bytes));
    },
    json() {
      return consume(this, (bytes) => JSON.parse(decoder.decode(bytes)));
    },
    formData() {
      return consume(this, (bytes, mime) => toFormData(bytes, mime()));
    },
    bytes() {
      return consume(this, (bytes) => new Uint8Array(bytes));
    },
    textStream() {
      const { body } = stateOf(this);
      if (body !== null && (body.isUsed || body.isLocked)) {
        throw new TypeError('Body is unusable: Body has already been read');
      }
      const stream = body === null ? streamOfBytes(new Uint8Array(0)) : body.stream;
      return stream.pipeThrough(new TextDecoderStream());
    },
  };
  const descriptor = { __proto__: null, configurable: true, enumerable: true, writable: true };
  for (const name of Object.keys(methods)) {
    Object.defineProperty(Class.prototype, name, { ...descriptor, value: methods[name] });
  }
  Object.defineProperties(Class.prototype, { body: kEnumerableProperty, bodyUsed: kEnumerableProperty });
}

/**
 * The media type that header fields name.
 * @param {import('web/headers').HeaderList} list
 * @returns {import('internal/mime').MIMEType | undefined}
 */
function mimeOf(list) {
  const value = list.get('content-type');
  if (value === null) return undefined;
  const { MIMEType } = require('internal/mime');
  try {
    return new MIMEType(value);
  } catch {
    return undefined;
  }
}

module.exports = { Body, extractBody, failWith, mimeOf, mixBody };
