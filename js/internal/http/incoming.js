// `http.IncomingMessage`: the messages that a server or a client receives.
//
// A request that nobody reads is cheap: its fields stay the text that the parser found until somebody asks
// for them, and its state as a stream is made when somebody uses it as one.
'use strict';

const EventEmitter = require('events');
const Readable = require('internal/streams/readable');
const { ReadableState } = require('internal/streams/readable_state');
const { eos } = require('internal/streams/end_of_stream');
const { customInspectSymbol } = require('internal/util');
const { addField, addFieldDistinct, splitFields } = require('internal/http/incoming_fields');

const kHeadText = Symbol('kHeadText');
const kRawHeaders = Symbol('kRawHeaders');
const kHeaders = Symbol('kHeaders');
const kHeadersCount = Symbol('kHeadersCount');
const kReadableState = Symbol('kReadableState');
const kPhase = Symbol('kPhase');
const kRare = Symbol('kRare');
const kDetachAbortSignal = Symbol('kDetachAbortSignal');

/** How far a message has come whose state as a stream is not made yet. */
const OPEN = 0;
/** It has ended, without a body. */
const ENDED = 1;
/** Nobody wanted it: 'end' and 'close' have passed. */
const CLOSED = 2;

/** Lets a socket read again. */
function readStart(socket) {
  if (socket && !socket._paused && socket.readable) socket.resume();
}

/** Has a socket leave what comes where it is. */
function readStop(socket) {
  if (socket) socket.pause();
}

/**
 * @param {import('net').Socket} socket
 */
function IncomingMessage(socket) {
  this._events = undefined;
  this._eventsCount = 0;
  this._maxListeners = undefined;
  this[kReadableState] = undefined;
  this[kPhase] = OPEN;
  this.socket = socket;
  this.httpVersionMajor = null;
  this.httpVersionMinor = null;
  this.httpVersion = null;
  this.complete = false;
  this[kHeadText] = '';
  this[kRawHeaders] = undefined;
  this.joinDuplicateHeaders = false;
  this.aborted = false;
  this.upgrade = null;
  // Of requests.
  this.url = '';
  this.method = null;
  // Of responses.
  this.statusCode = null;
  this.statusMessage = null;
  this.client = socket;
  this._consuming = false;
  // Whether nobody is interested in the body.
  this._dumped = false;
  this[kHeaders] = null;
  this[kHeadersCount] = Infinity;
  this[kRare] = undefined;
  if (EventEmitter.usingDomains) EventEmitter.init.call(this);
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
Object.setPrototypeOf(IncomingMessage, Readable);

const proto = IncomingMessage.prototype;

/** What few messages have. */
class Rare {
  trailerText = '';
  rawTrailers = undefined;
  trailers = null;
  trailersDistinct = undefined;
  trailersCount = Infinity;
  headersDistinct = undefined;
  abort = undefined;
}

function rareOf(message) {
  return message[kRare] ??= new Rare();
}

/** Makes the state that a message has as a stream. */
function makeState(message) {
  message._events ??= {
    close: undefined, error: undefined, data: undefined, end: undefined, readable: undefined,
  };
  const state = new ReadableState({ highWaterMark: message.socket?.readableHighWaterMark }, message, false);
  // Whoever reads says so: what comes is no reason to ask for more.
  state.readingMore = true;
  message[kReadableState] = state;
  if (message[kPhase] === CLOSED) close(state);
  else if (message[kPhase] === ENDED) message.push(null);
  return state;
}

function close(state) {
  state.ended = true;
  state.endEmitted = true;
  state.destroyed = true;
  state.closed = true;
  state.closeEmitted = true;
}

Object.defineProperties(proto, {
  _readableState: {
    get() { return this[kReadableState] ?? makeState(this); },
    set(state) { this[kReadableState] = state; },
    configurable: true,
  },
  connection: {
    get() { return this.socket; },
    set(socket) { this.socket = socket; },
    configurable: true,
    enumerable: false,
  },
  rawHeaders: {
    get() { return this[kRawHeaders] ??= fieldsOf(this[kHeadText]); },
    set(fields) { this[kRawHeaders] = fields; },
    configurable: true,
    enumerable: true,
  },
  rawTrailers: {
    get() {
      const rare = rareOf(this);
      return rare.rawTrailers ??= splitFields(rare.trailerText);
    },
    set(fields) { rareOf(this).rawTrailers = fields; },
    configurable: true,
    enumerable: true,
  },
  headers: {
    get() { return this[kHeaders] ??= headersOf(this); },
    set(fields) { this[kHeaders] = fields; },
  },
  headersDistinct: {
    get() {
      return rareOf(this).headersDistinct ??= collectDistinct(this, this.rawHeaders, this[kHeadersCount]);
    },
    set(fields) { rareOf(this).headersDistinct = fields; },
  },
  trailers: {
    get() { return rareOf(this).trailers ??= collect(this, this.rawTrailers, this[kRare].trailersCount); },
    set(fields) { rareOf(this).trailers = fields; },
  },
  trailersDistinct: {
    get() {
      const rare = rareOf(this);
      return rare.trailersDistinct ??= collectDistinct(this, this.rawTrailers, rare.trailersCount);
    },
    set(fields) { rareOf(this).trailersDistinct = fields; },
  },
  signal: {
    get() { return abortOf(this).signal; },
    configurable: true,
  },
});

/**
 * The header that was read last: clients send the same again and again. `headers` is kept where a flat copy
 * of it is a copy.
 */
const last = { text: '', raw: [], count: 0, join: false, headers: undefined };

/** The fields of a header, names and values in turn. */
function fieldsOf(text) {
  if (text !== last.text) {
    last.text = text;
    last.raw = splitFields(text);
    last.headers = undefined;
  }
  return last.raw.slice();
}

/** The fields of a message by name. */
function headersOf(message) {
  const count = message[kHeadersCount];
  const join = Boolean(message.joinDuplicateHeaders);
  const isUsual = message[kRawHeaders] === undefined && message._addHeaderLine === proto._addHeaderLine;
  if (!isUsual) return collect(message, message.rawHeaders, count);
  const text = message[kHeadText];
  if (text === last.text && last.headers !== undefined && last.count === count && last.join === join) {
    return { ...last.headers };
  }
  const headers = collect(message, fieldsOf(text), count);
  last.headers = headers['set-cookie'] === undefined ? { ...headers } : undefined;
  last.count = count;
  last.join = join;
  return headers;
}

function collect(message, raw, count) {
  const fields = {};
  const length = Math.min(raw.length, count);
  for (let i = 0; i + 1 < length; i += 2) message._addHeaderLine(raw[i], raw[i + 1], fields);
  return fields;
}

function collectDistinct(message, raw, count) {
  const fields = { __proto__: null };
  const length = Math.min(raw.length, count);
  for (let i = 0; i + 1 < length; i += 2) message._addHeaderLineDistinct(raw[i], raw[i + 1], fields);
  return fields;
}

/** The AbortController of a message, and what ties it to its socket. */
function abortOf(message) {
  const rare = rareOf(message);
  if (rare.abort !== undefined) return rare.abort;
  const { AbortController } = require('web/abort_controller');
  const controller = new AbortController();
  const { signal } = controller;
  const abort = rare.abort = { controller, signal, socket: undefined, onClose: undefined };
  const { socket } = message;
  if (message.destroyed || socket?.destroyed) {
    controller.abort();
  } else if (socket) {
    abort.socket = socket;
    abort.onClose = () => controller.abort();
    socket.once('close', abort.onClose);
  }
  return abort;
}

/** The signal of a message that is through stays as it is. */
proto[kDetachAbortSignal] = function() {
  const abort = this[kRare]?.abort;
  if (abort?.onClose === undefined) return;
  abort.socket.removeListener('close', abort.onClose);
  abort.onClose = undefined;
};

proto.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  this.socket.setTimeout(msecs);
  return this;
};

proto._read = function _read(n) {
  if (!this._consuming) {
    this._readableState.readingMore = false;
    this._consuming = true;
  }
  // The message may have been given a socket of another kind, or none.
  if (this.socket?.readable) readStart(this.socket);
};

proto._destroy = function _destroy(error, callback) {
  if (!this.readableEnded || !this.complete) {
    this.aborted = true;
    this.emit('aborted');
  }
  const { socket } = this;
  // A message that is cut off takes its connection along.
  if (socket && !socket.destroyed && this.aborted) {
    socket.destroy(error);
    const cleanup = eos(socket, (socketError) => {
      if (socketError?.code === 'ERR_STREAM_PREMATURE_CLOSE') socketError = null;
      cleanup();
      process.nextTick(report, this, socketError || error, callback);
    });
    return;
  }
  if (error) process.nextTick(report, this, error, callback);
  else callback();
};

/** An error that nobody listens to is no reason to end the program. */
function report(message, error, callback) {
  if (message.listenerCount('error') === 0) callback();
  else callback(error);
}

/**
 * Takes the fields of a message, or of its trailers where it is complete.
 * @param {string[]} fields names and values in turn
 * @param {number} count how many entries of them count
 */
proto._addHeaderLines = function _addHeaderLines(fields, count) {
  if (!fields?.length) return;
  if (this.complete) {
    const rare = rareOf(this);
    rare.rawTrailers = fields;
    rare.trailersCount = count;
    if (rare.trailers) addLines(this, fields, count, rare.trailers);
  } else {
    this[kRawHeaders] = fields;
    this[kHeadersCount] = count;
    if (this[kHeaders]) addLines(this, fields, count, this[kHeaders]);
  }
};

function addLines(message, fields, count, target) {
  for (let i = 0; i < count; i += 2) message._addHeaderLine(fields[i], fields[i + 1], target);
}

/** Adds one field by the rules for fields that come several times. */
proto._addHeaderLine = function _addHeaderLine(name, value, target) {
  addField(name, value, target, this.joinDuplicateHeaders);
};

proto._addHeaderLineDistinct = addFieldDistinct;

/** Ends a message of which the program has been told that it has no body. */
proto._dumpAndCloseReadable = function _dumpAndCloseReadable() {
  this._dumped = true;
  if (this[kReadableState] === undefined) this[kPhase] = CLOSED;
  else close(this[kReadableState]);
};

/** Reads what nobody wants. */
proto._dump = function _dump() {
  if (this._dumped) return;
  this._dumped = true;
  this.removeAllListeners('data');
  this.resume();
  // Where nothing is left to read, the end is due.
  const state = this._readableState;
  if (state.ended && state.length === 0 && !state.destroyed) this.read(0);
};

/** What is kept out of sight, and where what stands for it is shown. */
const SHOWN_BEFORE = {
  __proto__: null,
  _maxListeners: ['_readableState'],
  joinDuplicateHeaders: ['rawHeaders', 'rawTrailers'],
};

/** Shows what is made when it is asked for like the other properties. */
proto[customInspectSymbol] = function() {
  void this._readableState;
  const shown = Object.create(Object.getPrototypeOf(this), { [customInspectSymbol]: { value: undefined } });
  for (const name of Object.keys(this)) {
    for (const before of SHOWN_BEFORE[name] ?? []) define(shown, before, this[before]);
    if (name !== '_eventsCount') define(shown, name, this[name]);
  }
  return shown;
};

function define(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/**
 * Gives a new message what the parser has found in its header.
 * @param {IncomingMessage} message
 * @param {string} text a line for each name and each value
 * @param {number} count how many entries of them count
 */
function setHead(message, text, count) {
  message[kHeadText] = text;
  message[kHeadersCount] = count;
}

/** The end of a message: `trailers` has a line for each name and each value. */
function endMessage(message, trailers) {
  message.complete = true;
  if (trailers !== '') rareOf(message).trailerText = trailers;
  if (message[kReadableState] === undefined && message[kPhase] === OPEN) message[kPhase] = ENDED;
  else message.push(null);
}

/**
 * What becomes of a message of which the program has not wanted the body, once it is answered.
 * @param {IncomingMessage} message
 */
function dropBody(message) {
  // Where nobody listens, nobody can tell the end from its having passed.
  if (message[kReadableState] === undefined && message[kPhase] === ENDED && message._events === undefined) {
    message._dumped = true;
    message[kPhase] = CLOSED;
  } else {
    message._dump();
  }
}

/** @returns {boolean} whether 'end' has been emitted, or would have been if anybody had listened */
function hasEnded(message) {
  return message[kReadableState] === undefined ? message[kPhase] === CLOSED : message.readableEnded;
}

/**
 * @param {IncomingMessage} message
 * @returns {string} its header as the parser found it: a line for each name and each value
 */
function headText(message) {
  return message[kHeadText];
}

module.exports = {
  IncomingMessage,
  dropBody,
  endMessage,
  hasEnded,
  headText,
  kDetachAbortSignal,
  readStart,
  readStop,
  setHead,
};
