// The base class of all streams, with the `pipe` of the first streams, which only pauses and resumes.
'use strict';

const EventEmitter = require('events');

const { listenerCount } = EventEmitter.prototype;

/** @param {object} [options] Passed on to EventEmitter. */
function Stream(options) {
  EventEmitter.call(this, options);
}
Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Stream, EventEmitter);

/**
 * Forwards 'data' to `dest`, and 'end' unless `options.end` is false.
 * @param {object} dest
 * @param {{ end?: boolean }} [options]
 * @returns {object} `dest`
 */
Stream.prototype.pipe = function(dest, options) {
  const source = this;
  let ended = false;

  function onData(chunk) {
    if (dest.writable && dest.write(chunk) === false && source.pause) source.pause();
  }
  function onDrain() {
    if (source.readable && source.resume) source.resume();
  }
  function onEnd() {
    if (ended) return;
    ended = true;
    dest.end();
  }
  function onClose() {
    if (ended) return;
    ended = true;
    if (typeof dest.destroy === 'function') dest.destroy();
  }
  function onError(error) {
    cleanup();
    if (listenerCount.call(this, 'error') === 0) this.emit('error', error);
  }
  function cleanup() {
    source.removeListener('data', onData);
    dest.removeListener('drain', onDrain);
    source.removeListener('end', onEnd);
    source.removeListener('close', onClose);
    source.removeListener('error', onError);
    dest.removeListener('error', onError);
    source.removeListener('end', cleanup);
    source.removeListener('close', cleanup);
    dest.removeListener('close', cleanup);
  }

  source.on('data', onData);
  dest.on('drain', onDrain);
  if (!dest._isStdio && options?.end !== false) {
    source.on('end', onEnd);
    source.on('close', onClose);
  }
  prependListener(source, 'error', onError);
  prependListener(dest, 'error', onError);
  source.on('end', cleanup);
  source.on('close', cleanup);
  dest.on('close', cleanup);
  dest.emit('pipe', source);
  return dest;
};

// Streams create their table of listeners with the usual events present but undefined.
Stream.prototype.eventNames = function eventNames() {
  const names = [];
  const events = this._events;
  if (events === undefined) return names;
  for (const name of Reflect.ownKeys(events)) {
    if (events[name] !== undefined) names.push(name);
  }
  return names;
};

/**
 * Adds a listener before the others, also to emitters of other makes that have no prependListener().
 * @param {object} emitter
 * @param {string} event
 * @param {Function} listener
 */
function prependListener(emitter, event, listener) {
  if (typeof emitter.prependListener === 'function') {
    emitter.prependListener(event, listener);
    return;
  }
  const existing = emitter._events?.[event];
  if (!existing) emitter.on(event, listener);
  else if (Array.isArray(existing)) existing.unshift(listener);
  else emitter._events[event] = [listener, existing];
}

module.exports = { Stream, prependListener };
