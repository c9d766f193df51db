// Performance entries of sessions and streams, for observers of the type `http2`.
'use strict';

const wanted = require('internal/perf/wanted');

function now() {
  return require('internal/perf/utils').now();
}

function enqueue(name, start, detail) {
  require('internal/perf/observe').enqueueNodeEntry(name, 'http2', start, now() - start, detail);
}

class StreamStatistics {
  constructor(id, session) {
    this.id = id;
    this.session = session;
    this.start = now();
    this.firstHeader = 0;
    this.firstByte = 0;
    this.firstByteSent = 0;
    this.bytesRead = 0;
    this.bytesWritten = 0;
  }

  noteHeader() {
    this.firstHeader ||= now();
  }

  noteRead(count) {
    this.firstByte ||= now();
    this.bytesRead += count;
  }

  noteSent(count) {
    this.firstByteSent ||= now();
    this.bytesWritten += count;
  }

  /** The stream is at its end. */
  end() {
    const { start } = this;
    this.session?.noteStream(now() - start);
    if (wanted.http2 === 0) return;
    const since = (time) => (time === 0 ? 0 : time - start);
    enqueue('Http2Stream', start, {
      bytesRead: this.bytesRead,
      bytesWritten: this.bytesWritten,
      id: this.id,
      timeToFirstByte: since(this.firstByte),
      timeToFirstByteSent: since(this.firstByteSent),
      timeToFirstHeader: since(this.firstHeader),
    });
  }
}

class SessionStatistics {
  constructor(isServer) {
    this.isServer = isServer;
    this.start = now();
    this.pingRTT = 0;
    this.ended = 0;
    this.duration = 0;
  }

  noteStream(duration) {
    this.ended++;
    this.duration += duration;
  }

  /** @param {number[]} counts  of the native session */
  end(counts) {
    if (wanted.http2 === 0) return;
    const [bytesRead, bytesWritten, framesReceived, framesSent, streamCount, maxConcurrentStreams] = counts;
    enqueue('Http2Session', this.start, {
      bytesRead,
      bytesWritten,
      framesReceived,
      framesSent,
      maxConcurrentStreams,
      pingRTT: this.pingRTT,
      streamAverageDuration: this.ended === 0 ? 0 : this.duration / this.ended,
      streamCount,
      type: this.isServer ? 'server' : 'client',
    });
  }
}

/** @returns {StreamStatistics | null} null where nobody observes */
function streamStatistics(id, session) {
  return wanted.http2 === 0 ? null : new StreamStatistics(id, session);
}

/** @returns {SessionStatistics | null} null where nobody observes */
function sessionStatistics(isServer) {
  return wanted.http2 === 0 ? null : new SessionStatistics(isServer);
}

module.exports = { sessionStatistics, streamStatistics };
