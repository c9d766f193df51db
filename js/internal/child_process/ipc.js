// The channel between a process and one that it forked: `send`, `disconnect` and the event `message`, the same
// on either side. The native half frames, writes, reads and parses: see `ops/child_process/channel.rs`.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_HANDLE_TYPE,
    ERR_IPC_CHANNEL_CLOSED,
    ERR_IPC_DISCONNECTED,
    ERR_MISSING_ARGS,
  },
  errnoException,
} = require('internal/errors');
const { beforeReallyExit } = require('internal/process/exit');
const { validateObject } = require('internal/validators');
const binding = internalBinding('child_process');

const kChannelHandle = Symbol('kChannelHandle');

// As `process._getActiveHandles()` tells of it.
Object.defineProperty(binding.ChannelHandle, 'name', { value: 'Pipe' });
const kPendingMessages = Symbol('kPendingMessages');

/** With more bytes than these waiting, `send` returns false. */
const BACKLOG = 65536 * 2;

/** How often a handle that the other side has not received is sent again. */
const MAX_RETRANSMISSIONS = 3;

const MESSAGE_TYPES = ['string', 'object', 'number', 'boolean'];

/** What a program sees of its channel: `process.channel`. */
class Control extends EventEmitter {
  #handle;
  #references = 0;
  #chosen = false;

  constructor(handle) {
    super();
    this.#handle = handle;
    this[kPendingMessages] = [];
  }

  /** One more listener wants the channel alive; counts only where `ref` and `unref` were not called. */
  refCounted() {
    if (++this.#references === 1 && !this.#chosen) this.#handle.ref();
  }

  unrefCounted() {
    if (--this.#references === 0 && !this.#chosen) {
      this.#handle.unref();
      this.emit('unref');
    }
  }

  ref() {
    this.#chosen = true;
    this.#handle.ref();
  }

  unref() {
    this.#chosen = true;
    this.#handle.unref();
  }

  get fd() {
    return this.#handle?.fd;
  }
}

/** @returns {boolean} whether a message is for the runtime itself */
function isInternal(message) {
  return message !== null && typeof message === 'object' && typeof message.cmd === 'string' &&
    message.cmd.length > 5 && message.cmd.startsWith('NODE_');
}

/** One side of a channel. */
class Channel {
  constructor(target, handle, advanced) {
    this.target = target;
    this.handle = handle;
    this.advanced = advanced;
    this.control = new Control(handle);
    /** The callbacks of messages that wait to be written, in their order. */
    this.waiting = [];
    this.closed = false;
    /** Whether the other side has closed. */
    this.ended = false;
    handle.onmessage = (message) => this.receive(message);
    handle.onsent = (count) => this.announce(count);
    handle.onend = () => this.end();
  }

  receive(message) {
    if (isInternal(message)) this.receiveInternal(message);
    else this.emitMessage('message', message, undefined);
  }

  /** Emits, or keeps for the first listener. */
  emitMessage(event, message, handle) {
    const { target } = this;
    if (event === 'message' && target.listenerCount('message') === 0) {
      this.control[kPendingMessages].push([event, message, handle]);
    } else {
      target.emit(event, message, handle);
    }
  }

  receiveInternal(message) {
    const { cmd } = message;
    if (cmd === 'NODE_HANDLE') {
      this.receiveHandle(message);
      return;
    }
    if (cmd === 'NODE_HANDLE_ACK' || cmd === 'NODE_HANDLE_NACK') this.acknowledge(cmd === 'NODE_HANDLE_ACK');
    this.target.emit('internalMessage', message, undefined);
  }

  receiveHandle(message) {
    const fd = this.handle.takeFd();
    const cmd = fd >= 0 ? 'NODE_HANDLE_ACK' : 'NODE_HANDLE_NACK';
    if (!this.closed) this.target._send({ cmd }, null, { swallowErrors: true });
    this.target.emit('internalMessage', message, undefined);
    if (fd < 0) return;
    const { receiveHandle } = require('internal/child_process/handles');
    receiveHandle(this.target, message, fd, (handle) => {
      this.emitMessage(isInternal(message.msg) ? 'internalMessage' : 'message', message.msg, handle);
    });
  }

  /** The other side has, or has not, received the handle that was sent last: what waits for that follows. */
  acknowledge(received) {
    const { target } = this;
    const pending = target._pendingMessage;
    if (pending !== null) {
      if (received) {
        this.closePending();
      } else if (pending.retransmissions++ === MAX_RETRANSMISSIONS) {
        this.closePending();
        process.emitWarning('Handle did not reach the receiving process correctly', 'SentHandleNotReceivedWarning');
      }
    }
    const queue = target._handleQueue;
    if (queue === null) return;
    target._handleQueue = null;
    if (target._pendingMessage !== null) {
      const { message, handle, options, callback } = target._pendingMessage;
      this.write(message, handle, options, callback);
      target._handleQueue ??= [];
    }
    for (const { message, handle, options, callback } of queue) {
      target._send.call(target, message, handle, options, callback);
    }
    if (queue.length > 0) this.control.unrefCounted();
    if (this.closed && target._handleQueue === null) this.close();
  }

  /** The process ends: what waits for a handle goes out right behind it. */
  flush() {
    const { target } = this;
    const queue = target._handleQueue;
    if (queue === null) return;
    for (const { message, handle, options, callback } of queue) {
      target._handleQueue = null;
      this.send(message, handle, { ...options, swallowErrors: true }, callback);
    }
  }

  closePending() {
    const { target } = this;
    target._pendingMessage.handle.close();
    target._pendingMessage = null;
  }

  /** Sends, or queues while a handle is on its way. */
  send(message, handle, options, callback) {
    const { target } = this;
    if (typeof options === 'boolean') options = { swallowErrors: options };
    let conversion;
    if (handle) {
      const { conversionOf } = require('internal/child_process/handles');
      conversion = conversionOf(handle);
      if (conversion === undefined) throw new ERR_INVALID_HANDLE_TYPE();
    }
    if (target._handleQueue !== null && (handle || !isAnswer(message))) {
      if (target._handleQueue.length === 0) this.control.refCounted();
      target._handleQueue.push({ callback, handle, options, message });
      return target._handleQueue.length === 1;
    }
    let native = handle;
    if (handle) {
      message = { cmd: 'NODE_HANDLE', type: conversion.type, msg: message };
      native = conversion.send(target, message, handle, options);
      // What has been closed meanwhile does not travel, its message does.
      if (!native) message = message.msg;
    }
    const accepted = this.write(message, native, options, callback);
    if (native) {
      target._handleQueue ??= [];
      if (!this.failed) conversion.sent?.(target, message, native, options, callback);
      else if (conversion.sent !== undefined && !options.keepOpen) native.close();
    }
    return accepted;
  }

  /** Writes a message, with a native handle or without. */
  write(message, handle, options, callback) {
    const encoded = this.advanced ? message : `${JSON.stringify(message)}`;
    const queued = this.handle.send(encoded, handle ? handle.fd : -1);
    this.failed = queued < 0;
    if (queued < 0) {
      if (!options?.swallowErrors) this.fail(errnoException(queued, 'write'), callback);
    } else if (queued > 0) {
      this.waiting.push(callback);
    } else if (typeof callback === 'function') {
      process.nextTick(callback, null);
    }
    return queued < BACKLOG;
  }

  fail(error, callback) {
    if (typeof callback === 'function') process.nextTick(callback, error);
    else process.nextTick(() => this.target.emit('error', error));
  }

  /** So many messages that had to wait have been written. */
  announce(count) {
    for (const callback of this.waiting.splice(0, count)) {
      if (typeof callback === 'function') process.nextTick(callback, null);
    }
  }

  /** The other side has closed. */
  end() {
    this.ended = true;
    if (this.closed) {
      this.close();
      return;
    }
    this.target.disconnect();
    if (this.target._closesNeeded !== undefined) require('internal/child_process/child').maybeClose(this.target);
  }

  close() {
    channels.delete(this);
    if (this.target._pendingMessage !== null) this.closePending();
    this.dropQueue();
    this.handle.close();
  }

  /** Nobody will take what waits for a handle: those who sent it are told. The handles stay theirs. */
  dropQueue() {
    const { target } = this;
    const queue = target._handleQueue;
    target._handleQueue = null;
    if (queue === null || queue.length === 0) return;
    this.control.unrefCounted();
    for (const { callback } of queue) {
      if (typeof callback === 'function') process.nextTick(callback, new ERR_IPC_CHANNEL_CLOSED());
    }
  }

  disconnect() {
    const { target } = this;
    target.channel = null;
    target[kChannelHandle] = null;
    this.closed = true;
    process.nextTick(() => {
      // What was accepted still goes out, also what waits for the handle before it.
      if (this.ended || target._handleQueue === null || target._handleQueue.length === 0) this.close();
      target.emit('disconnect');
    });
  }
}

/** The channels that are open. */
const channels = new Set();

beforeReallyExit(() => {
  for (const channel of channels) channel.flush();
});

/** @returns {boolean} whether a message says what became of a handle */
function isAnswer(message) {
  return message !== null && typeof message === 'object' &&
    (message.cmd === 'NODE_HANDLE_ACK' || message.cmd === 'NODE_HANDLE_NACK');
}

/** Gives a new listener of `message` what came before it. */
function deliverPending(target) {
  if (!target.channel || target.listenerCount('message') === 0) return;
  const pending = target.channel[kPendingMessages];
  target.channel[kPendingMessages] = [];
  for (const [event, message, handle] of pending) target.emit(event, message, handle);
}

/**
 * Gives `target` one side of a channel.
 * @param {object} target  a ChildProcess or the process
 * @param {number} fd  the descriptor, which is taken over
 * @param {'json' | 'advanced'} [serialization]
 * @returns {Control}
 */
function setupChannel(target, fd, serialization) {
  const handle = new binding.ChannelHandle();
  const advanced = serialization === 'advanced';
  const status = handle.open(fd);
  if (status < 0) throw errnoException(status, 'open');
  if (advanced) {
    const { describe, prototype, view } = require('internal/child_process/advanced');
    handle.useAdvanced(prototype, describe, view);
  }
  const control = attach(target, handle, advanced);
  handle.readStart();
  return control;
}

/** Makes an open handle the channel of `target`. */
function attach(target, handle, advanced) {
  const channel = new Channel(target, handle, advanced);
  const { control } = channel;
  channels.add(channel);
  target.channel = control;
  target[kChannelHandle] = handle;
  target._handleQueue = null;
  target._pendingMessage = null;
  target.on('newListener', () => process.nextTick(deliverPending, target));

  target.send = function(message, sentHandle, options, callback) {
    if (typeof sentHandle === 'function') {
      callback = sentHandle;
      sentHandle = undefined;
      options = undefined;
    } else if (typeof options === 'function') {
      callback = options;
      options = undefined;
    } else if (options !== undefined) {
      validateObject(options, 'options');
    }
    options = { swallowErrors: false, ...options };
    if (this.connected) return this._send(message, sentHandle, options, callback);
    channel.fail(new ERR_IPC_CHANNEL_CLOSED(), callback);
    return false;
  };
  target._send = function(message, sentHandle, options, callback) {
    if (message === undefined) throw new ERR_MISSING_ARGS('message');
    if (!MESSAGE_TYPES.includes(typeof message)) {
      throw new ERR_INVALID_ARG_TYPE('message', MESSAGE_TYPES, message);
    }
    return channel.send(message, sentHandle, options, callback);
  };
  target.connected = true;
  target.disconnect = function() {
    if (!this.connected) {
      this.emit('error', new ERR_IPC_DISCONNECTED());
      return;
    }
    this.connected = false;
    this._disconnect();
  };
  target._disconnect = () => channel.disconnect();
  return control;
}

/**
 * Opens the channel to the process that has forked this one.
 * @param {number} fd
 * @param {'json' | 'advanced'} serialization
 */
function openParentChannel(fd, serialization) {
  const control = setupChannel(process, fd, serialization);
  process[kChannelHandle].unref();
  countListeners(process, control);
}

/** Has the channel kept alive by those who listen to it. */
function countListeners(target, control) {
  const keepsAlive = (event) => event === 'message' || event === 'disconnect';
  target.on('newListener', (event) => {
    if (keepsAlive(event)) control.refCounted();
  });
  target.on('removeListener', (event) => {
    if (keepsAlive(event)) control.unrefCounted();
  });
}

/** Has the functions of this file compiled: see `internal/bootstrap/rehearsal`. */
function rehearse() {
  const noop = () => {};
  const handle = { fd: -1, send: () => 0, ref: noop, unref: noop, close: noop };
  const target = new EventEmitter();
  countListeners(target, attach(target, handle, false));
  target.on('message', noop);
  target.send('rehearsal', noop);
  handle.onmessage({ cmd: 'rehearsal' });
  target.disconnect();
}

module.exports = { kChannelHandle, openParentChannel, rehearse, setupChannel };
