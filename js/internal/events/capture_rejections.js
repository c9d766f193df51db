// `captureRejections`: rejections of the promises that listeners return become 'error' events.
'use strict';

const kRejection = Symbol.for('nodejs.rejection');

function report(emitter, error, type, args, kCapture) {
  if (typeof emitter[kRejection] === 'function') {
    emitter[kRejection](error, type, ...args);
    return;
  }
  // A listener of 'error' that rejects as well must not come back here.
  const before = emitter[kCapture];
  try {
    emitter[kCapture] = false;
    emitter.emit('error', error);
  } finally {
    emitter[kCapture] = before;
  }
}

/**
 * Watches what a listener returned.
 * @param {EventEmitter} emitter
 * @param {object} result returned by a listener; anything without a `then` function is ignored
 * @param {string | symbol} type of the event
 * @param {unknown[]} args of the event
 * @param {symbol} kCapture names the emitter's switch
 */
function watch(emitter, result, type, args, kCapture) {
  try {
    const { then } = result;
    if (typeof then !== 'function') return;
    then.call(result, undefined, (error) => {
      // Out of the promise's job: what is thrown in 'error' is then an exception, not one more rejection.
      process.nextTick(report, emitter, error, type, args, kCapture);
    });
  } catch (error) {
    emitter.emit('error', error);
  }
}

module.exports = { watch };
