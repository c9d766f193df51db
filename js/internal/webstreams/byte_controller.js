// The inside of `ReadableByteStreamController`: a queue of bytes that readers may have copied into memory of
// their own.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { isDataView } = require('internal/util/types');
const { Fifo, NativePromise, react } = require('internal/webstreams/common');

/** Bytes in the queue. */
class QueuedBytes {
  constructor(buffer, byteOffset, byteLength) {
    this.buffer = buffer;
    this.byteOffset = byteOffset;
    this.byteLength = byteLength;
  }
}

/** Memory that is being filled for a reader. */
class PullInto {
  bytesFilled = 0;

  /**
   * @param {number} minimumFill in bytes
   * @param {Function} View the constructor of the reader's view
   * @param {'default' | 'byob' | 'none'} readerType
   */
  constructor(buffer, byteOffset, byteLength, minimumFill, elementSize, View, readerType) {
    this.buffer = buffer;
    this.bufferByteLength = buffer.byteLength;
    this.byteOffset = byteOffset;
    this.byteLength = byteLength;
    this.minimumFill = minimumFill;
    this.elementSize = elementSize;
    this.View = View;
    this.readerType = readerType;
  }

  /** What has been filled, on memory that nobody else has. */
  toView() {
    return new this.View(this.buffer.transfer(), this.byteOffset, this.bytesFilled / this.elementSize);
  }
}

class ReadableByteController {
  stream;
  closeRequested = false;
  #queue = new Fifo();
  #total = 0;
  /** @type {PullInto[]} */
  #pullIntos = [];
  // What the program may fill; made when asked for
  #byobRequest = null;
  #source;
  #highWaterMark;
  #autoAllocateChunkSize;
  #started = false;
  #pulling = false;
  #pullAgain = false;
  #owner = undefined;
  // Makes what the program sees
  #faces;
  #onPulled;
  #onPullFailed;

  constructor(stream, source, highWaterMark, autoAllocateChunkSize, faces) {
    this.stream = stream;
    stream.controller = this;
    this.#source = source;
    this.#highWaterMark = highWaterMark;
    this.#autoAllocateChunkSize = autoAllocateChunkSize;
    this.#faces = faces;
    this.#onPulled = () => {
      this.#pulling = false;
      if (this.#pullAgain) {
        this.#pullAgain = false;
        this.callPullIfNeeded();
      }
    };
    this.#onPullFailed = (reason) => this.error(reason);
  }

  /** To be called once, with what the source's start returned. */
  start(result) {
    const promise = result === undefined ? undefined : new NativePromise((resolve) => resolve(result));
    react(promise, () => {
      this.#started = true;
      this.callPullIfNeeded();
    }, this.#onPullFailed);
  }

  /** @returns {ReadableByteStreamController} as the program knows it */
  get owner() {
    return this.#owner ??= this.#faces.createOwner(this);
  }

  get supportsBYOB() {
    return true;
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === 'errored') return null;
    if (state === 'closed') return 0;
    return this.#highWaterMark - this.#total;
  }

  get canCloseOrEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  /** @returns {ReadableStreamBYOBRequest | null} */
  get byobRequest() {
    if (this.#byobRequest === null && this.#pullIntos.length > 0) {
      const first = this.#pullIntos[0];
      const view = new Uint8Array(
        first.buffer, first.byteOffset + first.bytesFilled, first.byteLength - first.bytesFilled);
      this.#byobRequest = this.#faces.createRequest(this, view);
    }
    return this.#byobRequest;
  }

  /** Whether a reader's memory waits to be filled. */
  get hasPullInto() {
    return this.#pullIntos.length > 0;
  }

  /** @throws {TypeError} if memory has been filled with a part of an element */
  close() {
    if (!this.canCloseOrEnqueue) return;
    if (this.#total > 0) {
      this.closeRequested = true;
      return;
    }
    const first = this.#pullIntos[0];
    if (first !== undefined && first.bytesFilled % first.elementSize !== 0) {
      const error = new ERR_INVALID_STATE.TypeError('Partial read');
      this.error(error);
      throw error;
    }
    this.#source = null;
    this.stream.close();
  }

  /** @param {ArrayBufferView} chunk whose memory is taken */
  enqueue(chunk) {
    const { byteOffset, byteLength } = chunk;
    if (!this.canCloseOrEnqueue) return;
    const first = this.#pullIntos[0];
    if (first !== undefined && first.buffer.detached) {
      throw new ERR_INVALID_STATE.TypeError('Destination ArrayBuffer is detached');
    }
    const buffer = chunk.buffer.transfer();
    if (first !== undefined) {
      this.#invalidateRequest();
      first.buffer = first.buffer.transfer();
      if (first.readerType === 'none') this.#enqueueDetached(first);
    }
    const { reader } = this.stream;
    if (reader === undefined) {
      this.#push(buffer, byteOffset, byteLength);
    } else if (reader.isDefault) {
      this.#serveWaitingReads(reader);
      if (!reader.waits) {
        this.#push(buffer, byteOffset, byteLength);
      } else {
        if (this.#pullIntos.length > 0) this.#pullIntos.shift();
        reader.requests.shift().chunk(new Uint8Array(buffer, byteOffset, byteLength));
      }
    } else {
      this.#push(buffer, byteOffset, byteLength);
      this.#commitAll(this.#fillFromQueue());
    }
    this.callPullIfNeeded();
  }

  #push(buffer, byteOffset, byteLength) {
    this.#queue.push(new QueuedBytes(buffer, byteOffset, byteLength));
    this.#total += byteLength;
  }

  #pushCopy(buffer, byteOffset, byteLength) {
    let copy;
    try {
      copy = buffer.slice(byteOffset, byteOffset + byteLength);
    } catch (error) {
      this.error(error);
      throw error;
    }
    this.#push(copy, 0, byteLength);
  }

  // What a reader that has gone had been given so far belongs to the next one.
  #enqueueDetached(pullInto) {
    if (pullInto.bytesFilled > 0) this.#pushCopy(pullInto.buffer, pullInto.byteOffset, pullInto.bytesFilled);
    this.#pullIntos.shift();
  }

  #serveWaitingReads(reader) {
    while (reader.requests.length > 0 && this.#total > 0) reader.requests.shift().chunk(this.takeChunk());
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.#reset();
    this.#source = null;
    this.stream.error(reason);
  }

  #reset() {
    this.#invalidateRequest();
    this.#pullIntos = [];
    this.#queue.takeAll();
    this.#total = 0;
  }

  cancelSteps(reason) {
    this.#reset();
    const source = this.#source;
    this.#source = null;
    return source === null ? undefined : source.cancel(reason);
  }

  /** Whether bytes lie ready. */
  get hasChunk() {
    return this.#total > 0;
  }

  /** The bytes that lie ready, as they were put in. */
  takeChunk() {
    const entry = this.#queue.shift();
    this.#total -= entry.byteLength;
    this.#onQueueDrained();
    return new Uint8Array(entry.buffer, entry.byteOffset, entry.byteLength);
  }

  #onQueueDrained() {
    if (this.#total === 0 && this.closeRequested) {
      this.#source = null;
      this.stream.close();
    } else {
      this.callPullIfNeeded();
    }
  }

  pullSteps(request) {
    if (this.#total > 0) {
      request.chunk(this.takeChunk());
      return;
    }
    if (this.#autoAllocateChunkSize !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(this.#autoAllocateChunkSize);
      } catch (error) {
        request.error(error);
        return;
      }
      this.#pullIntos.push(new PullInto(buffer, 0, buffer.byteLength, 1, 1, Uint8Array, 'default'));
    }
    this.stream.reader.requests.push(request);
    this.callPullIfNeeded();
  }

  /** A read into the reader's memory. */
  pullInto(view, min, request) {
    const { stream } = this;
    const isBytes = isDataView(view);
    const elementSize = isBytes ? 1 : view.BYTES_PER_ELEMENT;
    const View = isBytes ? DataView : typedArrays[view[Symbol.toStringTag]];
    const { byteOffset, byteLength } = view;
    let buffer;
    try {
      buffer = view.buffer.transfer();
    } catch (error) {
      request.error(error);
      return;
    }
    const pullInto = new PullInto(
      buffer, byteOffset, byteLength, min * elementSize, elementSize, View, 'byob');
    if (this.#pullIntos.length > 0) {
      this.#pullIntos.push(pullInto);
      stream.reader.requests.push(request);
      return;
    }
    if (stream.state === 'closed') {
      request.close(new View(buffer, byteOffset, 0));
      return;
    }
    if (this.#total > 0) {
      if (this.#fill(pullInto)) {
        const filled = pullInto.toView();
        this.#onQueueDrained();
        request.chunk(filled);
        return;
      }
      if (this.closeRequested) {
        const error = new ERR_INVALID_STATE.TypeError('ReadableStream closed');
        this.error(error);
        request.error(error);
        return;
      }
    }
    this.#pullIntos.push(pullInto);
    stream.reader.requests.push(request);
    this.callPullIfNeeded();
  }

  // Copies from the queue; returns whether the reader can have it.
  #fill(pullInto) {
    const available = Math.min(this.#total, pullInto.byteLength - pullInto.bytesFilled);
    const wholeElements = pullInto.bytesFilled + available;
    const aligned = wholeElements - wholeElements % pullInto.elementSize;
    const isReady = aligned >= pullInto.minimumFill;
    let remaining = isReady ? aligned - pullInto.bytesFilled : available;
    while (remaining > 0) {
      const entry = this.#queue.peek();
      const count = Math.min(remaining, entry.byteLength);
      const target = new Uint8Array(pullInto.buffer, pullInto.byteOffset + pullInto.bytesFilled, count);
      target.set(new Uint8Array(entry.buffer, entry.byteOffset, count));
      if (entry.byteLength === count) {
        this.#queue.shift();
      } else {
        entry.byteOffset += count;
        entry.byteLength -= count;
      }
      this.#total -= count;
      pullInto.bytesFilled += count;
      remaining -= count;
    }
    return isReady;
  }

  #fillFromQueue() {
    const filled = [];
    while (this.#pullIntos.length > 0 && this.#total > 0) {
      if (this.#fill(this.#pullIntos[0])) filled.push(this.#pullIntos.shift());
    }
    return filled;
  }

  #commit(pullInto) {
    const { reader, state } = this.stream;
    const view = pullInto.toView();
    const request = reader.requests.shift();
    if (state === 'closed') request.close(pullInto.readerType === 'default' ? undefined : view);
    else request.chunk(view);
  }

  #commitAll(pullIntos) {
    for (const pullInto of pullIntos) this.#commit(pullInto);
  }

  /** The program has put so many bytes into the memory of the request. */
  respond(bytesWritten) {
    const first = this.#pullIntos[0];
    if (this.stream.state === 'closed') {
      if (bytesWritten !== 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
    } else {
      if (bytesWritten === 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
      if (first.bytesFilled + bytesWritten > first.byteLength) {
        throw new ERR_INVALID_ARG_VALUE.RangeError('bytesWritten', bytesWritten);
      }
    }
    first.buffer = first.buffer.transfer();
    this.#respondWith(first, bytesWritten);
  }

  /** As `respond`, with the memory moved elsewhere. */
  respondWithNewView(view) {
    const first = this.#pullIntos[0];
    const { byteLength, byteOffset, buffer } = view;
    if (this.stream.state === 'closed') {
      if (byteLength !== 0) throw new ERR_INVALID_STATE.TypeError('View is not zero-length');
    } else if (byteLength === 0) {
      throw new ERR_INVALID_STATE.TypeError('View is zero-length');
    }
    if (first.byteOffset + first.bytesFilled !== byteOffset) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
    }
    if (first.bufferByteLength !== buffer.byteLength || first.bytesFilled + byteLength > first.byteLength) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
    }
    first.buffer = buffer.transfer();
    this.#respondWith(first, byteLength);
  }

  #respondWith(first, bytesWritten) {
    this.#invalidateRequest();
    if (this.stream.state === 'closed') this.#respondClosed(first);
    else this.#respondReadable(first, bytesWritten);
    this.callPullIfNeeded();
  }

  #respondClosed(first) {
    if (first.readerType === 'none') this.#pullIntos.shift();
    const { reader } = this.stream;
    if (reader === undefined || reader.isDefault) return;
    const filled = [];
    while (filled.length < reader.requests.length) filled.push(this.#pullIntos.shift());
    this.#commitAll(filled);
  }

  #respondReadable(first, bytesWritten) {
    first.bytesFilled += bytesWritten;
    if (first.readerType === 'none') {
      this.#enqueueDetached(first);
      this.#commitAll(this.#fillFromQueue());
      return;
    }
    if (first.bytesFilled < first.minimumFill) return;
    this.#pullIntos.shift();
    const rest = first.bytesFilled % first.elementSize;
    if (rest > 0) this.#pushCopy(first.buffer, first.byteOffset + first.bytesFilled - rest, rest);
    first.bytesFilled -= rest;
    const filled = this.#fillFromQueue();
    this.#commit(first);
    this.#commitAll(filled);
  }

  #invalidateRequest() {
    if (this.#byobRequest === null) return;
    this.#faces.invalidate(this.#byobRequest);
    this.#byobRequest = null;
  }

  releaseSteps() {
    if (this.#pullIntos.length === 0) return;
    const first = this.#pullIntos[0];
    first.readerType = 'none';
    this.#pullIntos = [first];
  }

  callPullIfNeeded() {
    const source = this.#source;
    if (source === null || !source.canPull || !this.#started || !this.canCloseOrEnqueue) return;
    const { reader } = this.stream;
    if (!(reader !== undefined && reader.requests.length > 0) && !(this.desiredSize > 0)) return;
    if (this.#pulling) {
      this.#pullAgain = true;
      return;
    }
    this.#pulling = true;
    react(source.pull(this), this.#onPulled, this.#onPullFailed);
  }
}

/** The constructors of views by their tags: those of a view may have been changed. */
const typedArrays = {
  __proto__: null,
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
  Float32Array, Float64Array, BigInt64Array, BigUint64Array,
  get Float16Array() {
    return globalThis.Float16Array;
  },
};

module.exports = { ReadableByteController };
