// The methods `pipe` and `unpipe` of readable streams.
'use strict';

const { prependListener } = require('internal/streams/legacy');
const { errorOrDestroy } = require('internal/streams/destroy');
const { kState } = require('internal/streams/state_bits');
const { END_EMITTED, FLOWING, MULTI_AWAIT_DRAIN } = require('internal/streams/readable_bits');

class SafeSet extends Set {}

/**
 * Writes what this stream delivers to `dest`, at the pace of the slowest destination, and ends `dest` after
 * it unless `options.end` is false.
 * @param {object} dest
 * @param {{ end?: boolean }} [options]
 * @returns {object} `dest`
 */
exports.pipe = function(dest, options) {
  const source = this;
  const state = this._readableState;
  let drainListener;
  let cleanedUp = false;

  if (state.pipes.length === 1 && (state[kState] & MULTI_AWAIT_DRAIN) === 0) {
    state[kState] |= MULTI_AWAIT_DRAIN;
    state.awaitDrainWriters = new SafeSet(state.awaitDrainWriters ? [state.awaitDrainWriters] : []);
  }
  state.pipes.push(dest);

  const endsDest = (!options || options.end !== false) && dest !== process.stdout && dest !== process.stderr;
  const onSourceEnd = endsDest ? onEnd : unpipeDest;
  if ((state[kState] & END_EMITTED) !== 0) process.nextTick(onSourceEnd);
  else source.once('end', onSourceEnd);

  dest.on('unpipe', onUnpipe);
  source.on('data', onData);
  // First in line, so that an error unpipes before others hear of it.
  prependListener(dest, 'error', onError);
  dest.once('close', onClose);
  dest.once('finish', onFinish);
  dest.emit('pipe', source);

  if (dest.writableNeedDrain === true) pauseSource();
  else if ((state[kState] & FLOWING) === 0) source.resume();
  return dest;

  function onData(chunk) {
    try {
      if (dest.write(chunk) === false) pauseSource();
    } catch (error) {
      dest.destroy(error);
    }
  }

  // Several pipes may pause the source; the last of their 'drain' events resumes it.
  function pauseSource() {
    if (!cleanedUp) {
      if (state.pipes.length === 1 && state.pipes[0] === dest) {
        state.awaitDrainWriters = dest;
        state[kState] &= ~MULTI_AWAIT_DRAIN;
      } else if (state.pipes.length > 1 && state.pipes.includes(dest)) {
        state.awaitDrainWriters.add(dest);
      }
      source.pause();
    }
    if (!drainListener) {
      drainListener = () => resumeAfterDrain(source, dest);
      dest.on('drain', drainListener);
    }
  }

  function onEnd() {
    dest.end();
  }

  function onError(error) {
    unpipeDest();
    dest.removeListener('error', onError);
    if (dest.listenerCount('error') !== 0) return;
    const destState = dest._writableState || dest._readableState;
    if (destState && !destState.errorEmitted) errorOrDestroy(dest, error);
    else dest.emit('error', error);
  }

  // Only one of 'close' and 'finish' unpipes.
  function onClose() {
    dest.removeListener('finish', onFinish);
    unpipeDest();
  }

  function onFinish() {
    dest.removeListener('close', onClose);
    unpipeDest();
  }

  function unpipeDest() {
    source.unpipe(dest);
  }

  function onUnpipe(readable, info) {
    if (readable === source && info && info.hasUnpiped === false) {
      info.hasUnpiped = true;
      cleanup();
    }
  }

  function cleanup() {
    dest.removeListener('close', onClose);
    dest.removeListener('finish', onFinish);
    if (drainListener) dest.removeListener('drain', drainListener);
    dest.removeListener('error', onError);
    dest.removeListener('unpipe', onUnpipe);
    source.removeListener('end', onEnd);
    source.removeListener('end', unpipeDest);
    source.removeListener('data', onData);
    cleanedUp = true;

    // The source may wait for a 'drain' that nobody listens to any more.
    if (drainListener && state.awaitDrainWriters) drainListener();
  }
};

function resumeAfterDrain(source, dest) {
  const state = source._readableState;
  if (state.awaitDrainWriters === dest) state.awaitDrainWriters = null;
  else if ((state[kState] & MULTI_AWAIT_DRAIN) !== 0) state.awaitDrainWriters.delete(dest);

  const nobodyWaits = !state.awaitDrainWriters || state.awaitDrainWriters.size === 0;
  if (nobodyWaits && source.listenerCount('data') !== 0) source.resume();
}

/**
 * Undoes pipe().
 * @param {object} [dest] Without one, all pipes.
 * @returns {this}
 */
exports.unpipe = function(dest) {
  const state = this._readableState;
  if (state.pipes.length === 0) return this;

  if (!dest) {
    const dests = state.pipes;
    state.pipes = [];
    this.pause();
    for (let i = 0; i < dests.length; i++) dests[i].emit('unpipe', this, { hasUnpiped: false });
    return this;
  }

  const index = state.pipes.indexOf(dest);
  if (index === -1) return this;
  state.pipes.splice(index, 1);
  if (state.pipes.length === 0) this.pause();
  dest.emit('unpipe', this, { hasUnpiped: false });
  return this;
};
