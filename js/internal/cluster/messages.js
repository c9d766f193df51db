// What the processes of a cluster say to each other: numbered messages beside those of the program, and their
// answers.
'use strict';

const CMD = 'NODE_CLUSTER';

/** That the other side has just ended is seen by the end of its channel. */
const OPTIONS = { swallowErrors: true };

/** What to do with the answers that are still to come, by the number of the question. */
const questions = new Map();

let nextNumber = 0;

/**
 * @param {object} process  the other side of the channel
 * @param {object} message  with `act`, or with `ack`, the number of the question that it answers
 * @param {object | null} [handle]
 * @param {(answer: object, handle: object | undefined) => void} [callback]  for an answer
 * @returns {boolean} false where nobody is there any more
 */
function send(process, message, handle, callback) {
  if (!process.connected) return false;
  const seq = nextNumber++;
  if (typeof callback === 'function') questions.set(seq, callback);
  return process.send({ cmd: CMD, ...message, seq }, handle, OPTIONS);
}

/**
 * @param {Worker} worker  the receiver of both
 * @param {(message: object, handle: object | undefined) => void} onMessage  for what is no answer
 * @returns {(message: object, handle: object | undefined) => void} a listener of `internalMessage`
 */
function listener(worker, onMessage) {
  return function onInternalMessage(message, handle) {
    if (message.cmd !== CMD) return;
    const callback = questions.get(message.ack);
    if (callback === undefined) {
      onMessage.call(worker, message, handle);
    } else {
      questions.delete(message.ack);
      callback.call(worker, message, handle);
    }
  };
}

module.exports = { listener, send };
