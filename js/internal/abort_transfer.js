// Abort signals that are handed over to another thread: the copy there is aborted when the original is.
'use strict';

const { AbortSignal, abortSignal, createSignal } = require('web/abort_controller');
const { kDeserialize, kTransfer, kTransferable, kTransferList, kTransferMode } = require('internal/transferable');

/** The ports that go along with signals that are about to be handed over. */
const leaving = new WeakMap();

function define(key, value) {
  Object.defineProperty(AbortSignal.prototype, key, { configurable: true, writable: true, value });
}

/** Posts the reason, or the error that says why it cannot be cloned; the channel then ends. */
function postReason(port, reason) {
  try {
    port.postMessage({ reason });
  } catch (error) {
    port.postMessage({ reason: error });
  } finally {
    port.close();
  }
}

define(kTransferList, function() {
  if (this.aborted) return [];
  const { MessageChannel } = require('internal/messaging');
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  const tell = () => postReason(port1, this.reason);
  this.addEventListener('abort', tell, { once: true });
  port1.on('close', () => this.removeEventListener('abort', tell));
  leaving.set(this, port2);
  return [port2];
});

define(kTransfer, function() {
  const { aborted, reason } = this;
  const port = leaving.get(this);
  leaving.delete(this);
  return { data: { aborted, reason, port }, deserializeInfo: 'internal/abort_transfer:TransferredSignal' };
});

define(kDeserialize, function({ aborted, reason, port }) {
  if (aborted) {
    abortSignal(this, reason);
    return;
  }
  port.on('message', (message) => {
    port.close();
    abortSignal(this, message.reason);
  });
  port.unref();
});

/** What a message makes for a signal that it brings. */
function TransferredSignal() {
  return createSignal();
}

/**
 * Lets `postMessage()` hand a signal over, as often as it likes.
 * @param {AbortSignal} signal
 */
function makeTransferable(signal) {
  signal[kTransferMode] = kTransferable;
}

module.exports = { TransferredSignal, makeTransferable };
