// What carries a native session: the handle of a socket, or, where that cannot be read natively, the socket itself.
'use strict';

const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const { kReadsNatively } = require('internal/net/handles');

const UV_ECANCELED = -125;

/**
 * Has the native session read from a socket and write to it.
 * @param {import('stream').Duplex} socket
 * @param {NativeSession} native
 */
function attachTo(socket, native) {
  const handle = socket._handle;
  if (handle?.[kReadsNatively]) {
    receiveBuffered(socket, native);
    native.attach(handle);
    if (!handle.reading) {
      handle.reading = true;
      handle.readStart();
    }
    return;
  }
  native.attach(null);
  receiveBuffered(socket, native);
  socket.on('data', (chunk) => native.receive(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  socket.on('end', () => {
    if (!socket.destroyed && !socket.writableEnded) socket.end();
  });
}

/** What the socket has read before is for the session. */
function receiveBuffered(socket, native) {
  if (!(socket.readableLength > 0)) return;
  const chunks = [];
  for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) chunks.push(chunk);
  setImmediate(() => {
    for (const chunk of chunks) native.receive(chunk);
  });
}

/**
 * Writes what a native session has to send, and tells it of the end.
 * @param {import('stream').Duplex | undefined} socket
 * @param {NativeSession} native
 * @param {Uint8Array} bytes
 * @param {number[]} ends where the pieces of `bytes` end
 */
function writeOutput(socket, native, bytes, ends) {
  if (socket === undefined || socket.destroyed || socket.writableEnded) {
    native.sent(UV_ECANCELED);
    return;
  }
  // The other end, where that is a stream of this program's, reads before the write is done.
  const sent = (error) => setImmediate(() => native.sent(error ? UV_ECANCELED : 0));
  const { buffer } = bytes;
  let start = 0;
  socket.cork();
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i];
    if (i === ends.length - 1) socket.write(new FastBuffer(buffer, start, end - start), sent);
    else socket.write(new FastBuffer(buffer, start, end - start));
    start = end;
  }
  socket.uncork();
}

/**
 * Has a socket that is read by JavaScript wait, or go on.
 * @param {import('stream').Duplex | undefined} socket
 * @param {boolean} holds
 */
function holdSocket(socket, holds) {
  if (socket === undefined || socket.destroyed) return;
  if (holds) socket.pause();
  else socket.resume();
}

module.exports = { attachTo, holdSocket, writeOutput };
