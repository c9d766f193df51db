// The short way of an outgoing message: header and body go to the system in one write, past the stream of the
// socket, where nothing is in their way.
'use strict';

const { errnoException } = require('internal/errors');
const { Buffer } = require('buffer');
const { isUint8Array } = require('internal/util/types');
const { Socket } = require('internal/net/socket');
const { parts } = require('internal/http/outgoing_header');
const { kOwner } = require('internal/net/handles');
const { kTimeout } = require('internal/net/timeouts');
const { CONSTRUCTED, DESTROYED, ERRORED, kState } = require('internal/streams/state_bits');
const {
  BUFFER_PROCESSING, CORKED, ENDING, HAS_BUFFERED, NEED_DRAIN, WRITING,
} = require('internal/streams/writable_bits');

/** On a socket: messages that the system has not taken yet, in their order. */
const kWaiting = Symbol('kWaiting');

const BUSY = DESTROYED | ERRORED | ENDING | WRITING | CORKED | HAS_BUFFERED | NEED_DRAIN | BUFFER_PROCESSING;

const UTF8 = 0;
const LATIN1 = 1;

/** The encodings of strings that need no other buffer. */
const ENCODINGS = { '__proto__': null, 'utf8': UTF8, 'utf-8': UTF8, 'latin1': LATIN1, 'binary': LATIN1 };

/** From how many bytes on the stream has to count what waits. */
const LARGE = 64 * 1024;

const socketWrite = Socket.prototype.write;

/**
 * @param {Socket} socket
 * @returns {boolean} whether a message may be given to the socket's handle itself
 */
function isFree(socket) {
  if (socket.write !== socketWrite || socket.connecting) return false;
  const state = socket._writableState;
  if ((state[kState] & (BUSY | CONSTRUCTED)) !== CONSTRUCTED || state.length !== 0) return false;
  return socket._handle?.writeMessage !== undefined && !(socket[kWaiting]?.length > 0);
}

/**
 * Sends a message of which nothing has been sent yet.
 * @param {OutgoingMessage} message
 * @param {Socket} socket free
 * @param {string | Uint8Array | undefined} body
 * @param {string | null | undefined} encoding of a string
 * @param {(message: OutgoingMessage, error?: Error) => void} whenSent called later, unless 0 is returned
 * @returns {number} 0 where the system has it, 1 where it waits, -1 where it has to go the long way: then its
 *   header may have been made
 */
function sendWhole(message, socket, body, encoding, whenSent) {
  let native = LATIN1;
  let length = 0;
  if (typeof body === 'string') {
    native = encoding === undefined || encoding === null ? UTF8 : ENCODINGS[encoding];
    if (native === undefined || body.length > LARGE) return -1;
    if (!message._header || message.chunkedEncoding) {
      length = native === UTF8 ? Buffer.byteLength(body) : body.length;
    }
  } else if (body !== undefined) {
    if (!isUint8Array(body) || body.byteLength > LARGE) return -1;
    length = body.byteLength;
  }
  if (!message._header) {
    message._contentLength = length;
    message._implicitHeader();
  }
  if (message._headerSent || (body !== undefined && !message._hasBody)) return -1;

  if (socket[kTimeout] !== null) socket._unrefTimer();
  message._headerSent = true;
  let head = message._header;
  let tail;
  if (message.chunkedEncoding && message._hasBody) {
    tail = `0\r\n${message._trailer}\r\n`;
    if (length > 0) {
      head += `${length.toString(16)}\r\n`;
      tail = `\r\n${tail}`;
    }
  }
  const handle = socket._handle;
  const status = head === parts.header && handle.writeResponse !== undefined ?
    handle.writeResponse(parts.start, parts.fields, parts.length, body, native, afterWrite) :
    handle.writeMessage(head, body, native, afterWrite, tail);
  if (status === 0) return 0;
  if (status > 0) {
    (socket[kWaiting] ??= []).push(message, whenSent);
  } else {
    const error = errnoException(status, 'write');
    process.nextTick(whenSent, message, error);
    socket.destroy(error);
  }
  return 1;
}

/** The callback of a handle: a message that waited has been taken, or will not be. */
function afterWrite(status) {
  const waiting = this[kOwner][kWaiting];
  const message = waiting.shift();
  const whenSent = waiting.shift();
  if (status < 0) whenSent(message, errnoException(status, 'write'));
  else whenSent(message);
}

module.exports = { isFree, sendWhole };
