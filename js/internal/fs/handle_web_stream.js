// `FileHandle.prototype.readableWebStream`: the bytes of an open file as a web stream.
'use strict';

const { kRef, kUnref } = require('internal/fs/streams');
const { ReadableStream, coreOf } = require('internal/webstreams/readable_stream');

/** How much is read at once where the reader brings no memory of its own. */
const kChunkSize = 16 * 1024;

/** Reads a file for a stream, which uses the handle until its end. */
class HandleSource {
  type = 'bytes';
  autoAllocateChunkSize = kChunkSize;
  #handle;
  #autoClose;
  #ended = false;

  constructor(handle, autoClose) {
    this.#handle = handle;
    this.#autoClose = autoClose;
    handle[kRef]();
  }

  async pull(controller) {
    const { byobRequest } = controller;
    const { view } = byobRequest;
    let bytesRead;
    try {
      ({ bytesRead } = await this.#handle.read(view, 0, view.byteLength));
    } catch (error) {
      this.#end();
      throw error;
    }
    if (this.#ended) return;
    if (bytesRead === 0) {
      controller.close();
      await this.#end();
    }
    byobRequest.respond(bytesRead);
  }

  cancel() {
    return this.#end();
  }

  #end() {
    if (this.#ended) return undefined;
    this.#ended = true;
    this.#handle[kUnref]();
    return this.#autoClose ? this.#handle.close() : undefined;
  }
}

/**
 * @param {FileHandle} handle
 * @param {boolean} autoClose whether the end of the stream closes the handle
 * @returns {ReadableStream} which ends when the handle is closed
 */
function webStreamOf(handle, autoClose) {
  const stream = new ReadableStream(new HandleSource(handle, autoClose));
  handle.once('close', () => coreOf(stream).cancel());
  return stream;
}

module.exports = { webStreamOf };
