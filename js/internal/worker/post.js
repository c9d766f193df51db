// `postMessageToThread()`: a message to a thread that this one needs no channel to.
'use strict';

const {
  codes: {
    ERR_WORKER_MESSAGING_ERRORED, ERR_WORKER_MESSAGING_FAILED, ERR_WORKER_MESSAGING_SAME_THREAD,
    ERR_WORKER_MESSAGING_TIMEOUT,
  },
} = require('internal/errors');
const { validateNumber } = require('internal/validators');
const { prepare } = require('web/structured_clone');
const { threadId: ownId } = require('internal/worker/current');

const binding = internalBinding('messaging');

const failures = [undefined, ERR_WORKER_MESSAGING_FAILED, ERR_WORKER_MESSAGING_ERRORED];

/**
 * @param {number} threadId
 * @param {any} value
 * @param {object[] | number} [transferList]
 * @param {number} [timeout]  in milliseconds
 * @returns {Promise<void>} fulfilled when the thread's listeners of `workerMessage` have run
 */
async function postMessageToThread(threadId, value, transferList, timeout) {
  if (typeof transferList === 'number' && timeout === undefined) {
    timeout = transferList;
    transferList = undefined;
  }
  if (timeout !== undefined) validateNumber(timeout, 'timeout', 0);
  if (threadId === ownId) throw new ERR_WORKER_MESSAGING_SAME_THREAD();
  prepare();
  const { Transfers } = require('internal/messaging/transfer_list');
  const transfers = new Transfers();
  for (const object of transferList ?? []) transfers.add(object);
  let timer;
  const code = await new Promise((resolve, reject) => {
    const { buffers, objects, handles } = transfers;
    if (!binding.postToThread(threadId, resolve, value, buffers, objects, handles)) resolve(1);
    transfers.leave();
    if (timeout > 0) timer = setTimeout(() => reject(new ERR_WORKER_MESSAGING_TIMEOUT()), timeout);
  }).finally(() => clearTimeout(timer));
  if (code !== 0) throw new failures[code]();
}

module.exports = { postMessageToThread };
