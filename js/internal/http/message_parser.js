// The parser of a connection: turns bytes into messages for `onIncoming` of its owner.
'use strict';

const { FastBuffer } = require('internal/buffer/memory');
const {
  IncomingMessage, endMessage, readStart, readStop, setHead,
} = require('internal/http/incoming');
const { names } = require('internal/http/methods');
const { scopeOf } = require('internal/http/parser_scope');

const binding = internalBinding('http');

/** On a server: the class of its requests. */
const kIncomingMessage = Symbol('IncomingMessage');

const RESPONSE = 2;

/** The bits of the first argument of `onHead`. */
const flag = {
  UPGRADE: 1,
  KEEP_ALIVE: 2,
  HAS_HOST: 4,
  HAS_EXPECT: 8,
  HAS_CONNECTION: 16,
  HAS_NO_BODY: 32,
  IS_LAST: 64,
};

/** Where a parser has the function for the end of its time. */
const kOnTimeout = 6;

/** How many entries of a header count where nobody says: two for each field. */
const DEFAULT_ENTRIES = 2000;
const DEFAULT_HEADER_SIZE = 16 * 1024;

let defaultHeaderSize;

function maxHeaderSizeOf(size) {
  if (size > 0) return size;
  const { getOptionValue } = require('internal/options');
  return defaultHeaderSize ??= getOptionValue('--max-http-header-size') || DEFAULT_HEADER_SIZE;
}

/**
 * @param {[string, string, number]} report the code, the reason and the number of bytes before it
 * @returns {Error}
 */
function parseError([code, reason, bytesParsed]) {
  const error = new Error('Parse Error');
  error.bytesParsed = bytesParsed;
  error.code = code;
  error.reason = reason;
  return error;
}

/** A header is there. */
function readHead(flags, method, url, fields, version, status, reason) {
  const { socket } = this;
  const server = socket?.server;
  const Message = server?.[kIncomingMessage] ?? IncomingMessage;
  const message = this.incoming = new Message(socket);
  if (version === 11) {
    message.httpVersionMajor = 1;
    message.httpVersionMinor = 1;
    message.httpVersion = '1.1';
  } else {
    message.httpVersionMajor = Math.trunc(version / 10);
    message.httpVersionMinor = version % 10;
    message.httpVersion = `${message.httpVersionMajor}.${message.httpVersionMinor}`;
  }
  message.joinDuplicateHeaders = server?.joinDuplicateHeaders || this.joinDuplicateHeaders;
  message.upgrade = (flags & flag.UPGRADE) !== 0;
  setHead(message, fields, this.maxHeaderPairs > 0 ? this.maxHeaderPairs : Infinity);
  if (this.isResponse) {
    message.statusCode = status;
    message.statusMessage = reason;
  } else {
    message.url = url;
    message.method = names[method];
  }
  return this.onIncoming(message, (flags & flag.KEEP_ALIVE) !== 0, flags);
}

/** A part of a body is there. */
function readBody(buffer, offset, length) {
  const message = this.incoming;
  if (message === null || message._dumped) return;
  const more = message.push(new FastBuffer(buffer, offset, length));
  if (!more) readStop(this.socket);
}

/** A message is complete. */
function readEnd(trailers) {
  const message = this.incoming;
  if (message !== null) endMessage(message, trailers);
  // The next message may come.
  readStart(this.socket);
}

class MessageParser extends binding.HttpParser {
  constructor() {
    super();
    this.socket = null;
    this.incoming = null;
    this.outgoing = null;
    this.maxHeaderPairs = DEFAULT_ENTRIES;
    this._consumed = false;
    this.onIncoming = null;
    this.joinDuplicateHeaders = null;
    this.isResponse = false;
    this.current = undefined;
    this.scope = null;
    // Of clients: bytes may come while the program is told of others.
    this.isExecuting = false;
    this.laterChunks = null;
  }

  /**
   * Begins anew.
   * @param {number} type `HTTPParser.REQUEST` or `HTTPParser.RESPONSE`
   * @param {object} resource what asynchronous hooks are told
   * @param {number} [maxHeaderSize] in bytes, 0 for the default
   * @param {number} [lenient] a sum of `HTTPParser.kLenient*`
   */
  initialize(type, resource, maxHeaderSize, lenient) {
    this.isResponse = type === RESPONSE;
    this.scope = scopeOf(this.isResponse ? 'HTTPCLIENTREQUEST' : 'HTTPINCOMINGMESSAGE', resource);
    super.initialize(this.isResponse, maxHeaderSizeOf(maxHeaderSize), lenient | 0);
  }

  /**
   * Reads bytes.
   * @param {Uint8Array} buffer
   * @returns {number | Error} how many bytes were used, or why they are no message
   */
  execute(buffer) {
    this.current = buffer;
    const used = super.execute(buffer);
    return typeof used === 'object' ? parseError(used) : used;
  }

  /** @returns {Error | undefined} why a message cannot end here */
  finish() {
    const report = super.finish();
    return report === undefined ? undefined : parseError(report);
  }

  /** @returns {Uint8Array | undefined} the bytes that were read last */
  getCurrentBuffer() {
    return this.current;
  }

  onHead(flags, method, url, fields, version, status, reason) {
    if (this.scope !== null) {
      return this.scope.run(readHead, this, [flags, method, url, fields, version, status, reason]);
    }
    return readHead.call(this, flags, method, url, fields, version, status, reason);
  }

  onBody(buffer, offset, length) {
    if (this.scope !== null) this.scope.run(readBody, this, [buffer, offset, length]);
    else readBody.call(this, buffer, offset, length);
  }

  onEnd(trailers) {
    if (this.scope !== null) this.scope.run(readEnd, this, [trailers]);
    else readEnd.call(this, trailers);
  }

  /** Forgets its connection, also while it reads. */
  clear() {
    this.pause();
    this[kOnTimeout] = null;
    this.socket = null;
    this.incoming = null;
    this.outgoing = null;
    this.maxHeaderPairs = DEFAULT_ENTRIES;
    this.onIncoming = null;
    this.joinDuplicateHeaders = null;
    this.current = undefined;
    this._consumed = false;
    if (this.scope !== null) {
      this.scope.end();
      this.scope = null;
    }
  }

  /**
   * Reads what comes for a handle, whose socket sees nothing of it.
   * @param {TcpHandle | PipeHandle} handle
   */
  consume(handle) {
    this._consumed = this.attach(handle);
    handle._consumed = this._consumed;
  }

  /** Leaves what comes to the socket again. */
  unconsume() {
    this.detach();
    this._consumed = false;
  }

  close() {}

  free() {}

  remove() {}
}
Object.defineProperty(MessageParser, 'name', { value: 'HTTPParser' });

module.exports = { MessageParser, flag, kIncomingMessage, kOnTimeout, parseError };
