// The `stdio` option: what each descriptor of a new process is connected to.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_SYNC_FORK_INPUT,
    ERR_IPC_ONE_PIPE,
    ERR_IPC_SYNC_FORK,
  },
} = require('internal/errors');
const { isArrayBufferView } = require('internal/util/types');

/** The strings that stand for the same choice three times. */
const CHOICES = ['ignore', 'pipe', 'overlapped', 'inherit'];

/**
 * @param {'ignore' | 'pipe' | 'overlapped' | 'inherit'} choice  for all three standard streams
 * @param {'ipc'} [channel]  to be added to them
 * @returns {Array<string | number>}
 */
function stdioOfString(choice, channel) {
  if (!CHOICES.includes(choice)) throw new ERR_INVALID_ARG_VALUE('stdio', choice);
  const stdio = choice === 'inherit' ? [0, 1, 2] : [choice, choice, choice];
  if (channel !== undefined) stdio.push(channel);
  return stdio;
}

/** @returns {object | undefined} the native handle in or behind a stream, a server or a handle */
function nativeHandle(value) {
  for (const handle of [value, value.handle, value._handle]) {
    if (handle != null && typeof handle.readStart === 'function' && handle.fd >= 0) return handle;
  }
}

/**
 * Reads the `stdio` option.
 * @param {string | Array<unknown>} stdio
 * @param {boolean} sync  for a process whose end is waited for
 * @returns {Array<{ type: 'ignore' | 'pipe' | 'overlapped' | 'fd' | 'ipc', fd?: number,
 *   readable?: boolean, stream?: object }>} a description of each descriptor; `readable` is for the new process,
 *   `stream` is what the descriptor was taken from
 */
function parseStdio(stdio, sync) {
  if (typeof stdio === 'string') stdio = stdioOfString(stdio);
  else if (!Array.isArray(stdio)) throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
  const slots = [];
  let hasChannel = false;
  for (let i = 0; i < Math.max(stdio.length, 3); i++) {
    const wish = stdio[i] ?? (i < 3 ? 'pipe' : 'ignore');
    if (wish === 'ignore') {
      slots.push({ type: 'ignore' });
    } else if (wish === 'pipe' || wish === 'overlapped' || (typeof wish === 'number' && wish < 0)) {
      slots.push({ type: wish === 'overlapped' ? 'overlapped' : 'pipe', readable: i === 0 });
    } else if (wish === 'ipc') {
      if (sync) throw new ERR_IPC_SYNC_FORK();
      if (hasChannel) throw new ERR_IPC_ONE_PIPE();
      hasChannel = true;
      slots.push({ type: 'ipc' });
    } else if (wish === 'inherit') {
      slots.push({ type: 'fd', fd: i });
    } else if (typeof wish === 'number' || typeof wish.fd === 'number') {
      slots.push({ type: 'fd', fd: typeof wish === 'number' ? wish : wish.fd });
    } else if (isArrayBufferView(wish) || typeof wish === 'string') {
      if (!sync) throw new ERR_INVALID_SYNC_FORK_INPUT(require('internal/util/inspect').inspect(wish));
    } else {
      const handle = nativeHandle(wish);
      if (handle === undefined) throw new ERR_INVALID_ARG_VALUE('stdio', stdio[i]);
      slots.push({ type: 'fd', fd: handle.fd, stream: wish });
    }
  }
  return slots;
}

module.exports = { parseStdio, stdioOfString };
