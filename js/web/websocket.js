// The web interface WebSocket: a client of the WebSocket protocol, after the WebSockets Standard.
'use strict';

const { Blob } = require('buffer');
const {
  copyOf,
  defineConstants,
  describeInterface,
  illegalInvocation,
  requireArguments,
  toDOMString,
  toUSVString,
} = require('internal/fetch/webidl');
const { checkIsHttpToken } = require('internal/http/fields');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { lazyDOMException } = require('internal/util');
const { isArrayBuffer } = require('internal/util/types');
const { CloseEvent, ErrorEvent } = require('web/close_event');
const { EventTarget, defineEventHandler } = require('web/event_target');
const { listOf } = require('web/headers');
const { MessageEvent } = require('web/message_event');

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;
const LONGEST_REASON = 123;

function parseURL(text) {
  let url;
  try {
    url = new URL(text);
  } catch (error) {
    throw lazyDOMException(String(error), 'SyntaxError');
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  else if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw lazyDOMException('expected a ws: or wss: url', 'SyntaxError');
  }
  if (url.hash !== '' || url.href.endsWith('#')) throw lazyDOMException('hash', 'SyntaxError');
  return url;
}

function toProtocols(value) {
  const isList = typeof value === 'object' && value !== null && typeof value[Symbol.iterator] === 'function';
  const list = isList ? [...value] : [value];
  const protocols = list.map((item) => toDOMString(item, 'undefined', 'undefined'));
  const isUnique = new Set(protocols.map((text) => text.toLowerCase())).size === protocols.length;
  if (!isUnique || !protocols.every((text) => checkIsHttpToken(text))) {
    throw lazyDOMException('Invalid Sec-WebSocket-Protocol value', 'SyntaxError');
  }
  return protocols;
}

// As in Node, the second argument may also be an object with protocols and header fields.
function readOptions(value) {
  const isOptions = typeof value === 'object' && value !== null && typeof value[Symbol.iterator] !== 'function';
  if (!isOptions) return { protocols: value === undefined ? [] : toProtocols(value), headers: [] };
  const headers = value.headers === undefined ? [] : listOf(new Headers(value.headers)).flat();
  return { protocols: value.protocols === undefined ? [] : toProtocols(value.protocols), headers };
}

/** A connection to a server of the WebSocket protocol. */
class WebSocket extends EventTarget {
  #url;
  #connection;
  #readyState = CONNECTING;
  #protocol = '';
  #extensions = '';
  #binaryType = 'blob';
  #bufferedAmount = 0;
  /** Blobs are read before what comes behind them is sent. */
  #sending = 0;
  #queue = Promise.resolve();

  /**
   * @param {string | URL} url
   * @param {string | string[] | { protocols?: string | string[], headers?: HeadersInit }} [protocols]
   */
  constructor(url, protocols = []) {
    requireArguments(arguments.length, 1, 'WebSocket constructor');
    super();
    this[kTransferMode] = kUncloneable;
    const options = readOptions(protocols);
    this.#url = parseURL(toUSVString(url));
    const { Connection } = require('internal/websocket/connection');
    this.#connection = new Connection(this.#url, options.protocols, options.headers, {
      onOpen: (protocol, extensions) => {
        this.#readyState = OPEN;
        this.#protocol = protocol;
        this.#extensions = extensions;
        this.dispatchEvent(new Event('open'));
      },
      onMessage: (data) => this.#receive(data),
      onClosing: () => {
        if (this.#readyState === OPEN) this.#readyState = CLOSING;
      },
      onClose: (failure, wasClean, code, reason) => {
        this.#readyState = CLOSED;
        // As in Node, a program learns that it has failed, not why.
        if (failure !== undefined) this.dispatchEvent(new ErrorEvent('error', { error: new TypeError('') }));
        this.dispatchEvent(new CloseEvent('close', { wasClean, code, reason }));
      },
    });
  }

  static #check(self) {
    if (typeof self !== 'object' || self === null || !(#url in self)) throw illegalInvocation();
    return self;
  }

  #receive(data) {
    if (this.#readyState !== OPEN) return;
    if (typeof data !== 'string') {
      data = this.#binaryType === 'blob' ? new Blob([data]) : copyOf(data).buffer;
    }
    this.dispatchEvent(new MessageEvent('message', { data, origin: this.#url.origin }));
  }

  /**
   * @param {number} [code] 1000, or 3000 to 4999
   * @param {string} [reason] at most 123 bytes
   */
  close(code = undefined, reason = undefined) {
    WebSocket.#check(this);
    if (code !== undefined) {
      const number = Number(code);
      code = Number.isNaN(number) ? 0 : Math.max(0, Math.min(0xffff, Math.trunc(number)));
      if (code !== 1000 && (code < 3000 || code > 4999)) throw lazyDOMException('invalid code', 'InvalidAccessError');
    }
    const text = reason === undefined ? '' : toUSVString(reason);
    const length = Buffer.byteLength(text);
    if (length > LONGEST_REASON) {
      throw lazyDOMException(`Reason must be less than ${LONGEST_REASON} bytes; received ${length}`, 'SyntaxError');
    }
    if (this.#readyState >= CLOSING) return;
    this.#readyState = CLOSING;
    // What was sent before goes out before.
    if (this.#sending > 0) this.#queue.then(() => this.#connection.close(code, text));
    else this.#connection.close(code ?? (text === '' ? undefined : 1000), text);
  }

  /** @param {string | ArrayBuffer | ArrayBufferView | Blob} data */
  send(data) {
    WebSocket.#check(this);
    requireArguments(arguments.length, 1, 'WebSocket.send');
    const isBinary = typeof data === 'object' && data !== null &&
      (data instanceof Blob || isArrayBuffer(data) || (ArrayBuffer.isView(data) && isArrayBuffer(data.buffer)));
    const message = isBinary ? data : toUSVString(data);
    if (this.#readyState === CONNECTING) throw lazyDOMException('Sent before connected.', 'InvalidStateError');
    if (this.#readyState !== OPEN) return;
    if (message instanceof Blob) {
      this.#bufferedAmount += message.size;
      this.#enqueue(async () => this.#write(false, new Uint8Array(await message.arrayBuffer())));
      return;
    }
    const bytes = isBinary ? copyOf(message) : Buffer.from(message);
    this.#bufferedAmount += bytes.byteLength;
    if (this.#sending > 0) this.#enqueue(() => this.#write(!isBinary, bytes));
    else this.#write(!isBinary, bytes);
  }

  #enqueue(work) {
    this.#sending++;
    this.#queue = this.#queue.then(work).finally(() => this.#sending--);
  }

  #write(isText, bytes) {
    this.#connection.send(isText, bytes, () => {
      this.#bufferedAmount -= bytes.byteLength;
    });
  }

  /** @returns {number} */
  get readyState() {
    return WebSocket.#check(this).#readyState;
  }

  /** @returns {number} bytes that were sent and are not yet written */
  get bufferedAmount() {
    return WebSocket.#check(this).#bufferedAmount;
  }

  /** @returns {string} */
  get url() {
    return WebSocket.#check(this).#url.href;
  }

  /** @returns {string} */
  get extensions() {
    return WebSocket.#check(this).#extensions;
  }

  /** @returns {string} the one that the server has chosen */
  get protocol() {
    return WebSocket.#check(this).#protocol;
  }

  /** @returns {'blob' | 'arraybuffer'} what binary messages come as */
  get binaryType() {
    return WebSocket.#check(this).#binaryType;
  }

  set binaryType(value) {
    WebSocket.#check(this).#binaryType = value === 'arraybuffer' ? 'arraybuffer' : 'blob';
  }
}

for (const name of ['open', 'error', 'close', 'message']) defineEventHandler(WebSocket.prototype, name);
describeInterface(WebSocket, 'WebSocket',
  ['close', 'send', 'readyState', 'bufferedAmount', 'url', 'extensions', 'protocol', 'binaryType']);
defineConstants(WebSocket, { CONNECTING, OPEN, CLOSING, CLOSED });

module.exports = { WebSocket };
