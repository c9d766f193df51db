// Diagnostics channels of HTTP/2. They exist once a program has loaded `diagnostics_channel`: nobody can listen
// before.
'use strict';

const { kSession, kState } = require('internal/http2/symbols');

const EVENTS = ['created', 'start', 'error', 'finish', 'close', 'bodyChunkSent', 'bodySent'];

/** The channels of each side, by event; null before anybody could listen. */
let client = null;
let server = null;

/**
 * Called by `diagnostics_channel` when it is loaded.
 * @param {(name: string) => object} channel gives the channel of a name
 */
function connect(channel) {
  client = {};
  server = {};
  for (const event of EVENTS) {
    client[event] = channel(`http2.client.stream.${event}`);
    if (!event.startsWith('body')) server[event] = channel(`http2.server.stream.${event}`);
  }
}

/** @returns {object | undefined} the channel of an event of a stream, if anybody listens */
function listened(stream, event) {
  if (client === null) return undefined;
  const channel = (stream[kSession]?.[kState].isServer ? server : client)[event];
  return channel?.hasSubscribers ? channel : undefined;
}

/** A stream is made for headers. */
function reportCreated(stream, headers) {
  listened(stream, 'created')?.publish({ stream, headers });
}

/** A stream has got its number. */
function reportStarted(stream, headers) {
  listened(stream, 'start')?.publish({ stream, headers });
}

function reportError(stream, error) {
  listened(stream, 'error')?.publish({ stream, error });
}

/** The headers of a response are sent, or have come. */
function reportFinished(stream, headers, flags) {
  listened(stream, 'finish')?.publish({ stream, headers, flags });
}

function reportClosed(stream) {
  listened(stream, 'close')?.publish({ stream });
}

/** Data is given to be sent. */
function reportBodyChunk(stream, writev, data, encoding) {
  listened(stream, 'bodyChunkSent')?.publish({ stream, writev, data, encoding });
}

/** All data is given. */
function reportBodySent(stream) {
  listened(stream, 'bodySent')?.publish({ stream });
}

module.exports = {
  connect, reportBodyChunk, reportBodySent, reportClosed, reportCreated, reportError, reportFinished, reportStarted,
};
