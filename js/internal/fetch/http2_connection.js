// The connections of fetch that speak HTTP/2: many requests at a time on each, over the native session of `http2`.
'use strict';

const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const { codes } = require('internal/errors');
const { Deadline } = require('internal/fetch/deadline');
const { informational, otherSideClosed, timedOut } = require('internal/fetch/errors');
const { bytesOf, http2HeadOf, mayBeSentAgain, mismatch } = require('internal/fetch/request_head');
const { FRAME_ERROR_CODES, NGHTTP2_ERR, NghttpError, QUIET_FRAME_ERRORS, errorName } = require('internal/http2/errors');
const { SINGLE } = require('internal/http2/headers');
const { nativeOptions } = require('internal/http2/session_options');
const { attachTo, holdSocket, writeOutput } = require('internal/http2/transport');

const binding = internalBinding('http2');
const processBinding = internalBinding('process');

/** How long a server may be silent, before its answer and within it. */
const LONGEST_SILENCE = 300_000;
const PING_INTERVAL = 60_000;
const KEEP_ALIVE = 4_000;

const ENABLE_PUSH = 2;
const INITIAL_WINDOW_SIZE = 4;
const STREAM_WINDOW = 256 * 1024;
const CONNECTION_WINDOW = 512 * 1024;
/** What a server allows that has not said anything. */
const FIRST_LIMIT = 100;
/** Where the settings of the other side have the number of its streams. */
const MAX_CONCURRENT_STREAMS = 2;

const END_STREAM = 1;
const FINAL_STATUS = 200;
const PING_SIZE = 8;

const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
const REFUSED_STREAM = 7;
const CANCEL = 8;

const withCode = (error, code) => Object.assign(error, { http2ErrorCode: code });

/** A request under way. */
class Stream {
  constructor(id, exchange) {
    this.id = id;
    /** @type {Exchange | undefined} until it has got all of its answer, or wants it no more */
    this.exchange = exchange;
    this.isAnswered = false;
    this.isClosed = false;
    this.isPaused = false;
    /** When something happened last. */
    this.lastAt = processBinding.loopNow();
    /** Called when what was given to the session is sent. */
    this.whenWritten = undefined;
  }

  /** Gives up the exchange. */
  take() {
    const { exchange } = this;
    this.exchange = undefined;
    return exchange;
  }

  /** What waits for the end of a write goes on. */
  wake() {
    const { whenWritten } = this;
    this.whenWritten = undefined;
    whenWritten?.();
  }
}

/** A connection to a server. The methods `on...` are called by the native session. */
class Http2Connection extends binding.NativeSession {
  #socket;
  #whenGone;
  /** @type {Map<number, Stream>} */
  #streams = new Map();
  /** Streams with the head of an answer that may have come as a whole. */
  #begun = [];
  #deadline = new Deadline();
  #limit = FIRST_LIMIT;
  /** The server takes no more requests, and why. */
  #isLeaving = false;
  #goodbye = NO_ERROR;
  #isOver = false;

  /**
   * @param {import('tls').TLSSocket} socket that is connected
   * @param {() => void} whenGone called when it takes no more requests
   */
  constructor(socket, whenGone) {
    super(false, nativeOptions({}, false));
    this.#socket = socket;
    this.#whenGone = whenGone;
    this.onsent = (status) => this.sent(status);
    attachTo(socket, this);
    this.settings([ENABLE_PUSH, 0, INITIAL_WINDOW_SIZE, STREAM_WINDOW]);
    this.setLocalWindowSize(CONNECTION_WINDOW);
    const closed = () => this.#fail(() => withCode(otherSideClosed(socket), INTERNAL_ERROR), NO_ERROR);
    socket
      .on('error', (error) => this.#fail(() => error, NO_ERROR))
      .on('end', closed)
      .on('close', closed)
      .resume();
    this.#rest();
  }

  /** Whether it can take another request. */
  get hasRoom() {
    return !this.#isLeaving && !this.#isOver && this.#streams.size < this.#limit;
  }

  /**
   * Sends a request.
   * @param {Exchange} exchange
   */
  send(exchange) {
    let head;
    try {
      head = http2HeadOf(exchange);
    } catch (error) {
      queueMicrotask(() => exchange.onError(error));
      return;
    }
    const { body } = exchange;
    const hasBody = body !== null && head.length !== 0;
    const id = this.request(head.text, head.count, hasBody, false, true);
    if (id < 0) {
      this.#refuse(exchange, id);
      return;
    }
    const stream = new Stream(id, exchange);
    exchange.stream = stream;
    if (this.#streams.size === 0) {
      this.#socket.ref();
      this.#deadline.expect(PING_INTERVAL, this.#look);
    }
    this.#streams.set(id, stream);
    if (!hasBody) return;
    if (body instanceof Uint8Array) this.write(id, body, 0, true);
    else this.#sendBody(stream, body, head.length).catch((error) => this.#failStream(stream, error, INTERNAL_ERROR));
  }

  /** The session cannot begin another stream. */
  #refuse(exchange, status) {
    if (status !== NGHTTP2_ERR.STREAM_ID_NOT_AVAILABLE && status !== NGHTTP2_ERR.SESSION_CLOSING) {
      queueMicrotask(() => exchange.onError(new NghttpError(status)));
      return;
    }
    this.#leave();
    exchange.route.start();
  }

  async #sendBody(stream, body, length) {
    const { id } = stream;
    let written = 0;
    for await (const item of body) {
      if (stream.isClosed) return;
      const chunk = bytesOf(item);
      if (chunk.byteLength === 0) continue;
      written += chunk.byteLength;
      if (length !== null && written > length) throw mismatch();
      if (this.write(id, chunk, 0, false) > 0) {
        await new Promise((resolve) => {
          stream.whenWritten = resolve;
        });
      }
      if (stream.isClosed) return;
    }
    if (length !== null && written < length) throw mismatch();
    if (!stream.isClosed) this.endStream(id);
  }

  /**
   * Goes on with an answer after `onData` has returned false.
   * @param {Exchange} exchange
   */
  resume({ stream }) {
    if (!stream.isPaused || stream.isClosed) return;
    stream.isPaused = false;
    stream.lastAt = processBinding.loopNow();
    this.readStart(stream.id);
  }

  #pause(stream) {
    stream.isPaused = true;
    this.readStop(stream.id);
  }

  /**
   * Ends the exchange of a program that wants it no more.
   * @param {Exchange} exchange
   */
  abort({ stream }) {
    if (stream?.take() !== undefined && !stream.isClosed) this.resetStream(stream.id, NO_ERROR);
  }

  /** Ends an exchange with an error, and its stream with a code. */
  #failStream(stream, error, code) {
    const exchange = stream.take();
    if (!stream.isClosed) this.resetStream(stream.id, code);
    exchange?.onError(error);
  }

  onheaders(id, kind, flags, fields) {
    const stream = this.#streams.get(id);
    if (stream?.exchange === undefined) return;
    stream.lastAt = processBinding.loopNow();
    const isEnd = (flags & END_STREAM) !== 0;
    if (!stream.isAnswered) {
      const status = Number(fields[1]);
      if (status < FINAL_STATUS) return;
      stream.isAnswered = true;
      stream.exchange.onHead(status, '', fieldsOf(fields));
      if (!isEnd) this.#await(stream);
    }
    if (isEnd) stream.take()?.onEnd();
  }

  /** Where the end of an answer does not come with its head, the program gets it without. */
  #await(stream) {
    this.#begun.push(stream);
    if (this.#begun.length > 1) return;
    setImmediate(() => {
      const begun = this.#begun;
      this.#begun = [];
      for (const stream of begun) {
        if (stream.exchange !== undefined && !stream.exchange.onRead()) this.#pause(stream);
      }
    });
  }

  ondata(id, buffer, offset, length) {
    const stream = this.#streams.get(id);
    if (stream?.exchange === undefined) return;
    stream.lastAt = processBinding.loopNow();
    if (!stream.exchange.onData(new FastBuffer(buffer, offset, length))) this.#pause(stream);
  }

  onend(id) {
    this.#streams.get(id)?.take()?.onEnd();
  }

  onwritten(id) {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.lastAt = processBinding.loopNow();
    stream.wake();
  }

  onclosed(id, code) {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    stream.isClosed = true;
    stream.wake();
    const exchange = stream.take();
    if (exchange !== undefined) this.#cutOff(exchange, stream.isAnswered, code);
    if (this.#streams.size === 0 && !this.#isOver) this.#rest();
  }

  /** The server has ended a stream before all of the answer has come. */
  #cutOff(exchange, isAnswered, code) {
    if (isAnswered && code === NO_ERROR) {
      exchange.onEnd();
    } else if (isAnswered) {
      exchange.onError(streamError(code));
    } else if (code === REFUSED_STREAM && mayBeSentAgain(exchange) && !exchange.wasRefused) {
      exchange.wasRefused = true;
      exchange.route.start();
    } else if (code === REFUSED_STREAM && this.#isLeaving) {
      exchange.onError(informational(`HTTP/2: "GOAWAY" frame received with code ${this.#goodbye}`));
    } else {
      exchange.onError(noAnswer(code));
    }
  }

  onsettings() {
    this.#limit = this.remoteSettings()[MAX_CONCURRENT_STREAMS];
  }

  ongoaway(code) {
    this.#goodbye = code;
    if (code !== NO_ERROR) {
      this.#fail(() => withCode(new codes.ERR_HTTP2_SESSION_ERROR(code), code), NO_ERROR);
      return;
    }
    this.#leave();
    if (this.#streams.size === 0) this.#rest();
  }

  onframeerror(id, kind, error) {
    const stream = this.#streams.get(id);
    if (stream === undefined || QUIET_FRAME_ERRORS.has(error)) return;
    const code = FRAME_ERROR_CODES[error] ?? INTERNAL_ERROR;
    stream.take()?.onError(informational(`HTTP/2: "frameError" received - type ${kind}, code ${code}`));
  }

  onerror(error, code) {
    this.#fail(() => withCode(new NghttpError(error, code), INTERNAL_ERROR), INTERNAL_ERROR);
  }

  onoutput(bytes, ends) {
    writeOutput(this.#socket, this, bytes, ends);
  }

  onhold(holds) {
    holdSocket(this.#socket, holds);
  }

  ondone() {
    this.#socket.destroySoon();
  }

  /** Takes no more requests. */
  #leave() {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#whenGone();
  }

  /** Nobody wants anything. */
  #rest() {
    if (this.#isLeaving) {
      this.#isOver = true;
      this.#deadline.end();
      this.close(NO_ERROR, this.#socket.destroyed);
      return;
    }
    this.#socket.unref();
    this.#deadline.expect(KEEP_ALIVE, this.#onIdle);
  }

  #onIdle = () => this.#socket.destroy();

  /** Ends what the server has forgotten, and asks whether it is still there. */
  #look = () => {
    const now = processBinding.loopNow();
    let next = PING_INTERVAL;
    for (const stream of this.#streams.values()) {
      if (stream.exchange === undefined || stream.isPaused) continue;
      const left = stream.lastAt + LONGEST_SILENCE - now;
      if (left > 0) next = Math.min(next, left);
      else this.#failStream(stream, timedOut(stream.isAnswered ? 'body' : 'headers'), CANCEL);
    }
    this.ping(Buffer.alloc(PING_SIZE));
    this.#deadline.expect(next, this.#look);
  };

  /** Ends everything. */
  #fail(makeError, code) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    this.#deadline.end();
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) {
      stream.isClosed = true;
      stream.wake();
      stream.take()?.onError(makeError());
    }
    this.close(code, this.#socket.destroyed);
  }
}

function streamError(code) {
  return withCode(new codes.ERR_HTTP2_STREAM_ERROR(errorName(code)), code);
}

/** The error for a stream that has ended without an answer. */
function noAnswer(code) {
  if (code === NO_ERROR) return informational('HTTP/2: stream half-closed (remote)');
  if (code === CANCEL) return informational('HTTP/2: stream closed before the response was complete');
  return streamError(code);
}

/** The fields of an answer without its status; of those that have one value, the first. */
function fieldsOf(received) {
  const fields = [];
  for (let i = 2; i < received.length; i += 2) {
    const name = received[i];
    if (!SINGLE.has(name) || !hasName(fields, name)) fields.push(name, received[i + 1]);
  }
  return fields;
}

function hasName(fields, name) {
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] === name) return true;
  }
  return false;
}

module.exports = { Http2Connection };
