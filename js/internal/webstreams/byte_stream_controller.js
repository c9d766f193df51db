// `ReadableByteStreamController` and `ReadableStreamBYOBRequest`, as programs see them.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const { isSharedArrayBuffer } = require('internal/util/types');
const { describe, finishClass, kConstruct, kState, stateOf } = require('internal/webstreams/common');
const { ReadableByteController } = require('internal/webstreams/byte_controller');

const { isView } = ArrayBuffer;

/** The internal half of a request; without a controller once it has been answered. */
class ByobRequestState {
  controller;
  view;

  constructor(controller, view) {
    this.controller = controller;
    this.view = view;
  }
}

const requestName = 'ReadableStreamBYOBRequest';

/** Where a source may write bytes for a reader directly. */
class ReadableStreamBYOBRequest {
  constructor(key = undefined, controller = undefined, view = undefined) {
    if (key !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kState] = new ByobRequestState(controller, view);
  }

  /** @returns {Uint8Array | null} what may be written to; null once answered */
  get view() {
    return stateOf(this, ByobRequestState, requestName).view;
  }

  /** @param {number} bytesWritten to the view, from its beginning */
  respond(bytesWritten) {
    const { controller, view } = stateOf(this, ByobRequestState, requestName);
    checkValid(controller);
    if (view.buffer.detached) throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
    controller.respond(toLength(bytesWritten));
  }

  /** @param {ArrayBufferView} view on the same memory, moved elsewhere by then */
  respondWithNewView(view) {
    const { controller } = stateOf(this, ByobRequestState, requestName);
    checkValid(controller);
    checkView(view, 'view');
    if (view.buffer.detached) throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
    controller.respondWithNewView(view);
  }

  [customInspectSymbol](depth, options) {
    const { view, controller } = stateOf(this, ByobRequestState, requestName);
    return describe(this, depth, options, { view, controller: controller?.owner });
  }
}
finishClass(ReadableStreamBYOBRequest, ['view', 'respond', 'respondWithNewView']);

function checkValid(controller) {
  if (controller !== undefined) return;
  throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
}

function checkView(view, name) {
  if (!isView(view)) throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], view);
}

function toLength(value) {
  const number = Math.trunc(+value);
  if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) {
    throw new ERR_INVALID_ARG_VALUE('bytesWritten', value);
  }
  return number;
}

const controllerName = 'ReadableByteStreamController';

class ReadableByteStreamController {
  constructor(key = undefined, controller = undefined) {
    if (key !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kState] = controller;
  }

  /** @returns {ReadableStreamBYOBRequest | null} of a reader that brings memory */
  get byobRequest() {
    return stateOf(this, ReadableByteController, controllerName).byobRequest;
  }

  /** @returns {number | null} how many bytes the queue has room for */
  get desiredSize() {
    return stateOf(this, ReadableByteController, controllerName).desiredSize;
  }

  /** No chunk comes after those that are queued. */
  close() {
    const controller = stateOf(this, ReadableByteController, controllerName);
    checkOpen(controller);
    controller.close();
  }

  /** @param {ArrayBufferView} chunk whose memory is taken */
  enqueue(chunk) {
    const controller = stateOf(this, ReadableByteController, controllerName);
    checkView(chunk, 'buffer');
    if (isSharedArrayBuffer(chunk.buffer)) {
      throw new ERR_INVALID_ARG_VALUE('chunk', chunk, 'must not be backed by a SharedArrayBuffer');
    }
    if (chunk.byteLength === 0 || chunk.buffer.byteLength === 0) {
      throw new ERR_INVALID_STATE.TypeError('chunk ArrayBuffer is zero-length or detached');
    }
    checkOpen(controller);
    controller.enqueue(chunk);
  }

  /** @param {unknown} [error] that every reader gets */
  error(error = undefined) {
    stateOf(this, ReadableByteController, controllerName).error(error);
  }

  [customInspectSymbol](depth, options) {
    return describe(this, depth, options, {});
  }
}
finishClass(ReadableByteStreamController, ['byobRequest', 'desiredSize', 'close', 'enqueue', 'error']);

function checkOpen(controller) {
  if (controller.closeRequested) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
  if (controller.stream.state !== 'readable') {
    throw new ERR_INVALID_STATE.TypeError('ReadableStream is already closed');
  }
}

/** What a byte controller shows to programs. */
const faces = {
  createOwner(controller) {
    return new ReadableByteStreamController(kConstruct, controller);
  },
  createRequest(controller, view) {
    return new ReadableStreamBYOBRequest(kConstruct, controller, view);
  },
  invalidate(request) {
    const state = request[kState];
    state.controller = undefined;
    state.view = null;
  },
};

module.exports = { ReadableByteStreamController, ReadableStreamBYOBRequest, faces };
